"""A practice call's hands: what is said is kept, apart from the desk's calls."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from models.call import Disposition, Lang, Speaker, Turn
from models.errors import ExternalError
from models.fields import Value
from models.order import Order
from models.store import Store
from nlp.dialogue.actions import Action
from nlp.dialogue.events import CallBegan, CallerSpoke, Event
from voice.effects import Began

log = structlog.get_logger(__name__)

#: The session's sides, as they are in practice: the machine calls, the clerk answers.
_SWAPPED: dict[Speaker, Speaker] = {"assistant": "caller", "caller": "clerk"}


class TrainingEffects:
    """What `Effects` is for a customer's call. Every method blocks and belongs in a thread.

    Args:
        wall: the desk's local clock.
        recording: where the call's recording is kept.
    """

    def __init__(
        self,
        *,
        store: Store,
        sid: str,
        lang: Lang,
        wall: Callable[[], datetime],
        recording: str,
    ) -> None:
        self._store = store
        self._sid = sid
        self._lang = lang
        self._wall = wall
        self._recording = recording
        self._writing = threading.Lock()
        self._turns: dict[int, Turn] = {}
        self._values: dict[int, dict[str, Value]] = {}

    def begin(self) -> Began:
        """The call begins; there is no order but the clerk's form."""
        order = Order(id=self._sid, call_sid=self._sid)
        return Began(event=CallBegan(at=self._wall(), order=order, lang=self._lang), turns=0)

    def carry_out(self, event: Event, actions: Sequence[Action]) -> list[Event]:
        """Notes which values the clerk said; the customer's actions ask for nothing else."""
        if isinstance(event, CallerSpoke) and event.utterance.turn is not None:
            index = event.utterance.turn
            with self._writing:
                self._values[index] = {one.name: one.value for one in event.understanding.fields}
                if index in self._turns:
                    self._keep(self._turns[index])
        return []

    def put_turn(self, turn: Turn) -> None:
        """Keeps one turn of the transcript, new or changed."""
        with self._writing:
            self._turns[turn.index] = turn
            self._keep(turn)

    def _keep(self, turn: Turn) -> None:
        if turn.speaker == "caller":
            turn = replace(turn, values=self._values.get(turn.index, {}))
        with self._store.unit() as uow:
            uow.trainings.put_turn(
                self._sid, replace(turn, speaker=_SWAPPED.get(turn.speaker, turn.speaker))
            )
            uow.commit()

    def end(self, disposition: Disposition) -> None:
        """The customer hangs up; `settle` keeps it, as it does where the clerk hung up."""

    def settle(self) -> bool:
        """Keeps that the call is over."""
        try:
            with self._store.unit() as uow:
                uow.trainings.end(self._sid, at=self._wall(), recording=self._recording)
                uow.commit()
        except ExternalError as error:
            log.error("training end lost", call=self._sid, error=type(error).__name__)
            return False
        return True
