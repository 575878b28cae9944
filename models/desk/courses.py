"""The course: which is in force, how a version gets there, who answered what and passed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.call import Lang
from models.course import Chapter, Standing, alike, points, shuffled, standing
from models.courses import own_course
from models.desk import texts
from models.errors import NotFound, RuleError
from models.rows_training import QuizRow
from models.store import UnitOfWork

#: What the table of texts calls it.
KIND = "course"
LANGS: tuple[Lang, ...] = ("zh", "en")


class CourseChanged(RuleError):
    """Another version came into force between the question and the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """Where somebody stands with the course.

    Attributes:
        standing: in the language in which they are furthest.
        passed_at: when they last passed it, in whichever version; None for never.
        passed_version: the version that they passed then.
    """

    standing: Standing
    passed_at: datetime | None
    passed_version: str | None


def course_in_force(uow: UnitOfWork, lang: Lang) -> Mapping[str, Any]:
    """The course that clerks read now."""
    return uow.texts.published(KIND, lang) or own_course(lang)


def publish(uow: UnitOfWork, lang: Lang, version: int | None, *, by: str, at: datetime) -> bool:
    """Puts a version into force; None is the product's own.

    Both languages always teach the same: where the other one does not fit the version, its draft
    (or the product's own) comes into force with it.

    Returns:
        Whether the other language's course was changed too.

    Raises:
        NotFound: there is no such version.
        RuleError: the other language has none that fits.
    """
    row = None if version is None else uow.texts.get(KIND, lang, version)
    if version is not None and row is None:
        raise NotFound("There is no such version.")
    body = own_course(lang) if row is None else row.body
    other: Lang = "en" if lang == "zh" else "zh"
    fits = alike(body, course_in_force(uow, other))
    if not fits:
        partner = next((v for v, b in _partners(uow, other) if alike(body, b)), -1)
        if partner == -1:
            raise RuleError(
                "The course in the other language has other chapters, questions or another pass "
                "mark. Write it as a draft too; publishing then puts both into force."
            )
        texts.publish(uow, KIND, other, partner, by=by, at=at)
    texts.publish(uow, KIND, lang, version, by=by, at=at)
    return not fits


def asked(body: Mapping[str, Any], number: int, attempt: str) -> Chapter:
    """A chapter as one form asks it.

    Raises:
        NotFound: the course has no such chapter.
    """
    if number not in range(len(body["chapters"])):
        raise NotFound("There is no such chapter.")
    return shuffled(Chapter.from_json(body["chapters"][number]), attempt)


def answer(
    uow: UnitOfWork,
    *,
    clerk: str,
    attempt: str,
    lang: Lang,
    version: str,
    number: int,
    answers: Sequence[int],
    at: datetime,
) -> int:
    """Marks a chapter's answers and keeps them; gives the result's number.

    A form that is handed in again gives the result that it had.

    Args:
        attempt: names the form, and so the order in which it asked.
        answers: indices as the form showed them.

    Raises:
        CourseChanged: the version is not in force any more.
        NotFound: the course has no such chapter.
        RuleError: a question has no answer.
    """
    before = uow.quizzes.handed_in(clerk, attempt)
    if before is not None:
        return before.id
    body = course_in_force(uow, lang)
    if version != body["version"]:
        raise CourseChanged(
            "The course was changed meanwhile. Read the chapter again, then answer."
        )
    chapter = asked(body, number, attempt)
    return uow.quizzes.keep(
        clerk=clerk,
        attempt=attempt,
        at=at,
        lang=lang,
        version=version,
        chapter=number,
        asked=chapter.as_json(),
        answers=list(answers),
        points=points(chapter, answers),
    )


def learners(
    uow: UnitOfWork, clerks: Sequence[str], until: datetime | None = None
) -> dict[str, Learner]:
    """Where each of them stands, or stood before a moment, by the course of today."""
    bodies = {lang: course_in_force(uow, lang) for lang in LANGS}
    rows: dict[str, list[QuizRow]] = {clerk: [] for clerk in clerks}
    for row in uow.quizzes.before(until, clerks):
        rows[row.clerk].append(row)
    known = _bodies(uow)
    return {clerk: _learner(answered, bodies, known) for clerk, answered in rows.items()}


def _learner(
    rows: Sequence[QuizRow],
    bodies: Mapping[Lang, Mapping[str, Any]],
    known: Mapping[tuple[str, str], Mapping[str, Any]],
) -> Learner:
    now = [
        standing(
            body,
            ((r.chapter, r.points) for r in rows if (r.lang, r.version) == (lang, body["version"])),
        )
        for lang, body in bodies.items()
    ]
    last = max(_passes(rows, known), key=lambda found: found.at, default=None)
    return Learner(
        standing=max(now, key=lambda one: (one.passed, one.points, one.done)),
        passed_at=None if last is None else last.at,
        passed_version=None if last is None else last.version,
    )


def _passes(
    rows: Sequence[QuizRow], known: Mapping[tuple[str, str], Mapping[str, Any]]
) -> Iterator[QuizRow]:
    """For each version that was passed, the answers that did it."""
    by_version: dict[tuple[str, str], list[QuizRow]] = {}
    for row in rows:
        by_version.setdefault((row.lang, row.version), []).append(row)
    for version, answered in by_version.items():
        body = known.get(version)
        for end in range(1, len(answered) + 1) if body else ():
            part = answered[:end]
            if body and standing(body, ((r.chapter, r.points) for r in part)).passed:
                yield part[-1]
                break


def _bodies(uow: UnitOfWork) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Every version of the course, by language and name."""
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for lang in LANGS:
        own = own_course(lang)
        found[lang, own["version"]] = own
        for row in uow.texts.of(KIND, lang):
            found[lang, row.body["version"]] = row.body
    return found


def _partners(uow: UnitOfWork, lang: Lang) -> Iterator[tuple[int | None, Mapping[str, Any]]]:
    """What else may come into force in a language, the likeliest first."""
    draft = uow.texts.draft(KIND, lang)
    if draft is not None:
        yield draft.version, draft.body
    yield None, own_course(lang)
