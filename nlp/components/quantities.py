"""Finds weights, volumes, counts of pieces, money and lone numbers in Mandarin.

Values: `Quantity`. Weights are kg, volumes m³, money CNY.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import prod

from nlp.components.scene import Entity, Scene
from nlp.normalize.numbers_zh import DIGIT, NUMBER, digits, number, rough
from nlp.normalize.units import LENGTH, VOLUME, WEIGHT, alternatives, tidy_amount


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount.

    Attributes:
        each: said for one piece; the total is this times the pieces.
        packaging: what the pieces are, where the measure word says it.
        sides: a volume said by its length, width and height.
    """

    amount: float
    each: bool = False
    packaging: str | None = None
    sides: bool = False


#: Measure words that name a packaging, and those that only count.
PACKAGES = {"托": "托盘", "板": "托盘", "箱": "箱", "桶": "桶", "袋": "袋", "卷": "卷", "捆": "捆",
            "筐": "筐", "罐": "罐", "盒": "盒", "包": "包", "瓶": "瓶", "扎": "扎"}  # fmt: skip
PACKAGING = (
    "纸箱 木箱 铁箱 塑料箱 泡沫箱 周转箱 铝箱 木架 木架箱 木托 木托盘 塑料托盘 托盘 卡板 栈板 "
    "铁桶 塑料桶 胶桶 吨桶 钢桶 纸桶 木桶 编织袋 蛇皮袋 麻袋 吨袋 集装袋 塑料袋 纸袋 文件袋 气泡袋 "
    "铁架 笼车 集装箱 钢瓶 气瓶 裸装 散装 缠绕膜 缠膜 木框 纤维袋 快递袋 保温箱 冷藏箱 航空箱"
).split()
_PACK = "|".join(sorted(PACKAGING, key=len, reverse=True))
_COUNTED = "件个台套只辆部张块根条支把幅组架双"
#: A vehicle that is asked for is no piece.
_VEHICLE = re.compile(r"(?:货|卡|面包|大|小|厢式|平板|冷藏)?车(?!配|床|架|轮)")
_M = f"[{''.join(PACKAGES)}{_COUNTED}]"
_TAIL = rf"(?P<tail>半|[一二三四五六七八九1-9]{{1,2}}(?![{DIGIT}十百千万点个件箱托桶袋吨公斤号天{''.join(PACKAGES)}]))?"
_W, _V, _L = alternatives(WEIGHT), alternatives(VOLUME), alternatives(LENGTH)

