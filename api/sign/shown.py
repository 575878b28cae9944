"""What the page shows of an order, in words; the signed document shows the very same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from api.sign.words import LABELS
from models.call import Lang
from models.desk import SigningView
from models.fields import DangerousGood, Value
from nlp.dialogue.phrases import Phrases
from nlp.dialogue.prompts import Prompts

_PLACE = ("province", "city", "district", "detail")
#: One line each: the label's key and the fields that it shows, in the order of the readback.
LINES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("customer", ("customer.name",)),
    ("account", ("customer.account",)),
    ("mode", ("mode",)),
    ("origin", tuple(f"origin.{part}" for part in _PLACE)),
    ("consignor", ("consignor.name", "consignor.phone")),
    ("destination", tuple(f"destination.{part}" for part in _PLACE)),
    ("consignee", ("consignee.name", "consignee.phone")),
    ("goods", ("goods",)),
    ("packaging", ("packaging",)),
    ("pieces", ("pieces",)),
    ("weight", ("weight_kg",)),
    ("volume", ("volume_m3",)),
    ("pickup", ("pickup_date", "pickup_start", "pickup_end")),
    ("deliver_by", ("deliver_by",)),
    ("payment", ("payment",)),
    ("declared_value", ("declared_value_cny",)),
    ("contact", ("contact.name", "contact.phone")),
    ("remarks", ("remarks",)),
)


def describe(prompts: Prompts, view: SigningView, company: str) -> dict[str, Any]:
    """The order of a view: the company, labelled lines, and the dangerous goods declared."""
    phrases, values = Phrases(prompts, view.lang), view.order.values()
    labels = LABELS[view.lang]
    items = [
        [labels[label], _line(phrases, view.lang, label, known)]
        for label, names in LINES
        if (known := {name: values[name] for name in names if name in values})
    ]
    declared = values.get("dangerous")
    goods = declared if isinstance(declared, tuple) else ()
    return {
        "company": company,
        "items": items,
        "declared": [_good(good, view.lang) for good in goods],
    }


def _line(phrases: Phrases, lang: Lang, label: str, known: Mapping[str, Value]) -> str:
    if label in ("origin", "destination"):
        return _place([str(value) for value in known.values()])
    if label in ("pickup", "deliver_by"):
        return _times([str(value) for value in known.values()], lang)
    words = [phrases.value(name, value) for name, value in known.items()]
    return "  ".join(words)


def _place(parts: list[str]) -> str:
    """An address with its official names, in every language; 上海市 is province and city."""
    return "".join(dict.fromkeys(parts))


def _times(isos: list[str], lang: Lang) -> str:
    """A day or a span, years included: a paper is read in later years too."""
    days = list(dict.fromkeys(iso[:10] for iso in isos))
    hours = list(dict.fromkeys(iso[11:16] for iso in isos if "T" in iso))
    if len(days) > 1:
        return " – ".join(_moment(iso, lang) for iso in isos if "T" in iso or len(hours) == 0)
    return f"{_day(days[0], lang)} {'–'.join(hours)}".rstrip()


def _moment(iso: str, lang: Lang) -> str:
    return f"{_day(iso[:10], lang)} {iso[11:16]}".rstrip()


def _day(iso: str, lang: Lang) -> str:
    day = date.fromisoformat(iso)
    if lang == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {day:%B %Y}"


def _good(good: DangerousGood, lang: Lang) -> str:
    known = [
        (f"第{good.hazard_class}类" if lang == "zh" else f"class {good.hazard_class}")
        if good.hazard_class
        else "",
        good.un_number or "",
    ]
    more = ("，" if lang == "zh" else ", ").join(filter(None, known))
    if not more:
        return good.name
    return f"{good.name}（{more}）" if lang == "zh" else f"{good.name} ({more})"
