"""Who is given an order, and how long customers may wait."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.assignment import Absence, Choice, Clerk, Why, check, choose, stand_in, succeed
from models.errors import RuleError
from models.office import Office, in_spans, parse_spans
from models.sla import Light, Wait, after_open, clock
from tests.orders import NOW

TODAY = NOW.date()
DAY = timedelta(days=1)
OFFICE = Office(week=((parse_spans("08:30-12:00, 13:30-18:00"),) * 5 + ((), ())))


def at(text: str, day: date = TODAY) -> datetime:
    """A local time."""
    return datetime.combine(day, time.fromisoformat(text), NOW.tzinfo)


def test_the_customers_own_clerk_comes_first_out_of_shift_too() -> None:
    clerks = (Clerk(name="anna", open_orders=9, shift=parse_spans("18:00-02:00")), Clerk(name="bo"))
    assert choose(clerks, own="anna", now=NOW) == Choice("anna", Why.OWN)
    assert choose(clerks, own=None, now=NOW) == Choice("bo", Why.FEWEST)
    assert choose(clerks, own="left", now=NOW) == Choice("bo", Why.FEWEST)


def test_who_stands_in_takes_the_orders_of_who_is_away() -> None:
    away = (Absence(TODAY - DAY, TODAY, "bo"),)
    clerks = [Clerk(name="anna", absences=away), Clerk(name="bo", open_orders=5), Clerk(name="cai")]
    assert choose(clerks, own="anna", now=NOW) == Choice("bo", Why.STANDS_IN)
    assert choose(clerks, own="anna", now=NOW + DAY) == Choice("anna", Why.OWN)
    clerks[1] = Clerk(name="bo", absences=(Absence(TODAY, TODAY, "cai"),))
    assert stand_in(clerks, "anna", NOW) == "cai"
    clerks[2] = Clerk(name="cai", absences=(Absence(TODAY, TODAY, "anna"),))
    assert stand_in(clerks, "anna", NOW) is None  # a ring of people who are all away
    assert choose(clerks, own="anna", now=NOW) is None


@given(
    st.lists(
        st.builds(
            Clerk,
            name=st.sampled_from("abcdefgh"),
            open_orders=st.integers(0, 9),
            takes=st.booleans(),
            shift=st.sampled_from([(), parse_spans("08:00-12:00"), parse_spans("22:00-06:00")]),
            absences=st.lists(
                st.builds(
                    Absence,
                    st.just(TODAY),
                    st.just(TODAY),
                    st.none() | st.sampled_from("abcdefgh"),
                ),
                max_size=1,
            ).map(tuple),
        ),
        unique_by=lambda clerk: clerk.name,
    ),
    st.none() | st.sampled_from("abcdefgh"),
    st.integers(0, 23),
)
def test_nobody_who_is_away_is_given_an_order(
    clerks: list[Clerk], own: str | None, hour: int
) -> None:
    now = at(f"{hour:02}:30")
    found = choose(clerks, own=own, now=now)
    people = {clerk.name: clerk for clerk in clerks}
    if found is None:
        assert not any(clerk.on_shift(now) for clerk in clerks)
        return
    assert people[found.name].away(now) is None
    assert people[found.name].takes or found.why is Why.STANDS_IN
    if found.why is Why.FEWEST:
        least = min(clerk.open_orders for clerk in clerks if clerk.on_shift(now))
        assert people[found.name].open_orders == least


def test_whoever_stands_in_need_not_be_given_orders_otherwise() -> None:
    away = (Absence(TODAY, TODAY, "head"),)
    clerks = (Clerk(name="anna", absences=away), Clerk(name="head", takes=False))
    assert choose(clerks, own="anna", now=NOW) == Choice("head", Why.STANDS_IN)
    assert choose(clerks, own="head", now=NOW) is None


def test_somebody_goes_on_with_orders_of_who_is_away_or_gone() -> None:
    anna = Clerk(name="anna", absences=(Absence(TODAY, TODAY),))
    bo, cai = Clerk(name="bo", open_orders=2), Clerk(name="cai", open_orders=1)
    clerks = [anna, bo, cai]
    assert succeed(clerks, "anna", own=None, now=NOW) == Choice("cai", Why.AWAY)
    assert succeed(clerks, "anna", own="bo", now=NOW) == Choice("bo", Why.AWAY)
    assert succeed(clerks, "anna", own="anna", now=NOW) == Choice("cai", Why.AWAY)
    assert succeed(clerks, "left", own=None, now=NOW) == Choice("cai", Why.LEFT)
    assert succeed(clerks, "bo", own="anna", now=NOW) is None  # bo is there
    assert succeed([anna], "anna", own=None, now=NOW) is None


@pytest.mark.parametrize(
    "absence",
    [Absence(TODAY, TODAY - DAY), Absence(TODAY, TODAY, "anna"), Absence(TODAY, TODAY, "nobody")],
)
def test_absences_that_make_no_sense(absence: Absence) -> None:
    with pytest.raises(RuleError):
        check(absence, "anna", ["anna", "bo"])


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (at("09:00"), 2, at("11:00")),
        (at("11:00"), 2, at("14:30")),  # over lunch
        (at("17:30"), 2, at("10:00", TODAY + DAY)),  # over night
        (at("03:00"), 2, at("10:30")),
        (at("17:00", date(2026, 11, 27)), 2, at("09:30", date(2026, 11, 30))),  # over the weekend
    ],
)
def test_waits_run_while_the_office_is_open(start: datetime, hours: int, due: datetime) -> None:
    assert after_open(OFFICE, start, timedelta(hours=hours)) == due


def test_an_office_that_never_opens_counts_as_always_open() -> None:
    closed = Office(week=((),) * 7)
    assert after_open(closed, NOW, timedelta(hours=2)) == NOW + timedelta(hours=2)


@given(
    st.sampled_from(["08:30-12:00, 13:30-18:00", "20:00-04:00", "00:00-24:00"]),
    st.integers(0, 7 * 24 * 60),
    st.integers(1, 3000),
)
def test_exactly_so_many_open_minutes_lie_before_the_end(
    spans: str, offset: int, minutes: int
) -> None:
    office = Office(week=(parse_spans(spans),) * 7)
    start = at("00:00") + timedelta(minutes=offset)
    end = after_open(office, start, timedelta(minutes=minutes))
    moments = (
        start + timedelta(minutes=m)
        for m in range(int((end - start).seconds / 60) + (end - start).days * 1440)
    )
    assert sum(office.open_at(moment) for moment in moments) == minutes


def test_a_wait_warns_before_it_is_late() -> None:
    open_ = Office(week=(parse_spans("00:00-24:00"),) * 7)
    for wait in Wait:
        limit = open_.waits[f"wait_{wait}"]
        found = [
            clock(wait, NOW, now=NOW + limit * part, office=open_).light for part in (0.7, 0.8, 1.0)
        ]
        assert found == [Light.FINE, Light.SOON, Light.LATE]
    assert clock(Wait.SIGNATURE, NOW, now=NOW, office=OFFICE).due == NOW + timedelta(hours=24)


def test_shifts_run_over_midnight() -> None:
    night = parse_spans("22:00-06:00")
    assert [in_spans(night, at(text)) for text in ("21:59", "22:00", "05:59", "06:00")] == [
        False,
        True,
        True,
        False,
    ]
