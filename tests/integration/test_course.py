"""The course in the store: versions in two languages, answers that count once, who passed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from models.call import Lang
from models.course import chapters
from models.course_text import read, typed
from models.courses import own_course
from models.desk import courses, texts
from models.desk.courses import KIND, CourseChanged, Learner, asked, course_in_force
from models.errors import NotFound, RuleError
from models.store import Store
from tests.orders import NOW

ONE = "# {0}\n{0}\n? {0} 1\n+ a\n- b\n= c\n? {0} 2\n- a\n+ b\n= c\n"
FIRST, SECOND = "0" * 32, "1" * 32


def write(store: Store, lang: Lang, text: str) -> int:
    with store.unit() as uow:
        version = texts.write(
            uow, KIND, lang, lambda n: read(text, f"desk-{n}"), note="", by="root", at=NOW
        )
        uow.commit()
    return version


def publish(store: Store, lang: Lang, version: int | None) -> bool:
    with store.unit() as uow:
        both = courses.publish(uow, lang, version, by="root", at=NOW)
        uow.commit()
    return both


def in_force(store: Store) -> dict[str, str]:
    with store.reading() as uow:
        return {lang: course_in_force(uow, lang)["version"] for lang in courses.LANGS}


def answer(
    store: Store,
    number: int,
    *,
    attempt: str = FIRST,
    wrong: int = 0,
    at: datetime = NOW,
    version: str = "",
    clerk: str = "anna",
) -> int:
    """Hands a chapter in, so many answers wrong; gives the result's number."""
    with store.unit() as uow:
        body = course_in_force(uow, "zh")
        questions = asked(body, number, attempt).questions
        answers = [
            (q.right + 1) % len(q.options) if n < wrong else q.right
            for n, q in enumerate(questions)
        ]
        kept = courses.answer(
            uow,
            clerk=clerk,
            attempt=attempt,
            lang="zh",
            version=version or body["version"],
            number=number,
            answers=answers,
            at=at,
        )
        uow.commit()
    return kept


def learner(store: Store, until: datetime = NOW + timedelta(days=1)) -> Learner:
    with store.reading() as uow:
        return courses.learners(uow, ["anna"], until)["anna"]


def whole(store: Store) -> None:
    for number in range(len(own_course("zh")["chapters"])):
        answer(store, number, attempt=f"{number:032x}")


def test_a_course_of_the_same_parts_is_published_alone(store: Store) -> None:
    version = write(store, "zh", typed(own_course("zh")).replace("马上回电", "当场回电"))
    assert not publish(store, "zh", version)
    assert in_force(store) == {"zh": "desk-1", "en": "2026-11"}


def test_a_course_of_other_parts_needs_its_other_language(store: Store) -> None:
    version = write(store, "zh", ONE.format("甲"))
    with pytest.raises(RuleError, match="other language"):
        publish(store, "zh", version)
    write(store, "en", ONE.format("A") + ONE.format("B"))
    with pytest.raises(RuleError, match="other language"):
        publish(store, "zh", version)
    assert in_force(store) == {"zh": "2026-11", "en": "2026-11"}
    write(store, "en", ONE.format("A"))
    assert publish(store, "zh", version)
    assert in_force(store) == {"zh": "desk-1", "en": "desk-2"}
    assert publish(store, "en", None)
    assert in_force(store) == {"zh": "2026-11", "en": "2026-11"}


def test_a_version_that_is_none_is_not_published(store: Store) -> None:
    with pytest.raises(NotFound):
        publish(store, "zh", 7)


def test_a_form_counts_once(store: Store) -> None:
    first = answer(store, 0, wrong=1)
    assert answer(store, 0) == first
    with store.reading() as uow:
        (row,) = uow.quizzes.of("anna", 10)
    assert row.points == len(row.answers) - 1
    other = answer(store, 0, attempt=SECOND)
    assert other != first
    assert answer(store, 0, clerk="boris") not in (first, other)


def test_a_result_keeps_what_was_asked_and_its_version(store: Store) -> None:
    kept = answer(store, 0)
    publish(store, "zh", write(store, "zh", typed(own_course("zh")).replace("接单", "收单")))
    with store.reading() as uow:
        row = uow.quizzes.get(kept)
    assert (row.version, row.asked["title"]) == ("2026-11", "接单，完整复述")
    assert answer(store, 0) == kept


def test_answers_to_a_course_that_is_over_are_not_marked(store: Store) -> None:
    publish(store, "zh", write(store, "zh", typed(own_course("zh")).replace("接单", "收单")))
    with pytest.raises(CourseChanged):
        answer(store, 0, version="2026-11")
    with pytest.raises(NotFound):
        answer(store, 99)


def test_who_answered_all_of_it_well_has_passed(store: Store) -> None:
    assert not learner(store).standing.passed
    answer(store, 0, attempt="f" * 32, wrong=3)
    assert learner(store).standing.done == 1
    whole(store)
    found = learner(store)
    assert found.standing.passed
    assert (found.passed_at, found.passed_version) == (NOW, "2026-11")
    questions = sum(len(chapter.questions) for chapter in chapters(own_course("zh")))
    assert found.standing.points == questions
    assert not learner(store, NOW).standing.passed


def test_a_pass_of_an_earlier_version_is_remembered(store: Store) -> None:
    whole(store)
    publish(store, "zh", write(store, "zh", typed(own_course("zh")).replace("接单", "收单")))
    found = learner(store)
    assert (found.standing.done, found.passed_version) == (0, "2026-11")
