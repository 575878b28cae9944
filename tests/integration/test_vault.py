"""Recordings in the object store: a local folder, and a stand-in of S3."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import wave
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from api.config import Settings
from api.vault import recordings
from api.vault.objects import Objects, open_objects
from api.vault.recordings import Vault
from api.vault.sealing import KeyMissing, Keyring
from models.errors import ExternalError, NotFound
from models.store import Store
from tests.console import Desk, log_in, record
from tests.orders import NOW

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:botocore")


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """Where a stand-in of S3 answers; it has the bucket `desk`."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    client = boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id="any",
        aws_secret_access_key="any",
    )
    client.create_bucket(Bucket="desk")
    yield address
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """An installation of each kind."""
    if request.param == "folder":
        return Settings(data=tmp_path, home=tmp_path)
    return _bucket(request.getfixturevalue("s3"), tmp_path)


def _bucket(address: str, data: Path) -> Settings:
    return Settings(
        data=data,
        home=data,
        objects_url=f"s3://desk/{data.name}",
        objects_endpoint=address,
        objects_region="us-east-1",
        objects_key_id="any",
        objects_secret="any",  # type: ignore[arg-type]
    )


@pytest.fixture
def desk(sqlite_store: Store, settings: Settings) -> Desk:
    return Desk(sqlite_store, settings)


def test_a_recording_is_sealed_kept_and_taken_off_the_machine(desk: Desk) -> None:
    desk.call(recorded=False)
    path = desk.vault.new("CA1", NOW)
    record(path)
    plain = path.read_bytes()
    assert desk.vault.keep(path)
    assert not path.exists()
    with desk.store.reading() as uow:
        (row,) = uow.recordings.of_call("CA1")
        assert uow.calls.row("CA1").recording == row.name
    objects = open_objects(desk.settings)
    assert objects.names() == [row.name]
    stored = objects.part(row.name, 0, row.size)
    assert stored[:4] == b"VIA1"
    assert plain[200_000:200_064] not in stored
    with desk.vault.open(row.name) as file:
        file.seek(123_456)
        assert file.read(70_000) == plain[123_456:193_456]
    with desk.vault.open(row.name) as file, wave.open(file) as sound:
        assert sound.getnchannels() == 2
    desk.vault.delete(row.name)
    desk.vault.delete(row.name)
    assert objects.names() == []
    with pytest.raises(NotFound):
        desk.vault.open(row.name)


_CALL = """
import sys, time
from pathlib import Path
from voice.recording import Recorder
recorder = Recorder(Path(sys.argv[1]))
for second in range(10):
    recorder.caller(second * 1000, b"\\1\\2" * 8000)
print("talking", flush=True)
time.sleep(600)
"""


def test_what_a_killed_process_leaves_is_kept_by_the_next_sweep(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recordings, "_NEW_S", 0.0)
    desk.call(recorded=False)
    path = desk.vault.new("CA1", NOW)
    with subprocess.Popen([sys.executable, "-c", _CALL, path], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"talking\n"
        assert desk.vault.sweep() == 0, "its writer lives"
        process.kill()
    assert desk.vault.sweep() == 1
    assert desk.vault.waiting() == []
    with desk.store.reading() as uow:
        name = uow.calls.row("CA1").recording
    assert name is not None
    with desk.vault.open(name) as file, wave.open(file) as sound:
        assert sound.getnframes() >= 7 * 8000
        assert sound.readframes(1)[:2] == b"\1\2"


def test_a_recording_waits_on_the_machine_while_the_store_is_away(
    sqlite_store: Store, s3: str, tmp_path: Path
) -> None:
    away = Desk(sqlite_store, _bucket("http://127.0.0.1:9", tmp_path))
    away.call(recorded=False)
    path = away.vault.new("CA1", NOW)
    record(path)
    with pytest.raises(ExternalError):
        away.vault.keep(path)
    assert away.vault.sweep() == 0
    assert away.vault.waiting() == [path]
    name = away.vault.name(path)
    back = Desk(sqlite_store, _bucket(s3, tmp_path))
    with back.vault.open(name) as file:
        assert file.read(4) == b"RIFF", "it can be heard meanwhile, on this machine"
    assert back.vault.sweep() == 1
    with back.vault.open(name) as file:
        assert file.read(4) == b"RIFF"


def test_two_processes_do_not_keep_the_same_recording(desk: Desk) -> None:
    path = desk.vault.new("CA1", NOW)
    record(path)
    with path.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert not desk.vault.keep(path)
    assert desk.vault.keep(path)


def test_recordings_from_before_the_object_store_are_sealed_too(
    sqlite_store: Store, tmp_path: Path
) -> None:
    desk = Desk(sqlite_store, Settings(data=tmp_path, home=tmp_path))
    desk.call(recorded=False)
    day = tmp_path / "recordings" / "2026-01-02"
    day.mkdir(parents=True)
    for name in ("CA1.wav", "CA1-2.wav"):
        record(day / name)
    assert desk.vault.sweep() == 2
    assert list(day.iterdir()) == []
    with sqlite_store.reading() as uow:
        assert {row.call_sid for row in uow.recordings.all()} == {"CA1"}


def test_a_new_key_seals_everything_anew(desk: Desk) -> None:
    desk.call()
    with desk.store.reading() as uow:
        (row,) = uow.recordings.of_call("CA1")
    old = desk.settings.audio_keys_in_force()
    objects, data = open_objects(desk.settings), desk.settings.data_dir
    new = os.urandom(32)
    both = Vault(desk.store, objects, Keyring([new, *old]), data)
    with pytest.raises(KeyMissing, match=row.key_id):
        Vault(desk.store, objects, Keyring([new]), data).open(row.name)
    assert (both.seal_anew(), both.seal_anew()) == (1, 0)
    with Vault(desk.store, objects, Keyring([new]), data).open(row.name) as file:
        assert file.read(4) == b"RIFF"
    with pytest.raises(KeyMissing):
        desk.vault.open(row.name)


def test_who_hears_a_call_is_noted_once_an_hour_whatever_part_it_is(desk: Desk) -> None:
    desk.user()
    desk.call()
    with desk.app().test_client() as client:
        log_in(client)
        for _ in range(3):
            part = client.get("/console/calls/CA1/recording.wav", headers={"Range": "bytes=9-"})
            assert part.status_code == 206
        desk.now += timedelta(hours=2)
        assert client.get("/console/calls/CA1/recording.wav").status_code == 200
    with desk.store.reading() as uow:
        heard = uow.audit.about("call:CA1", "recording.play")
    assert [entry.who for entry in heard] == ["anna", "anna"]


def test_an_address_that_is_none_is_named() -> None:
    with pytest.raises(ExternalError, match="INTAKE_OBJECTS_URL"):
        open_objects(Settings(objects_url="nowhere://desk"))
    assert isinstance(open_objects(Settings(objects_url="memory:///")), Objects)
