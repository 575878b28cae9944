"""What written numbers look like in either language (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

import phonenumbers

#: A pattern and what to say for it, applied in order. What is said holds no digits, so no
#: later rule sees it again.
Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]

CHINA = 86

#: Phone numbers as written in China, and E.164. A mobile's groups may be parted; a landline
#: is known by its area code, a service number by 400 or 800.
PHONE = re.compile(
    r"(?<![\w.])(?:"
    r"\+\d[\d -]{4,17}\d"
    r"|(?:86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}"
    r"|\(?0\d{2,3}\)?[- ]?\d{3,4}[- ]?\d{4}"
    r"|[48]00[- ]?\d{3,4}[- ]?\d{3,4}"
    r")(?:;ext=\d{1,6}|\s?转\s?\d{1,6})?(?!\.?\d)",
    re.ASCII,
)
DATE = re.compile(
    r"(?<!\d)(\d{4})([-/])(0?[1-9]|1[0-2])\2(3[01]|[12]\d|0?[1-9])(?:T(?=\d\d:)|(?!\d))", re.ASCII
)
CLOCK = re.compile(r"(?<![\d:])([01]?\d|2[0-4]):([0-5]\d)(?::[0-5]\d)?(?![\d:])", re.ASCII)
#: Letters and digits in one: UN3480, VI20261125-001.
CODE = r"(?<![A-Za-z\d])(?:[A-Za-z]+-?(?=\d)|\d+-?(?=[A-Za-z]))[A-Za-z\d]+(?:-[A-Za-z\d]+)*"
NUMBER = r"\d+(?:\.\d+)?"

_KEPT = frozenset("，：；！？（）…")
_THOUSANDS = re.compile(r"(?<![\d.])\d{1,3}(?:,\d{3})+(?!\d)")
_EXTENSION = re.compile(r"(?:;ext=|\s?转\s?)(\d{1,6})$")
_SHORT = 6


def plain(text: str) -> str:
    """Full-width and special forms as ASCII (１２③㎏ is 123kg), thousands without commas."""
    narrow = "".join(c if c in _KEPT else _narrow(c) for c in text)
    return _THOUSANDS.sub(lambda m: m[0].replace(",", ""), narrow)


def _narrow(char: str) -> str:
    folded = unicodedata.normalize("NFKC", char).replace("⁄", "/")
    return "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in folded)


def phone_groups(written: str) -> list[str]:
    """The digits of a phone number as people group them, the extension last.

    A number of China goes without its country code: 13800138000 gives 138 0013 8000.
    """
    extension = _EXTENSION.search(written)
    main = written[: extension.start()] if extension else written
    style = phonenumbers.PhoneNumberFormat
    try:
        number = phonenumbers.parse(main, "CN")
    except phonenumbers.NumberParseException:
        groups = fours("".join(re.findall(r"\d", main)))
    else:
        chosen = style.NATIONAL if number.country_code == CHINA else style.INTERNATIONAL
        groups = re.findall(r"\d+", phonenumbers.format_number(number, chosen))
        groups = [part for group in groups for part in fours(group)]
    return groups + ([extension[1]] if extension else [])


def fours(digits: str) -> list[str]:
    """A long digit string in groups of four; up to six digits stay together."""
    if len(digits) <= _SHORT:
        return [digits]
    return [digits[i : i + 4] for i in range(0, len(digits), 4)]


def rewrite(text: str, rules: Sequence[Rule]) -> str:
    """The text after each rule in turn."""
    for pattern, say in rules:
        text = pattern.sub(say, text)
    return text


def tidy(text: str, marks: str) -> str:
    """Letters, spaces and pauses alone: brackets, colons and dashes become a pause.

    Args:
        marks: the language's comma and full stop.
    """
    comma, stop = marks[0], marks[1]
    kept = f"{marks}!?！？、'-"
    text = re.sub(r"\s*[,，:：()（）\[\]【】<>《》/|_–—…]+\s*", f"{comma} ", text)
    text = re.sub(r"\s*[.。;；]+(?=\s|$|[^\w\s])", f"{stop} ", text)
    text = "".join(c if c.isalpha() or c.isspace() or c in kept else " " for c in text)
    text = re.sub(rf"[\s{comma}]*([{stop}!?！？])(?![A-Za-z])[\s{comma}]*", r"\1 ", text)
    text = re.sub(rf"\s*{comma}[\s{comma}]*", f"{comma} ", text).strip(f" {comma}\n\t")
    text = re.sub(r"\s+", " ", text)
    return text if comma == "," else re.sub(r"(?<=[^A-Za-z]) (?=[^A-Za-z])", "", text)
