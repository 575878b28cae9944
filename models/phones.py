"""Telephone numbers: which of them a text message can reach."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

#: The country whose numbers are dialled without a prefix.
_HOME = "CN"
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def is_mobile(number: str | None) -> bool:
    """Whether a number in E.164 can take text messages."""
    if number is None:
        return False
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed) and (phonenumbers.number_type(parsed) in _MOBILE)


def dialled_number(digits: str) -> str | None:
    """What somebody keyed in, as E.164; None when no number begins and ends like that."""
    try:
        parsed = phonenumbers.parse(digits, _HOME)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
