"""Mandarin names in an English sentence, said the way an English speaker in China says them.

Neither a pronouncing dictionary nor letter rules know that Chaoyang begins as "chow" does. The
sounds follow the English approximations of Hanyu Pinyin (Wikipedia, "Pinyin", table of initials
and finals), in Kokoro's American phonemes.
"""

from __future__ import annotations

from collections.abc import Mapping

from nlp.pinyin import syllables_of

_INITIALS: Mapping[str, str] = {
    "zh": "ʤ", "ch": "ʧ", "sh": "ʃ", "b": "b", "p": "p", "m": "m", "f": "f", "d": "d", "t": "t",
    "n": "n", "l": "l", "g": "ɡ", "k": "k", "h": "h", "j": "ʤ", "q": "ʧ", "x": "ʃ", "r": "ɹ",
    "z": "dz", "c": "ts", "s": "s", "y": "j", "w": "w",
}  # fmt: skip
#: Finals as what glides into the vowel, and the rest; the stress stands between the two.
_FINALS: Mapping[str, tuple[str, str]] = {
    "iang": ("j", "ɑŋ"), "iong": ("j", "ʊŋ"), "uang": ("w", "ɑŋ"), "iao": ("j", "W"),
    "ian": ("j", "ɛn"), "ing": ("", "iŋ"), "uai": ("w", "I"), "uan": ("w", "ɑn"),
    "ang": ("", "ɑŋ"), "eng": ("", "ʌŋ"), "ong": ("", "ʊŋ"), "ia": ("j", "ɑ"), "ie": ("j", "ɛ"),
    "iu": ("j", "O"), "in": ("", "in"), "ua": ("w", "ɑ"), "uo": ("w", "ɔ"), "ui": ("w", "A"),
    "un": ("w", "ən"), "ue": ("w", "ɛ"), "ai": ("", "I"), "ei": ("", "A"), "ao": ("", "W"),
    "ou": ("", "O"), "an": ("", "ɑn"), "en": ("", "ən"), "er": ("", "ɑɹ"), "a": ("", "ɑ"),
    "o": ("", "ɔ"), "e": ("", "ʌ"), "i": ("", "i"), "u": ("", "u"),
}  # fmt: skip
#: Where letters are not what they are elsewhere, by how the syllable begins.
_OTHERWISE: Mapping[str, tuple[str, str]] = {
    "zhi": ("ʤ", "ɜɹ"), "chi": ("ʧ", "ɜɹ"), "shi": ("ʃ", "ɜɹ"), "ri": ("ɹ", "ɜɹ"),
    "zi": ("dz", "ʊ"), "ci": ("ts", "ʊ"), "si": ("s", "ʊ"), "yi": ("", "i"), "yin": ("", "in"),
    "ying": ("", "iŋ"), "yu": ("j", "u"), "yue": ("jw", "ɛ"), "yuan": ("jw", "ɛn"),
    "yun": ("j", "un"), "yan": ("j", "ɛn"), "ye": ("j", "ɛ"), "wu": ("w", "u"),
    "juan": ("ʤw", "ɛn"), "quan": ("ʧw", "ɛn"), "xuan": ("ʃw", "ɛn"), "jun": ("ʤ", "un"),
    "qun": ("ʧ", "un"), "xun": ("ʃ", "un"), "bo": ("bw", "ɔ"), "po": ("pw", "ɔ"),
    "mo": ("mw", "ɔ"), "fo": ("fw", "ɔ"),
}  # fmt: skip


def spoken(word: str) -> str | None:
    """The phonemes of a name in Pinyin without tone marks; None for any other word."""
    syllables = syllables_of(word) if word[:1].isupper() else ()
    if not syllables:
        return None
    *before, last = (_sounds(syllable) for syllable in syllables)
    return "".join(f"{glide}ˌ{rest}" for glide, rest in before) + f"{last[0]}ˈ{last[1]}"


def _sounds(syllable: str) -> tuple[str, str]:
    """What comes before a syllable's stress, and what after it."""
    if syllable in _OTHERWISE:
        return _OTHERWISE[syllable]
    onset = next((initial for initial in _INITIALS if syllable.startswith(initial)), "")
    glide, rest = _FINALS[syllable.removeprefix(onset)]
    return _INITIALS.get(onset, "") + glide, rest
