"""Finds modes of transport, ways of payment, packagings and remarks in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.components.quantities import PACKAGING
from nlp.components.scene import Entity, Scene

_MODES = {
    "air": r"空运|航空(?!箱)|走飞机|飞机|空派|by air|air ?freight|\bair\b(?! (?:fresh|filter|compres|bag|condition|pump|tank|dust|cylinder|purif|mattress))|by plane|\bfl(?:y|own)\b",
    "rail": r"铁路|火车(?!站)|班列|高铁(?!站)|走铁|by (?:rail|train)|rail ?freight|\brail\b|\btrain\b",
    "road": r"公路(?!港)|汽运|陆运|卡车|货车|汽车(?:运输|送|走)|走汽车|专线|零担|整车|走陆|拖车|by (?:road|truck|lorry)|\btruck(?:ing|s)?\b(?! (?:part|tyre|tire|batter|driver))|\broad ?freight|\boverland\b|\bltl\b|\bftl\b|by land",
    "warehouse": r"仓储|入仓|存仓|存储|存放|寄存|仓配|入库|(?:放|存)(?:在|到|进)?(?:你们)?(?:的)?仓库|存着|代存|仓库存|warehous(?:ing|e storage)|\bstorage\b|\bto store\b|store (?:it|them) in",
}
_PAYMENTS = {
    "monthly": r"月结|账期|一个?月一结|每月(?:一)?结|按月(?:付|结)|月末结|月底(?:统一)?(?:结|付)|统一结算|合同结算|走合同|挂在?(?:公司)?账上?|记在?(?:公司)?账上?|月付|挂账|记账|按月结|月底结|月度结|monthly|on account|(?:bill|charge|put it on) (?:it )?(?:to )?our account",
    "collect": r"到付|货到付款|对方付|收货的?(?:人|方)付|收件(?:人|方)付|那边付|他们付|提付|freight collect|\bcollect(?= (?:payment|on delivery|please)|$)|(?:consignee|receiver|recipient|customer)(?: will| to| is going to)? pays?|(?:consignee|receiver|recipient|customer)(?:'s| is| will be) paying|cash on delivery|\bcod\b|pay(?:s|ment)? on (?:delivery|arrival)|\bcollect\b(?= (?:freight|instead|not|rather|and not|then|if)|[,.]|$)|(?<=make it )collect|(?<=payment is )collect|(?<=freight is )collect|\bthey(?:'ll| will) pay\b|(?:the )?other side pays",
    "prepaid": r"现付|预付|寄付|现结|先付|发货(?:人|方)付|寄件(?:人|方)付|我(?:们|方)?(?:这边|自己|来|直接)*付|现金|微信|支付宝|转账|刷卡|prepaid|pre-paid|prepay|(?:we|i|shipper|sender)(?:'ll| will)? pays?(?: upfront| now| in advance)?|paid in advance|pay now|up ?front",
}
_REMARKS = re.compile(
    r"(?:到了?|来了?|送货|到货|派送|提货|上门|来|装货|卸货)(?:之?前|的?时候)?(?:请|要|先|麻烦)?提前(?:个|大概)?(?:半个?小时|一个?小时|[一二两三四五六七八九十\d]+(?:分钟|个?小时)|一天)?(?:打个?电话|通知|联系|预约|打电话联系)|轻拿轻放|小心轻放|易碎|怕潮|怕摔|怕碰|怕晒|怕水|怕热|怕震|怕湿|防潮|防雨|防水|怕压|不[能要可]压|勿压|不[能要可]倒置|不[能要可]倒放|不[能要可]叠放|"
    r"(?:送货前|到货前|送前|提前|派送前|来之前|提货前|上门前)(?:请|要|先|麻烦)?(?:\d+分钟|半小时|一小时|一个小时)?(?:先)?(?:打?电话|通知|联系|预约)|"
    r"(?:需?要|得)?(?:带|有)(?:一辆?|有)?尾板(?:的)?(?:车辆?)?|(?:需?要)(?:一辆?)?尾板(?:的)?(?:车辆?)?|送货上门|要?上楼|(?:需?要)?叉车|(?:需?要)?回单|签回单|要冷藏|冷链|保温|加急|急件|"
    r"handle with care|fragile|keep (?:it )?(?:dry|upright|frozen|refrigerated)|do not (?:stack|tilt)|(?:please )?call (?:me |us |him |her |them )?(?:before|ahead of|prior to) (?:delivery|pick ?up|arrival|you (?:come|arrive))|"
    r"tail ?lift (?:needed|required)?|needs? a (?:tail ?lift|fork ?lift)|this side up|urgent(?!ly)"
)
_REMARK_CUE = re.compile(
    r"(?:备注(?:一下|里|上)?(?:写|说|是|：|，)*|另外注意(?:一下)?[，：]?|特别要求是?|remarks?(?: is| are|:)? |please note(?: that)? |special instructions?(?: is| are|:)? )(?P<body>[^，？]{2,60})"
)
_PACK_EN = (
    "wooden crate|wooden case|wooden box|wooden pallet|plastic pallet|plastic drum|steel drum|"
    "fibre drum|cardboard box|plywood case|jumbo bag|gunny bag|woven bag|cylinder|bundle|pallet|"
    "carton|crate|drum|barrel|sack|bag|roll|box|case|skid|tote|bale|coil|tub|pail|bucket|can|ibc"
)
_PACK_ZH = "|".join(sorted(PACKAGING, key=len, reverse=True))
_PACKED = re.compile(
    rf"(?P<zh>{_PACK_ZH}|打托|打木架|打板)(?:包装|装)?|(?:in|on|packed in|packed on|use|using) (?P<en>{_PACK_EN})(?:e?s)?\b"
)
_BARE_EN = re.compile(
    rf"(?:(?:it's|it is|they're|they are|all|just|mostly|in|on|some|we use) )*(?P<en>{_PACK_EN})(?:e?s)?\b"
)


def find(scene: Scene) -> Iterator[Entity]:
    """Values: `(field, value)` for `choice`; text for `packaging` and `remark`."""
    text = scene.text
    yield from find_named_remarks(scene)
    for match in _REMARKS.finditer(text):
        yield Entity("remark", *match.span(), match.group())
    for field, table in (("mode", _MODES), ("payment", _PAYMENTS)):
        for value, pattern in table.items():
            for match in re.finditer(pattern, text):
                yield Entity("choice", *match.span(), (field, value))
    bare = _BARE_EN.match(text) if scene.slot == "packaging" else None
    if bare:
        yield Entity("packaging", *bare.span("en"), plural(bare["en"]))
    for match in _PACKED.finditer(text):
        said = match["zh"] or plural(match["en"])
        yield Entity(
            "packaging",
            *match.span("zh" if match["zh"] else "en"),
            {"打托": "托盘", "打板": "托盘", "打木架": "木架"}.get(said, said),
        )


def find_named_remarks(scene: Scene) -> Iterator[Entity]:
    """What is called a remark, whatever else it could be: 备注，周末不收货 names no day."""
    for match in _REMARK_CUE.finditer(scene.text):
        yield Entity("remark", *match.span("body"), match["body"].strip())


def plural(noun: str) -> str:
    """The usual name of a packaging in an order: in the plural."""
    if noun.endswith(("x", "ch", "s")):
        return noun if noun.endswith("s") else noun + "es"
    return noun + "s"
