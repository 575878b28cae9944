"""Names of goods that often hide dangerous ones (pure).

The last part of a name says what a thing is, before it stands what it is like: 润滑油 is an oil and
油画 is none, `spray paint` is a paint and `paint brushes` are none. Some names give the danger away
wherever they stand.
"""

from __future__ import annotations

import re


def _of(*lines: str) -> tuple[str, ...]:
    return tuple(word for line in lines for word in line.split())


#: Dangers that lie in the thing whatever it is.
_ANYWHERE = ("锂电", "锂离子", "带电", "电动", "内置电池", "带电池", "充电", "化工", "lithium")
#: What a thing is, at the end of its name.
_ENDS = _of(
    "电池 电池组 电池包 电芯 粉 粉末 液 液体 油 油墨 墨水 胶 胶水 漆 喷雾 喷剂 香水 酒 酒精",
    "磁铁 强磁 磁钢 化学品 试剂 样品",
)
#: The same in English; a plural counts as well.
_WORDS = _of(
    "battery batteries cell pack powder liquid spray paint glue perfume oil alcohol magnet",
    "chemical sample ink adhesive solvent reagent",
)
#: Harmless things that end, or begin, like dangerous ones.
_HARMLESS = _of(
    "面粉 奶粉 米粉 藕粉 淀粉 蛋白粉 螺蛳粉 河粉 凉粉 豆粉 可可粉 咖啡粉 辣椒粉 胡椒粉 珍珠粉",
    "花粉 茶粉 调味粉 红薯粉 酱油 蚝油 黄油 奶油 花生油 菜籽油 橄榄油 食用油 大豆油 葵花籽油",
    "玉米油 香油 芝麻油 茶籽油 橡胶 硅胶 塑胶 乳胶",
    "充电线 充电桩 充电柜 鱼胶 阿胶 口服液 葡萄酒 红酒",
    "啤酒 黄酒 米酒 料酒",
)
_ITEMS = re.compile(r"[、，,；;/+]|和|及|\band\b|\s-\s")
_REMARK = re.compile(r"[(（\[【](.*?)[)）\]】]")


def look_alike(goods: str) -> bool:
    """Whether one of the goods named, in Chinese or English, often hides dangerous ones."""
    remarks = _REMARK.findall(goods)
    items = [*_ITEMS.split(_REMARK.sub(" ", goods.lower())), *(r.lower() for r in remarks)]
    return any(map(_hides, filter(None, map(str.strip, items))))


def _hides(item: str) -> bool:
    if item.endswith(_HARMLESS) or item.startswith(_HARMLESS):
        return False
    if any(word in item for word in _ANYWHERE) or item.endswith(_ENDS):
        return True
    words = re.findall(r"[a-z]+", item.partition(" of ")[0])
    return bool(words) and not {words[-1], words[-1].removesuffix("s")}.isdisjoint(_WORDS)
