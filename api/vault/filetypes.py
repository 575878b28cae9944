"""What an uploaded paper is, by its content and never by its name."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath

from models.errors import RuleError

#: The largest paper, bytes.
LARGEST = 10_000_000
#: The most that an Office file may hold unpacked, bytes, and in how many parts.
_UNPACKED, _PARTS = 200_000_000, 5_000
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_DOCUMENTS = {
    "word/document.xml": f"{_OFFICE}wordprocessingml.document",
    "xl/workbook.xml": f"{_OFFICE}spreadsheetml.sheet",
}


def plain_type(content: bytes) -> str:
    """The media type of a PDF, PNG or JPEG file; empty for any other."""
    return next((found for magic, found in _MAGIC if content.startswith(magic)), "")


def media_type(content: bytes) -> str:
    """The media type of a paper.

    Raises:
        RuleError: it is empty, too large, of another type, or holds a program (macros, scripts).
    """
    if not content:
        raise RuleError("Choose a file first.")
    if len(content) > LARGEST:
        raise RuleError("This file is too large: a paper may have 10 MB.")
    if found := plain_type(content):
        return found
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    raise RuleError("This is no PDF, PNG, JPEG, Word (docx) or Excel (xlsx) file.")


def plain_name(name: str, longest: int = 120) -> str:
    """A file's name without its folder and without what no name needs; empty if nothing is left."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(c for c in last if c.isprintable() and c not in '"<>:|?*')[-longest:]


def _office(content: bytes) -> str:
    wrong = RuleError("This is no PDF, PNG, JPEG, Word (docx) or Excel (xlsx) file.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise wrong from error
    names = {part.filename for part in parts}
    if len(parts) > _PARTS or sum(part.file_size for part in parts) > _UNPACKED:
        raise RuleError("This file holds too much; save it as PDF.")
    if any(name.lower().endswith(("vbaproject.bin", ".exe", ".js", ".vbs")) for name in names):
        raise RuleError("This file holds macros; save it without, or as PDF.")
    found = [kind for name, kind in _DOCUMENTS.items() if name in names]
    if "[Content_Types].xml" not in names or len(found) != 1:
        raise wrong
    return found[0]
