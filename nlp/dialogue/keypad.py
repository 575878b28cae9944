"""What keyed digits mean as an answer to the question that was asked (pure)."""

from __future__ import annotations

import phonenumbers

from models.fields import Mode, Payment, Value
from nlp.dialogue.memory import Question
from nlp.dialogue.slots import PHONES
from nlp.meaning import HeardField, Intent, Understanding

#: Which choices the keys 1, 2, ... stand for.
CHOICES: dict[str, tuple[str, ...]] = {
    "mode": tuple(mode.value for mode in Mode),
    "payment": tuple(payment.value for payment in Payment),
}

_YES_NO_SLOTS = frozenset({"confirm", "yes_no", "more", "dangerous"})
_FIELDS = {
    "weight": "weight_kg",
    "volume": "volume_m3",
    "declared_value": "declared_value_cny",
    "consignee": "consignee.phone",
    "consignor": "consignor.phone",
    "contact": "contact.phone",
}

_YES_NO: dict[str, Understanding] = {
    "1": Understanding(intent=Intent.CONFIRM, polarity="yes", text="1"),
    "2": Understanding(intent=Intent.DENY, polarity="no", text="2"),
}


def phone(digits: str) -> str | None:
    """E.164 for digits keyed in China, or None when they are no telephone number."""
    try:
        number = phonenumbers.parse(digits, "CN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def understood(question: Question, keys: str) -> Understanding | None:
    """The answer in keys, or None when it fits no answer to the question."""
    if keys == "*":
        return Understanding(intent=Intent.REPEAT, text=keys)
    if keys == "0" and question.keys != 0:
        return Understanding(intent=Intent.AGENT, text=keys)
    number = phone(keys)
    if question.slot == "mobile" and number is not None:
        return _answer("contact.phone", number, keys)
    if question.choices and question.about.startswith("choose."):
        chosen = int(keys) - 1 if keys.isdecimal() else -1
        fits = 0 <= chosen < len(question.choices)
        return Understanding(intent=Intent.OTHER, text=question.choices[chosen]) if fits else None
    if question.patience == "yes_no" or question.slot in _YES_NO_SLOTS:
        return _YES_NO.get(keys)
    if question.slot == "count":
        return Understanding(intent=Intent.OTHER, text=keys) if keys.isdecimal() else None
    field = _FIELDS.get(question.slot, question.slot)
    value = _value(field, keys)
    return None if value is None else _answer(field, value, keys)


def _answer(field: str, value: Value, keys: str) -> Understanding:
    heard = HeardField(name=field, value=value, heard=keys, confidence=1.0)
    return Understanding(intent=Intent.ORDER, fields=(heard,), text=keys)


def _value(field: str, keys: str) -> Value | None:
    if not keys.isdecimal():
        return None
    if field in PHONES:
        return phone(keys)
    if choices := CHOICES.get(field):
        return choices[int(keys) - 1] if 0 < int(keys) <= len(choices) else None
    if field in {"pieces", "weight_kg", "volume_m3", "declared_value_cny"} and int(keys) > 0:
        return int(keys)
    return None
