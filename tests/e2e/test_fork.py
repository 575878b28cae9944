"""A person has the call: real voices, a real process that hears them, killed in the middle."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from twilio.request_validator import RequestValidator

from api.config import Settings
from api.fork_ticket import ticket
from api.jobs.overlooked import Overlooked
from api.stream_token import StoredUsedTokens, StreamTokens
from api.vault.recordings import Vault, open_vault
from models import desk
from models.call import Call, Disposition, Turn
from models.order import Order
from models.store import Store
from tests.processes import Process, free_port, processes
from voice.catalog import Catalog, ModelMissing
from voice.legs.simulated_fork import Bridge, SimulatedFork
from voice.legs.simulated_line import Faults, FaultyLine
from voice.legs.twilio_codec import StreamStart
from voice.recognizers.whisper import WhisperRecognizer
from voice.synthesizers.neural import CALLER, NeuralOptions, NeuralSynthesizer

pytestmark = [pytest.mark.models, pytest.mark.slow]

SID = "CA" + "7" * 32
PAUSE = bytes(8 * 2 * 1500)
TOKEN = "a token for tests only"


def models(name: str) -> Path:
    try:
        return Catalog(Settings().home_dir).path(name)
    except ModelMissing as missing:
        pytest.skip(str(missing))


def talk(caller: str, person: str) -> Bridge:
    """The caller says something, then the person."""
    folder = models("kokoro-82m-int8")
    first = NeuralSynthesizer(folder, NeuralOptions(voices=CALLER)).speak(caller, lang="zh")
    second = NeuralSynthesizer(folder, NeuralOptions()).speak(person, lang="zh")
    return Bridge(
        caller=PAUSE + first + PAUSE + bytes(len(second)) + PAUSE,
        person=PAUSE + bytes(len(first)) + PAUSE + second + PAUSE,
    )


def passed_on(store: Store) -> None:
    at = datetime.now(store.zone)
    with store.unit() as uow:
        call = Call(sid=SID, caller="+8613800138000", called=None, started_at=at)
        desk.begin_call(uow, call, Order(id="o1", call_sid=SID))
        desk.put_turn(uow, SID, Turn(index=0, speaker="assistant", text="您好", started_ms=0))
        desk.end_call(uow, SID, at, Disposition.TRANSFERRED)
        uow.commit()


async def forked(store: Store, port: int) -> SimulatedFork:
    """What Twilio opens, as it is told to."""
    now = datetime.now(store.zone)
    token = StreamTokens(TOKEN, StoredUsedTokens(store)).issue(ticket(SID), now)
    url = f"ws://127.0.0.1:{port}/voice/fork"
    headers = {"X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(url, {})}
    start = StreamStart(
        stream_sid="MZ1",
        call_sid=SID,
        account_sid="AC1",
        parameters={"token": token},
        tracks=("inbound", "outbound"),
    )
    return await SimulatedFork.open(url, headers, start, FaultyLine(Faults()))


def said(store: Store, speaker: str) -> str:
    with store.reading() as uow:
        call = uow.calls.get(SID)
    assert call is not None
    return "".join(turn.text for turn in call.turns if turn.speaker == speaker)


def swept(vault: Vault, store: Store) -> list[str]:
    """What is kept of the call, what a killed process left behind included."""
    for path in vault.waiting():
        long_ago = time.time() - 60
        os.utime(path, (long_ago, long_ago))
    vault.sweep()
    with store.reading() as uow:
        return [row.name for row in uow.recordings.of_call(SID)]


async def until(true: Callable[[], bool], seconds: int = 120) -> None:
    for _ in range(seconds * 5):
        if true():
            return
        await asyncio.sleep(0.2)
    raise AssertionError("it never came")


async def test_a_person_is_heard_before_and_after_a_kill(
    sqlite_store: Store, tmp_path: Path
) -> None:
    models("whisper-base")
    store, port = sqlite_store, free_port()
    first = talk("我要寄十六件耳机到北京。", "好的，一共十六件耳机，对吗？")
    second = talk("运费月结。", "请问里面有没有危险品？")
    settings = Settings(data=tmp_path, home=Settings().home_dir)
    passed_on(store)
    own = {
        "INTAKE_DATABASE_URL": f"sqlite:///{tmp_path / 'intake.db'}",
        "INTAKE_DATA": str(tmp_path),
        "TWILIO_AUTH_TOKEN": TOKEN,
        "INTAKE_SECOND_RECOGNIZER": "off",
    }
    vault = open_vault(store, settings)
    with processes() as running:
        for number, bridge in enumerate((first, second)):
            arguments = ["serve", "--only", "media", "--port", str(port)]
            running.append(Process(arguments, own, tmp_path / f"media-{number}.log"))
            running[-1].wait_for_port(port)
            fork = await forked(store, port)
            if number == 0:
                # The caller is heard; the person still speaks when the process dies.
                playing = asyncio.create_task(fork.play(bridge))
                await until(
                    lambda: "十六" in said(store, "caller") or "16" in said(store, "caller")
                )
                await asyncio.sleep(len(bridge.person) / 16_000 / 4)
                running[-1].kill()
                await playing
            else:
                await fork.play(bridge)
                await fork.stop()
                await until(lambda: "危险" in said(store, "clerk"))
    assert "月" in said(store, "caller")
    names = swept(vault, store)
    assert len(names) == 2
    with vault.open_parts(None, names) as file:
        sound = np.frombuffer(file.read()[44:], "<i2").reshape(-1, 2)
    assert np.abs(sound[:, 0]).max() > 1000
    assert np.abs(sound[:, 1]).max() > 1000

    recognizer = WhisperRecognizer(models("whisper-base"))
    overlooked = Overlooked(store, vault, lambda: datetime.now(store.zone))
    for name in names:
        for missing in overlooked.missing(SID, name):
            overlooked.write_down(SID, name, missing, recognizer)
    assert "危险" in said(store, "clerk")
