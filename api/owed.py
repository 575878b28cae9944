"""What webhooks report while the database cannot be used: kept in a file until it can.

The telephone company reports each thing once. A report that finds no database is appended to
`INTAKE_DATA/owed.jsonl` and written down as soon as the database answers again, also by a later
start of the program.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import structlog

from api.telephony import Answered, CallRecords, CallState
from models.call import Disposition
from models.errors import ExternalError, IntakeError

log = structlog.get_logger(__name__)

#: Ends of a call after which nobody needs to be called back.
_ENDED_WELL = frozenset(
    {
        Disposition.ORDERED,
        Disposition.REFUSED,
        Disposition.CANCELLED,
        Disposition.INFORMED,
        Disposition.WRONG_NUMBER,
        Disposition.NOT_NOW,
    }
)


class OwedRecords:
    """`CallRecords` that owe what they cannot store.

    Args:
        records: where reports belong.
        path: the file of what is owed.
        failed: told when something had to be owed.
    """

    def __init__(self, records: CallRecords, path: Path, failed: Callable[[], None]) -> None:
        self._records = records
        self._path = path
        self._failed = failed
        self._doings: Mapping[str, Callable[..., None]] = {
            "call_status": records.call_status,
            "call_back": records.call_back,
            "sms_status": records.sms_status,
            "fax_came": records.fax_came,
        }

    def state(self, call_sid: str) -> CallState | None:
        """See `CallRecords.state`. Raises ExternalError."""
        return self._records.state(call_sid)

    def owner(self, call_sid: str, at: datetime) -> str:
        """See `CallRecords.owner`; nobody, where it cannot be looked up."""
        try:
            return self._records.owner(call_sid, at)
        except ExternalError as error:
            log.warning("owner_not_known", error=type(error).__name__)
            return ""

    def answered(
        self, ring: str, call_sid: str, answered_by: str | None, at: datetime
    ) -> Answered | None:
        """See `CallRecords.answered`. Raises ExternalError."""
        return self._records.answered(ring, call_sid, answered_by, at)

    def call_status(
        self,
        call_sid: str,
        status: str,
        at: datetime,
        ring: str = "",
        answered_by: str | None = None,
    ) -> None:
        """See `CallRecords.call_status`."""
        self._do(
            "call_status",
            at,
            call_sid=call_sid,
            status=status,
            ring=ring,
            answered_by=answered_by,
        )

    def fork_ended(self, call_sid: str, stream_sid: str, failed: bool, at: datetime) -> None:
        """See `CallRecords.fork_ended`."""
        self._do("fork_ended", at, call_sid=call_sid, stream_sid=stream_sid, failed=failed)

    def call_back(
        self,
        call_sid: str,
        *,
        caller: str | None,
        called: str | None,
        reason: str,
        at: datetime,
        number: str | None = None,
        by_assistant: bool = False,
    ) -> None:
        """See `CallRecords.call_back`."""
        self._do(
            "call_back",
            at,
            call_sid=call_sid,
            caller=caller,
            called=called,
            reason=reason,
            number=number,
            by_assistant=by_assistant,
        )

    def sms_status(
        self,
        message_sid: str,
        status: str,
        error_code: str | None,
        at: datetime,
        cause: int | None,
    ) -> None:
        """See `CallRecords.sms_status`."""
        self._do(
            "sms_status",
            at,
            message_sid=message_sid,
            status=status,
            error_code=error_code,
            cause=cause,
        )

    def fax_came(self, fax_sid: str, number: str, media_url: str | None, at: datetime) -> None:
        """See `FaxRecords.fax_came`."""
        self._do("fax_came", at, fax_sid=fax_sid, number=number, media_url=media_url)

    def settle(self) -> None:
        """Stores what is owed, oldest first.

        Raises:
            ExternalError: the database still cannot be used; nothing is forgotten.
        """
        with self._locked():
            lines = self._owed()
            for done, line in enumerate(lines):
                try:
                    self._carry_out(json.loads(line))
                except ExternalError:
                    self._write(lines[done:])
                    raise
            if lines:
                self._path.unlink()

    def _do(self, what: str, at: datetime, **values: str | int | None) -> None:
        try:
            self._doings[what](at=at, **values)
        except ExternalError as error:
            log.error("report_owed", what=what, error=type(error).__name__)
            self._failed()
            with self._locked(), self._append() as file:
                file.write(json.dumps({"do": what, "at": at.isoformat(), **values}) + "\n")
                file.flush()
                os.fsync(file.fileno())

    def _carry_out(self, owed: dict[str, Any]) -> None:
        what, at = owed.pop("do"), datetime.fromisoformat(owed.pop("at"))
        if what == "call_back" and self._ended_well(owed["call_sid"]):
            return
        try:
            self._doings[what](at=at, **owed)
        except ExternalError:
            raise
        except IntakeError as error:
            log.error("owed_report_refused", what=what, error=type(error).__name__)

    def _ended_well(self, call_sid: str) -> bool:
        """Whether a call-back that was owed is not needed: the call had ended before it."""
        state = self._records.state(call_sid)
        return state is not None and state.disposition in _ENDED_WELL

    def _owed(self) -> list[str]:
        """Whole lines only: the last one may have been cut off by a power cut."""
        try:
            text = self._path.read_text("utf-8")
        except FileNotFoundError:
            return []
        return [line for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def _write(self, lines: list[str]) -> None:
        new = self._path.with_suffix(".new")
        with new.open("w", encoding="utf-8") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)

    def _append(self) -> TextIO:
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(handle, "a", encoding="utf-8")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Alone with the file, among all threads and processes of this machine."""
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
