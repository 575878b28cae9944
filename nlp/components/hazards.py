"""What makes a dangerous name harmless, and danger named by UN number or class only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from models.call import Lang
from models.fields import DangerousGood
from nlp.gazetteer.goods import Good, by_number, harmless
from nlp.normalize import numbers_en, numbers_zh

#: What follows a dangerous name in the name of something harmless (油漆刷, 氧气面罩). A battery
#: after it is one all the same.
_AFTER_ZH = re.compile(
    r"(?:的)?(?:空?(?:架|盒|壳|座|柜|笔|桶|刷|罐体|瓶|箱|袋|盖|管|线|阀|套(?!盒|装|组)|笼|灯|炉|杯|枪|泵|扣|夹(?!在|带|杂|着|了)|钩|贴|纸(?!箱|盒|桶|袋)|皂|棉签|条码)|支架|外壳|底座|机(?!油|组)|包装(?!的)|收纳|喷头|喷嘴|仓"
    r"|检测|测试|测量|探测|压力表|表|充电器|充电柜|充电桩|回收|面板|面罩|口罩|手套|弹簧|滤芯|滤清器|过滤|传感器|报警器|标[签识牌]|海报|模型|模具|图册|说明书|书籍?|配件|零件|部件"
    r"|生产线|生产设备|检测设备|搅拌|保护板|管理系统|工艺品|玩具|牙膏|糖|味|色)(?!装(?!置|饰|箱))(?!.{0,2}电池)"
)
#: Acids in the names of salts (硫酸铜, 盐酸左旋…), monomers in those of plastics (聚乙烯).
_SALT_ZH = re.compile(
    r"(?<=酸)(?:铜|镁|钙|钡|锌|铁(?![桶罐箱皮])|铝|亚铁|钠|钾|铵|二氢|氢|盐|根|酯|软骨|左|氨|雷)"
)
_SAFE_ZH = re.compile(
    r"水性[\u4e00-\u9fff]{0,4}?(?:漆|涂料|油墨|胶)|空(?:的)?(?:气瓶|油桶|桶|瓶|香水瓶|油漆桶|酒精瓶|钢瓶|氧气瓶|煤气罐|灭火器|罐|打火机)|(?:漆|涂料|油漆)桶空|啤酒|葡萄酒|红酒|非危险|普通货|防锂"
)
_AFTER_EN = re.compile(
    r"(?:[ -](?:holders?|cases?|racks?|brush(?:es)?|covers?|testers?|cabinets?|valves?|stands?|rollers?|pens?|caps?|chargers?|connectors?|lids?|labels?|dispensers?|burners?|stoves?|lamps?|gauges?|hoses?|pipes?|tubes?"
    r"|pumps?|filters?|sensors?|detectors?|alarms?|masks?|guns?|nozzles?|sprayers?|trays?|clips?|packaging|parts?|accessories|machines?|mixers?|toys?|models?|books?|posters?|soaps?|sticks? notes|monitors?|meters?|tongs|grills?|heaters?"
    r"|brackets?|signs?|drawers?|compartments?|contacts?|terminals?|management|shelves|scales?|regulators?|tins? empty|bottles? empty|free\b))\b"
)
#: Names of what goods run on or hold: what follows is such a thing.
_POWERED_EN = re.compile(
    r"(?:powered|operated|equipped|lithium(?:[- ]ion)?|li-ion|rechargeable|inside)$"
)
#: What a name may go on with before the thing that is meant (灭火器年检标签): no verb, count or link.
_LINK_ZH = (
    "的是了有发运送寄货批些箱桶件托袋个台吨斤包板卷套只双辆盒瓶罐，、。？！；：和跟及与或我们要把装里内"
    "一二三四五六七八九十百千万两半点票到从给用种都就还嗯啊不没带无含着过去来走拉您你他好对请让在放加配\\dA-Za-z"
)
_THINGS_ZH = "包装盒|包装袋|包装瓶|包装罐|标签|标识|标牌|标贴|说明书|海报|图册|模型|模具|外壳|支架|手册|证书|招牌|广告|宣传册|宣传页|样本册|玻璃瓶|塑料瓶|配件|零件|部件|玩具|石|牌|贴|画"
_THINGS_EN = "stick|poster|banner|glass|shop|store|supplier|sample book|swatch|case lid|nothing|advert|magnet sheet cover"
#: A vessel that held it, said to be empty (whiskey barrels, empty).
_EMPTY_ZH = re.compile(
    r"的?[\u4e00-\u9fff]{0,4}(?:瓶|罐|桶|盒|箱|壶|袋)子?[^，]{0,2}[，]?(?:里面|里头|里|都|全|全部|是|已经|也)*"
    r"(?:空(?:的|了)|还?没(?:有)?(?:装|灌|充)|未(?:装|灌|充)|清空|倒空|用完了?|洗干净)"
)
_EMPTY_EN = re.compile(
    r"(?:[ -](?:gift|glass|plastic|metal|steel|old|used|oak|wooden))?[ -](?:barrels?|drums?|cans?|bottles?|cylinders?|tanks?|boxes|"
    r"containers?|canisters?|tins?|jars?|buckets?|pails?|kegs?|cartons?|vessels?|tubes?|packs?|cartridges?),?"
    r"(?: (?:all|but|completely|now|already|that|which|they|they're|it's|are|is|were|have|been))*,? (?:empty|emptied|unfilled|washed out|cleaned out|drained)\b"
)
#: The last shipment's goods are not those of this one.
_EARLIER_ZH = re.compile(r"(?:上次|上回|上一?[票批]|以前|之前|原来|往常|平时)[^，。？]{0,8}$")
_THIS_TIME_ZH = re.compile(
    r"[，。]?[^，。]{0,6}[，。]?(?:但|可)?(?:是)?(?:这次|这回|这[票批]|今天|现在|本次)(?!也|还|再|同样|又)"
)
_EARLIER_EN = re.compile(
    r"\b(?:last time|previous(?:ly)?|before|last (?:week|month|order|shipment)|usually|normally)\b[^.?]{0,30}$"
)
_THIS_TIME_EN = re.compile(
    r"[^.?]{0,24}\b(?:this time|today|now|this one|this order|this shipment)\b(?! too| as well| again| also)"
)
_OUT_ZH = re.compile(
    r"？(?:没有|没|不是|不)|(?:我们?|他们|已经?|都|全部?|也|是|要)*(?:(?:拆|取|卸|拿|抽)(?:掉|下|走|出|除|开|光|了)|不(?:发|寄|在|装|放|带|跟))"
)
_OUT_EN = re.compile(
    r" nothing\b|\?,? (?:no|none|not)\b|(?: (?:have|has|had|were|was|are|is|will|be|all|both|already|been))+ (?:removed|taken out|not included|not in|left out|excluded)\b| not included\b| (?:removed|taken out)\b"
)
_THINGS = tuple(
    "机架座具件板管圈灯盒壳罩垫片布线轮盘杯碗柜锅炉泵阀盖枪笔刷帽鞋衣裤裙巾毯灶卡锁环条棒杆烛"
)
#: Boxes that come filled.
_GIFT_BOXES = ("礼盒", "套盒", "套装盒", "试用盒", "纸盒装")
_BATTERY_THINGS = (*"盒壳架座盖柜片垫膜卡夹件", "仪")
#: "…味的纸巾": what is sent stands last, the name before it only says what kind.
_OF_ZH = re.compile(
    r"(?:(?!带|有|含|装|是|做|要|用于)[\u4e00-\u9fff]){0,3}的(?!货|东西|产品|商品|物品|那|这|都|也|数量|重量|体积|件数|价值|包装|时候|话|成分|混合|浓度|溶液|液体|气体|粉|原|样品|"
    r"[吧呢啊吗，一二三四五六七八九十两几百\d])[\u4e00-\u9fff]{2}"
)
#: What a whole shipment is said to hold: 带电池的设备 is dangerous as its battery is.
_HOLDS_ZH = re.compile(r"(?:带|有|含|装|内置|配|是|放)[\u4e00-\u9fff]{0,4}$")
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
    before, after, whole = _around("zh")
    return bool(
        _AFTER_ZH.match(text, end)
        or after.match(text, end)
        or _EMPTY_ZH.match(text, end)
        or _of_a_thing_zh().match(text, end)
        or before.search(text[:start])
        or (_OF_ZH.match(text, end) and not _holds(text, start, end))
        or _SALT_ZH.match(text, end)
        or text[max(0, start - 1) : start] == "聚"
        or any(m.start() <= start < m.end() for m in _SAFE_ZH.finditer(text))
        or any(m.start() <= start and end <= m.end() for m in whole.finditer(text))
    )


def _holds(text: str, start: int, end: int) -> bool:
    """Whether a thing is said to hold or run on what is named."""
    return bool(_HOLDS_ZH.search(text[:start]) or re.search(r"带|含|内置|电的$", text[start:end]))


def harmless_whole(name: str, rest: str) -> bool:
    """Whether a name that goes on so is that of a mere thing (木炭烤炉, 电池片)."""
    things = _BATTERY_THINGS if "电池" in name or "电瓶" in name else _THINGS
    if rest.endswith(_GIFT_BOXES):
        return False
    return rest.endswith(things) and not rest.endswith("电池") and not rest.startswith("磁")


def harmless_en(text: str, start: int, end: int) -> bool:
    """The same in lower-case English."""
    before, after, whole = _around("en")
    by_itself = not _POWERED_EN.search(text[start:end])
    return bool(
        (by_itself and (_AFTER_EN.match(text, end) or after.match(text, end)))
        or (by_itself and _of_a_thing_en().match(text, end))
        or _EMPTY_EN.match(text, end)
        or before.search(text[:start])
        or any(m.start() <= start and end <= m.end() for m in whole.finditer(text))
    )


def taken_out_zh(text: str, start: int, end: int) -> bool:
    """Whether what was named is said to be taken out, not sent, or sent another time."""
    earlier = _EARLIER_ZH.search(text, 0, start) and _THIS_TIME_ZH.match(text, end)
    return bool(_OUT_ZH.match(text, end) or earlier)


def taken_out_en(text: str, start: int, end: int) -> bool:
    """The same in lower-case English."""
    earlier = _EARLIER_EN.search(text, 0, start) and _THIS_TIME_EN.match(text, end)
    return bool(_OUT_EN.match(text, end) or earlier)


@lru_cache(maxsize=1)
def _of_a_thing_zh() -> re.Pattern[str]:
    """The name of a mere thing that begins with a dangerous one: its last word is the thing.

    Vessels of one character are no such things here: 指甲油套盒 holds nail polish.
    """
    things = "|".join(word for word in harmless("after", "zh") if len(word) > 1)
    packed = "纸箱|木箱|铁桶|纸盒|礼盒|托盘|袋装|桶装|瓶装|罐装|盒装|散装"
    return re.compile(
        rf"(?!{packed})[^{_LINK_ZH}]{{1,4}}?(?:{_THINGS_ZH}|{things})(?=$|[{_LINK_ZH}])(?!.{{0,2}}电池)"
    )


@lru_cache(maxsize=1)
def _of_a_thing_en() -> re.Pattern[str]:
    """The same in lower-case English ("perfume display stands")."""
    things = "|".join(map(re.escape, harmless("after", "en")))
    link = "and|or|with|in|of|from|to|for|by|on|plus|is|are|we|i|it|the|a|an|at|not|no|as|that|which|via|into"
    word = rf"(?!(?:{link})\b)[a-z]+"
    return re.compile(
        rf"(?:[ -]{word})?[ -](?:{_THINGS_EN}|{things})(?:e?s)?\b(?=$|[,.?]| (?:{link})\b)"
    )


@lru_cache(maxsize=2)
def _around(lang: Lang) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """What stands before a harmless thing, after it, and whole harmless names."""
    before, after, whole = (
        "|".join(map(re.escape, harmless(where, lang))) for where in ("before", "after", "whole")
    )
    if lang == "zh":
        return (
            re.compile(rf"(?:{before})$"),
            re.compile(
                rf"(?:的|用的?|专用的?|样的?|状的?|味的?)?(?:{after})(?!装(?!置|饰|箱))(?!.{{0,2}}电池)"
            ),
            re.compile(whole),
        )
    return (
        re.compile(rf"\b(?:{before})(?: \w+)? $"),
        re.compile(rf"[ -](?:{after})(?:e?s)?\b"),
        re.compile(rf"\b(?:{whole})\b"),
    )


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
