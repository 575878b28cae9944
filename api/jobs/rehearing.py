"""A finished call's recording is heard again, more carefully, when the machine has time.

Each turn is a step of its own: a slower reading of the same seconds, understood with what was
asked then. What it gives is kept beside the turn; the order stays as it is.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from pydantic import ValidationError

from api.jobs.answers import AGAIN, DONE, USELESS
from api.jobs.overlooked import Overlooked
from api.vault.recordings import Vault, began, begins_at
from models import desk
from models.errors import ExternalError, IntakeError, NotFound
from models.fields import Value
from models.store import Store
from nlp.dialogue.journal import load_event
from nlp.dialogue.prompts import Prompts
from nlp.dialogue.settings import DialogueSettings
from nlp.meaning import Understands
from nlp.rehearing import Asked, alike, asked, doubts, part_of, turned_round
from voice.answers import as_utterance
from voice.excerpt import caller_between
from voice.ports import Hypothesis, Recognizer

log = structlog.get_logger(__name__)

#: Heard before and after a turn's speech, so that no syllable is cut.
_MARGIN_MS = 300
#: Work that waits for each core, above which a machine has no time, as the kernel counts it.
_BUSY = 0.5
#: How far the hearing steps back behind everything else of the machine.
_NICE = 15


@dataclass(frozen=True, slots=True)
class SecondEar:
    """What a second hearing needs.

    Attributes:
        engine: makes the slower recogniser, which is let go of after each call.
        understander: gives the understanding that calls use.
        settings: the dialogue's settings of this installation.
        has_time: whether nothing more important is under way here.
    """

    engine: Callable[[], Recognizer]
    understander: Callable[[], Understands]
    settings: DialogueSettings
    has_time: Callable[[], bool]


def idle(calls: Callable[[], int] = lambda: 0) -> bool:
    """Whether this process serves no call and its machine has little to do."""
    return calls() == 0 and os.getloadavg()[0] < _BUSY * len(os.sched_getaffinity(0))


class Rehearing:
    """The steps. Each blocks, may be done again, and answers in a word."""

    def __init__(
        self, store: Store, vault: Vault, ear: SecondEar, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._vault = vault
        self._ear = ear
        self._now = now
        self._overlooked = Overlooked(store, vault, now)
        self._alone = threading.Lock()
        self._thread = ThreadPoolExecutor(1, "second-hearing", initializer=_step_back)
        self._engine: Recognizer | None = None
        self._prompts = Prompts.load()

    def turns(self, row_id: int) -> list[int]:
        """The turns of the recording that are to be heard again.

        Where the assistant had left, nothing was asked, and only what nobody wrote down is heard.
        """
        try:
            sid, name = self._of(row_id)
            if begins_at(name) is not None:
                return self._overlooked.missing(sid, name)
            return [one.turn for one in self._asked(row_id) if one.spoke.utterance.ended_ms > 0]
        except NotFound:
            return []

    def hear(self, row_id: int, turn: int) -> str:
        """Hears a turn again, unless the machine has no time now."""
        if not self._ear.has_time() or not self._alone.acquire(blocking=False):
            return AGAIN
        try:
            return self._thread.submit(self._hear, row_id, turn).result()
        except NotFound:
            return USELESS  # its period is over, or its recording is
        except IntakeError as error:
            log.warning("not_heard_again", error=type(error).__name__)
            return AGAIN if error.retryable else USELESS
        finally:
            self._alone.release()

    def let_go(self) -> None:
        """Gives the recogniser's memory back; the next call loads it again."""
        self._engine = None

    def _hear(self, row_id: int, turn: int) -> str:
        sid, name = self._of(row_id)
        if begins_at(name) is not None:
            self._overlooked.write_down(sid, name, turn, self._loaded())
            return DONE
        one = next((one for one in self._asked(row_id) if one.turn == turn), None)
        if one is None:
            return USELESS
        said = one.spoke.utterance
        with self._vault.open(name) as file:
            pcm = caller_between(file, said.started_ms - _MARGIN_MS, said.ended_ms + _MARGIN_MS)
        stream = self._loaded().open(one.expectation)
        stream.feed(pcm)
        self._keep(sid, one, [found for found in stream.finish() if found.text.strip()])
        return DONE

    def _loaded(self) -> Recognizer:
        if self._engine is None:
            self._engine = self._ear.engine()
        return self._engine

    def _keep(self, sid: str, one: Asked, found: Sequence[Hypothesis]) -> None:
        text = found[0].text if found else None
        same = text is not None and alike(text, one.spoke.utterance.text)
        with self._store.unit() as uow:
            if one.turn not in uow.calls.turns_of(sid):
                raise NotFound("The turn is not kept any more.")
            order = desk.order_of_call(uow, sid)
            now = order.values() if order is not None else {}
            desk.note_second_hearing(
                uow,
                sid,
                one.turn,
                text=text,
                confidence=found[0].confidence if found else None,
                same=same,
                doubts={} if same or order is None else self._doubts(one, found, now),
                engine=self._engine.name if self._engine is not None else "",
                at=self._now(),
            )
            uow.commit()

    def _doubts(
        self, one: Asked, found: Sequence[Hypothesis], now: dict[str, Value]
    ) -> dict[str, Value]:
        if not found:
            return {}
        utterance = as_utterance(found, one.expectation)
        second = self._ear.understander().understand(utterance, one.expectation)
        turned = turned_round(one.spoke.understanding, second)
        marks: dict[str, Value] = {desk.POLARITY: second.polarity or ""} if turned else {}
        return {**marks, **doubts(one.spoke.understanding, second, now)}

    def _of(self, row_id: int) -> tuple[str, str]:
        with self._store.reading() as uow:
            wanted = uow.outbox.effect(row_id).payload
        return str(wanted["call_sid"]), str(wanted["recording"])

    def _asked(self, row_id: int) -> list[Asked]:
        """The caller's turns in the recording, with what was asked."""
        sid, name = self._of(row_id)
        zone: ZoneInfo = self._store.zone
        with self._store.reading() as uow:
            rows = uow.calls.events(sid)
        try:
            events = [load_event(row.body) for row in rows]
        except ValidationError:
            return []  # from before an update that changed what events hold
        part = part_of(events, began(name, zone))
        return list(asked(part, settings=self._ear.settings, prompts=self._prompts))


def _step_back() -> None:
    """Gives this thread, and those of the engine that it loads, less of the processor."""
    try:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
    except OSError as error:
        raise ExternalError("The second hearing cannot step back.") from error
