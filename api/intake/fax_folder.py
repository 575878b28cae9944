"""Faxes from a folder that a fax server, a scanner or a modem writes into.

A file is kept in the database first and moved to `done` below the folder after: a process may
die anywhere, and every fax is kept once. No file is deleted.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import structlog

from api.config import Settings
from api.intake import limits
from api.intake.fax_number import sender_number
from models import desk
from models.desk import ReceivedFax
from models.errors import ExternalError
from models.store import Store

log = structlog.get_logger(__name__)

#: A file that was not written to for so long is whole, seconds.
SETTLE_S = 5.0
#: A PDF without its end may still be written: so long it is waited for, seconds.
_PATIENCE_S = 900.0
_AT_A_TIME = 50
_PDF, _PDF_END, _TAIL = b"%PDF-", b"%%EOF", 2_048
DONE = "done"

Seen = tuple[int, int, int]


class FaxFolder:
    """One watched folder.

    Args:
        settle_s: the pause between the two looks that must see a file the same.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        now: Callable[[], datetime],
        *,
        settle_s: float = SETTLE_S,
    ) -> None:
        self._store = store
        self._settings = settings
        self._now = now
        self._settle_s = settle_s
        if settings.fax_folder is None:
            raise AssertionError("There is no folder to watch.")
        self._folder = settings.fax_folder.expanduser()
        self._kept: set[tuple[str, Seen]] = set()

    def fetch(self) -> int:
        """Keeps what is new and whole; how many faxes that were.

        Raises:
            ExternalError: the folder cannot be read.
        """
        try:
            return self._fetch()
        except OSError as error:
            raise ExternalError(
                "The folder of faxes cannot be read; check INTAKE_FAX_FOLDER and its rights.",
                retryable=True,
            ) from error

    def _fetch(self) -> int:
        before = dict(self._files())
        if not before:
            return 0
        time.sleep(self._settle_s)
        now = dict(self._files())
        whole = [(path, seen) for path, seen in before.items() if now.get(path) == seen]
        return sum(self._keep(path, seen) for path, seen in whole[:_AT_A_TIME])

    def _files(self) -> Iterator[tuple[Path, Seen]]:
        """Plain files by name, with size and times; what is hidden or begun is passed over."""
        for path in sorted(self._folder.iterdir()):
            if path.name.startswith((".", "~")) or path.suffix.lower() in {".tmp", ".part"}:
                continue
            found = path.lstat()
            seen = (found.st_size, found.st_mtime_ns, found.st_ino)
            # A link would have this program read any file of the machine.
            if stat.S_ISREG(found.st_mode) and (path.name, seen) not in self._kept:
                yield path, seen

    def _keep(self, path: Path, seen: Seen) -> bool:
        raw = _bytes(path, seen)
        if raw is None or self._may_grow(raw, seen):
            return False
        # The same name, moment and bytes are the same file, seen again after a crash.
        reference = f"{path.name}:{seen[1]}"
        number = sender_number(self._settings, path.stem)
        fax = ReceivedFax(source="folder", reference=reference, number=number, raw=raw)
        with self._store.unit() as uow:
            kept = desk.receive_fax(uow, fax, self._now())
            uow.commit()
        log.info("fax_kept" if kept else "fax_known", size=len(raw))
        self._put_away(path, seen, raw)
        return kept is not None

    def _may_grow(self, raw: bytes, seen: Seen) -> bool:
        if not raw.startswith(_PDF) or _PDF_END in raw[-_TAIL:]:
            return not raw and self._young(seen)
        return self._young(seen)

    def _young(self, seen: Seen) -> bool:
        return self._now().timestamp() - seen[1] / 1e9 < _PATIENCE_S

    def _put_away(self, path: Path, seen: Seen, raw: bytes) -> None:
        """Moves a kept file to `done`, never over another; where that fails it is remembered."""
        digest = hashlib.sha256(raw + str(seen[1]).encode()).hexdigest()[:12]
        try:
            (self._folder / DONE).mkdir(exist_ok=True)
            path.rename(self._folder / DONE / f"{path.stem}-{digest}{path.suffix}")
        except OSError as error:
            self._kept.add((path.name, seen))
            log.warning("fax_not_moved", error=type(error).__name__)


def _bytes(path: Path, seen: Seen) -> bytes | None:
    """The file's bytes; of one that is larger than a fax only a beginning too large to be read.
    None where it is gone, cannot be read, or was written to meanwhile."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        # One file that cannot be read must not keep the others waiting.
        log.error("fax_not_readable", error=type(error).__name__)
        return None
    with os.fdopen(handle, "rb") as file:
        raw = file.read(limits.MOST_PART_BYTES + 1)
        found = os.fstat(file.fileno())
    same = (found.st_size, found.st_mtime_ns, found.st_ino) == seen
    return raw if same else None
