"""What admins may choose about the talk and the office, and within which bounds (pure)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from models import office
from models.errors import RuleError

#: Name to least and most; a whole number unless the bounds are not.
NUMBERS: Mapping[str, tuple[float, float]] = {
    "check_below": (0.0, 1.0),
    "echo_at_most": (0, 10),
    "unsure_at_most": (0, 10),
    "tries_per_rung": (1, 3),
    "hand_over_after": (3, 50),
    "earned_back": (0, 10),
    "hang_up_after": (1, 10),
    "notice_plays": (1, 10),
}
SWITCHES = ("accept_unknown",)
#: Slots that are asked for, in this order.
LISTS = ("required", "optional")
#: How a slot may be asked for.
REQUIRED, OPTIONAL, NEVER = "required", "optional", "never"
#: An order without these is none, whatever somebody wishes.
ALWAYS = ("mode", "origin", "destination", "goods")


class BadChoice(RuleError):
    """A choice is out of bounds; the message says which."""


def check(values: Mapping[str, Any], slots: Collection[str]) -> dict[str, Any]:
    """The choices about the talk in their one form; the office's are left out.

    Args:
        slots: what can be asked for.

    Raises:
        BadChoice: a number out of its bounds, an unknown slot, or one that must be asked left out.
    """
    for name, (least, most) in NUMBERS.items():
        if name in values and not least <= values[name] <= most:
            raise BadChoice("A number is out of its bounds.")
    required, optional = (tuple(values.get(name, ())) for name in LISTS)
    if not set(required) | set(optional) <= set(slots):
        raise BadChoice("There is no such slot.")
    if "required" in values and not set(ALWAYS) <= set(required):
        raise BadChoice("Mode, places and goods are always asked for.")
    if {"earned_back", "hand_over_after"} <= values.keys() and (
        values["earned_back"] >= values["hand_over_after"]
    ):
        raise BadChoice("A turn that works must not make up for all failed turns.")
    optional = tuple(slot for slot in optional if slot not in required)
    known = {*NUMBERS, *SWITCHES}
    kept = {name: value for name, value in values.items() if name in known}
    lists = {"required": list(required), "optional": list(optional)}
    return {**kept, **{name: lists[name] for name in LISTS if name in values}}


def check_office(
    values: Mapping[str, Any], own: Mapping[str, Any], *, link_hours: float
) -> dict[str, Any]:
    """The choices about the office in their one form.

    Args:
        own: the installation's own, which stand where nothing is chosen.
        link_hours: how long a signing link is valid, hours.

    Raises:
        RuleError: one of them, or how they go together, makes no sense.
    """
    whole = {name: values.get(name, own[name]) for name in own}
    written = office.stored(whole)
    remind = office.parse_remind(written["remind_hours"])
    if "remind_hours" in values and remind and remind[-1] >= link_hours:
        raise BadChoice("A reminder would come after the link has run out.")
    return {name: written[name] for name in own if name in values}