_EACH = rf"(?P<each>(?:每|单|一(?={_M}(?:重|有|是|大概|差不多)?[{DIGIT}十]))(?:一)?{_M}?(?:货)?的?(?:重量?|毛重|体积|有|是|大概|大约|约|差不多)*|各(?:重|是)?)?"
_AFTER = rf"(?P<after>(?:每|一|/){_M})?"
_APPROX = "(?P<about>[多来几余])?"
_WEIGHT = re.compile(
    rf"{_EACH}(?P<n>{NUMBER}|半){_APPROX}个?(?P<half>半)?(?P<unit>{_W}){_TAIL}{_AFTER}", re.I
)
_EACH_BARE = re.compile(
    rf"(?:每(?:一)?{_M}|各)(?:重量?|有|是|大概|大约|约|差不多)*(?P<n>{NUMBER})(?!{_M})"
)
_VOLUME = re.compile(
    rf"{_EACH}(?P<n>{NUMBER}|半){_APPROX}个?(?P<half>半)?(?P<unit>{_V}){_TAIL}{_AFTER}", re.I
)
_PIECES = re.compile(
    rf"(?<!第)(?<!每)(?P<n>{NUMBER}|半(?=打)){_APPROX}(?:大|小|整)?个?(?:(?P<pack>{_PACK})|(?P<dozen>打)(?!包|电话|开|印|算)(?P<half>半)?|(?P<m>{_M})(?!月|半|小时|钟头|星期|礼拜|钟|工作日|事(?!务|故)|人|地址|电话|问题|单子?))"
)
_ONE = rf"(?:{NUMBER})(?:(?:{_L})[{DIGIT}]?)?"
_DIMS = re.compile(
    rf"(?P<each>每{_M}|单{_M})?(?:的?尺寸是?|规格是?)?长?(?:是|度)?(?P<a>{_ONE})长?[，]?(?:乘以?|x|×|\*|，)?宽?(?:是|度)?"
    rf"(?P<b>{_ONE})宽?[，]?(?:乘以?|x|×|\*|，)?高?(?:是|度)?(?P<c>{_ONE})高?(?P<unit>{_L})?",
    re.I,
)
_CUBE = re.compile(
    rf"(?:长宽高|三边|边长)(?:都|各|全|均)?(?:是|为)?(?P<a>{_ONE})|(?P<b>{_ONE})见方", re.I
)
_CURRENCY = "人民币|rmb|cny|¥"
_MONEY = re.compile(
    rf"(?P<before>{_CURRENCY})?(?P<n>{NUMBER}){_APPROX}"
    rf"(?:(?P<yuan>块钱?|元|圆)(?:零?(?P<jiao>{NUMBER})[毛角](?:钱|(?P<fen>[{DIGIT}])分?)?|(?P<tail>[{DIGIT}](?![{DIGIT}十百千万个件箱吨])))?整?"
    rf"|[毛角](?P<cents>[{DIGIT}])?分?钱?|大洋)?(?P<last>{_CURRENCY})?",
    re.I,
)
#: What is no yuan is no value that could be written down.
_FOREIGN = re.compile(
    rf"(?:US|HK)?[$€£](?:{NUMBER})|(?:{NUMBER}){_APPROX}块?(?:美[元金刀]|欧元|日[元圆]|港[币元]|英镑|[台韩泰][币元铢]|澳[元币]|加[元币]|卢[布比]|新币|法郎|刀(?!片|具)|USD|EUR|HKD|JPY|GBP)",
    re.I,
)
#: Behind these 块 is money; otherwise it may count boards and tiles.
_PAID = re.compile(r"$|[，。吧左上出的多]")
_NUMBER = re.compile(
    rf"(?P<n>{NUMBER})(?:(?P<scale>[MB])(?![A-Za-z\d])|(?P<about>[多来几余])|个(?P<half>半))?"
)
#: Confidence of an amount that is said to be more or less: it is read back as a question.
_ABOUT = 0.5
_SCALES = {"M": 1e6, "B": 1e9}
#: The same for weights and volumes, which are estimates anyway: repeated in passing.
_NEARLY = 0.7
_LINKS = re.compile(r"乘|x|×|\*|宽|高", re.I)


def find(scene: Scene) -> Iterator[Entity]:
    """All quantities; what is bound to a unit first, lone numbers last."""
    text = scene.text
    yield from _dimensions(text)
    yield from summed(text, _amounts(text, _WEIGHT, WEIGHT, "weight"))
    yield from _amounts(text, _VOLUME, VOLUME, "volume")
    yield from _money(scene)
    yield from _pieces(text)
    yield from _each_without_unit(text)


def find_numbers(scene: Scene) -> Iterator[Entity]:
    """Numbers that nothing else explains."""
    for match in _NUMBER.finditer(scene.text):
        value = number(match["n"])
        if value is not None and not rough(match["n"]):
            amount = value + 0.5 if match["half"] else value
            amount *= _SCALES.get(match["scale"], 1)
            sure = _ABOUT if match["about"] else 1.0
            yield Entity("number", *match.span(), Quantity(amount), sure)


def _amounts(
    text: str, pattern: re.Pattern[str], units: dict[str, float], kind: str
) -> Iterator[Entity]:
    for match in pattern.finditer(text):
        base = 0.5 if match["n"] == "半" else number(match["n"])
        if base is None or rough(match["n"]):
            continue
        amount = base + 0.5 if match["half"] else base
        tail = match["tail"]
        if tail:
            amount += 0.5 if tail == "半" else float(f"0.{digits(tail)}")
        value = tidy_amount(amount * units[match["unit"].lower()])
        each = bool(match["each"] or match["after"])
        if value > 0:
            sure = _NEARLY if match["about"] else 1.0
            yield Entity(kind, *match.span(), Quantity(value, each), sure)


_UNIT_AT_END = re.compile(rf"(?:{_W})$", re.I)
_WITHIN = re.compile(r"零|\s*(?:and )?|又")


def summed(text: str, found: Iterable[Entity]) -> Iterator[Entity]:
    """Amounts of which a smaller one follows at once as their sum (三吨二百公斤)."""
    last: Entity | None = None
    for entity in found:
        if last is None or not _continues(text, last, entity):
            if last is not None:
                yield last
            last = entity
            continue
        one, more = last.value, entity.value
        if isinstance(one, Quantity) and isinstance(more, Quantity):
            total = replace(more, amount=tidy_amount(one.amount + more.amount), each=one.each)
            last = replace(last, end=entity.end, value=total)
    if last is not None:
        yield last


