"""Changing what the assistant says: written, then published, then perhaps taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from models.errors import NotFound
from models.rows_wording import WordingReleaseRow, WordingRow
from models.store import UnitOfWork
from models.wording import check


def write(
    uow: UnitOfWork,
    lang: str,
    key: str,
    texts: Sequence[str],
    *,
    needed: Iterable[str],
    own_version: int,
    note: str,
    by: str,
    at: datetime,
) -> int:
    """Stores a new version, not yet said; gives its number.

    Args:
        needed: the variables that the wording has to fill in.
        own_version: the number of the product's own wording; new ones are above it.

    Raises:
        UnfitWording: see `models.wording.check`.
    """
    variants = check(texts, needed)
    known = uow.wordings.of(lang, key)
    version = max([own_version, *(row.version for row in known)]) + 1
    uow.wordings.add(
        WordingRow(
            lang=lang,
            key=key,
            version=version,
            texts=list(variants),
            note=note.strip() or None,
            author=by,
            at=at,
        )
    )
    uow.audit.add(by, "wording.write", f"wording:{lang}:{key}@{version}", at=at)
    return version


def publish(
    uow: UnitOfWork, lang: str, key: str, version: int | None, *, by: str, at: datetime
) -> None:
    """Has a version be said in calls that begin from now on; None is the product's own.

    Raises:
        NotFound: there is no such version.
    """
    if version is not None and uow.wordings.get(lang, key, version) is None:
        raise NotFound("There is no such version.")
    uow.wordings.release(WordingReleaseRow(lang=lang, key=key, version=version, by=by, at=at))
    shown = "own" if version is None else version
    uow.audit.add(by, "wording.publish", f"wording:{lang}:{key}@{shown}", at=at)
