"""Practice calls: a simulated customer on the other side of the telephone in the browser."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog

from api.vault.recordings import Vault
from models.call import Lang
from models.errors import ExternalError
from models.store import Store
from nlp.dialogue.actions import Say
from nlp.training.customer import Customer
from nlp.training.scenario import Lesson, lesson
from nlp.training.talk import PROMPT, TrainingTalk
from nlp.verbalize import clauses
from voice.guarded_recording import GuardedRecorder
from voice.ports import CallLeg, Synthesizer
from voice.recording import Recorder
from voice.session import CallSession, Engines
from voice.synthesizers.noisy import NoisySynthesizer
from voice.training import TrainingEffects

log = structlog.get_logger(__name__)

#: Said while the customer's answer takes its time.
_BRIDGES: dict[Lang, str] = {"zh": "嗯……", "en": "Well..."}


class TrainingRoom:
    """Serves practice calls in a process that talks on the telephone.

    Args:
        voice: makes a customer's voice by its name and language. A voice holds weights of its
            own, so it is made when it is first needed, and kept.
    """

    def __init__(
        self,
        store: Store,
        vault: Vault,
        now: Callable[[], datetime],
        voice: Callable[[str, Lang], Synthesizer],
    ) -> None:
        self._store = store
        self._vault = vault
        self._now = now
        self._voice = voice
        self._voices: dict[str, Synthesizer] = {}

    async def serve(self, leg: CallLeg, engines: Engines) -> None:
        """Plays the customer of the practice call on this leg until it is over."""
        began = self._now()
        one = await asyncio.to_thread(self._lesson, leg.call_sid, began)
        voice = await asyncio.to_thread(self._voice_of, one)
        path = self._vault.new(leg.call_sid, began)
        customer = Customer(one, secrets.SystemRandom(), began.date())
        effects = TrainingEffects(
            store=self._store,
            sid=leg.call_sid,
            lang=one.lang,
            wall=self._now,
            recording=self._vault.name(path),
        )
        session = CallSession(
            leg=leg,
            engines=replace(
                engines,
                synthesizer=voice,
                bridge=_bridge,
                cut=clauses,
                on_timing=lambda _sid, _timing: None,
            ),
            dialogue=TrainingTalk(customer),
            effects=effects,
            recorder=GuardedRecorder(lambda: Recorder(path), partial(engines.on_fault, "record")),
        )
        try:
            await session.run()
        finally:
            await asyncio.to_thread(self._keep, path.name, lambda: self._vault.keep(path))

    def _lesson(self, sid: str, at: datetime) -> Lesson:
        with self._store.reading() as uow:
            name = uow.trainings.get(sid).lesson
        return lesson(name, today=at.date())

    def _voice_of(self, one: Lesson) -> Synthesizer:
        if one.voice not in self._voices:
            self._voices[one.voice] = self._voice(one.voice, one.lang)
        voice = self._voices[one.voice]
        return voice if one.noise_dbfs is None else NoisySynthesizer(voice, one.noise_dbfs)

    @staticmethod
    def _keep(name: str, keep: Callable[[], bool]) -> None:
        """A recording that cannot be kept now stays on this machine, for the next sweep."""
        try:
            keep()
        except ExternalError as error:
            log.warning("recording_waits", name=name, reason=type(error).__name__)


def _bridge(say_id: str, lang: Lang) -> Say:
    return Say(id=say_id, text=_BRIDGES[lang], prompt=PROMPT, lang=lang)
