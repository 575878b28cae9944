"""Reads a part in a process of its own, whose memory and time are bounded.

What strangers send is opened by parsers in C; one that breaks or swells takes no call with it.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import orjson
import structlog

from api.intake import limits
from api.intake.child import REFUSED
from api.intake.limits import Refusal
from nlp.written.source import Part, part_from

log = structlog.get_logger(__name__)


def read(index: int, kind: str, data: bytes, name: str = "") -> Part:
    """The part as its reader sees it; one that cannot be read says why in `refused`."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "api.intake.child", str(index), kind],
            input=data,
            capture_output=True,
            timeout=limits.READER_WALL_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return refused(index, kind, name, Refusal.TOOK_TOO_LONG)
    if done.returncode == 0:
        return replace(part_from(orjson.loads(done.stdout)), name=name)
    if done.returncode == REFUSED:
        return refused(index, kind, name, Refusal(done.stdout.decode("ascii")))
    # Nothing of the reader's own words is kept: they may hold what the mail says.
    log.warning("part_not_read", kind=kind, code=done.returncode)
    killed = done.returncode < 0
    return refused(index, kind, name, Refusal.TOOK_TOO_LONG if killed else Refusal.BROKEN)


def refused(index: int, kind: str, name: str, reason: Refusal) -> Part:
    """A part that is not read."""
    return Part(index=index, kind=kind, name=name, refused=reason.value)
