"""Sentences for `benchmarks.parse`: templates with their own wording, and values said aloud."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from models.call import Lang
from models.fields import Value


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said, what was asked, and the fields that it says."""

    text: str
    slot: str | None
    fields: dict[str, object]
    known: dict[str, Value] = field(default_factory=dict)


#: Said, province, city, district.
_PLACES_ZH = (
    ("上海市闵行区", "上海市", "上海市", "闵行区"), ("深圳宝安", "广东省", "深圳市", "宝安区"),
    ("广东省佛山市顺德区", "广东省", "佛山市", "顺德区"), ("苏州昆山", "江苏省", "苏州市", "昆山市"),
    ("成都市武侯区", "四川省", "成都市", "武侯区"), ("杭州萧山", "浙江省", "杭州市", "萧山区"),
    ("天津西青区", "天津市", "天津市", "西青区"), ("武汉市汉阳区", "湖北省", "武汉市", "汉阳区"),
    ("重庆渝北", "重庆市", "重庆市", "渝北区"), ("青岛市黄岛区", "山东省", "青岛市", "黄岛区"),
    ("长沙县", "湖南省", "长沙市", "长沙县"), ("西安雁塔区", "陕西省", "西安市", "雁塔区"),
)  # fmt: skip
_STREETS_ZH = (
    ("七宝镇沪松公路", "号"),
    ("人民南路", "号"),
    ("创新大道", "号"),
    ("银桂巷", "号"),
    ("解放西街", "号"),
)
_PEOPLE_ZH = ("李建国", "孙丽", "欧阳娜", "赵明辉", "周涛", "黄晓燕", "马超", "郑凯文", "曹雪")
_GOODS_ZH = (
    "轴承",
    "儿童服装",
    "办公家具",
    "茶叶",
    "电线",
    "打印纸",
    "汽车轮胎",
    "瓷砖",
    "塑料颗粒",
    "宠物食品",
)
_DIGITS_ZH = "零幺二三四五六七八九"
_PLAIN_ZH = "零一二三四五六七八九"


def said_zh(number: int) -> str:
    """A whole number below 100,000 in full Mandarin."""
    if number >= 10_000:
        rest = number % 10_000
        tail = ("零" if rest < 1000 else "") + said_zh(rest) if rest else ""
        return said_zh(number // 10_000) + "万" + tail
    text, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if zero and text else "") + _PLAIN_ZH[digit] + name
            zero = False
        else:
            zero = bool(text)
    return text[1:] if text.startswith("一十") else text


def _phone_zh(rng: random.Random) -> tuple[str, str]:
    number = rng.choice(("138", "159", "186", "177")) + "".join(rng.choices("0123456789", k=8))
    said = "".join(_DIGITS_ZH[int(d)] for d in number)
    return (said if rng.random() < 0.7 else number), f"+86{number}"


def _place_zh(rng: random.Random, role: str) -> tuple[str, dict[str, object]]:
    said, province, city, district = rng.choice(_PLACES_ZH)
    street, unit = rng.choice(_STREETS_ZH)
    number = rng.randrange(2, 999)
    fields: dict[str, object] = {
        f"{role}.province": province, f"{role}.city": city, f"{role}.district": district,
        f"{role}.detail": f"{street}{number}{unit}",
    }  # fmt: skip
    return f"{said}{street}{said_zh(number)}{unit}", fields


def _route_zh(rng: random.Random, now: datetime) -> Sentence:
    one, left = _place_zh(rng, "origin")
    two, right = _place_zh(rng, "destination")
    form = rng.choice((
        f"您好帮我安排一票货，由{one}运到{two}",
        f"麻烦您来{one}提货，货要送去{two}",
        f"起运地{one}，目的地{two}",
        f"货在{one}，到{two}的",
    ))  # fmt: skip
    return Sentence(form, "open", {**left, **right})


