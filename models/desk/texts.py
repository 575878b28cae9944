"""Versions of the desk's own texts: written, published, taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from models.errors import NotFound
from models.rows_wording import TextReleaseRow, TextRow
from models.store import UnitOfWork


def write(
    uow: UnitOfWork,
    kind: str,
    lang: str,
    body: Callable[[int], Mapping[str, Any]],
    *,
    note: str,
    by: str,
    at: datetime,
) -> int:
    """Stores a new version, not yet in force; gives its number.

    Args:
        body: makes the text, checked, of the version's number; what it raises is passed on.
    """
    version = max((row.version for row in uow.texts.of(kind, lang)), default=0) + 1
    uow.texts.add(
        TextRow(
            kind=kind,
            lang=lang,
            version=version,
            body=dict(body(version)),
            note=note.strip() or None,
            author=by,
            at=at,
        )
    )
    uow.audit.add(by, f"{kind}.write", f"{kind}:{lang}@{version}", at=at)
    return version


def publish(
    uow: UnitOfWork, kind: str, lang: str, version: int | None, *, by: str, at: datetime
) -> None:
    """Puts a version into force; None is the product's own text.

    Raises:
        NotFound: there is no such version.
    """
    if version is not None and uow.texts.get(kind, lang, version) is None:
        raise NotFound("There is no such version.")
    uow.texts.release(TextReleaseRow(kind=kind, lang=lang, version=version, by=by, at=at))
    shown = "own" if version is None else version
    uow.audit.add(by, f"{kind}.publish", f"{kind}:{lang}@{shown}", at=at)
