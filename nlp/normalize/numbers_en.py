"""English numbers as they are spoken and written.

A number is a whole one ("twelve hundred and five", "one twenty"), with decimals behind "point",
with a share behind "and" ("two and three quarters", "two and a half thousand"), a share alone
("five eighths"), or written ("1.5k", "3 1/2", "1e3").
"""

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
} | {"fourty": 40, "ninty": 90}
_SCALES = {
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "grand": 1e3,
    "k": 1e3,
}
_DOZENS = {"dozen": 12.0, "dozens": 12.0, "score": 20.0, "gross": 144.0}
_BELOW = {
    "half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "hundredth": 100, "thousandth": 1000,
}  # fmt: skip
_SHARES = {name: 1 / below for name, below in _BELOW.items()}
_SHARES |= {f"{name}s": 1 / below for name, below in _BELOW.items() if name != "half"}
_SHARES["halves"] = 0.5
_ONES, _HUNDRED = 10, 100

_SINGLE = "|".join(_BELOW)
_PLURAL = "|".join(["halves", *(f"{name}s" for name in _BELOW if name != "half")])
_SCALE = "hundred|" + "|".join(_SCALES)
_WORD = "|".join(
    [*_SMALL, *_TENS, "hundreds?", *(f"{s}s?" for s in _SCALES), *_DOZENS, "oh", "point"]
)
_RUN = rf"(?:{_WORD})\b(?:[\s-]+(?:and\s+)?(?:{_WORD})\b)*"
_SHARE = rf"(?:(?:an?|one)[\s-]+(?:{_SINGLE})|(?:{_RUN}|\d+)[\s-]+(?:{_PLURAL}))\b"
_ADDED = rf"(?:\s+and\s+{_SHARE}(?:\s+(?:{_SCALE}|dozen)\b)?)?"
#: A run of number words or a written number; for use in other patterns.
NUMBER = (
    rf"(?:(?:minus\s+|negative\s+|(?<![\w)-])-\s?)?"
    rf"(?:(?:\d+\s+)?\d+/\d+\b(?!/)|{_SHARE}"
    rf"|(?:{_RUN}|\d+)\s+over\s+(?:{_RUN}|\d+\b)"
    rf"|\d+(?:\.\d+)?(?:e\+?\d{{1,2}}\b|\s?k\b|\s(?:{_SCALE}|dozens?|gross)\b)*{_ADDED}"
    rf"|(?:a\s+)?(?:couple|pair)(?:\s+of)?(?!\s+(?:of\s+)?(?:dozen|hundred|thousand|days|hours|weeks))"
    rf"|(?:(?:an?\s+)?(?:couple\s+of|half\s+an?)\s+(?:dozen|hundred|thousand|million)\b"
    rf"|half\s+an?\b|an?\s+(?:hundred|thousand|million|dozen|gross)\b(?:[\s-]+(?:and\s+)?(?:{_WORD})\b)*"
    rf"|{_RUN}){_ADDED}))"
)
_DIGIT_WORDS = {w: str(v) for w, v in _SMALL.items() if v < _ONES} | {"oh": "0", "o": "0"}
_REPEATS = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}
_MIXED = re.compile(
    rf"(?P<whole>.+) and (?P<share>(?:an?|one) (?:{_SINGLE})|.+ (?:{_PLURAL}))(?: (?P<scale>{_SCALE}|dozen))?"
)
_PART = re.compile(rf"(?P<above>.+) (?P<below>{_PLURAL}|{_SINGLE})")
_WRITTEN = re.compile(r"(?:(?P<whole>\d+) )?(?P<above>\d+)/(?P<below>\d+)")


