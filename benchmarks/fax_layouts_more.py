"""More layouts of faxed orders to develop with: where labels stand over, under, in a corner of or
far from their values, and where a block names whose name and telephone it holds."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.fax_printing import Sheet, Sheets, Write, quoted, table
from benchmarks.mail_orders import Goal

_SMALL = "#text(size: 8pt)"
_BREAK = r" \ "
_MODES = ("空运", "铁路", "汽运")
_PAYMENTS = ("月结", "到付")


def _ticks(choices: Sequence[str], ticked: str, gap: str = "  ") -> str:
    return quoted(gap.join(("☑" if choice == ticked else "□") + choice for choice in choices))


def _over(orders: Sequence[Goal], write: Write) -> str:
    """Rows of labels, each with a row of values below it."""
    o, w = orders[0], write
    cells = [
        [
            ["托运单位", "运输方式", "提货时间"],
            [quoted(o["customer"]), w(o["mode"]), w(o["pickup"])],
        ],
        [
            ["发货人", "发货人电话", "提货地址"],
            [w(o["sender"]), w(o["sender_phone"]), quoted(o["from"])],
        ],
        [
            ["收货人", "收货人电话", "收货地址"],
            [w(o["receiver"]), w(o["receiver_phone"]), quoted(o["to"])],
        ],
        [["货名", "件数", "毛重（公斤）"], [w(o["goods"]), w(o["pieces"]), w(o["kg"])]],
        [["付款方式", "经办人签字", ""], [w(o["payment"]), "", ""]],
    ]
    rows = [row for pair in cells for row in pair]
    return "#align(center)[= 国内货物托运书]\n#v(6pt)\n" + table(rows, columns="(1fr, 1fr, 1.6fr)")


def _merged(orders: Sequence[Goal], write: Write) -> str:
    """A merged cell at the left names the party of the rows beside it."""
    o, w = orders[0], write

    def block(title: str, rows: Sequence[tuple[str, str]]) -> str:
        head = f"table.cell(rowspan: {len(rows)}, align: center + horizon)[{title}]"
        return head + ", " + ", ".join(f"[{name}], [{value}]" for name, value in rows)

    sender = [("单位", quoted(o["customer"])), ("联系人", w(o["sender"])),
              ("电话", w(o["sender_phone"])), ("地址", quoted(o["from"]))]  # fmt: skip
    receiver = [
        ("姓名", w(o["receiver"])),
        ("电话", w(o["receiver_phone"])),
        ("地址", quoted(o["to"])),
    ]
    cargo = [("品名", w(o["goods"])), ("件数", w(o["pieces"])), ("重量", w(o["kg"]) + " kg")]
    other = [("运输方式", w(o["mode"])), ("提货时间", w(o["pickup"])), ("结算", w(o["payment"]))]
    blocks = [block("发货方", sender), block("收货方", receiver), block("货物", cargo),
              block("要求", other)]  # fmt: skip
    return (
        "#align(center)[= 运 输 委 托 单]\n#v(6pt)\n"
        f"#table(columns: (2cm, 2.4cm, 1fr), stroke: 0.7pt, inset: 6pt, {', '.join(blocks)})"
    )


def _corner(orders: Sequence[Goal], write: Write) -> str:
    """Boxes with a small label in two languages in the corner, as on a waybill."""
    o, w = orders[0], write

    def box(title: str, *lines: str) -> str:
        return f"[{_SMALL}[{title}]{_BREAK}{_BREAK.join(lines)}]"

    cells = [
        box(
            "托运人 Shipper",
            quoted(o["customer"]),
            quoted(o["from"]),
            "TEL: " + w(o["sender_phone"]),
        ),
        box(
            "收货人 Consignee", w(o["receiver"]), quoted(o["to"]), "TEL: " + w(o["receiver_phone"])
        ),
        box("始发站 Origin", quoted(o["from"][:3])),
        box("目的站 Destination", quoted(o["to"][:3])),
        box("货物品名 Nature of Goods", w(o["goods"])),
        box("件数 No. of Pieces", w(o["pieces"])),
        box("毛重 Gross Weight (kg)", w(o["kg"])),
        box("付款方式 Payment", w(o["payment"])),
        box("运输方式 Mode", w(o["mode"])),
        box("提货时间 Pick-up", w(o["pickup"])),
    ]
    return (
        "#align(center)[= 货 运 单]\n#v(6pt)\n"
        f"#table(columns: (1fr, 1fr), stroke: 0.7pt, inset: 5pt, {', '.join(cells)})"
    )


def _side_by_side(orders: Sequence[Goal], write: Write) -> str:
    """Sender and receiver in two columns whose labels are the same."""
    o, w = orders[0], write
    rows = [
        ["寄件人信息", "收件人信息"],
        [f"姓名：{w(o['sender'])}", f"姓名：{w(o['receiver'])}"],
        [f"手机：{w(o['sender_phone'])}", f"手机：{w(o['receiver_phone'])}"],
        [f"地址：{quoted(o['from'])}", f"地址：{quoted(o['to'])}"],
    ]
    return (
        f"= {quoted(o['customer'])}\n== 寄货单\n#v(6pt)\n"
        + table(rows, columns="(1fr, 1fr)")
        + f"\n#v(8pt)\n物品：{w(o['goods'])} #h(1cm) 数量：{w(o['pieces'])} 件 #h(1cm) "
        f"重量：{w(o['kg'])} 公斤\n\n取件时间：{quoted(o['pickup'])}\n\n"
        f"运输方式：{_ticks(_MODES, o['mode'])}\n\n付款：{_ticks(_PAYMENTS, o['payment'])}"
    )


def _parties_in_columns(orders: Sequence[Goal], write: Write) -> str:
    """Labels at the left for two columns of values, one for each party."""
    o, w = orders[0], write
    rows = [
        ["", "发货方", "收货方"],
        ["姓名", w(o["sender"]), w(o["receiver"])],
        ["联系电话", w(o["sender_phone"]), w(o["receiver_phone"])],
        ["详细地址", quoted(o["from"]), quoted(o["to"])],
    ]
    cargo = [["品名", "件数", "重量KG", "运输方式", "结算方式"],
             [w(o["goods"]), w(o["pieces"]), w(o["kg"]), w(o["mode"]), w(o["payment"])]]  # fmt: skip
    return (
        f"#align(center)[= 发货通知单]\n客户：{quoted(o['customer'])}\n#v(4pt)\n"
        + table(rows, columns="(2.2cm, 1fr, 1fr)")
        + "\n#v(8pt)\n"
        + table(cargo, columns="(1.4fr, 1fr, 1fr, 1fr, 1fr)")
        + f"\n#v(8pt)\n请于{quoted(o['pickup'])}派车提货。"
    )


def _underlined(orders: Sequence[Goal], write: Write) -> str:
    """Blanks with what belongs there printed small beneath them."""
    o, w = orders[0], write

    def blank(value: str, name: str) -> str:
        line = "#line(length: 100%, stroke: 0.6pt)"
        return f"[{value}#v(-8pt){line}#v(-8pt){_SMALL}[({name})]]"

    cells = [
        blank(quoted(o["customer"]), "公司名称"), blank(w(o["mode"]), "运输方式"),
        blank(quoted(o["from"]), "提货地址"), blank(quoted(o["pickup"]), "提货时间"),
        blank(quoted(o["to"]), "收货地址"), blank(w(o["receiver"]), "收货人"),
        blank(w(o["receiver_phone"]), "收货人电话"), blank(w(o["goods"]), "货物名称"),
        blank(w(o["pieces"]), "件数"), blank(w(o["kg"]) + " kg", "重量"),
        blank(w(o["payment"]), "付款方式"),
    ]  # fmt: skip
    return (
        "#align(center)[= 托 运 申 请]\n#v(10pt)\n"
        f"#grid(columns: (1fr, 1fr), row-gutter: 20pt, column-gutter: 1.2cm, {', '.join(cells)})"
    )


def _cover(orders: Sequence[Goal], write: Write) -> str:
    """A cover sheet, and the order on the next page."""
    o = orders[0]
    rows = [
        ["收件单位", "货运客服部", "发件单位", quoted(o["customer"])],
        ["收件传真", "021-66668888", "发件传真", "021-55550123"],
        ["页数", "2（含本页）", "日期", "2026年11月24日"],
    ]
    lines = [
        ("品名", o["goods"]), ("件数", o["pieces"] + "件"), ("总重", o["kg"] + "公斤"),
        ("走货方式", o["mode"]), ("提货地点", o["from"]), ("提货日期", o["pickup"]),
        ("送货地址", o["to"]), ("收货联系人", o["receiver"]), ("收货电话", o["receiver_phone"]),
        ("运费", o["payment"]),
    ]  # fmt: skip
    body = "\n\n".join(f"{n}. {name}：{quoted(value)}" for n, (name, value) in enumerate(lines, 1))
    return (
        "#align(center)[= 传真封面]\n#v(10pt)\n"
        + table(rows, columns="(2.4cm, 1fr, 2.4cm, 1fr)")
        + "\n#v(10pt)\n附件为我司托运资料，请查收后回电确认。\n#pagebreak()\n== 托运资料\n\n"
        + body
    )


def _two_below(orders: Sequence[Goal], write: Write) -> str:
    """A print-out with a head for all orders and one form below the other."""
    o, w = orders[0], write
    head = (
        f"= 出货安排表\n公司：{quoted(o['customer'])} #h(1fr) 提货仓库：{quoted(o['from'])}\n\n"
        f"装货时间：{quoted(o['pickup'])} #h(1fr) 方式：{quoted(o['mode'])}\n\n"
    )
    forms = []
    for number, one in enumerate(orders, 1):
        rows = [
            [f"第{number}票", "收货人", w(one["receiver"]), "电话", w(one["receiver_phone"])],
            ["到站地址", quoted(one["to"]), "", "", ""],
            ["品名", w(one["goods"]), "件数", w(one["pieces"]), w(one["kg"]) + " KG"],
        ]
        forms.append(table(rows, columns="(2.2cm, 1.8fr, 1fr, 1fr, 1.6fr)"))
    return head + "\n#v(8pt)\n".join(forms)


def _english_boxes(orders: Sequence[Goal], write: Write) -> str:
    """Boxes of a trading company's shipping instruction, labels above."""
    o, w = orders[0], write

    def box(title: str, *lines: str) -> str:
        return f"[{_SMALL}[*{title}*]{_BREAK}{_BREAK.join(lines)}]"

    cells = [
        box("CUSTOMER", quoted(o["customer"])), box("SERVICE", w(o["mode"]) + " freight"),
        box("COLLECT FROM", quoted(o["from"])),
        box("DELIVER TO", quoted(o["to"])),
        box("RECEIVER", w(o["receiver"])), box("RECEIVER PHONE", w(o["receiver_phone"])),
        box("GOODS", w(o["goods"])), box("PIECES / WEIGHT", w(o["pieces"]) + " pcs / " + w(o["kg"]) + " kg"),
    ]  # fmt: skip
    return (
        "= SHIPPING INSTRUCTION\n#v(6pt)\n"
        f"#table(columns: (1fr, 1fr), stroke: 0.7pt, inset: 6pt, {', '.join(cells)})"
    )


