"""How long each kind of data is kept, and what is to be deleted now (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from models.errors import RuleError


class Kind(StrEnum):
    """A kind of data with a period of its own.

    `recordings`: the sound of calls. `transcripts`: what was said in writing, and the events of
    the dialogue. `messages`: text messages. `personal`: names, numbers and addresses in orders,
    and callers' numbers. `notices`: signatures, signed documents, signing links and what happened
    at them. `training`: clerks' practice calls, their forms and scores, with the sound; their
        answers to the course.
    """

    RECORDINGS = "recordings"
    TRANSCRIPTS = "transcripts"
    MESSAGES = "messages"
    PERSONAL = "personal"
    NOTICES = "notices"
    TRAINING = "training"


#: The order's fields that tell of a person; what is left tells of goods, towns and companies.
PERSONAL_FIELDS = frozenset(
    {
        "contact.name",
        "contact.phone",
        "consignor.name",
        "consignor.phone",
        "consignee.name",
        "consignee.phone",
        "origin.detail",
        "destination.detail",
        "remarks",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something that is deleted as a whole.

    Attributes:
        subject: what it is of, such as `call:SID`, `order:ID` or `message:SID`.
        since: when its period began.
        keys: everything whose hold keeps it: its call, its order, its customer.
    """

    kind: Kind
    subject: str
    since: datetime
    keys: frozenset[str]


def due_at(item: Item, periods: Mapping[Kind, timedelta]) -> datetime:
    """When an item's period ends."""
    return item.since + periods[item.kind]


def held(item: Item, holds: frozenset[str]) -> bool:
    """Whether a legal hold keeps an item."""
    return not holds.isdisjoint({item.subject, *item.keys})


def plan(
    items: Iterable[Item],
    *,
    periods: Mapping[Kind, timedelta],
    holds: frozenset[str],
    now: datetime,
) -> list[Item]:
    """What is to be deleted now: everything whose period is over and that nothing holds."""
    return [item for item in items if due_at(item, periods) <= now and not held(item, holds)]


class NotHeld(RuleError):
    """A hold that cannot be placed."""
