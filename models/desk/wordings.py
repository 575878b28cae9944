"""Changing the talk: wordings are written, published, perhaps taken back; choices are made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from models import choices
from models.errors import NotFound
from models.rows_wording import ChoicesRow, WordingReleaseRow, WordingRow
from models.store import UnitOfWork
from models.wording import check, check_recorded


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
    sound: str | None = None,
) -> int:
    """Stores a new version, not yet said; gives its number.

    Args:
        sound: the name of its recording, played in place of the voice.
        needed: the variables that the wording has to fill in.
        own_version: the number of the product's own wording; new ones are above it.

    Raises:
        UnfitWording: see `models.wording.check` and `check_recorded`.
    """
    variants = check(texts, needed)
    if sound is not None:
        check_recorded(variants)
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
            sound=sound,
        )
    )
    detail = {} if sound is None else {"sound": sound}
    uow.audit.add(by, "wording.write", f"wording:{lang}:{key}@{version}", at=at, detail=detail)
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


def choose(
    uow: UnitOfWork,
    values: Mapping[str, Any],
    *,
    slots: Collection[str],
    own_office: Mapping[str, Any],
    link_hours: float,
    by: str,
    at: datetime,
) -> None:
    """Has these choices, checked together, hold in calls that begin from now on.

    Args:
        slots: what can be asked for.
        own_office: the installation's own office, as `models.office` reads it.
        link_hours: how long a signing link is valid, hours.

    Raises:
        RuleError: a choice makes no sense.
    """
    office = choices.check_office(values, own_office, link_hours=link_hours)
    checked = {**choices.check(values, slots), **office}
    uow.choices.add(ChoicesRow(values=checked, by=by, at=at))
    uow.audit.add(by, "choices.change", "choices", at=at, detail=checked)
