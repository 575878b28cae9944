"""One utterance on its way through the recogniser."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from models.errors import ExternalError
from nlp.meaning import Expectation
from tests.fakes import DeafRecognizer, FakeRecognizer
from voice.hearing import Hearing
from voice.ranked import Rank, RankedPool

ASKED = Expectation(slot="pieces", now=datetime(2026, 11, 23, tzinfo=UTC))
FRAME = bytes(320)


@pytest.fixture
def pool() -> Iterator[RankedPool]:
    with ThreadPoolExecutor(2) as threads:
        yield RankedPool(threads)


async def test_every_reading_covers_all_that_was_fed(pool: RankedPool) -> None:
    recognizer = FakeRecognizer("十六件")
    hearing = Hearing(recognizer, ASKED, pool)
    for _ in range(25):
        hearing.feed(FRAME)
    early = hearing.read()
    for _ in range(5):
        hearing.feed(FRAME)
    late = hearing.read()
    assert (await early)[0].text == "十六件"
    await late
    assert recognizer.read[-1] == 30 * len(FRAME)
    assert len(recognizer.opened) == 1


async def test_a_failure_is_told_by_the_reading_alone(pool: RankedPool) -> None:
    told: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: told.append(context))
    hearing = Hearing(DeafRecognizer(), ASKED, pool)
    for _ in range(25):
        hearing.feed(FRAME)
        await asyncio.sleep(0.001)
    early = hearing.read()
    await asyncio.wait([early])
    with pytest.raises(ExternalError):
        await hearing.read()
    del hearing, early
    gc.collect()
    assert told == []


async def test_the_other_language_is_read_again_in_that_one(pool: RankedPool) -> None:
    recognizer = FakeRecognizer("sixteen pieces", spoken="en")
    hearing = Hearing(recognizer, ASKED, pool)
    hearing.feed(FRAME)
    await hearing.read()
    assert [asked.lang for asked in recognizer.opened] == ["zh", "en"]
    assert recognizer.read == [len(FRAME), len(FRAME)]


@pytest.fixture
def busy() -> Iterator[tuple[RankedPool, threading.Event]]:
    """A pool whose only thread is held up until the event is set."""
    free, held = threading.Event(), threading.Event()
    with ThreadPoolExecutor(1) as threads:
        pool = RankedPool(threads)

        def hold() -> None:
            held.set()
            free.wait()

        pool.submit(Rank.FINAL, hold)
        held.wait()
        yield pool, free
        free.set()


async def test_a_waiting_caller_goes_before_early_readings(
    busy: tuple[RankedPool, threading.Event],
) -> None:
    pool, free = busy
    order: list[str] = []
    readings = {}
    for name, early in (("early", True), ("also early", True), ("final", False)):
        hearing = Hearing(FakeRecognizer(name), ASKED, pool)
        hearing.feed(FRAME)
        readings[name] = hearing.read(early=early)
        readings[name].add_done_callback(lambda _done, name=name: order.append(name))
        await asyncio.sleep(0)
    free.set()
    await asyncio.gather(*readings.values())
    assert order == ["final", "early", "also early"]


async def test_an_early_reading_is_urgent_once_its_turn_is_over(
    busy: tuple[RankedPool, threading.Event],
) -> None:
    pool, free = busy
    order: list[str] = []
    hearings = {name: Hearing(FakeRecognizer(name), ASKED, pool) for name in ("one", "two")}
    readings = []
    for name, hearing in hearings.items():
        hearing.feed(FRAME)
        reading = hearing.read(early=True)
        reading.add_done_callback(lambda _done, name=name: order.append(name))
        readings.append(reading)
        await asyncio.sleep(0)
    hearings["two"].hurry()
    free.set()
    await asyncio.gather(*readings)
    assert order == ["two", "one"]


async def test_a_caller_who_goes_on_costs_no_early_reading(
    busy: tuple[RankedPool, threading.Event],
) -> None:
    pool, free = busy
    recognizer = FakeRecognizer("十六件")
    hearing = Hearing(recognizer, ASKED, pool)
    hearing.feed(FRAME)
    early = hearing.read(early=True)
    await asyncio.sleep(0)
    hearing.go_on()
    hearing.feed(FRAME)
    hearing.hurry()
    final = hearing.read()
    free.set()
    assert (await early, [h.text for h in await final]) == ((), ["十六件"])
    assert recognizer.read == [2 * len(FRAME)]