def _continues(text: str, one: Entity, more: Entity) -> bool:
    if not (isinstance(one.value, Quantity) and isinstance(more.value, Quantity)):
        return False
    larger, smaller = (_UNIT_AT_END.search(text[e.start : e.end]) for e in (one, more))
    return bool(
        larger
        and smaller
        and _WITHIN.fullmatch(text[one.end : more.start])
        and WEIGHT[larger[0].lower()] > WEIGHT[smaller[0].lower()]
    )


def _pieces(text: str) -> Iterator[Entity]:
    for match in _PIECES.finditer(text):
        count = 0.5 if match["n"] == "半" else number(match["n"])
        if count is not None and match["dozen"]:
            count = (count + (0.5 if match["half"] else 0)) * 12
        if rough(match["n"]) or count is None or count < 1 or count != int(count):
            continue
        if match["m"] == "辆" and _VEHICLE.match(text, match.end()):
            continue
        packaging = match["pack"] or PACKAGES.get(match["m"] or "")
        sure = _ABOUT if match["about"] else 1.0
        yield Entity("pieces", *match.span(), Quantity(count, packaging=packaging), sure)


def _each_without_unit(text: str) -> Iterator[Entity]:
    """ "每托一百八": what is said of each piece without a unit is its weight in kg."""
    for match in _EACH_BARE.finditer(text):
        value = number(match["n"])
        if value:
            yield Entity("weight", *match.span(), Quantity(value, each=True), 0.8)


def _money(scene: Scene) -> Iterator[Entity]:
    text = scene.text
    for match in _FOREIGN.finditer(text):
        yield Entity("foreign_money", *match.span(), None)
    for match in _MONEY.finditer(text):
        value = _yuan(match)
        known = match["before"] or match["last"] or match["jiao"] or match["tail"]
        if match["yuan"] == "块" and not known and not scene.slot.startswith("declared_value"):
            known = _PAID.match(text, match.end())
        elif match.group() != match["n"] + (match["about"] or ""):
            known = known or match
        if value and known:
            sure = _ABOUT if match["about"] else 1.0
            yield Entity("money", *match.span(), Quantity(value), sure)


def _yuan(match: re.Match[str]) -> float | None:
    """Yuan with their tenths and hundredths (三块六毛五 is 3.65)."""
    value = number(match["n"])
    if value is None or rough(match["n"]):
        return None
    if match["yuan"] is None and match.group()[len(match["n"]) :][:1] in {"毛", "角"}:
        return value / 10 + _digit(match["cents"]) / 100
    tenths = (number(match["jiao"]) or 0) if match["jiao"] else _digit(match["tail"])
    return round(value + tenths / 10 + _digit(match["fen"]) / 100, 2)


def _digit(said: str | None) -> float:
    return float(digits(said) or 0) if said else 0.0


def _dimensions(text: str) -> Iterator[Entity]:
    for match in _DIMS.finditer(text):
        if not _LINKS.search(match.group()):
            continue
        common = match["unit"] or _common_unit(match["a"], match["b"], match["c"])
        sides = [_length(match[side], common) for side in "abc"]
        if all(sides):
            volume = tidy_amount(prod(sides))
            yield Entity("volume", *match.span(), Quantity(volume, bool(match["each"]), sides=True))
    for match in _CUBE.finditer(text):
        side = _length(match["a"] or match["b"], "")
        if side:
            yield Entity("volume", *match.span(), Quantity(tidy_amount(side**3)))


def _common_unit(*sides: str) -> str:
    """The unit said only once, after the last side."""
    units = [re.search(rf"(?:{_L})$", side, re.I) for side in sides]
    last = units[-1]
    return last[0] if last and not any(units[:-1]) else ""


def _length(said: str, unit: str) -> float:
    """Metres; a number without any unit is in cm from 10 on."""
    parts = re.fullmatch(rf"({NUMBER})(?:({_L})([{DIGIT}]?))?", said, re.I)
    value = number(parts[1]) if parts else None
    if parts is None or value is None:
        return 0.0
    own = parts[2] or unit
    if parts[3]:
        value += (number(parts[3]) or 0) / 10
    if own:
        return value * LENGTH[own.lower()]
    return value / 100 if value >= 10 else value
