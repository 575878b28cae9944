"""A fax's bytes: what stands on its pages, read in a process of its own."""

from __future__ import annotations

from api.intake import kinds, sandbox
from api.intake.limits import Refusal, Refused
from nlp.written.source import Part

_PAGES = frozenset({"pdf", "picture"})


def parts(data: bytes, name: str = "") -> tuple[Part, ...]:
    """The fax as its reader sees it; one that cannot be read says why in `refused`."""
    try:
        kind = kinds.kind_of(data)
        if kind not in _PAGES:
            raise Refused(Refusal.UNKNOWN)
    except Refused as error:
        return (sandbox.refused(0, "", name, error.reason),)
    return (sandbox.read(0, kind, data, name),)
