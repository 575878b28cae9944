"""Telephone numbers: found digits to E.164 and back, checked by phonenumbers."""

from __future__ import annotations

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

_REGION, _CHINA = "CN", 86


def to_e164(digits: str, extension: str = "") -> str | None:
    """E.164 with `;ext=`, for a valid number; a Chinese one unless it begins with `+`.

    None for digits that are no telephone number, and for China's free service lines (800): nobody
    is reached there, they cannot be called from mobiles, and 13800138000 that lost two digits is one.
    """
    try:
        parsed = phonenumbers.parse(digits, _REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    free = phonenumbers.number_type(parsed) == PhoneNumberType.TOLL_FREE
    if free and parsed.country_code == _CHINA:
        return None
    plain = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    return f"{plain};ext={extension}" if extension else plain


def written(address: str) -> str:
    """A number as it is dialled within the country; an e-mail address as it is."""
    return address if "@" in address else national(address)


def national(e164: str) -> str:
    """The digits as dialled within the country, an extension after a hyphen."""
    plain, _, extension = e164.partition(";ext=")
    parsed = phonenumbers.parse(plain, None)
    text = phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
    digits = "".join(character for character in text if character.isdigit())
    return f"{digits}-{extension}" if extension else digits
