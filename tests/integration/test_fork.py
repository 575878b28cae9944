"""A person has the call: what the two say is recorded and written down, through the real socket."""

from __future__ import annotations

import asyncio
import io
import json
import wave
import zipfile
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from twilio.request_validator import RequestValidator
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from api.config import Settings
from api.desk import Desk
from api.fork import hear_fork
from api.fork_ticket import ticket
from api.jobs import retention
from api.jobs.overlooked import Overlooked
from api.metrics import Metrics
from api.personal import Archive
from api.telephony import CallState
from api.vault.recordings import open_vault
from models import desk as desks
from models.call import Call, Disposition, Turn
from models.errors import NotFound
from models.order import Order
from models.store import Store
from tests.fakes import DeafRecognizer, FakeRecognizer
from tests.integration import telephone
from tests.integration.telephone import running_desk
from tests.sounds import noise, on_line, speech
from voice.legs.fork import ForkLeg
from voice.legs.simulated_fork import Bridge, SimulatedFork
from voice.legs.simulated_line import Faults, FaultyLine
from voice.legs.twilio_codec import StreamStart
from voice.overhearing import Switchboard
from voice.ports import CallLeg, Recognizer
from voice.ranked import RankedPool
from voice.session import Engines

#: The caller speaks first, then the person, then the caller again.
CALLER = b"".join(
    on_line(
        np.concatenate(
            [noise(400), speech(900, seed=2), noise(3200), speech(900, seed=5), noise(1200)]
        )
    )
)
PERSON = b"".join(on_line(np.concatenate([noise(2400), speech(900, seed=3), noise(3300)])))
TALK = Bridge(caller=CALLER, person=PERSON, pace=4)


class Office:
    """A desk with one call that the assistant has just passed on."""

    def __init__(self, store: Store, folder: Path, recognizer: Recognizer | None = None) -> None:
        settings = Settings(data=folder, home=folder)
        self.desk = Desk(settings, store, Metrics(), open_vault(store, settings))
        self.faults: list[str] = []
        engines = Engines(
            recognizer=recognizer or FakeRecognizer("十六件"),
            synthesizer=cast(Any, None),
            understander=cast(Any, None),
            hearing_pool=RankedPool(ThreadPoolExecutor(1)),
            thinking_pool=ThreadPoolExecutor(1),
            speaking_pool=ThreadPoolExecutor(1),
            making_pool=RankedPool(ThreadPoolExecutor(1)),
            bridge=cast(Any, None),
            on_timing=cast(Any, None),
            wall=self.desk.now,
            on_fault=self.faults.append,
        )
        self._hear = partial(hear_fork, self.desk, engines)

    async def hear(self, leg: ForkLeg) -> None:
        await self._hear(Switchboard(), leg)

    def passed_on(self, sid: str, ago: timedelta = timedelta(seconds=20)) -> None:
        """The assistant greeted, talked, and left."""
        began = datetime.now(UTC) - ago
        call = Call(sid=sid, caller="+8613800138000", called=None, started_at=began)
        greeting = Turn(index=0, speaker="assistant", text="您好", started_ms=0, ended_ms=900)
        with self.desk.store.unit() as uow:
            desks.begin_call(uow, call, Order(id=f"o-{sid}", call_sid=sid))
            desks.put_turn(uow, sid, greeting)
            desks.end_call(uow, sid, datetime.now(UTC), Disposition.TRANSFERRED)
            uow.commit()

    def call(self, sid: str) -> Call:
        with self.desk.store.reading() as uow:
            found = uow.calls.get(sid)
        assert found is not None
        return found

    def recordings(self, sid: str) -> Sequence[str]:
        with self.desk.store.reading() as uow:
            return [row.name for row in uow.recordings.of_call(sid)]


async def leave(leg: CallLeg, _start: StreamStart) -> None:
    """The assistant leaves at once."""
    await leg.close()
    async for _ in leg.events():
        pass


async def eventually(true: Callable[[], bool]) -> None:
    for _ in range(2_000):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came")


@asynccontextmanager
async def at_work(
    store: Store, folder: Path, recognizer: Recognizer | None = None
) -> AsyncIterator[tuple[Office, telephone.Desk]]:
    office = Office(store, folder, recognizer)
    async with running_desk(folder, leave, office.hear) as phone:
        yield office, phone


