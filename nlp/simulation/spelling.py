"""How a simulated caller spells a name: 弓长张，江河的江, or letter by letter in English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

import yaml

from models.call import Lang
from models.fields import Value

#: Words of a question that asks for spelling.
_ASKS_ZH, _ASKS_EN = "哪几个字", "spell"
_STREET = re.compile(r"(?P<stem>.+?)(?:大道|大街|大路|路|街)\d.*")
_STREET_EN = re.compile(r"\d+ (?P<stem>\w+)")
_TOWN = re.compile(r".*镇")
#: A company is told apart by so many characters after its city.
_TOLD_APART = 3
_SPELLED = (".detail", ".name")


def asks_spelling(text: str) -> bool:
    """Whether a question asks for the spelling."""
    return _ASKS_ZH in text or _ASKS_EN in text.lower()


def spelling(about: str, values: Mapping[str, Value], lang: Lang) -> str:
    """What spells a slot's or a field's value; empty where nobody would spell it."""
    name = "customer.name" if about == "customer" else about
    value = values.get(name)
    if not isinstance(value, str) or not name.endswith(_SPELLED):
        return ""
    return _letters(name, value) if lang == "en" else _characters(name, value)


def _characters(name: str, value: str) -> str:
    if name.endswith(".detail"):
        street = _STREET.fullmatch(value)
        return "，".join(map(_by_word, _TOWN.sub("", street["stem"]))) if street else ""
    if name == "customer.name":
        own = re.sub(r"^(?:..|东莞市|深圳市)", "", value, count=1)[:_TOLD_APART]
        return "，".join(filter(None, map(_by_word, own)))
    first = _surnames().get(value[0]) or _by_word(value[0])
    return "，".join(filter(None, (first, *map(_by_word, value[1:]))))


def _letters(name: str, value: str) -> str:
    street = _STREET_EN.match(value)
    word = street["stem"] if street else value.split()[-1 if name != "customer.name" else 0]
    return " ".join(word.upper())


def _by_word(character: str) -> str:
    word = _words().get(character)
    return f"{word}的{character}" if word else ""


@lru_cache(maxsize=1)
def _examples() -> Mapping[str, str]:
    loaded = yaml.safe_load((files(__package__) / "examples.yaml").read_text("utf-8"))
    return dict(loaded)


@lru_cache(maxsize=1)
def _surnames() -> Mapping[str, str]:
    return {parts[-1]: parts for parts in _examples()["surnames"].split()}


@lru_cache(maxsize=1)
def _words() -> Mapping[str, str]:
    return {c: word for word in reversed(_examples()["words"].split()) for c in word}
