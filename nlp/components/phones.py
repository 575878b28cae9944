"""Finds telephone numbers, spoken or written, with extensions. Values: E.164 texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from nlp.components.scene import Entity, Scene
from nlp.normalize import numbers_en, numbers_zh
from nlp.normalize.phones import to_e164

_D = numbers_zh.DIGIT.replace("\\d", "0-9")
_RUN_ZH = re.compile(
    rf"(?:\+|加)?(?:[48四八]百(?=[{_D}-]))?(?:(?:双(?=[{_D}]))?[{_D}](?:个(?=[{_D}]))?[-—，、 的()]{{0,2}}){{6,}}"
)
_EXTENSION_ZH = re.compile(
    rf"[，\s]*(?:转接?(?:分机)?号?|分机号?码?是?|-|#)\s*([{_D}]{{1,6}})(?![{_D}])"
)
_TIMES_ZH = re.compile(rf"(?:([两二三四五六])个|双)([{_D}])")
_HUNDREDS_ZH = re.compile(r"([48四八])百")
_WORD_EN = (
    r"(?:\d[\d-]*|zero|oh|o|one|two|three|four|five|six|seven|eight|nine|double|triple|treble"
    r"|ten|[a-z]+teen|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|hundred|thousand)"
)
_TENS_EN = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES_EN = "one|two|three|four|five|six|seven|eight|nine"
_PIECE_EN = re.compile(
    rf"(?:{_TENS_EN})[ -](?:{_ONES_EN})\b|(?:{_ONES_EN}) (?:hundred|thousand)\b|[a-z]+|\d+|\+"
)
_RUN_EN = re.compile(rf"(?:\+|\bplus |\()?\b{_WORD_EN}(?:[\s,()-]+{_WORD_EN})*\b")
_EXTENSION_EN = re.compile(
    rf"[\s,]*(?:and\s+)?(?:extension(?: number)?|ext\.?|x)\s*({_WORD_EN}(?:\s{_WORD_EN})*)"
)
_TAIL_ZH = re.compile(
    rf"(?:(?:最后|末尾?|后面?)(?:的)?(?:[两二三四五六2-6])(?:位|个(?:数字?|号)?)(?:数字?|号码)?|尾号)(?:应该|不对|改成|换成|改为|错了|是|，)*(?P<tail>[{_D}]{{2,6}})(?![{_D}])"
)
_TAIL_EN = re.compile(
    rf"\b(?:(?:last|final) (?:two|three|four|five|six|\d) (?:digits |numbers )?(?:should be |are |is |to )*|(?:ends|ending) (?:in|with) )(?P<tail>{_WORD_EN}(?: {_WORD_EN})*)"
)
#: Mobiles, 400 and 800 numbers, landlines with their area code, and numbers with a `+`.
_SHAPES = re.compile(
    r"\+\d{7,15}|(?:0086|86)?1[3-9]\d{9}|[48]00\d{7}|0(?:10|2\d)\d{8}|0[3-9]\d{2}\d{7,8}"
)


#: Syllables that a dictated digit is heard as; 幺 comes out as 有 and 优, 九 as 球.
_DIGIT_SOUNDS = {
    sound: digit
    for digit, sounds in {
        "0": "ling leng lin", "1": "yao you yi", "2": "er liang", "3": "san shan sheng sen",
        "4": "si", "5": "wu", "6": "liu lu niu", "7": "qi", "8": "ba fa pa", "9": "jiu qiu zhou",
    }.items()
    for sound in sounds.split()
}  # fmt: skip
_ASKED = ("phone", "mobile", "consignee", "consignor", "contact")
_BY_SOUND = 0.5


def _by_sound(scene: Scene) -> Iterator[Entity]:
    """A mobile's digits that were written as other words, where a number is asked for."""
    if not any(part in _ASKED for part in scene.slot.split(".")):
        return
    for run in re.finditer(r"[^A-Za-z]{11,}", scene.text):
        spoken = [i for i in range(*run.span()) if scene.text[i] not in "，。？、 -—"]
        digits = [(i, _digit(scene.text[i], scene.sounds[i])) for i in spoken]
        said = "".join(d or " " for _, d in digits)
        for shape in re.finditer(r"(?<!\d)1[3-9]\d{9}(?!\d)", said):
            start, end = digits[shape.start()][0], digits[shape.end() - 1][0] + 1
            number = to_e164(shape.group(), "")
            if number and scene.free(start, end):
                yield Entity("phone", start, end, number, _BY_SOUND, repaired=True)


