"""What is said, how far it was heard, and what an interruption leaves."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from models.call import Lang
from models.errors import ExternalError
from nlp.dialogue.actions import Say
from tests.fakes import FakeLeg, FakeVoice
from voice.player import Player, PlayerListener
from voice.ports import FRAME_BYTES
from voice.ranked import RankedPool
from voice.recorded import Recorded, nothing_recorded

TWO = Say(id="s1", text="您好。请问件数是多少？", prompt="ask@1")
ONE = Say(id="s2", text="好的。", prompt="ok@1")
SHORT = Say(id="s4", text="请说。", prompt="go@1")


async def eventually(true: Callable[[], bool]) -> None:
    """Lets the other tasks run until `true`."""
    for _ in range(2_000):
        if true():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came")


class Table:
    """A player on a fake line, with a clock that only the test moves."""

    def __init__(
        self,
        voice: FakeVoice,
        threads: int = 1,
        recorded: Recorded = nothing_recorded,
        making: RankedPool | None = None,
    ) -> None:
        self.leg = FakeLeg()
        self.now = 0
        self.started: list[str] = []
        self.ended: list[tuple[str, float]] = []
        self.failed: list[ExternalError] = []
        self.pool = ThreadPoolExecutor(threads)
        self.player = Player(
            leg=self.leg,
            synthesizer=voice,
            pool=self.pool,
            making=making or RankedPool(self.pool),
            now_ms=lambda: self.now,
            recorded=recorded,
            listener=PlayerListener(
                started=lambda say, _at: self.started.append(say.id),
                ended=lambda say, _at, ratio: self.ended.append((say.id, ratio)),
                played=lambda _at, _pcm: None,
                failed=self.failed.append,
            ),
        )

    async def until_sent(self, *marks: str) -> None:
        """Waits until these marks are on the line."""
        await eventually(lambda: set(marks) <= {m for m in self.leg.sent if isinstance(m, str)})

    def play(self) -> None:
        """Plays what was sent and gives the marks back."""
        for mark in self.leg.play():
            self.player.mark_reached(mark)


@pytest.fixture
async def table() -> AsyncIterator[Table]:
    table = Table(FakeVoice())
    task = asyncio.create_task(table.player.run())
    yield table
    task.cancel()
    table.pool.shutdown()


async def test_a_say_ends_only_with_its_last_mark(table: Table) -> None:
    table.player.queue(TWO)
    await table.until_sent("s1/0", "s1/1")
    assert table.started == ["s1"]
    assert table.ended == []
    assert table.player.speaking == TWO
    table.play()
    assert table.ended == [("s1", 1.0)]
    assert table.player.speaking is None


async def test_says_play_in_order_without_waiting_for_marks(table: Table) -> None:
    table.player.queue(TWO)
    table.player.queue(ONE)
    await table.until_sent("s1/1", "s2/0")
    names = [m for m in table.leg.sent if isinstance(m, str)]
    assert names == ["s1/0", "s1/1", "s2/0"]


async def test_what_is_dropped_tells_how_far_it_was_heard(table: Table) -> None:
    table.player.queue(TWO)
    table.player.queue(ONE)
    await table.until_sent("s1/0", "s1/1", "s2/0")
    marks = table.leg.play()
    table.player.mark_reached(marks[0])
    await table.player.interrupt()
    assert table.leg.cleared == 1
    dropped = {say.id: ratio for say, ratio in table.player.drop()}
    assert 0 < dropped["s1"] < 1
    assert dropped["s2"] == 0
    assert [name for name, _ in table.ended] == ["s1", "s2"]


async def test_a_false_alarm_goes_on_with_the_clause_that_was_not_heard(table: Table) -> None:
    table.player.queue(TWO)
    await table.until_sent("s1/0", "s1/1")
    table.player.mark_reached(table.leg.play()[0])
    await table.player.interrupt()
    table.player.resume()
    await table.until_sent("s1/1")
    assert "s1/0" not in table.leg.sent
    table.play()
    assert table.ended == [("s1", 1.0)]
    assert table.started == ["s1"]


async def test_a_lost_mark_is_given_up_as_unheard(table: Table) -> None:
    table.player.queue(ONE)
    await table.until_sent("s2/0")
    table.now = 60_000
    table.player.settle()
    assert table.ended == [("s2", 0.0)]


async def test_what_could_not_be_spoken_never_counts_as_heard() -> None:
    table = Table(FakeVoice(fails=True))
    task = asyncio.create_task(table.player.run())
    table.player.queue(TWO)
    await eventually(lambda: len(table.failed) == 2)
    table.now = 60_000
    await asyncio.sleep(0)
    table.player.settle()
    assert table.ended == [("s1", 0.0)]
    task.cancel()
    table.pool.shutdown()


async def test_finished_waits_for_the_last_word(table: Table) -> None:
    table.player.queue(ONE)
    waiting = asyncio.create_task(table.player.finished())
    await table.until_sent("s2/0")
    assert not waiting.done()
    table.play()
    await waiting


class CountingVoice(FakeVoice):
    """Notes how many clauses it ever made at the same time."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.most = 0
        self.lock = threading.Lock()

    def speak(self, clause: str, *, lang: Lang, rate: float = 1.0) -> bytes:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(0.01)
        with self.lock:
            self.now -= 1
        return super().speak(clause, lang=lang, rate=rate)


