"""Mails as bytes: bodies, attachments, and what is refused."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage

import pypdfium2
import pytest
from docx import Document
from openpyxl import Workbook
from PIL import Image

from api.intake import limits, mail, sandbox
from api.intake.kinds import kind_of
from api.intake.limits import Refusal, Refused
from nlp.written.source import Part


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def repacked(document: bytes, name: str, content: bytes) -> bytes:
    """An office document with one more file in it."""
    kept = io.BytesIO(document)
    with zipfile.ZipFile(kept, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return kept.getvalue()


def png(width: int, height: int) -> bytes:
    kept = io.BytesIO()
    Image.new("1", (width, height), 1).save(kept, "PNG")
    return kept.getvalue()


def pages(count: int) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(count):
        document.new_page(200, 200)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def letter(*files: tuple[str, bytes], text: str = "货物：服装\n件数：3") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "王 <Wang@Customer.example>"
    message["Subject"] = "发货"
    message["Message-ID"] = "<1@customer.example>"
    message["Date"] = "Tue, 24 Nov 2026 10:30:00 +0800"
    message.set_content(text)
    for name, data in files:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail.parse(message.as_bytes())


def read(message: EmailMessage) -> tuple[Part, ...]:
    return mail.parts(message, forward=False)


def test_who_sent_it() -> None:
    head = mail.envelope(letter())
    assert (head.sender, head.sender_name, head.subject) == ("wang@customer.example", "王", "发货")
    assert head.message_id == "1@customer.example"
    assert head.sent_at is not None
    assert head.sent_at.isoformat() == "2026-11-24T10:30:00+08:00"
    assert not head.automatic


def test_the_same_content_is_known_under_another_message_id() -> None:
    one, other, different = letter(), letter(), letter(text="货物：服装\n件数：4")
    other.replace_header("Message-ID", "<2@customer.example>")
    assert mail.envelope(one).content == mail.envelope(other).content
    assert mail.envelope(one).content != mail.envelope(different).content


def test_automatic_answers_are_known() -> None:
    message = letter()
    message["Auto-Submitted"] = "auto-replied"
    assert mail.envelope(message).automatic


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xfe\x00", b"From: =?x?y?z?=\nDate: never\n\nhi", b"From: <\n\n"]
)
def test_malformed_mails_are_read_as_far_as_they_go(raw: bytes) -> None:
    message = mail.parse(raw)
    assert mail.envelope(message).sent_at is None
    assert all(part.refused is None for part in read(message))


def test_a_body_in_gbk_that_calls_itself_gb2312() -> None:
    raw = (
        b"Content-Type: text/plain; charset=gb2312\nContent-Transfer-Encoding: 8bit\n\n"
        + "收货人：朱镕基".encode("gbk")
    )
    (part,) = read(mail.parse(raw))
    assert part.lines[0].text == "收货人：朱镕基"


def test_html_goes_before_plain_text_and_quotes_and_hidden_text_are_left_out() -> None:
    message = EmailMessage()
    message.set_content("plain")
    message.add_alternative(
        "<style>p{}</style><p>新<br>行</p><div style='display:none'>hidden</div>"
        "<table><tr><td rowspan=2>品名</td><td>A</td></tr><tr><td>B</td></tr></table>"
        "<blockquote>旧</blockquote>",
        subtype="html",
    )
    (part,) = read(mail.parse(message.as_bytes()))
    assert [line.text for line in part.lines if line.text] == ["新", "行"]
    assert [[cell.text for cell in row] for row in part.tables[0]] == [["品名", "A"], ["品名", "B"]]


def test_excel_and_word_are_read_with_their_places() -> None:
    document = Document()
    document.add_paragraph("收货人：李雷")
    kept = io.BytesIO()
    document.save(kept)
    body, excel, word = read(
        letter(("a.xlsx", workbook(["件数", 16], ["重量", 1.5])), ("b.docx", kept.getvalue()))
    )
    assert body.lines[1].text == "件数：3"
    assert (excel.kind, excel.name) == ("excel", "a.xlsx")
    cell = excel.tables[0][1][1]
    assert (cell.text, cell.place.row, cell.place.column, cell.place.part) == ("1.5", 2, 2, 1)
    assert word.lines[0].text == "收货人：李雷"


HOSTILE = {
    Refusal.ZIP_BOMB: lambda: repacked(workbook([1]), "xl/media/x.xml", b"0" * 50_000_000),
    Refusal.MACRO: lambda: repacked(workbook([1]), "xl/vbaProject.bin", b"x"),
    Refusal.ARCHIVE: lambda: repacked(workbook([1]), "xl/embeddings/inner.zip", b"x"),
    Refusal.ENCRYPTED: lambda: (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    ),
    Refusal.OLD_FORMAT: lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
    Refusal.TOO_MANY_PIXELS: lambda: png(20_000, 20_000),
    Refusal.TOO_MANY_PAGES: lambda: pages(limits.MOST_PAGES + 1),
    Refusal.UNKNOWN: lambda: b"MZ\x90\x00" + bytes(100),
    Refusal.TOO_LARGE: lambda: b"%PDF-" + bytes(limits.MOST_PART_BYTES),
    Refusal.BROKEN: lambda: b"PK\x03\x04" + bytes(100),
}


@pytest.mark.parametrize("reason", list(HOSTILE))
def test_what_may_do_harm_is_refused_and_the_rest_is_read(reason: Refusal) -> None:
    body, bad, good = read(letter(("bad", HOSTILE[reason]()), ("good.xlsx", workbook(["件数"]))))
    assert bad.refused == reason.value
    assert body.lines[0].text == "货物：服装"
    assert good.refused is None
    assert good.tables[0][0][0].text == "件数"


def test_a_mail_that_is_attached_as_a_file_is_read() -> None:
    inner = letter(("inner.xlsx", workbook(["件数"])), text="货物：书籍")
    _, body, book = read(letter(("order.eml", inner.as_bytes())))
    assert body.lines[0].text == "货物：书籍"
    assert book.tables[0][0][0].text == "件数"
    nested = letter(text="货物：服装")
    for _ in range(10):
        nested = letter(("deeper.eml", nested.as_bytes()))
    assert read(nested)[-1].refused == Refusal.UNKNOWN.value


def test_an_empty_attachment_is_told_of() -> None:
    _, empty = read(letter(("order.pdf", b"")))
    assert (empty.name, empty.refused) == ("order.pdf", Refusal.UNKNOWN.value)


def test_a_pdf_with_a_password_is_refused() -> None:
    # Standard security handler, revision 2; nobody has its password.
    raw = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
        b"3 0 obj<</Filter/Standard/V 1/R 2/O<"
        + b"00" * 32
        + b">/U<"
        + b"11" * 32
        + b">/P -4>>endobj\n"
        b"trailer<</Root 1 0 R/Encrypt 3 0 R/ID[<00><00>]/Size 4>>\n%%EOF"
    )
    _, part = read(letter(("locked.pdf", raw)))
    assert part.refused == Refusal.ENCRYPTED.value


def test_more_parts_than_are_read() -> None:
    many = [(f"{n}.bin", b"MZ" + bytes([n])) for n in range(limits.MOST_PARTS + 5)]
    found = read(letter(*many))
    assert len(found) == limits.MOST_PARTS + 1
    assert found[-1].refused == Refusal.TOO_MANY.value


def test_a_reader_that_breaks_harms_nobody() -> None:
    part = sandbox.read(4, "excel", b"PK\x03\x04 this is no workbook", "x.xlsx")
    assert (part.index, part.name, part.refused) == (4, "x.xlsx", Refusal.BROKEN.value)


def test_an_archive_is_no_office_document() -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as packed:
        packed.writestr("a.txt", "x")
    with pytest.raises(Refused) as refused:
        kind_of(kept.getvalue())
    assert refused.value.reason is Refusal.ARCHIVE
