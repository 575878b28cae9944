"""Orders in writing: labels, tables and sentences become fields with their places."""

from __future__ import annotations

from datetime import datetime

import pytest

from models.fields import DangerousGood
from nlp.understand import Understander
from nlp.written import orders
from nlp.written.labels import label
from nlp.written.orders import Draft
from nlp.written.quoting import fresh, is_forward
from nlp.written.source import Part, Place, Table, Text, from_code
from nlp.written.values import Reader

NOW = datetime(2026, 11, 24, 10, 30)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(Understander(), NOW)


def text(said: str, index: int = 0) -> Part:
    lines = tuple(Text(t, Place(part=index, line=n)) for n, t in enumerate(said.splitlines()))
    return Part(index=index, kind="text", lines=lines)


def table(rows: list[list[str]], index: int = 0) -> Part:
    cells: Table = tuple(
        tuple(Text(c, Place(part=index, table=0, row=y, column=x)) for x, c in enumerate(row, 1))
        for y, row in enumerate(rows, 1)
    )
    return Part(index=index, kind="excel", tables=(cells,))


def values(draft: Draft) -> dict[str, object]:
    return {name: found.value for name, found in draft.fields.items()}


@pytest.mark.parametrize(
    ("said", "what", "party", "unit"),
    [
        ("收货人", "name", "consignee", ""),
        ("收 货 人 ：", "name", "consignee", ""),
        ("收货入", "name", "consignee", ""),
        ("寄件电话", "phone", "consignor", ""),
        ("收货详细地址", "place", "consignee", ""),
        ("毛重(kg)", "weight_kg", "", "kg"),
        ("重量（吨）", "weight_kg", "", "吨"),
        ("* 品名", "goods", "", ""),
        ("Consignee 收货人", "name", "consignee", ""),
        ("Ship to", "place", "consignee", ""),
        ("G.W. (kg)", "weight_kg", "", "kg"),
        ("Pick up date", "pickup", "", ""),
        ("提货时间", "pickup", "", ""),
        ("送货日期", "deliver_by", "", ""),
    ],
)
def test_labels(said: str, what: str, party: str, unit: str) -> None:
    named = label(said)
    assert named is not None
    assert (named.what, named.party, named.unit) == (what, party, unit)


@pytest.mark.parametrize(
    "said", ["李雷", "上海市浦东新区张江路88号", "16", "请尽快安排提货", "", "Li Lei"]
)
def test_values_are_no_labels(said: str) -> None:
    assert label(said) is None


def test_a_place_is_kept_in_a_short_text() -> None:
    place = Place(part=2, page=1, table=0, row=3, column=4, box=(0.1, 0.25, 0.5, 0.3))
    assert from_code(place.code()) == place
    with pytest.raises(ValueError, match="names no place"):
        from_code("x1")


def test_rows_of_a_table_are_orders_and_the_body_completes_them(reader: Reader) -> None:
    body = text("请安排附件两票，明天上午提货，空运，月结")
    rows = table(
        [
            ["公司：上海宏远电子有限公司", "", "", "", "", ""],
            ["品名", "件数", "重量(吨)", "收货人", "电话", "收货地址"],
            ["服装", "16", "0.12", "李雷", "13800138000", "北京市朝阳区建国路1号"],
            ["充电宝", "20", "0.3", "韩梅梅", "13900139001", "广州市天河区体育西路1号"],
            ["合计", "36", "0.42", "", "", ""],
        ],
        1,
    )
    first, second = orders.read(reader, [body, rows])
    assert values(first) == {
        "goods": "服装", "pieces": 16, "weight_kg": 120.0, "consignee.name": "李雷",
        "consignee.phone": "+8613800138000", "destination.province": "北京市",
        "destination.city": "北京市", "destination.district": "朝阳区",
        "destination.detail": "建国路1号", "customer.name": "上海宏远电子有限公司",
        "pickup_date": "2026-11-25", "pickup_start": "2026-11-25T08:00",
        "pickup_end": "2026-11-25T12:00", "mode": "air", "payment": "monthly",
    }  # fmt: skip
    assert second.fields["dangerous"].value == (DangerousGood("充电宝", "9", "UN3480"),)
    assert second.fields["consignee.name"].place == Place(part=1, table=0, row=4, column=4)
    assert second.fields["mode"].place == Place(part=0, line=0)


def test_in_a_form_a_label_is_of_the_party_before_it(reader: Reader) -> None:
    (draft,) = orders.read(
        reader,
        [
            table(
                [
                    ["发货人", "王建国", "电话", "13900139000"],
                    ["地址", "上海市浦东新区张江路88号", "", ""],
                    ["收货人", "李雷", "电话", "13800138000"],
                    ["地址", "北京市朝阳区建国路1号", "", ""],
                    ["品名", "服装", "付款方式", "□月结 ☑到付"],
                ]
            )
        ],
    )
    found = values(draft)
    assert found["consignor.phone"] == "+8613900139000"
    assert found["consignee.phone"] == "+8613800138000"
    assert (found["origin.city"], found["destination.city"]) == ("上海市", "北京市")
    assert found["payment"] == "collect"


def test_the_same_order_in_two_parts_is_one_and_contradictions_are_doubtful(
    reader: Reader,
) -> None:
    rows = [["品名", "件数", "收货人", "电话"], ["服装", "16", "李雷", "13800138000"]]
    other = [["品名", "件数", "收货人", "电话"], ["服装", "18", "李雷", "13800138000"]]
    (draft,) = orders.read(reader, [table(rows), table(other, 1)])
    assert draft.fields["pieces"].value == 16
    assert draft.fields["pieces"].confidence == 0.5
    assert draft.fields["goods"].confidence == 1.0


