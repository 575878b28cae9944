"""Written text to words that a synthesizer can say (pure).

A synthesizer reads 13800138000 as an amount and `kg` as letters, so that it sees neither:
`verbalize` gives words alone, `clauses` cuts the written text into pieces to synthesise.
"""

from __future__ import annotations

from models.call import Lang
from nlp.verbalize.clauses import clauses
from nlp.verbalize.en import speak as speak_english
from nlp.verbalize.zh import speak as speak_mandarin

__all__ = ["clauses", "verbalize"]


def verbalize(text: str, lang: Lang) -> str:
    """The text as words and plain punctuation: no digit, unit sign, symbol or bracket.

    Latin letters that are spelled stand apart ("U N 三四八零"). A comma marks a short pause,
    as between the groups of a phone number.
    """
    return speak_mandarin(text) if lang == "zh" else speak_english(text)
