"""`CallSession`: the only call loop. It joins one line, the engines, the dialogue, the store."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import structlog

from models.call import Disposition, Lang, Turn, Word
from models.errors import ExternalError, IntakeError
from nlp.dialogue.actions import Action, HangUp, Listen, Say, Transfer
from nlp.dialogue.events import (
    CallerHungUp,
    CallerSpoke,
    EffectFailed,
    Event,
    KeysPressed,
    NothingUnderstood,
    SayEnded,
    SilenceFell,
)
from nlp.meaning import Expectation, Understands
from nlp.verbalize import clauses
from voice.answers import Meanings, as_utterance
from voice.effects import Began
from voice.keypad import Keypad
from voice.listener import HeardTurn, Listener
from voice.phrasing import Cut
from voice.player import Player, PlayerListener
from voice.ports import (
    Audio,
    CallLeg,
    Key,
    LegEnded,
    MarkReached,
    Recognizer,
    Records,
    Synthesizer,
)
from voice.ranked import RankedPool
from voice.recorded import Recorded, nothing_recorded
from voice.timing import TurnTiming
from voice.transcript import Transcript

log = structlog.get_logger(__name__)

#: How often timers are looked at.
_TICK_S = 0.1
#: After the last word's mark the line stays open this long, so that no word is clipped.
_LAST_WORD_S = 0.4
#: The caller never waits longer than this for an answer without hearing something.
_DEAD_AIR_MS = 2_500
#: Speech shorter than this that gave no words was a noise, not an answer.
_NOISE_MS = 500


class Converses(Protocol):
    """What the session needs of the dialogue."""

    def handle(self, event: Event) -> list[Action]:
        """The actions that answer an event; raises `IntakeError` if it is refused."""


class CarriesOut(Protocol):
    """What the session needs of the call's hands; see `voice.effects.Effects`."""

    def begin(self) -> Began:
        """How the call begins."""

    def carry_out(self, event: Event, actions: Sequence[Action]) -> list[Event]:
        """Stores a step; what the dialogue must be told in answer."""

    def put_turn(self, turn: Turn) -> None:
        """Stores one turn, new or changed."""

    def end(self, disposition: Disposition) -> None:
        """Stores how the call ended."""

    def settle(self) -> bool:
        """Stores what is owed; whether nothing is owed any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """What all calls of a process share.

    Attributes:
        hearing_pool: the recogniser's threads, the most urgent work first.
        thinking_pool: threads for understanding.
        speaking_pool: threads that fetch clauses which were spoken before.
        making_pool: the voice's threads, what is due first first.
        bridge: a few words for when an answer takes long; its id starts with `bridge`.
        on_timing: told how long each answer took, with the call's sid.
        on_fault: told when something failed that a caller may have noticed, such as
            `recognise` or `speak`.
        wall: the desk's local clock.
        cut: parts what is said into the pieces that are synthesised.
    """

    recognizer: Recognizer
    synthesizer: Synthesizer
    understander: Understands
    hearing_pool: RankedPool
    thinking_pool: Executor
    speaking_pool: Executor
    making_pool: RankedPool
    bridge: Callable[[str, Lang], Say]
    on_timing: Callable[[str, TurnTiming], None]
    wall: Callable[[], datetime]
    cut: Cut = clauses
    on_fault: Callable[[str], None] = lambda _what: None


class CallSession:
    """One call, from the first frame to the last word.

    Audio is handled as it comes and never waits for the dialogue. Events reach the dialogue
    one at a time, and what it decides is stored before the next one.
    """

    def __init__(
        self,
        *,
        leg: CallLeg,
        engines: Engines,
        dialogue: Converses,
        effects: CarriesOut,
        recorder: Records,
        recorded: Recorded = nothing_recorded,
    ) -> None:
        self._leg = leg
        self._engines = engines
        self._dialogue = dialogue
        self._effects = effects
        self._recorder = recorder
        self._began = time.monotonic()
        self._inbox: asyncio.Queue[Event | HeardTurn | HangUp | Transfer | LegEnded] = (
            asyncio.Queue()
        )
        self._transcript = Transcript(effects.put_turn)
        self._keypad = Keypad()
        self._meanings = Meanings(engines.understander)
        self._listen = Listen(expectation=Expectation(now=engines.wall()))
        self._ending: asyncio.Task[None] | None = None
        self._asked = False
        self._quiet_since_ms = 0
        self._answering: TurnTiming | None = None
        self._bridges = 0
        self._cut: list[SayEnded] | None = None
        self._timing: set[asyncio.Task[None]] = set()
        self._player = Player(
            leg=leg,
            synthesizer=engines.synthesizer,
            pool=engines.speaking_pool,
            making=engines.making_pool,
            now_ms=self.now_ms,
            cut=engines.cut,
            recorded=recorded,
            listener=PlayerListener(
                started=self._say_started,
                ended=self._say_ended,
                played=recorder.assistant,
                failed=self._voice_failed,
            ),
        )
        self._listener = Listener(
            recognizer=engines.recognizer,
            pool=engines.hearing_pool,
            thinking=engines.thinking_pool,
            player=self._player,
            now_ms=self.now_ms,
            on_barge_in=self._barge_in,
            on_turn=self._inbox.put_nowait,
            listen=self._listen,
            answered=self._meanings.answer,
        )

    def now_ms(self) -> int:
        """The call's clock: milliseconds since the line was connected."""
        return int((time.monotonic() - self._began) * 1000)

    async def run(self) -> None:
        """Serves the call until the line is gone or the last word was heard.

        Raises:
            Exception: whatever broke the call, after the recording and transcript are safe;
                the line's recovery then brings the caller back.
        """
        tasks = [
            asyncio.create_task(self._converse()),
            asyncio.create_task(self._player.run()),
            asyncio.create_task(self._transcript.run()),
            asyncio.create_task(self._hear_line()),
            asyncio.create_task(self._watch_time()),
        ]
        try:
            await self._until_over(tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, *self._timing, return_exceptions=True)
            await self._transcript.close(self.now_ms())
            await asyncio.to_thread(self._recorder.close)
            if not await asyncio.to_thread(self._effects.settle):
                self._engines.on_fault("store")

    @staticmethod
    async def _until_over(tasks: list[asyncio.Task[None]]) -> None:
        """Waits for the conversation to end, or for any helper task to break."""
        conversation = tasks[0]
        pending = set(tasks)
        while conversation in pending:
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()

    # -- the line ------------------------------------------------------------------------

    async def _hear_line(self) -> None:
        async for event in self._leg.events():
            match event:
                case Audio():
                    self._recorder.caller(event.at_ms, event.pcm)
                    if self._ending is None:
                        self._listener.frame(event)
                case Key():
                    await self._key(event.digit)
                case MarkReached():
                    self._player.mark_reached(event)
                case LegEnded():
                    self._inbox.put_nowait(event)
                    return

    async def _key(self, digit: str) -> None:
        said = self._player.speaking
        if said is not None and said.interruptible:
            await self._player.interrupt()
        answer = self._keypad.press(digit, at_ms=self.now_ms(), expected=self._listen.keys)
        self._answer_keys(answer)

    def _answer_keys(self, keys: str | None) -> None:
        if keys is not None:
            self._inbox.put_nowait(KeysPressed(at=self._engines.wall(), keys=keys))

    def _barge_in(self) -> None:
        task = asyncio.create_task(self._player.interrupt())
        self._clearing = task  # kept, so that the task is not collected before it ran

    # -- time ----------------------------------------------------------------------------

    async def _watch_time(self) -> None:
        while True:
            await asyncio.sleep(_TICK_S)
            self._player.settle()
            now = self.now_ms()
            self._answer_keys(self._keypad.pause(now))
            if self._player.speaking or self._listener.busy or self._keypad.waiting:
                self._quiet_since_ms = now
            self._bridge_dead_air(now)
            if self._asked and now - self._quiet_since_ms >= self._listen.no_input_ms:
                self._asked = False
                self._inbox.put_nowait(SilenceFell(at=self._engines.wall()))

    def _bridge_dead_air(self, now: int) -> None:
        answering = self._answering
        if answering is None or self._player.speaking or self._listener.in_speech:
            return
        if now - max(answering.turn_ended, self._quiet_since_ms) >= _DEAD_AIR_MS:
            self._bridges += 1
            say = self._engines.bridge(f"bridge-{self._bridges}", self._listen.expectation.lang)
            self._player.queue(say)

    # -- the dialogue --------------------------------------------------------------------

    async def _converse(self) -> None:
        began = await asyncio.to_thread(self._effects.begin)
        self._transcript.start_from(began.turns)
        await self._handle(began.event)
        while True:
            match await self._inbox.get():
                case LegEnded(clean=clean):
                    await self._line_gone(clean=clean)
                    return
                case HangUp() | Transfer():
                    await self._leg.close()
                    return
                case HeardTurn() as turn:
                    await self._take_turn(turn)
                case KeysPressed() as keys:
                    await self._interrupting(keys)
                case event:
                    await self._handle(event)

    async def _take_turn(self, turn: HeardTurn) -> None:
        words = [h for h in turn.hypotheses if h.text.strip()]
        said = self._player.speaking
        if not words:
            await self._take_noise(turn)
            return
        if said is not None and not said.interruptible:
            self._write_caller(turn, words[0].text, words[0].confidence)
            self._player.resume()  # it was held, if the caller spoke before it began
            return
        self._answering = TurnTiming(
            speech_ended=turn.speech_ended_ms,
            turn_ended=turn.turn_ended_ms,
            recognised=turn.recognised_ms,
        )
        index = self._write_caller(turn, words[0].text, words[0].confidence)
        utterance = replace(
            as_utterance(words, turn.listen.expectation),
            started_ms=turn.started_ms,
            ended_ms=turn.speech_ended_ms,
            turn=index,
        )
        understanding = await asyncio.get_running_loop().run_in_executor(
            self._engines.thinking_pool,
            self._meanings.of,
            words,
            turn.listen.expectation,
        )
        self._answering.understood = self.now_ms()
        await self._interrupting(
            CallerSpoke(
                at=self._engines.wall(),
                utterance=utterance,
                understanding=understanding,
                during_say=None if said is None else said.id,
            )
        )
        self._time_words(turn, index)

    def _time_words(self, turn: HeardTurn, index: int) -> None:
        """Has the words' times found, now that the answer no longer waits for the engine."""
        if turn.words is not None:
            task = asyncio.create_task(self._timed(turn.words(), index))
            self._timing.add(task)
            task.add_done_callback(self._timing.discard)

    async def _timed(self, finding: asyncio.Future[Sequence[Word]], index: int) -> None:
        try:
            self._transcript.timed(index, await finding)
        except IntakeError as error:
            log.warning("words not timed", error=type(error).__name__)

    async def _take_noise(self, turn: HeardTurn) -> None:
        if turn.failed:
            self._engines.on_fault("recognise")
            event: Event = EffectFailed(at=self._engines.wall(), action="recognise", retryable=True)
        elif self._player.speaking or turn.speech_ended_ms - turn.started_ms < _NOISE_MS:
            self._player.resume()
            return
        else:
            event = NothingUnderstood(at=self._engines.wall())
        await self._interrupting(event)

    def _write_caller(self, turn: HeardTurn, text: str, confidence: float) -> int:
        return self._transcript.caller(
            text,
            started_ms=turn.started_ms,
            ended_ms=turn.speech_ended_ms,
            confidence=confidence,
        )

    async def _interrupting(self, event: Event) -> None:
        """Handles what the caller did, after the ends of everything it cut off."""
        self._cut = []
        self._player.drop()
        cut, self._cut = self._cut, None
        for ended in cut:
            await self._handle(ended)
        await self._handle(event)
        if self._listener.in_speech:
            # The caller went on: the answer waits until that is understood too.
            await self._player.interrupt()

    async def _handle(self, event: Event) -> None:
        if self._ending is not None:
            return
        try:
            actions = self._dialogue.handle(event)
        except IntakeError as error:
            log.warning("event refused", type=event.type, error=type(error).__name__)
            return
        if self._answering is not None and isinstance(event, CallerSpoke):
            self._answering.decided = self.now_ms()
        for action in actions:
            self._start(action)
        for answer in await asyncio.to_thread(self._effects.carry_out, event, actions):
            await self._handle(answer)

    def _start(self, action: Action) -> None:
        match action:
            case Say():
                self._player.queue(action)
            case Listen():
                self._listen = action
                self._listener.expect(action)
                self._quiet_since_ms = self.now_ms()
                self._asked = True
            case HangUp() | Transfer():
                self._ending = asyncio.create_task(self._end_after_last_word(action))

    async def _end_after_last_word(self, action: HangUp | Transfer) -> None:
        await self._player.finished()
        await asyncio.sleep(_LAST_WORD_S)
        disposition = action.disposition if isinstance(action, HangUp) else Disposition.TRANSFERRED
        await asyncio.to_thread(self._effects.end, disposition)
        self._inbox.put_nowait(action)

    async def _line_gone(self, *, clean: bool) -> None:
        """The caller hung up, or the connection broke and recovery may bring it back."""
        self._player.drop()
        if self._ending is not None:
            await self._ending
        elif clean:
            await self._handle(CallerHungUp(at=self._engines.wall()))
            await asyncio.to_thread(self._effects.end, Disposition.ABANDONED)

    # -- what the player tells -----------------------------------------------------------

    def _say_started(self, say: Say, at_ms: int) -> None:
        self._transcript.say_started(say, at_ms)
        if self._answering is not None and self._answering.decided:
            self._answering.first_frame = at_ms
            self._engines.on_timing(self._leg.call_sid, self._answering)
            self._answering = None

    def _say_ended(self, say: Say, at_ms: int, heard_ratio: float) -> None:
        self._transcript.say_ended(say, at_ms, heard_ratio)
        if say.id.startswith("bridge"):
            return
        ended = SayEnded(at=self._engines.wall(), say_id=say.id, heard_ratio=heard_ratio)
        if self._cut is None:
            self._inbox.put_nowait(ended)
        else:
            self._cut.append(ended)

    def _voice_failed(self, error: ExternalError) -> None:
        log.error("clause not spoken", retryable=error.retryable)
        self._engines.on_fault("speak")
