"""The audit log's chain: each entry's hash covers the one before (pure)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

#: What the first entry follows.
GENESIS = "0" * 64
#: Somebody heard a call's recording.
HEARD = "recording.play"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Who did or saw what.

    Attributes:
        seq: from 1, without gaps.
        who: a login name, `cli`, or `-` for somebody unknown.
        action: such as `login`, `order.view`, `order.change`.
        subject: what it was done to, such as `order:ID`.
        digest: see `digest`; empty until it is made.
    """

    seq: int
    at: datetime
    who: str
    action: str
    subject: str
    detail: Mapping[str, Any]
    previous: str
    digest: str = ""


def digest(entry: Entry) -> str:
    """SHA-256 (hex) of an entry's canonical JSON: all of it but its own hash."""
    at = entry.at.astimezone(UTC).isoformat()
    what = (entry.who, entry.action, entry.subject, dict(entry.detail), entry.previous)
    parts = [entry.seq, at, *what]
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def first_fault(entries: Iterable[Entry]) -> str | None:
    """What is wrong with a log from its beginning on; None when nothing is."""
    previous, expected = GENESIS, 1
    for entry in entries:
        if entry.seq != expected:
            return f"Entry {expected} is missing."
        if entry.previous != previous:
            return f"Entry {entry.seq} does not follow the entry before it."
        if entry.digest != digest(entry):
            return f"Entry {entry.seq} was changed."
        previous, expected = entry.digest, expected + 1
    return None
