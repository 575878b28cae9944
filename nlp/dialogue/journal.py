"""Dialogue events as JSON and back, so that a call can be replayed and gone on with (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from nlp.dialogue.events import Event

_EVENTS: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="type")])


def dump_event(event: Event) -> dict[str, Any]:
    """The event as plain JSON values."""
    # An order's fields are a read-only mapping view, which the fallback turns into a dict;
    # the warning would only say so.
    body = _EVENTS.dump_python(event, mode="json", fallback=dict, warnings=False)
    return dict(body)


def load_event(body: Mapping[str, Any]) -> Event:
    """The inverse of `dump_event`.

    Raises:
        pydantic.ValidationError: the JSON is not of an event that this version knows.
    """
    return _EVENTS.validate_python(dict(body))
