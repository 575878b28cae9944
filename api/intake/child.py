"""The process that opens one part; bytes in on standard input.

`python -m api.intake.child INDEX KIND` reads it: JSON out.
`python -m api.intake.child show KIND PAGE LEFT TOP RIGHT BOTTOM TURN WIDTH` shows it: PNG out.

It imports little, for every part of every mail starts it once.
"""

from __future__ import annotations

import resource
import sys

import orjson

from api.intake import limits
from api.intake.limits import Refused
from api.intake.readers import reader

#: The exit code of a part that is refused; its reason is printed.
REFUSED = 3


def _bound() -> None:
    """Bounds this process: memory, CPU seconds, no files."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.READER_MEMORY, limits.READER_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.READER_CPU_S, limits.READER_CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """Reads or shows one part from standard input."""
    _bound()
    data = sys.stdin.buffer.read()
    try:
        answer = _shown(data, *sys.argv[2:]) if sys.argv[1] == "show" else _read(data)
    except Refused as error:
        sys.stdout.write(error.reason.value)
        return REFUSED
    sys.stdout.buffer.write(answer)
    return 0


def _read(data: bytes) -> bytes:
    return orjson.dumps(reader(sys.argv[2])(int(sys.argv[1]), data))


def _shown(data: bytes, kind: str, page: str, *numbers: str) -> bytes:
    # Imported when needed: readers of text start without it.
    from api.intake.readers.showing import show  # noqa: PLC0415

    *edges, turn, width = numbers
    left, top, right, bottom = map(float, edges)
    return show(kind, data, int(page), (left, top, right, bottom), int(turn), int(width))


if __name__ == "__main__":
    sys.exit(main())
