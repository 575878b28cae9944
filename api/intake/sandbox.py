"""Reads or shows a part in a process of its own, whose memory and time are bounded.

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
from api.intake.limits import Refusal, Refused
from nlp.written.source import Box, Part, part_from

log = structlog.get_logger(__name__)


def read(index: int, kind: str, data: bytes, name: str = "") -> Part:
    """The part as its reader sees it; one that cannot be read says why in `refused`."""
    try:
        return replace(part_from(orjson.loads(_child(kind, data, str(index), kind))), name=name)
    except Refused as error:
        return refused(index, kind, name, error.reason)


def show(kind: str, data: bytes, page: int, box: Box, turn: int, width: int) -> bytes:
    """A piece of a page as PNG (`api.intake.readers.showing.show`).

    Raises:
        Refused: there is no such page, or it cannot be shown.
    """
    given = (kind, page, *(f"{edge:.5f}" for edge in box), turn, width)
    return _child(kind, data, "show", *map(str, given))


def _child(kind: str, data: bytes, *arguments: str) -> bytes:
    """What a process of its own makes of the bytes.

    Raises:
        Refused: it refused them, broke, or took too much.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", "api.intake.child", *arguments],
            input=data,
            capture_output=True,
            timeout=limits.READER_WALL_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Refused(Refusal.TOOK_TOO_LONG) from error
    if done.returncode == 0:
        return done.stdout
    if done.returncode == REFUSED:
        raise Refused(Refusal(done.stdout.decode("ascii")))
    # Nothing of the reader's own words is kept: they may hold what the mail says.
    log.warning("part_not_read", kind=kind, code=done.returncode)
    killed = done.returncode < 0
    raise Refused(Refusal.TOOK_TOO_LONG if killed else Refusal.BROKEN)


def refused(index: int, kind: str, name: str, reason: Refusal) -> Part:
    """A part that is not read."""
    return Part(index=index, kind=kind, name=name, refused=reason.value)
