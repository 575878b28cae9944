"""What a person types into an order's field, and back (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from models.fields import FIELDS, DangerousGood, InvalidValue, Value, check

#: Numbers without a country's code are of this country.
_HOME = "CN"
#: Stands for "asked, and none declared" where dangerous goods are typed.
NONE_DECLARED = "-"
_WHOLE = frozenset({"pieces"})
_NUMBERS = frozenset({"weight_kg", "volume_m3", "declared_value_cny"})
_PARTS = re.compile(r"\s*[;；|]\s*")


def read(name: str, typed: str) -> Value | None:
    """The checked value for what was typed; None empties the field.

    Raises:
        InvalidValue: it is nothing for this field; the message says why.
    """
    text = typed.strip()
    if not text:
        return None
    return check(name, _value(name, text))


def read_all(typed: Mapping[str, str]) -> tuple[dict[str, Value], set[str], dict[str, str]]:
    """Values, fields to empty, and for each field that cannot be read what is wrong."""
    values: dict[str, Value] = {}
    empty: set[str] = set()
    problems: dict[str, str] = {}
    for name, text in typed.items():
        if name not in FIELDS:
            continue
        try:
            value = read(name, text)
        except InvalidValue as error:
            problems[name] = str(error)
            continue
        if value is None:
            empty.add(name)
        else:
            values[name] = value
    return values, empty, problems


def typed(name: str, value: Value | None) -> str:
    """What a form shows for a value; `read` takes it back."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "\n".join(map(_line, value)) or NONE_DECLARED
    if isinstance(value, float):
        return f"{value:.10g}"
    if name.endswith("phone"):
        return _shown_number(str(value))
    return str(value)


def _value(name: str, text: str) -> Value:
    if name.endswith(".phone"):
        return _number(name, text)
    if name == "dangerous":
        return _goods(text)
    if name in _WHOLE or name in _NUMBERS:
        return _amount(name, text)
    return text


def _amount(name: str, text: str) -> Value:
    plain = text.replace(",", "").replace("，", "")
    try:
        return int(plain) if name in _WHOLE else float(plain)
    except ValueError as error:
        raise InvalidValue(f"{name}: needs a number.") from error


def _number(name: str, text: str) -> str:
    try:
        parsed = phonenumbers.parse(text, _HOME)
    except NumberParseException as error:
        raise InvalidValue(f"{name}: needs a telephone number.") from error
    if not phonenumbers.is_valid_number(parsed):
        raise InvalidValue(f"{name}: there is no such telephone number.")
    plain = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    return f"{plain};ext={parsed.extension}" if parsed.extension else plain


def _shown_number(number: str) -> str:
    """As it is dialled at home, in digits; other countries' numbers stay as they are."""
    if ";" in number or not number.startswith("+86"):
        return number
    parsed = phonenumbers.parse(number)
    digits = phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
    return "".join(c for c in digits if c.isdigit())


def _goods(text: str) -> tuple[DangerousGood, ...]:
    if text == NONE_DECLARED:
        return ()
    return tuple(_good(line.strip()) for line in text.splitlines() if line.strip())


def _good(line: str) -> DangerousGood:
    name, *rest = _PARTS.split(line, maxsplit=2)
    hazard_class, un_number = (*rest, "", "")[:2]
    return DangerousGood(name, hazard_class or None, un_number.upper() or None)


def _line(good: DangerousGood) -> str:
    parts = [good.name, good.hazard_class or "", good.un_number or ""]
    return "; ".join(parts).rstrip("; ")
