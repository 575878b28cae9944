"""A changed wording: what makes it unfit to be said, and what makes it hard to hear (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from string import Formatter

from models.errors import RuleError

#: Longer sentences are not kept in mind by ear: characters, words. Notices are what they are.
_LONGEST = {"zh": 50, "en": 25}
_MAY_BE_LONG = "notice."


class UnfitWording(RuleError):
    """The wording cannot be said; the message tells why."""


def check(texts: Sequence[str], needed: Iterable[str]) -> tuple[str, ...]:
    """The variants in their one form.

    Args:
        needed: the names that each variant has to fill in, no others.

    Raises:
        UnfitWording: no text, a bracket that is left open, or other names.
    """
    variants = tuple(text.strip() for text in texts if text.strip())
    if not variants:
        raise UnfitWording("Write at least one wording.")
    wanted = frozenset(needed)
    for text in variants:
        if _names(text) != wanted:
            raise UnfitWording("Each wording has to fill in the same variables as before.")
    return variants


def check_recorded(variants: Sequence[str]) -> None:
    """Whether one recording can stand for the wording.

    Raises:
        UnfitWording: it fills something in, or has several variants.
    """
    if any(_names(text) for text in variants):
        raise UnfitWording(
            "A wording with variables cannot be a recording: the voice fills them in."
        )
    if len(variants) != 1:
        raise UnfitWording("A recording is of one wording: write this version with one line.")


def too_long(key: str, texts: Iterable[str], lang: str) -> bool:
    """Whether a variant is too long for the ear."""
    if key.startswith(_MAY_BE_LONG):
        return False
    return any(_length(text, lang) > _LONGEST[lang] for text in texts)


def _names(text: str) -> frozenset[str]:
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        raise UnfitWording("A brace is left open: variables are written as {name}.") from error
    if any(spec or conversion for _, name, spec, conversion in parts if name is not None):
        raise UnfitWording("A variable is a name in braces and nothing more.")
    return frozenset(name for _, name, _, _ in parts if name is not None)


def _length(text: str, lang: str) -> int:
    return len(text) if lang == "zh" else len(text.split())
