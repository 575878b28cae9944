"""Labels of forms and tables: which slot a word such as 收货人电话 or "Ship to" names (pure)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from nlp.written.alike import one_off


@dataclass(frozen=True, slots=True)
class Label:
    """What a label names.

    Attributes:
        what: a flat field name, or `place`, `pickup`, `pickup_time`, `time`.
        party: `consignee`, `consignor`, `contact`, or empty where the label does not say.
        unit: the unit in it, such as `kg`.
        weak: another label for the same field goes first.
    """

    what: str
    party: str = ""
    unit: str = ""
    weak: bool = False


_TO_ZH = (
    "收货|收件|受货|接货|签收|收(?=人|方|地|站)|到货|到达|抵达|送货|送达|送往|送至|运往|运至|发往|发至|寄往|"
    "交货|卸货|派送|派件|配送|目的|终点|到(?=站|地|港)"
)
_FROM_ZH = "发货|发件|寄货|寄件|托运|提货|取货|取件|装货|装车|出货|供货|始发|起始|起运|启运|起点|出发|发(?=站|地|港)|揽收|揽货"
_WHO_ZH = "联系人|联络人|经手人|负责人|人|方|客户|单位|公司|厂家?"
_NAME_ZH = "姓名|名称|名字|名"
_PHONE_ZH = "(?:联系|联络|固定|移动)?(?:电话|手机)(?:号码?)?|电话手机|联系方式|联络方式|号码|座机"
_PLACE_ZH = "(?:站|港|地)?(?:所在)?(?:详细|具体)?(?:地址|地点|位置)|城市|省市区?|省份|省|市|区县?|区域|仓库|站点?|港|地"
_PARTY_ZH = re.compile(
    rf"(?:(?P<to>{_TO_ZH})|(?P<from>{_FROM_ZH}))(?P<who>{_WHO_ZH})?的?"
    rf"(?:(?P<name>{_NAME_ZH})|(?P<phone>{_PHONE_ZH})|(?P<place>{_PLACE_ZH}))?"
)
_FIELDS_ZH = {
    "customer.name": "客户|单位|货主|抬头|本公司|我司|厂名|发货公司|客户名称?|客户单位|公司|公司名称?|委托(?:单位|方|公司|人)|托运(?:单位|公司)|(?:发货|发件|寄件)(?:单位|公司|方公司)|单位名称|下单(?:单位|公司|客户)|甲方",
    "customer.account": "(?:合同|客户|月结|协议)(?:编?号|账号|帐号|卡号)|合同",
    "goods": "货物|品名|货品(?:名称)?|品种|货种|品名及规格|货物名称及规格|(?:托运|内装)货物|物料(?:名称)?|货名|货品|物品|货物(?:名称|品名|描述|信息)|产品(?:名称)?|商品(?:名称)?|物品名称|托运物品?|名称|内容物?",
    "packaging": "包装|包装(?:方式|类型|形式|种类|材料|规格)",
    "pieces": "件数?|数量|数目|件箱数|板数|卷数|捆数|台数|包数|合计件数|总?(?:件数|箱数|托数|数量)|桶数|袋数|票件数|件数合计",
    "weight_kg": "计重|公斤|千克|(?:总|毛|净|计费|货物|实际)?重量?|总?毛重|总?净重|重|公斤数|吨位|吨数",
    "volume_m3": "(?:总|货物)?体积|方数|立方数?|材积|尺寸|规格尺寸|长宽高|外箱尺寸",
    "pickup": "(?:上门)?(?:提货|取货|取件|装货|装车|出货|派车|来车|备货|货好|发货|揽收|揽件|要车|用车|提|托运)(?:日期|时间|日)|(?:预约|期望|要求)(?:提货|取件|取货|上门)(?:日期|时间)|上门时间",
    "pickup_time": "(?:提货|取货|取件|装货|上门)(?:时段|钟点|时刻)|时间段|时段",
    "deliver_by": "要求到货|限期|(?:要求|期望|预计|最晚|最迟)?(?:到货|送达|送货|到达|交货|派送|收货|交付)(?:日期|时间|期限?|时限|日)|时效(?:要求)?|交期|送达要求",
    "mode": "(?:运输|发运|货运|承运|托运|运送|服务)(?:方式|类型|模式|工具)|运输|(?:发货|走货|物流|配送)?方式|走货",
    "payment": "(?:付款|支付|结算|结费|运费|运杂费|付费|费用)(?:方式|结算|支付|承担)?(?:方式)?|运费付款方|付款人",
    "declared_value_cny": "(?:声明|申明|申报|保险|货物|投保|保价|报价)(?:价值|金额|货值|值|费用|额)|货值|保价|价值|货物总值",
    "remarks": "备注(?:说明)?|说明|特殊(?:要求|说明)|其[他它](?:要求|说明|事项)?|注意事项|附注|要求",
    "dangerous": "(?:是否|有无|是否有|是否含|是否为?)?(?:危险品|危险货物|危化品|违禁品|危险品申报|危品)",
    "contact.name": "(?:下单|订单|业务|我方|本司|委托)?(?:联系人|经办人|下单人|制单人?|申请人|对接人)",
    "contact.phone": "(?:联系人|经办人|下单人)(?:电话|手机|联系方式|手机号)|回访电话|短信手机",
}  # fmt: skip
_BARE_ZH = {
    "phone": _PHONE_ZH,
    "place": "(?:详细|具体|联系)?地址|省市区|城市|省份|区县",
    "name": "姓名",
    "time": "时间",
}
_TO_EN = r"consignee|receiver|recipient|ship(?:ped|ping)? to|deliver(?:y|ed)?(?: to)?|destination|sold to|to|unloading"
_FROM_EN = r"consignor|shipper|sender|ship(?:ped|ping)? from|pick ?up(?: (?:from|at))?|collect(?:ion)?(?: (?:from|at))?|origin|loading|from"
_NAME_EN = r"name|contact(?: name| person)?|person|attn|attention"
_PHONE_EN = r"(?:contact )?(?:tel|phone|mobile|cell|telephone|contact|phone no|tel no|mobile no)(?: ?number| no)?"
_PLACE_EN = r"(?:full |street )?address|city|place|location|port|warehouse|site|province|district"
_PARTY_EN = re.compile(
    rf"(?:(?P<to>{_TO_EN})|(?P<from>{_FROM_EN}))(?:'s)?"
    rf"(?: (?:(?P<phone>{_PHONE_EN})|(?P<name>{_NAME_EN})|(?P<place>{_PLACE_EN})))?"
)
_FIELDS_EN = {
    "customer.name": r"(?:booking|ordering|account) party|customer(?: name)?|company(?: name)?|client|account name|shipper company",
    "customer.account": r"(?:account|contract|customer)(?: number| no| code| id)?|acct",
    "goods": r"(?:description(?: of(?: the)? goods)?|goods(?: description)?|cargo(?: description)?|commodity|product|item|contents?)",
    "packaging": r"pack(?:ag|k)ing(?: type)?|package type|packed in",
    "pieces": r"(?:no\.? of |number of |total )?(?:pieces|pcs|packages|pkgs|cartons|ctns|boxes|pallets|units)|qty|quantity",
    "weight_kg": r"(?:total |gross |net |g\.?)? ?(?:weight|wt|gw|kgs?)|[gn] ?wt?",
    "volume_m3": r"(?:total )?(?:volume|vol|cbm|measurements?|dimensions?|dims|size)",
    "pickup": r"(?:requested )?(?:pick ?up|collection|loading|ready|ship(?:ping|ment)?|cargo ready)(?: date| day)?(?: ?(?:and|&|/) ?time)?",
    "pickup_time": r"(?:pick ?up|collection|loading)(?: time| window| hours| slot)",
    "deliver_by": r"(?:deliver(?:y)?(?: by| date| deadline| due| required by)|required (?:by|date)|due(?: date)?|eta|deadline|required delivery(?: date)?)",
    "mode": r"(?:mode|transport|shipping|freight|service)(?: (?:mode|method|type|of transport))?|ship via",
    "payment": r"payment(?: terms?| method)?|freight(?: charges?| terms?| payment)|billing|paid by|terms",
    "declared_value_cny": r"(?:declared|insured|cargo|goods) ?value|value|insurance(?: value)?",
    "remarks": r"remarks?|notes?|comments?|special (?:instructions?|requirements?)|instructions?",
    "dangerous": r"dangerous(?: goods?)?|hazardous(?: (?:goods|materials?|cargo))?|hazmat|dg",
    "contact.name": r"(?:our )?contact(?: name| person)?|booked by|ordered by|requested by",
    "contact.phone": r"(?:our )?contact (?:phone|mobile|tel|number)|mobile for sms",
}  # fmt: skip
_BARE_EN = {
    "phone": _PHONE_EN,
    "place": r"(?:full |street )?address|city",
    "name": r"name|attn|attention",
}

_UNITS = "公斤|千克|kgs?|吨|t|斤|g|克|立方米|立方|m3|m³|cbm|方|万元|元|rmb|cny|cm|mm|厘米|毫米|米|m|lbs?|件|箱|托|pcs|ctns?"
_UNIT = re.compile(rf"[(\[/](?:单位[:]?)?({_UNITS})[)\]]?$|[(\[](?:单位[:]?)?({_UNITS})[)\]]")
_NOISE = re.compile(r"^[\s*\-·•●■◆#（(]*(?:\d{1,2}[.、)]\s*)?|[\s*:：_]+$")
_ASIDE = re.compile(r"[(\[][^)\]]*[)\]]")
#: Characters that recognition of pages takes for others; no label has the former.
_LOOK_ALIKE = str.maketrans("入曰亻", "人日人")
#: A label longer than this is a sentence.
_LONGEST = 32
_WEAK_WHO = frozenset({"单位", "公司", "客户", "厂", "厂家"})


def label(text: str) -> Label | None:
    """What a text names, if it is a label and nothing more."""
    if len(text) > _LONGEST or not text.strip():
        return None
    return _label(text)


_BRACKETED = re.compile(r"[(\[]([^()\[\]]+)[)\]]")
_TITLE = re.compile(
    r"(?:基本)?(?:信息|资料|情况|详情|栏)$|(?<=[a-z]) (?:details?|information|info)$"
)


def title(text: str) -> str:
    """The party that a text such as 收货方, 发件人信息 or "Consignee details" names, or nothing."""
    plain = _TITLE.sub("", unicodedata.normalize("NFKC", text).strip(" :：").lower())
    named = label(plain)
    return named.party if named is not None and named.what == "name" else ""


_COMMON = (
    "收货人 收货方 收货单位 收货地址 收货电话 收货人电话 收货人姓名 收货人地址 收件人 收件地址 收件电话 "
    "发货人 发货方 发货单位 发货地址 发货电话 发货人电话 发货人姓名 发件人 寄件人 托运人 托运单位 托运方 "
    "提货地址 提货时间 提货日期 取货地址 取货时间 送货地址 到货地址 到货时间 目的地 始发站 目的站 到站 "
    "客户名称 公司名称 单位名称 委托单位 联系人 联系电话 手机号码 电话 手机 地址 详细地址 "
    "货物名称 货名 品名 件数 数量 箱数 包装 包装方式 重量 毛重 总重量 体积 备注 "
    "运输方式 付款方式 结算方式 支付方式 声明价值 保价金额"
).split()
#: Longer labels may be told by all characters but one; shorter ones only in a row of labels.
_TELLING = 3


def near(text: str, *, among_labels: bool) -> str:
    """The label that a text with one wrong character is, or nothing.

    Args:
        among_labels: most texts beside it are labels.
    """
    plain = text.strip(" :：")
    if label(plain) is not None or (len(plain) < _TELLING and not among_labels):
        return ""
    alike = [known for known in _COMMON if one_off(plain, known)]
    return alike[0] if len({label(known) for known in alike}) == 1 else ""


def composite(text: str) -> tuple[Label, ...]:
    """What a text such as 件数/重量 or "Pieces & weight" names; nothing where it names one thing."""
    plain = unicodedata.normalize("NFKC", text).strip(" :：")
    parts = [label(part) for part in _BOTH.split(plain)]
    named = tuple(part for part in parts if part is not None)
    return named if len(named) == len(parts) and len({n.what for n in named}) > 1 else ()


_BOTH = re.compile(
    r"\s*[/、&+]\s*|(?<=[\u4e00-\u9fff])[及和与](?=[\u4e00-\u9fff])|\s+and\s+", re.IGNORECASE
)


@lru_cache(maxsize=4096)
def _label(text: str) -> Label | None:
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = _NOISE.sub("", _bare_text(plain)).replace("*", "").translate(_LOOK_ALIKE).strip()
    found = _UNIT.search(plain)
    unit = next((g for g in found.groups() if g), "") if found else ""
    plain = _UNIT.sub("", plain)
    plain = _ASIDE.sub("", plain)
    chinese = any("\u4e00" <= c <= "\u9fff" for c in plain)
    # 收货人/Consignee, Consignee 收货人: one language says enough.
    if chinese and re.search(r"[a-z]", plain):
        plain = re.sub(r"[^\u4e00-\u9fff]+", "", plain)
    plain = re.sub(r"\s+", "" if chinese else " ", re.sub(r"[._/\\:：]+", " ", plain)).strip()
    if not plain:
        return None
    named = _zh(plain) if chinese else _en(plain)
    return Label(named.what, named.party, unit, named.weak) if named else None


def _bare_text(plain: str) -> str:
    """A text without brackets around it, and without accents, which recognition makes of specks."""
    inside = _BRACKETED.fullmatch(plain.strip())
    plain = inside[1] if inside else plain
    if not plain.isascii() and not any("\u4e00" <= c <= "\u9fff" for c in plain):
        plain = "".join(
            c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c)
        )
    return plain


def _zh(plain: str) -> Label | None:
    return _field(plain, _FIELDS_ZH) or _party(plain, _PARTY_ZH) or _bare(plain, _BARE_ZH)


def _en(plain: str) -> Label | None:
    return (
        _field(plain, _FIELDS_EN)
        or _party(plain, _PARTY_EN)
        or _bare(plain, _BARE_EN)
        # Recognition loses spaces: COLLECTFROM.
        or (_en(split) if (split := _SPLIT_EN.get(plain)) else None)
    )


def _together(words: str) -> dict[str, str]:
    return {word.replace(" ", ""): word for word in words.split("|")}


_SPLIT_EN = _together(
    "ship to|ship from|shipping to|shipping from|deliver to|delivery to|delivery address|collect from|collection from|"
    "pick up from|pickup address|pickup date|pickup time|collection date|collection address|consignee name|"
    "consignee phone|consignee address|receiver name|receiver phone|receiver address|shipper name|shipper phone|"
    "shipper address|sender name|sender phone|customer name|company name|description of goods|goods description|"
    "gross weight|net weight|total weight|number of pieces|no of pieces|total pieces|declared value|payment terms|"
    "payment method|freight terms|freight charges|special instructions|contact name|contact person|contact phone|"
    "phone number|tel no|account number|required delivery date|delivery date"
)


def _field(plain: str, fields: dict[str, str]) -> Label | None:
    for name, pattern in fields.items():
        if re.fullmatch(pattern, plain):
            party = name.partition(".")[0] if name.startswith("contact") else ""
            return Label(name, party)
    return None


def _party(plain: str, pattern: re.Pattern[str]) -> Label | None:
    match = pattern.fullmatch(plain)
    if match is None:
        return None
    said = {key for key, value in match.groupdict().items() if value}
    party = "consignee" if "to" in said else "consignor"
    if "phone" in said:
        return Label("phone", party)
    if "place" in said or plain in _PLACES or match[0] in {"目的", "始发", "起运"}:
        return Label("place", party)
    who = match.groupdict().get("who") or ""
    if who or "name" in said or plain in _PERSONS:
        return Label("name", party, weak=who in _WEAK_WHO)
    return None


#: English words that stand alone for a place or for a person.
_PLACES = frozenset(
    "destination|origin|ship to|deliver to|delivery to|shipping to|ship from|shipping from|pickup from|pick up from|"
    "collection from|collect from|collect at|pickup at|pick up at|to|from".split("|")
)
_PERSONS = frozenset("consignee|receiver|recipient|consignor|shipper|sender".split("|"))


def _bare(plain: str, bare: dict[str, str]) -> Label | None:
    for what, pattern in bare.items():
        if re.fullmatch(pattern, plain):
            return Label(what)
    return None
