"""One utterance on its way through the recogniser."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from models.errors import ExternalError
from nlp.meaning import Expectation
from tests.fakes import DeafRecognizer, FakeRecognizer
from voice.hearing import Hearing

ASKED = Expectation(slot="pieces", now=datetime(2026, 11, 23, tzinfo=UTC))
FRAME = bytes(320)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


async def test_every_reading_covers_all_that_was_fed(pool: ThreadPoolExecutor) -> None:
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


async def test_a_failure_is_told_by_the_reading_alone(pool: ThreadPoolExecutor) -> None:
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


async def test_the_other_language_is_read_again_in_that_one(pool: ThreadPoolExecutor) -> None:
    recognizer = FakeRecognizer("sixteen pieces", spoken="en")
    hearing = Hearing(recognizer, ASKED, pool)
    hearing.feed(FRAME)
    await hearing.read()
    assert [asked.lang for asked in recognizer.opened] == ["zh", "en"]
    assert recognizer.read == [len(FRAME), len(FRAME)]
