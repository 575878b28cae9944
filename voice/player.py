"""Speaks what the dialogue says: clause by clause, with marks that tell how far it was heard."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial

from models.errors import ExternalError
from nlp.dialogue.actions import Say
from nlp.verbalize import clauses, verbalize
from voice.phrasing import Cut
from voice.ports import FRAME_BYTES, FRAME_MS, CallLeg, MarkReached, Synthesizer, frames
from voice.ranked import RankedPool
from voice.recorded import Recorded, nothing_recorded

#: Frames of what was played that are kept for the echo guard: three seconds.
_KEPT_FRAMES = 150
#: A mark that has not come back this long after its audio should have ended is given up.
_MARK_PATIENCE_MS = 3_000
#: Clauses made ahead of the one that plays.
_AHEAD = 3
_SILENCE = bytes(FRAME_BYTES)


@dataclass(slots=True, eq=False)
class _Spoken:
    """One `Say` on its way to the caller.

    Attributes:
        heard: clauses whose mark came back.
        recording: a person said it; the whole is one clause then.
        sent: clauses that went out since the last interruption, from `heard` on.
    """

    say: Say
    clauses: list[str]
    audio: dict[int, asyncio.Future[bytes]] = field(default_factory=dict)
    started: bool = False
    heard: int = 0
    sent: int = 0
    ends_ms: int = 0
    recording: bytes | None = None

    def ratio(self) -> float:
        """Share of the text that reached the caller; a clause counts once its mark is back."""
        total = sum(map(len, self.clauses))
        done = sum(map(len, self.clauses[: self.heard]))
        return done / total if total else 1.0

    def rewind(self) -> None:
        """Goes back to the first clause that was not heard whole."""
        self.sent = self.heard
        for future in self.audio.values():
            future.cancel()
        self.audio.clear()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayerListener:
    """Whom a player tells.

    Attributes:
        started: a `Say` begins, at ms of the call.
        ended: a `Say` is over, at ms of the call, with its heard ratio 0 to 1.
        played: a frame's time has come, with its place in the call, ms.
        failed: the voice could not make a clause.
    """

    started: Callable[[Say, int], None]
    ended: Callable[[Say, int, float], None]
    played: Callable[[int, bytes], None]
    failed: Callable[[ExternalError], None]


class Player:
    """One call's mouth.

    Args:
        leg: where frames go; its `send` keeps the pace.
        synthesizer: the voice.
        pool: threads that fetch what the voice has at hand.
        making: threads in which it makes the rest, for all calls: what is due first, first.
        now_ms: the call's clock.
        cut: parts a text into the pieces that are synthesised and marked one by one.
        recorded: what a person recorded in place of the voice.
    """

    def __init__(
        self,
        *,
        leg: CallLeg,
        synthesizer: Synthesizer,
        pool: Executor,
        making: RankedPool,
        now_ms: Callable[[], int],
        listener: PlayerListener,
        cut: Cut = clauses,
        recorded: Recorded = nothing_recorded,
    ) -> None:
        self._leg = leg
        self._synthesizer = synthesizer
        self._pool = pool
        self._making = making
        self._now_ms = now_ms
        self._tell = listener
        self._cut = cut
        self._recorded = recorded
        self._voice_free = asyncio.Lock()
        self._says: deque[_Spoken] = deque()
        self._held = False
        self._changed = asyncio.Event()
        self._generation = 0
        self._next_ms = 0
        self._made_until_ms = 0
        self._coming: deque[tuple[int, bytes]] = deque()
        self._played: deque[tuple[int, bytes]] = deque(maxlen=_KEPT_FRAMES)

    def queue(self, say: Say) -> None:
        """Plays `say` after everything queued before it."""
        recording = self._recorded(say)
        pieces = self._cut(say.text, say.lang) if recording is None else [say.text]
        spoken = _Spoken(say, pieces, recording=recording)
        self._says.append(spoken)
        if len(self._says) <= _AHEAD:
            self._prepare(spoken)
        self._changed.set()

    @property
    def speaking(self) -> Say | None:
        """What the caller hears now or would hear next; None when all was played."""
        return self._says[0].say if self._says else None

    @property
    def sounding(self) -> bool:
        """Whether audio that was sent has not ended yet."""
        return self._next_ms > self._now_ms()

    async def finished(self) -> None:
        """Returns once nothing is left to play and every mark is back."""
        while self._says:
            self._changed.clear()
            await self._changed.wait()

    def played_at(self, at_ms: int) -> bytes:
        """The frame that sounds at `at_ms`; silence when none does."""
        self.settle()
        for start, pcm in reversed(self._played):
            if start <= at_ms < start + FRAME_MS:
                return pcm
            if start < at_ms - FRAME_MS:
                break
        return _SILENCE

    def settle(self) -> None:
        """Hands over frames whose time has come, and gives up marks that are lost."""
        now = self._now_ms()
        while self._coming and self._coming[0][0] <= now:
            at_ms, pcm = self._coming.popleft()
            self._played.append((at_ms, pcm))
            self._tell.played(at_ms, pcm)
        if self._says and not self._held:
            first = self._says[0]
            if first.sent == len(first.clauses) and now > first.ends_ms + _MARK_PATIENCE_MS:
                self._finish(first)

    async def interrupt(self) -> None:
        """Silences the line at once and holds what was not heard; see `resume` and `drop`."""
        self._held = True
        self._generation += 1
        self.settle()
        self._coming.clear()
        self._next_ms = self._made_until_ms = self._now_ms()
        for spoken in self._says:
            spoken.rewind()
        await self._leg.clear()

    def resume(self) -> None:
        """Goes on from the first clause that was not heard whole."""
        self._held = False
        self._changed.set()

    def drop(self) -> tuple[tuple[Say, float], ...]:
        """Forgets what is held or waiting; `ended` is told for each.

        Returns:
            What was dropped, with its heard ratio.
        """
        cut = tuple(self._says)
        for spoken in cut:
            self._finish(spoken)
        self.resume()
        return tuple((spoken.say, spoken.ratio()) for spoken in cut)

    def mark_reached(self, mark: MarkReached) -> None:
        """Takes a mark that came back from the line."""
        say_id, _, index = mark.name.rpartition("/")
        for spoken in () if mark.cleared else tuple(self._says):
            if spoken.say.id == say_id and int(index) == spoken.heard:
                spoken.heard += 1
                if spoken.heard == len(spoken.clauses):
                    self._finish(spoken)

    async def run(self) -> None:
        """Plays until cancelled."""
        while True:
            spoken = self._next_to_send()
            if spoken is None:
                self._changed.clear()
                await self._changed.wait()
            else:
                await self._send_clause(spoken, self._generation)

    def _next_to_send(self) -> _Spoken | None:
        if self._held:
            return None
        return next((s for s in self._says if s.sent < len(s.clauses)), None)

    async def _send_clause(self, spoken: _Spoken, generation: int) -> None:
        index = spoken.sent
        self._prepare(spoken)
        pcm = await self._made(spoken, index)
        for frame in frames(pcm):
            if generation != self._generation:
                return
            await self._send(spoken, frame)
        if generation != self._generation:
            return
        spoken.sent = index + 1
        spoken.ends_ms = self._next_ms
        self._prepare_next(spoken)
        if pcm:
            await self._leg.mark(f"{spoken.say.id}/{index}")

    async def _made(self, spoken: _Spoken, index: int) -> bytes:
        """The clause's audio; empty, and so never marked as heard, if it could not be made."""
        future = spoken.audio.pop(index)
        await asyncio.wait([future])
        if future.cancelled():
            return b""
        error = future.exception()
        if isinstance(error, ExternalError):
            self._tell.failed(error)
            return b""
        return future.result()

    async def _send(self, spoken: _Spoken, frame: bytes) -> None:
        at_ms = max(self._next_ms, self._now_ms())
        if not spoken.started:
            spoken.started = True
            self._tell.started(spoken.say, at_ms)
        self._next_ms = at_ms + FRAME_MS
        self._coming.append((at_ms, frame))
        self.settle()
        await self._leg.send(frame)

    def _prepare(self, spoken: _Spoken) -> None:
        """Asks for this and the next clauses' audio, so that it is there when wanted."""
        for index in range(spoken.sent, min(spoken.sent + _AHEAD, len(spoken.clauses))):
            if index in spoken.audio:
                continue
            if spoken.recording is not None:
                spoken.audio[index] = asyncio.get_running_loop().create_future()
                spoken.audio[index].set_result(spoken.recording)
            else:
                text = verbalize(spoken.clauses[index], spoken.say.lang)
                spoken.audio[index] = asyncio.ensure_future(self._make(text, spoken.say))

    async def _make(self, text: str, say: Say) -> bytes:
        """One clause at a time, in order: two together would both be late."""
        async with self._voice_free:
            speak = partial(self._synthesizer.speak, text, lang=say.lang, rate=say.rate)
            if self._synthesizer.has(text, lang=say.lang, rate=say.rate):
                made = self._pool.submit(speak)
            else:
                made = self._making.submit(self._due(), speak)
            pcm = await asyncio.wrap_future(made)
            begins = max(self._made_until_ms, self._now_ms())
            self._made_until_ms = begins + len(pcm) // FRAME_BYTES * FRAME_MS
            return pcm

    def _due(self) -> float:
        """When what is made so far will have been played: s of the clock of all calls."""
        return time.monotonic() + max(0, self._made_until_ms - self._now_ms()) / 1000

    def _prepare_next(self, spoken: _Spoken) -> None:
        following = self._next_to_send()
        if following is not None and following is not spoken:
            self._prepare(following)

    def _finish(self, spoken: _Spoken) -> None:
        spoken.rewind()
        self._says.remove(spoken)
        self._tell.ended(spoken.say, self._now_ms(), spoken.ratio())
        self._changed.set()
