"""What a signature's document says, and the record that is attached to it (pure)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from api.signed.words import words
from models.call import Lang
from models.desk import Evidence
from models.drawing import from_json
from models.message import Delivery
from models.reach import by_mail
from nlp.normalize.phones import written

Row = tuple[str, str]

_LANGUAGES: Mapping[Lang, str] = {"zh": "中文", "en": "英文 English"}


class Document:
    """One signature's document.

    Args:
        verify_url: where anyone can have the document verified.
    """

    def __init__(self, evidence: Evidence, *, zone: ZoneInfo, verify_url: str) -> None:
        self._evidence = evidence
        self._zone = zone
        self._verify = verify_url
        self._words = words(evidence.lang)

    def content(self) -> dict[str, Any]:
        """What the template shows."""
        evidence, signature = self._evidence, self._evidence.signature
        notice = json.loads(signature.payload)
        return {
            "words": self._words,
            "lang": evidence.lang,
            "verify": self._verify,
            "company": signature.shown["company"],
            "title": notice["title"],
            "number": evidence.number or "",
            "version": str(signature.order_version),
            "items": signature.shown["items"],
            "declared": signature.shown["declared"],
            "intro": notice["intro"],
            "rule": notice["rule"],
            "classes": notice["classes"],
            "sources": notice["sources"],
            "declaration": notice["declaration"],
            "consents": [notice["consents"][key] for key in signature.consents],
            "signer": list(self._signer()),
            "drawing": from_json(signature.drawing).svg() if signature.drawing else None,
            "audit": list(self._audit()),
            "digests": [
                (self._words["order_digest"], signature.order_digest),
                (self._words["notice_digest"], signature.notice_digest),
            ],
        }

    def record(self) -> Mapping[str, Any]:
        """The texts that were signed, for whoever wants to compute their digests again."""
        evidence, signature = self._evidence, self._evidence.signature
        return {
            "number": evidence.number,
            "order_version": signature.order_version,
            "order": signature.order_payload,
            "order_sha256": signature.order_digest,
            "notice_id": signature.notice,
            "notice": signature.payload,
            "notice_sha256": signature.notice_digest,
            "shown": signature.shown,
            "language": signature.lang,
            "name": signature.name,
            "consents": signature.consents,
            "signed_at": signature.at.isoformat(),
        }

    def _signer(self) -> Iterator[Row]:
        signature, words_ = self._evidence.signature, self._words
        proven = signature.mobile_proven_at
        yield words_["name"], signature.name
        yield words_["at"], self._moment(signature.at)
        yield words_["mobile"], written(signature.mobile)
        yield words_["proven"], self._moment(proven) if proven else words_["unproven"]

    def _audit(self) -> Iterator[tuple[str, list[Row]]]:
        words_ = self._words
        yield words_["call"], list(self._call())
        yield words_["messages"], list(self._messages())
        yield words_["page"], list(self._page())

    def _call(self) -> Iterator[Row]:
        evidence, words_ = self._evidence, self._words
        yield words_["call_id"], evidence.call_sid or "–"
        for played in evidence.heard:
            share = f"{words_['heard_ratio']} {played.heard_ratio:.0%}"
            yield words_["heard"], f"{self._moment(played.at)}  {played.notice}  {share}"
        if not evidence.heard:
            yield words_["heard"], words_["not_heard"]

    def _messages(self) -> Iterator[Row]:
        words_ = self._words
        for message in self._evidence.messages:
            mail = by_mail(message.mobile)
            what = words_["code" if message.key.partition(":")[0].endswith("_code") else "link"]
            kind = f"{what} {words_['by_mail' if mail else 'by_sms']}"
            taken = mail and message.status == Delivery.SENT
            status = words_["handed" if taken else Delivery(message.status).value]
            yield (
                kind,
                f"{words_['to']} {written(message.mobile)}  "
                f"{words_['sent']} {self._moment(message.created_at)}  "
                f"{status} {self._moment(message.updated_at)}",
            )
        for link in self._evidence.links:
            yield (
                words_["link"],
                f"{words_['to']} {written(link.mobile)}  "
                f"{words_['valid']} {self._moment(link.expires_at)}",
            )

    def _page(self) -> Iterator[Row]:
        evidence, signature, words_ = self._evidence, self._evidence.signature, self._words
        for event in evidence.events:
            yield words_[event.kind], f"{self._moment(event.at)}  {event.ip}\n{event.user_agent}"
        yield words_["signed"], f"{self._moment(signature.at)}  {signature.ip}"
        yield words_["browser"], signature.user_agent
        yield words_["notice_id"], signature.notice
        yield words_["language"], _LANGUAGES[evidence.lang]

    def _moment(self, at: datetime) -> str:
        return at.astimezone(self._zone).strftime("%Y-%m-%d %H:%M:%S %z")
