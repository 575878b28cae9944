"""When a customer may be reminded."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from api.jobs.times import reminders, undisturbed
from models.office import UnfitOffice, parse_quiet, parse_remind

ZONE = ZoneInfo("Asia/Shanghai")
NIGHT = parse_quiet("21:00-08:00")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        (at(24, 8), at(24, 8)),
        (at(24, 20, 59), at(24, 20, 59)),
        (at(24, 21), at(25, 8)),
        (at(24, 23, 30), at(25, 8)),
        (at(25, 0), at(25, 8)),
        (at(25, 7, 59), at(25, 8)),
        (at(30, 22), datetime(2026, 12, 1, 8, tzinfo=ZONE)),
    ],
)
def test_nobody_is_disturbed_at_night(moment: datetime, allowed: datetime) -> None:
    assert undisturbed(moment, NIGHT) == allowed


def test_quiet_hours_may_lie_within_a_day_or_not_exist() -> None:
    noon = parse_quiet("12:00-13:30")
    assert undisturbed(at(24, 12, 5), noon) == at(24, 13, 30)
    assert undisturbed(at(24, 13, 30), noon) == at(24, 13, 30)
    assert undisturbed(at(24, 23), parse_quiet("")) == at(24, 23)


def test_reminders_end_with_the_link_and_are_not_bunched() -> None:
    sent = at(24, 18)
    hours = parse_remind("48, 4,6,24,72")
    found = reminders(sent, sent + timedelta(hours=72), hours, NIGHT)
    assert found == [at(25, 8), at(25, 18), at(26, 18)]


@pytest.mark.parametrize("text", ["nine-five", "21:00", "25:00-08:00"])
def test_quiet_hours_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(UnfitOffice, match="HH:MM-HH:MM"):
        parse_quiet(text)


@pytest.mark.parametrize("text", ["soon", "0", "-3,4"])
def test_reminders_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(UnfitOffice, match="4,24,48"):
        parse_remind(text)
