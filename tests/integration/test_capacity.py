"""What the processes that serve calls tell each other, and what they do when they are full."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from twilio.request_validator import RequestValidator
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from api.capacity import Beat, has_room
from api.stream_token import StoredUsedTokens, StreamTokens
from models.repositories.line import PRESUMED_DEAD
from models.store import Store
from tests.integration.telephone import running_desk
from voice.legs.twilio_codec import StreamStart
from voice.ports import CallLeg

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def beat(
    store: Store, process: str, live: int, *, draining: bool = False, at: datetime = NOW
) -> None:
    with store.unit() as uow:
        uow.line.beat(process, live=live, most=4, draining=draining, at=at)
        uow.commit()


def test_room_is_what_all_processes_have_together(store: Store) -> None:
    assert has_room(store, NOW), "nothing is known"
    beat(store, "a", 4)
    assert not has_room(store, NOW)
    beat(store, "b", 3)
    assert has_room(store, NOW)
    beat(store, "b", 3, draining=True)
    assert not has_room(store, NOW)


def test_a_silent_process_is_taken_for_dead(store: Store) -> None:
    beat(store, "dead", 0)
    later = NOW + PRESUMED_DEAD + timedelta(seconds=1)
    beat(store, "full", 4, at=later)
    assert not has_room(store, later)


def test_a_process_that_ends_takes_its_places_along(store: Store) -> None:
    beat(store, "a", 0)
    beat(store, "b", 4)
    with store.unit() as uow:
        uow.line.leave("a")
        uow.commit()
    assert not has_room(store, NOW)


def test_a_token_serves_once_in_all_processes(store: Store) -> None:
    first, second = (StreamTokens("a key", StoredUsedTokens(store)) for _ in range(2))
    token = first.issue("CA1", NOW)
    assert first.redeem(token, "CA1", NOW)
    assert not second.redeem(token, "CA1", NOW)
    assert second.redeem(second.issue("CA1", NOW), "CA1", NOW)


def full(store: Store) -> None:
    """Returns once no place is left."""
    while has_room(store, NOW):
        time.sleep(0.01)


@dataclass
class Serving:
    """A process as its beat sees it."""

    live: int = 0
    most: int = 1
    draining: bool = False


async def test_a_beat_is_heard_until_its_process_ends(store: Store) -> None:
    serving = Serving(live=1)
    task = asyncio.create_task(Beat(store, serving, lambda: NOW).run())
    await asyncio.to_thread(full, store)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with store.reading() as uow:
        assert uow.line.room(NOW) is None


async def test_a_full_process_turns_the_next_call_away(tmp_path: Path) -> None:
    over = asyncio.Event()

    async def wait(_leg: CallLeg, _start: StreamStart) -> None:
        await over.wait()

    async with running_desk(tmp_path, wait) as desk:
        desk.media.most = 1
        call = desk.call()
        await call.place()
        url = f"{desk.url.replace('http', 'ws')}/voice/stream"
        signed = RequestValidator(desk.secret).compute_signature(url, {})
        headers = {"X-Twilio-Signature": signed}
        with pytest.raises(InvalidStatus) as refused:
            await connect(url, additional_headers=headers, proxy=None)
        assert refused.value.response.status_code == 503
        over.set()
        await call.finished()
        async with connect(url, additional_headers=headers, proxy=None):
            pass


async def test_a_draining_process_turns_calls_away(tmp_path: Path) -> None:
    async def nobody(_leg: CallLeg, _start: StreamStart) -> None:
        raise AssertionError

    async with running_desk(tmp_path, nobody) as desk:
        desk.media.drain()
        call = desk.call()
        with pytest.raises(Exception, match="before any audio"):
            await call.place()
    assert call.report.verbs == ["Connect", "Redirect"] * 3 + ["Say", "Hangup"]
    assert set(desk.records.call_backs) == {call.call_sid}
