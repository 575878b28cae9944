"""Ten layouts of faxed orders for an exam: only for figures, never to develop with."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.fax_printing import Sheet, Sheets, Write, quoted, table
from benchmarks.mail_orders import Goal


def _print_out(orders: Sequence[Goal], write: Write) -> str:
    """An Excel sheet with section rows over narrow cells."""
    o = orders[0]
    rows = [
        ["委托方", quoted(o["customer"]), "制单日期", "2026/11/24"],
        ["装货地点", quoted(o["from"]), "装货时间", quoted(o["pickup"])],
        ["装货联系人", quoted(o["sender"]), "手机", quoted(o["sender_phone"])],
        ["卸货地点", quoted(o["to"]), "运输类别", quoted(o["mode"])],
        ["卸货联系人", quoted(o["receiver"]), "手机", quoted(o["receiver_phone"])],
        ["货品", quoted(o["goods"]), "总件数", quoted(o["pieces"])],
        ["毛重（KG）", quoted(o["kg"]), "运费结算", quoted(o["payment"])],
    ]
    return (
        "#align(center)[#text(size: 15pt)[物流运输需求表]]\n"
        "#align(right)[#text(size: 9pt)[表单编号：WL-QR-017  版本：A2]]\n"
        + table(rows, columns="(2.5cm, 1.5fr, 2.3cm, 1fr)", stroke="0.5pt")
        + "\n#v(10pt)\n制表：        审核：        批准：\n\n"
        "#v(1fr)#align(center)[#text(size: 9pt)[第 1 页，共 1 页]]"
    )


def _letterhead(orders: Sequence[Goal], write: Write) -> str:
    """A short note of numbered points under the company's name."""
    o = orders[0]
    return (
        f"#align(center)[#text(size: 20pt)[*{quoted(o['customer'])}*]]\n"
        "#line(length: 100%, stroke: 1.5pt)\n"
        "#align(center)[#text(size: 14pt)[提 货 通 知]]\n#v(6pt)\n"
        "#set par(leading: 1em)\n贵司调度室：\n\n我司有货一批需发运，具体如下：\n\n"
        f"1、货物：{quoted(o['goods'])}，{quoted(o['pieces'])}件，{quoted(o['kg'])}kg\n\n"
        f"2、上门提货：{quoted(o['pickup'])}，{quoted(o['from'])}\n\n"
        f"3、送达：{quoted(o['to'])}\n\n"
        f"4、收件人：{quoted(o['receiver'])}  {quoted(o['receiver_phone'])}\n\n"
        f"5、走货方式：{quoted(o['mode'])}；运费：{quoted(o['payment'])}\n\n"
        f"我司经办人{quoted(o['sender'])}，联系电话{quoted(o['sender_phone'])}。请收到后回传确认。\n\n"
        "#v(20pt)#align(right)[物流部（盖章）\\ 2026年11月24日]"
    )


def _under(label: str, value: str) -> str:
    """A blank that is filled in over a line, with its label in small print below."""
    return (
        f"#block(width: 100%)[{value} #v(-7pt) #line(length: 100%, stroke: 0.6pt) #v(-8pt) "
        f"#text(size: 8pt)[{label}]]"
    )


def _labels_under(orders: Sequence[Goal], write: Write) -> str:
    """A form whose labels stand under the lines, filled in by hand."""
    o, w = orders[0], write
    cells = [
        _under("寄货人姓名", w(o["sender"])), _under("寄货人电话", w(o["sender_phone"])),
        _under("收货人姓名", w(o["receiver"])), _under("收货人电话", w(o["receiver_phone"])),
        _under("货物品名", w(o["goods"])), _under("件数", w(o["pieces"])),
        _under("重量（公斤）", w(o["kg"])), _under("付费方式", w(o["payment"])),
    ]  # fmt: skip
    grid = ", ".join(f"[{cell}]" for cell in cells)
    return (
        "#align(center)[#text(size: 17pt)[*托 运 申 请*]]\n#v(14pt)\n"
        + _under("托运单位", quoted(o["customer"]))
        + "\n#v(10pt)\n"
        + _under("起运地址", quoted(o["from"]))
        + "\n#v(10pt)\n"
        + _under("到达地址", quoted(o["to"]))
        + f"\n#v(10pt)\n#grid(columns: (1fr, 1fr), column-gutter: 24pt, row-gutter: 18pt, {grid})"
    )


