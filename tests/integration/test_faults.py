"""Calls while something is broken: the caller hears a way on, and nothing confirmed is lost."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from models import schema
from models.call import Call, Disposition
from models.errors import ExternalError
from models.order import Status
from models.store import Store
from nlp.dialogue.actions import ConfirmOrder, KeepDraft
from nlp.dialogue.events import OrderConfirmed, SilenceFell
from tests import postgres
from tests.integration.telephone import running_desk
from tests.orders import MOBILE, NOW, draft
from voice.effects import Effects
from voice.legs.twilio_codec import StreamStart
from voice.ports import FRAME_BYTES, CallLeg, LegEnded
from voice.transcript import Transcript

SILENCE = SilenceFell(at=NOW)


class Database:
    """A PostgreSQL server of this test alone, which can be pulled down and started again."""

    def __init__(self, url: str, programs: Path) -> None:
        self.url = url
        self._control = programs / "pg_ctl"
        self._data = Path(url.partition("host=")[2]) / "data"

    def pull_down(self) -> None:
        """As a crash does it."""
        self._run("-m", "immediate", "stop")

    def start(self) -> None:
        """Starts it with the options it was first started with."""
        options = (self._data / "postmaster.opts").read_text().split(" ", 1)[1].replace('"', "")
        words = options.split()
        kept = [word for at, word in enumerate(words) if word != "-D" and words[at - 1] != "-D"]
        log = self._data.parent / "log"
        self._run("-w", "-l", str(log), "-o", " ".join(kept), "start")

    def _run(self, *words: str) -> None:
        command = [str(self._control), "-D", str(self._data), *words]
        subprocess.run(
            ["runuser", "-u", postgres.USER, "--", *command] if postgres.as_root() else command,
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
        )


@pytest.fixture
def database() -> Iterator[Database]:
    """A server with the program's tables."""
    programs = postgres.binaries()
    if programs is None:
        pytest.skip("PostgreSQL's server programs are missing (Debian: postgresql)")
    with postgres.cluster(programs) as url:
        store = Store(url)
        schema.upgrade(store)
        store.close()
        yield Database(url, programs)


@pytest.fixture
def store(database: Database) -> Iterator[Store]:
    """The store on that server."""
    store = Store(database.url)
    yield store
    store.close()


def effects(store: Store, *, patience_s: float) -> Effects:
    return Effects(
        store=store,
        call=Call(sid="CA1", caller=MOBILE, called=None, started_at=NOW),
        wall=lambda: NOW,
        open_now=lambda _at: True,
        link_hours=72,
        recording="call.wav",
        patience_s=patience_s,
    )


async def test_a_yes_outlives_a_database_that_crashed(database: Database, store: Store) -> None:
    hands = effects(store, patience_s=60)
    order = hands.begin().event.order.change(draft().fields)
    hands.carry_out(SILENCE, [KeepDraft(order=order)])
    database.pull_down()
    confirming = asyncio.create_task(
        asyncio.to_thread(hands.carry_out, SILENCE, [ConfirmOrder(order=order)])
    )
    await asyncio.sleep(2)
    assert not confirming.done(), "the caller is kept waiting, not told a lie"
    await asyncio.to_thread(database.start)
    (answer,) = await confirming
    assert isinstance(answer, OrderConfirmed)
    with store.reading() as uow:
        kept = uow.orders.get(order.id)
    assert kept is not None
    assert (kept.status, kept.number) == (Status.AWAITING_SIGNATURE, answer.order.number) or (
        kept.status is Status.CONFIRMED
    )


async def test_a_calls_end_and_words_outlive_a_database_that_crashed(
    database: Database, store: Store
) -> None:
    hands = effects(store, patience_s=0)
    order = hands.begin().event.order.change(draft().fields)
    transcript = Transcript(hands.put_turn)
    writing = asyncio.create_task(transcript.run())
    database.pull_down()
    transcript.caller("十六件", started_ms=0, ended_ms=900, confidence=0.9)
    assert hands.carry_out(SILENCE, [KeepDraft(order=order)]) == []
    (failed,) = hands.carry_out(SILENCE, [ConfirmOrder(order=order)])
    assert failed.type == "effect_failed"
    hands.end(Disposition.CALL_BACK)
    with pytest.raises(ExternalError):
        store.ping()
    await asyncio.to_thread(database.start)
    assert await asyncio.to_thread(hands.settle)
    await transcript.close(1000)
    writing.cancel()
    with store.reading() as uow:
        call = uow.calls.get("CA1")
        kept = uow.orders.get(order.id)
    assert call is not None
    assert call.disposition is Disposition.CALL_BACK
    assert [turn.text for turn in call.turns] == ["十六件"]
    assert kept is not None
    assert (kept.fields, kept.status) == (order.fields, Status.DRAFT)


@pytest.mark.parametrize("messages", range(8))
async def test_a_socket_cut_at_any_message_is_connected_again(
    tmp_path: Path, messages: int
) -> None:
    """After none, one, two ... messages of the server: each cut leads to a further stream."""
    ends: list[bool] = []

    async def answer(leg: CallLeg, _start: StreamStart) -> None:
        for at in range(messages):
            await (leg.mark(f"m{at}") if at % 3 == 2 else leg.send(bytes(320)))
        async for event in leg.events():
            if isinstance(event, LegEnded):
                ends.append(event.clean)

    async with running_desk(tmp_path, answer) as desk:
        call = desk.call()
        await call.place()
        await call.wait(20 * messages)
        call.cut()
        while call.report.streams < 2:
            await call.wait(20)
        await call.hang_up()
    assert ends == [False, True]
    assert call.report.violations == 0
    assert not desk.records.call_backs


async def test_a_peer_that_does_not_read_holds_up_nobody_else(tmp_path: Path) -> None:
    """The server waits for the peer, keeps next to nothing for it, and serves other calls."""
    mark = "x" * 1000
    sent: dict[str, int] = {}
    served: list[str] = []
    ended: list[str] = []

    async def flood(leg: CallLeg) -> None:
        """Sends without a pause, as long as the line takes it."""
        while True:
            await leg.mark(mark)
            sent[leg.call_sid] += 1

    async def handle(leg: CallLeg, _start: StreamStart) -> None:
        sent[leg.call_sid] = 0
        if len(sent) > 1:
            served.append(leg.call_sid)
            await leg.send(bytes(FRAME_BYTES))
            async for _event in leg.events():
                pass
            return
        flooding = asyncio.create_task(flood(leg))
        async for _event in leg.events():
            pass
        flooding.cancel()
        ended.append(leg.call_sid)

    async with running_desk(tmp_path, handle) as desk:
        slow = desk.call()
        await slow.place()
        slow.stop_reading()
        await _still(sent, slow.call_sid)
        # What the kernel takes on the way, and no more; an unbounded queue would never end.
        held = sent[slow.call_sid]
        assert held * len(mark) < 50_000_000
        other = desk.call()
        await other.place()
        await other.wait(1000)
        await other.hang_up()
        assert served == [other.call_sid]
        assert other.report.violations == 0
        assert sent[slow.call_sid] == held
        assert desk.media.live == 1
        slow.cut()
        while slow.report.streams < 2:
            await slow.wait(20)
        await slow.hang_up()
        assert await desk.media.idle(60)
    assert ended == [slow.call_sid]


async def _still(counts: dict[str, int], name: str) -> None:
    """Returns once a count has stopped growing."""
    before = -1
    while counts.get(name, 0) != before or before <= 0:
        before = counts.get(name, 0)
        await asyncio.sleep(0.5)
