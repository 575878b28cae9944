"""Turns the caller's audio into finished, recognised turns."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import structlog

from models.call import Word
from nlp.completeness import is_complete
from nlp.dialogue.actions import Listen
from nlp.meaning import Expectation
from voice.bargein import BargeIn
from voice.endpointing import (
    Decision,
    Endpointer,
    PauseBegan,
    SpeechBegan,
    SpeechResumed,
    TurnEnded,
)
from voice.hearing import Hearing
from voice.player import Player
from voice.ports import FRAME_MS, Audio, Hypothesis, Recognizer
from voice.ranked import RankedPool
from voice.vad import SpeechDetector

log = structlog.get_logger(__name__)

#: What is kept of the time before speech was noticed, so that no first syllable is lost.
_PRE_ROLL_MS = 400
#: The assistant's echo may still come back this long after its audio ended.
_ECHO_TAIL_MS = 500
#: A recognition that takes longer will not come any more, seconds.
_RECOGNISE_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardTurn:
    """One turn of the caller as the recogniser gave it.

    Attributes:
        hypotheses: best first; empty when there were no words.
        started_ms, speech_ended_ms: span of the speech in the call.
        turn_ended_ms, recognised_ms: when the endpointer and the recogniser were done.
        barged_in: the assistant was interrupted by it.
        failed: the engine gave an error instead of a reading.
        words: asks for the words' times in the call, which takes the engine a while.
    """

    hypotheses: Sequence[Hypothesis]
    listen: Listen
    started_ms: int
    speech_ended_ms: int
    turn_ended_ms: int
    recognised_ms: int
    barged_in: bool
    failed: bool = False
    words: Callable[[], asyncio.Future[Sequence[Word]]] | None = None


Answered = Callable[[Sequence[Hypothesis], Expectation], bool]


def _cannot_tell(_found: Sequence[Hypothesis], _expectation: Expectation) -> bool:
    return False


class Listener:
    """One call's ear.

    Args:
        recognizer, pool: the engine, and the threads it runs in.
        thinking: threads for `answered`.
        player: what is being said, for the echo guard.
        now_ms: the call's clock.
        on_barge_in: told at once when the caller speaks over the assistant.
        on_turn: told of each finished turn.
        answered: whether a reading answers what was expected.
    """

    def __init__(
        self,
        *,
        recognizer: Recognizer,
        pool: RankedPool,
        thinking: Executor,
        player: Player,
        now_ms: Callable[[], int],
        on_barge_in: Callable[[], None],
        on_turn: Callable[[HeardTurn], None],
        listen: Listen,
        answered: Answered = _cannot_tell,
    ) -> None:
        self._recognizer = recognizer
        self._pool = pool
        self._thinking = thinking
        self._player = player
        self._now_ms = now_ms
        self._on_barge_in = on_barge_in
        self._on_turn = on_turn
        self._answered = answered
        self._listen = listen
        self._detector = SpeechDetector()
        self._bargein = BargeIn()
        self._endpointer = Endpointer(listen.patience)
        self._recent: deque[Audio] = deque(maxlen=_PRE_ROLL_MS // FRAME_MS)
        self._hearing: Hearing | None = None
        self._early: asyncio.Future[Sequence[Hypothesis]] | None = None
        self._barged_in = False
        self._guard_until_ms = 0
        self._judging: asyncio.Task[None] | None = None
        self._reading: set[asyncio.Task[None]] = set()

    @property
    def busy(self) -> bool:
        """Whether the caller speaks, or a turn is still being recognised."""
        return self._hearing is not None or bool(self._reading)

    @property
    def in_speech(self) -> bool:
        """Whether the caller's turn has begun and not ended."""
        return self._hearing is not None

    def expect(self, listen: Listen) -> None:
        """What the next turn should bring, and how long its pauses may be."""
        self._listen = listen
        if self._hearing is None:
            self._endpointer = Endpointer(listen.patience)

    def frame(self, audio: Audio) -> None:
        """Takes 20 ms of the caller's voice."""
        speech = self._detector.push(audio.pcm)
        self._recent.append(audio)
        if self._hearing is None and self._guarded(audio.at_ms):
            self._guard(audio, speech)
            return
        if self._hearing is not None:
            self._hearing.feed(audio.pcm)
        decision = self._endpointer.push(audio.at_ms, speech)
        if decision is not None:
            self._follow(decision)

    def _guarded(self, at_ms: int) -> bool:
        if self._player.sounding:
            self._guard_until_ms = at_ms + _ECHO_TAIL_MS
        return at_ms < self._guard_until_ms

    def _guard(self, audio: Audio, speech: float) -> None:
        """Lets speech through only where it is not the assistant's own echo."""
        played = self._player.played_at(audio.at_ms)
        if not self._bargein.push(audio.at_ms, audio.pcm, played, speech):
            return
        said = self._player.speaking
        if said is not None and not said.interruptible:
            return
        self._barged_in = said is not None
        self._guard_until_ms = 0
        self._endpointer = Endpointer(self._listen.patience)
        if self._barged_in:
            self._on_barge_in()
        for recent in self._recent:
            decision = self._endpointer.push(recent.at_ms, 1.0)
            if decision is not None:
                self._follow(decision)

    def _follow(self, decision: Decision) -> None:
        match decision:
            case SpeechBegan():
                from_ms = self._recent[0].at_ms if self._recent else 0
                self._hearing = Hearing(
                    self._recognizer, self._listen.expectation, self._pool, from_ms
                )
                for recent in self._recent:
                    self._hearing.feed(recent.pcm)
            case PauseBegan() if self._hearing is not None:
                self._early = self._hearing.read(early=True)
                self._early.add_done_callback(self._note)
            case SpeechResumed():
                self._early = None
                if self._hearing is not None:
                    self._hearing.go_on()
            case TurnEnded() if self._hearing is not None:
                self._end_turn(decision, self._hearing)

    def _note(self, reading: asyncio.Future[Sequence[Hypothesis]]) -> None:
        """Lets an early reading shorten or lengthen the wait for the end of the turn."""
        if reading is not self._early or reading.cancelled() or reading.exception():
            return
        found, expectation = reading.result(), self._listen.expectation
        if not found or not found[0].text.strip():
            return
        complete = is_complete(found[0].text, expectation)
        self._endpointer.note(found[0].text, complete)
        self._judging = asyncio.create_task(self._judge(reading, expectation, complete))

    async def _judge(
        self,
        reading: asyncio.Future[Sequence[Hypothesis]],
        expectation: Expectation,
        complete: bool | None,
    ) -> None:
        """Lets the meaning shorten the wait where the words alone do not tell.

        The meaning is looked for in any case, so that it is known when the turn ends.
        """
        found, loop = reading.result(), asyncio.get_running_loop()
        answered = await loop.run_in_executor(self._thinking, self._answered, found, expectation)
        if reading is self._early and complete is None:
            self._endpointer.note(found[0].text, None, answered=answered)

    def _end_turn(self, ended: TurnEnded, hearing: Hearing) -> None:
        hearing.hurry()
        reading = self._early or hearing.read()
        barged_in, listen = self._barged_in, self._listen
        self._early = self._hearing = None
        self._barged_in = False
        self._endpointer = Endpointer(listen.patience)
        task = asyncio.create_task(self._report(ended, hearing, reading, listen, barged_in))
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    async def _report(
        self,
        ended: TurnEnded,
        hearing: Hearing,
        reading: asyncio.Future[Sequence[Hypothesis]],
        listen: Listen,
        barged_in: bool,
    ) -> None:
        turn_ended_ms = self._now_ms()
        await asyncio.wait([reading], timeout=_RECOGNISE_S)
        if not reading.done():
            reading.cancel()
            await asyncio.wait([reading])
        error = None if reading.cancelled() else reading.exception()
        failed = reading.cancelled() or error is not None
        if failed:
            log.error("not recognised", error=type(error).__name__)
        self._on_turn(
            HeardTurn(
                hypotheses=() if failed else reading.result(),
                listen=listen,
                started_ms=ended.started_ms,
                speech_ended_ms=ended.ended_ms,
                turn_ended_ms=turn_ended_ms,
                recognised_ms=self._now_ms(),
                barged_in=barged_in,
                failed=failed,
                words=hearing.words,
            )
        )
