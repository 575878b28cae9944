"""Finds telephone numbers, spoken or written, with extensions. Values: E.164 texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from nlp.components.scene import Entity, Scene
from nlp.normalize import numbers_en, numbers_zh
from nlp.normalize.phones import to_e164

_D = numbers_zh.DIGIT.replace("\\d", "0-9")
#: Between the groups of a number: pauses, and words that only name the next group.
_PAUSE_ZH = (
    r"(?:[-—，、 的()./]{0,3}(?:(?:然后|接着|接下来|再|中间|后面|最后|末尾|后边|后)(?:的?(?:[三四两八34]|几)位)?(?:数字?|号码)?(?:是|，)*"
    r"|(?:区号|号码|尾号|机号|本机)(?:是)?|杠|横杠|嗯|呃|哦|哈)?[-—，、 的()./]{0,2})"
)
_RUN_ZH = re.compile(
    rf"(?:\+|加)?(?:[48四八]百(?=[{_D}-]))?(?:(?:双(?=[{_D}]))?[{_D}](?:个(?=[{_D}]))?{_PAUSE_ZH}){{6,}}"
)
_EXTENSION_ZH = re.compile(
    rf"[，\s]*(?:转接?(?:分机)?号?|分机号?码?是?|-|#)\s*([{_D}]{{1,6}})(?![{_D}])"
)
_TIMES_ZH = re.compile(rf"(?:([两二三四五六])个|双)([{_D}])")
_HUNDREDS_ZH = re.compile(r"([48四八])百")
_WORD_EN = (
    r"(?:\d[\d-]*|zeros?|ohs?|o|ones?|twos?|threes?|fours?|fives?|six(?:es)?|sevens?|eights?|nines?|double|triple|treble|quadruple"
    r"|ten|[a-z]+teen|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|hundred|thousand)"
)
_TENS_EN = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES_EN = "one|two|three|four|five|six|seven|eight|nine"
_REPEATED_EN = "zeros|ohs|ones|twos|threes|fours|fives|sixes|sevens|eights|nines"
_PIECE_EN = re.compile(
    rf"(?P<many>two|three|four|five|six) (?P<of>{_REPEATED_EN})\b|(?:{_TENS_EN})[ -](?:{_ONES_EN})\b|(?:{_ONES_EN}) (?:hundred|thousand)\b|[a-z]+|\d+|\+"
)
_PAUSE_EN = (
    r"[\s,()./-]+(?:(?:dash|hyphen|then|and(?: then)?|space|um|uh|area code|followed by)[\s,.]+)*"
)
_RUN_EN = re.compile(rf"(?:\+|\bplus |\()?\b{_WORD_EN}(?:{_PAUSE_EN}{_WORD_EN})*\b")
_EXTENSION_EN = re.compile(
    rf"[\s,]*(?:and\s+)?(?:extension(?: number)?|ext\.?|x)\s*({_WORD_EN}(?:\s{_WORD_EN})*)"
)
_TAIL_ZH = re.compile(
    rf"(?:(?:最后|末尾?|后面?)(?:的)?(?:[两二三四五六2-6])(?:位|个(?:数字?|号)?)(?:数字?|号码)?|尾号)(?:应该|不对|改成|换成|改为|错了|是|，)*(?P<tail>[{_D}]{{2,6}})(?![{_D}])"
)
_TAIL_EN = re.compile(
    rf"\b(?:(?:last|final) (?:two|three|four|five|six|\d) (?:digits |numbers )?(?:should be |are |is |to )*|(?:ends|ending) (?:in|with) )(?P<tail>{_WORD_EN}(?: {_WORD_EN})*)"
)
#: A new end of the number just said.
_CORRECTED_ZH = re.compile(
    rf"[，、]*(?:(?:哦|啊|呃)?[，]*(?:不对|不是|错了|说错了?|更正)[，]*)+(?:(?:后面?|最后|末尾?|尾号)(?:[两三四2-4几]位)?)?(?:应该)?是?(?P<new>[{_D}]{{2,4}})(?![{_D}])"
    rf"|[，]*(?:尾号|(?:最后|末|后)[两三四2-4]位)(?:不是[{_D}]+[，]*(?:而)?是|应该是|改[成为]|是)(?P<new2>[{_D}]{{2,4}})(?![{_D}])"
)
_CORRECTED_EN = re.compile(
    rf"[\s,.]*(?:(?:no|sorry|wait|actually|i mean|correction|not that)[\s,.]+)+(?:(?:it's|it is|that's|it (?:ends|should end) (?:in|with)|ends (?:in|with)|the (?:last|final) \w+(?: digits| numbers)?(?: is| are| should be)?)\s+)?(?P<new>{_WORD_EN}(?:\s{_WORD_EN})*)"
)
_SILENT = re.compile(r"[-—，、 ]")
_RESTARTED_ZH = re.compile(
    rf"(?P<left>[{_D}](?:[，、 -]?[{_D}]){{4,9}})[，、]*(?:不对|不是|错了|说错了)[，、]*是?(?P<again>[{_D}]{{2,4}})(?:[，、 -](?P<rest>[{_D}](?:[，、 -]?[{_D}])*))"
)
_INTERNATIONAL = re.compile(r"^00(?=[1-9])|^(?=86(?:10|2))")
_CORRECTED, _TAIL = 0.8, 4
#: Mobiles, 400 and 800 numbers, landlines with their area code, and numbers with a `+`.
_SHAPES = re.compile(
    r"\+\d{7,15}|(?:0086|86)?1[3-9]\d{9}|(?:0086|(?<!\d)86)(?:10|2\d)\d{8}(?!\d)|00[1-79]\d{8,13}|[48]00\d{7}|0(?:10|2\d)\d{8}|0[3-9]\d{2}\d{7,8}"
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
_TIMES_EN = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}
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
    yield from _restarted(scene)
    yield from _exact_zh(scene)
    yield from _by_sound(scene)
    yield from _tails(scene, _TAIL_ZH, numbers_zh.digits)


def _exact_zh(scene: Scene) -> Iterator[Entity]:
    for run in _RUN_ZH.finditer(scene.text):
        said, places = _written_zh(run.group(), run.start())
        yield from _numbers(scene, said, places, _EXTENSION_ZH, _CORRECTED_ZH, numbers_zh.digits)


def find_en(scene: Scene) -> Iterator[Entity]:
    """Numbers in English text; "double seven" counts as 77."""
    for run in _RUN_EN.finditer(scene.text):
        said, places = _written_en(run.group(), run.start())
        yield from _numbers(scene, said, places, _EXTENSION_EN, _CORRECTED_EN, numbers_en.digits)
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
        if word.group() in _TIMES_EN:
            times = _TIMES_EN[word.group()]
            continue
        plus = word.group() in {"plus", "+"}
        scaled = word.group().endswith(("hundred", "thousand"))
        digits = numbers_en.digits(word.group())
        if scaled:
            digits = f"{numbers_en.number(word.group()) or 0:.0f}"
        if word["many"]:
            times = int(numbers_en.digits(word["many"]) or 1)
            digits = numbers_en.digits(word["of"].removesuffix("s").replace("sixe", "six"))
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
    corrected: re.Pattern[str],
    digits: Callable[[str], str | None],
) -> Iterator[Entity]:
    for shape in _SHAPES.finditer(said):
        start, end = places[shape.start()], places[shape.end() - 1] + 1
        added = extension.match(scene.text, end)
        inner = digits(added[1]) if added else None
        number = to_e164(_INTERNATIONAL.sub("+", shape.group()), inner or "")
        if number:
            end = added.end() if added and inner else end
            yield _put_right(scene, Entity("phone", start, end, number), corrected, digits)


def _put_right(
    scene: Scene, phone: Entity, corrected: re.Pattern[str], digits: Callable[[str], str | None]
) -> Entity:
    """The number with the end that the caller said anew right behind it."""
    said = corrected.match(scene.text, phone.end)
    new = next(filter(None, said.groups()), "") if said else ""
    tail, known = digits(new), str(phone.value)
    if said is None or not tail or len(tail) > _TAIL or ";" in known:
        return phone
    number = to_e164(known[: -len(tail)] + tail)
    return Entity("phone", phone.start, said.end(), number, _CORRECTED) if number else phone


def _restarted(scene: Scene) -> Iterator[Entity]:
    """A number of which one group was said wrong, and at once again: the last digits give way."""
    for match in _RESTARTED_ZH.finditer(scene.text):
        left, again, rest = (
            numbers_zh.digits(_SILENT.sub("", match[g])) or "" for g in ("left", "again", "rest")
        )
        whole = left[: -len(again)] + again + rest
        number = to_e164(whole) if _SHAPES.fullmatch(whole) else None
        if number:
            yield Entity("phone", *match.span(), number, _CORRECTED)
