"""Text to the phonemes that Kokoro was trained on (Mandarin and American English).

Both languages come from misaki, Kokoro's own front end: its Mandarin converter, and its
English pronouncing dictionaries, read as data. Its English converter itself would fetch a
spaCy model at run time. A word in no dictionary is asked of the espeak-ng program where
that is installed, else spelled.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
import subprocess
import threading
from collections.abc import Mapping
from functools import cached_property, lru_cache
from importlib.resources import files

from misaki.zh import ZHG2P

from models.call import Lang
from voice.synthesizers.pinyin_english import spoken as pinyin

_LATIN = re.compile(r"[A-Za-z]+(?:['’ -]*[A-Za-z]+)*")
_ENGLISH = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*|[,.!?;:—…]")
_VOWELS = frozenset("AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻ")

#: Unstressed forms of words that the dictionaries give in full.
_WEAK: Mapping[str, str] = {"a": "ɐ", "an": "ɐn", "the": "ðə", "to": "tə"}
_BEFORE_VOWEL: Mapping[str, str] = {"the": "ði", "to": "tʊ"}

#: espeak-ng's symbols (`--ipa --tie=^`, American English) as Kokoro writes them; longer first.
#: The correspondence is misaki's EspeakFallback.
_FROM_ESPEAK: tuple[tuple[str, str], ...] = (
    ("ʔˌn\u0329", "ʔn"),
    ("ʔn\u0329", "ʔn"),
    ("a^ɪ", "I"),
    ("a^ʊ", "W"),
    ("d^ʒ", "ʤ"),
    ("e^ɪ", "A"),
    ("t^ʃ", "ʧ"),
    ("ɔ^ɪ", "Y"),
    ("o^ʊ", "O"),
    ("ə^l", "ᵊl"),
    ("ʲo", "jo"),
    ("ʲə", "jə"),
    ("ʲ", ""),
    ("e", "A"),
    ("r", "ɹ"),
    ("x", "k"),
    ("ç", "k"),
    ("ɐ", "ə"),
    ("ɚ", "əɹ"),
    ("ɬ", "l"),
    ("\u0303", ""),
    ("ɜːɹ", "ɜɹ"),
    ("ɜː", "ɜɹ"),
    ("ɪə", "iə"),
    ("ː", ""),
    ("o", "ɔ"),
    ("ɾ", "T"),
    ("ʔ", "t"),
    ("^", ""),
)

_ESPEAK_S = 10.0


class Phonemes:
    """Phonemes of a clause in either language; dictionaries load on first use."""

    def __init__(self) -> None:
        self._loading = threading.Lock()

    def of(self, clause: str, lang: Lang) -> str:
        """The clause in Kokoro's phonemes. Latin words in Mandarin are read in English."""
        with self._loading:
            return self._mandarin(clause) if lang == "zh" else self.english(clause)

    def english(self, text: str) -> str:
        """American English; digits and other symbols are passed over."""
        tokens = _ENGLISH.findall(text.replace("’", "'"))
        spoken: list[str] = []
        following = ""
        for token in reversed(tokens):
            following = token if not token[0].isalpha() else self._in_context(token, following)
            spoken.append(following)
        joined = " ".join(reversed(spoken))
        return re.sub(r" ([,.!?;:])", r"\1", joined)

    def _mandarin(self, clause: str) -> str:
        pieces = []
        end = 0
        for match in _LATIN.finditer(clause):
            pieces += [self._han(clause[end : match.start()]), self.english(match.group())]
            end = match.end()
        pieces.append(self._han(clause[end:]))
        return " ".join(piece for piece in pieces if piece)

    def _han(self, text: str) -> str:
        return str(self._zh(text)[0]) if text.strip() else ""

    def _in_context(self, word: str, following: str) -> str:
        weak = word.lower()
        before_vowel = following.lstrip("ˈˌ")[:1] in _VOWELS and following != ""
        if before_vowel and weak in _BEFORE_VOWEL:
            return _BEFORE_VOWEL[weak]
        if weak in _WEAK and (word == weak or word.istitle()) and word != "A":
            return _WEAK[weak]
        return self._word(word)

    def _word(self, word: str) -> str:
        """From the dictionary, by its stem, as Pinyin, from espeak-ng, or spelled."""
        for form in (word, word.lower(), word.capitalize()):
            if form in self._dictionary:
                return self._dictionary[form]
        if word.isupper():
            return self._spelled(word)
        return self._inflected(word) or pinyin(word) or _espeak(word) or self._spelled(word)

    def _inflected(self, word: str) -> str | None:
        stem = re.fullmatch(r"(.+?)(?:'s|s)", word)
        if stem is None:
            return None
        for form in (stem[1], stem[1].lower(), stem[1].capitalize()):
            if form in self._dictionary:
                return _plural(self._dictionary[form])
        return None

    def _spelled(self, word: str) -> str:
        return " ".join(self._dictionary[letter] for letter in word.upper() if letter.isalpha())

    @cached_property
    def _zh(self) -> ZHG2P:
        logging.getLogger("jieba").setLevel(logging.WARNING)
        return ZHG2P()

    @cached_property
    def _dictionary(self) -> Mapping[str, str]:
        """Word to phonemes: misaki's checked list over its unchecked one."""
        folder = files("misaki") / "data"
        merged: dict[str, str] = {}
        for name in ("us_silver.json", "us_gold.json"):
            for word, sound in json.loads((folder / name).read_text(encoding="utf-8")).items():
                best = sound["DEFAULT"] if isinstance(sound, dict) else sound
                if best:
                    merged[word] = best
        return merged


def _plural(stem: str) -> str:
    """The stem with the English ending -s or 's."""
    if stem[-1] in "ptkfθ":
        return stem + "s"
    return stem + ("ᵻz" if stem[-1] in "szʃʒʧʤ" else "z")


@lru_cache(maxsize=1000)
def _espeak(word: str) -> str | None:
    """What the espeak-ng program says, None where it is not installed or fails."""
    program = shutil.which("espeak-ng")
    if program is None:
        return None
    command = [program, "-q", "--ipa", "--tie=^", "-v", "en-us", "--", word]
    try:
        result = subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=_ESPEAK_S
        )
    except (subprocess.SubprocessError, OSError):
        return None
    phonemes = " ".join(result.stdout.split())
    for theirs, ours in _FROM_ESPEAK:
        phonemes = phonemes.replace(theirs, ours)
    return re.sub(r"(\S)\u0329", r"ᵊ\1", phonemes) or None
