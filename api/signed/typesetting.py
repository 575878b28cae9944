"""Text into a PDF/A-3b by typst, with subsets of the fonts embedded."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from models.errors import ExternalError

#: Debian's fonts-noto-cjk. Named, so that one installation makes the same pages as another.
FONTS = Path("/usr/share/fonts/opentype/noto")
#: Level B of part 3: as archivable as part 2, and it may carry the record that was signed.
_STANDARD = "a-3b"

#: What the fonts surely have: Latin, Greek, Cyrillic, punctuation, symbols, CJK and Korean. An
#: archivable document may show no character that its fonts lack.
_STRANGE = re.compile(
    "[^\t\n -~\u00a1-\u00ac\u00ae-\u017f\u0391-\u03a1\u03a3-\u03c9\u0401\u0410-\u044f\u0451"
    "\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u2030\u2103\u2116\u2192\u00d7\u33a5"
    "\u3001-\u3017\u3041-\u3094\u30a1-\u30fa\u30fc\u4e00-\u9fa5\uac00-\ud7a3"
    "\uff01-\uff5e\uffe5\u3400-\u4db5]"
)


def typeset(content: Mapping[str, Any], record: Mapping[str, Any], at: datetime) -> bytes:
    """The document's PDF, `record` attached to it as a file.

    Args:
        content: what `template.typ` shows.
        at: the time that the document says it was made; the same input gives the same bytes.

    Raises:
        ExternalError: fonts are missing, or the document cannot be set.
    """
    inputs = {
        "content": json.dumps(_plain(content), ensure_ascii=False),
        "record": json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True),
    }
    try:
        pdf: bytes = typst.compile(  # type: ignore[call-overload]  # bytes are taken too
            _template(),
            font_paths=fonts(),
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs=inputs,
            pdf_standards=[_STANDARD],
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError as error:
        raise ExternalError(f"The document cannot be typeset: {error.message}") from error
    return pdf


@cache
def fonts() -> typst.Fonts:
    """The fonts, read once: that takes a tenth of a second in which nothing else runs.

    Raises:
        ExternalError: they are not installed.
    """
    if not FONTS.is_dir():
        raise ExternalError(
            "The fonts of the signed document are missing. Install Debian's fonts-noto-cjk.",
            retryable=True,
        )
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)]
    )


def _plain(value: Any) -> Any:
    """The same content, characters that the fonts may lack written as their numbers."""
    if isinstance(value, str):
        return _STRANGE.sub(lambda found: f"[U+{ord(found.group()):04X}]", value)
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


@cache
def _template() -> bytes:
    return files(__package__).joinpath("template.typ").read_bytes()
