"""Figures by clerk and week: what is counted, for whom, in which week, and who sees it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from api.config import Settings
from models import desk as desks
from models.desk import courses
from models.desk.courses import asked, course_in_force
from models.desk.live import take_over
from models.desk.orders import open_task
from models.figures import By, Stretch, iso_week, stretches
from models.rows import OrderHistoryRow, OrderRow
from models.staff import Role
from models.store import Store
from nlp.training.scorecard import Card, Check
from nlp.training.summary import shares
from tests.console import Desk, log_in
from tests.orders import NOW

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    return Desk(store, Settings(data=tmp_path, home=tmp_path))


@pytest.fixture
def client(desk: Desk) -> Iterator[FlaskClient]:
    with desk.app().test_client() as client:
        yield client


def week_of(moment: datetime) -> Stretch:
    day = moment.astimezone(SHANGHAI).date()
    return stretches(day, day, By.WEEK, SHANGHAI)[0]


def owned(desk: Desk, order_id: str, owner: str) -> None:
    with desk.store.unit() as uow:
        uow.session.get_one(OrderRow, order_id).owner = owner
        uow.commit()


def history(desk: Desk, step: str, by: str, at: datetime = NOW) -> None:
    with desk.store.unit() as uow:
        row = OrderHistoryRow(
            order_id="o1", version=1, step=step, status="x", changes={}, by=by, at=at, note=None
        )
        uow.session.add(row)
        uow.commit()


def test_iso_weeks_are_of_the_desks_calendar() -> None:
    today = date(2026, 11, 25)
    first = iso_week("2026-W01", today, SHANGHAI)
    assert first.since == datetime(2025, 12, 29, tzinfo=SHANGHAI)
    assert first.before == datetime(2026, 1, 5, tzinfo=SHANGHAI)
    for none in ("", "2026-W54", "2027-W03", "x", "2026-48"):
        assert iso_week(none, today, SHANGHAI).day == date(2026, 11, 23)


def test_a_week_ends_at_midnight_of_the_desk(desk: Desk) -> None:
    sunday = datetime(2026, 11, 22, 23, 59, tzinfo=SHANGHAI)
    desk.call("o1", "CA1", at=sunday)
    desk.call("o2", "CA2", at=sunday + timedelta(minutes=1))
    for order in ("o1", "o2"):
        owned(desk, order, "anna")
    with desk.store.reading() as uow:
        weeks = uow.clerk_weeks
        assert [weeks.orders(week_of(sunday + timedelta(minutes=n))) for n in (0, 1)] == [
            {"anna": 1},
            {"anna": 1},
        ]


def test_a_call_that_was_taken_over_and_its_task_are_one(desk: Desk) -> None:
    anna = desk.user()
    desk.call(ended=False)
    with desk.store.unit() as uow:
        take_over(uow, "CA1", user=anna, number="+8613711112222", at=NOW)
        open_task(uow, "call_back", "x", None, None, "k1", NOW)
        open_task(uow, "dangerous_goods", "x", None, None, "k2", NOW)
        for task in uow.board.tasks():
            task.state, task.done_at, task.done_by = "done", NOW, "anna"
        uow.commit()
    with desk.store.reading() as uow:
        assert uow.clerk_weeks.calls(week_of(NOW)) == {"anna": 2}
        assert uow.clerk_weeks.calls(week_of(NOW - timedelta(days=7))) == {}


def test_only_changes_after_the_release_are_corrections(desk: Desk) -> None:
    desk.call()
    owned(desk, "o1", "anna")
    history(desk, "change", "clerk:boris")
    history(desk, "accept", "clerk:lina")
    with desk.store.reading() as uow:
        assert uow.clerk_weeks.corrected(week_of(NOW)) == {}
        assert uow.clerk_weeks.released(week_of(NOW)) == {"lina": 1}
    history(desk, "change", "clerk:boris")
    with desk.store.reading() as uow:
        assert uow.clerk_weeks.corrected(week_of(NOW)) == {"anna": 1}


def test_shares_leave_out_what_a_call_could_not_show() -> None:
    cards = [
        Card(checks=(Check(name="greeting", passed=how), Check(name="link", passed=None)))
        for how in (True, False, None)
    ]
    found = shares(cards)
    assert (found["greeting"], found["link"], found["signed"]) == (0.5, None, None)


def rows(client: FlaskClient, week: str = "") -> dict[str, dict[str, str]]:
    answer = client.get(f"/console/figures/clerks/clerks.csv?week={week}")
    assert answer.status_code == 200
    text = answer.get_data().decode("utf-8-sig")
    return {row["clerk"]: row for row in csv.DictReader(StringIO(text))}


def practise(desk: Desk, passed: bool, at: datetime = NOW) -> None:
    card = Card(checks=(Check(name="greeting", passed=passed),))
    sid = f"ST{passed}{at:%d}"
    with desk.store.unit() as uow:
        uow.trainings.begin(sid, clerk="anna", lesson="zh-1-plain", at=at)
        uow.commit()
    with desk.store.unit() as uow:
        uow.trainings.grade(sid, {}, card.as_json())
        uow.commit()


def test_a_head_sees_everybody_and_the_assistant(desk: Desk, client: FlaskClient) -> None:
    desk.user()
    desk.user("boris")
    desk.user("lina", Role.HEAD)
    desk.call()
    owned(desk, "o1", "anna")
    practise(desk, passed=True)
    practise(desk, passed=False)
    with desk.store.unit() as uow:
        body = course_in_force(uow, "zh")
        questions = asked(body, 0, "a" * 32).questions
        courses.answer(
            uow,
            clerk="anna",
            attempt="a" * 32,
            lang="zh",
            version=body["version"],
            number=0,
            answers=[q.right for q in questions],
            at=NOW,
        )
        open_task(uow, "call_back", "x", "o1", None, "k1", NOW - timedelta(hours=3))
        uow.commit()
    log_in(client, "lina")
    found = rows(client)
    assert set(found) == {"anna", "boris", "lina", "assistant"}
    anna = found["anna"]
    assert (anna["orders"], anna["practice"], anna["greeting"]) == ("1", "2", "0.5")
    assert (anna["course_passed"], anna["course_chapters"]) == ("0", "1 of 7")
    assert anna["overdue_tasks"] == "1"
    assert (found["assistant"]["calls"], found["assistant"]["greeting"]) == ("1", "1.0")
    assert found["boris"]["orders"] == "0"
    page = client.get("/console/figures/clerks").get_data(as_text=True)
    assert "boris" in page
    earlier = rows(client, "2026-W20")
    assert (earlier["anna"]["orders"], earlier["anna"]["greeting"]) == ("0", "")


def test_a_week_is_seen_against_the_one_before(desk: Desk, client: FlaskClient) -> None:
    desk.user()
    practise(desk, passed=True)
    practise(desk, passed=False)
    log_in(client, "anna")
    assert "▲" not in client.get("/console/figures/clerks").get_data(as_text=True)
    practise(desk, passed=False, at=NOW - timedelta(days=7))
    assert "▲50" in client.get("/console/figures/clerks").get_data(as_text=True)


def test_a_clerk_sees_only_their_own(desk: Desk, client: FlaskClient) -> None:
    desk.user()
    desk.user("boris")
    desk.call()
    log_in(client, "anna")
    assert set(rows(client)) == {"anna"}
    page = client.get("/console/figures/clerks").get_data(as_text=True)
    assert "boris" not in page


def test_a_call_with_a_clerks_words_is_scored_for_who_answers_for_it(
    desk: Desk, client: FlaskClient
) -> None:
    desk.user()
    order = desk.call()
    owned(desk, "o1", "anna")
    with desk.store.unit() as uow:
        call = uow.calls.get("CA1")
        assert call is not None
        last = call.turns[-1]
        text = "感谢来电，再见。"
        said = replace(last, index=last.index + 1, speaker="clerk", text=text, values={})
        desks.put_turn(uow, "CA1", said)
        uow.commit()
    assert order.version
    log_in(client, "anna")
    anna = rows(client)["anna"]
    assert (anna["scored_calls"], anna["greeting"], anna["goodbye"]) == ("1", "1.0", "1.0")
