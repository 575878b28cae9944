"""The steps that read mails and faxes: parts, orders. They may be done again at any time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from threading import Lock

import structlog

from api.config import Settings
from api.intake import fax, fax_media, mail
from api.intake.limits import Refused
from api.jobs.answers import DONE, FAILED, answer
from models import desk
from models.call import Lang
from models.desk import Written, faxes
from models.errors import IntakeError
from models.store import Store, UnitOfWork
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
    """Reads kept mails and faxes.

    Args:
        make: gives what understands words; made when the first paper comes.
        fetch: fetches a fax from the service that received it.
        fax_parts: reads a fax's bytes.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        now: Callable[[], datetime],
        make: Callable[[], Understands] = Understander,
        *,
        fetch: Callable[[Settings, str], bytes] = fax_media.fetch,
        fax_parts: Callable[[bytes], tuple[Part, ...]] = fax.parts,
    ) -> None:
        self._store = store
        self._settings = settings
        self._zone = settings.zone
        self._fetch = fetch
        self._fax_parts = fax_parts
        self._now = now
        self._make = make
        self._understander: Understands | None = None
        self._lock = Lock()

    def read(self, row_id: int) -> str:
        """Reads the mail that an outbox row names; reading it again changes nothing."""
        return self._once(row_id, "mail_not_read", _mail_id, desk.is_unread, self._read)

    def give_up(self, row_id: int) -> None:
        """A person is told of a mail that cannot be read here."""
        with self._store.unit() as uow:
            desk.mail_failed(uow, _mail_id(uow, row_id), self._now())
            uow.commit()

    def fetch_fax(self, row_id: int) -> str:
        """Fetches the pages of a fax that a service announced; others are here already."""
        try:
            with self._store.reading() as uow:
                row = uow.faxes.get(_fax_id(uow, row_id))
            if row.state == "announced":
                raw = self._fetch(self._settings, row.media_url or "")
                with self._store.unit() as uow:
                    faxes.keep_pages(uow, row.id, raw)
                    uow.commit()
        except Refused:
            log.warning("fax_too_large", row=row_id)
            return FAILED
        except IntakeError as error:
            return answer("fax_not_fetched", row_id, error)
        return DONE

    def fax_lost(self, row_id: int) -> None:
        """A person is told that the pages of a fax cannot be had."""
        with self._store.unit() as uow:
            faxes.pages_lost(uow, _fax_id(uow, row_id), self._now())
            uow.commit()

    def read_fax(self, row_id: int) -> str:
        """Reads the fax that an outbox row names; reading it again changes nothing."""
        return self._once(row_id, "fax_not_read", _fax_id, faxes.is_fax_unread, self._read_fax)

    def give_up_fax(self, row_id: int) -> None:
        """A person is told of a fax that cannot be read here."""
        with self._store.unit() as uow:
            faxes.fax_failed(uow, _fax_id(uow, row_id), self._now())
            uow.commit()

    def _once(
        self,
        row_id: int,
        failed: str,
        id_of: Callable[[UnitOfWork, int], str],
        is_unread: Callable[[UnitOfWork, str, datetime], bool],
        read: Callable[[str], None],
    ) -> str:
        try:
            with self._store.unit() as uow:
                paper_id = id_of(uow, row_id)
                unread = is_unread(uow, paper_id, self._now())
                uow.commit()
            if unread:
                read(paper_id)
        except IntakeError as error:
            return answer(failed, row_id, error)
        return DONE

    def _read_fax(self, fax_id: str) -> None:
        with self._store.reading() as uow:
            row, raw = uow.faxes.get(fax_id), uow.faxes.raw(fax_id)
        parts = self._fax_parts(raw)
        drafts, lang = self._drafts(parts, row.received_at)
        kept = self._keep(faxes.keep_fax_reading, fax_id, parts, drafts, lang)
        log.info("fax_read", fax=fax_id, orders=len(kept))

    def _read(self, mail_id: str) -> None:
        with self._store.reading() as uow:
            row, raw = uow.mails.get(mail_id), uow.mails.raw(mail_id)
        message = mail.parse(raw)
        forward = mail.envelope(message).forward
        parts = mail.parts(message, forward=forward)
        drafts, lang = self._drafts(parts, row.sent_at, forward=forward)
        kept = self._keep(desk.keep_reading, mail_id, parts, drafts, lang)
        log.info("mail_read", mail=mail_id, parts=len(parts), orders=len(kept))

    def _keep(
        self,
        keep: Callable[..., list[str]],
        paper_id: str,
        parts: Sequence[Part],
        drafts: Sequence[Draft],
        lang: Lang,
    ) -> list[str]:
        """The ids of the orders that a paper's door begins."""
        with self._store.unit() as uow:
            kept = keep(
                uow,
                paper_id,
                [asdict(part) for part in parts],
                [_written(draft) for draft in drafts],
                lang=lang,
                at=self._now(),
                suspects=[draft.asks for draft in drafts],
            )
            uow.commit()
        return kept

    def _drafts(
        self, parts: tuple[Part, ...], sent_at: datetime | None, *, forward: bool = False
    ) -> tuple[list[Draft], Lang]:
        """The orders in a paper, and its language."""
        lang = _language(parts)
        reader = Reader(self._understands(), self._counted_from(sent_at), lang)
        return orders.read(reader, parts, forward=forward), lang

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


def _mail_id(uow: UnitOfWork, row_id: int) -> str:
    return str(uow.outbox.effect(row_id).payload["mail_id"])


def _fax_id(uow: UnitOfWork, row_id: int) -> str:
    return str(uow.outbox.effect(row_id).payload["fax_id"])


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
    texts = [text.text for part in parts for text in part.texts()]
    return lang_of(" ".join(texts), "zh")
