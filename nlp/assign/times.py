"""Times: of the pick-up or of the delivery (pure)."""

from __future__ import annotations

import re

from nlp.assign.slate import Slate
from nlp.components.scene import Entity
from nlp.meaning import Ambiguity
from nlp.normalize.dates import Moment

_PICKED = re.compile(
    r"(?:左右|之间)?(?:之?前|之?后)?[，]?(?:可以|能|请|过来|来|去|上门|派车|派人|安排|让司机)*(?:提货?|取货?|取件|拿|拉|装货?|发货|发(?!到)|寄(?!到)|上门|收件|走货)"
)
_DELIVERED = re.compile(
    r"(?:左右)?(?:之?前|之?内)?[，]?(?:必须|一定|要|得|务必|能|可以|需要|给我|全部|就要)*(?:送[到达货]?|到货|到达|交货|签收|运到|给到|到(?!\S{0,14}[提取装拉拿])|抵达|送达|派送)"
)
_PICKED_EN = re.compile(
    r"\b(?:pick(?:ed|ing)?(?: \w+){0,3}? ?up|pickup|collect(?:ed|ion)?|ready|load(?:ed|ing)?)\b"
)
_DELIVERED_EN = re.compile(
    r"\b(?:deliver\w*|arriv\w*|be there|reach\w*|received?|get there|(?:needs?|has|have|must|got)(?: to)? be (?:in|at|with|here)|deadline|need(?:ed|s)? it|no later than|due)\b"
)


class Times:
    """Fills the times."""

    def __init__(self, slate: Slate) -> None:
        self._slate = slate

    def moment(self, entity: Entity) -> None:
        """When to pick up, or until when to deliver."""
        moment = entity.value
        if not isinstance(moment, Moment) or self._is_settled(entity):
            return
        if self._is_deadline(entity):
            self._slate.set("deliver_by", self._kept_day(moment, "deliver_by").deadline, entity)
            return
        moment = self._kept_day(moment, "pickup_date")
        self._slate.set("pickup_date", moment.day.isoformat(), entity)
        if moment.starts:
            self._slate.set("pickup_start", moment.starts, entity)
            self._slate.fields.pop("pickup_end", None)
        if moment.ends:
            self._slate.set("pickup_end", moment.ends, entity)

    def either(self, entity: Entity) -> None:
        """Of two moments the caller has to choose one."""
        if not isinstance(entity.value, tuple):
            return
        choices = tuple(
            {n: v for n, v in (("pickup_date", m.day.isoformat()), ("pickup_start", m.starts)) if v}
            for m in entity.value
        )
        if choices[0] != choices[1]:
            heard = self._slate.scene.text[entity.start : entity.end]
            ambiguity = Ambiguity(name="pickup_date", heard=heard, choices=choices)
            self._slate.ambiguities.append(ambiguity)

    def _kept_day(self, moment: Moment, name: str) -> Moment:
        """A time without a day belongs to the day already said or taken down."""
        said = self._slate.fields.get(name)
        known = said.value if said else self._slate.known.get(name)
        if not moment.implied or not isinstance(known, str):
            return moment
        day = type(moment.day).fromisoformat(known[:10])
        return Moment(day, moment.start, moment.end, moment.part)

    def _is_settled(self, entity: Entity) -> bool:
        """Whether it is when the freight is paid: said where that is asked, and of no pick-up."""
        text = self._slate.scene.text
        if self._slate.slot != "payment":
            return False
        return not (_PICKED.search(text, entity.end) or _PICKED_EN.search(text))

    def _is_deadline(self, entity: Entity) -> bool:
        text = self._slate.scene.text
        if self._slate.scene.expectation.lang == "en":
            return self._is_deadline_en(entity)
        if _PICKED.match(text, entity.end):
            return False
        if _DELIVERED.match(text, entity.end):
            return True
        if self._slate.slot in {"pickup", "deliver_by"} or self._slate.slot.startswith("pickup_"):
            return self._slate.slot == "deliver_by"
        return "pickup_date" in self._slate.fields and not _moment_of(entity).implied

    def _is_deadline_en(self, entity: Entity) -> bool:
        text = self._slate.scene.text
        before, after = text[max(0, entity.start - 90) : entity.start], text[entity.end :][:25]
        spans = [
            (match.end(), kind)
            for kind, pattern in ((False, _PICKED_EN), (True, _DELIVERED_EN))
            for match in pattern.finditer(before)
        ]
        if spans:
            return max(spans)[1]
        if _DELIVERED_EN.search(after) and not _PICKED_EN.search(after):
            return True
        said = text[entity.start : entity.end]
        return self._slate.slot == "deliver_by" or (
            said.startswith("by ")
            and self._slate.slot != "pickup"
            and "pickup_date" in self._slate.fields
        )


def _moment_of(entity: Entity) -> Moment:
    if isinstance(entity.value, Moment):
        return entity.value
    raise TypeError("needs a moment")