async def test_clauses_of_a_call_are_made_one_after_the_other() -> None:
    voice = CountingVoice()
    table = Table(voice, threads=4)
    task = asyncio.create_task(table.player.run())
    table.player.queue(TWO)
    table.player.queue(ONE)
    await table.until_sent("s1/0", "s1/1", "s2/0")
    assert voice.most == 1
    task.cancel()
    table.pool.shutdown()


async def test_a_recording_is_played_in_place_of_the_voice() -> None:
    voice, sound = FakeVoice(), b"\1\2" * (FRAME_BYTES // 2 * 3)
    table = Table(voice, recorded=lambda say: sound if say == TWO else None)
    task = asyncio.create_task(table.player.run())
    table.player.queue(TWO)
    table.player.queue(ONE)
    await table.until_sent("s1/0", "s2/0")
    assert b"".join(f for f in table.leg.sent[:3] if isinstance(f, bytes)) == sound
    assert voice.spoken == ["好的。"]
    table.play()
    assert table.ended == [("s1", 1.0), ("s2", 1.0)]
    task.cancel()
    table.pool.shutdown()


class WaitingVoice(FakeVoice):
    """Makes a clause only when the test lets it."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.let = threading.Semaphore(0), threading.Semaphore(0)

    def speak(self, clause: str, *, lang: Lang, rate: float = 1.0) -> bytes:
        self.begun.release()
        assert self.let.acquire(timeout=30)
        return super().speak(clause, lang=lang, rate=rate)


async def test_the_voice_makes_first_what_is_due_first() -> None:
    voice = WaitingVoice()
    long = Say(id="s3", text="好" * 1000 + "。再见。", prompt="long@1")
    with ThreadPoolExecutor(1) as thread:
        making = RankedPool(thread)
        listening, busy, waiting = (Table(voice, making=making) for _ in range(3))
        listening.player.queue(long)
        busy.player.queue(ONE)
        voice.let.release()  # twenty seconds are made, and their second clause is asked for
        await asyncio.to_thread(lambda: [voice.begun.acquire() for _ in range(2)])
        await eventually(lambda: making.waiting() == 1)
        waiting.player.queue(SHORT)
        await eventually(lambda: making.waiting() == 2)
        voice.let.release(3)
        await eventually(lambda: len(voice.spoken) == 4)
    assert voice.spoken[1:] == [ONE.text, SHORT.text, "再见。"]
