"""The stream of changes: one poller, coalesced news, an end with its last watcher."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api.console import stream
from api.console.stream import LiveStream
from models.alarms import Alarm, Mood, alarms
from models.call import Call, Turn
from models.fields import DangerousGood
from models.order import Order
from tests.orders import draft, fields

START = datetime(2026, 11, 24, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


class Browser:
    """One that reads the stream until it leaves."""

    def __init__(self, live: LiveStream) -> None:
        self.status = 0
        self.events: list[str] = []
        self._left = asyncio.Event()
        scope = {"type": "http", "path": stream.PATH, "headers": [(b"cookie", b"good")]}
        self.task = asyncio.create_task(live(scope, self._receive, self._send))

    async def leave(self) -> None:
        self._left.set()
        await self.task

    async def until(self, event: str) -> None:
        async with asyncio.timeout(3):
            while event not in self.events:  # noqa: ASYNC110 - what comes is a list
                await asyncio.sleep(0.005)

    async def _receive(self) -> dict[str, Any]:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        lines = message.get("body", b"").decode().splitlines()
        self.events += [line[len("event: ") :] for line in lines if line.startswith("event: ")]


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "POLL_S", 0.01)


async def test_one_poller_serves_all_watchers_and_stops_with_the_last_one() -> None:
    looks = 0
    calls = {"CA1": "a"}

    def pulse() -> Mapping[str, str]:
        nonlocal looks
        looks += 1
        return dict(calls)

    live = LiveStream(enter=lambda cookie: cookie == "good", pulse=pulse)
    browsers = [Browser(live) for _ in range(3)]
    for browser in browsers:
        await browser.until("call-CA1")
        browser.events.clear()
    calls["CA1"] = "b"
    calls["CA2"] = "a"
    for browser in browsers:
        await browser.until("call-CA1")
        await browser.until("call-CA2")
        assert "calls" in browser.events
    before = looks
    await asyncio.sleep(0.1)
    assert looks - before < 15
    for browser in browsers:
        await browser.leave()
    await asyncio.sleep(0.05)
    before = looks
    await asyncio.sleep(0.05)
    assert looks == before


async def test_strangers_are_sent_away() -> None:
    live = LiveStream(enter=lambda cookie: False, pulse=dict)
    browser = Browser(live)
    await browser.task
    assert browser.status == 403


def call(*turns: Turn) -> Call:
    return Call(sid="CA1", caller=None, called=None, started_at=START, turns=turns)


def turn(index: int, confidence: float, *, ended_ms: int | None = 2000) -> Turn:
    return Turn(
        index=index,
        speaker="caller",
        text="你好",
        started_ms=1000,
        ended_ms=ended_ms,
        confidence=confidence,
    )


def test_alarms_tell_what_to_look_at() -> None:
    soon, late = START + timedelta(seconds=5), START + timedelta(seconds=60)
    assert alarms(call(turn(0, 0.9)), draft(), soon) == ()
    assert alarms(call(turn(0, 0.4)), None, soon) == (Alarm.UNSURE,)
    old = [turn(0, 0.4), *(turn(i, 0.9) for i in range(1, 4))]
    assert alarms(call(*old), None, soon) == ()
    assert alarms(call(turn(0, 0.9)), None, late) == (Alarm.SILENCE,)
    assert alarms(call(turn(0, 0.9, ended_ms=None)), None, late) == ()
    for mood, alarm in (
        (Mood(abuses=1), (Alarm.ANGRY,)),
        (Mood(demands=1, not_understood=1), ()),
        (Mood(demands=2), (Alarm.ANGRY,)),
        (Mood(not_understood=2), (Alarm.LOST,)),
    ):
        assert alarms(call(turn(0, 0.9)), None, soon, mood) == alarm
    goods = {"dangerous": (DangerousGood("锂电池", "9", "UN3480"),)}
    named = Order(id="o1").change(fields(goods))  # type: ignore[arg-type]
    assert alarms(call(turn(0, 0.9)), named, soon) == (Alarm.DANGEROUS,)
