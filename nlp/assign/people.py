"""Persons, companies, phones: whose they are (pure)."""

from __future__ import annotations

import re

from nlp.assign.slate import Slate
from nlp.components.scene import Entity

#: Digits of a number that callers correct by themselves ("the last four are").
_TAIL = 4


_CONTACT = re.compile(
    r"(?:联系|回访|短信|下单)(?:人)?(?:电话|方式|手机|号码)|contact(?: phone| number| mobile)",
    re.IGNORECASE,
)


class People:
    """Fills names, phones and accounts."""

    def __init__(self, slate: Slate) -> None:
        self._slate = slate

    def person(self, entity: Entity) -> None:
        """A name, of the party named last."""
        party = (self._slate.party_said and self._slate.party) or self._slate.party
        before = self._slate.scene.text[: entity.start]
        if not self._slate.party_said and re.search(
            r"(?:我是|我叫|我姓|本人|免贵姓|(?:my name is|this is|i'm|i am|speaking with)\s*)$",
            before,
        ):
            party = party or "contact"
        if re.match(r"[，]?收", self._slate.scene.text[entity.end :]) or re.search(
            r"(?:找|交给|寄给|发给|送给|给|\b(?:(?:send|ship|deliver|hand|give|address)(?:ed)?(?: it| them| this| the \w+)? to|care of)\s*)$",
            before,
        ):
            party = "consignee" if not self._slate.party_said else party
        party = party or "contact"
        self._slate.party = party
        self._slate.set(f"{party}.name", str(entity.value), entity)

    def phone(self, entity: Entity) -> None:
        """A number, of the party named last or of whom it resembles."""
        if self._slate.scene.slot == "mobile" and not self._slate.party_said:
            self._slate.party = "contact"
        before = self._slate.scene.text[max(0, entity.start - 12) : entity.start]
        mine = re.search(
            r"(?:我的?(?:电话|手机|号码|联系)|打我|my (?:number|phone|mobile|cell))", before
        )
        party = "contact" if mine else self._slate.party or self._of_like_number(str(entity.value))
        # 收货电话是…，联系电话是…: who has a number already in these words is not meant again.
        if f"{party}.phone" in self._slate.fields and _CONTACT.search(before):
            party = "contact"
        self._slate.set(f"{party}.phone", str(entity.value), entity)

    def _of_like_number(self, number: str) -> str:
        """The party whose known number differs only in its end; else, in a correction, who receives,
        for the caller's own number came with the call; else who calls."""
        for name, known in self._slate.known.items():
            party, _, level = name.partition(".")
            if level == "phone" and str(known)[:-_TAIL] == number[:-_TAIL]:
                return party
        corrected = self._slate.corrects and "consignee.phone" in self._slate.known
        return "consignee" if corrected else "contact"

    def company(self, entity: Entity) -> None:
        """The customer's company."""
        self._slate.set("customer.name", str(entity.value), entity)

    def account(self, entity: Entity) -> None:
        """The customer's contract number."""
        self._slate.set("customer.account", str(entity.value), entity)
