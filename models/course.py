"""The course of the handbook's rules: its chapters, and how answers are marked (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any

from models.errors import RuleError

#: Percent of all answers that have to be right where a course does not say.
USUAL_PASS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with several answers, one of them right.

    Attributes:
        right: index in `options`.
    """

    question: str
    options: tuple[str, ...]
    right: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """Some paragraphs, and the questions at their end."""

    title: str
    text: tuple[str, ...]
    questions: tuple[Question, ...]

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Chapter:
        """A chapter as a course's text has it."""
        questions = (
            Question(**{**entry, "options": tuple(entry["options"])})
            for entry in stored["questions"]
        )
        return cls(title=stored["title"], text=tuple(stored["text"]), questions=tuple(questions))

    def as_json(self) -> dict[str, Any]:
        """The inverse of `from_json`."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far somebody is with a course: for each chapter the best of their answers counts.

    Attributes:
        points: right answers.
        questions: of the whole course.
        needed: right answers to pass it.
        done: chapters that were answered, of `chapters`.
    """

    points: int
    questions: int
    needed: int
    done: int
    chapters: int

    @property
    def passed(self) -> bool:
        """Whether every chapter was answered and enough was right."""
        return self.done == self.chapters and self.points >= self.needed


def chapters(body: Mapping[str, Any]) -> list[Chapter]:
    """The chapters of a stored course."""
    return [Chapter.from_json(entry) for entry in body["chapters"]]


def points(chapter: Chapter, answers: Sequence[int]) -> int:
    """How many questions of a chapter were answered rightly.

    Args:
        answers: the index of the chosen option for each question.

    Raises:
        RuleError: a question has no answer, or one that was not offered.
    """
    if len(answers) != len(chapter.questions) or any(
        not 0 <= answer < len(question.options)
        for question, answer in zip(chapter.questions, answers, strict=True)
    ):
        raise RuleError("Answer every question of the chapter.")
    both = zip(chapter.questions, answers, strict=True)
    return sum(question.right == answer for question, answer in both)


def shuffled(chapter: Chapter, key: str) -> Chapter:
    """The chapter with its questions and their answers in another order: one for each key."""
    questions = sorted(chapter.questions, key=lambda one: _drawn(key, one.question))
    return replace(chapter, questions=tuple(_mixed(one, key) for one in questions))


def alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two languages' courses can be one: the same pass mark, as many chapters, and as
    many questions and answers in each."""
    return _shape(one) == _shape(other)


def standing(body: Mapping[str, Any], answered: Iterable[tuple[int, int]]) -> Standing:
    """How far somebody is.

    Args:
        answered: chapter and points of each time that one of this course was answered.
    """
    parts = chapters(body)
    best: dict[int, int] = {}
    for chapter, found in answered:
        best[chapter] = max(found, best.get(chapter, 0))
    questions = sum(len(part.questions) for part in parts)
    mark = int(body.get("pass", USUAL_PASS))
    return Standing(
        points=sum(best.values()),
        questions=questions,
        needed=-(-questions * mark // 100),
        done=len(best),
        chapters=len(parts),
    )


def _mixed(question: Question, key: str) -> Question:
    right = question.options[question.right]
    options = sorted(question.options, key=lambda option: _drawn(key, question.question, option))
    return replace(question, options=tuple(options), right=options.index(right))


def _drawn(*parts: str) -> bytes:
    return sha256("\n".join(parts).encode()).digest()


def _shape(body: Mapping[str, Any]) -> tuple[object, ...]:
    counts = ([len(one.options) for one in part.questions] for part in chapters(body))
    return (body.get("pass", USUAL_PASS), *counts)
