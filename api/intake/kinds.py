"""What an attachment is, by its first bytes; and what is wrong with it before it is opened.

A name or a declared type says what a sender wants; only the content counts.
"""

from __future__ import annotations

import io
import zipfile

from api.intake import limits
from api.intake.limits import Refusal, Refused

_ZIP = b"PK\x03\x04"
#: Microsoft's compound file: .xls and .doc before 2007, and every document with a password.
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"MSCF")
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*", b"BM", b"GIF8")
_NESTED = (".zip", ".rar", ".7z", ".gz", ".xlsx", ".docx", ".xlsm", ".docm", ".jar", ".exe")
_HEAD = 2_048
#: Whatever its ratio, this much harms nobody.
_SMALL = 1_000_000


def kind_of(data: bytes) -> str:
    """`excel`, `word`, `pdf` or `picture`.

    Raises:
        Refused: it is something else, or something that shall not be opened.
    """
    if len(data) > limits.MOST_PART_BYTES:
        raise Refused(Refusal.TOO_LARGE)
    head = data[:_HEAD]
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(_PICTURES) or head[8:12] == b"WEBP":
        return "picture"
    if head.startswith(_ARCHIVES):
        raise Refused(Refusal.ARCHIVE)
    if head.startswith(_COMPOUND):
        raise Refused(Refusal.ENCRYPTED if _ENCRYPTED_STREAM in data else Refusal.OLD_FORMAT)
    if head.startswith(_ZIP):
        return _office(data)
    raise Refused(Refusal.UNKNOWN)


def _office(data: bytes) -> str:
    """What office document a zip file is; its directory is looked at, nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Refused(Refusal.BROKEN) from error
    names = {entry.filename for entry in entries}
    kind = next(
        (k for k, n in (("excel", "xl/workbook.xml"), ("word", "word/document.xml")) if n in names),
        None,
    )
    if kind is None:
        raise Refused(Refusal.ARCHIVE)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused(Refusal.ENCRYPTED)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refused(Refusal.MACRO)
    if any(name.lower().endswith(_NESTED) for name in names):
        raise Refused(Refusal.ARCHIVE)
    unpacked = sum(entry.file_size for entry in entries)
    bomb = any(
        entry.file_size > _SMALL and entry.file_size > limits.MOST_RATIO * entry.compress_size
        for entry in entries
    )
    if bomb or unpacked > limits.MOST_UNPACKED_BYTES or len(entries) > limits.MOST_ENTRIES:
        raise Refused(Refusal.ZIP_BOMB)
    return kind
