"""The step that reads a mail: its parts, its orders. It may be done again at any time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from threading import Lock

import structlog

from api.config import Settings
from api.intake import mail
from api.jobs.answers import DONE, answer
from models import desk
from models.call import Lang
from models.desk import Written
from models.errors import IntakeError
from models.store import Store
from nlp.meaning import Understands
from nlp.understand import Understander
from nlp.written import orders
from nlp.written.orders import Draft
from nlp.written.source import Part
from nlp.written.values import Reader, lang_of

log = structlog.get_logger(__name__)

#: A mail's own date counts for "tomorrow" when it is no later and not much earlier than now.
_OLDEST = timedelta(days=14)
_AHEAD = timedelta(hours=1)


class Reading:
    """Reads kept mails.

    Args:
        make: gives what understands words; made when the first mail comes.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        now: Callable[[], datetime],
        make: Callable[[], Understands] = Understander,
    ) -> None:
        self._store = store
        self._zone = settings.zone
        self._now = now
        self._make = make
        self._understander: Understands | None = None
        self._lock = Lock()

    def read(self, row_id: int) -> str:
        """Reads the mail that an outbox row names; reading it again changes nothing."""
        try:
            with self._store.unit() as uow:
                mail_id = str(uow.outbox.effect(row_id).payload["mail_id"])
                unread = desk.is_unread(uow, mail_id, self._now())
                uow.commit()
            if unread:
                self._read(mail_id)
        except IntakeError as error:
            return answer("mail_not_read", row_id, error)
        return DONE

    def _read(self, mail_id: str) -> None:
        with self._store.reading() as uow:
            row, raw = uow.mails.get(mail_id), uow.mails.raw(mail_id)
        message = mail.parse(raw)
        forward = mail.envelope(message).forward
        parts = mail.parts(message, forward=forward)
        lang = _language(parts)
        now = self._counted_from(row.sent_at)
        reader = Reader(self._understands(), now, lang)
        drafts = orders.read(reader, parts, forward=forward)
        with self._store.unit() as uow:
            kept = desk.keep_reading(
                uow,
                mail_id,
                [asdict(part) for part in parts],
                [_written(draft) for draft in drafts],
                lang=lang,
                at=self._now(),
                suspects=[draft.asks for draft in drafts],
            )
            uow.commit()
        log.info("mail_read", mail=mail_id, parts=len(parts), orders=len(kept))

    def _counted_from(self, sent_at: datetime | None) -> datetime:
        """The local day that "tomorrow" counts from."""
        now = self._now()
        plausible = sent_at is not None and now - _OLDEST <= sent_at <= now + _AHEAD
        moment = sent_at if plausible and sent_at is not None else now
        return moment.astimezone(self._zone).replace(tzinfo=None)

    def _understands(self) -> Understands:
        with self._lock:
            if self._understander is None:
                self._understander = self._make()
            return self._understander


def _written(draft: Draft) -> Mapping[str, Written]:
    return {
        name: Written(
            value=found.value,
            read=found.read,
            confidence=found.confidence,
            place=found.place.code(),
        )
        for name, found in draft.fields.items()
    }


def _language(parts: tuple[Part, ...]) -> Lang:
    """The mail's language: Mandarin where any of it is."""
    texts = [line.text for part in parts for line in part.lines]
    texts += [cell.text for part in parts for table in part.tables for row in table for cell in row]
    return lang_of(" ".join(texts), "zh")
