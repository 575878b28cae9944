"""An admin's pages in a real browser: users, tokens, the audit log."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from api.office import office_now, own_office
from api.wordings import (
    prompts_in_force,
    settings_in_force,
    sounds_folder,
    sounds_in_force,
)
from models.audit import first_fault
from models.customer import Customer
from models.notices import notice_for
from models.staff import Role
from nlp.dialogue.actions import Say
from nlp.dialogue.prompts import Prompts
from nlp.dialogue.settings import DialogueSettings
from tests.browser.conftest import Shoot, leave
from tests.console import Desk, record
from voice.recorded import Recordings

Enter = Callable[[str], None]


def test_a_new_user_gets_a_password_and_chooses_another(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    desk.user("root", Role.ADMIN, display="管理员")
    enter("root")
    page.get_by_role("link", name="用户").click()
    page.fill("[name=name]", "chen.li")
    page.fill("[name=display]", "陈丽")
    page.select_option("[name=role]", "head")
    page.fill("[name=phone]", "13711112222")
    page.get_by_role("button", name="添加").click()
    password = page.locator(".made code").inner_text()
    expect(page.locator("tbody")).to_contain_text("客服主管")
    shoot(page, "users")
    page.get_by_role("link", name="chen.li").click()
    shoot(page, "user")
    leave(page)

    page.goto("/console/login")
    page.fill("[name=name]", "chen.li")
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/account")
    page.fill("[name=password]", password)
    page.fill("[name=new]", "river-boat-1999")
    page.fill("[name=again]", "river-boat-1999")
    page.get_by_role("button", name="修改密码").click()
    page.wait_for_url("**/console/orders")
    expect(page.get_by_role("link", name="用户")).to_have_count(0)
    page.goto("/console/users")
    expect(page.locator("h1")).to_have_text("无权查看")


def test_the_last_admin_is_kept(desk: Desk, page: Page, enter: Enter) -> None:
    desk.user("root", Role.ADMIN)
    enter("root")
    page.goto("/console/users/root")
    page.uncheck("[name=active]")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("最后一位管理员")


def test_a_token_is_shown_once_and_ended(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    desk.user("root", Role.ADMIN)
    enter("root")
    page.get_by_role("link", name="令牌").click()
    page.fill("[name=name]", "CRM")
    page.get_by_role("button", name="生成令牌").click()
    expect(page.get_by_role("alert")).to_contain_text("至少一项")
    page.fill("[name=name]", "CRM")
    page.check("[value='orders:read']")
    page.get_by_role("button", name="生成令牌").click()
    token = page.locator(".made code").inner_text()
    assert token.startswith("vit_")
    shoot(page, "tokens")
    page.get_by_role("link", name="令牌").click()
    assert token not in page.content()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="使失效").click()
    expect(page.locator("tbody")).to_contain_text("已失效")


def test_the_audit_log_tells_who_saw_an_order(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    desk.user()
    desk.user("boss", Role.GENERAL_MANAGER)
    desk.call()
    enter("anna")
    page.goto("/console/orders/o1")
    leave(page)
    enter("boss")
    page.get_by_role("link", name="审计日志").click()
    page.fill("[name=subject]", "order:o1")
    page.get_by_role("button", name="筛选").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text("anna")
    page.goto("/console/audit")
    shoot(page, "audit")
    page.get_by_role("button", name="校验日志链").click()
    expect(page.get_by_role("status")).to_have_text("日志完整。")
    with desk.store.reading() as uow:
        assert first_fault(uow.audit.entries()) is None


def test_the_register_is_kept_by_form(desk: Desk, page: Page, enter: Enter, shoot: Shoot) -> None:
    desk.user("mia", Role.MARKETING_MANAGER)
    enter("mia")
    page.get_by_role("link", name="客户", exact=True).click()
    page.get_by_role("button", name="添加", exact=True).click()
    page.fill("[name=name]", "上海宏远电子有限公司")
    page.fill("[name=account]", "HY-0032")
    page.check("[name=effective]")
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url("**/book/people")
    page.fill(".new [name='contact.phone']", "not a number")
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("电话")
    page.fill(".new [name='contact.phone']", "138 0013 8000")
    page.fill(".new [name='contact.name']", "王经理")
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("link", name="收货方").click()
    page.set_input_files(
        "[name=table]",
        files=[
            {
                "name": "receivers.csv",
                "mimeType": "text/csv",
                "buffer": "收货人,收货人电话,目的城市\n李雷,13911112222,北京市\n韩梅梅,02150801234,广州市\n".encode(
                    "gb18030"
                ),
            }
        ],
    )
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("已添加 2 条")
    shoot(page, "book")
    page.locator("tbody tr").nth(1).get_by_role("button", name="置顶", exact=True).click()
    expect(page.locator("[name='consignee.name']").first).to_have_value("韩梅梅")
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("tbody tr").nth(1).get_by_role("button", name="删除", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("link", name="客户", exact=True).first.click()
    expect(page.locator("tbody")).to_contain_text("已批准")
    shoot(page, "customers")
    with desk.store.reading() as uow:
        known = uow.customers.by_phone("+8613800138000")
    assert known is not None
    assert known.person_at("+8613800138000") == "王经理"
    assert [c["consignee.phone"] for c in known.consignees] == ["+862150801234"]
    page.goto("/console/customers/new")
    page.fill("[name=name]", "上海宏远电子有限公司")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("已有")


def test_a_contract_is_kept_and_its_end_is_told(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    desk.user("mia", Role.HEAD)
    desk.user(display="安娜")
    with desk.store.unit() as uow:
        uow.customers.put(Customer(id="c1", name="上海宏远电子有限公司"))
        uow.commit()
    enter("mia")
    page.goto("/console/customers/c1/contracts")
    page.fill("[name=number]", "HY-2026-7")
    page.select_option("[name=kind]", "interim")
    page.fill("[name=valid_from]", "2026-01-01")
    page.fill("[name=valid_to]", "2025-12-10")
    page.select_option("[name=clerk]", label="安娜")
    page.set_input_files(
        "[name=file]",
        files=[{"name": "协议.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 both"}],
    )
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("早于")
    expect(page.locator("[name=number]")).to_have_value("HY-2026-7")
    page.fill("[name=valid_to]", "2026-12-10")
    page.set_input_files(
        "[name=file]",
        files=[{"name": "协议.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 both"}],
    )
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.locator(".contract")).to_contain_text("即将到期")
    with page.expect_download() as download:
        page.get_by_role("link", name="协议.pdf").click()
    assert Path(download.value.path()).read_bytes() == b"%PDF-1.7 both"
    shoot(page, "contracts")
    page.get_by_text("更正").click()
    page.locator(".contract [name=number]").fill("HY-2026-8")
    shoot(page, "contract-open")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".contract h2")).to_contain_text("HY-2026-8")
    page.get_by_role("link", name="客户", exact=True).first.click()
    expect(page.get_by_role("status")).to_contain_text("1 份合同")
    shoot(page, "customers-ending")
    page.get_by_role("link", name="待办", exact=True).click()
    expect(page.locator("tbody")).to_contain_text("负责人：安娜")
    shoot(page, "tasks-contract")


def test_a_wording_is_drafted_heard_published_and_taken_back(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    own = Prompts.load()
    desk.user("root", Role.ADMIN)
    enter("root")
    page.get_by_role("link", name="话术").click()
    page.fill("main [name=q]", "greeting")
    page.get_by_role("button", name="筛选").click()
    shoot(page, "prompts")
    page.get_by_role("link", name="greeting", exact=True).click()
    page.fill("[name=texts]", "您好，请讲。")
    page.get_by_role("button", name="存为草稿").click()
    expect(page.get_by_role("alert")).to_contain_text("相同的变量")
    expect(page.locator("[name=texts]")).to_have_value("您好，请讲。")
    page.fill("[name=texts]", "您好，这里是{company}，请讲。")
    page.fill("main [name=note]", "短一点")
    page.get_by_role("button", name="存为草稿").click()
    expect(page.locator(".versions ins").first).to_be_visible()
    assert prompts_in_force(desk.store, own) is own
    sound = page.locator("audio").first
    sound.evaluate("audio => audio.play()")
    page.wait_for_timeout(500)
    assert sound.evaluate("audio => audio.duration") > 1
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_role("status").first).to_contain_text("新的通话")
    shoot(page, "prompt")
    text, name = prompts_in_force(desk.store, own).render(
        "greeting", lang="zh", args={"company": "顺达"}
    )
    assert (text, name) == ("您好，这里是顺达，请讲。", f"greeting@{_version(own) + 1}")
    page.get_by_role("button", name="恢复这个").click()
    expect(page.get_by_role("status").first).to_contain_text("新的通话")
    assert (
        prompts_in_force(desk.store, own).render("greeting", lang="zh", args={"company": "顺达"})[1]
        == f"greeting@{_version(own)}"
    )


def test_a_recording_replaces_the_voice(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot, tmp_path: Path
) -> None:
    own = Prompts.load().wordings["zh"]["ask.pieces"]
    desk.user("root", Role.ADMIN)
    enter("root")
    page.goto("/console/prompts/zh/greeting")
    expect(page.locator("main")).to_contain_text("带变量的话术不能用录音")
    page.goto("/console/prompts/zh/ask.pieces")
    sound = tmp_path / "take.wav"
    sound.write_bytes(b"<script>" * 900)
    page.set_input_files("[name=sound]", sound)
    page.get_by_role("button", name="上传为草稿").click()
    expect(page.get_by_role("alert")).to_contain_text("WAV、FLAC 或 MP3")
    record(sound, 3)
    page.set_input_files("[name=sound]", sound)
    page.get_by_role("button", name="上传为草稿").click()
    expect(page.locator(".versions li").first).to_contain_text("录音")
    assert sounds_in_force(desk.store) == {}
    heard = page.locator("audio").first
    heard.evaluate("audio => audio.play()")
    page.wait_for_timeout(500)
    assert heard.evaluate("audio => audio.duration") > 1
    page.get_by_role("button", name="发布").click()
    shoot(page, "recording")
    folder = sounds_folder(desk.settings)
    say = Say(id="s1", text=own.variants[0], prompt=f"ask.pieces@{own.version + 1}")
    assert Recordings(folder, sounds_in_force(desk.store)).find(say)
    page.get_by_role("button", name="恢复这个").click()
    assert sounds_in_force(desk.store) == {}
    sound.write_bytes(bytes(21_000_000))
    page.set_input_files("[name=sound]", sound)
    page.get_by_role("button", name="上传为草稿").click()
    expect(page.locator("main")).to_contain_text("20 MB")


def test_a_notice_is_worded_read_published_and_taken_back(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    desk.user("root", Role.ADMIN)
    enter("root")
    page.get_by_role("link", name="话术").click()
    page.get_by_role("link", name="待签通知函").click()
    page.fill("[name='classes']", "1 | 爆炸品 | 烟花")
    page.get_by_role("button", name="存为草稿").click()
    expect(page.get_by_role("alert")).to_contain_text("九类")
    page.goto("/console/notices/zh")
    page.fill("[name='rules.air']", "航空运输：未经申报一律不得交运。")
    page.fill("main [name=note]", "简短")
    page.get_by_role("button", name="存为草稿").click()
    expect(page.locator("del").first).to_be_visible()
    shoot(page, "notice")
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_role("status").first).to_contain_text("这份通知函")
    shoot(page, "notices")
    with desk.store.reading() as uow:
        said = notice_for("air", "zh", uow.texts.published("notice", "zh"))
    assert said.rule == "航空运输：未经申报一律不得交运。"
    page.get_by_role("button", name="恢复这个").click()
    with desk.store.reading() as uow:
        assert uow.texts.published("notice", "zh") is None
    page.get_by_role("button", name="English").click()
    page.get_by_role("link", name="English").click()
    expect(page.locator("[name='rules.air']")).to_have_value(notice_for("air", "en").rule)
    shoot(page, "notices-en")


def test_dangerous_goods_are_listed_published_and_taken_back(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    own = DialogueSettings()
    desk.user("root", Role.ADMIN)
    enter("root")
    page.get_by_role("link", name="话术").click()
    page.get_by_role("link", name="危险品").click()
    page.fill("[name=goods]", "星火膏 | 3\n星火胶 | 30")
    page.get_by_role("button", name="存为草稿").click()
    expect(page.get_by_role("alert")).to_contain_text("第 2 行")
    page.fill("[name=goods]", "星火膏, 星火胶 | 4.1 | UN1325 | forbidden | papers | papers")
    page.get_by_role("button", name="存为草稿").click()
    assert settings_in_force(desk.store, own) == own
    expect(page.locator("[name=goods]")).to_have_value(
        "星火膏, 星火胶 | 4.1 | UN1325 | forbidden | papers | papers"
    )
    expect(page.get_by_text("表单从草稿 1 开始")).to_be_visible()
    page.fill("main [name=q]", "UN1845")
    shoot(page, "dangerous-draft")
    page.get_by_role("button", name="查找").click()
    expect(page.locator("tbody tr").first).to_contain_text("干冰")
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_role("status").first).to_contain_text("这份清单")
    (listed,) = settings_in_force(desk.store, own).listed
    assert (listed.names, listed.air) == (("星火膏", "星火胶"), "forbidden")
    page.goto("/console/dangerous/zh?q=3")
    shoot(page, "dangerous")
    page.get_by_role("button", name="English").click()
    shoot(page, "dangerous-en")
    page.get_by_role("button", name="Back to this").click()
    assert settings_in_force(desk.store, own) == own


def _version(own: Prompts) -> int:
    return own.wordings["zh"]["greeting"].version


def test_the_dialogue_is_set_within_bounds(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    own = DialogueSettings()
    desk.user("root", Role.ADMIN)
    enter("root")
    page.get_by_role("link", name="对话", exact=True).click()
    page.fill("[name=check_below]", "0.75")
    expect(page.get_by_label("始发地: 不询问")).to_be_disabled()
    page.get_by_label("体积: 不询问").check()
    page.get_by_label("联系人: 必填").check()
    page.get_by_label("位置: 联系人").fill("2")
    page.get_by_label("位置: 运输方式").fill("3")
    page.fill("[name=earned_back]", "50")
    page.locator("[name=earned_back]").evaluate("field => field.form.noValidate = true")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("[name=check_below]")).to_have_value("0.75")
    expect(page.get_by_label("联系人: 必填")).to_be_checked()
    page.fill("[name=earned_back]", str(own.earned_back))
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status").first).to_contain_text("新的通话")
    shoot(page, "dialogue")
    now = settings_in_force(desk.store, own)
    assert (now.check_below, now.optional) == (0.75, ("packaging", "remarks"))
    assert now.required == ("customer", "contact", *own.required[1:])
    expect(page.locator(".versions li").first.locator("ins")).to_contain_text("联系人")
    expect(page.locator(".versions li").first.locator("del")).to_contain_text("体积")
    page.get_by_role("button", name="恢复安装时的设置").click()
    expect(page.locator("[name=check_below]")).to_have_value(str(own.check_below))


def test_the_office_is_set_and_taken_back(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    desk.user("root", Role.ADMIN)
    enter("root")
    page.goto("/console/dialogue")
    page.get_by_label("星期一").fill("08:30-12:00, 13:30-18:00")
    page.get_by_label("星期日").fill("-")
    page.fill("[name=exceptions]", "2026-10-01..2026-10-07 休息")
    page.fill("[name=clerk_number]", "021-55550111")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("时段请写成")
    expect(page.get_by_label("星期日")).to_have_value("-")
    assert office_now(desk.store, desk.settings) == own_office(desk.settings)
    shoot(page, "office-refused")
    page.fill("[name=exceptions]", "2026-10-01..2026-10-07 -")
    page.fill("[name=remind_hours]", "4, 96")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("晚于链接失效")
    page.fill("[name=remind_hours]", "4, 24")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status").first).to_contain_text("新的通话")
    first = office_now(desk.store, desk.settings)
    assert (first.clerk, first.remind, first.week[6]) == ("+862155550111", (4.0, 24.0), ())

    page.fill("[name=fallback_number]", "021-55550133")
    page.get_by_role("button", name="保存").click()
    assert office_now(desk.store, desk.settings).fallback == "+862155550133"
    shoot(page, "office")
    page.locator(".versions li").last.get_by_role("button").click()
    expect(page.locator(".versions li")).to_have_count(3)
    expect(page.locator("[name=fallback_number]")).to_have_value("")
    assert office_now(desk.store, desk.settings) == first
    page.get_by_role("button", name="English").click()
    expect(page.get_by_label("Monday")).to_have_value("08:30-12:00, 13:30-18:00")
    shoot(page, "office-en")
