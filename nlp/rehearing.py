"""A call heard a second time: what was asked at each turn, and where the readings differ (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from models.fields import FIELDS, Value
from nlp.dialogue.actions import Listen
from nlp.dialogue.events import CallBegan, CallerSpoke, Event
from nlp.dialogue.policy import Dialogue
from nlp.dialogue.prompts import Prompts
from nlp.dialogue.settings import DialogueSettings
from nlp.dialogue.states import RefusedEvent
from nlp.meaning import Expectation, Understanding
from nlp.phonetics import syllables

#: A recording is begun so long before its part of the call at most.
_APART = timedelta(seconds=60)
#: What a second reading is not asked about: the caller declares it to a question of its own.
_ASKED_APART = frozenset({"dangerous"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A turn of the caller as the dialogue took it, and what was expected of it."""

    spoke: CallerSpoke
    expectation: Expectation

    @property
    def turn(self) -> int:
        """The turn's index in the call."""
        return self.spoke.utterance.turn or 0


def part_of(events: Sequence[Event], began: datetime) -> Sequence[Event]:
    """The events between one connection of the line and the next, by when its recording began.

    A line that broke begins its times anew, and has a recording of its own.
    """
    parts = list(_parts(events))
    near = [part for part in parts if abs(part[0].at - began) <= _APART]
    return min(near, key=lambda part: abs(part[0].at - began), default=())


def _parts(events: Sequence[Event]) -> Iterator[Sequence[Event]]:
    starts = [place for place, event in enumerate(events) if isinstance(event, CallBegan)]
    for start, end in pairwise([*starts, len(events)]):
        yield events[start:end]


def asked(
    events: Iterable[Event], *, settings: DialogueSettings, prompts: Prompts
) -> Iterator[Asked]:
    """Each turn with what was asked, up to the first event that the rules of today refuse."""
    dialogue = Dialogue(settings=settings, prompts=prompts)
    listen: Listen | None = None
    for event in events:
        if isinstance(event, CallerSpoke) and event.utterance.turn is not None:
            expectation = listen.expectation if listen else Expectation(now=event.at)
            yield Asked(event, replace(expectation, now=event.at))
        try:
            actions = dialogue.handle(event)
        except RefusedEvent:
            return
        listen = next((one for one in reversed(actions) if isinstance(one, Listen)), listen)


def alike(first: str, second: str) -> bool:
    """Whether two readings sound the same, whichever characters they are written in."""
    return _sound(first) == _sound(second)


def doubts(
    first: Understanding, second: Understanding, now: Mapping[str, Value]
) -> dict[str, Value]:
    """Values of the second reading that the order would have by it, and has not.

    A value that was corrected later in the call is no doubt, nor is one that only the first
    reading gives.

    Args:
        now: the order's values as they are.
    """
    before, after = _values(first), _values(second)
    found: dict[str, Value] = {}
    for name, value in after.items():
        only_now = name not in before and name not in now
        kept = name in before and now.get(name) == before[name] != value
        if name not in _ASKED_APART and (only_now or kept):
            found[name] = value
    return found


def turned_round(first: Understanding, second: Understanding) -> bool:
    """Whether a yes was heard as a no, or the other way round."""
    said = {first.polarity, second.polarity}
    return said == {"yes", "no"}


def _sound(text: str) -> tuple[str, ...]:
    return tuple(syllables("".join(char for char in text.casefold() if char.isalnum())))


def _values(meaning: Understanding) -> dict[str, Value]:
    return {heard.name: heard.value for heard in meaning.fields if heard.name in FIELDS}
