"""How a simulated caller words values and answers, in varied ways (chance comes as argument)."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files

import yaml

from models.call import Lang
from models.fields import Value
from nlp.dialogue.phrases import Phrases, amount, national
from nlp.dialogue.prompts import Prompts
from nlp.dialogue.slots import PHONES, SLOTS
from nlp.verbalize import verbalize

_NEAR = {"zh": ("今天", "明天", "后天"), "en": ("today", "tomorrow", "the day after tomorrow")}
_NOON, _EVENING, _HALF = 12, 18, 30
#: How often a caller leaves the province out, and says "tomorrow" for a date.
_NO_PROVINCE, _BY_NEARNESS = 0.5, 0.7


@lru_cache(maxsize=1)
def prompts() -> Prompts:
    """The product's wordings; reading them takes longer than a simulated call."""
    return Prompts.load()


@lru_cache(maxsize=2)
def _templates(lang: Lang) -> Mapping[str, list[str]]:
    loaded = yaml.safe_load((files(__package__) / f"words_{lang}.yaml").read_text("utf-8"))
    return dict(loaded)


class Words:
    """One caller's way of speaking.

    Args:
        today: the day of the call, for "tomorrow".
        spoken: share of values said as words instead of digits, 0 to 1: recognisers write both.
    """

    def __init__(self, lang: Lang, rng: random.Random, *, today: date, spoken: float = 0.5) -> None:
        self._lang = lang
        self._rng = rng
        self._today = today
        self._spoken = spoken
        self._templates = _templates(lang)
        self._phrases = Phrases(prompts(), lang)

    def say(self, key: str, **args: str) -> str:
        """One of the wordings of `key`."""
        return self._rng.choice(self._templates[key]).format(**args)

    def item(self, about: str, values: Mapping[str, Value]) -> str:
        """A slot or a field in a clause: "总重320公斤"."""
        key = f"item.{about}"
        if key not in self._templates:
            key = f"item.{SLOTS[about].fields[0]}"
        return self.say(key, value=self.value(about, values))

    def value(self, about: str, values: Mapping[str, Value]) -> str:
        """A slot's or a field's value alone."""
        text = self._value(about, values)
        return verbalize(text, self._lang) if self._rng.random() < self._spoken else text

    def join(self, clauses: list[str]) -> str:
        """Clauses said one after another."""
        return ("，" if self._lang == "zh" else ", ").join(clauses)

    def _value(self, about: str, values: Mapping[str, Value]) -> str:
        if about in {"origin", "destination"}:
            return self._place(about, values)
        if about == "pickup":
            return self._window(values)
        fields = SLOTS[about].fields if about in SLOTS else (about,)
        known = [self._field(name, values[name]) for name in fields if name in values]
        return self.join([text for text in known if text])

    def _field(self, name: str, value: Value) -> str:
        if name == "customer.account":
            return ""
        if name in PHONES:
            return national(str(value)).replace("-", "")
        if (coded := f"value.{name}.{value}") in self._templates:
            return self.say(coded)
        if (counted := f"value.{name}") in self._templates and isinstance(value, int | float):
            return self.say(counted, value=amount(value))
        return self._phrases.value(name, value)

    def _place(self, place: str, values: Mapping[str, Value]) -> str:
        parts = {
            name.partition(".")[2]: str(value)
            for name, value in values.items()
            if name.startswith(f"{place}.")
        }
        if self._rng.random() < _NO_PROVINCE:
            parts.pop("province", None)
        return self._phrases.place(parts)

    def _window(self, values: Mapping[str, Value]) -> str:
        start, end = values.get("pickup_start"), values.get("pickup_end")
        first = str(start or values.get("pickup_date"))
        day = self._day(date.fromisoformat(first[:10]))
        if start is None:
            return day
        from_hour = self._hour(str(start))
        if self._lang == "zh":
            return f"{day}{from_hour}" + (f"到{self._hour(str(end), first)}" if end else "")
        return f"{day} " + (
            f"from {from_hour} to {self._hour(str(end))}" if end else f"at {from_hour}"
        )

    def _day(self, day: date) -> str:
        ahead = (day - self._today).days
        if 0 <= ahead < len(_NEAR[self._lang]) and self._rng.random() < _BY_NEARNESS:
            return _NEAR[self._lang][ahead]
        if self._lang == "zh":
            return f"{day.month}月{day.day}号"
        return f"{day:%B} {day.day}"

    def _hour(self, iso: str, start: str = "") -> str:
        moment = datetime.fromisoformat(iso)
        hour, minute = moment.hour, moment.minute
        if self._lang == "en":
            half = "a.m." if hour < _NOON else "p.m."
            return f"{hour % 12 or 12}{f':{minute:02}' if minute else ''} {half}"
        part = _part(hour)
        named = "" if start and _part(int(start[11:13])) == part else part
        clock = hour if hour <= _NOON else hour - _NOON
        return f"{named}{clock}点" + ("半" if minute == _HALF else f"{minute}分" if minute else "")


def _part(hour: int) -> str:
    return (
        "上午"
        if hour < _NOON
        else "中午"
        if hour == _NOON
        else "下午"
        if hour < _EVENING
        else "晚上"
    )
