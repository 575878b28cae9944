"""Five layouts of faxed orders to develop with."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.fax_printing import Sheet, Sheets, Write, quoted, table
from benchmarks.mail_orders import Goal


def _ruled_form(orders: Sequence[Goal], write: Write) -> str:
    o, w = orders[0], write
    rows = [
        ["托运单位", quoted(o["customer"]), "运输方式", w(o["mode"])],
        ["发货人", w(o["sender"]), "电话", w(o["sender_phone"])],
        ["提货地址", quoted(o["from"]), "提货时间", w(o["pickup"])],
        ["收货人", w(o["receiver"]), "电话", w(o["receiver_phone"])],
        ["收货地址", quoted(o["to"]), "付款方式", w(o["payment"])],
        ["货物名称", w(o["goods"]), "件数", w(o["pieces"])],
        ["重量(kg)", w(o["kg"]), "备注", ""],
    ]
    title = "#align(center)[#text(size: 18pt)[*货 物 托 运 单*]]\n#v(6pt)\n"
    return title + table(rows, columns="(2.3cm, 1fr, 2.3cm, 1fr)")


def _two_columns(orders: Sequence[Goal], write: Write) -> str:
    o, w = orders[0], write
    pairs = [
        ("客户名称", quoted(o["customer"])), ("运输方式", w(o["mode"])),
        ("发货人", w(o["sender"])), ("收货人", w(o["receiver"])),
        ("发货人电话", w(o["sender_phone"])), ("收货人电话", w(o["receiver_phone"])),
        ("品名", w(o["goods"])), ("件数", w(o["pieces"])),
        ("重量", w(o["kg"]) + " 公斤"), ("结算方式", w(o["payment"])),
    ]  # fmt: skip
    cells = ", ".join(f"[{name}：{value}]" for name, value in pairs)
    return (
        "= 发货委托书\n#v(8pt)\n"
        f"#grid(columns: (1fr, 1fr), row-gutter: 16pt, column-gutter: 14pt, {cells})\n#v(14pt)\n"
        f"发货地址：{quoted(o['from'])}\n\n收货地址：{quoted(o['to'])}\n\n"
        f"提货时间：{w(o['pickup'])}\n\n#v(30pt)委托人签字：#line(length: 4cm)"
    )


def _letter(orders: Sequence[Goal], write: Write) -> str:
    o = orders[0]
    return (
        "#set par(leading: 1.1em)\n= 传 真\n"
        "#table(columns: (1fr, 1fr), stroke: none, [致：客服部], [由：储运科], [传真：021-66668888], "
        "[页数：共1页], [日期：2026-11-24], [事由：委托发货])\n#line(length: 100%)\n#v(8pt)\n"
        f"您好：\n\n请安排{quoted(o['pickup'])}到{quoted(o['from'])}提货，"
        f"{quoted(o['goods'])}{quoted(o['pieces'])}箱，共{quoted(o['kg'])}公斤，"
        f"{quoted(o['mode'])}到{quoted(o['to'])}，收货人{quoted(o['receiver'])}，"
        f"电话{quoted(o['receiver_phone'])}，{quoted(o['payment'])}。\n\n谢谢！\n\n"
        f"#align(right)[{quoted(o['customer'])}]"
    )


def _list(orders: Sequence[Goal], write: Write) -> str:
    head = ["序号", "品名", "件数", "重量kg", "收货人", "电话", "收货地址"]
    rows = [head] + [
        [str(n), quoted(o["goods"]), write(o["pieces"]), write(o["kg"]), quoted(o["receiver"]),
         quoted(o["receiver_phone"]), quoted(o["to"])]
        for n, o in enumerate(orders, 1)
    ]  # fmt: skip
    o = orders[0]
    return (
        "#set page(flipped: false, margin: 1.4cm)\n#align(center)[= 发货清单]\n"
        f"客户名称：{quoted(o['customer'])}\n\n提货地址：{quoted(o['from'])}\n\n"
        f"提货时间：{quoted(o['pickup'])}   运输方式：{quoted(o['mode'])}\n\n#v(6pt)\n"
        + table(rows, columns="(auto, auto, auto, auto, auto, auto, 1fr)")
    )


def _english(orders: Sequence[Goal], write: Write) -> str:
    o, w = orders[0], write
    rows = [
        ["Customer", quoted(o["customer"]), "Mode", w(o["mode"])],
        ["Ship from", quoted(o["from"]), "Sender", w(o["sender"])],
        ["Consignee", w(o["receiver"]), "Phone", w(o["receiver_phone"])],
        ["Ship to", quoted(o["to"]), "Pieces", w(o["pieces"])],
        ["Description of goods", w(o["goods"]), "Gross weight (kg)", w(o["kg"])],
    ]
    return "= Shipping order\n#v(8pt)\n" + table(rows, columns="(2.6cm, 1fr, 2.6cm, 1fr)")


DEV: Sheets = {
    "ruled_form": Sheet(_ruled_form, by_hand=True),
    "two_columns": Sheet(_two_columns, by_hand=True),
    "letter": Sheet(_letter),
    "list": Sheet(_list, orders=3, by_hand=True),
    "english": Sheet(_english, lang="en", by_hand=True),
}
