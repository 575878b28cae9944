"""What a recogniser is told about the answer that is expected (pure).

A hint is text that could have stood before the answer: the question and the kinds of words
that answer it, never a whole value that could be heard where nobody said it. Measured on
seeded synthetic callers (docs/adr/0002-speech-engines.md): questions take a third of the
character errors away, single keywords make it worse, another slot's question does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from models.call import Lang
from nlp.meaning import Expectation, Vocabulary

_PLACE_ZH = "请说省市、区和街道门牌号。"
_PLACE_EN = "Please say the city, the district, the street and the number."
#: Part of a number, as digits: halves the wrong digits, and is no number if it is echoed.
_PHONE_ZH = "请问手机号码是多少？139 2204 86。"
_PHONE_EN = "What is the phone number? Digit by digit, please."

_HINTS: Mapping[str, Mapping[Lang, str]] = {
    "customer": {
        "zh": "请问贵公司叫什么名字？我们是有限公司。",
        "en": "Which company are you calling from?",
    },
    "mode": {
        "zh": "请问走空运、铁路，还是公路运输？",
        "en": "Does it go by air, by rail or by road?",
    },
    "origin": {"zh": "请问从哪里提货？" + _PLACE_ZH, "en": "Where is the pickup? " + _PLACE_EN},
    "destination": {"zh": "请问送到哪里？" + _PLACE_ZH, "en": "Where does it go? " + _PLACE_EN},
    "goods": {
        "zh": "请问是什么货物？是服装、电子产品、汽车配件、食品还是化工品？",
        "en": "What are the goods? Clothes, electronics, car parts, food or chemicals?",
    },
    "packaging": {
        "zh": "请问用什么包装？是纸箱、木箱、托盘、编织袋还是铁桶？",
        "en": "How is it packed? In cartons, crates, pallets, bags or drums?",
    },
    "pieces": {"zh": "请问一共多少件？", "en": "How many pieces are there?"},
    "weight": {
        "zh": "请问总重量是多少公斤？",
        "en": "What is the total weight in kilograms?",
    },
    "volume": {
        "zh": "请问体积是多少立方？几点几立方。",
        "en": "What is the volume in cubic meters?",
    },
    "pickup": {
        "zh": "请问什么时候提货？明天上午还是下午，几点到几点？",
        "en": "When can we pick it up? Tomorrow morning or in the afternoon?",
    },
    "deliver_by": {
        "zh": "请问最晚什么时候送到？几号，星期几？",
        "en": "When must it arrive at the latest?",
    },
    "name": {"zh": "请问姓名是什么？", "en": "What is the name?"},
    "phone": {"zh": _PHONE_ZH, "en": _PHONE_EN},
    "payment": {
        "zh": "请问运费怎么付？是月结、到付，还是现付？",
        "en": "Who pays the freight? Monthly account, collect or prepaid?",
    },
    "declared_value": {
        "zh": "请问货物声明价值是多少元？",
        "en": "What is the declared value in yuan?",
    },
    "dangerous": {
        "zh": "请问货物里有没有危险品？锂电池、油漆、酒精、喷雾、磁铁、干冰。没有。",
        "en": "Does it hold dangerous goods? Lithium batteries, paint, aerosols. No.",
    },
    "yes_no": {
        "zh": "请问对吗？是的，没错。不对，错了。",
        "en": "Is that right? Yes, that's right. No, that's wrong.",
    },
    "open": {
        "zh": "您好，货运公司，请问发什么货？我要发一批货，从哪里到哪里，多少件，多少公斤。",
        "en": "Freight desk. What do you ship, from where to where, how many, how heavy?",
    },
}

#: Other names under which the dialogue asks: flat field names, and groups of them.
_ALIASES: Mapping[str, str] = {
    "weight_kg": "weight",
    "volume_m3": "volume",
    "pickup_date": "pickup",
    "pickup_start": "pickup",
    "pickup_end": "pickup",
    "declared_value_cny": "declared_value",
    "consignor": "name",
    "consignee": "name",
    "contact": "name",
}

#: Words of the customer's own that are told, of each kind.
_MOST_WORDS = 12


def hint(expectation: Expectation) -> str:
    """The question asked and the words that may answer it; never empty."""
    told = _HINTS[topic(expectation.slot)][expectation.lang]
    words = list(_own_words(expectation))
    if not words:
        return told
    return told + ("，".join(words) + "。" if expectation.lang == "zh" else " " + ", ".join(words))


def topic(slot: str | None) -> str:
    """What a slot asks about: `open` where anything may come."""
    if slot is None:
        return "open"
    if slot in _ALIASES:
        return _ALIASES[slot]
    head, _, part = slot.partition(".")
    if part in ("phone", "name") and head != "customer":
        return part
    return head if head in _HINTS else "open"


def echoes(text: str, told: str) -> bool:
    """Whether a reading only repeats a question of the hint, as Whisper does on noise."""
    questions = re.findall(r"[^。？?.!，,]{4,}(?=[？?])", told)
    return any(_letters(question) in _letters(text) for question in questions)


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _own_words(expectation: Expectation) -> Iterator[str]:
    """The customer's words of the kind asked for."""
    vocabulary: Vocabulary = expectation.vocabulary
    kinds: Mapping[str, tuple[str, ...]] = {
        "customer": vocabulary.companies,
        "name": vocabulary.people,
        "origin": vocabulary.places,
        "destination": vocabulary.places,
        "goods": vocabulary.goods,
    }
    yield from kinds.get(topic(expectation.slot), ())[:_MOST_WORDS]
