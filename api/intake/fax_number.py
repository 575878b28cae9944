"""The sender's number of a fax, where only a text tells it: a file's name, a mail's subject."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from api.config import Settings
from models.errors import RuleError
from models.phones import dialled_number

#: A number after such a word: `Fax from 021-61234567`, `传真 来自 …`, `fax_02161234567_0001`.
_USUAL = r"(?:from|fax|tel|caller|传真|来自|号码)[^\d+]{0,20}(\+?\d[\d ().-]{5,20}\d)"


def number_pattern(settings: Settings) -> re.Pattern[str]:
    """The pattern whose first group is the number.

    Raises:
        RuleError: it is no pattern, or has no group.
    """
    try:
        pattern = re.compile(settings.fax_number or _USUAL, re.IGNORECASE)
    except re.error as error:
        raise RuleError(f"INTAKE_FAX_NUMBER is no regular expression: {error}.") from error
    if not pattern.groups:
        raise RuleError("INTAKE_FAX_NUMBER needs a group, in brackets: it is the number.")
    return pattern


def sender_number(settings: Settings, *texts: str) -> str:
    """The first number that a text tells, E.164; empty where none does."""
    return next(_numbers(settings, texts), "")


def _numbers(settings: Settings, texts: Iterable[str]) -> Iterator[str]:
    pattern = number_pattern(settings)
    for text in texts:
        for match in pattern.finditer(text[:1_000]):
            groups = re.split(r"[^\d+]+", (match[1] or "").strip())
            # What follows a number, such as the fax's own, may be taken along.
            for count in range(len(groups), 0, -1):
                number = dialled_number("".join(groups[:count]))
                if number is not None:
                    yield number
                    break
