"""What makes a dangerous name harmless, and danger named by UN number or class only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.fields import DangerousGood
from nlp.gazetteer.goods import Good, by_number
from nlp.normalize import numbers_en, numbers_zh

#: What follows a dangerous name in the name of something harmless (油漆刷, 氧气面罩). A battery
#: after it is one all the same.
_AFTER_ZH = re.compile(
    r"(?:的)?(?:空?(?:架|盒|壳|座|柜|笔|桶|刷|罐体|瓶|箱|袋|盖|管|线|阀|套|笼|灯|炉|杯|枪|泵|扣|夹|钩|贴|纸|皂|棉签|条码)|支架|外壳|底座|机(?!油|组)|包装(?!的)|收纳|喷头|喷嘴|仓"
    r"|检测|测试|测量|探测|压力表|表|充电器|充电柜|充电桩|回收|面板|面罩|口罩|手套|弹簧|滤芯|滤清器|过滤|传感器|报警器|标[签识牌]|海报|模型|模具|图册|说明书|书籍?|配件|零件|部件"
    r"|生产线|生产设备|检测设备|搅拌|保护板|管理系统|工艺品|玩具|牙膏|糖|味|色)(?!装(?!置|饰|箱))(?!.{0,2}电池)"
)
#: Acids in the names of salts (硫酸铜, 盐酸左旋…), monomers in those of plastics (聚乙烯).
_SALT_ZH = re.compile(
    r"(?<=酸)(?:铜|镁|钙|钡|锌|铁|铝|亚铁|钠|钾|铵|二氢|氢|盐|根|酯|软骨|左|氨|雷)"
)
_SAFE_ZH = re.compile(
    r"水性(?:漆|涂料|油漆|油墨|胶)|空(?:的)?(?:气瓶|油桶|桶|瓶|香水瓶|油漆桶|酒精瓶|钢瓶|氧气瓶|煤气罐|灭火器|罐|打火机)|(?:漆|涂料|油漆)桶空|啤酒|葡萄酒|红酒|非危险|普通货|防锂"
)
_AFTER_EN = re.compile(
    r"(?:[ -](?:holders?|cases?|racks?|brush(?:es)?|covers?|testers?|cabinets?|valves?|stands?|rollers?|pens?|caps?|chargers?|connectors?|lids?|labels?|dispensers?|burners?|stoves?|lamps?|gauges?|hoses?|pipes?|tubes?"
    r"|pumps?|filters?|sensors?|detectors?|alarms?|masks?|guns?|nozzles?|sprayers?|trays?|clips?|packaging|parts?|accessories|machines?|mixers?|toys?|models?|books?|posters?|soaps?|sticks? notes|monitors?|meters?|tongs|grills?|heaters?"
    r"|brackets?|signs?|drawers?|compartments?|contacts?|terminals?|management|shelves|scales?|regulators?|tins? empty|bottles? empty|free\b))\b"
)
_BEFORE_EN = re.compile(
    r"\b(?:empty|water-based|water based|non-hazardous|no|toy|fake|dummy)(?: \w+)? $"
)
_THINGS = tuple(
    "机架座具件板管圈灯盒壳罩垫片布线轮盘杯碗柜锅炉泵阀盖枪笔刷帽鞋衣裤裙巾毯灶卡锁环条棒杆烛"
)
_BATTERY_THINGS = (*"盒壳架座盖柜片垫膜卡夹件", "仪")
_UN_ZH = re.compile(
    rf"(?:UN|un|Un|联合国)(?:编?号码?)?(?:是|为|：|:)?\s*(?P<n>[{numbers_zh.DIGIT}]{{4}})(?![{numbers_zh.DIGIT}])"
)
_UN_EN = re.compile(
    r"\b(?:u\.?n\.?)\s*(?:number|no\.?)?\s*(?P<n>\d{4}|(?:(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|\d)\s?){4})(?!\w)"
)
_C = "一二三四五六七八九1-9"
_CLASS_ZH = re.compile(
    rf"第?(?P<a>[{_C}](?:[点.][一二三四五六1-6])?)类(?:的)?(?:危险(?:货物|品|货)?|危货|危|易燃(?:液体|固体|气体)?|腐蚀(?:性|品)|毒害?品?|氧化|气体|放射)"
    rf"|危险(?:货物|品|货)?(?:是|属于|：)?第?(?P<b>[{_C}](?:[点.][一二三四五六1-6])?)类|第(?P<c>[{_C}](?:[点.][一二三四五六1-6])?)类(?=$|[，的])"
)
_CLASS_EN = re.compile(
    r"\b(?:hazard )?(?:class|division) (?P<a>[1-9](?:\.[1-6])?|(?:one|two|three|four|five|six|seven|eight|nine)(?: point (?:one|two|three|four|five|six))?)\b"
)


def harmless_zh(text: str, start: int, end: int) -> bool:
    """Whether the words around a dangerous name make it a harmless thing."""
    return bool(
        _AFTER_ZH.match(text, end)
        or _SALT_ZH.match(text, end)
        or text[max(0, start - 1) : start] == "聚"
        or any(m.start() <= start < m.end() for m in _SAFE_ZH.finditer(text))
    )


def harmless_whole(name: str, rest: str) -> bool:
    """Whether a name that goes on so is that of a mere thing (木炭烤炉, 电池片)."""
    things = _BATTERY_THINGS if "电池" in name or "电瓶" in name else _THINGS
    return rest.endswith(things) and not rest.endswith("电池")


def harmless_en(text: str, start: int, end: int) -> bool:
    """The same in lower-case English."""
    return bool(_AFTER_EN.match(text, end) or _BEFORE_EN.search(text[:start]))


def named_zh(text: str) -> Iterator[tuple[int, int, Good]]:
    """UN numbers and classes said instead of a name."""
    for match in _UN_ZH.finditer(text):
        yield (*match.span(), _numbered(numbers_zh.digits(match["n"]) or ""))
    for match in _CLASS_ZH.finditer(text):
        said = match["a"] or match["b"] or match["c"]
        yield (*match.span(), _classed(match.group(), numbers_zh.number(said.replace(".", "点"))))


def named_en(text: str) -> Iterator[tuple[int, int, Good]]:
    """The same in lower-case English."""
    for match in _UN_EN.finditer(text):
        digits = numbers_en.digits(match["n"].strip()) or ""
        yield (*match.span(), _numbered(digits))
    for match in _CLASS_EN.finditer(text):
        yield (*match.span(), _classed(match.group(), numbers_en.number(match["a"])))


def _numbered(digits: str) -> Good:
    number = f"UN{digits}"
    return by_number().get(number) or Good(number, DangerousGood(number, None, number))


def _classed(said: str, value: float | None) -> Good:
    return Good("", DangerousGood(said, f"{value:g}" if value else None, None))
