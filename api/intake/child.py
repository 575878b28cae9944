"""The process that reads one part: `python -m api.intake.child INDEX KIND`, bytes in, JSON out.

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
    """Reads one part from standard input and prints it as JSON."""
    index, kind = int(sys.argv[1]), sys.argv[2]
    _bound()
    data = sys.stdin.buffer.read()
    try:
        part = reader(kind)(index, data)
    except Refused as error:
        sys.stdout.write(error.reason.value)
        return REFUSED
    sys.stdout.buffer.write(orjson.dumps(part))
    return 0


if __name__ == "__main__":
    sys.exit(main())