def spans(call: Call) -> list[tuple[str, int]]:
    """Who speaks from when, milliseconds from the first word behind the greeting."""
    later = call.turns[1:]
    return [(turn.speaker, turn.started_ms - later[0].started_ms) for turn in later]


@pytest.mark.parametrize(
    "faults", [Faults(), Faults(duplicate=0.05, reorder=0.05, drop=0.02, seed=3)]
)
async def test_both_sides_are_in_the_transcript_and_in_the_recording(
    sqlite_store: Store, tmp_path: Path, faults: Faults
) -> None:
    async with at_work(sqlite_store, tmp_path) as (office, phone):
        call = phone.call(faults=faults, bridge=TALK)
        sid = call.call_sid
        office.passed_on(sid)
        phone.records.states[sid] = CallState(disposition=Disposition.TRANSFERRED)
        await call.place()
        await call.finished()
        await eventually(lambda: bool(office.recordings(sid)))
    assert call.report.forks == ["both_tracks"]
    stored = office.call(sid)
    assert [turn.index for turn in stored.turns] == list(range(4))
    assert [who for who, _ in spans(stored)] == ["caller", "clerk", "caller"]
    for (_, at), wanted in zip(spans(stored), (0, 2000, 4100), strict=True):
        assert abs(at - wanted) < 300
    assert stored.turns[1].started_ms >= 20_000, "the call's time went on"
    assert stored.ended_at is not None
    [name] = office.recordings(sid)
    with office.desk.vault.open_parts(None, [name]) as file, wave.open(file, "rb") as sound:
        assert sound.getnchannels() == 2
        pcm = np.frombuffer(sound.readframes(sound.getnframes()), "<i2").reshape(-1, 2)
    for turn in stored.turns[1:]:
        assert turn.ended_ms is not None
        side = 0 if turn.speaker == "caller" else 1
        heard = pcm[turn.started_ms * 8 : turn.ended_ms * 8].astype(float)
        own, other = np.std(heard[:, side]), np.std(heard[:, 1 - side])
        assert own > 5 * other, "the recording has each turn at its time, on its side"


async def test_the_call_is_live_while_the_two_talk(sqlite_store: Store, tmp_path: Path) -> None:
    async with at_work(sqlite_store, tmp_path) as (office, phone):
        call = phone.call(bridge=TALK)
        office.passed_on(call.call_sid)
        phone.records.states[call.call_sid] = CallState(disposition=Disposition.TRANSFERRED)
        await call.place()
        await eventually(lambda: len(office.call(call.call_sid).turns) > 1)
        during = office.call(call.call_sid)
        with office.desk.store.unit() as uow:  # the assistant's own end may come late
            desks.end_call(uow, call.call_sid, datetime.now(UTC), Disposition.ABANDONED)
            uow.commit()
        assert office.call(call.call_sid).ended_at is None
        await call.finished()
        await eventually(lambda: office.call(call.call_sid).ended_at is not None)
    assert during.ended_at is None
    assert office.call(call.call_sid).disposition is Disposition.TRANSFERRED


async def test_what_cannot_be_read_is_recorded_all_the_same(
    sqlite_store: Store, tmp_path: Path
) -> None:
    async with at_work(sqlite_store, tmp_path, DeafRecognizer()) as (office, phone):
        call = phone.call(bridge=TALK)
        office.passed_on(call.call_sid)
        phone.records.states[call.call_sid] = CallState(disposition=Disposition.TRANSFERRED)
        await call.place()
        await call.finished()
        await eventually(lambda: bool(office.recordings(call.call_sid)))
    assert len(office.call(call.call_sid).turns) == 1
    assert office.faults == ["recognise"] * 3


def forked(phone: telephone.Desk, sid: str, token: str) -> tuple[str, dict[str, str], StreamStart]:
    url = f"{phone.url.replace('http', 'ws')}/voice/fork"
    headers = {"X-Twilio-Signature": RequestValidator(phone.secret).compute_signature(url, {})}
    start = StreamStart(
        stream_sid="MZ1",
        account_sid="AC1",
        call_sid=sid,
        parameters={"token": token},
        tracks=("inbound", "outbound"),
    )
    return url, headers, start


