"""Fuzzes a parser of what the outside sends, guided by its coverage, until it breaks.

    python -m benchmarks.fuzz TARGET [libFuzzer's own options, such as -max_total_time=600]

needs atheris, which is in no lock file. Targets: `benchmarks/fuzz_targets.py`. The suite runs the
same ones with Hypothesis (`tests/unit/test_fuzz.py`).
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["api", "models", "voice"]):
    from benchmarks.fuzz_targets import TARGETS


def main() -> None:
    """Fuzzes one target until it breaks or its time is over."""
    name, *options = sys.argv[1:]
    atheris.Setup([sys.argv[0], *options], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
