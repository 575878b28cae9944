"""When persons can be reached, and whom a call rings."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from api.config import Settings
from api.desk import open_desk
from api.office import own_office, own_values
from models.choices import check_office
from models.errors import RuleError
from models.office import Office, UnfitOffice, parse_spans, read, stored

OWN = own_values(Settings(clerk_number="021-55550111"))


def office(**changes: object) -> Office:
    return read({**OWN, **changes})


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in October 2026; the 5th is a Monday."""
    return datetime(2026, 10, day, hour, minute)


@pytest.mark.parametrize(
    ("hours", "hour", "reachable"),
    [
        ("08:30-18:00", 8, False),
        ("08:30-18:00", 9, True),
        ("08:30-18:00", 18, False),
        ("00:00-24:00", 3, True),
        ("20:00-06:00", 23, True),
        ("20:00-06:00", 5, True),
        ("20:00-06:00", 6, False),
        ("20:00-06:00", 12, False),
        ("13:30-18:00，08:30-12:00", 12, False),
        ("13:30-18:00，08:30-12:00", 14, True),
        ("-", 12, False),
    ],
)
def test_hours(hours: str, hour: int, reachable: bool) -> None:
    assert office(week=[hours] * 7).open_at(at(6, hour)) is reachable


def test_each_day_has_hours_of_its_own_and_exceptions_go_before() -> None:
    week = ["08:30-18:00"] * 4 + ["20:00-02:00", "-", ""]
    exceptions = ["2026-10-01..2026-10-07 -", "2026-10-04 09:00-12:00"]
    ours = office(week=week, exceptions=exceptions)
    assert not ours.open_at(at(5, 10))  # a Monday within the holidays
    assert ours.open_at(at(4, 10))  # a Sunday made up for; the later line counts
    assert ours.open_at(at(8, 10))
    assert ours.open_at(at(10, 1, 59))  # Friday's night goes on
    assert not ours.open_at(at(10, 2))
    assert not ours.open_at(at(9, 1))


@pytest.mark.parametrize(
    "text",
    ["all day", "8-18", "25:00-26:00", "09:00-09:00", "08:00-12:00, 11:00-13:00",
     "20:00-06:00, 21:00-22:00", "08:00-24:00, 23:00-24:00"],
)  # fmt: skip
def test_hours_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(UnfitOffice):
        parse_spans(text)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"week": ["-"] * 6}, "seven"),
        ({"exceptions": ["2026-02-30 -"]}, "exception"),
        ({"exceptions": ["2026-10-07..2026-10-01 -"]}, "exception"),
        ({"exceptions": ["2026-10-01"]}, "exception"),
        ({"exceptions": ["2026-10-01 -"] * 201}, "200"),
        ({"clerk_number": "12345"}, "not valid"),
        ({"clerk_number": "", "fallback_number": "021-55550133"}, "clerk"),
        ({"fallback_number": "+862155550111"}, "another"),
        ({"remind_hours": "4,72"}, "run out"),
        ({"remind_hours": "nan"}, "4,24,48"),
        ({"quiet_hours": "night"}, "HH:MM"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(
    changes: dict[str, object], reason: str
) -> None:
    with pytest.raises(RuleError, match=reason):
        check_office(changes, OWN, link_hours=72)


def test_what_is_stored_has_one_form() -> None:
    values = {
        **OWN,
        "week": ["13:30-18:00,08:30-12:00", *[""] * 6],
        "exceptions": ["2026-10-01..2026-10-01   09:00-24:00"],
        "remind_hours": "24，4",
    }
    form = stored(values)
    assert form["week"][:2] == ["08:30-12:00, 13:30-18:00", "-"]
    assert form["exceptions"] == ["2026-10-01 09:00-24:00"]
    assert (form["clerk_number"], form["remind_hours"]) == ("+862155550111", "4,24")
    assert stored(form) == form


def test_the_head_is_rung_where_there_is_a_number() -> None:
    assert office().number("head") == "+862155550111"
    assert office(head_number="+862155550122").number("head") == "+862155550122"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hours", "all day"),
        ("quiet_hours", "21:00"),
        ("remind_hours", "soon"),
        ("clerk_number", "reception"),
        ("head_number", "123"),
    ],
)
def test_a_wrong_variable_is_named_at_the_start(tmp_path: Path, name: str, value: str) -> None:
    settings = Settings.model_validate({"data": tmp_path, "home": tmp_path, name: value})
    with pytest.raises(RuleError, match=f"INTAKE_{name.upper()} is"):
        own_office(settings)
    with pytest.raises(RuleError, match=f"INTAKE_{name.upper()} is"):
        open_desk(settings)
