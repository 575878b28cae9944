"""From entities to the order's fields: which value is meant for which field (pure)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from models.errors import RuleError
from models.fields import DangerousGood, Value, check
from nlp.components.articles import Article
from nlp.components.places import Place
from nlp.components.quantities import Quantity
from nlp.components.scene import Entity, Scene
from nlp.gazetteer.areas import Area
from nlp.meaning import Ambiguity, HeardField
from nlp.normalize.dates import Moment
from nlp.normalize.units import tidy_amount

#: Digits of a number that callers correct by themselves ("the last four are").
_TAIL = 4
_PARTIES = ("consignor", "consignee", "contact")
_SIDES = {
    "origin": "origin",
    "consignor": "origin",
    "destination": "destination",
    "consignee": "destination",
}
_NUMERIC = {
    "pieces": "pieces", "weight": "weight_kg", "weight_kg": "weight_kg", "volume": "volume_m3",
    "volume_m3": "volume_m3", "declared_value": "declared_value_cny",
    "declared_value_cny": "declared_value_cny",
}  # fmt: skip
_FROM = re.compile(
    r"(?:从|由|起点是?|(?:发货|提货|取货|装货|始发|起运|出发|寄件)(?:地址?|地点|站)?(?:是|在|为|：|，)*|发自)(?:我们?的?|公司)*$"
    r"|\b(?:from|at|pick(?:ed)? (?:it |them )?up (?:from|at|in)|origin(?: is| address is)?|collect(?:ed)? (?:from|at|in)|(?:pick ?up|collection|loading) (?:address|location|place|point)(?: is| in| at)?)\s*(?:our \w+ (?:in|at) |the )?$"
)
_TO = re.compile(
    r"(?:发到|发往|发去|发给|运到|运往|运去|送到|送往|送去|寄到|寄往|寄去|派到|交到|卸到|到|至|往|去|发|送|寄|运|(?:收货|送货|卸货|目的|到货|收件|到达)(?:地址?|地点|站)?(?:是|在|为|：|，)*)(?:我们?的?)?$"
    r"|\b(?:to|deliver(?:ed|y)? (?:it |them )?(?:to|at|in)|destination(?: is| address is)?|for|(?:delivery|drop off|receiving) (?:address|location|place|point)(?: is| in| at)?)\s*(?:the |a \w+ (?:in|at) |our \w+ (?:in|at) )?$"
)
_LOADS = re.compile(
    r"[，]?(?:那边|这边|那里|工厂|仓库)?(?:来|去|上门)?(?:提货|取货|装货|拉货|拿货|取件|提走)"
)
_AT = re.compile(r"在(?:我们?的?|公司)*$")
_STARTS = re.compile(
    r"(?:这边|那边|那里|这里|的?仓库?|工厂)?[，]?(?:提货|取货|装货|发货|发出|发(?=到|往|[\u4e00-\u9fff]{2})|出发|起运|拿货|提|拉货|上门|寄出|到(?=[\u4e00-\u9fff]{2})|运到|寄到|送到)|\s*to\b"
)
_ENDS = re.compile(r"(?:那边|那里)?[，]?(?:收货?(?!费)|卸货|签收|交货)")
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
    r"\b(?:deliver\w*|arriv\w*|be there|reach\w*|received?|get there|deadline|need(?:ed|s)? it|no later than|due)\b"
)


#: Between goods of one shipment.
_SIDE_BY_SIDE = re.compile(
    r"(?:和|、|，|还有|以及|跟|与|及|加)?| and (?:some |also )?| & |, (?:and )?| or "
)
_ALSO = re.compile(
    r"(?:和|、|还有|以及|跟|与|加上?|另外|\band\b|\bplus\b|,)\s*(?:[一二三四五六七八九十百两\d]+[\u4e00-\u9fff]{1,3}|[\w ]+ of )?\s*$"
)


@dataclass(frozen=True, slots=True)
class Assigned:
    """What the entities say of the order."""

    fields: Mapping[str, HeardField]
    ambiguities: tuple[Ambiguity, ...]
    asks_danger: tuple[str, ...]


def _slot_of(scene: Scene) -> str:
    """What a bare value is of: the slot asked for, or the one value that was read to check it."""
    read = scene.expectation.readback
    if scene.slot == "confirm" and len(read) == 1 and read[0].endswith(".detail"):
        return read[0]
    return "" if scene.slot in {"open", "confirm", "yes_no", "more"} else scene.slot


class Assigner:
    """Goes over the entities from left to right and fills the fields."""

    def __init__(self, scene: Scene, *, corrects: bool) -> None:
        self._scene = scene
        self._corrects = corrects
        self._known = scene.expectation.known
        self._slot = _slot_of(scene)
        self._party = self._party_of(self._slot)
        self._party_said = False
        self._fields: dict[str, HeardField] = {}
        self._ambiguities: list[Ambiguity] = []
        self._asks: list[str] = []
        self._dangers: list[DangerousGood] = []
        self._loose_places: list[Entity] = []
        self._each: Entity | None = None
        self._each_volume: Entity | None = None
        self._sides: Entity | None = None

    def run(self) -> Assigned:
        """All fields; later words win over earlier ones of the same field."""
        take: dict[str, Callable[[Entity], None]] = {
            "cue": self._cue, "place": self._place, "person": self._person, "phone": self._phone,
            "weight": self._weight, "volume": self._volume, "pieces": self._pieces,
            "money": self._money, "number": self._number, "moment": self._moment,
            "either": self._either,
            "goods": self._goods, "packaging": self._packaging, "choice": self._choice,
            "company": self._company, "account": self._account, "remark": self._remark,
        }  # fmt: skip
        for entity in sorted(self._scene.entities, key=lambda e: (e.start, e.end)):
            if entity.kind in take:
                take[entity.kind](entity)
        self._place_loose()
        self._total()
        if self._dangers:
            names = tuple(dict.fromkeys(self._dangers))
            self._set("dangerous", names, self._fields.get("goods"))
        return Assigned(self._fields, tuple(self._ambiguities), tuple(dict.fromkeys(self._asks)))

    def _set(self, name: str, value: Value, entity: Entity | HeardField | None) -> None:
        try:
            value = check(name, value)
        except RuleError:
            return
        heard, confidence, repaired = self._scene.text, 1.0, False
        if isinstance(entity, Entity):
            heard = self._scene.text[entity.start : entity.end]
        elif entity is not None:
            heard = entity.heard
        if entity is not None:
            confidence, repaired = entity.confidence, entity.repaired
        corrects = self._corrects and name in self._known and self._known[name] != value
        self._fields[name] = HeardField(
            name=name, value=value, heard=heard, confidence=confidence, repaired=repaired,
            corrects=corrects,
        )  # fmt: skip

    @staticmethod
    def _party_of(slot: str) -> str:
        head = slot.split(".", maxsplit=1)[0]
        return head if head in _PARTIES else "contact" if slot == "mobile" else ""

    def _cue(self, entity: Entity) -> None:
        slot = str(entity.value)
        if slot == "phone":
            return
        self._slot = slot
        if self._party_of(slot):
            self._party, self._party_said = self._party_of(slot), True

    # Places

    def _place(self, entity: Entity) -> None:
        role = self._role(entity)
        if role:
            self._set_place(role, entity)
        else:
            self._loose_places.append(entity)

    def _role(self, entity: Entity) -> str:
        before, after = self._scene.text[: entity.start], entity.end
        if _LOADS.match(self._scene.text, after):
            return "origin"
        if _FROM.search(before):
            return "origin"
        if _ENDS.match(self._scene.text, after):
            return "destination"
        if _TO.search(before):
            return "destination"
        if _STARTS.match(self._scene.text, after):
            return "origin"
        if _AT.search(before) and self._slot.split(".")[0] not in _SIDES:
            return "origin"
        for slot in (self._slot, self._party, self._scene.slot):
            head = slot.split(".")[0]
            if role := _SIDES.get(head):
                return role
        return ""

    def _place_loose(self) -> None:
        free = [r for r in ("origin", "destination") if not self._has_place(r)]
        if len(free) == 2 and len(self._loose_places) == 1:
            known = [r for r in free if f"{r}.city" in self._known]
            # A correction is of the address that is known, more of the order of the other.
            free = [r for r in free if (r in known) == self._corrects] if len(known) == 1 else []
        for role, entity in zip(free, self._loose_places, strict=False):
            self._set_place(role, entity)

    def _has_place(self, role: str) -> bool:
        return any(name.startswith(role + ".") for name in self._fields)

    def _set_place(self, role: str, entity: Entity) -> None:
        place = entity.value
        if not isinstance(place, Place):
            return
        areas = _apart(self._fitting(role, place.areas))
        if len(areas) > 1 and _equal(areas[0], areas[1]):
            alike = tuple(a for a in areas if a.level == areas[0].level)
            choices = tuple(self._levels(role, a, place.detail) for a in alike)
            heard = self._scene.text[entity.start : entity.end]
            self._ambiguities.append(
                Ambiguity(name=f"{role}.district", heard=heard, choices=choices)
            )
        elif areas:
            for name, value in self._levels(role, areas[0], place.detail).items():
                self._set(name, value, entity)
        if place.detail:
            self._set(f"{role}.detail", place.detail, entity)

    def _levels(self, role: str, area: Area, detail: str | None) -> dict[str, Value]:
        levels = {"province": area.province, "city": area.city, "district": area.district,
                  "detail": detail}  # fmt: skip
        return {f"{role}.{level}": name for level, name in levels.items() if name}

    def _fitting(self, role: str, areas: Sequence[Area]) -> tuple[Area, ...]:
        """The areas that agree with the city already taken down or said in this utterance."""
        cities = {self._known.get(f"{role}.city")}
        said = self._fields.get(f"{role}.city")
        cities.add(said.value if said else None)
        cities -= {None}
        fitting = tuple(a for a in areas if a.city in cities and a.level > 1)
        return fitting or tuple(areas)

    # People

    def _person(self, entity: Entity) -> None:
        party = (self._party_said and self._party) or self._party
        before = self._scene.text[: entity.start]
        if not self._party_said and re.search(
            r"(?:我是|我叫|我姓|本人|免贵姓|(?:my name is|this is|i'm|i am|speaking with)\s*)$",
            before,
        ):
            party = party or "contact"
        if re.match(r"[，]?收", self._scene.text[entity.end :]) or re.search(
            r"(?:找|交给|寄给|发给|送给|给|\b(?:(?:send|ship|deliver|hand|give|address)(?:ed)?(?: it| them| this| the \w+)? to|care of)\s*)$",
            before,
        ):
            party = "consignee" if not self._party_said else party
        party = party or "contact"
        self._party = party
        self._set(f"{party}.name", str(entity.value), entity)

    def _phone(self, entity: Entity) -> None:
        if self._scene.slot == "mobile" and not self._party_said:
            self._party = "contact"
        before = self._scene.text[max(0, entity.start - 12) : entity.start]
        mine = re.search(
            r"(?:我的?(?:电话|手机|号码|联系)|打我|my (?:number|phone|mobile|cell))", before
        )
        party = "contact" if mine else self._party or self._of_like_number(str(entity.value))
        self._set(f"{party}.phone", str(entity.value), entity)

    def _of_like_number(self, number: str) -> str:
        """The party whose known number differs only in its end, or else who calls."""
        for name, known in self._known.items():
            party, _, level = name.partition(".")
            if level == "phone" and str(known)[:-_TAIL] == number[:-_TAIL]:
                return party
        return "contact"

    def _company(self, entity: Entity) -> None:
        self._set("customer.name", str(entity.value), entity)

    def _account(self, entity: Entity) -> None:
        self._set("customer.account", str(entity.value), entity)

    # Quantities

    def _weight(self, entity: Entity) -> None:
        amount = _quantity(entity)
        if amount.each:
            self._each = entity
        else:
            self._set("weight_kg", amount.amount, entity)

    def _volume(self, entity: Entity) -> None:
        amount = _quantity(entity)
        if amount.each:
            self._each_volume = entity
        else:
            self._set("volume_m3", amount.amount, entity)
            self._sides = entity if amount.sides else None

    def _pieces(self, entity: Entity) -> None:
        amount = _quantity(entity)
        misheard = (
            self._slot in _NUMERIC
            and self._slot != "pieces"
            and not any(e.kind in {"weight", "volume", "money"} for e in self._scene.entities)
        )
        if misheard and amount.packaging is None:
            self._set(_NUMERIC[self._slot], amount.amount, entity)
            return
        count = int(amount.amount)
        known = self._fields.get("pieces")
        also = re.search(
            r"(?:还有|加上?|另外|和|以及|、|\bplus|\band)\s*$", self._scene.text[: entity.start]
        )
        row = re.search(r"[小大][箱桶袋包件托]$", self._scene.text[: entity.start])
        if (also or row) and known and isinstance(known.value, int):
            count += known.value
        self._set("pieces", count, entity)
        if amount.packaging and "packaging" not in self._fields:
            self._set("packaging", amount.packaging, entity)

    def _money(self, entity: Entity) -> None:
        self._set("declared_value_cny", _quantity(entity).amount, entity)

    def _number(self, entity: Entity) -> None:
        """A lone number belongs to the slot that is asked for or named."""
        name = _NUMERIC.get(self._slot) or (self._sole_number() if self._corrects else None)
        value = _quantity(entity).amount
        if name is None or value <= 0:
            return
        if len(self._scene.text[entity.start : entity.end]) == 1 and re.match(
            r"[下点些批票会切样起样定般直]|共|个(?=问题|单)", self._scene.text[entity.end :]
        ):
            return
        self._set(name, int(value) if name == "pieces" and value == int(value) else value, entity)

    def _sole_number(self) -> str | None:
        """The one number that is known, which a correction without a name must be of."""
        known = [name for name in set(_NUMERIC.values()) if self._known.get(name)]
        return known[0] if len(known) == 1 else None

    def _total(self) -> None:
        """What was said of each piece, times the pieces."""
        if self._sides and "pieces" in self._fields:
            # Sides are those of a piece where pieces are counted.
            self._fields.pop("volume_m3", None)
            self._each_volume = self._sides
        for entity, name in ((self._each, "weight_kg"), (self._each_volume, "volume_m3")):
            if entity is None or name in self._fields:
                continue
            said = self._fields.get("pieces")
            pieces = said.value if said else self._known.get("pieces")
            if isinstance(pieces, int):
                self._set(name, tidy_amount(_quantity(entity).amount * pieces), entity)

    # Times

    def _moment(self, entity: Entity) -> None:
        moment = entity.value
        if not isinstance(moment, Moment):
            return
        if self._is_deadline(entity):
            self._set("deliver_by", self._kept_day(moment, "deliver_by").deadline, entity)
            return
        moment = self._kept_day(moment, "pickup_date")
        self._set("pickup_date", moment.day.isoformat(), entity)
        if moment.starts:
            self._set("pickup_start", moment.starts, entity)
            self._fields.pop("pickup_end", None)
        if moment.ends:
            self._set("pickup_end", moment.ends, entity)

    def _either(self, entity: Entity) -> None:
        """Of two moments the caller has to choose one."""
        if not isinstance(entity.value, tuple):
            return
        choices = tuple(
            {n: v for n, v in (("pickup_date", m.day.isoformat()), ("pickup_start", m.starts)) if v}
            for m in entity.value
        )
        if choices[0] != choices[1]:
            heard = self._scene.text[entity.start : entity.end]
            self._ambiguities.append(Ambiguity(name="pickup_date", heard=heard, choices=choices))

    def _kept_day(self, moment: Moment, name: str) -> Moment:
        """A time without a day belongs to the day already said or taken down."""
        said = self._fields.get(name)
        known = said.value if said else self._known.get(name)
        if not moment.implied or not isinstance(known, str):
            return moment
        day = type(moment.day).fromisoformat(known[:10])
        return Moment(day, moment.start, moment.end, moment.part)

    def _is_deadline(self, entity: Entity) -> bool:
        text = self._scene.text
        if self._scene.expectation.lang == "en":
            return self._is_deadline_en(entity)
        if _PICKED.match(text, entity.end):
            return False
        if _DELIVERED.match(text, entity.end):
            return True
        if self._slot in {"pickup", "deliver_by"} or self._slot.startswith("pickup_"):
            return self._slot == "deliver_by"
        return "pickup_date" in self._fields and not _quantityless(entity).implied

    def _is_deadline_en(self, entity: Entity) -> bool:
        text = self._scene.text
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
        return self._slot == "deliver_by" or (
            said.startswith("by ") and self._slot != "pickup" and "pickup_date" in self._fields
        )

    # Goods and the rest

    def _goods(self, entity: Entity) -> None:
        article = entity.value
        if not isinstance(article, Article) or article.denied:
            return
        good = article.good
        if good.dangerous:
            self._dangers.append(good.dangerous)
        if good.asks:
            self._asks.append(good.name)
        if self._scene.slot.startswith(("dangerous", "customer")) or not good.name:
            return
        known = self._fields.get("goods")
        if known is None or entity.confidence > known.confidence:
            self._set("goods", good.name, entity)
        elif not self._restarted(known, entity) and good.name not in str(known.value):
            self._set("goods", self._joined(known, entity, good.name), entity)

    def _joined(self, known: HeardField, entity: Entity, name: str) -> str:
        """Both goods, in the caller's words where they stand side by side."""
        text = self._scene.text
        at = text.rfind(known.heard, 0, entity.start)
        link = text[at + len(known.heard) : entity.start] if at >= 0 else "?"
        if _SIDE_BY_SIDE.fullmatch(link):
            return f"{known.value}{link}{name}"
        if _ALSO.search(text[: entity.start]):
            joint = "、" if self._scene.expectation.lang == "zh" else " and "
            return f"{known.value}{joint}{name}"
        return str(known.value)

    def _restarted(self, known: HeardField, entity: Entity) -> bool:
        at = self._scene.text.find(known.heard)
        between = self._scene.text[at + len(known.heard) : entity.start] if at >= 0 else ""
        if re.search(r"不对|不是|说错|，不|更正|\bno\b|sorry|i mean|actually", between):
            self._fields.pop("goods", None)
            self._set(
                "goods",
                entity.value.good.name if isinstance(entity.value, Article) else known.value,
                entity,
            )
            return True
        return False

    def _packaging(self, entity: Entity) -> None:
        self._set("packaging", str(entity.value), entity)

    def _choice(self, entity: Entity) -> None:
        if isinstance(entity.value, tuple):
            name, value = entity.value
            self._set(name, value, entity)

    def _remark(self, entity: Entity) -> None:
        known = self._fields.get("remarks")
        comma = "，" if self._scene.expectation.lang == "zh" else ", "
        text = f"{known.value}{comma}{entity.value}" if known else str(entity.value)
        self._set("remarks", text, entity)


def _apart(areas: Sequence[Area]) -> tuple[Area, ...]:
    """The areas without those that only a well-known place in them tells from another."""
    found: dict[tuple[str, str | None, str | None], Area] = {}
    for area in areas:
        found.setdefault((area.province, area.city, area.district), area)
    return tuple(found.values())


def _equal(one: Area, other: Area) -> bool:
    """Whether a name may well mean either: of two cities a large one is meant."""
    if one.level != other.level or one.level == 0:
        return False
    return one.level > 1 or one.large == other.large


def _quantity(entity: Entity) -> Quantity:
    return entity.value if isinstance(entity.value, Quantity) else Quantity(0)


def _quantityless(entity: Entity) -> Moment:
    if isinstance(entity.value, Moment):
        return entity.value
    raise TypeError("needs a moment")
