"""An order's values as written words, in the caller's language ("16件", "11月25日14:00到16:00").

`nlp.verbalize` makes such text speakable.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import phonenumbers

from models.call import Lang
from models.fields import DangerousGood, Value
from nlp.dialogue.latin import latin
from nlp.dialogue.prompts import Prompts
from nlp.dialogue.slots import PHONES, SLOTS

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_UNITS = frozenset({"pieces", "weight_kg", "volume_m3", "declared_value_cny"})
_CODES = frozenset({"mode", "payment"})
_TIMES = frozenset({"pickup_date", "pickup_start", "pickup_end", "deliver_by"})


def national(phone: str) -> str:
    """An E.164 number as people at home write it: `13800138000`, `021-58881234`.

    Foreign numbers keep their country code.
    """
    number = phonenumbers.parse(phone)
    if number.country_code != phonenumbers.country_code_for_region("CN"):
        return phone
    digits = phonenumbers.national_significant_number(number)
    area = phonenumbers.length_of_geographical_area_code(number)
    written = f"0{digits[:area]}-{digits[area:]}" if area else digits
    return f"{written}转{number.extension}" if number.extension else written


def amount(value: float) -> str:
    """A number without needless digits: `320`, `2.5`."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


class Phrases:
    """Values in words of one language."""

    def __init__(self, prompts: Prompts, lang: Lang) -> None:
        self._prompts = prompts
        self._lang = lang

    def value(self, name: str, value: Value) -> str:
        """One field's value."""
        if name == "dangerous" and isinstance(value, tuple):
            return self.dangerous(value)
        if name in PHONES:
            return national(str(value))
        if name in _CODES:
            return self._word(f"value.{name}.{value}")
        if name in _TIMES:
            return self._time(str(value))
        if name in _UNITS and isinstance(value, int | float):
            return self._word(f"value.{name}", value=amount(value))
        return str(value)

    def of(self, target: str, values: Mapping[str, Value]) -> str:
        """A slot's or a single field's value."""
        return self.slot(target, values) if target in SLOTS else self.value(target, values[target])

    def item(self, slot: str, values: Mapping[str, Value]) -> str:
        """A slot's value as a clause of a sentence ("总重320公斤")."""
        return self._word(f"item.{slot}", value=self.slot(slot, values))

    def slot(self, name: str, values: Mapping[str, Value]) -> str:
        """All that is known of a slot, as one phrase."""
        known = {field: values[field] for field in SLOTS[name].fields if field in values}
        if name in {"origin", "destination"}:
            return self.place({field.partition(".")[2]: str(v) for field, v in known.items()})
        if name == "pickup":
            return self._window({field: str(v) for field, v in known.items()})
        if name == "customer":
            return str(known.get("customer.name", ""))
        return self.join([self.value(field, value) for field, value in known.items()])

    def place(self, parts: Mapping[str, str]) -> str:
        """An address from its `province`, `city`, `district` and `detail`."""
        names = [parts.get(part, "") for part in ("province", "city", "district", "detail")]
        kept = [n for n, before in zip(names, ["", *names], strict=False) if n and n != before]
        return "".join(kept) if self._lang == "zh" else ", ".join(map(latin, reversed(kept)))

    def dangerous(self, goods: tuple[DangerousGood, ...]) -> str:
        """The dangerous goods by name, or the word for none."""
        return self.join([good.name for good in goods]) or self._word("value.dangerous.none")

    def join(self, words: list[str]) -> str:
        """A list of words or clauses as one text."""
        return ("，" if self._lang == "zh" else ", ").join(words)

    def either(self, words: list[str]) -> str:
        """Several choices, the last one after "or"."""
        *head, last = words
        return f"{self.join(head)}{self._word('value.or')}{last}" if head else last

    def _word(self, key: str, **args: str) -> str:
        return self._prompts.render(key, lang=self._lang, args=args)[0]

    def _time(self, iso: str) -> str:
        if "T" not in iso:
            return self._date(date.fromisoformat(iso))
        moment = datetime.fromisoformat(iso)
        gap = "" if self._lang == "zh" else ", "
        return f"{self._date(moment.date())}{gap}{moment:%H:%M}"

    def _date(self, day: date) -> str:
        if self._lang == "zh":
            return f"{day.month}月{day.day}日"
        return f"{_MONTHS[day.month - 1]} {day.day}"

    def _window(self, times: Mapping[str, str]) -> str:
        start, end = times.get("pickup_start"), times.get("pickup_end")
        first = start or times.get("pickup_date") or end
        if first is None:
            return ""
        if start is None or end is None or start == end:
            return self._time(first)
        same_day = start[:10] == end[:10]
        until = f"{datetime.fromisoformat(end):%H:%M}" if same_day else self._time(end)
        return f"{self._time(start)}{self._word('value.until')}{until}"
