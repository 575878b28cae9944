"""The telephone in the browser against a real server: who is let in, and what is kept."""

from __future__ import annotations

import asyncio
import json
import wave
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from api.config import Settings
from api.console import listen_line, phone_line
from models.desk import live
from models.errors import RuleError
from models.staff import Role
from models.store import Store
from tests.console import PASSWORD, Desk, token_of
from tests.softphone import application, engines, served
from tests.sounds import noise, on_line, speech
from voice.legs.softphone_codec import (
    Begun,
    Clear,
    KeyPressed,
    Mark,
    Start,
    Stop,
    Voice,
    parse_to_browser,
    write,
)


@pytest.fixture
def desk(sqlite_store: Store, tmp_path: Path) -> Desk:
    desk = Desk(sqlite_store, Settings(data=tmp_path, home=tmp_path))
    desk.user()
    return desk


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    with served(application(desk, engines())) as url:
        yield url


class Visitor:
    """A browser of somebody who has logged in."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.web = httpx.AsyncClient(base_url=address, trust_env=False, follow_redirects=True)
        self.csrf = ""

    async def log_in(self, name: str = "anna") -> None:
        form = (await self.web.get("/console/login")).text
        data = {"name": name, "password": PASSWORD, "csrf_token": token_of(form)}
        self.csrf = token_of((await self.web.post("/console/login", data=data)).text)

    async def dial(self, caller: str = "13800138000", **more: str) -> httpx.Response:
        headers = {"X-CSRFToken": self.csrf}
        form = {"caller": caller, **more}
        return await self.web.post("/console/phone/calls", data=form, headers=headers)

    async def ticket(self) -> Start:
        admitted = (await self.dial()).json()
        return Start(call_sid=admitted["call"], caller=admitted["caller"], token=admitted["token"])

    def line(
        self,
        *,
        origin: str | None = None,
        cookie: str | None = None,
        path: str = phone_line.PATH,
    ) -> connect:
        kept = "; ".join(f"{name}={value}" for name, value in self.web.cookies.items())
        return connect(
            self.address.replace("http", "ws") + path,
            additional_headers={
                "Origin": self.address if origin is None else origin,
                "Cookie": kept if cookie is None else cookie,
            },
            proxy=None,
        )


@pytest.fixture
async def somebody(address: str) -> AsyncIterator[Visitor]:
    visitor = Visitor(address)
    await visitor.log_in()
    yield visitor
    await visitor.web.aclose()


async def code_after(socket: ClientConnection, *messages: str | bytes) -> int | None:
    """The code that the socket closes with once these were sent."""
    with pytest.raises(ConnectionClosed) as closed:
        for message in messages:
            await socket.send(message)
        while True:
            await asyncio.wait_for(socket.recv(), 10)
    return closed.value.rcvd.code if closed.value.rcvd else None


async def talk(socket: ClientConnection, start: Start) -> tuple[int, list[str]]:
    """Says one thing after the greeting, presses a key over the answer; what came back."""
    await socket.send(write(start))
    frames, marks, cleared = 0, [], asyncio.Event()

    async def listen() -> None:
        nonlocal frames
        async for raw in socket:
            match parse_to_browser(raw):
                case Voice():
                    frames += 1
                case Mark(name):
                    marks.append(name)
                    await socket.send(write(Mark(name, cleared=cleared.is_set())))
                case Clear():
                    cleared.set()
                case Begun():
                    pass

    listening = asyncio.create_task(listen())
    sound = np.concatenate([noise(1500), speech(1500, seed=3), noise(4000)])
    for frame in on_line(sound):
        await socket.send(frame)
        await asyncio.sleep(0.02)
    await socket.send(write(KeyPressed("*")))
    await asyncio.sleep(1.0)
    await socket.send(write(Stop()))
    await asyncio.wait_for(listening, 10)
    return frames, marks


async def test_a_call_is_talked_and_kept_like_any_other(desk: Desk, somebody: Visitor) -> None:
    start = await somebody.ticket()
    async with somebody.line() as socket:
        frames, marks = await talk(socket, start)
    assert frames > 50
    assert marks
    with desk.store.reading() as uow:
        call = uow.calls.get(start.call_sid)
        entries = [entry for entry in uow.audit.entries() if entry.action == "phone.call"]
    assert call is not None
    assert call.in_browser
    assert call.caller == "+8613800138000"
    assert call.ended_at is not None
    said = {turn.text for turn in call.turns if turn.speaker == "caller"}
    assert said == {"十六件耳机，走空运。"}
    assert any(turn.heard_ratio == 1.0 for turn in call.turns if turn.speaker == "assistant")
    assert call.order_id is not None
    assert desk.stored(call.order_id).value("pieces") == 16
    assert [(e.who, e.subject) for e in entries] == [("anna", f"call:{call.sid}")]
    assert call.recording is not None
    with desk.vault.open(call.recording) as kept, wave.open(kept) as file:
        assert file.getnchannels() == 2
        sound = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    assert abs(sound.astype(int)).max(axis=0).min() > 1000, "both sides are on the recording"


async def test_an_admin_hears_drafts_in_a_call(desk: Desk, address: str) -> None:
    desk.user("root", Role.ADMIN)
    desk.draft("greeting", "您好，{company}，这是草稿。")
    admin = Visitor(address)
    await admin.log_in("root")
    said: list[str] = []
    for asked in ({"drafts": "yes"}, {}):
        admitted = (await admin.dial(**asked)).json()
        start = Start(call_sid=admitted["call"], caller=admitted["caller"], token=admitted["token"])
        async with admin.line() as socket:
            await talk(socket, start)
        with desk.store.reading() as uow:
            call = uow.calls.get(start.call_sid)
        assert call is not None
        said.append(next(turn.text for turn in call.turns if turn.speaker == "assistant"))
    await admin.web.aclose()
    assert said[0] == "您好，顺达货运，这是草稿。"
    assert "草稿" not in said[1]


async def test_a_clerk_dials_without_drafts_only(somebody: Visitor) -> None:
    assert (await somebody.dial(drafts="yes")).status_code == 403


async def listen(somebody: Visitor, call_sid: str) -> dict[str, str]:
    """What lets this person listen to a call."""
    headers = {"X-CSRFToken": somebody.csrf}
    answer = await somebody.web.post(f"/console/live/{call_sid}/listen", headers=headers)
    return dict(answer.json()) if answer.status_code == 200 else {}


async def test_a_call_in_progress_is_listened_to(desk: Desk, somebody: Visitor) -> None:
    start = await somebody.ticket()
    async with somebody.line() as phone:
        talking = asyncio.create_task(talk(phone, start))
        admitted: dict[str, str] = {}
        for _ in range(600):  # until the call is stored
            admitted = admitted or await listen(somebody, start.call_sid)
            await asyncio.sleep(0 if admitted else 0.05)
        async with somebody.line(path=listen_line.PATH) as ear:
            await ear.send(json.dumps(admitted))
            heard = [frame async for frame in ear]  # until the call ends, and with it the socket
            assert ear.close_code == 1000
        await talking
        async with somebody.line(path=listen_line.PATH) as ear:
            assert await code_after(ear, json.dumps(admitted)) == 4403  # a token serves once
    assert await listen(somebody, start.call_sid) == {}
    sound = np.frombuffer(b"".join(f for f in heard if isinstance(f, bytes)), "<i2")
    # The caller's made-up speech, and the assistant's tone of 440 Hz.
    parts = np.abs(np.fft.rfft(sound.astype(float)))
    assert len(sound) > 3 * 8000
    assert parts[int(440 * len(sound) / 8000) - 3 :][:7].max() > 20 * np.median(parts)
    assert abs(sound.astype(int)).max() > 3000
    with desk.store.reading() as uow:
        noted = [entry for entry in uow.audit.entries() if entry.action == "call.listen"]
    assert [(e.who, e.subject) for e in noted] == [("anna", f"call:{start.call_sid}")]


async def test_only_who_may_handle_calls_listens(desk: Desk, address: str) -> None:
    desk.user("wang", Role.WAREHOUSE_MANAGER)
    desk.call("o1", "CA1", ended=False)
    keeper = Visitor(address)
    await keeper.log_in("wang")
    assert await listen(keeper, "CA1") == {}
    with pytest.raises(InvalidStatus):
        await keeper.line(path=listen_line.PATH)
    await keeper.web.aclose()


async def test_a_call_that_is_not_here_says_so(desk: Desk, somebody: Visitor) -> None:
    desk.call("o1", "CA1", ended=False)
    admitted = await listen(somebody, "CA1")
    other = {**admitted, "call": "CA2"}
    for first, code in ((admitted, 4404), (other, 4403), ({}, 4400), ([], 4400)):
        async with somebody.line(path=listen_line.PATH) as ear:
            assert await code_after(ear, json.dumps(first)) == code
    with pytest.raises(InvalidStatus):
        await somebody.line(path=listen_line.PATH, cookie="")


async def test_strangers_and_other_sites_are_refused(desk: Desk, somebody: Visitor) -> None:
    for origin, cookie in (
        (None, ""),
        (None, "intake_session=made.up.text"),
        ("https://elsewhere.example", None),
        ("", None),
    ):
        with pytest.raises(InvalidStatus) as handshake:
            await somebody.line(origin=origin, cookie=cookie)
        assert handshake.value.response.status_code == 403


async def test_a_ticket_serves_one_call_of_one_person_once(desk: Desk, somebody: Visitor) -> None:
    start = await somebody.ticket()
    other_number = Start(call_sid=start.call_sid, caller="+8613900000000", token=start.token)
    other_call = Start(call_sid="SP" + "0" * 32, caller=start.caller, token=start.token)
    for first, code in (
        (write(other_number), 4403),
        (write(other_call), 4403),
        (write(Stop()), 4400),
        ("nonsense", 4400),
    ):
        async with somebody.line() as socket:
            assert await code_after(socket, first) == code
    async with somebody.line() as socket:
        assert await code_after(socket, write(start), write(Stop())) == 1000
    async with somebody.line() as socket:
        assert await code_after(socket, write(start)) == 4403


async def test_a_busy_server_says_so(
    desk: Desk, somebody: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phone_line, "MOST_CALLS", 0)
    async with somebody.line() as socket:
        assert await code_after(socket) == 4503


async def test_numbers_are_checked_and_nobody_dials_without_a_form(
    desk: Desk, somebody: Visitor
) -> None:
    wrong = await somebody.dial("12345")
    assert (wrong.status_code, wrong.json()) == (422, {"problem": "这不是有效的电话号码。"})
    assert (await somebody.dial("")).json()["caller"] == ""
    somebody.csrf = ""
    assert (await somebody.dial()).status_code == 400


def test_a_call_from_the_browser_is_not_passed_on(desk: Desk) -> None:
    desk.call("o1", "SP" + "1" * 32, ended=False)
    with desk.store.unit() as uow, pytest.raises(RuleError, match="browser"):
        user = uow.users.get(1)
        assert user is not None
        live.take_over(uow, "SP" + "1" * 32, user=user, number="+862155550199", at=desk.now)
