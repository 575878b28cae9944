"""One file a kind of document: bytes in, lines and tables with their places out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from nlp.written.source import Part

ReadPart = Callable[[int, bytes], Part]

#: Each has a function `read`. Imported when needed: recognition alone takes seconds to import.
_MODULES: Mapping[str, str] = {
    "text": "api.intake.readers.text",
    "html": "api.intake.readers.html",
    "forwarded": "api.intake.readers.forwarded",
    "excel": "api.intake.readers.excel",
    "word": "api.intake.readers.word",
    "pdf": "api.intake.readers.pdf",
    "picture": "api.intake.readers.picture",
}


def reader(kind: str) -> ReadPart:
    """What reads parts of this kind. It raises `Refused` for what is too much."""
    read: ReadPart = import_module(_MODULES[kind]).read
    return read
