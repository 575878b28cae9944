"""A draft of a wording tried on past calls, in the background, a bounded number of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from pydantic import ValidationError

from api.wordings import prompts_in_force, settings_in_force
from models.call import Lang
from models.errors import NotFound, RuleError
from models.figures import By, stretches
from models.rows_wording import RehearsalRow
from models.store import Store, UnitOfWork
from models.wording import check
from nlp.dialogue.events import Event
from nlp.dialogue.journal import load_event
from nlp.dialogue.prompts import Prompts, Wording
from nlp.dialogue.rehearsal import Comparison, compare, run, with_wording
from nlp.dialogue.settings import DialogueSettings

log = structlog.get_logger(__name__)

#: Of a longer period the newest calls are tried.
MOST_CALLS = 500
_BATCH = 20
#: A rehearsal that has not been heard of for so long was lost with its process.
_LOST = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Stage:
    """Both ways to talk: as calls are talked now, and with the draft in it."""

    settings: DialogueSettings
    now: Prompts
    draft: Prompts

    def compare(self, events: Sequence[Event]) -> Comparison:
        """What would have gone differently in a call."""
        runs = (run(events, settings=self.settings, prompts=p) for p in (self.now, self.draft))
        return compare(*runs)


def begin(
    uow: UnitOfWork,
    lang: Lang,
    key: str,
    version: int,
    *,
    period: tuple[date, date],
    by: str,
    at: datetime,
) -> int:
    """Notes that a version is to be tried on the calls of a period's days; gives its number.

    Raises:
        NotFound: there is no such version.
        BadPeriod: it ends before it begins, or is too long.
    """
    first, last = period
    stretches(first, last, By.DAY, uow.zone)
    if uow.wordings.get(lang, key, version) is None:
        raise NotFound("There is no such version.")
    number = uow.rehearsals.add(
        RehearsalRow(
            lang=lang,
            key=key,
            version=version,
            first=first,
            last=last,
            by=by,
            at=at,
            state="running",
            total=0,
            done=0,
            found=[],
            seen_at=at,
        )
    )
    uow.audit.add(by, "wording.rehearse", f"wording:{lang}:{key}@{version}", at=at)
    return number


def lost(row: RehearsalRow, now: datetime) -> bool:
    """Whether nobody works on it any more, though it is not done."""
    return row.state == "running" and now - row.seen_at > _LOST


def stage(store: Store, own: Prompts, settings: DialogueSettings, row: RehearsalRow) -> Stage:
    """What a rehearsal compares: the wording in force, and the same with its draft.

    Raises:
        NotFound: its version is gone.
    """
    lang: Lang = "en" if row.lang == "en" else "zh"
    with store.reading() as uow:
        draft = uow.wordings.get(lang, row.key, row.version)
    if draft is None or row.key not in own.wordings[lang]:
        raise NotFound("There is no such version.")
    texts = check(draft.texts, own.wordings[lang][row.key].placeholders())
    now = prompts_in_force(store, own)
    changed = with_wording(now, lang, row.key, Wording(row.version, texts))
    return Stage(settings_in_force(store, settings), now, changed)


def rehearse(
    store: Store,
    number: int,
    *,
    own: Prompts,
    settings: DialogueSettings,
    now: Callable[[], datetime],
) -> None:
    """Tries the draft on every call of the period, and notes what would have differed."""
    try:
        _rehearse(store, number, own, settings, now)
    except Exception:
        log.exception("rehearsal_failed", number=number)
        with store.unit() as uow:
            if (row := uow.rehearsals.get(number)) is not None:
                row.state = "failed"
            uow.commit()


def _rehearse(
    store: Store,
    number: int,
    own: Prompts,
    settings: DialogueSettings,
    now: Callable[[], datetime],
) -> None:
    with store.reading() as uow:
        row = uow.rehearsals.get(number)
        if row is None:
            raise NotFound("There is no such rehearsal.")
        days = stretches(row.first, row.last, By.DAY, uow.zone)
        sids = uow.calls.ended_between(days[0].since, days[-1].before, MOST_CALLS)
    theatre = stage(store, own, settings, row)
    found: list[dict[str, Any]] = []
    for start in range(0, len(sids), _BATCH):
        batch = sids[start : start + _BATCH]
        found.extend(seen for sid in batch if (seen := _seen(store, theatre, sid)) is not None)
        _note(store, number, now(), total=len(sids), done=start + len(batch), found=found)
    _note(store, number, now(), total=len(sids), done=len(sids), found=found, state="done")


def _note(store: Store, number: int, at: datetime, **values: Any) -> None:
    with store.unit() as uow:
        row = uow.rehearsals.get(number)
        for name, value in values.items():
            setattr(row, name, list(value) if name == "found" else value)
        if row is not None:
            row.seen_at = at
        uow.commit()


def _seen(store: Store, theatre: Stage, sid: str) -> dict[str, Any] | None:
    """What a call's comparison gives, without its words; None where nothing differs."""
    try:
        comparison = theatre.compare(events_of(store, sid))
    except (ValidationError, RuleError):
        return {"sid": sid, "said": 0, "seconds": 0.0, "steps": [], "stopped": True}
    if not (comparison.said or comparison.steps or comparison.stopped):
        return None
    return {
        "sid": sid,
        "said": len(comparison.said),
        "seconds": round(comparison.seconds, 1),
        "steps": sorted(set(comparison.steps)),
        "stopped": comparison.stopped,
    }


def events_of(store: Store, sid: str) -> Sequence[Event]:
    """A call's events.

    Raises:
        pydantic.ValidationError: an event that this version does not know.
    """
    with store.reading() as uow:
        return [load_event(row.body) for row in uow.calls.events(sid)]
