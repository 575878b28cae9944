"""What in a running call a clerk should look at (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from models.call import Call
from models.order import Order

#: Recognition below this is a guess; so many of the caller's last turns are looked at.
_UNSURE, _LAST_TURNS = 0.6, 3
#: A pause this long is nobody's thinking.
_SILENCE = timedelta(seconds=15)


#: So often asking for a person, or not being understood of late, is one time too many.
_TOO_OFTEN = 2


class Alarm(StrEnum):
    """Why a call wants a look."""

    DANGEROUS = "dangerous"
    ANGRY = "angry"
    LOST = "lost"
    UNSURE = "unsure"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    """What the dialogue made of the caller's words, counted.

    Attributes:
        abuses: turns that insulted the assistant.
        demands: turns that asked for a person.
        not_understood: of the caller's last three turns, those without words or meaning.
    """

    abuses: int = 0
    demands: int = 0
    not_understood: int = 0


#: How many of the caller's last turns `Mood.not_understood` looks at.
LATELY = 3


def alarms(
    call: Call, order: Order | None, now: datetime, mood: Mood = Mood()
) -> tuple[Alarm, ...]:
    """What is alarming about a call in progress, the worst first."""
    found = {
        Alarm.DANGEROUS: order is not None and bool(order.value("dangerous")),
        Alarm.ANGRY: mood.abuses > 0 or mood.demands >= _TOO_OFTEN,
        Alarm.LOST: mood.not_understood >= _TOO_OFTEN,
        Alarm.UNSURE: _hard_to_hear(call),
        Alarm.SILENCE: not _speaking(call) and silent(call.started_at, _last_ms(call), now),
    }
    return tuple(alarm for alarm, there in found.items() if there)


def silent(started_at: datetime, last_ms: int, now: datetime) -> bool:
    """Whether nothing was said for long, the last thing having ended at `last_ms`."""
    return now - started_at - timedelta(milliseconds=last_ms) > _SILENCE


def _hard_to_hear(call: Call) -> bool:
    sure = [t.confidence for t in call.turns if t.speaker == "caller" and t.confidence is not None]
    return any(confidence < _UNSURE for confidence in sure[-_LAST_TURNS:])


def _speaking(call: Call) -> bool:
    return bool(call.turns) and call.turns[-1].ended_ms is None


def _last_ms(call: Call) -> int:
    return max((t.ended_ms or t.started_ms for t in call.turns), default=0)
