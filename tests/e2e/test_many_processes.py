"""Several processes against one PostgreSQL, behind the proxy: spread, one killed, all full."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import select

from api.config import Settings
from api.engines import make_voice
from models.call import Turn
from models.rows_line import MediaProcessRow
from models.store import Store
from nlp.verbalize import verbalize
from tests.processes import Process, free_port, new_database, processes, proxy
from voice.legs.simulator import PhoneCall

SECRET = "a secret for tests only"
SENTENCE = "我要从上海浦东发二十箱茶叶到北京朝阳。"
PATIENCE_S = 90


@dataclass
class House:
    """What runs."""

    url: str
    store: Store
    media: list[Process]
    folder: Path
    calls: list[PhoneCall] = field(default_factory=list)

    async def call(self, *, gathered: tuple[str, ...] = ()) -> PhoneCall:
        """A caller whose call is answered by the assistant."""
        caller = f"+8613{secrets.randbelow(10**9):09d}"
        call = PhoneCall(base_url=self.url, secret=SECRET, caller=caller, gathered=gathered)
        await call.place()
        self.calls.append(call)
        return call

    def live(self) -> list[int]:
        """Calls of each media process that is alive, as they tell it themselves."""
        with self.store.reading() as uow:
            query = select(MediaProcessRow).order_by(MediaProcessRow.live)
            return [row.live for row in uow.session.scalars(query)]

    def serving(self) -> Process:
        """The process that serves the only call."""
        with self.store.reading() as uow:
            rows = uow.session.scalars(select(MediaProcessRow).where(MediaProcessRow.live == 1))
            pid = int(rows.one().id.split("-")[-2])
        return next(process for process in self.media if process.popen.pid == pid)

    def turns(self, call: PhoneCall) -> tuple[Turn, ...]:
        """The call's transcript."""
        with self.store.reading() as uow:
            stored = uow.calls.get(call.call_sid)
        return stored.turns if stored else ()


@pytest.fixture
def house(postgres_url: str, tmp_path: Path) -> Iterator[House]:
    """nginx, a web process and two media processes that take two calls each."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        pytest.skip("The proxy is missing (Debian: nginx-light)")
    database = new_database(postgres_url)
    port, web, media = free_port(), free_port(), [free_port(), free_port()]
    environment = {
        "INTAKE_DATA": str(tmp_path / "data"),
        "INTAKE_DATABASE_URL": database,
        "INTAKE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "INTAKE_MOST_CALLS": "2",
        "TWILIO_AUTH_TOKEN": SECRET,
    }
    with ExitStack() as stack:
        running = stack.enter_context(processes())
        for name, only, at in (("web", "web", web), *(("media", "media", p) for p in media)):
            arguments = ["serve", "--only", only, "--port", str(at)]
            running.append(Process(arguments, environment, tmp_path / f"{name}-{at}.log"))
        for process, at in zip(running, (web, *media), strict=True):
            process.wait_for_port(at)
        (tmp_path / "nginx").mkdir()
        stack.enter_context(proxy(nginx, tmp_path / "nginx", port=port, web=[web], media=media))
        store = Store(database, secret=SECRET)
        stack.callback(store.close)
        yield House(environment["INTAKE_PUBLIC_URL"], store, running[1:], tmp_path)


def spoken(sentence: str) -> bytes:
    """A sentence by the assistant's own voice, as the caller's."""
    return make_voice(Settings()).speak(verbalize(sentence, "zh"), lang="zh")


async def until(what: str, happens: Callable[[], bool]) -> None:
    """Waits for something that processes do in their own time."""
    assert await asyncio.to_thread(_comes_true, happens), f"waited in vain: {what}"


def _comes_true(happens: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if happens():
            return True
        time.sleep(0.2)
    return False


async def test_calls_are_spread_survive_a_kill_and_are_turned_away(house: House) -> None:
    await until("both media processes are known", lambda: house.live() == [0, 0])
    call = await house.call()
    await call.listen(timeout_s=PATIENCE_S)
    await call.say(spoken(SENTENCE))
    await call.listen(timeout_s=PATIENCE_S)
    await until("one call is served", lambda: house.live() == [0, 1])
    before = house.turns(call)
    assert any(turn.speaker == "caller" for turn in before)

    house.serving().kill()
    await until("the caller is greeted again", lambda: "断了" in said(house, call))
    after = house.turns(call)
    assert [turn.text for turn in after[: len(before) - 1]] == [
        turn.text for turn in before[:-1]
    ], "what was said before the break is kept"
    assert call.report.streams == 2
    recordings = sorted(path.name for path in (house.folder / "data").rglob(f"{call.call_sid}*"))
    assert len(recordings) == 2, "the first part is kept beside the second"

    await house.call()
    await until("the dead one is forgotten, the other full", lambda: house.live() == [2])
    third = PhoneCall(base_url=house.url, secret=SECRET, gathered=("1",))
    with pytest.raises(Exception, match="before any audio"):
        await third.place()
    assert third.report.verbs == ["Gather", "Say", "Hangup"]
    with house.store.reading() as uow:
        tasks = [t for t in uow.tasks.still_open() if t.call_sid == third.call_sid]
    assert [task.kind for task in tasks] == ["call_back"]
    for live in house.calls:
        await live.hang_up()


async def test_two_processes_share_the_calls_and_one_is_drained(house: House) -> None:
    await until("both media processes are known", lambda: house.live() == [0, 0])
    first, second = await house.call(), await house.call()
    await until("each has one", lambda: house.live() == [1, 1])
    stopping = asyncio.create_task(asyncio.to_thread(house.media[0].stop))
    await until("one takes no more", lambda: draining(house) == 1)
    third = await house.call()
    await until("the other has two", lambda: house.live()[-1] == 2)
    await first.hang_up()
    await second.hang_up()
    assert await stopping == -signal.SIGTERM, "it ends by the signal that it was sent"
    await third.hang_up()
    assert [call.report.streams for call in house.calls] == [1, 1, 1]


def draining(house: House) -> int:
    """How many processes take no new calls."""
    with house.store.reading() as uow:
        query = select(MediaProcessRow).where(MediaProcessRow.draining)
        return len(uow.session.scalars(query).all())


def said(house: House, call: PhoneCall) -> str:
    """Everything that was said in a call."""
    return "".join(turn.text for turn in house.turns(call))
