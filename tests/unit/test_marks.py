"""Marks and clears: whatever the line and the caller do, nothing unheard counts as heard.

A player works on a line that plays slowly. Hypothesis chooses when something is said, when the
line plays a little, when its marks come back, and when the caller interrupts or gives way.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.dialogue.actions import Say
from nlp.verbalize import clauses
from tests.fakes import FakeVoice, InlineExecutor
from voice.player import Player, PlayerListener
from voice.ports import FRAME_MS, LegEvent, MarkReached
from voice.ranked import RankedPool

TEXT = "您好。请问件数是多少？谢谢。"
PARTS = clauses(TEXT, "zh")


@dataclass
class SlowLine:
    """A line that holds what was sent, and plays a frame at a time when it is told to.

    Marks come back as Twilio sends them: when reached, and also when cleared.
    """

    call_sid: str = "CA1"
    caller: str | None = None
    called: str | None = None
    held: list[bytes | str] = field(default_factory=list)
    frames_played: int = 0
    reached: list[str] = field(default_factory=list)
    back: list[MarkReached] = field(default_factory=list)
    delivered: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)

    async def events(self) -> AsyncIterator[LegEvent]:
        for mark in self.back:
            yield mark

    async def send(self, pcm: bytes) -> None:
        self.held.append(pcm)
        await asyncio.sleep(0)  # as a line that keeps the pace: much may happen meanwhile

    async def mark(self, name: str) -> None:
        assert name not in self.known, "what was known to be heard is not said again"
        self.held.append(name)

    async def clear(self) -> None:
        names = [name for name in self.held if isinstance(name, str)]
        self.back += [MarkReached(name, cleared=True) for name in names]
        self.held.clear()
        self.known = set(self.delivered)

    async def close(self) -> None:
        """Nothing to close."""

    def play(self, frames: int) -> None:
        for _ in range(frames):
            while self.held and isinstance(name := self.held[0], str):
                self.held.pop(0)
                self.reached.append(name)
                self.back.append(MarkReached(name))
            if self.held:
                self.held.pop(0)
                self.frames_played += 1


def ratio_of(reached: set[str], say_id: str) -> float:
    """The share of a text whose marks the line has reached."""
    total = sum(map(len, PARTS))
    return sum(len(part) for i, part in enumerate(PARTS) if f"{say_id}/{i}" in reached) / total


#: What happens in turn: the loop runs on, the line plays, its marks come back or not yet, and
#: somebody does something.
rounds = st.lists(
    st.tuples(
        st.integers(0, 20),
        st.integers(0, 8),
        st.booleans(),
        st.sampled_from(["", "say", "interrupt", "resume", "false alarm", "drop"]),
    ),
    min_size=2,
    max_size=25,
)


@settings(deadline=None, max_examples=300)
@given(rounds)
def test_nothing_unheard_counts_as_heard(script: Sequence[tuple[int, int, bool, str]]) -> None:
    asyncio.run(_play(script))


async def _play(script: Sequence[tuple[int, int, bool, str]]) -> None:
    line = SlowLine()
    ended: list[tuple[str, float]] = []
    started: list[str] = []

    def has_ended(say: Say, _at: int, ratio: float) -> None:
        ended.append((say.id, ratio))
        assert ratio <= ratio_of(set(line.reached), say.id) + 1e-9

    player = Player(
        leg=line,
        synthesizer=FakeVoice(),
        pool=InlineExecutor(),
        making=RankedPool(InlineExecutor()),
        now_ms=lambda: line.frames_played * FRAME_MS,
        listener=PlayerListener(
            started=lambda say, _at: started.append(say.id),
            ended=has_ended,
            played=lambda _at, _pcm: None,
            failed=lambda error: None,
        ),
    )

    def marks_come_back() -> None:
        while line.back:
            mark = line.back.pop(0)
            player.mark_reached(mark)
            if not mark.cleared:
                line.delivered.add(mark.name)

    running = asyncio.create_task(player.run())
    said: list[str] = []
    silenced = False
    for turns, frames, delivered, act in [(0, 0, False, "say"), *script]:
        for _ in range(turns):
            await asyncio.sleep(0)
        line.play(frames)
        if delivered:
            marks_come_back()
        if act == "say":
            said.append(f"s{len(said)}")
            player.queue(Say(id=said[-1], text=TEXT, prompt="p@1"))
        if act in {"interrupt", "false alarm"}:
            await player.interrupt()
            silenced = True
        if act in {"resume", "false alarm"}:
            player.resume()
            silenced = False
        if act == "drop":
            player.drop()
            silenced = False
        assert not (silenced and line.held), "a silenced line stays silent"
    left = [say_id for say_id in said if say_id not in dict(ended)]
    player.resume()
    for _ in range(500):
        line.play(50)
        marks_come_back()
        await asyncio.sleep(0)
    assert not running.done()
    running.cancel()
    assert player.speaking is None
    assert [say_id for say_id, _ in ended] == said, "each ends once, in order"
    assert [ratio for say_id, ratio in ended if say_id in left] == [1.0] * len(left)
    assert len(set(started)) == len(started)
