"""Finds goods that no table holds, by where they stand among what is already explained.

Runs last: places, amounts and the like are masked first, so that "一吨半的铝锭到常州武进" reads
as an amount, some word, a place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.components.articles import Article
from nlp.components.scene import Entity, Scene
from nlp.gazetteer.areas import names
from nlp.gazetteer.goods import Good

_AMOUNT, _PLACE, _CUE, _GOODS, _OTHER = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
_MASKS = {
    "pieces": _AMOUNT, "weight": _AMOUNT, "volume": _AMOUNT, "place": _PLACE, "cue": _CUE,
    "goods": _GOODS,
}  # fmt: skip
_MASKED = f"{_AMOUNT}{_PLACE}{_CUE}{_GOODS}{_OTHER}"
#: Words that no name of goods holds; those in brackets go on to one that does.
_STOP = (
    r"我|你|您|他|她|它|咱|请|帮|给|要|想|需|从|由|到|往|去|在|寄|运(?!动|输带)|送(?!风|料)|发(?!电|动机|酵|泡|热|光|夹|卡|胶|膜|条)"
    r"|拉(?!链|丝|杆|力|手|伸)|走|是|有(?!机|色)|没|不(?!锈|干胶|织)|就|都|也|还|先|再|和|跟|与|或|以及|另外|外加|加(?!湿|工|热|油机)|一共|总共|共(?!聚)|大概|大约|差不多|左右|每|各"
    r"|重(?!型|晶|油|钙)|件数|体积|重量|[今明后昨]天|[上下中]午|晚上|早上|提货|取货|收货|送货|上门|安排|运费|付|月结|电话|手机|号码|联系|收件|地址|公司"
    r"|先生|女士|经理|师傅|吗|呢|吧|啊|哦|嗯|了|的|这|那|哪|什么|怎么|多少|几|可以|能(?!源|量)|会(?!议)|麻烦|谢|你好|喂|然后|因为|所以|但是|不过|时候|时间"
    r"|多(?!功能|层|媒体|晶|肉|用)|急|快(?!递|餐)|尽量|以内|之|以后|以前|号(?!角|牌)|对|好|错|改|换|问|听|说|讲|单(?!片|车|杠|反)|人工|取消|查|派|车(?!床|载|架|轴|轮|灯|窗|间|刀)|过来|大家|东西|放|存|打|叫|姓|价|里面|应该|其实|可能|需要|个(?!人)|批|票|点(?!火|胶|钞|焊|心)|些|下|来(?!料)"
)
_NAME = rf"(?P<name>(?:(?!{_STOP})[\u4e00-\u9fffA-Za-z-]){{2,10}}?)"
_END = rf"(?=$|[，？{_MASKED}]|{_STOP}|[零一二两三四五六七八九十百千\d])"
_LEAD = r"(?:一?[批些票]|点儿?|个|货|装的?|的|都|是|有)*"
_SENT = r"(?:发|寄|运|送|托运|拉|走|有|是|叫|装的?|品名|货名|东西|货物?|里面)"
_PATTERNS = (
    re.compile(rf"(?<=[{_AMOUNT}]){_LEAD}{_NAME}{_END}"),
    re.compile(
        rf"(?:^|[，]|(?<=[的{_PLACE}])){_LEAD}{_NAME}(?=[，]?(?:一共|总共|共|大概|大约|差不多|有|发|约)*{_AMOUNT})"
    ),
    re.compile(rf"{_SENT}{_LEAD}(?:一?[批些票]|点儿?|的(?:是|都是)?|是|为){_LEAD}{_NAME}{_END}"),
    re.compile(rf"(?:发|寄|运|托运){_NAME}(?=$|[，{_PLACE}]|[到去往]{_PLACE})"),
    re.compile(rf"(?<={_PLACE})的{_NAME}(?=[发运寄送到]|{_AMOUNT})"),
    re.compile(rf"{_CUE}(?:名称|名)?(?:是|为|叫|：|，)*{_NAME}{_END}"),
)
_GOODS_CUES = frozenset({"goods"})
#: What stands so but names nothing.
_NOTHING = re.compile(
    r"^(?:货物?|物品|产品|整车|零担|专线|加急|普货|大件|小件|快件|包裹|明细|以上|公斤|毛重|净重|总重|规格|木架|打托|下午|上午|今晚|明早|没有|不带|包装|尺寸|托运|发货|寄件|物流|快递|运输|公路|铁路|航空|长宽高|备注|声明|保价|保险|运单|订单|地方|仓库|仓储)"
    r"|(?:市|区|省|县|路|街|号|镇|公斤|吨|方|米|包装|左右|先生|女士|小姐|经理|公司|分钟|小时|仓库)$"
)


def find(scene: Scene) -> Iterator[Entity]:
    """At most one name, and none where goods are known or another question is answered."""
    if any(e.kind == "goods" for e in scene.entities) or scene.slot not in _OPEN:
        return
    masked = _masked(scene)
    for index, pattern in enumerate(_PATTERNS):
        for match in pattern.finditer(masked):
            if index == len(_PATTERNS) - 1 and not _names_goods(scene, match.start()):
                continue
            name = match["name"]
            if _NOTHING.search(name) or name in names().short or name in names().official:
                continue
            yield Entity("goods", *match.span("name"), Article(Good(name)), 0.7)
            return


_OPEN = frozenset({"", "open", "goods", "confirm", "more", "pieces", "weight"})


def _masked(scene: Scene) -> str:
    """The text with all that is explained replaced by a mark of its kind."""
    written = list(scene.text)
    for entity in scene.entities:
        mark = _MASKS.get(entity.kind, _OTHER)
        written[entity.start : entity.end] = mark * (entity.end - entity.start)
    return "".join(written)


def _names_goods(scene: Scene, start: int) -> bool:
    return any(
        e.kind == "cue" and e.start <= start < e.end and e.value in _GOODS_CUES
        for e in scene.entities
    )
