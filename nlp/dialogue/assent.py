"""When a yes is a yes to everything that was read out."""

from __future__ import annotations

from nlp.meaning import Intent, Understanding

#: A yes is short. What is longer says something more, even if it could not be understood.
_CHARACTERS, _WORDS = 5, 6


def plain_yes(meaning: Understanding) -> bool:
    """Whether an answer is a yes and nothing else.

    "对，不过…", "还有，…" and a damaged "不对" in front of words that were not understood must
    not confirm an order.
    """
    more = meaning.disputed or meaning.ambiguities or meaning.intent is Intent.CORRECT
    return meaning.polarity == "yes" and not more and _short(meaning)


def _short(meaning: Understanding) -> bool:
    if meaning.lang == "en":
        return len(meaning.text.split()) <= _WORDS
    return sum(character.isalnum() for character in meaning.text) <= _CHARACTERS
