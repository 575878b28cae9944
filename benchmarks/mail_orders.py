"""What the mails order, and how a reading is scored against it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from models.fields import Value

Goal = Mapping[str, str]

#: When every mail was sent.
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))

_PLACES = {
    "dev": [
        ("上海市", "上海市", "浦东新区", "张江路88号"), ("北京市", "北京市", "朝阳区", "建国路93号"),
        ("广东省", "广州市", "天河区", "体育西路103号"), ("浙江省", "杭州市", "滨江区", "江南大道3588号"),
        ("江苏省", "苏州市", "昆山市", "前进东路386号"), ("四川省", "成都市", "武侯区", "天府大道1700号"),
    ],
    "held_out": [
        ("湖北省", "武汉市", "洪山区", "珞喻路1037号"), ("陕西省", "西安市", "雁塔区", "科技路25号"),
        ("福建省", "厦门市", "思明区", "湖滨南路57号"), ("山东省", "青岛市", "市南区", "香港中路40号"),
        ("天津市", "天津市", "滨海新区", "第三大街16号"), ("辽宁省", "大连市", "甘井子区", "软件园路8号"),
    ],
}  # fmt: skip
_PLACES_EN = {
    "dev": [
        ("北京市", "朝阳区", "93 Jianguo Road", "93 Jianguo Road, Chaoyang District, Beijing"),
        ("上海市", "浦东新区", "88 Zhangjiang Road", "88 Zhangjiang Road, Pudong, Shanghai"),
        ("广州市", "天河区", "103 Tiyu West Road", "103 Tiyu West Road, Tianhe, Guangzhou"),
    ],
    "held_out": [
        ("武汉市", "洪山区", "1037 Luoyu Road", "1037 Luoyu Road, Hongshan District, Wuhan"),
        ("青岛市", "市南区", "40 Hong Kong Middle Road", "40 Hong Kong Middle Road, Shinan District, Qingdao"),
        ("西安市", "雁塔区", "25 Keji Road", "25 Keji Road, Yanta District, Xi'an"),
    ],
}  # fmt: skip
_PEOPLE = {
    "dev": ["李雷", "韩梅梅", "王建国", "赵丽华", "陈晓东"],
    "held_out": ["周明轩", "孙雅琴", "吴国强", "郑小燕", "冯志远"],
}
_PEOPLE_EN = {"dev": ["Li Lei", "Han Meimei"], "held_out": ["Zhou Mingxuan", "Sun Yaqin"]}
_GOODS = {
    "dev": ["蓝牙耳机", "服装", "汽车配件", "电子元件", "书籍"],
    "held_out": ["陶瓷餐具", "健身器材", "办公用纸", "机械零件", "儿童玩具"],
}
_GOODS_EN = {"dev": ["machine parts", "books"], "held_out": ["ceramic tiles", "office paper"]}
_COMPANIES = {"dev": ["上海宏远电子有限公司"], "held_out": ["武汉东湖精密仪器有限公司"]}
_MODES = {"空运": "air", "铁路": "rail", "汽运": "road"}
_MODES_EN = {"air": "air", "rail": "rail", "road": "road"}
_PAYMENTS = {"月结": "monthly", "到付": "collect"}
_PICKUPS = {
    "明天下午2点": ("2026-11-25", "2026-11-25T14:00"),
    "11月26日上午9点": ("2026-11-26", "2026-11-26T09:00"),
    "2026-11-27 15:00": ("2026-11-27", "2026-11-27T15:00"),
}


class Said(dict[str, str]):
    """What one order says; knows which of it a layout has written down."""

    def __init__(self, *given: Mapping[str, str]) -> None:
        super().__init__()
        for some in given:
            self.update(some)
        self.written: set[str] = set()

    def __getitem__(self, key: str) -> str:
        self.written.add(key)
        return super().__getitem__(key)


#: What each of the layouts' names stands for.
_FIELDS = {
    "customer": ("customer.name",), "mode": ("mode",), "payment": ("payment",),
    "pickup": ("pickup_date", "pickup_start"), "sender": ("consignor.name",),
    "sender_phone": ("consignor.phone",), "goods": ("goods",), "pieces": ("pieces",),
    "kg": ("weight_kg",), "receiver": ("consignee.name",), "receiver_phone": ("consignee.phone",),
    "from": ("origin.city", "origin.district", "origin.detail"),
    "to": ("destination.city", "destination.district", "destination.detail"),
    "to_city": ("destination.city", "destination.district", "destination.detail"),
}  # fmt: skip


def written(said: Sequence[Said]) -> set[str]:
    """The fields that a mail holds."""
    keys = {key for order in said for key in order.written}
    return {field for key in keys for field in _FIELDS.get(key, ())}


def orders(
    half: str, layout: str, count: int, lang: str, seed: int
) -> tuple[list[Said], list[dict[str, Value]]]:
    """What a mail's orders say, and the fields that are right."""
    rng = random.Random(f"{half}:{layout}:{seed}")
    said: list[Said] = []
    right: list[dict[str, Value]] = []
    common = _common(rng, half, lang)
    people = rng.sample((_PEOPLE if lang == "zh" else _PEOPLE_EN)[half], 2 if lang == "en" else 4)
    for n in range(count):
        goal, fields = _one(rng, half, lang, people[n % len(people)])
        said.append(Said(common[0], goal))
        right.append({**common[1], **fields})
    return said, right


