"""English numbers as they are spoken."""

from __future__ import annotations

import re

_SMALL = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * (place + 2)
    for place, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())
}
_SCALES = {
    "hundred": 100.0,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "grand": 1e3,
    "k": 1e3,
}
_FRACTIONS = {"half": 0.5, "quarter": 0.25, "third": 1 / 3}
_DOZENS = {"dozen": 12.0}
_PARTS = {"half": 0.5, "halves": 0.5, "third": 1 / 3, "thirds": 1 / 3, "quarter": 0.25,
          "quarters": 0.25, "fifths": 0.2, "tenths": 0.1}  # fmt: skip
_SHARE = "halves|thirds?|quarters?|fifths|tenths"
_FRACTION = re.compile(
    rf"(?:(?P<whole>.+?) and )?(?P<above>an?|one|two|three|four|five|seven|nine) (?P<below>{_SHARE})"
    r"|(?:(?P<written>\d+) )?(?P<over>\d+)/(?P<under>\d+)"
    r"|(?P<base>.+?) and (?:a|one) (?P<part>half|quarter) (?P<scale>hundred|thousand|million)"
)
_ONES = 10

_WORD = "|".join([*_SMALL, *_TENS, *_SCALES, "dozen", "oh", "point"])
#: A run of number words or a written number; for use in other patterns.
NUMBER = (
    rf"(?:(?:\d+\s)?\d+/\d+\b|(?:one|two|three|four|five|seven|nine|a) (?:{_SHARE})\b"
    rf"|\d+(?:\.\d+)?(?:\s?k\b|\s(?:hundred|thousand|million|billion|grand|dozen)\b)*"
    rf"(?:\s+and\s+an?\s+(?:half|quarter))?"
    rf"|(?:a\s+)?(?:couple|pair)(?:\s+of)?(?!\s+(?:of\s+)?(?:dozen|hundred|thousand|days|hours|weeks))"
    rf"|(?:(?:an?\s+)?(?:couple\s+of|half\s+a)\s+(?:dozen|hundred|thousand)"
    rf"|half\s+an?|an?\s+(?:hundred|thousand|million|dozen)|(?:{_WORD}))\b"
    rf"(?:(?:[\s-]+(?:and\s+)?(?:{_WORD})\b)*)(?:\s+and\s+an?\s+(?:half|quarter)(?:\s+(?:hundred|thousand|million))?)?)"
)
_DIGIT_WORDS = {w: str(v) for w, v in _SMALL.items() if v < _ONES} | {"oh": "0", "o": "0"}
_REPEATS = {"double": 2, "triple": 3, "treble": 3}


def number(text: str) -> float | None:
    """The value of a number such as "fifteen hundred", "three and a half", "a dozen", "1.5k".

    None where the words make no number.
    """
    text = text.lower().replace(",", "").replace("-", " ")
    text = re.sub(r"(?<=\d)k\b", " k", text)
    fraction = _FRACTION.fullmatch(text)
    if fraction:
        return _of_parts(fraction)
    text = re.sub(r"\b(?:a )?(?:couple|pair)(?: of)?\b", "two", text)
    whole, added = _fraction(text.split())
    if not whole:
        return added or None
    if "point" in whole:
        return _pointed(whole)
    value = _value(whole)
    return None if value is None else value + added


def _of_parts(match: re.Match[str]) -> float | None:
    """Three quarters, 3 1/2, two and a half thousand."""
    if match["over"]:
        under = int(match["under"])
        return int(match["written"] or 0) + int(match["over"]) / under if under else None
    if match["base"]:
        base = number(match["base"])
        return None if base is None else (base + _PARTS[match["part"]]) * _SCALES[match["scale"]]
    whole = number(match["whole"]) if match["whole"] else 0.0
    above = 1.0 if match["above"] in {"a", "an"} else float(_SMALL[match["above"]])
    return None if whole is None else whole + above * _PARTS[match["below"]]


def _fraction(words: list[str]) -> tuple[list[str], float]:
    """Splits "three and a half" and "half a" from the whole number."""
    if words and words[-1] in _FRACTIONS:
        rest = [w for w in words[:-1] if w not in {"and", "a", "an"}]
        return rest, _FRACTIONS[words[-1]]
    if words[:1] == ["half"]:
        scale = [w for w in words[1:] if w not in {"a", "an"}]
        base = _value(["one", *scale]) if scale else 1.0
        return [], 0.5 * (base or 1.0)
    return [w for w in words if w not in {"and", "a", "an"} or w == words[0]], 0.0


def _pointed(words: list[str]) -> float | None:
    at = words.index("point")
    left = _value(words[:at]) if at else 0.0
    scale = 1.0
    tail = words[at + 1 :]
    while tail and tail[-1] in _SCALES:
        scale *= _SCALES[tail.pop()]
    right = digits(" ".join(tail))
    return None if left is None or not right else float(f"{int(left)}.{right}") * scale


def _value(words: list[str]) -> float | None:
    if len(words) > 1 and all(w in _DIGIT_WORDS for w in words):
        return float("".join(_DIGIT_WORDS[w] for w in words))
    total, current, seen = 0.0, 0.0, False
    for word in words:
        if re.fullmatch(r"\d+(\.\d+)?", word):
            current += float(word)
        elif word in _SMALL or word in _TENS:
            value = _SMALL.get(word, _TENS.get(word, 0))
            # "twelve twenty" and "nineteen fifty" are pairs of two digits.
            paired = current and value >= _ONES and current % 100 > 0
            current = current * 100 + value if paired else current + value
        elif word == "hundred":
            current = (current or 1) * 100
        elif word in _SCALES:
            total, current = total + (current or 1) * _SCALES[word], 0.0
        elif word in _DOZENS:
            current = (current or 1) * _DOZENS[word]
        elif word in {"a", "an"}:
            current = current or 0
            continue
        else:
            return None
        seen = True
    return total + current if seen else None


def digits(text: str) -> str | None:
    """Spoken digits as written ones ("one double seven" is "177"); None for anything else."""
    found: list[str] = []
    times = 1
    tens = rf"\b({'|'.join(_TENS)})[ -]({'|'.join(_DIGIT_WORDS)})\b"
    joined = re.sub(tens, lambda m: str(_TENS[m[1]] + int(_DIGIT_WORDS[m[2]])), text.lower())
    for word in joined.replace("-", " ").split():
        if word in _REPEATS:
            times = _REPEATS[word]
            continue
        piece = word if word.isdigit() else _spoken_piece(word)
        if piece is None:
            return None
        found.append(piece * times)
        times = 1
    return "".join(found) or None


def _spoken_piece(word: str) -> str | None:
    if word in _DIGIT_WORDS:
        return _DIGIT_WORDS[word]
    value = _SMALL.get(word, _TENS.get(word))
    return None if value is None else str(value)
