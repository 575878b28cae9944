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
    """

    seq: int
    at: datetime
    who: str
    action: str
    subject: str
    detail: Mapping[str, Any]
    previous: str
    digest: str


def digest(
    *,
    seq: int,
    at: datetime,
    who: str,
    action: str,
    subject: str,
    detail: Mapping[str, Any],
    previous: str,
) -> str:
    """SHA-256 (hex) of an entry's canonical JSON, the hash before it included."""
    parts = [seq, at.astimezone(UTC).isoformat(), who, action, subject, dict(detail), previous]
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
        if entry.digest != _digest_of(entry):
            return f"Entry {entry.seq} was changed."
        previous, expected = entry.digest, expected + 1
    return None


def _digest_of(entry: Entry) -> str:
    return digest(
        seq=entry.seq,
        at=entry.at,
        who=entry.who,
        action=entry.action,
        subject=entry.subject,
        detail=entry.detail,
        previous=entry.previous,
    )
