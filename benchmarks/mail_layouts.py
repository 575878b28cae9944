"""Twenty mails of our own making: ten layouts to develop with, ten that are only scored.

Each layout takes orders and gives the mail's bytes. The two halves share no layout, no wording of
the labels and no company, person, street or good.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from email.message import EmailMessage
from email.utils import format_datetime

import pypdfium2
import typst
from docx import Document
from openpyxl import Workbook

from benchmarks.mail_orders import NOW, Goal

Layout = Callable[[Sequence[Goal]], bytes]
XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
DOCX = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")


def mail(
    subject: str,
    text: str | None,
    *,
    html: str | None = None,
    files: Sequence[tuple[str, bytes, tuple[str, str]]] = (),
    charset: str = "utf-8",
) -> bytes:
    """A mail with a body and attachments."""
    message = EmailMessage()
    message["From"] = "订单部 <orders@customer.example>"
    message["To"] = "desk@freight.example"
    message["Subject"] = subject
    message["Date"] = format_datetime(NOW)
    message["Message-ID"] = f"<{abs(hash(subject))}@customer.example>"
    message.set_content(text or "", charset=charset)
    if html is not None:
        message.add_alternative(html, subtype="html")
    for name, data, (main, sub) in files:
        message.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def workbook(rows: Sequence[Sequence[object]], merges: Sequence[str] = ()) -> bytes:
    """A workbook of one sheet."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    for area in merges:
        sheet.merge_cells(area)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def word(paragraphs: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A document with a table under its paragraphs."""
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    table = document.add_table(len(rows), max(map(len, rows)))
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            table.cell(y, x).text = cell
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def pdf(title: str, rows: Sequence[Sequence[str]], *, ruled: bool = True) -> bytes:
    """A page with a table, or with the same without rules."""
    cells = ", ".join(_quoted(cell) for row in rows for cell in row)
    columns = max(map(len, rows))
    stroke = "0.5pt" if ruled else "none"
    source = (
        '#set page(paper: "a4", margin: 2cm)\n#set text(font: "Noto Sans CJK SC", size: 11pt)\n'
        f"= {title}\n\n#table(columns: {columns}, stroke: {stroke}, inset: 7pt, {cells})\n"
    )
    return bytes(typst.compile(source.encode()))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def picture(document: bytes, *, dpi: int = 150, turned: float = 0.0) -> bytes:
    """The first page as a photo would show it, slightly turned."""
    page = pypdfium2.PdfDocument(document)[0]
    image = page.render(scale=dpi / 72).to_pil().convert("RGB")
    if turned:
        image = image.rotate(turned, expand=False, fillcolor=(245, 244, 240))
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=80)
    return kept.getvalue()


def table_html(rows: Sequence[Sequence[str]]) -> str:
    """Rows as an HTML table."""
    body = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
    return f'<table border="1">{body}</table>'


# Ten layouts to develop with.


def _d_text_form(orders: Sequence[Goal]) -> bytes:
    o = orders[0]
    return mail(
        "委托单", f"""您好：
客户名称：{o['customer']}
运输方式：{o['mode']}
发货地址：{o['from']}
发货人：{o['sender']}   电话：{o['sender_phone']}
收货人：{o['receiver']}   电话：{o['receiver_phone']}
收货地址：{o['to']}
货物：{o['goods']}   件数：{o['pieces']}箱   重量：{o['kg']}kg
提货时间：{o['pickup']}
付款方式：{o['payment']}
""")  # fmt: skip


def _d_prose(orders: Sequence[Goal]) -> bytes:
    o = orders[0]
    return mail(
        "请安排发货", f"""您好，
请安排{o['pickup']}到{o['from']}提货，
{o['goods']}{o['pieces']}箱，共{o['kg']}公斤，{o['mode']}到{o['to']}，
收货人{o['receiver']}，电话{o['receiver_phone']}，{o['payment']}。
谢谢！
""")  # fmt: skip


def _d_excel_list(orders: Sequence[Goal]) -> bytes:
    head = ["序号", "品名", "件数", "重量(kg)", "收货人", "联系电话", "收货地址"]
    rows: list[list[object]] = [["发货明细表"], [f"公司名称：{orders[0]['customer']}"], list(head)]
    for n, o in enumerate(orders, 1):
        rows.append([n, o["goods"], int(o["pieces"]), float(o["kg"]), o["receiver"],
                     o["receiver_phone"], o["to"]])  # fmt: skip
    rows.append(["合计", "", sum(int(o["pieces"]) for o in orders)])
    o = orders[0]
    text = (
        f"附件请查收。提货地址：{o['from']}\n提货时间：{o['pickup']}\n{o['mode']}，{o['payment']}。"
    )
    return mail("发货明细", text, files=[("明细.xlsx", workbook(rows, ["A1:G1"]), XLSX)])


def _d_word_form(orders: Sequence[Goal]) -> bytes:
    o = orders[0]
    rows = [
        ["托运单位", o["customer"], "运输方式", o["mode"]],
        ["发货人", o["sender"], "电话", o["sender_phone"]],
        ["地址", o["from"], "", ""],
        ["收货人", o["receiver"], "电话", o["receiver_phone"]],
        ["地址", o["to"], "", ""],
        ["品名", o["goods"], "件数", o["pieces"]],
        ["毛重(kg)", o["kg"], "付款方式", o["payment"]],
        ["提货时间", o["pickup"], "", ""],
    ]
    return mail("托运单", "见附件", files=[("托运单.docx", word(["货物托运单"], rows), DOCX)])


def _d_html_list(orders: Sequence[Goal]) -> bytes:
    head = ["货物名称", "数量", "毛重", "收件人", "手机", "收件地址"]
    rows = [head] + [
        [o["goods"], o["pieces"], o["kg"] + "公斤", o["receiver"], o["receiver_phone"], o["to"]]
        for o in orders
    ]
    o = orders[0]
    html = (
        f"<p>各位好，今天两票：</p>{table_html(rows)}<p>提货地址：{o['from']}</p>"
        f"<p>提货时间：{o['pickup']}</p><p>{o['mode']}，{o['payment']}</p>"
        f"<blockquote>收货人：旧的 电话：13000000000</blockquote>"
    )
    return mail("今日发货", "见 HTML", html=html)


def _d_pdf_form(orders: Sequence[Goal]) -> bytes:
    o = orders[0]
    rows = [
        ["客户", o["customer"], "运输方式", o["mode"]],
        ["发货人", o["sender"], "发货人电话", o["sender_phone"]],
        ["发货地址", o["from"], "提货时间", o["pickup"]],
        ["收货人", o["receiver"], "收货人电话", o["receiver_phone"]],
        ["收货地址", o["to"], "付款方式", o["payment"]],
        ["货名", o["goods"], "件数", o["pieces"]],
        ["重量", o["kg"] + " kg", "", ""],
    ]
    return mail(
        "运单", "请见附件 PDF", files=[("a.pdf", pdf("托运单", rows), ("application", "pdf"))]
    )


def _d_photo(orders: Sequence[Goal]) -> bytes:
    o = orders[0]
    rows = [
        ["发货人", o["sender"], "电话", o["sender_phone"]],
        ["发货地址", o["from"], "运输方式", o["mode"]],
        ["收货人", o["receiver"], "电话", o["receiver_phone"]],
        ["收货地址", o["to"], "付款方式", o["payment"]],
        ["品名", o["goods"], "件数", o["pieces"]],
        ["重量(kg)", o["kg"], "提货时间", o["pickup"]],
    ]
    photo = picture(pdf("托运单", rows), turned=0.8)
    return mail("拍照下单", "照片", files=[("photo.jpg", photo, ("image", "jpeg"))])


def _d_english(orders: Sequence[Goal]) -> bytes:
    blocks = "\n".join(
        f"Order {n}:\nConsignee: {o['receiver']}\nPhone: {o['receiver_phone']}\nShip to: {o['to']}\n"
        f"Goods: {o['goods']}\nPieces: {o['pieces']}\nGross weight (kg): {o['kg']}\n"
        for n, o in enumerate(orders, 1)
    )
    o = orders[0]
    text = f"Dear team,\nplease collect at: {o['from']}\n{blocks}\nMode: {o['mode']}\n"
    return mail("Booking", text)


def _d_reply(orders: Sequence[Goal]) -> bytes:
    o = orders[0]
    return mail(
        "回复: 询价", f"""同意报价，请发：
品名：{o['goods']}，{o['pieces']}件，{o['kg']}公斤
收货人：{o['receiver']} {o['receiver_phone']}
送货地址：{o['to']}
提货地址：{o['from']}，{o['pickup']}
{o['mode']}，{o['payment']}

-----原始邮件-----
发件人: desk@freight.example
发送时间: 2026-11-23
收货人：不要读 电话：13011112222
件数：999
""", charset="gb2312")  # fmt: skip


def _d_two_forms(orders: Sequence[Goal]) -> bytes:
    rows: list[list[object]] = []
    for n, o in enumerate(orders, 1):
        rows += [
            [f"发货单 {n}", "", "", ""],
            ["收货人", o["receiver"], "手机", o["receiver_phone"]],
            ["送货地址", o["to"], "", ""],
            ["货物名称", o["goods"], "件数", int(o["pieces"])],
            ["总重(吨)", float(o["kg"]) / 1000, "运输方式", o["mode"]],
            ["", "", "", ""],
        ]
    return mail("两票", "附件两票，谢谢", files=[("b.xlsx", workbook(rows), XLSX)])


DEV: Mapping[str, tuple[Layout, int]] = {
    "text_form": (_d_text_form, 1), "prose": (_d_prose, 1), "excel_list": (_d_excel_list, 3),
    "word_form": (_d_word_form, 1), "html_list": (_d_html_list, 2), "pdf_form": (_d_pdf_form, 1),
    "photo": (_d_photo, 1), "english": (_d_english, 2), "reply": (_d_reply, 1),
    "two_forms": (_d_two_forms, 2),
}  # fmt: skip
