"""Finds the words that name a field ("收货人", "pickup time"). Values: slot names.

A cue tells what the values near it are about. In Mandarin it is also found by its sound, for
收货人 is often heard as 收获人.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from nlp.components.scene import Entity, Scene
from nlp.phonetics import SoundIndex

_ZH = {
    "consignor": "发货人 寄件人 寄货人 发件人 托运人 发货方 寄件方 发货联系人 提货联系人 发货电话 提货电话 寄件电话 发货人电话 寄件人电话 寄方 发货人姓名 寄件人姓名",
    "consignee": "收货人 收件人 收货方 收件方 收货联系人 收件联系人 接货人 签收人 收货电话 收件电话 收货手机 收货人电话 收件人电话 收货方电话 收方 收货人姓名 收件人姓名",
    "contact": "联系人 经办人 对接人",
    "origin": "发货地址 发货地 提货地址 提货地点 提货地 取货地址 取货地点 装货地址 装货地点 装货地 始发地 起运地 出发地 始发站 寄件地址",
    "destination": "收货地址 收货地 收货地点 送货地址 送货地点 卸货地址 卸货地 目的地 目的站 到货地 到达地 收件地址 送达地址",
    "goods": "货物名称 货物 品名 货名 货品 物品 货是",
    "packaging": "包装方式 包装",
    "pieces": "件数 数量 箱数 托数 桶数 袋数",
    "weight": "重量 毛重 总重 吨位 公斤数 净重 总重量",
    "volume": "体积 方数 尺寸 总体积 立方数",
    "pickup": "提货时间 取货时间 取件时间 上门时间 提货日期 取货日期 装货时间 发货时间 提货 取货 取件 上门 来拉货 来拿货 过来拉 过来拿 来拉 来取",
    "deliver_by": "送达时间 到货时间 送货时间 交货时间 交货期 到货日期 送到时间 送货日期 送达日期 送达 到货 交货 时效",
    "mode": "运输方式",
    "payment": "付款方式 支付方式 结算方式 运费 付款",
    "declared_value": "声明价值 申明价值 货物价值 保价 货值 投保 保险 价值",
    "remarks": "备注",
    "dangerous": "危险品 危险货物 危化品",
    "phone": "联系电话 联系方式 电话号码 手机号码 手机号 电话 手机 号码 座机",
    "customer.account": "合同号 客户号 账号 帐号 客户编号 合同编号 协议号 月结号",
    "customer.name": "公司名称 公司名 客户名称 单位名称",
}  # fmt: skip
_EN = {
    "consignor": r"consignors?|shippers?|senders?",
    "consignee": r"consignees?|receivers?|recipients?|addressee|(?:attention|attn)(?: of)?",
    "contact": r"contact(?: person| name)?",
    "origin": r"(?:pick ?up|collection|loading|origin|shipping) (?:address|location|place|point)|origin",
    "destination": r"(?:delivery|destination|consignee|receiving|drop off) (?:address|location|place|point)|destination",
    "goods": r"goods|cargo|commodity|description of (?:the )?goods|contents?|product",
    "packaging": r"pack(?:ag|k)ing|packing",
    "pieces": r"(?:number of )?(?:pieces|packages|pcs)|piece count|quantity|(?:number of|how many) \w+s",
    "weight": r"(?:total |gross |net )?weight|weighs?|weighing",
    "volume": r"volume|dimensions?|measure(?:s|ments?)|size",
    "pickup": r"pick ?up (?:date|time|day|window)|collection (?:date|time|day)|pick(?:ed|ing)? ?(?:it |them |this )?up|collect(?:ed|ion)?(?! (?:freight|payment))|pickup",
    "deliver_by": r"delivery (?:date|time|deadline|day)|deliver(?:ed|y)? by|(?:must |has to |needs? to |should )?(?:arrive|be there)|deadline|deliver(?:ed|y)?",
    "mode": r"(?:transport|shipping|freight) (?:mode|method)|mode(?: of transport)?",
    "payment": r"payment(?: terms| method)?|freight charges?|billing",
    "declared_value": r"declared value|(?:cargo |goods )?value(?:d at)?|insur(?:ed?|ance)(?: for| value)?|worth",
    "remarks": r"remarks?|notes?|special instructions?",
    "dangerous": r"dangerous goods|hazardous (?:goods|materials?)|hazmat",
    "phone": r"(?:phone|mobile|cell|telephone|contact)(?: phone)?(?: number)?|number",
    "customer.account": r"(?:account|contract|customer)(?: number| no\.?| code)",
    "customer.name": r"company(?: name)?",
}  # fmt: skip
_LIMIT_SHORT, _LIMIT = 0.0, 0.12
_SHORT = 2


@lru_cache(maxsize=1)
def _zh() -> tuple[dict[str, str], SoundIndex[str]]:
    exact = {cue: slot for slot, cues in _ZH.items() for cue in cues.split()}
    return exact, SoundIndex(exact.items(), loose_from=9)


@lru_cache(maxsize=1)
def _en() -> re.Pattern[str]:
    parts = (rf"(?P<{slot.replace('.', '__')}>{pattern})" for slot, pattern in _EN.items())
    return re.compile(rf"\b(?:{'|'.join(parts)})\b")


def find_zh(scene: Scene) -> Iterator[Entity]:
    """Mandarin cues, longest first; by sound where the characters give none."""
    exact, by_sound = _zh()
    longest = max(map(len, exact))
    position = 0
    while position < len(scene.text):
        length = next(
            (n for n in range(longest, 1, -1) if scene.text[position : position + n] in exact), 0
        )
        if length and _pays(scene.text, position + length):
            position += length
            continue
        if length:
            slot = exact[scene.text[position : position + length]]
            yield Entity("cue", position, position + length, slot)
            position += length
            continue
        heard = next(by_sound.at(scene.sounds, position, _LIMIT), None)
        clear = heard and (heard.end - heard.start > _SHORT or heard.distance <= _LIMIT_SHORT)
        if heard and clear and scene.free(heard.start, heard.end):
            yield Entity("cue", heard.start, heard.end, heard.entry, 0.8, repaired=True)
            position = heard.end
            continue
        position += 1


def _pays(text: str, end: int) -> bool:
    """Whether a party is named only as who pays (收货方付)."""
    return text.startswith(("付", "出运费", "出钱", "承担"), end)


def find_en(scene: Scene) -> Iterator[Entity]:
    """English cues."""
    for match in _en().finditer(scene.text):
        slot = (match.lastgroup or "").replace("__", ".")
        yield Entity("cue", *match.span(), slot)


def warm_up() -> None:
    """Builds the indexes."""
    _zh()
    _en()
