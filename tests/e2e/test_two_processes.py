"""Pages in one process, calls in another, PostgreSQL between them: as `intake serve` runs them."""

from __future__ import annotations

import asyncio
import io
import json
import os
import socket
import subprocess
import sys
import wave
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import ClientConnection

from api.config import Settings
from api.console import listen_line
from models.call import Call
from models.staff import Role
from models.store import Store
from tests.console import Desk
from tests.integration.test_softphone import Visitor, listen
from tests.sounds import noise, on_line, speech
from voice.catalog import Catalog, ModelMissing
from voice.legs.softphone_codec import Begun, Mark, Stop, parse_to_browser, write
from voice.ports import LINE_HZ

pytestmark = [pytest.mark.models, pytest.mark.slow]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(part: str, folder: Path, url: str) -> Iterator[str]:
    """One part in a process of its own; its address once it listens."""
    port = free_port()
    own = {"INTAKE_DATABASE_URL": url, "INTAKE_DATA": str(folder), "TWILIO_AUTH_TOKEN": ""}
    command = [sys.executable, "-m", "api", "serve", "--only", part, "--port", str(port)]
    with (folder / f"{part}.log").open("wb") as out:
        process = subprocess.Popen(command, env={**os.environ, **own}, stdout=out, stderr=out)
    address = f"http://127.0.0.1:{port}"
    try:
        while not _listens(port):
            assert process.poll() is None, (folder / f"{part}.log").read_text()
        yield address
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
    except OSError:
        return False
    return True


@pytest.fixture(scope="module")
def processes(
    postgres_store: Store, postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    """The addresses of pages and calls."""
    try:
        for name in ("whisper-base", "kokoro-82m-int8"):
            Catalog(Settings().home_dir).path(name)
    except ModelMissing as missing:
        pytest.skip(str(missing))
    folder = tmp_path_factory.mktemp("processes")
    with (
        serving("media", folder, postgres_url) as media,
        serving("web", folder, postgres_url) as web,
    ):
        yield web, media


@pytest.fixture
async def people(store: Store, processes: tuple[str, str]) -> AsyncIterator[Visitor]:
    """Somebody at the pages; `store` is emptied afterwards."""
    desk = Desk(store, Settings())
    desk.user()
    desk.user("root", Role.ADMIN)
    visitor = Visitor(processes[0])
    await visitor.log_in()
    yield visitor
    await visitor.web.aclose()


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
async def test_a_browsers_call_is_talked_there_and_seen_and_heard_here(
    store: Store, people: Visitor, processes: tuple[str, str]
) -> None:
    _, media = processes
    start = await people.ticket()
    people.address = media
    async with people.line() as phone:
        await phone.send(write(start))
        assert isinstance(parse_to_browser(await phone.recv()), Begun)
        speaking = asyncio.create_task(_speak(phone))
        admitted: dict[str, str] = {}
        while not admitted:
            admitted = await listen(people, start.call_sid)
        async with people.line(path=listen_line.PATH) as ear:
            await ear.send(json.dumps(admitted))
            heard = [await ear.recv() for _ in range(100)]
        await speaking
        page = await people.web.get(f"/console/live/{start.call_sid}")
        assert "顺达货运" in page.text
        await phone.send(write(Stop()))
        async for raw in phone:
            message = parse_to_browser(raw)
            if isinstance(message, Mark):
                await phone.send(write(message))
    assert any(set(frame) != {0} for frame in heard if isinstance(frame, bytes))
    for _ in range(300):  # the process of calls stores the end in a moment
        if _call(store, start.call_sid).ended_at is None:
            await asyncio.sleep(0.1)
    call = _call(store, start.call_sid)
    assert call.ended_at is not None
    assert any(turn.speaker == "assistant" for turn in call.turns)


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
async def test_drafts_are_heard_where_no_calls_are(people: Visitor) -> None:
    admin = Visitor(people.address)
    await admin.log_in("root")
    answer = await admin.web.get("/console/prompts/zh/moment/own.wav", timeout=None)
    await admin.web.aclose()
    assert answer.status_code == 200
    with wave.open(io.BytesIO(answer.content)) as file:
        assert file.getframerate() == LINE_HZ
        assert file.getnframes() > LINE_HZ // 4


def test_the_process_of_calls_tells_how_it_is(processes: tuple[str, str]) -> None:
    _, media = processes
    with httpx.Client(base_url=media, trust_env=False) as web:
        assert web.get("/healthz").json() == {"status": "ok"}
        assert web.get("/readyz").json()["ready"] is True
        assert "intake_calls_live" in web.get("/metrics").text
        assert web.get("/console/").status_code == 404


async def _speak(phone: ClientConnection) -> None:
    """Two seconds of a caller's made-up speech, in real time."""
    for frame in [*on_line(speech(2000, seed=3)), *on_line(noise(1000))]:
        await phone.send(frame)
        await asyncio.sleep(0.02)


def _call(store: Store, sid: str) -> Call:
    with store.reading() as uow:
        call = uow.calls.get(sid)
    assert call is not None
    return call
