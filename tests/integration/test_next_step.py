"""What a new clerk is told to do next, and what a head is told of who has not learned yet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.config import Settings
from models.staff import Role
from models.store import Store
from nlp.training.scorecard import CHECKS, Card, Check
from tests.console import Desk, log_in, post
from tests.integration.test_course import whole
from tests.orders import NOW


@pytest.fixture
def at_desk(sqlite_store: Store, tmp_path: Path) -> Desk:
    found = Desk(sqlite_store, Settings(data=tmp_path, home=tmp_path))
    found.user()
    found.user("lina", Role.HEAD)
    return found


def practised(at_desk: Desk, lesson: str, *missed: str) -> None:
    card = Card(checks=tuple(Check(name=name, passed=name not in missed) for name in CHECKS))
    with at_desk.store.unit() as uow:
        sid = f"ST{lesson}{len(missed)}"
        uow.trainings.begin(sid, clerk="anna", lesson=lesson, at=NOW)
        uow.trainings.grade(sid, {}, card.as_json())
        uow.commit()


def page_of(client: FlaskClient, path: str) -> str:
    return client.get(path).get_data(as_text=True)


def next_step(client: FlaskClient) -> str:
    page = page_of(client, "/console/training")
    return page.split("下一步", 1)[1].split("</p>", 1)[0]


def test_first_the_course_then_the_easiest_lesson_that_is_not_passed(at_desk: Desk) -> None:
    with at_desk.app().test_client() as client:
        log_in(client)
        assert "手册规则" in next_step(client)
        whole(at_desk.store)
        assert "第 1 级" in next_step(client)
        practised(at_desk, "zh-1-plain", "danger_asked")
        assert "第 1 级" in next_step(client)
        practised(at_desk, "zh-1-plain")
        assert "第 2 级" in next_step(client)
        for lesson in ("zh-2-mumbles", "zh-3-danger", "zh-4-noise", "zh-5-evasive"):
            practised(at_desk, lesson, "goodbye")
        assert "都已通过" in next_step(client)


def test_a_head_is_warned_and_not_hindered(at_desk: Desk) -> None:
    with at_desk.app().test_client() as client:
        log_in(client, "lina")
        assert page_of(client, "/console/duty").count("课程未通过") == 2
        answer: Any = post(client, "/console/duty/shift/anna", takes="on", shift="08:30-17:30")
        assert "还没有通过现行课程" in answer.get_data(as_text=True)
        with at_desk.store.reading() as uow:
            assert uow.duties.shifts()["anna"] == "08:30-17:30"
        whole(at_desk.store)
        assert page_of(client, "/console/duty").count("课程未通过") == 1
        answer = post(client, "/console/duty/shift/anna", takes="on", shift="08:30-17:30")
        assert "还没有通过现行课程" not in answer.get_data(as_text=True)
