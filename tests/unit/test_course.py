"""The course: how an admin types it, how answers are marked, who has passed."""

from __future__ import annotations

import pytest

from models.call import Lang
from models.course import Chapter, alike, chapters, points, shuffled, standing
from models.course_text import UnfitCourse, read, typed
from models.courses import own_course
from models.errors import RuleError

SMALL = """% 75
# 问候
先说您好。
? 先说什么？
+ 您好
- 喂
= 客户要知道打到了哪里。
? 最后说什么？
- 不说
+ 再见
= 有始有终。
"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_own_course_is_one_that_an_admin_could_have_typed(lang: Lang) -> None:
    own = own_course(lang)
    assert read(typed(own), own["version"]) == own


def test_the_own_courses_teach_the_same_in_both_languages() -> None:
    assert alike(own_course("zh"), own_course("en"))


def test_what_is_typed_is_read() -> None:
    body = read(SMALL, "desk-1")
    (chapter,) = chapters(body)
    assert (body["version"], body["pass"], chapter.title) == ("desk-1", 75, "问候")
    assert [(q.options, q.right) for q in chapter.questions] == [
        (("您好", "喂"), 0),
        (("不说", "再见"), 1),
    ]


@pytest.mark.parametrize(
    ("before", "after", "line", "about"),
    [
        ("+ 您好\n", "- 您好\n", 7, "no right answer"),
        ("- 喂\n", "+ 喂\n", 6, "one right answer"),
        ("- 喂\n", "-\n", 6, "Nothing follows"),
        ("- 喂\n", "", 6, "2 to 6 answers"),
        ("- 喂\n", "- 您好\n", 6, "twice"),
        ("= 客户要知道打到了哪里。\n", "", 6, "why"),
        ("先说您好。\n", "", 10, "no text"),
        ("% 75", "% 20", 1, "pass mark"),
        ("% 75\n# 问候\n", "", 1, "begins with a chapter"),
        ("? 最后说什么？\n- 不说\n+ 再见\n= 有始有终。\n", "", 7, "2 or 3 questions"),
    ],
)
def test_what_cannot_be_taught_is_refused_with_its_line(
    before: str, after: str, line: int, about: str
) -> None:
    with pytest.raises(UnfitCourse, match=about) as refused:
        read(SMALL.replace(before, after), "desk-1")
    assert refused.value.line == line


def test_an_empty_course_is_refused() -> None:
    with pytest.raises(UnfitCourse, match="no chapter"):
        read("\n \n", "desk-1")


def test_questions_come_in_another_order_and_keep_their_right_answers() -> None:
    chapter = chapters(own_course("zh"))[0]
    rights = {q.question: q.options[q.right] for q in chapter.questions}
    orders = set()
    for key in map(str, range(40)):
        mixed = shuffled(chapter, key)
        assert mixed == shuffled(chapter, key)
        assert {q.question: q.options[q.right] for q in mixed.questions} == rights
        orders.add(tuple((q.question, q.options) for q in mixed.questions))
    assert len(orders) > 20


def test_a_chapter_is_kept_and_read_again() -> None:
    chapter = chapters(own_course("en"))[0]
    assert Chapter.from_json(chapter.as_json()) == chapter


def test_right_answers_are_points() -> None:
    (chapter,) = chapters(read(SMALL, "desk-1"))
    assert [points(chapter, answers) for answers in ([0, 1], [0, 0], [1, 0])] == [2, 1, 0]
    for bad in ([0], [0, 1, 1], [0, 2], [-1, 0]):
        with pytest.raises(RuleError):
            points(chapter, bad)


def test_it_is_passed_with_every_chapter_answered_and_enough_right() -> None:
    body = own_course("zh")
    count = [len(chapter.questions) for chapter in chapters(body)]
    whole = list(enumerate(count))
    assert standing(body, whole).passed
    assert not standing(body, whole[:-1]).passed
    assert not standing(body, [(n, 0) for n, _ in whole]).passed
    needed = standing(body, []).needed
    assert needed == -(-sum(count) * 80 // 100)
    less = sum(count) - needed
    nearly = [(n, of - 1 if n < less else of) for n, of in whole]
    assert standing(body, nearly).points == needed
    assert standing(body, nearly).passed
    assert not standing(body, [(n, of - 1 if n <= less else of) for n, of in whole]).passed


def test_the_best_time_counts() -> None:
    body = read(SMALL, "desk-1")
    assert standing(body, [(0, 2), (0, 1)]).passed


def test_courses_are_alike_by_their_parts_and_their_mark() -> None:
    body = read(SMALL, "desk-1")
    assert alike(body, read(SMALL.replace("问候", "Greeting"), "desk-9"))
    assert not alike(body, read(SMALL.replace("% 75", "% 80"), "desk-9"))
    assert not alike(body, read(SMALL.replace("- 喂", "- 喂\n- 嗨"), "desk-9"))
