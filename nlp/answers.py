"""Yes or no, intents and wishes, from tidy text (pure). The words are in `gazetteer/answers.txt`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from models.call import Lang
from nlp.meaning import Intent, Polarity, Wish

#: A yes that opens an answer is the answer, unless the rest takes it back.
_EN_OPENS = re.compile(
    r"^(?:oh |well,? |um,? |and )?(?:yes|yeah|yep|yup|sure|correct|agreed|ok(?:ay)?)\b[.,!;… -]+(?P<rest>.+)"
)
_SECTION = re.compile(r"\[(?P<lang>zh|en) (?P<kind>[a-z_.]+)\]")


@dataclass(frozen=True, slots=True)
class _Words:
    """One language's patterns; intents and wishes in the order in which they are tried."""

    no_answer: re.Pattern[str]
    yes_despite_no: re.Pattern[str]
    no: re.Pattern[str]
    yes: re.Pattern[str]
    takes_back: re.Pattern[str] | None
    intents: tuple[tuple[Intent, re.Pattern[str]], ...]
    wishes: tuple[tuple[Wish, re.Pattern[str]], ...]


def polarity(text: str, lang: Lang) -> Polarity | None:
    """Yes or no, or None where the text answers no yes/no question."""
    if lang == "en" or text.isascii():
        return _in_english(text.lower().replace("’", "'"))
    words = _words("zh")
    return _polarity(words.no_answer.sub("＿", text), words)


def _in_english(text: str) -> Polarity | None:
    words = _words("en")
    plain = words.no_answer.sub("_", text)
    opens = _EN_OPENS.match(plain)
    if opens and words.takes_back:
        rest = words.yes_despite_no.sub("_", opens["rest"])
        if not words.takes_back.search(rest):
            return "yes"
    return _polarity(plain, words)


def _polarity(text: str, words: _Words) -> Polarity | None:
    kept = words.yes_despite_no.sub("＿", text)
    if words.no.search(kept):
        return "no"
    return "yes" if kept != text or words.yes.search(text) else None


def intent(text: str, lang: Lang) -> Intent | None:
    """A wish that stands by itself (a person, again, cancel, where is it), or None."""
    return next((i for i, pattern in _words(lang).intents if pattern.search(text)), None)


def wish(text: str, lang: Lang) -> Wish | None:
    """The finer wish, or None."""
    return next((w for w, pattern in _words(lang).wishes if pattern.search(text)), None)


@lru_cache(maxsize=2)
def _words(lang: Lang) -> _Words:
    found = {kind: re.compile("|".join(lines)) for kind, lines in _sections(lang).items()}
    named = [kind.partition(".")[::2] for kind in found]
    return _Words(
        no_answer=found["no_answer"],
        yes_despite_no=found["yes_despite_no"],
        no=found["no"],
        yes=found["yes"],
        takes_back=found.get("takes_back"),
        intents=tuple((Intent(n), found[f"intent.{n}"]) for of, n in named if of == "intent"),
        wishes=tuple((Wish(n), found[f"wish.{n}"]) for of, n in named if of == "wish"),
    )


def _sections(lang: Lang) -> dict[str, list[str]]:
    """The lines of a language's sections, by kind."""
    sections: dict[str, list[str]] = defaultdict(list)
    kind = ""
    for line in _lines():
        head = _SECTION.fullmatch(line)
        if head:
            kind = head["kind"] if head["lang"] == lang else ""
        elif kind:
            sections[kind].append(line)
    return sections


def _lines() -> Iterator[str]:
    text = files("nlp.gazetteer").joinpath("answers.txt").read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))
