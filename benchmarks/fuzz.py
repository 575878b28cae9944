"""Fuzzes a parser of what the outside sends, guided by its coverage, until it breaks.

    python -m benchmarks.fuzz TARGET [libFuzzer's own options, such as -max_total_time=600]

needs atheris, which is in no lock file. Targets and the shape of what they are given are those of
`benchmarks/fuzz_targets.py`; the suite runs the same ones with Hypothesis alone
(`tests/unit/test_fuzz.py`).
"""

from __future__ import annotations

import sys

import atheris
from hypothesis import given, settings

with atheris.instrument_imports(include=["api.twilio_api", "models", "voice"]):
    from benchmarks.fuzz_targets import SOURCES, TARGETS


def main() -> None:
    """Fuzzes one target until it breaks or its time is over."""
    name, *options = sys.argv[1:]

    @settings(database=None, deadline=None)
    @given(SOURCES[name])
    def fuzz(data: bytes) -> None:
        TARGETS[name](data)

    atheris.Setup([sys.argv[0], *options], fuzz.hypothesis.fuzz_one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