def _digit(character: str, sound: str) -> str | None:
    return numbers_zh.digits(character) or _DIGIT_SOUNDS.get(sound)


def find_zh(scene: Scene) -> Iterator[Entity]:
    """Numbers in Mandarin text; 三个八 counts as 888."""
    yield from _exact_zh(scene)
    yield from _by_sound(scene)
    yield from _tails(scene, _TAIL_ZH, numbers_zh.digits)


def _exact_zh(scene: Scene) -> Iterator[Entity]:
    for run in _RUN_ZH.finditer(scene.text):
        said, places = _written_zh(run.group(), run.start())
        yield from _numbers(scene, said, places, _EXTENSION_ZH, numbers_zh.digits)


def find_en(scene: Scene) -> Iterator[Entity]:
    """Numbers in English text; "double seven" counts as 77."""
    for run in _RUN_EN.finditer(scene.text):
        said, places = _written_en(run.group(), run.start())
        yield from _numbers(scene, said, places, _EXTENSION_EN, numbers_en.digits)
    yield from _tails(scene, _TAIL_EN, numbers_en.digits)


def _tails(
    scene: Scene, pattern: re.Pattern[str], digits: Callable[[str], str | None]
) -> Iterator[Entity]:
    """The last digits alone: the rest is that of a number that is known."""
    known = [str(v) for n, v in scene.expectation.known.items() if n.endswith(".phone") and v]
    for match in pattern.finditer(scene.text):
        tail = digits(match["tail"].strip())
        if tail and len(known) == 1 and ";" not in known[0]:
            number = to_e164(known[0][: -len(tail)] + tail)
            if number:
                yield Entity("phone", *match.span(), number, 0.9)


def _written_zh(run: str, offset: int) -> tuple[str, list[int]]:
    """Digits, and for each the place of its character in the text."""
    said, places = "", []
    position = 0
    while position < len(run):
        repeated = _TIMES_ZH.match(run, position)
        if repeated:
            times = int(numbers_zh.digits(repeated[1]) or 1) if repeated[1] else 2
            said += (numbers_zh.digits(repeated[2]) or "") * times
            places += [offset + repeated.end() - 1] * times
            position = repeated.end()
            continue
        hundreds = _HUNDREDS_ZH.match(run, position)
        if hundreds:
            said += f"{numbers_zh.digits(hundreds[1])}00"
            places += [offset + position + 1] * 3
            position = hundreds.end()
            continue
        character = "+" if run[position] in "+加" else numbers_zh.digits(run[position]) or ""
        said += character
        places += [offset + position] * len(character)
        position += 1
    return said, places


def _written_en(run: str, offset: int) -> tuple[str, list[int]]:
    said, places, times = "", [], 1
    for word in _PIECE_EN.finditer(run):
        if word.group() in {"double", "triple", "treble"}:
            times = 2 if word.group() == "double" else 3
            continue
        plus = word.group() in {"plus", "+"}
        scaled = word.group().endswith(("hundred", "thousand"))
        digits = numbers_en.digits(word.group())
        if scaled:
            digits = f"{numbers_en.number(word.group()) or 0:.0f}"
        piece = "+" if plus else (digits or "") * times
        said += piece
        places += [offset + word.end() - 1] * len(piece)
        times = 1
    return said, places


def _numbers(
    scene: Scene,
    said: str,
    places: list[int],
    extension: re.Pattern[str],
    digits: object,
) -> Iterator[Entity]:
    for shape in _SHAPES.finditer(said):
        start, end = places[shape.start()], places[shape.end() - 1] + 1
        added = extension.match(scene.text, end)
        inner = digits(added[1]) if added and callable(digits) else None
        number = to_e164(shape.group(), inner or "")
        if number:
            yield Entity("phone", start, added.end() if added and inner else end, number)