async def begun(phone: telephone.Desk) -> SimulatedFork:
    """A fork of the call, let in by a token of its own."""
    token = phone.forks.issue(ticket("CA1"), datetime.now(UTC))
    return await SimulatedFork.open(*forked(phone, "CA1", token), FaultyLine(Faults()))


async def test_a_dropped_fork_keeps_what_it_heard_and_another_one_goes_on(
    sqlite_store: Store, tmp_path: Path
) -> None:
    async with at_work(sqlite_store, tmp_path) as (office, phone):
        office.passed_on("CA1")
        for number in (1, 2):
            fork = await begun(phone)
            await fork.play(replace(TALK, pace=1))
            fork.cut()
            await eventually(lambda n=number: len(office.recordings("CA1")) == n)
    stored = office.call("CA1")
    assert stored.ended_at is None, "nobody said that the call is over"
    assert [who for who, _ in spans(stored)] == ["caller", "clerk", "caller"] * 2
    starts = [turn.started_ms for turn in stored.turns]
    assert starts == sorted(starts)


async def test_strangers_and_tokens_of_calls_are_refused(
    sqlite_store: Store, tmp_path: Path
) -> None:
    async with at_work(sqlite_store, tmp_path) as (office, phone):
        office.passed_on("CA1")
        once = phone.forks.issue(ticket("CA1"), datetime.now(UTC))
        fork = await SimulatedFork.open(*forked(phone, "CA1", once), FaultyLine(Faults()))
        for token in (phone.forks.issue("CA1", datetime.now(UTC)), once, ""):
            url, headers, start = forked(phone, "CA1", token)
            other = await SimulatedFork.open(url, headers, start, FaultyLine(Faults()))
            with pytest.raises(ConnectionClosed) as closed:
                await other.socket.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4403
        url, _, start = forked(phone, "CA1", once)
        with pytest.raises(Exception, match="403"):
            await connect(url, proxy=None)
        await fork.stop()


async def test_what_a_killed_process_left_is_read_from_the_recording(
    sqlite_store: Store, tmp_path: Path
) -> None:
    async with at_work(sqlite_store, tmp_path, DeafRecognizer()) as (office, phone):
        office.passed_on("CA1")
        fork = await begun(phone)
        await fork.play(TALK)
        fork.cut()
        await eventually(lambda: len(office.recordings("CA1")) == 1)
    [name] = office.recordings("CA1")
    overlooked = Overlooked(sqlite_store, office.desk.vault, office.desk.now)
    assert overlooked.missing("CA1", name) == [0, 1, 2]
    for number in (1, 0, 0, 2):
        overlooked.write_down("CA1", name, number, FakeRecognizer("十六件"))
    assert overlooked.missing("CA1", name) == []
    assert [who for who, _ in spans(office.call("CA1"))] == ["caller", "clerk", "caller"]


async def test_the_new_recordings_are_exported_and_deleted_with_the_others(
    sqlite_store: Store, tmp_path: Path
) -> None:
    async with at_work(sqlite_store, tmp_path) as (office, phone):
        office.passed_on("CA1")
        fork = await begun(phone)
        await fork.play(TALK)
        await fork.stop()
        await eventually(lambda: len(office.recordings("CA1")) == 1)
    [name] = office.recordings("CA1")
    vault, target = office.desk.vault, io.BytesIO()
    handed = Archive(sqlite_store, vault).write(
        target, "phone", "+8613800138000", by="lina", at=datetime.now(UTC)
    )
    assert handed.recordings == 1
    with zipfile.ZipFile(target) as archive:
        assert f"calls/CA1/{name.rpartition('/')[2]}" in archive.namelist()
        told = json.loads(archive.read("calls/CA1/call.json"))
    assert [turn["speaker"] for turn in told["turns"]] == ["assistant", "caller", "clerk", "caller"]
    settings = office.desk.settings.model_copy(update={"keep_recordings_days": 1})
    retention.run(sqlite_store, vault, settings, datetime.now(UTC) + timedelta(days=2))
    assert office.recordings("CA1") == []
    with pytest.raises(NotFound):
        vault.open(name)
