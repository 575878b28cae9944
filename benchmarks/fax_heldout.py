"""Five layouts of faxed orders that are only scored. Nothing is tuned by looking at them."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.fax_printing import Sheet, Sheets, Write, quoted, table
from benchmarks.mail_orders import Goal


def _waybill(orders: Sequence[Goal], write: Write) -> str:
    o, w = orders[0], write
    rows = [
        ["委托方", quoted(o["customer"]), "合同", ""],
        ["寄件人", w(o["sender"]), "联系电话", w(o["sender_phone"])],
        ["取件地址", quoted(o["from"]), "取件时间", w(o["pickup"])],
        ["收件人", w(o["receiver"]), "联系电话", w(o["receiver_phone"])],
        ["送货地址", quoted(o["to"]), "运费付款方式", w(o["payment"])],
        ["物品名称", w(o["goods"]), "数量（箱）", w(o["pieces"])],
        ["毛重（公斤）", w(o["kg"]), "承运方式", w(o["mode"])],
    ]
    return (
        "#align(right)[编号：______]\n#align(center)[#text(size: 16pt)[运 输 委 托 单]]\n#v(4pt)\n"
        + table(rows, columns="(2.6cm, 1.2fr, 2.6cm, 1fr)", stroke="1pt")
        + "\n#v(10pt)\n托运人（盖章）：　　　　　　经办人："
    )


def _underlined(orders: Sequence[Goal], write: Write) -> str:
    o, w = orders[0], write
    said = [
        ("1、发货单位", o["customer"]), ("2、提货地点", o["from"]), ("3、提货日期", o["pickup"]),
        ("4、货名", o["goods"]), ("5、件数", o["pieces"]), ("6、总重量（kg）", o["kg"]),
        ("7、到货地址", o["to"]), ("8、收货联系人", o["receiver"]),
        ("9、收货人手机", o["receiver_phone"]), ("10、发运方式", o["mode"]),
    ]  # fmt: skip
    lines = "\n\n".join(f"{name}：#underline[{w(value)}]" for name, value in said)
    return f"#set par(leading: 1em, spacing: 1.5em)\n= 发货通知\n#v(8pt)\n{lines}"


def _memo(orders: Sequence[Goal], write: Write) -> str:
    o = orders[0]
    return (
        "#set par(leading: 1.2em, spacing: 1.6em)\n#align(center)[= 业务联系函]\n"
        "收件单位：贵公司客服中心　　传真号：027-88886666\n\n"
        f"发件单位：{quoted(o['customer'])}　　页码：1/1\n\n#line(length: 100%)\n\n"
        f"我司有一批{quoted(o['goods'])}需要{quoted(o['mode'])}，"
        f"件数{quoted(o['pieces'])}件，毛重{quoted(o['kg'])}公斤。\n\n"
        f"提货地址：{quoted(o['from'])}，请于{quoted(o['pickup'])}上门。\n\n"
        f"送到{quoted(o['to'])}，收货人：{quoted(o['receiver'])}，"
        f"手机{quoted(o['receiver_phone'])}。\n\n运费{quoted(o['payment'])}，谢谢配合。"
    )


def _day(orders: Sequence[Goal], write: Write) -> str:
    head = ["编号", "收货人", "联系方式", "送达地址", "货品", "箱数", "毛重"]
    rows = [head] + [
        [f"{n}", quoted(o["receiver"]), write(o["receiver_phone"]), quoted(o["to"]),
         quoted(o["goods"]), write(o["pieces"]), quoted(o["kg"] + "公斤")]
        for n, o in enumerate(orders, 1)
    ]  # fmt: skip
    o = orders[0]
    return (
        "#set page(margin: 1.5cm)\n#text(size: 15pt)[*当日出货表*]　　"
        f"单位名称：{quoted(o['customer'])}\n\n"
        + table(rows, columns="(auto, auto, auto, 1fr, auto, auto, auto)", stroke="0.5pt")
        + f"\n#v(8pt)\n取货地址：{quoted(o['from'])}\n\n取货时间：{quoted(o['pickup'])}\n\n"
        f"运输方式：{quoted(o['mode'])}"
    )


def _booking(orders: Sequence[Goal], write: Write) -> str:
    o, w = orders[0], write
    said = [
        ("Booking party", quoted(o["customer"])), ("Collection from", quoted(o["from"])),
        ("Receiver", w(o["receiver"])), ("Mobile", w(o["receiver_phone"])),
        ("Deliver to", quoted(o["to"])), ("Commodity", w(o["goods"])),
        ("No. of cartons", w(o["pieces"])), ("Weight", w(o["kg"]) + " kg"),
        ("Transport mode", w(o["mode"])),
    ]  # fmt: skip
    cells = ", ".join(f"[{name}:], [{value}]" for name, value in said)
    return (
        "#text(size: 15pt)[*FREIGHT BOOKING*]\n\nDate: 24 Nov 2026    Pages: 1\n#line(length: 100%)\n"
        f"#grid(columns: (4.2cm, 1fr), row-gutter: 15pt, {cells})\n\n#v(12pt)\nThank you."
    )


HELD_OUT: Sheets = {
    "waybill": Sheet(_waybill, by_hand=True),
    "underlined": Sheet(_underlined, by_hand=True),
    "memo": Sheet(_memo),
    "day": Sheet(_day, orders=3, by_hand=True),
    "booking": Sheet(_booking, lang="en", by_hand=True),
}
