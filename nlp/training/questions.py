"""What a clerk's words do in a call with a customer: a small set of rules, zh and en (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.call import Lang


class Act(StrEnum):
    """What a clerk does with words, apart from asking for a value."""

    GREETS = "greets"
    CONFIRMS = "confirms"
    PROHIBITED = "prohibited"
    DANGER = "danger"
    GUIDES = "guides"
    LINK = "link"
    GOODBYE = "goodbye"


@dataclass(frozen=True, slots=True)
class Heard:
    """One turn of the clerk.

    Attributes:
        asks: whether it is a question at all.
        slots: what it asks for: names of `nlp.dialogue.slots`, flat names, or `mobile`.
    """

    acts: frozenset[Act]
    asks: bool
    slots: tuple[str, ...]


_ACTS: Mapping[Lang, Mapping[Act, str]] = {
    "zh": {
        Act.GREETS: r"[您你]好|早上好|上午好|下午好|晚上好|(很高兴)?为[您你]服务|(能|可以|需要)(为|帮)(到)?[您你]|欢迎(致电|来电)|感谢(您)?(致电|来电).*请问",
        Act.CONFIRMS: r"对吗|对不对|对吧|是吗|是吧|没错吧|正确吗|有没有错|有什么不对|确认一下|核对|可以吗|复述",
        Act.PROHIBITED: r"禁运|违禁|(不能|不可以|不允许|不准|不得)(上飞机|上火车|走|空运|寄|发|运|托运|夹带|装)|禁止(托运|运输|携带|上|寄|夹带)|严禁|(都|是|一律|也)?(不收|不接收|不承运|不予承运|拒收|收不了|运不了|发不了|寄不了|走不了)",
        Act.DANGER: r"危险(?!品?通知)|(易燃|易爆|腐蚀|有毒).*(吗|没有|有没有)|(这些|刚才说的)(物品|东西).*(吗|没有)|有没有.{0,4}(这些|刚才说的)(物品|东西)?|(里面|货里|里头|当中|其中).{0,6}(有|含|带)|有(没有)?(这|此|那)一?类",
        Act.GUIDES: r"电池|充电宝|液体|气体|喷雾|磁铁|磁性|粉末|油漆|酒精|干冰|香水",
        Act.LINK: r"短信|链接|(?<!不用)(?<!不必)(?<!无需)(?<!不需要)签(署|.{0,3}[字名])|通知函|危险品通知|告知书",
        Act.GOODBYE: r"再见|拜拜|再会|祝您(工作|生活|一切)",
    },
    "en": {
        Act.GREETS: r"\b(hello|hi|good (morning|afternoon|evening)|how (can|may) (i|we) (help|assist)|thank(s| you) for calling .*(speaking|help)|welcome to)\b",
        Act.CONFIRMS: r"\b(is (that|this|it|everything) (right|correct|all right|ok|okay)|correct\?|right\?|confirm|read (it|that|this|everything|the order)? ?back)",
        Act.PROHIBITED: r"\b(prohibited|forbidden|not allowed|must not|(cannot|can't|may not) (be |travel |go )?(fly|flown|shipped?|sent|carr(y|ied)|transport(ed)?|take|accept(ed)?|go)|(do not|don't|never) (carry|accept|take|ship|transport)|banned)\b",
        Act.DANGER: r"\b(dangerous|hazardous|flammable|explosives?|corrosive)\b|any of (these|those|them|that)\b|anything (like|of) (that|this)( kind| sort)?\b|(does|do|is|are) (it|they|the (goods|shipment|cargo)|your (goods|shipment|cargo)) (contain|include|have)\b",
        Act.GUIDES: r"\b(batter(y|ies)|power banks?|liquids?|gas(es)?|aerosols?|sprays?|magnets?|powders?|paint|alcohol|dry ice|perfumes?)\b",
        Act.LINK: r"\b(text message|sms|link|(?<!need to )(?<!have to )sign|(you|please|will) (need|have) to sign|signature|the notice)\b",
        Act.GOODBYE: r"\b(goodbye|good bye|bye)\b",
    },
}  # fmt: skip

#: What is named where somebody tells which goods are prohibited: that they are is not enough.
_KINDS: Mapping[Lang, str] = {
    "zh": r"易燃|易爆|爆炸|腐蚀|有毒|毒|放射|氧化|汽油|柴油|鞭炮|烟花|打火机|武器|化学|活(体|物)|货币|现金|"
    + _ACTS["zh"][Act.GUIDES],
    "en": r"\b(explosives?|fireworks?|flammables?|corrosives?|toxic|poison(ous)?|radioactive|petrol|"
    r"gasoline|lighters?|weapons?|chemicals?|live animals?|cash)\b|" + _ACTS["en"][Act.GUIDES],
}  # fmt: skip
#: Longer wordings first: what one rule matched is taken out before the next one looks.
_SLOTS: Mapping[Lang, tuple[tuple[str, str], ...]] = {
    "zh": (
        ("mobile", r"(手机号?|号码|短信|链接).{0,8}(发到|发给|发送|接收|收短信)|(发到|发给|发送到).{0,6}(手机|号码)|您的手机"),
        ("consignee", r"(收货人|收件人|收货方).{0,6}(电话|号码|手机|联系方式)|谁(来)?收"),
        ("consignee.name", r"收货人|收件人|收货方"),
        ("consignor", r"发货人|发件人"),
        ("contact", r"联系人|联系电话|怎么联系"),
        ("customer", r"公司|单位|客户名|(您|你)(是)?哪(里|家|位)|贵姓|怎么称呼"),
        ("destination", r"(送|发|寄|运|到)(到|往|去)?(哪|什么地(方|址))|目的地|收货(的)?地[址点]|送货(的)?地[址点]|卸货"),
        ("origin", r"(从|在|去|到)?哪(里|儿|个地方)?(提货|取货|发货|发出|装货)|(提|取|发|装)货(的)?地[址点]|始发|从哪|上门"),
        ("deliver_by", r"(什么时候|几号|何时|多久).{0,4}(送到|到货|要到|送达)|送达时间"),
        ("pickup", r"(什么时候|几点|哪天|几号|何时|时间).{0,6}(提|取|装|发)货?|(提|取|装)货(的)?(时间|日期)|时间"),
        ("packaging", r"包装|怎么包|用什么装"),
        ("pieces", r"多少(件|箱|个|票|包|托)|几(件|箱|个|包|托)|件数|数量"),
        ("weight", r"多重|重量|多少(公斤|千克|斤|吨)|总重|毛重"),
        ("volume", r"体积|多大|多少(个)?(立方|方)|尺寸"),
        ("declared_value", r"声明价值|保价|值多少|价值|货值"),
        ("payment", r"付款|怎么付|月结|到付|寄付|现付|结算|运费.*(谁|怎么)"),
        ("mode", r"空运|铁路|公路|汽运|运输方式|怎么(走|运|发)|走什么"),
        ("remarks", r"备注|特别(要求|注意)|其他要求|别的要求|还有(什么|别的|其他)"),
        ("goods", r"什么(货|东西|物品|货物|产品)|货物?(是|叫|名)|品名|托运什么|发什么|运什么|寄什么"),
    ),
    "en": (
        ("mobile", r"\b(which|what|your) (mobile|cell)\b|(link|text|sms|message)( message)? (be sent|go|to (this|which|what|your))|send (it|the link|the text|the message) to"),
        ("consignee", r"\b(receiver|consignee|recipient)('?s)? (phone|number|mobile|telephone)|name and (phone|number) of the (receiver|consignee|recipient)"),
        ("consignee.name", r"\b(receiver|consignee|recipient)\b|who (will )?receives?\b"),
        ("consignor", r"\b(consignor|sender|shipper)\b"),
        ("contact", r"\bcontact\b"),
        ("customer", r"\b(company|your name|who (am i|is) (speaking|calling)|who are you)\b"),
        ("destination", r"\bwhere (to|does it go|shall (it|we deliver)|is it going|do you want it)|deliver(y|ed)? (to|address)|destination|where .{0,30}\b(deliver|going|go to)"),
        ("origin", r"\bwhere .{0,30}\b(pick|collect|from)|pick-?\s?up (address|place|point)|from where|origin"),
        ("deliver_by", r"\b(when|what (day|date)) .{0,30}\b(arrive|deliver)|deadline"),
        ("pickup", r"\b(when|what time|what day|which day)\b|pick-?\s?up (time|date)"),
        ("packaging", r"\b(packag|packed|packing)"),
        ("pieces", r"\bhow many\b|number of (pieces|boxes|cartons)"),
        ("weight", r"\b(weigh|weight|how heavy|how many (kilos|kilograms))"),
        ("volume", r"\b(volume|cubic|how (big|large)|dimensions?)\b"),
        ("declared_value", r"\b(declared value|worth|value)\b"),
        ("payment", r"\b(pay|pays|payment|paid|account|prepaid|collect)\b"),
        ("mode", r"\b(by air|by rail|by road|mode|air,? (or )?rail|how (shall|should) (it|we) (go|ship|send))"),
        ("remarks", r"\b(remarks?|anything else|special)\b"),
        ("goods", r"\bwhat (goods|are (you|the goods)|is (it|in)|do you (want|wish|need)|would you|kind|would)|which goods|the goods"),
    ),
}  # fmt: skip
_ASKS: Mapping[Lang, str] = {
    "zh": r"[吗呢么？?]|请问|请说|哪|谁|什么|多少|多重|多大|几|怎么|是不是|有没有|报一下|说一下|告诉|贵姓",
    "en": r"\?|\b(what|which|where|when|who|how|please|could|can|may|tell|do|does|is|are|any)\b",
}


def heard(text: str, lang: Lang) -> Heard:
    """What a clerk's turn does, and what it asks for, in the order of the rules."""
    plain = text.lower()
    acts = frozenset(act for act, rule in _ACTS[lang].items() if re.search(rule, plain))
    if not re.search(_KINDS[lang], plain):
        acts -= {Act.PROHIBITED}
    if not re.search(_ASKS[lang], plain):
        return Heard(acts, asks=False, slots=())
    slots: list[str] = []
    for slot, rule in _SLOTS[lang]:
        rest = re.sub(rule, " ", plain)
        if rest != plain:
            slots.append(slot)
            plain = rest
    return Heard(acts, asks=True, slots=tuple(slots))


def asks_about_danger(turn: Heard) -> bool:
    """Whether dangerous goods are asked about, in general or by naming kinds of them.

    A notice that names the kinds is no question, whatever is asked behind it: the customer must
    be asked whether there are any.
    """
    kinds = Act.GUIDES in turn.acts and Act.PROHIBITED not in turn.acts
    return turn.asks and (Act.DANGER in turn.acts or kinds)
