"""Words in Pinyin without tones, taken apart."""

from __future__ import annotations

import re

_ONSET = "zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]"
_RHYME = (
    "iang|iong|uang|iao|ian|ing|uai|uan|ang|eng|ong|ia|ie|iu|in|ua|uo|ui|un|ue|ai|ei|ao|ou|an|en"
    "|er|a|o|e|i|u"
)
_BARE = "ang|eng|ai|ei|ao|ou|an|en|er|a|o|e"
#: Inside a word a syllable begins with a consonant or behind an apostrophe (GB/T 16159, 6.1).
_FULL = rf"(?:{_ONSET})(?:{_RHYME})"
_WORD = re.compile(rf"(?:{_FULL}|{_BARE})(?:{_FULL}|'(?:{_BARE}))*")
_NEXT = re.compile(rf"'?((?:{_ONSET})?(?:{_RHYME}))(?=(?:{_FULL}|'(?:{_BARE}))*$)")


def syllables_of(word: str) -> tuple[str, ...]:
    """The syllables of a word in Pinyin without tones, in small letters; none of another word."""
    letters = word.lower().replace("ü", "u").replace("’", "'")
    if not _WORD.fullmatch(letters):
        return ()
    syllables = []
    while letters and (match := _NEXT.match(letters)):
        syllables.append(match[1])
        letters = letters[match.end() :]
    return tuple(syllables) if not letters else ()