def _waybill(orders: Sequence[Goal], write: Write) -> str:
    """A waybill: each cell holds its label in the corner and the value below."""
    o, w = orders[0], write

    def cell(label: str, value: str, span: int = 1) -> str:
        return f"table.cell(colspan: {span})[#text(size: 7.5pt)[{label}]#linebreak()#h(6pt){value}]"

    cells = [
        cell("寄件公司", quoted(o["customer"]), 8),
        cell("寄件人", w(o["sender"]), 4), cell("收件人", w(o["receiver"]), 4),
        cell("寄件电话", w(o["sender_phone"]), 4), cell("收件电话", w(o["receiver_phone"]), 4),
        cell("寄件地址", quoted(o["from"]), 4), cell("收件地址", quoted(o["to"]), 4),
        cell("内件品名", w(o["goods"]), 4), cell("件数", w(o["pieces"]), 2),
        cell("重量 kg", w(o["kg"]), 2),
        cell("运输方式", w(o["mode"]), 4), cell("付款", w(o["payment"]), 4),
        cell("寄件人签名", "", 4), cell("收件人签名", "", 4),
    ]  # fmt: skip
    return (
        "#grid(columns: (1fr, 1fr), [#text(size: 16pt)[*货运运单*]], "
        "align(right)[单号 8026 1124 0935])\n#v(4pt)\n"
        f"#table(columns: (1fr,) * 8, stroke: 0.8pt, inset: 5pt, {', '.join(cells)})"
    )


def _blocks(orders: Sequence[Goal], write: Write) -> str:
    """Blocks of sender and receiver with the same labels side by side."""
    o = orders[0]

    def block(title: str, name: str, phone: str, address: str) -> str:
        return (
            f"#rect(width: 100%, inset: 9pt)[*{title}* #v(4pt) 姓名：{name}\n\n"
            f"电话：{phone}\n\n地址：{address}]"
        )

    sender = block("▍发货方", quoted(o["sender"]), quoted(o["sender_phone"]), quoted(o["from"]))
    receiver = block(
        "▍收货方", quoted(o["receiver"]), quoted(o["receiver_phone"]), quoted(o["to"])
    )  # fmt: skip
    goods = [
        ["货名", "数量（件）", "重量（千克）", "运输", "费用"],
        [quoted(o["goods"]), quoted(o["pieces"]), quoted(o["kg"]), quoted(o["mode"]),
         quoted(o["payment"])],
    ]  # fmt: skip
    return (
        f"= 运输委托\n\n下单客户：{quoted(o['customer'])}\n\n"
        f"#grid(columns: (1fr, 1fr), column-gutter: 10pt, [{sender}], [{receiver}])\n#v(6pt)\n"
        + table(goods, columns="(1.6fr, 1fr, 1fr, 1fr, 1fr)")
        + f"\n#v(8pt)\n要求提货时间：{quoted(o['pickup'])}"
    )


def _two_orders(orders: Sequence[Goal], write: Write) -> str:
    """Two orders one below the other, each a small form."""
    o = orders[0]
    parts = [
        f"#align(center)[= 今日发货安排]\n公司：{quoted(o['customer'])}\n\n"
        f"取货地：{quoted(o['from'])}\n\n取货时间：{quoted(o['pickup'])}\n\n"
    ]
    for number, o in enumerate(orders):
        rows = [
            ["收货人", quoted(o["receiver"]), "联系方式", quoted(o["receiver_phone"])],
            ["送货地址", quoted(o["to"]), "运输方式", quoted(o["mode"])],
            ["物品", quoted(o["goods"]), "件数/重量", f"{write(o['pieces'])} 件 {write(o['kg'])} kg"],
        ]  # fmt: skip
        parts.append(f"#v(12pt)*第{'一二'[number]}票*\n\n")
        parts.append(table(rows, columns="(2cm, 1.3fr, 2.3cm, 1fr)") + "\n")
    return "".join(parts)


def _trading(orders: Sequence[Goal], write: Write) -> str:
    """A trading company's booking form: labels and colons, no lines."""
    o = orders[0]
    pairs = [
        ("Account of", quoted(o["customer"])),
        ("Pick-up address", quoted(o["from"])),
        ("Contact at pick-up", quoted(o["sender"])),
        ("Tel.", quoted(o["sender_phone"])),
        ("Deliver to", quoted(o["to"])),
        ("Attn.", quoted(o["receiver"])),
        ("Tel.", quoted(o["receiver_phone"])),
        ("Commodity", quoted(o["goods"])),
        ("No. of packages", quoted(o["pieces"])),
        ("Weight", quoted(o["kg"]) + " kg"),
        ("Transport by", quoted(o["mode"])),
        ("Collection time", quoted(o["pickup"])),
    ]
    cells = ", ".join(f"[{name}], [:], [{value}]" for name, value in pairs)
    return (
        "#grid(columns: (1fr, 1fr), [*FAX*], align(right)[Date: 24 Nov 2026])\n"
        "#align(center)[#text(size: 17pt)[*FREIGHT BOOKING*]]\n#v(10pt)\n"
        f"#grid(columns: (4.2cm, 0.5cm, 1fr), row-gutter: 13pt, {cells})\n"
        "#v(24pt)Please confirm by return fax.\n\nAuthorised signature: #line(length: 5cm)"
    )


