"""What a simulated caller has heard of its order, and what of it is wrong."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from models.fields import Value
from nlp.dialogue.slots import fields_of, slot_of
from nlp.simulation.behaviour import Behaviour, Goal, Said
from nlp.simulation.ear import alike
from nlp.simulation.questions import ASKS, topic

#: Filled by the assistant from the calling number or the records.
_NOT_MINE = frozenset({"contact.phone", "customer.account"})


class Notes:
    """One caller's memory of what was said.

    Args:
        goal: what is to be ordered; replaced by a change of mind.
    """

    def __init__(self, goal: Goal, behaviour: Behaviour, rng: random.Random) -> None:
        self.goal = goal
        self._behaviour = behaviour
        self._rng = rng
        self._read: dict[str, Value] = {}
        self._left: frozenset[str] = frozenset()
        self._asked: set[str] = set()

    def listen(self, said: Sequence[Said]) -> list[str]:
        """Listens to values; those that are not as wanted."""
        wrong: dict[str, None] = {}
        for one in said:
            if topic(one.key) == "check":
                # A straight question is answered, whoever may listen to the recording later.
                self._left -= one.values.keys()
                # It also is what is heard last of a value that was read before.
                self._read |= {n: v for n, v in one.values.items() if n in self._read}
            head, _, about = one.key.partition(".")
            if head in ASKS:
                self._asked = {*fields_of(about)}
            if one.key == "removed":
                # Only what was asked about is taken out; other mistakes are still remembered.
                self._read = {n: v for n, v in self._read.items() if n not in self._asked}
            if one.key.startswith("unsure."):
                # Told that a colleague listens to the recording, nobody goes on about it.
                self._left |= {*fields_of(one.key.partition(".")[2])}
            if one.key != "echo" or self._rng.random() >= self._behaviour.waits:
                wrong |= dict.fromkeys(self.wrong_in(one))
            if one.order_version is not None:
                self._hear(one.values)
        return list(wrong)

    def wrong_in(self, one: Said) -> list[str]:
        """What is read wrong; a usual value offered and the link's number are questions."""
        if topic(one.key) == "offer":
            return []
        values = {name: value for name, value in one.values.items() if name != "mobile"}
        return [name for name, value in values.items() if not self.fits(name, value)]

    def fits(self, name: str, value: Value) -> bool:
        """Whether a value is what the caller wants, as far as one can hear."""
        if name == "dangerous":
            return alike(value, self.goal.dangerous)
        if name in self._left:
            return True
        if name not in self.goal.values:
            return name in _NOT_MINE
        return alike(value, self.goal.values[name])

    def still_wrong(self) -> list[str]:
        """What was read wrong, and not read right since."""
        return [name for name, value in self._read.items() if not self.fits(name, value)]

    def unread(self) -> list[str]:
        """What the caller wants and has not heard read back."""
        settled = {*self._read, *self._left, *_NOT_MINE}
        return [name for name in self.goal.values if name not in settled]

    def _hear(self, values: Mapping[str, Value]) -> None:
        """A slot that is read again holds what is said now, and no more."""
        again = {name for told in values for name in fields_of(slot_of(told).name)}
        self._read = {n: v for n, v in self._read.items() if n not in again} | dict(values)