def test_two_like_rows_of_one_table_are_two_orders(reader: Reader) -> None:
    row = ["服装", "16", "李雷", "13800138000"]
    assert len(orders.read(reader, [table([["品名", "件数", "收货人", "电话"], row, row])])) == 2


def test_numbered_orders_in_a_body(reader: Reader) -> None:
    said = """第一票：
货物：服装 件数：3箱
收货人：李雷 13800138000
第二票：
货物：书籍 件数：4箱
收货人：韩梅梅 13900139001

提货地址：上海市浦东新区张江路88号"""
    first, second = orders.read(reader, [text(said)])
    assert (first.fields["pieces"].value, second.fields["pieces"].value) == (3, 4)
    assert second.fields["consignee.phone"].value == "+8613900139001"
    assert first.fields["origin.city"].value == second.fields["origin.city"].value == "上海市"


def test_a_sentence_is_understood_like_a_callers(reader: Reader) -> None:
    (draft,) = orders.read(
        reader,
        [
            text(
                "请明天下午两点到上海浦东新区张江路88号提货，\n16箱服装，空运到北京市朝阳区建国路1号，\n收货人李雷。"
            )
        ],
    )
    assert draft.fields["pickup_start"].value == "2026-11-25T14:00"
    assert draft.fields["pieces"].place == Place(part=0, line=1)
    assert draft.fields["consignee.name"].place == Place(part=0, line=2)


def test_what_holds_no_order_gives_none(reader: Reader) -> None:
    assert orders.read(reader, [text("您好，上个月的发票收到了，谢谢。")]) == []
    assert orders.read(reader, []) == []


def test_goods_that_may_hide_others_are_asked_after(reader: Reader) -> None:
    (draft,) = orders.read(reader, [text("货物：蓝牙耳机\n件数：3\n收货人：李雷")])
    assert draft.asks == ("蓝牙耳机",)


@pytest.mark.parametrize(
    "mark",
    ["-----原始邮件-----", "On Mon, Nov 23, 2026 at 9:00 AM Desk <d@x.example> wrote:",
     "发件人: 客服 <d@x.example>", "在 2026年11月23日，客服 <d@x.example> 写道："],
)  # fmt: skip
def test_quoted_mails_are_not_read_again(mark: str) -> None:
    lines = text(f"新的\n{mark}\n旧的").lines
    assert [line.text for line in fresh(lines, forward=False)] == ["新的"]


def test_of_a_forwarded_mail_the_quoted_text_is_read() -> None:
    said = "请处理\n---------- Forwarded message ----------\nFrom: 王 <w@x.example>\nDate: 2026\n\n> 货物：书籍"
    kept = [line.text for line in fresh(text(said).lines, forward=True)]
    assert kept[0] == "请处理"
    assert kept[-1] == "货物：书籍"
    assert not any("From" in line or "Date" in line for line in kept)
    assert is_forward("Fwd: 发货单")
    assert is_forward("转发：发货单")
    assert not is_forward("回复: 发货单")


def test_what_stands_before_a_label_in_its_line_is_read(reader: Reader) -> None:
    said = "服装12箱86公斤，空运。\n送到北京市朝阳区建国路93号，收货人：李雷，手机13900139000。"
    (draft,) = orders.read(reader, [text(said)])
    found = values(draft)
    assert (found["destination.city"], found["destination.detail"]) == ("北京市", "建国路93号")
    assert (found["consignee.name"], found["consignee.phone"]) == ("李雷", "+8613900139000")


@pytest.mark.parametrize(
    ("written", "detail"),
    [
        ("重庆市渝中区民权路28号附1号", "民权路28号附1号"),
        ("广东省深圳市南山区科技园南区R3栋5楼", "科技园南区R3栋5楼"),
        ("广州市天河区体育西路 103号", "体育西路103号"),
    ],
)
def test_the_end_of_an_address_is_what_is_written(
    reader: Reader, written: str, detail: str
) -> None:
    form = table([["收货人", "李雷", "收货地址", written], ["品名", "服装", "件数", "3"]])
    (draft,) = orders.read(reader, [form])
    assert values(draft)["destination.detail"] == detail


@pytest.mark.parametrize(
    ("written", "mode"),
    [("□空运 ☑铁路 □汽运", "rail"), ("□空运 铁路 □汽运", "rail"), ("空运 铁路 汽运", None)],
)
def test_of_boxes_to_tick_the_ticked_one_is_meant(
    reader: Reader, written: str, mode: str | None
) -> None:
    form = table([["收货人", "李雷", "运输方式", written], ["品名", "服装", "件数", "3"]])
    (draft,) = orders.read(reader, [form])
    assert values(draft).get("mode") == mode


def test_two_forms_share_what_stands_before_them(reader: Reader) -> None:
    form = table(
        [["客户", "上海宏远电子有限公司", "运输方式", "空运"],
         ["收货人", "李雷", "电话", "13900139000"], ["品名", "服装", "件数", "3"],
         ["收货人", "王强", "电话", "13900139001"], ["品名", "书籍", "件数", "5"]]
    )  # fmt: skip
    first, second = orders.read(reader, [form])
    assert [values(d)["pieces"] for d in (first, second)] == [3, 5]
    assert {values(d)["mode"] for d in (first, second)} == {"air"}
