"""Chinese and English pages. Chinese is the default; catalogs are compiled when loaded."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, has_request_context, session
from flask_babel import Babel

from api.console.access import somebody
from api.console.context import Context

#: What pages exist in, and how each language calls itself.
LANGUAGES = {"zh": "中文", "en": "English"}
_SOURCES = Path(__file__).parent / "translations"


def install(app: Flask, context: Context) -> None:
    """Has templates speak the reader's language."""
    folder = compile_catalogs(context.settings.home_dir / "catalogs")
    Babel(
        app,
        default_locale="zh",
        default_translation_directories=str(folder),
        default_timezone=context.settings.timezone,
        locale_selector=page_lang,
    )


def page_lang() -> str:
    """The language of the page: what the person chose, else Chinese."""
    if not has_request_context():
        return "zh"
    user = somebody()
    chosen = user.lang if user is not None else session.get("lang", "zh")
    return str(chosen) if chosen in LANGUAGES else "zh"


def compile_catalogs(target: Path) -> Path:
    """Writes a `.mo` for each `.po`, where it is not there already; gives the folder.

    The folder's name is of the catalogs' newest change, so that another version of the
    program, or another process, never reads half a catalog or an old one.
    """
    sources = sorted(_SOURCES.glob("*/LC_MESSAGES/*.po"))
    newest = max(source.stat().st_mtime_ns for source in sources)
    folder = target / str(newest)
    for source in sources:
        compiled = folder / source.relative_to(_SOURCES).with_suffix(".mo")
        if not compiled.exists():
            compiled.parent.mkdir(parents=True, exist_ok=True)
            _replace(compiled, _compiled(source))
    return folder


def _compiled(source: Path) -> bytes:
    with source.open("rb") as file:
        catalog = read_po(file, locale=source.parents[1].name)
    buffer = BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def _replace(path: Path, content: bytes) -> None:
    with NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)