def _receiver_zh(rng: random.Random, now: datetime) -> Sentence:
    name, (said, phone) = rng.choice(_PEOPLE_ZH), _phone_zh(rng)
    form = rng.choice((
        f"收件人叫{name}，他的手机是{said}", f"{name}，{said}", f"您记一下，收货的是{name}，联系电话{said}",
        f"让{name}收，号码{said}", f"是{name}{said}",
    ))  # fmt: skip
    return Sentence(form, "consignee", {"consignee.name": name, "consignee.phone": phone})


def _load_zh(rng: random.Random, now: datetime) -> Sentence:
    goods, pieces, weight = rng.choice(_GOODS_ZH), rng.randrange(2, 90), rng.randrange(11, 990) * 10
    unit, packaging = rng.choice(
        (("件", None), ("个纸箱", "纸箱"), ("个木箱", "木箱"), ("托", "托盘"), ("袋", "袋"))
    )
    count = ("两" if pieces == 2 else said_zh(pieces)) + unit
    form = rng.choice((
        f"这批是{goods}，总共{count}，毛重{said_zh(weight)}公斤", f"{goods}{count}{said_zh(weight)}公斤左右",
        f"{count}{goods}，大概有{said_zh(weight)}千克", f"要发{count}{goods}，称下来{said_zh(weight * 2)}斤",
    ))  # fmt: skip
    fields: dict[str, object] = {"goods": goods, "pieces": pieces, "weight_kg": float(weight)}
    if packaging:
        fields["packaging"] = packaging
    return Sentence(form, "goods", fields)


def _amounts_zh(rng: random.Random, now: datetime) -> Sentence:
    tens, each = rng.randrange(2, 9), rng.randrange(2, 20)
    return rng.choice((
        Sentence(f"一共{said_zh(tens)}吨半", "weight", {"weight_kg": tens * 1000 + 500.0}),
        Sentence(f"{said_zh(each)}托，每托{said_zh(each * 10 + 100)}公斤", "pieces",
                 {"pieces": each, "packaging": "托盘", "weight_kg": float(each * (each * 10 + 100))}),
        Sentence(f"体积{said_zh(tens)}点{_PLAIN_ZH[tens]}个立方", "volume", {"volume_m3": float(f"{tens}.{tens}")}),
        Sentence(f"{_PLAIN_ZH[tens]}百{_PLAIN_ZH[10 - tens]}公斤", "weight", {"weight_kg": tens * 100.0 + (10 - tens) * 10}),
        Sentence(f"货值大概{said_zh(tens)}万块", "declared_value", {"declared_value_cny": tens * 10000.0}),
        Sentence(f"{said_zh(each + 20)}件，啊不对，是{said_zh(each)}件", "pieces", {"pieces": each}),
    ))  # fmt: skip


def _pickup_zh(rng: random.Random, now: datetime) -> Sentence:
    days, word = rng.choice(((0, "今天"), (1, "明天"), (2, "后天"), (3, "大后天")))
    hour = rng.randrange(1, 5)
    day = (now + timedelta(days=days)).date().isoformat()
    start, end = f"{day}T{hour + 12}:00", f"{day}T{hour + 13}:30"
    one, two = (
        ("两" if hour == 2 else _PLAIN_ZH[hour]),
        ("两" if hour == 1 else _PLAIN_ZH[hour + 1]),
    )
    return rng.choice((
        Sentence(f"{word}下午{one}点到{two}点半之间过来拉", "pickup",
                 {"pickup_date": day, "pickup_start": start, "pickup_end": end}),
        Sentence(f"司机{word}下午{one}点上门就行", "pickup", {"pickup_date": day, "pickup_start": start}),
        Sentence(f"{word}下午{one}点之前一定要送到客户那里", "deliver_by", {"deliver_by": start}),
    ))  # fmt: skip


def _terms_zh(rng: random.Random, now: datetime) -> Sentence:
    mode, how = rng.choice(
        (
            ("air", "走空运吧"),
            ("road", "汽运就可以"),
            ("rail", "走铁路"),
            ("road", "用卡车拉"),
            ("warehouse", "先放你们那儿入仓"),
        )
    )
    payment, paid = rng.choice(
        (("monthly", "钱我们月结"), ("collect", "运费到付"), ("prepaid", "运费我们现付"))
    )
    return rng.choice((
        Sentence(f"{how}，{paid}", "mode", {"mode": mode, "payment": payment}),
        Sentence(paid, "payment", {"payment": payment}), Sentence(how, "mode", {"mode": mode}),
    ))  # fmt: skip