def _spaced(orders: Sequence[Goal], write: Write) -> str:
    """Labels spread over a column's width, no colons, no rules."""
    o, w = orders[0], write
    rows = [
        ("客 户", quoted(o["customer"])), ("货 物", f"{w(o['goods'])}，{w(o['pieces'])}件，{w(o['kg'])}公斤"),
        ("提 货", quoted(o["from"])), ("时 间", quoted(o["pickup"])),
        ("送 往", quoted(o["to"])), ("收 货 人", w(o["receiver"]) + "  " + w(o["receiver_phone"])),
        ("方 式", w(o["mode"])), ("运 费", w(o["payment"])),
    ]  # fmt: skip
    cells = ", ".join(f"[{name}], [{value}]" for name, value in rows)
    return f"= 发 货 单\n#v(8pt)\n#grid(columns: (2.6cm, 1fr), row-gutter: 15pt, {cells})"


DEV2: Sheets = {
    "over": Sheet(_over, by_hand=True),
    "merged": Sheet(_merged, by_hand=True),
    "corner": Sheet(_corner, by_hand=True),
    "side_by_side": Sheet(_side_by_side, by_hand=True),
    "parties_in_columns": Sheet(_parties_in_columns, by_hand=True),
    "underlined": Sheet(_underlined),
    "cover": Sheet(_cover),
    "two_below": Sheet(_two_below, orders=2, by_hand=True),
    "english_boxes": Sheet(_english_boxes, lang="en", by_hand=True),
    "spaced": Sheet(_spaced),
}
