"""When persons can be reached."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from api.hours import open_at, parse_hours
from models.errors import RuleError


@pytest.mark.parametrize(
    ("hours", "hour", "reachable"),
    [
        ("08:30-18:00", 8, False),
        ("08:30-18:00", 9, True),
        ("08:30-18:00", 18, False),
        ("00:00-24:00", 3, True),
        ("20:00-06:00", 23, True),
        ("20:00-06:00", 12, False),
    ],
)
def test_hours(hours: str, hour: int, reachable: bool) -> None:
    at = datetime(2026, 11, 23, hour, tzinfo=UTC)
    assert open_at(parse_hours(hours), at) is reachable


def test_hours_that_cannot_be_read_say_how_to_write_them() -> None:
    with pytest.raises(RuleError, match="HH:MM-HH:MM"):
        parse_hours("all day")