def _common(rng: random.Random, half: str, lang: str) -> tuple[dict[str, str], dict[str, Value]]:
    mode, mode_value = rng.choice(list((_MODES if lang == "zh" else _MODES_EN).items()))
    payment, payment_value = rng.choice(list(_PAYMENTS.items()))
    pickup, (day, start) = rng.choice(list(_PICKUPS.items()))
    said = {
        "customer": rng.choice(_COMPANIES[half]), "mode": mode, "payment": payment, "pickup": pickup,
        "sender": _PEOPLE[half][4], "sender_phone": _mobile(rng),
    }  # fmt: skip
    right: dict[str, Value] = {
        "customer.name": said["customer"], "mode": mode_value, "payment": payment_value,
        "pickup_date": day, "pickup_start": start, "consignor.name": said["sender"],
        "consignor.phone": f"+86{said['sender_phone']}",
    }  # fmt: skip
    if lang == "zh":
        province, city, district, detail = _PLACES[half][0]
        said["from"] = (city if province == city else province + city) + district + detail
    else:
        city, district, detail, written = _PLACES_EN[half][0]
        said["from"] = written
    right |= {"origin.city": city, "origin.district": district, "origin.detail": detail}
    return said, right


def _one(
    rng: random.Random, half: str, lang: str, person: str
) -> tuple[dict[str, str], dict[str, Value]]:
    pieces, kg = (
        rng.randint(2, 80),
        rng.choice([f"{rng.randint(20, 900)}", f"{rng.randint(20, 900)}.5"]),
    )
    goods = rng.choice((_GOODS if lang == "zh" else _GOODS_EN)[half])
    phone = _mobile(rng)
    said = {
        "goods": goods,
        "pieces": str(pieces),
        "kg": kg,
        "receiver": person,
        "receiver_phone": phone,
    }
    if lang == "zh":
        province, city, district, detail = rng.choice(_PLACES[half][1:])
        said |= {
            "to": (city if province == city else province + city) + district + detail,
            "to_province": province, "to_city": city, "to_detail": district + detail,
        }  # fmt: skip
    else:
        city, district, detail, said["to"] = rng.choice(_PLACES_EN[half][1:])
    right: dict[str, Value] = {
        "goods": goods, "pieces": pieces, "weight_kg": float(kg), "consignee.name": person,
        "consignee.phone": f"+86{phone}", "destination.city": city,
        "destination.district": district, "destination.detail": detail,
    }  # fmt: skip
    return said, right


def _mobile(rng: random.Random) -> str:
    return rng.choice(["138", "139", "186", "177"]) + "".join(rng.choices("0123456789", k=8))


def score(
    right: Sequence[Mapping[str, Value]],
    read: Sequence[Mapping[str, Value]],
    holds: set[str],
) -> tuple[int, int, int, list[str]]:
    """Fields that are right, wanted and read, and what is wrong in words.

    Only fields that the mail holds are wanted; another one that is read is wrong. An order that is
    missing loses all its fields; one too many has all of its fields wrong.
    """
    correct = wanted = got = 0
    wrong: list[str] = []
    rest = list(read)
    for goal in right:
        names = [name for name in goal if name in holds]
        best = max(rest, key=lambda r: sum(r.get(n) == goal[n] for n in names), default={})
        rest = [r for r in rest if r is not best]
        wanted += len(names)
        got += sum(name in goal for name in best)
        correct += sum(best.get(n) == goal[n] for n in names)
        wrong += [f"{n}: {best.get(n)!r} for {goal[n]!r}" for n in names if best.get(n) != goal[n]]
    got += sum(len(extra) for extra in rest)
    wrong += [f"one order too many: {extra!r}" for extra in rest]
    return correct, wanted, got, wrong
