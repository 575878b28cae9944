"""What is said, in the pieces it is synthesised in (pure).

The voice makes a piece whole before its first sample can be played. What every call says
alike is spoken ahead, so an answer begins at once if its fixed beginning is a piece of its
own: "发货地是" plays while the address is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from string import Formatter
from typing import Protocol

from models.call import Lang
from nlp.dialogue.prompts import Prompts
from nlp.verbalize import clauses

#: Stands for what is filled in; in no wording.
_FILLED = "\ue000"
#: Shorter beginnings are over before anything is won by them: characters, words.
_SHORTEST: Mapping[Lang, int] = {"zh": 3, "en": 2}


class Cut(Protocol):
    """Parts a written text; the pieces joined give the text."""

    def __call__(self, text: str, lang: Lang) -> list[str]:
        """The pieces in the order in which they are spoken."""


class Phrasing:
    """Clauses, and before them the beginning that the assistant's wording fixes."""

    def __init__(self, prompts: Prompts, *, company: Mapping[Lang, str]) -> None:
        said = {lang: tuple(_said(prompts, lang, company[lang])) for lang in company}
        self._fixed = {lang: frozenset(_fixed(texts, lang)) for lang, texts in said.items()}
        self._lead_ins = {lang: _lead_ins(texts, lang) for lang, texts in said.items()}

    def cut(self, text: str, lang: Lang) -> list[str]:
        """The text in pieces; joined they give the text."""
        pieces = clauses(text, lang)
        first = pieces[0] if pieces else ""
        if first in self._fixed[lang]:
            return pieces
        lead_in = next((known for known in self._lead_ins[lang] if first.startswith(known)), "")
        rest = first.removeprefix(lead_in)
        return [lead_in, rest, *pieces[1:]] if lead_in and rest else pieces

    def fixed(self) -> Iterator[tuple[str, Lang]]:
        """Every piece that does not depend on the caller, in a stable order."""
        for lang, fixed in self._fixed.items():
            for piece in sorted(fixed.union(self._lead_ins[lang])):
                yield piece, lang


def _said(prompts: Prompts, lang: Lang, company: str) -> Iterator[str]:
    for key, wording in prompts.wordings[lang].items():
        if not key.startswith(("item.", "value.")):
            for variant in wording.variants:
                yield "".join(_filled(variant, company))


def _filled(variant: str, company: str) -> Iterator[str]:
    for fixed, name, _, _ in Formatter().parse(variant):
        yield fixed
        if name is not None:
            yield company if name == "company" else _FILLED


def _fixed(said: Sequence[str], lang: Lang) -> Iterator[str]:
    return (piece for text in said for piece in clauses(text, lang) if _FILLED not in piece)


def _lead_ins(said: Sequence[str], lang: Lang) -> list[str]:
    """What stands before the first thing filled in, within its clause; longest first."""
    found = set()
    for text in said:
        fixed, filled, _ = text.partition(_FILLED)
        if filled and fixed and _pays(begun := clauses(fixed, lang)[-1], lang):
            found.add(begun)
    return sorted(found, key=lambda lead_in: (-len(lead_in), lead_in))


def _pays(lead_in: str, lang: Lang) -> bool:
    if not lead_in.rstrip()[-1:].isalnum():
        return True  # A word and a comma are a clause of their own, however short.
    return len(lead_in if lang == "zh" else lead_in.split()) >= _SHORTEST[lang]
