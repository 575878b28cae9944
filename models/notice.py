"""The Dangerous Goods Notice: what is signed, and what voids it (pure).

A signature names two digests: the order's values and the notice with its version, language and
mode. Any change of the order makes a new version, whose digest no earlier signature names.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from models.call import Lang
from models.errors import RuleError
from models.fields import Mode
from models.order import Order


class NotConsented(RuleError):
    """The signer's name or one of the consents is missing."""


@dataclass(frozen=True, slots=True)
class HazardClass:
    """One class of dangerous goods: number, name, everyday examples."""

    number: str
    name: str
    examples: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The notice's text for one mode in one language.

    Attributes:
        version: grows with every change of the text; old versions stay on file.
        rule: what this mode forbids, as the law or the carrier says it.
        declaration: what the signer states, paragraph by paragraph.
        consents: key to sentence; each has to be given on its own.
        sources: where the rules come from.
    """

    version: str
    lang: Lang
    mode: Mode
    title: str
    intro: str
    rule: str
    classes: tuple[HazardClass, ...]
    declaration: tuple[str, ...]
    consents: Mapping[str, str]
    sources: tuple[str, ...]

    @property
    def id(self) -> str:
        """What records name it by: `dangerous-goods/MODE/LANG@VERSION`."""
        return f"dangerous-goods/{self.mode}/{self.lang}@{self.version}"

    def payload(self) -> str:
        """The whole text as canonical JSON: sorted keys, no spaces, UTF-8."""
        body: dict[str, Any] = {
            "id": self.id,
            "title": self.title,
            "intro": self.intro,
            "rule": self.rule,
            "classes": [[c.number, c.name, c.examples] for c in self.classes],
            "declaration": list(self.declaration),
            "consents": dict(self.consents),
            "sources": list(self.sources),
        }
        return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_payload(cls, payload: str) -> Notice:
        """The inverse of `payload`: the notice as it was signed."""
        body = json.loads(payload)
        kind, _, version = body["id"].rpartition("@")
        _, mode, lang = kind.split("/")
        return cls(
            version=version,
            lang=lang,
            mode=Mode(mode),
            title=body["title"],
            intro=body["intro"],
            rule=body["rule"],
            classes=tuple(HazardClass(*entry) for entry in body["classes"]),
            declaration=tuple(body["declaration"]),
            consents=body["consents"],
            sources=tuple(body["sources"]),
        )

    def digest(self) -> str:
        """SHA-256 (hex) of `payload`."""
        return hashlib.sha256(self.payload().encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What a signature is for."""

    order_id: str
    order_version: int
    order_digest: str
    notice: str
    notice_digest: str
    name: str
    consents: tuple[str, ...]

    def stands_for(self, order: Order) -> bool:
        """Whether it is still a signature of this very order; any change voids it."""
        return (self.order_id, self.order_version, self.order_digest) == (
            order.id,
            order.version,
            order.digest(),
        )


#: A typed name's greatest length, characters.
NAME_LENGTH = 80


def sign(order: Order, notice: Notice, *, name: str, consents: Iterable[str]) -> Signed:
    """The signature of an order and its notice.

    Raises:
        NotConsented: no name, or a consent of the notice is missing.
    """
    given = set(consents)
    missing = [key for key in notice.consents if key not in given]
    typed = " ".join(name.split())
    if not typed or len(typed) > NAME_LENGTH or not typed.isprintable():
        raise NotConsented("Please type your full name.")
    if missing:
        raise NotConsented("Please tick every statement.")
    return Signed(
        order_id=order.id,
        order_version=order.version,
        order_digest=order.digest(),
        notice=notice.id,
        notice_digest=notice.digest(),
        name=typed,
        consents=tuple(notice.consents),
    )
