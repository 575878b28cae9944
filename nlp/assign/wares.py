"""Goods, what they are packed in, how they go, and remarks (pure)."""

from __future__ import annotations

import re

from nlp.assign.slate import Slate
from nlp.components.articles import Article
from nlp.components.scene import Entity
from nlp.meaning import HeardField

#: Between goods of one shipment.
_SIDE_BY_SIDE = re.compile(
    r"(?:和|、|，|还有|以及|跟|与|及|加)?| and (?:some |also )?| & |, (?:and )?| or "
)
_ALSO = re.compile(
    r"(?:和|、|还有|以及|跟|与|加上?|另外|\band\b|\bplus\b|,)\s*(?:[一二三四五六七八九十百两\d]+[\u4e00-\u9fff]{1,3}|[\w ]+ of )?\s*$"
)


class Wares:
    """Fills what is said of the goods."""

    def __init__(self, slate: Slate) -> None:
        self._slate = slate

    def goods(self, entity: Entity) -> None:
        """A good, and the danger in it."""
        article = entity.value
        if not isinstance(article, Article) or article.denied:
            return
        good = article.good
        if good.dangerous:
            self._slate.dangers.append(good.dangerous)
        if good.asks:
            self._slate.asks.append(good.name)
        if self._slate.scene.slot.startswith(("dangerous", "customer")) or not good.name:
            return
        known = self._slate.fields.get("goods")
        if known is None or entity.confidence > known.confidence:
            self._slate.set("goods", good.name, entity)
        elif not self._restarted(known, entity) and good.name not in str(known.value):
            self._slate.set("goods", self._joined(known, entity, good.name), entity)

    def _joined(self, known: HeardField, entity: Entity, name: str) -> str:
        """Both goods, in the caller's words where they stand side by side."""
        text = self._slate.scene.text
        at = text.rfind(known.heard, 0, entity.start)
        link = text[at + len(known.heard) : entity.start] if at >= 0 else "?"
        if _SIDE_BY_SIDE.fullmatch(link):
            return f"{known.value}{link}{name}"
        if _ALSO.search(text[: entity.start]):
            joint = "、" if self._slate.scene.expectation.lang == "zh" else " and "
            return f"{known.value}{joint}{name}"
        return str(known.value)

    def _restarted(self, known: HeardField, entity: Entity) -> bool:
        at = self._slate.scene.text.find(known.heard)
        between = self._slate.scene.text[at + len(known.heard) : entity.start] if at >= 0 else ""
        if re.search(r"不对|不是|说错|，不|更正|\bno\b|sorry|i mean|actually", between):
            self._slate.fields.pop("goods", None)
            self._slate.set(
                "goods",
                entity.value.good.name if isinstance(entity.value, Article) else known.value,
                entity,
            )
            return True
        return False

    def packaging(self, entity: Entity) -> None:
        """What the goods are packed in."""
        self._slate.set("packaging", str(entity.value), entity)

    def choice(self, entity: Entity) -> None:
        """One of a few words: the mode, who pays."""
        if isinstance(entity.value, tuple):
            name, value = entity.value
            self._slate.set(name, value, entity)

    def remark(self, entity: Entity) -> None:
        """A remark, added to those before."""
        known = self._slate.fields.get("remarks")
        comma = "，" if self._slate.scene.expectation.lang == "zh" else ", "
        text = f"{known.value}{comma}{entity.value}" if known else str(entity.value)
        self._slate.set("remarks", text, entity)