def number(text: str) -> float | None:
    """The value of a number such as "fifteen hundred", "three and a half", "a dozen", "1.5k".

    None where the words make no number, and below zero.
    """
    if re.match(r"\s*(?:-|minus|negative)", text):
        return None
    text = re.sub(r"[\s-]+", " ", text.lower().replace(",", "")).strip()
    text = re.sub(r"(?<=\d)k\b", " k", text)
    text = re.sub(r"\b(?:a )?(?:couple|pair)(?: of)?\b", "two", text)
    if re.fullmatch(r"\d+(?:\.\d+)?e\+?\d{1,2}", text):
        return float(text)
    written = _WRITTEN.fullmatch(text)
    if written:
        below = int(written["below"])
        return int(written["whole"] or 0) + int(written["above"]) / below if below else None
    shared, over, sharers = text.partition(" over ")
    if over:
        parts = _whole(shared), _whole(sharers)
        return None if parts[0] is None or not parts[1] else parts[0] / parts[1]
    mixed = _MIXED.fullmatch(text)
    if mixed and (_share(mixed["share"]) or 0) < 1:
        return _mixed(mixed)
    return _share(text) or _whole(text)


def _mixed(match: re.Match[str]) -> float | None:
    """Two and three quarters; two and a half thousand."""
    share = _share(match["share"])
    scale = 1.0
    if match["scale"]:
        scale = _whole(match["scale"]) or 1.0
    elif match["whole"].endswith("dozen"):
        share = (share or 0) * _DOZENS["dozen"]
    base = _whole(match["whole"])
    return None if base is None or share is None else (base + share) * scale


def _share(text: str) -> float | None:
    """Five eighths, a half; half a thousand."""
    if text == "half":
        return 0.5
    halved = re.fullmatch(r"half(?: an?)?(?: (.+))?", text)
    if halved:
        base = _whole(halved[1]) if halved[1] else 1.0
        return None if base is None else base / 2
    part = _PART.fullmatch(text)
    if part is None:
        return None
    above = 1.0 if part["above"] in {"a", "an"} else _whole(part["above"])
    return None if above is None else above * _SHARES[part["below"]]


def _whole(text: str) -> float | None:
    words = [
        w for i, w in enumerate(text.split()) if w != "and" and (w not in {"a", "an"} or not i)
    ]
    return _pointed(words) if "point" in words else _value(words)


def _pointed(words: list[str]) -> float | None:
    at = words.index("point")
    left = _value(words[:at]) if at else 0.0
    scale = 1.0
    tail = words[at + 1 :]
    while tail and (tail[-1] in _SCALES or tail[-1] == "hundred"):
        scale *= _SCALES.get(tail.pop(), 100.0)
    right = digits(" ".join(tail))
    return None if left is None or not right else float(f"{int(left)}.{right}") * scale


def _value(words: list[str]) -> float | None:
    if len(words) > 1 and all(w in _DIGIT_WORDS for w in words):
        return float("".join(_DIGIT_WORDS[w] for w in words))
    total, current, seen = 0.0, 0.0, False
    for word in words:
        scale = _scale(word)
        value = _small(word)
        if value is not None:
            # "twelve twenty" and "nineteen fifty" are pairs of two digits.
            paired = current and value >= _ONES and current % 100 > 0
            current = current * 100 + value if paired else current + value
        elif scale == _HUNDRED:
            current = (current or 1) * _HUNDRED
        elif word in _DOZENS:
            # "Three hundred and two dozen" is 324, "three hundred dozen" 3600.
            low = current % _HUNDRED or current
            current += (low or 1) * _DOZENS[word] - low
        elif scale:
            total, current = total + (current or 1) * scale, 0.0
        elif word in {"a", "an"}:
            continue
        else:
            return None
        seen = True
    return total + current if seen else None


def _small(word: str) -> float | None:
    if re.fullmatch(r"\d+(\.\d+)?", word):
        return float(word)
    return float(_SMALL[word]) if word in _SMALL else _TENS.get(word, 0.0 if word == "oh" else None)


def _scale(word: str) -> float | None:
    plain = word.removesuffix("s")
    return float(_HUNDRED) if plain == "hundred" else _SCALES.get(plain)


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
