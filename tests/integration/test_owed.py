"""Reports of the telephone company while the database is away: none is lost, none is doubled."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.owed import OwedRecords
from api.telephony import CallState
from models.call import Disposition
from models.errors import ExternalError
from tests.fakes import MemoryCallRecords
from tests.orders import NOW


class Records(MemoryCallRecords):
    """Records in memory that can be out of reach."""

    away = False

    def state(self, call_sid: str) -> CallState | None:
        self._reach()
        return super().state(call_sid)

    def call_status(
        self,
        call_sid: str,
        status: str,
        at: object,
        ring: str = "",
        answered_by: str | None = None,
    ) -> None:
        self._reach()
        self.statuses.append((call_sid, status))

    def call_back(self, call_sid: str, **values: object) -> None:
        self._reach()
        self.call_backs[call_sid] = str(values["reason"])

    def sms_status(
        self,
        message_sid: str,
        status: str,
        error_code: str | None,
        at: object,
        cause: int | None,
    ) -> None:
        self._reach()
        self.sms.append((message_sid, status, error_code))

    def fax_came(self, fax_sid: str, number: str, media_url: str | None, at: object) -> None:
        self._reach()
        self.faxes.append((fax_sid, number, media_url))

    def _reach(self) -> None:
        if self.away:
            raise ExternalError("The database cannot be used now.", retryable=True)


class Desk:
    """Records with what they owe."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "owed.jsonl"
        self.records = Records()
        self.failures: list[None] = []
        self.owed = self.again()

    def again(self) -> OwedRecords:
        """As a later start of the program finds it."""
        return OwedRecords(self.records, self.path, lambda: self.failures.append(None))

    def report(self) -> None:
        self.owed.sms_status("SM1", "delivered", None, NOW, 7)
        self.owed.call_status("CA1", "completed", NOW)
        self.owed.call_back("CA1", caller="+8613800138000", called=None, reason="broke", at=NOW)
        self.owed.fax_came("FX1", "02161234567", "https://fax.example/1", NOW)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def kept(records: Records) -> tuple[object, ...]:
    return records.sms, records.statuses, records.call_backs, records.faxes


WHOLE = (
    [("SM1", "delivered", None)],
    [("CA1", "completed")],
    {"CA1": "broke"},
    [("FX1", "02161234567", "https://fax.example/1")],
)


def test_reports_are_stored_at_once(desk: Desk) -> None:
    desk.report()
    assert kept(desk.records) == WHOLE
    assert not desk.path.exists()
    assert not desk.failures


@pytest.mark.parametrize("restarted", [False, True])
def test_reports_are_owed_until_the_database_is_back(desk: Desk, restarted: bool) -> None:
    desk.records.away = True
    desk.report()
    assert len(desk.failures) == 4
    with pytest.raises(ExternalError):
        desk.owed.settle()
    owed = desk.again() if restarted else desk.owed
    desk.records.away = False
    owed.settle()
    owed.settle()
    assert kept(desk.records) == WHOLE
    assert desk.path.stat().st_mode & 0o077 == 0 if desk.path.exists() else True
    assert not desk.path.exists()


def test_a_line_cut_off_by_a_power_cut_harms_no_other(desk: Desk) -> None:
    desk.records.away = True
    desk.report()
    with desk.path.open("a") as file:
        file.write('{"do": "call_st')
    desk.records.away = False
    desk.owed.settle()
    assert kept(desk.records) == WHOLE


@pytest.mark.parametrize(
    ("end", "wanted"),
    [(Disposition.ORDERED, False), (Disposition.TRANSFERRED, True), (None, True)],
)
def test_who_ended_well_is_not_called_back(
    desk: Desk, end: Disposition | None, wanted: bool
) -> None:
    desk.records.away = True
    desk.report()
    desk.records.away = False
    desk.records.states["CA1"] = CallState(disposition=end)
    desk.owed.settle()
    assert bool(desk.records.call_backs) is wanted
