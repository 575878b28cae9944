"""Papers are told by their content: programs, bombs and disguises are refused."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.vault.filetypes import LARGEST, media_type
from models.errors import RuleError


def office(*parts: str, content: bytes = b"x") -> bytes:
    """An Office file with these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in parts:
            packed.writestr(part, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"\xff\xd8\xff\xe0...", "image/jpeg"),
        (
            office("[Content_Types].xml", "word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            office("[Content_Types].xml", "xl/workbook.xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    ],
)
def test_papers_that_are_taken(content: bytes, found: str) -> None:
    assert media_type(content) == found


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "Choose"),
        (b"%PDF-" + bytes(LARGEST), "too large"),
        (b"MZ\x90\x00", "no PDF"),
        (b"<html>%PDF-", "no PDF"),
        (b"PK\x03\x04 broken", "no PDF"),
        (office("a.txt"), "no PDF"),
        (office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "macros"),
        (office("[Content_Types].xml", "xl/workbook.xml", "run.VBS"), "macros"),
        (
            office("[Content_Types].xml", "word/document.xml", content=bytes(150_000_000)),
            "too much",
        ),
    ],
    ids=["empty", "large", "program", "html", "broken", "zip", "macros", "script", "bomb"],
)
def test_papers_that_are_refused(content: bytes, why: str) -> None:
    with pytest.raises(RuleError, match=why):
        media_type(content)


@given(st.binary(max_size=200))
def test_whatever_is_sent_is_told_or_refused(content: bytes) -> None:
    try:
        assert media_type(content)
    except RuleError as error:
        assert str(error)
