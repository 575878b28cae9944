"""A course as an admin types it (pure).

A line says by its first sign what it is: `%` the pass mark, `#` a chapter, `?` a question, `+` its
right answer, `-` a wrong one, `=` why the right one is right. Any other line is a paragraph.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.course import USUAL_PASS, Chapter, chapters
from models.errors import RuleError

#: How many questions end a chapter, and how many answers each offers.
_QUESTIONS = range(2, 4)
_OPTIONS = range(2, 7)
_MOST_CHAPTERS = 30
#: Characters in a line.
_LONGEST = 1000
#: Percent that a pass mark may be.
_PASS = range(50, 101)


class UnfitCourse(RuleError):
    """The course cannot be taught; `line` is the number of the line at fault."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def typed(body: Mapping[str, Any]) -> str:
    """What a form shows; `read` takes it back."""
    mark = f"% {body.get('pass', USUAL_PASS)}"
    return "\n\n".join([mark, *(_typed(chapter) for chapter in chapters(body))])


def read(text: str, label: str) -> dict[str, Any]:
    """The course that a form describes, as it is stored.

    Args:
        label: the version's name.

    Raises:
        UnfitCourse: a line stands in the wrong place, or a part is missing.
    """
    found: list[dict[str, Any]] = []
    number, mark = 0, USUAL_PASS
    for number, raw in enumerate(text.splitlines(), 1):
        line = " ".join(raw.split())
        if not line:
            continue
        if len(line) > _LONGEST:
            raise UnfitCourse("A line is too long: 1000 characters at most.", number)
        if line[0] in "%％" and not found:
            mark = _mark(line[1:], number)
        else:
            _take(found, line, number)
    if not found:
        raise UnfitCourse("The course has no chapter: begin one with # and its title.", 1)
    _whole(found[-1], number)
    return {"version": label, "pass": mark, "chapters": found}


def _mark(text: str, number: int) -> int:
    plain = text.strip().rstrip("%％").strip()
    if not plain.isdecimal() or int(plain) not in _PASS:
        raise UnfitCourse("The pass mark is a number of percent from 50 to 100.", number)
    return int(plain)


def _take(found: list[dict[str, Any]], line: str, number: int) -> None:
    """Puts a line where it belongs."""
    sign, rest = line[0], line[1:].strip()
    if sign not in "#?+-=＃？＋＝":
        rest = line
    elif not rest:
        raise UnfitCourse("Nothing follows the sign.", number)
    if sign in "#＃":
        if found:
            _whole(found[-1], number - 1)
        if len(found) == _MOST_CHAPTERS:
            raise UnfitCourse("The course is too long: 30 chapters at most.", number)
        found.append({"title": rest, "text": [], "questions": []})
        return
    if not found:
        raise UnfitCourse("The course begins with a chapter: # and its title.", number)
    chapter = found[-1]
    if sign in "?？":
        if chapter["questions"]:
            _answered(chapter["questions"][-1], number - 1)
        chapter["questions"].append({"question": rest, "options": [], "right": None, "why": None})
    elif sign in "+-=＋＝":
        _answer(chapter, sign, rest, number)
    elif chapter["questions"]:
        raise UnfitCourse("After a question come answers with + or -, then why with =.", number)
    else:
        chapter["text"].append(rest)


def _answer(chapter: dict[str, Any], sign: str, rest: str, number: int) -> None:
    if not chapter["questions"]:
        raise UnfitCourse("An answer belongs below a question: ? and its words.", number)
    question = chapter["questions"][-1]
    if question["why"] is not None:
        raise UnfitCourse("Why the answer is right stands once, below all answers.", number)
    if sign in "=＝":
        question["why"] = rest
        return
    if rest in question["options"]:
        raise UnfitCourse("The question offers this answer twice.", number)
    if sign in "+＋":
        if question["right"] is not None:
            raise UnfitCourse("A question has one right answer, with +; this is another.", number)
        question["right"] = len(question["options"])
    question["options"].append(rest)


def _answered(question: Mapping[str, Any], number: int) -> None:
    if len(question["options"]) not in _OPTIONS:
        raise UnfitCourse("The question above offers 2 to 6 answers.", number)
    if question["right"] is None:
        raise UnfitCourse("The question above has no right answer: mark it with +.", number)
    if question["why"] is None:
        raise UnfitCourse("The question above does not say why: a line with =.", number)


def _whole(chapter: Mapping[str, Any], number: int) -> None:
    if not chapter["text"]:
        raise UnfitCourse("The chapter above has no text to read.", number)
    if chapter["questions"]:
        _answered(chapter["questions"][-1], number)
    if len(chapter["questions"]) not in _QUESTIONS:
        raise UnfitCourse("The chapter above ends with 2 or 3 questions.", number)


def _typed(chapter: Chapter) -> str:
    lines = [f"# {chapter.title}", *chapter.text]
    for question in chapter.questions:
        lines += ["", f"? {question.question}"]
        for index, option in enumerate(question.options):
            lines.append(f"{'+' if index == question.right else '-'} {option}")
        lines.append(f"= {question.why}")
    return "\n".join(lines)