def _instruction(orders: Sequence[Goal], write: Write) -> str:
    """A shipper's instruction with boxes, filled in by hand."""
    o, w = orders[0], write
    boxes = [
        ["SHIPPER", f"{quoted(o['customer'])}#linebreak(){quoted(o['from'])}"],
        ["CONSIGNEE", f"{w(o['receiver'])}#linebreak(){quoted(o['to'])}"],
        ["CONSIGNEE'S TELEPHONE", w(o["receiver_phone"])],
    ]
    upper = [[f"#text(size: 8pt)[{label}]#linebreak(){value}"] for label, value in boxes]
    lower = [
        ["Packages", "Nature of goods", "G.W. (KGS)", "By road / rail / air"],
        [w(o["pieces"]), w(o["goods"]), w(o["kg"]), w(o["mode"])],
    ]
    return (
        "#align(center)[#text(size: 15pt)[*SHIPPER'S LETTER OF INSTRUCTION*]]\n#v(6pt)\n"
        + table(upper, columns="(1fr,)", stroke="1pt")
        + "\n#v(-6pt)\n"
        + table(lower, columns="(1fr, 2fr, 1.2fr, 1.5fr)", stroke="1pt")
        + "\n#v(8pt)\n#text(size: 8pt)[Goods are carried at the terms overleaf.]"
    )


def _free_text(orders: Sequence[Goal], write: Write) -> str:
    """A letter in sentences, where the order of things is that of talk."""
    o = orders[0]
    return (
        "#set par(leading: 1.2em, first-line-indent: 2em)\n#set text(size: 12pt)\n"
        "调度员：\n\n"
        f"你好！我是{quoted(o['customer'])}的{quoted(o['sender'])}。"
        f"现有一批{quoted(o['goods'])}要发给{quoted(o['receiver'])}，一共{quoted(o['pieces'])}件，"
        f"大约{quoted(o['kg'])}公斤，送到{quoted(o['to'])}，"
        f"对方手机是{quoted(o['receiver_phone'])}。这次走{quoted(o['mode'])}，"
        f"运费{quoted(o['payment'])}。\n\n"
        f"货放在{quoted(o['from'])}，麻烦你们{quoted(o['pickup'])}派车来拉，"
        f"到了打我电话{quoted(o['sender_phone'])}就行。\n\n"
        "货比较怕潮，请盖好雨布。辛苦了！\n\n#align(right)[11月24日]"
    )


def _filled_in(orders: Sequence[Goal], write: Write) -> str:
    """A running form with blanks in its lines, everything but the sender's by hand."""
    o, w = orders[0], write

    def blank(value: str, width: str) -> str:
        return f"#box(width: {width}, stroke: (bottom: 0.6pt), outset: (bottom: 3pt))[{value}]"

    lines = [
        f"发货单位 {blank(quoted(o['customer']), '9cm')}",
        f"品名 {blank(w(o['goods']), '6cm')} 共 {blank(w(o['pieces']), '2.2cm')} 件",
        f"总重 {blank(w(o['kg']), '3.5cm')} 公斤  运输方式 {blank(w(o['mode']), '4cm')}",
        f"提货地点 {blank(quoted(o['from']), '12cm')}",
        f"提货日期及时间 {blank(w(o['pickup']), '9cm')}",
        f"送货地点 {blank(quoted(o['to']), '12cm')}",
        f"接货人 {blank(w(o['receiver']), '4cm')} 接货人电话 {blank(w(o['receiver_phone']), '6cm')}",
        f"运费支付 {blank(w(o['payment']), '4cm')}",
    ]
    return (
        "#align(center)[#text(size: 18pt)[*派 车 单*]]\n#v(10pt)\n#set par(spacing: 26pt)\n"
        + "\n\n".join(lines)
        + "\n\n#v(16pt)\n司机：            车牌：            （由承运方填写）"
    )


EXAM: Sheets = {
    "print_out": Sheet(_print_out),
    "letterhead": Sheet(_letterhead),
    "labels_under": Sheet(_labels_under, by_hand=True),
    "waybill": Sheet(_waybill, by_hand=True),
    "blocks": Sheet(_blocks),
    "two_orders": Sheet(_two_orders, orders=2, by_hand=True),
    "trading": Sheet(_trading, lang="en"),
    "instruction": Sheet(_instruction, lang="en", by_hand=True),
    "free_text": Sheet(_free_text),
    "filled_in": Sheet(_filled_in, by_hand=True),
}
