"""Ten layouts that are only scored, never looked at while the reading is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.mail_layouts import (
    DOCX,
    XLSX,
    Layout,
    mail,
    pdf,
    picture,
    table_html,
    word,
    workbook,
)
from benchmarks.mail_orders import Goal


def _bracketed(orders: Sequence[Goal]) -> bytes:
    o = orders[0]
    return mail(
        "【下单】", f"""【委托公司】{o['customer']}
【始发地】{o['from']}
【目的地】{o['to']}
【收件人】{o['receiver']}（{o['receiver_phone']}）
【物品】{o['goods']}
【总件数】{o['pieces']}
【总重量】{o['kg']}公斤
【运费】{o['payment']}
【发运方式】{o['mode']}
【上门时间】{o['pickup']}
""")  # fmt: skip


def _chatty(orders: Sequence[Goal]) -> bytes:
    o = orders[0]
    return mail(
        "发货", f"""小刘你好，
我们有{o['pieces']}箱{o['goods']}要走{o['mode']}，一共{o['kg']}公斤。
从{o['from']}发，{o['pickup']}来取就行。
送到{o['to']}，给{o['receiver']}，他的手机是{o['receiver_phone']}。
运费{o['payment']}。辛苦！
""")  # fmt: skip


def _grouped(orders: Sequence[Goal]) -> bytes:
    rows: list[list[object]] = [
        ["货物", "", "", "收货方", "", ""],
        ["名称", "箱数", "总重(KG)", "姓名", "电话", "详细地址"],
    ]
    for o in orders:
        rows.append([o["goods"], int(o["pieces"]), float(o["kg"]), o["receiver"],
                     int(o["receiver_phone"]), o["to"]])  # fmt: skip
    o = orders[0]
    text = f"请按附件安排，{o['pickup']}提货，地点在{o['from']}。运输方式{o['mode']}，{o['payment']}结算。"
    book = workbook(rows, ["A1:C1", "D1:F1"])
    return mail("本周发运计划", text, files=[("计划.xlsx", book, XLSX)])


def _split_address(orders: Sequence[Goal]) -> bytes:
    rows: list[list[object]] = [
        ["客户订单号", "产品", "数量（箱）", "重量（公斤）", "收货省份", "收货城市", "收货详细地址", "收货联系人", "收货人手机"]
    ]  # fmt: skip
    for n, o in enumerate(orders):
        rows.append([f"SO{n}", o["goods"], o["pieces"], o["kg"], o["to_province"], o["to_city"],
                     o["to_detail"], o["receiver"], o["receiver_phone"]])  # fmt: skip
    return mail("出货通知", "出货通知见附件。", files=[("出货.xlsx", workbook(rows), XLSX)])


def _word_list(orders: Sequence[Goal]) -> bytes:
    rows = [["货品名称", "件数", "净重", "收方", "联系方式", "送货地址"]] + [
        [o["goods"], f"{o['pieces']}件", f"{o['kg']}千克", o["receiver"], o["receiver_phone"], o["to"]]
        for o in orders
    ]  # fmt: skip
    o = orders[0]
    above = ["致：顺达货运", f"取货地址：{o['from']}", f"取货时间：{o['pickup']}"]
    return mail(
        "出货单", "您好，出货单在附件里。", files=[("出货单.docx", word(above, rows), DOCX)]
    )


def _html_form(orders: Sequence[Goal]) -> bytes:
    o = orders[0]
    rows = [
        ["下单公司", o["customer"]], ["寄件人", o["sender"]], ["寄件电话", o["sender_phone"]],
        ["寄件地址", o["from"]], ["收件人", o["receiver"]], ["收件电话", o["receiver_phone"]],
        ["收件地址", o["to"]], ["托寄物", o["goods"]], ["数量", o["pieces"]],
        ["计费重量", o["kg"] + "KG"], ["结算方式", o["payment"]], ["运输类型", o["mode"]],
    ]  # fmt: skip
    html = f"<div>您好<br>新订单如下</div><div>{table_html(rows)}</div><div>此邮件由系统发出</div>"
    return mail("新订单通知", "请用支持 HTML 的程序打开", html=html)


def _plain_pdf(orders: Sequence[Goal]) -> bytes:
    o = orders[0]
    rows = [
        [f"收货单位联系人：{o['receiver']}", f"手机号码：{o['receiver_phone']}"],
        [f"卸货地址：{o['to']}", f"装货地址：{o['from']}"],
        [f"货物描述：{o['goods']}", f"总件数：{o['pieces']}"],
        [f"总毛重：{o['kg']}公斤", f"装货时间：{o['pickup']}"],
        [f"结算：{o['payment']}", f"运输模式：{o['mode']}"],
    ]
    page = pdf("出货指示", rows, ruled=False)
    return mail("出货指示", "附件", files=[("指示.pdf", page, ("application", "pdf"))])


def _scanned(orders: Sequence[Goal]) -> bytes:
    rows = [["品名", "件数", "重量kg", "收货人", "手机", "收货地址"]] + [
        [o["goods"], o["pieces"], o["kg"], o["receiver"], o["receiver_phone"], o["to"]]
        for o in orders
    ]
    photo = picture(pdf("发货清单", rows), dpi=170, turned=-0.6)
    return mail("清单扫描件", "清单扫描件", files=[("scan.jpg", photo, ("image", "jpeg"))])


def _english_table(orders: Sequence[Goal]) -> bytes:
    rows = [["Item", "Qty", "G.W. (kg)", "Receiver", "Tel", "Delivery address"]] + [
        [o["goods"], o["pieces"], o["kg"], o["receiver"], o["receiver_phone"], o["to"]]
        for o in orders
    ]
    o = orders[0]
    html = (
        f"<p>Hello,</p><p>please book these by {o['mode']}:</p>{table_html(rows)}"
        f"<p>Pick up address: {o['from']}</p><p>Kind regards</p>"
    )
    return mail("Shipments for pick up", "see below", html=html)


def _forwarded(orders: Sequence[Goal]) -> bytes:
    o = orders[0]
    return mail(
        "Fwd: 发货单", f"""请处理。

---------- Forwarded message ----------
From: 王 <w@customer.example>
Date: 2026-11-24
Subject: 发货单
To: orders@customer.example

1）货物：{o['goods']}；数量：{o['pieces']}箱；总重：{o['kg']}公斤
   收件人：{o['receiver']}，{o['receiver_phone']}
   目的地：{o['to']}
   装货地：{o['from']}
2）货物：{orders[1]['goods']}；数量：{orders[1]['pieces']}箱；总重：{orders[1]['kg']}公斤
   收件人：{orders[1]['receiver']}，{orders[1]['receiver_phone']}
   目的地：{orders[1]['to']}
   装货地：{orders[1]['from']}
""")  # fmt: skip


HELD_OUT: Mapping[str, tuple[Layout, int]] = {
    "bracketed": (_bracketed, 1), "chatty": (_chatty, 1), "grouped": (_grouped, 3),
    "split_address": (_split_address, 3), "word_list": (_word_list, 2), "html_form": (_html_form, 1),
    "plain_pdf": (_plain_pdf, 1), "scanned": (_scanned, 3), "english_table": (_english_table, 2),
    "forwarded": (_forwarded, 2),
}  # fmt: skip
