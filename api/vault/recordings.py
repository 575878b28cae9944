"""Recordings: written on this machine while the call runs, then sealed into the object store.

A recording grows in `INTAKE_DATA/spool/DAY/`, and its writer holds a lock on the file that the
kernel takes back when the process dies, however it dies. Once the call is over the file is sealed,
kept, noted in the database, and only then removed; a step that fails is done again by the next
round of any process on this machine. A file that nobody writes any more is finished the same way.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import BinaryIO, cast
from zoneinfo import ZoneInfo

import structlog

from api.config import Settings
from api.vault.joined import JoinedRecording
from api.vault.objects import Objects, open_objects
from api.vault.reader import SealedFile
from api.vault.sealing import PIECE, Keyring, sealed
from models import desk
from models.errors import ExternalError, NotFound
from models.rows_privacy import RecordingRow
from models.store import Store
from voice.ports import LINE_HZ
from voice.recording import repair

log = structlog.get_logger(__name__)

#: What every recording's name begins with in the object store.
PREFIX = "recordings/"
#: A recording's header, and one sample of both sides.
_HEADER_BYTES, _FRAME_BYTES = 44, 4
#: A file that was just made may not be locked by its writer yet.
_NEW_S = 10.0


class Vault:
    """One installation's recordings. Every method blocks.

    Args:
        again: whether each recording is to be heard a second time once it is kept.
    """

    def __init__(
        self, store: Store, objects: Objects, keys: Keyring, data: Path, *, again: bool = False
    ) -> None:
        self._store = store
        self._objects = objects
        self._keys = keys
        self._again = again
        self._spool = data / "spool"
        # Where recordings lay before there was an object store.
        self._early = data / "recordings"

    def new(self, call_sid: str, now: datetime, from_ms: int | None = None) -> Path:
        """Where a call's recording is to be written. A call that comes back gets another one.

        Args:
            from_ms: for what is heard after the assistant left: when in the call it begins.
        """
        day = self._spool / now.strftime("%Y-%m-%d")
        day.mkdir(parents=True, exist_ok=True, mode=0o700)
        later = "" if from_ms is None else f"+{from_ms}"
        return day / f"{call_sid}.{now:%H%M%S}-{secrets.token_hex(3)}{later}.wav"

    def name(self, path: Path) -> str:
        """What a recording in the spool will be kept as."""
        return f"{PREFIX}{path.parent.name}/{path.name}"

    def keep(self, path: Path) -> bool:
        """Seals a finished recording into the object store, and takes it off this machine.

        Returns:
            Whether it was this call that did so; another process may be at it.

        Raises:
            ExternalError: the object store or the database cannot be used; the file stays.
        """
        with _alone(path) as file:
            if file is None:
                return False
            name, size = self.name(path), os.fstat(file.fileno()).st_size
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            self._objects.put(name, sealed(file, size, name, self._keys))
            self._note(name, _sid(path), size, digest, again=self._again)
            path.unlink()
        return True

    def sweep(self) -> int:
        """Finishes what calls of dead processes, or an object store that was away, left behind."""
        kept = 0
        for path in self.waiting():
            try:
                finished = _finished(path) if path.suffix == ".part" else path
                kept += finished is not None and self.keep(finished)
            except ExternalError as error:
                log.warning("recording_waits", reason=type(error).__name__)
        return kept

    def waiting(self) -> list[Path]:
        """What lies on this machine: recordings that grow, and those not yet in the store."""
        folders = (self._early, self._spool)
        return [p for folder in folders for p in sorted(folder.glob("*/*.wav*"))]

    def open(self, name: str) -> BinaryIO:
        """A recording as a plain file.

        Raises:
            NotFound: there is none of this name.
            ExternalError: the store cannot be used, or the key is missing.
        """
        try:
            sealed_file = SealedFile(self._objects, name, self._keys)
        except NotFound:
            path = self._spool / name.removeprefix(PREFIX)
            inside = path.resolve().is_relative_to(self._spool.resolve())
            if not inside or not path.is_file():
                raise
            return path.open("rb")
        return cast(BinaryIO, BufferedReader(sealed_file, PIECE))

    def open_parts(self, first: str | None, names: Sequence[str]) -> BinaryIO:
        """A call as one recording: the assistant's part, and what was heard after it left.

        Args:
            first: the assistant's part, where there is one.
            names: all of the call's that are kept.

        Raises:
            NotFound: there is nothing of it.
            ExternalError: as `open`.
        """
        later = sorted((at, name) for name in names if (at := begins_at(name)) is not None)
        if not later and first is not None:
            return self.open(first)
        parts = [(0, first)] if first is not None else []
        with ExitStack() as opened:
            files = [(at, opened.enter_context(self.open(name))) for at, name in [*parts, *later]]
            joined = JoinedRecording(files)
            opened.pop_all()
        return cast(BinaryIO, BufferedReader(joined, PIECE))

    def delete(self, name: str) -> None:
        """Deletes a recording, here and in the store; one that is gone already is no error."""
        self._objects.delete(name)
        path = self._spool / name.removeprefix(PREFIX)
        if path.resolve().is_relative_to(self._spool.resolve()):
            path.unlink(missing_ok=True)

    def seal_anew(self) -> int:
        """Seals with the present key what another one sealed; how many recordings."""
        with self._store.reading() as uow:
            rows = [row for row in uow.recordings.all() if row.key_id != self._keys.current]
        for row in rows:
            file = SealedFile(self._objects, row.name, self._keys)
            content = file.readall() or b""
            if hashlib.sha256(content).hexdigest() != row.sha256:
                raise ExternalError(f"The recording {row.name} is not the one that was kept.")
            self._objects.put(row.name, sealed(BytesIO(content), row.size, row.name, self._keys))
            self._note(row.name, row.call_sid, row.size, row.sha256)
        return len(rows)

    def _note(self, name: str, sid: str, size: int, digest: str, *, again: bool = False) -> None:
        with self._store.unit() as uow:
            uow.recordings.put(
                RecordingRow(
                    name=name,
                    call_sid=sid,
                    size=size,
                    sha256=digest,
                    key_id=self._keys.current,
                    stored_at=datetime.now(UTC),
                )
            )
            call = uow.calls.find(sid)
            if call is not None and begins_at(name) is None:
                call.recording = name
            if again:
                desk.hear_again(uow, sid, name, datetime.now(UTC))
            uow.commit()


def open_vault(store: Store, settings: Settings) -> Vault:
    """The installation's recordings.

    Raises:
        RuleError: a key is no key.
        ExternalError: the object store's address cannot be used.
    """
    keys = Keyring(settings.audio_keys_in_force())
    again = settings.second_recognizer != "off"
    return Vault(store, open_objects(settings), keys, settings.data_dir, again=again)


def began(name: str, zone: ZoneInfo) -> datetime:
    """When a recording was begun, by its name.

    Raises:
        NotFound: the name is from before there were times in names.
    """
    day, _, file = name.removeprefix(PREFIX).partition("/")
    try:
        time_of_day = file.split(".")[1].partition("-")[0]
        return datetime.strptime(f"{day} {time_of_day}", "%Y-%m-%d %H%M%S").replace(tzinfo=zone)
    except (IndexError, ValueError) as error:
        raise NotFound("The recording does not tell when it was begun.") from error


def begins_at(name: str) -> int | None:
    """When in its call a recording begins, milliseconds; None for the assistant's own part."""
    at = name.removesuffix(".wav").partition("+")[2]
    return int(at) if at.isdecimal() else None


def lasts_ms(size: int) -> int:
    """How long a recording of so many bytes is, milliseconds."""
    return max(0, size - _HEADER_BYTES) * 1000 // (LINE_HZ * _FRAME_BYTES)


def _sid(path: Path) -> str:
    """The call that a recording is of; early ones of a second stream end in `-2`."""
    return path.name.split(".", 1)[0].split("-", 1)[0]


def _finished(part: Path) -> Path | None:
    """The recording that a dead process left as `part`; None while its writer lives."""
    try:
        if time.time() - part.stat().st_mtime < _NEW_S:
            return None
    except FileNotFoundError:
        return None
    path = part.with_suffix("")
    with _alone(part) as file:
        if file is None or not repair(path):
            return None
    return path


@contextmanager
def _alone(path: Path) -> Iterator[BufferedReader | None]:
    """The file, locked; None where it is gone or another process has the lock."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        yield None
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield file if path.exists() else None
