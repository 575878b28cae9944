"""Does what was understood so far answer the question?

Wording alone rarely tells that an answer is finished; its meaning often does.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from nlp.dialogue.slots import SLOTS
from nlp.meaning import Expectation, HeardField, Understanding, Understands, Utterance
from voice.ports import Hypothesis


class Meanings:
    """One call's understanding. Any thread may ask; blocking.

    The last meaning is kept: an early reading mostly is the turn's, so it is understood while
    the endpointer still waits.
    """

    def __init__(self, understander: Understands) -> None:
        self._understander = understander
        self._lock = threading.Lock()
        self._last: tuple[Utterance, Expectation, Understanding] | None = None

    def of(self, found: Sequence[Hypothesis], expectation: Expectation) -> Understanding:
        """The meaning of hypotheses, of which there is one at least."""
        utterance = as_utterance(found, expectation)
        with self._lock:
            if self._last is None or self._last[:2] != (utterance, expectation):
                meaning = self._understander.understand(utterance, expectation)
                self._last = (utterance, expectation, meaning)
            return self._last[2]

    def answer(self, found: Sequence[Hypothesis], expectation: Expectation) -> bool:
        """Whether the hypotheses answer what was asked."""
        return answers(self.of(found, expectation), expectation)


#: Answered in the caller's own words, of any length.
_FREE_TEXT = frozenset({"remarks"})
#: "From two": to when?
_MAY_END = frozenset({"pickup", "pickup_start"})


def as_utterance(found: Sequence[Hypothesis], expectation: Expectation) -> Utterance:
    """Hypotheses, at least one, for understanding; without a place in the call."""
    best = found[0]
    return Utterance(
        text=best.text,
        alternatives=tuple(other.text for other in found[1:]),
        lang=best.lang or expectation.lang,
        confidence=best.confidence,
        words=best.words,
    )


def answers(meaning: Understanding, expectation: Expectation) -> bool:
    """Whether every value that the question needs is there."""
    slot = expectation.slot
    if slot is None or slot in _FREE_TEXT or meaning.ambiguities:
        return False
    needed = {*SLOTS[slot].needs} if slot in SLOTS else {slot}
    if slot in _MAY_END:
        needed.add("pickup_end")
    return needed <= {heard.name for heard in meaning.fields if _whole(heard)}


def _whole(heard: HeardField) -> bool:
    """A street is no address before its number."""
    if not heard.name.endswith(".detail"):
        return True
    return any(char.isdigit() for char in str(heard.value))
