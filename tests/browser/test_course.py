"""The course of the handbook's rules in a real browser: an admin words it, a clerk takes it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from models.course import chapters
from models.courses import own_course
from models.staff import Role
from tests.browser.conftest import Shoot, leave
from tests.console import Desk

Enter = Callable[[str], None]
PHONE = {"width": 390, "height": 800}
DESK = {"width": 1280, "height": 800}


def shown_narrow_and_wide(page: Page, shoot: Shoot, name: str) -> None:
    """Keeps pictures of both widths; nothing may stick out of the narrow one."""
    shoot(page, name)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    too_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(too_wide), name
    shoot(page, f"{name}-narrow")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]


def in_english(page: Page) -> None:
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def take(page: Page, number: int, wrong: int = 0) -> None:
    """Answers a chapter that is open, the first questions on purpose wrongly."""
    rights = {
        q.question: q.options[q.right]
        for lang in ("zh", "en")
        for q in chapters(own_course(lang))[number].questions  # type: ignore[arg-type]
    }
    for index, asked in enumerate(page.locator("form fieldset").all()):
        right = rights[asked.locator("legend").inner_text()]
        labels = asked.locator("label").all()
        chosen = next(
            one for one in labels if (one.inner_text().strip() == right) is (index >= wrong)
        )
        chosen.locator("input").check()
    page.locator("form", has=page.locator("fieldset")).get_by_role("button").click()
    page.wait_for_url("**/course/results/*")


def test_a_clerk_takes_the_course_and_a_head_sees_who_passed(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    desk.user(display="安娜")
    desk.user("boris", display="鲍里斯")
    desk.user("lina", Role.HEAD)
    enter("anna")
    page.goto("/console/training")
    page.get_by_role("button", name="手册规则课程和测验").click()
    expect(page.locator("main")).to_contain_text("未开始")
    page.get_by_role("link", name="接单，完整复述").click()
    shown_narrow_and_wide(page, shoot, "course-chapter")
    take(page, 0, wrong=1)
    expect(page.get_by_role("heading", level=1)).to_contain_text("得分 2 / 3")
    expect(page.locator(".checks .lacking")).to_have_count(1)
    shown_narrow_and_wide(page, shoot, "course-result")
    page.get_by_role("link", name="再答一次").click()
    take(page, 0)
    expect(page.get_by_role("heading", level=1)).to_contain_text("得分 3 / 3")
    for number in range(1, len(own_course("zh")["chapters"])):
        page.get_by_role("button", name="下一章").click()
        page.wait_for_url(f"**/course/{number}")
        take(page, number)
    expect(page.get_by_role("button", name="下一章")).to_have_count(0)
    page.get_by_role("link", name="全部章节").click()
    expect(page.locator("p.standing .badge.good")).to_have_text("已通过")
    in_english(page)
    expect(page.locator("p.standing")).to_contain_text("passed")
    shown_narrow_and_wide(page, shoot, "course-taken-english")
    page.get_by_role("button", name="中文").click()
    result = page.url + "/results/1"
    leave(page)
    enter("boris")
    answer = page.goto(result)
    assert answer is not None
    assert answer.status == 404
    leave(page)
    enter("lina")
    page.goto("/console/training/course")
    passed = page.locator("article", has_text="通过情况").locator("tbody tr")
    expect(passed.filter(has_text="安娜")).to_contain_text("已通过")
    expect(passed.filter(has_text="鲍里斯")).to_contain_text("未开始")
    shown_narrow_and_wide(page, shoot, "course-heads")


def test_a_form_that_is_sent_twice_counts_once(desk: Desk, page: Page, enter: Enter) -> None:
    desk.user()
    enter("anna")
    page.goto("/console/training/course/0")
    for fields in page.locator("form fieldset").all():
        fields.locator("input").last.check()
    results = page.evaluate(
        """async () => {
            const form = document.querySelector("form:has(fieldset)")
            const body = new URLSearchParams(new FormData(form))
            const send = async () => (await fetch(form.action, {method: "POST", body})).url
            return [await send(), await send()]
        }"""
    )
    assert results[0].endswith("/results/1")
    assert results[1] == results[0]
    with desk.store.reading() as uow:
        assert len(uow.quizzes.of("anna", 10)) == 1


def test_an_admin_words_the_course_and_publishes_both_languages(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    desk.user("root", Role.ADMIN)
    enter("root")
    page.goto("/console/prompts")
    page.get_by_role("link", name="课程", exact=True).click()
    shown_narrow_and_wide(page, shoot, "course-admin")
    words = page.locator("textarea[name=course]")
    own = words.input_value()
    words.fill(own.replace("+ 整张订单", "- 整张订单", 1))
    page.get_by_role("button", name="存为草稿").click()
    expect(page.get_by_role("alert")).to_contain_text("没有正确答案")
    part = own.index("\n# 电话里怎么说话")
    words.fill(own[:part])
    page.fill("[name=note]", "少一章")
    page.get_by_role("button", name="存为草稿").click()
    page.wait_for_url("**/course/zh/1")
    shown_narrow_and_wide(page, shoot, "course-version")
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_role("alert")).to_contain_text("另一种语言")
    page.get_by_role("link", name="English", exact=True).click()
    page.wait_for_url("**/course/en")
    english = words.input_value()
    words.fill(english[: english.index("\n# How to speak")])
    page.get_by_role("button", name="存为草稿").click()
    page.wait_for_url("**/course/en/1")
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_role("status")).to_contain_text("两种语言都已生效")
    in_english(page)
    shown_narrow_and_wide(page, shoot, "course-admin-english")
    page.goto("/console/training/course")
    expect(page.locator("h1")).to_contain_text("desk-1")
    expect(page.locator("article").first.locator("tbody tr")).to_have_count(6)