def _correction_zh(rng: random.Random, now: datetime) -> Sentence:
    old, new = rng.sample(range(11, 95), 2)
    known: dict[str, Value] = {"pieces": old, "weight_kg": old * 10.0, "pickup_date": "2026-11-25"}
    return rng.choice((
        Sentence(f"重量搞错了，应该是{said_zh(new * 10)}公斤", "confirm", {"weight_kg": new * 10.0}, known),
        Sentence(f"不是{said_zh(old)}件，是{said_zh(new)}件", "confirm", {"pieces": new}, known),
        Sentence(f"件数改成{said_zh(new)}", "confirm", {"pieces": new}, known),
        Sentence("提货日期麻烦换成后天", "confirm", {"pickup_date": "2026-11-26"}, known),
    ))  # fmt: skip


_PLACES_EN = (
    ("Minhang, Shanghai", "上海市", "上海市", "闵行区"), ("Shenzhen Bao'an", "广东省", "深圳市", "宝安区"),
    ("Kunshan, Suzhou", "江苏省", "苏州市", "昆山市"), ("Chengdu", "四川省", "成都市", None),
    ("Xiaoshan District, Hangzhou", "浙江省", "杭州市", "萧山区"), ("Qingdao", "山东省", "青岛市", None),
    ("Wuhan", "湖北省", "武汉市", None), ("Nanshan, Shenzhen", "广东省", "深圳市", "南山区"),
)  # fmt: skip
_PEOPLE_EN = (
    "Robert Miller",
    "Helen Wang",
    "Kevin O'Brien",
    "Grace Liu",
    "David Chen",
    "Anna Schmidt",
)
_GOODS_EN = (
    "bearings",
    "children's clothing",
    "office furniture",
    "green tea",
    "ceramic tiles",
    "printing paper",
)
_WORDS_EN = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS_EN = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS_EN = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def said_en(number: int) -> str:
    """A whole number below 10,000 in English."""
    if number >= 1000:
        rest = number % 1000
        return f"{_WORDS_EN[number // 1000]} thousand" + (f" {said_en(rest)}" if rest else "")
    if number >= 100:
        rest = number % 100
        return f"{_WORDS_EN[number // 100]} hundred" + (f" and {said_en(rest)}" if rest else "")
    if number < 10:
        return _WORDS_EN[number]
    if number < 20:
        return _TEENS_EN[number - 10]
    return _TENS_EN[number // 10] + (f" {_WORDS_EN[number % 10]}" if number % 10 else "")


def _place_en(rng: random.Random, role: str) -> tuple[str, dict[str, object]]:
    said, province, city, district = rng.choice(_PLACES_EN)
    fields: dict[str, object] = {f"{role}.province": province, f"{role}.city": city}
    if district:
        fields[f"{role}.district"] = district
    if rng.random() < 0.6:
        number, street = (
            rng.randrange(10, 99),
            rng.choice(("Renmin Road", "Huaihai Road", "Jiefang Avenue")),
        )
        fields[f"{role}.detail"] = f"{number} {street}"
        return f"{said_en(number)} {street}, {said}", fields
    return said, fields


def _phone_en(rng: random.Random) -> tuple[str, str]:
    number = rng.choice(("138", "159", "186")) + "".join(rng.choices("0123456789", k=8))
    words, index = [], 0
    while index < len(number):
        if index + 1 < len(number) and number[index] == number[index + 1]:
            words += ["double", _WORDS_EN[int(number[index])]]
            index += 2
        else:
            words.append(_WORDS_EN[int(number[index])])
            index += 1
    return " ".join(words), f"+86{number}"


def _english(rng: random.Random, now: datetime) -> Sentence:
    kind = rng.randrange(8)
    if kind == 0:
        one, left = _place_en(rng, "origin")
        two, right = _place_en(rng, "destination")
        form = rng.choice(
            (
                f"I'd like to book a shipment from {one} to {two}",
                f"we need something collected at {one} and delivered to {two}",
            )
        )
        return Sentence(form, "open", {**left, **right})
    if kind == 1:
        name, (said, phone) = rng.choice(_PEOPLE_EN), _phone_en(rng)
        form = rng.choice(
            (
                f"the receiver is {name} and the number is {said}",
                f"{name}, {said}",
                f"it's {name}, mobile {said}",
            )
        )
        return Sentence(form, "consignee", {"consignee.name": name, "consignee.phone": phone})
    if kind == 2:
        goods, pieces, weight = (
            rng.choice(_GOODS_EN),
            rng.randrange(2, 60),
            rng.randrange(11, 99) * 10,
        )
        pack = rng.choice(("pallets", "cartons", "crates"))
        form = rng.choice(
            (
                f"it's {said_en(pieces)} {pack} of {goods}, {said_en(weight)} kilos in total",
                f"{said_en(pieces)} {pack} of {goods} weighing about {weight} kg",
            )
        )
        return Sentence(
            form,
            "goods",
            {"goods": goods, "pieces": pieces, "packaging": pack, "weight_kg": float(weight)},
        )
    if kind == 3:
        tons = rng.randrange(2, 9)
        return rng.choice((
            Sentence(f"around {_WORDS_EN[tons]} and a half tons", "weight", {"weight_kg": tons * 1000 + 500.0}),
            Sentence(f"{said_en(tons)} pallets at {said_en(tons * 20)} kilos each", "pieces", {"pieces": tons, "packaging": "pallets", "weight_kg": tons * tons * 20.0}),
            Sentence(f"{said_en(tons)} point five cubic meters", "volume", {"volume_m3": tons + 0.5}),
        ))  # fmt: skip
    if kind == 4:
        hour = rng.randrange(1, 6)
        day = (now + timedelta(days=1)).date().isoformat()
        return rng.choice((
            Sentence(f"tomorrow at {_WORDS_EN[hour]} p.m. please", "pickup", {"pickup_date": day, "pickup_start": f"{day}T{hour + 12}:00"}),
            Sentence(f"your driver can come between {_WORDS_EN[hour]} and {_WORDS_EN[hour + 1]} tomorrow afternoon", "pickup", {"pickup_date": day, "pickup_start": f"{day}T{hour + 12}:00", "pickup_end": f"{day}T{hour + 13}:00"}),
            Sentence("it has to be there by Friday", "deliver_by", {"deliver_by": "2026-11-27"}),
        ))  # fmt: skip
    if kind == 5:
        return rng.choice((
            Sentence("we'd like it to go by air", "mode", {"mode": "air"}), Sentence("by truck is fine", "mode", {"mode": "road"}),
            Sentence("the receiver pays", "payment", {"payment": "collect"}), Sentence("put it on our monthly account", "payment", {"payment": "monthly"}),
            Sentence("train please, and it's prepaid", "mode", {"mode": "rail", "payment": "prepaid"}),
        ))  # fmt: skip
    old, new = rng.sample(range(11, 95), 2)
    known: dict[str, Value] = {"pieces": old, "weight_kg": old * 10.0}
    if kind == 6:
        return rng.choice((
            Sentence(f"no, the weight should be {said_en(new * 10)} kilos", "confirm", {"weight_kg": new * 10.0}, known),
            Sentence(f"not {said_en(old)} pieces, {said_en(new)} pieces", "confirm", {"pieces": new}, known),
        ))  # fmt: skip
    return Sentence(
        f"{said_en(old)} boxes, sorry, {said_en(new)} boxes",
        "pieces",
        {"pieces": new, "packaging": "boxes"},
    )


_ZH = (_route_zh, _receiver_zh, _load_zh, _amounts_zh, _pickup_zh, _terms_zh, _correction_zh)


def sentences(lang: Lang, count: int, rng: random.Random, now: datetime) -> Iterator[Sentence]:
    """`count` sentences with drawn values."""
    for _ in range(count):
        yield rng.choice(_ZH)(rng, now) if lang == "zh" else _english(rng, now)


def _pairs(yes: str, no: str) -> tuple[tuple[str, str], ...]:
    return (*((t, "yes") for t in yes.split("|")), *((t, "no") for t in no.split("|")))


ANSWERS_ZH = _pairs(
    "对|对的|嗯|嗯嗯|是|是的是的|没错没错|可以的|行|好嘞|没问题|没有问题的|对对对|嗯对|正确|都对|全对|好的没问题|可以就这样|"
    "确认|是这样的|对就是这个|没毛病|挺好的就这样|嗯没错|行吧|说得没错|一点问题没有|好好好|同意",
    "不对|不是|不|错了|不对不对|不是的|没有|不行|不可以|有问题|有个地方不对|这个错了|不太对吧|好像不对|否|不正确|你弄错了|"
    "不用|不需要|还不行|先不要|不对吧|嗯不对|哦不是|这里有误|没有啊|不好意思不对|对不起，不是|重量不对|不是这样的",
)
ANSWERS_EN = _pairs(
    "yes|yeah|yep|that's right|correct|sure|okay|ok that's fine|exactly|all good|no problem|looks good to me|yes please|"
    "right|sounds good|perfect|absolutely|you got it right|mm-hmm|that is correct|yes that's it|no issues",
    "no|nope|not really|that's wrong|incorrect|no that's not right|it isn't|no thanks|not correct|something's wrong|nah|"
    "that's not it|i don't think so|negative|there's a mistake|absolutely not|not quite|no it's not",
)

_DANGEROUS_ZH = (
    "我们发的是充电宝|二十箱指甲油|有一些天那水|就几块干冰|里面有磁铁|一箱杀虫喷雾|香水礼盒|锂电池五百个|打火机|摩丝和发胶|"
    "十桶油漆|汽油样品|烟花爆竹|硫酸两桶|农药|双氧水|酒精消毒液|电动滑板车|气雾剂|几瓶白酒|电瓶|灭火器|胶水|氧气瓶|血液样本|"
    "丙酮|卡式炉气罐|自喷漆|水银温度计|活性炭|烧碱|液化气罐|电子烟油|移动电源|强力磁铁|甲醇"
)
_SAFE_ZH = (
    "五十箱苹果|一批服装|机器零件|轴承|茶叶|办公椅|图书教材|钢管|瓷砖|塑料颗粒|大米|饼干糖果|牛仔裤|不锈钢水杯|电缆|玻璃杯|"
    "棉布|毛巾|矿泉水|木地板|螺丝|口罩|打印纸|自行车|齿轮箱|纸尿裤|儿童玩具积木|陶瓷餐具|奶粉|轮胎|电池盒空的塑料件|不带电池的玩具|没有电池的遥控器外壳"
)
_DANGEROUS_EN = (
    "a few power banks|twenty boxes of nail polish|paint thinner|dry ice|some magnets|insect spray|perfume|lithium batteries|"
    "lighters|hair spray|paint|fireworks|pesticides|hydrogen peroxide|hand sanitizer|electric scooters|aerosol cans|whisky|"
    "car batteries|fire extinguishers|glue|oxygen cylinders|acetone|spray paint|bleach|camping gas"
)
_SAFE_EN = (
    "fifty boxes of apples|clothes|machine parts|bearings|tea|office chairs|textbooks|steel pipes|ceramic tiles|rice|biscuits|"
    "jeans|stainless steel cups|cables|towels|mineral water|screws|face masks|printing paper|bicycles|gearboxes|toys without batteries"
)


def danger() -> Iterator[tuple[Lang, str, bool]]:
    """Language, goods as named, whether they are dangerous."""
    for text in _DANGEROUS_ZH.split("|"):
        yield "zh", text, True
    for text in _SAFE_ZH.split("|"):
        yield "zh", text, False
    for text in _DANGEROUS_EN.split("|"):
        yield "en", text, True
    for text in _SAFE_EN.split("|"):
        yield "en", text, False
