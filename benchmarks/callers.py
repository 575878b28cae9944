"""Synthetic callers: seeded order utterances in neural voices over a noisy telephone line."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from models.call import Lang
from nlp.meaning import Expectation
from nlp.verbalize import verbalize
from voice.audio import mulaw_to_pcm, pcm_to_mulaw, silence, to_float, to_pcm
from voice.ports import Synthesizer
from voice.synthesizers.cache import CachedSynthesizer
from voice.synthesizers.neural import NeuralOptions, NeuralSynthesizer

#: Voices that the assistant does not use.
VOICES: dict[Lang, Sequence[str]] = {
    "zh": ("zm_yunjian", "zm_yunxi", "zf_xiaoyi", "zf_xiaoxiao"),
    "en": ("am_michael",),
}
#: Signal over noise on the line, dB.
_SNR_DB = (12.0, 25.0)
_NOW = datetime(2026, 11, 24, 10, 0)


@dataclass(frozen=True, slots=True)
class Utterance:
    """What a caller says when asked for a slot, and how it sounds at the desk.

    Attributes:
        text: as spoken, in words.
        pcm: 8 kHz 16-bit, with 200 ms of line noise before and 300 ms after.
    """

    slot: str | None
    lang: Lang
    text: str
    pcm: bytes

    @property
    def expectation(self) -> Expectation:
        """What the desk had asked."""
        return Expectation(slot=self.slot, lang=self.lang, now=_NOW)


def utterances(seed: int, count: int, folder: Path, cache: Path) -> Iterator[Utterance]:
    """`count` utterances, two thirds of them Mandarin; equal for equal seeds.

    Args:
        folder: the neural voice's model.
        cache: keeps what was spoken, so that a second run need not synthesise it.
    """
    chance = random.Random(seed)
    cast = Cast(folder, cache)
    for index in range(count):
        lang: Lang = "en" if index % 3 == 2 else "zh"
        voice = chance.choice(VOICES[lang])
        slot, written = _say(chance, lang)
        spoken = cast.speak(voice, written, lang, rate=chance.uniform(0.9, 1.15))
        yield Utterance(slot, lang, verbalize(written, lang), on_the_line(spoken, chance))


class Cast:
    """Every caller's voice, made when it first speaks.

    Args:
        folder: the neural voice's model.
        cache: keeps what was spoken, so that a second run need not synthesise it.
    """

    def __init__(self, folder: Path, cache: Path) -> None:
        self._folder = folder
        self._cache = cache
        self._voices: dict[str, Synthesizer] = {}

    def speak(self, voice: str, written: str, lang: Lang, *, rate: float) -> bytes:
        """The text as 8 kHz 16-bit PCM, silence trimmed."""
        if voice not in self._voices:
            options = NeuralOptions(voices={"zh": voice, "en": voice})
            inner = NeuralSynthesizer(self._folder, options)
            self._voices[voice] = CachedSynthesizer(inner, self._cache)
        return self._voices[voice].speak(verbalize(written, lang), lang=lang, rate=rate)


#: Silence that `on_the_line` puts before speech, ms.
BEFORE_MS = 200


def on_the_line(speech: bytes, chance: random.Random, *, after_ms: int = 300) -> bytes:
    """The speech with pauses around it, line noise and mu-law's own."""
    clean = to_float(silence(BEFORE_MS) + speech + silence(after_ms))
    power = float(np.mean(to_float(speech) ** 2))
    snr = chance.uniform(*_SNR_DB)
    noise = np.random.default_rng(chance.getrandbits(32)).normal(0, 1, clean.size)
    hum = np.sin(2 * np.pi * 250 * np.arange(clean.size) / 8000)
    mixed = clean + (noise * 0.9 + hum * 0.6) * np.sqrt(power / 10 ** (snr / 10))
    level = chance.uniform(0.3, 1.0)
    return mulaw_to_pcm(pcm_to_mulaw(to_pcm((mixed * level).astype(np.float32))))


def _say(chance: random.Random, lang: Lang) -> tuple[str | None, str]:
    slots = _MANDARIN if lang == "zh" else _ENGLISH
    slot = chance.choice(list(slots))
    return (None if slot == "open" else slot), slots[slot](chance)


def _mobile(chance: random.Random) -> str:
    return "1" + chance.choice("3578") + "".join(chance.choices("0123456789", k=9))


def _place(chance: random.Random) -> str:
    areas = (
        "上海市浦东新区张江路", "广州市白云区机场路", "深圳市宝安区福永街道凤凰大道",
        "杭州市萧山区市心北路", "成都市双流区航空路", "武汉市东西湖区金银潭大道",
        "苏州市工业园区星湖街", "天津市滨海新区第三大街", "郑州市航空港区迎宾大道",
        "西安市未央区凤城八路",
    )  # fmt: skip
    return f"{chance.choice(areas)}{chance.randint(2, 998)}号"


def _person(chance: random.Random) -> str:
    given = chance.choice(
        ["伟", "敏", "建国", "丽华", "志强", "雪梅", "海涛", "晓燕", "文博", "玉兰"]
    )
    return chance.choice("王李张刘陈杨黄赵周吴徐孙马朱胡郭何林") + given


_GOODS = [
    "服装",
    "电子产品",
    "汽车配件",
    "机械零件",
    "锂电池",
    "医疗器械",
    "茶叶",
    "鞋子",
    "玩具",
    "塑料粒子",
    "化妆品",
    "油漆",
]
_PACKED = ["纸箱", "木箱", "托盘", "编织袋", "铁桶", "泡沫箱"]
_GOODS_EN = (
    "clothes", "car parts", "machine parts", "lithium batteries", "medical devices", "paint",
    "toys", "garden furniture",
)  # fmt: skip
_CITIES_EN = ("Shanghai", "Beijing", "Shenzhen", "Guangzhou", "Chengdu", "Hangzhou", "Tianjin")

_MANDARIN: dict[str, Callable[[random.Random], str]] = {
    "open": lambda c: (
        f"你好，我要发一批{c.choice(_GOODS)}，从{c.choice(('上海', '广州', '深圳'))}到"
        f"{c.choice(('北京', '成都', '西安'))}，一共{c.randint(3, 60)}件，"
        f"大概{c.randint(20, 900)}公斤。"
    ),
    "customer": lambda c: (
        f"我们公司叫{c.choice(('华通', '明达', '新宇', '永盛', '金桥'))}"
        f"{c.choice(('电子', '贸易', '机械', '纺织'))}有限公司。"
    ),
    "origin": lambda c: f"{_place(c)}。",
    "destination": lambda c: f"送到{_place(c)}。",
    "goods": lambda c: f"{c.choice(('是', '主要是', '都是'))}{c.choice(_GOODS)}。",
    "packaging": lambda c: f"用{c.choice(_PACKED)}包装的。",
    "pieces": lambda c: f"{c.choice(('一共', '总共', ''))}{c.randint(2, 200)}件。",
    "weight": lambda c: f"{c.choice(('大概', '差不多', '总重'))}{c.randint(15, 3000)}公斤。",
    "volume": lambda c: f"{c.randint(1, 30)}.{c.randint(1, 9)}个立方。",
    "pickup": lambda c: (
        f"{c.choice(('明天', '后天', '下周三', '今天'))}"
        f"{c.choice(('上午九点到十一点', '下午两点到四点', '下午三点半以后'))}。"
    ),
    "consignee": lambda c: f"收货人{_person(c)}，电话{_mobile(c)}。",
    "contact.phone": lambda c: f"{_mobile(c)}。",
    "payment": lambda c: c.choice(("月结。", "到付。", "现付，发货人付款。")),
    "mode": lambda c: c.choice(("走空运。", "铁路运输。", "公路，走汽运就行。")),
    "yes_no": lambda c: c.choice(
        ("对，没错。", "是的，确认。", "不对，件数错了。", "没有。", "可以的。", "不是的。")
    ),
}

_ENGLISH: dict[str, Callable[[random.Random], str]] = {
    "open": lambda c: (
        f"Hello, I'd like to send {c.randint(2, 40)} cartons of {c.choice(_GOODS_EN)} from "
        f"{c.choice(_CITIES_EN)} to {c.choice(_CITIES_EN)}."
    ),
    "origin": lambda c: f"It's {c.randint(2, 900)} Airport Road in {c.choice(_CITIES_EN)}.",
    "goods": lambda c: f"They are {c.choice(_GOODS_EN)}.",
    "pieces": lambda c: f"{c.randint(2, 90)} pieces in total.",
    "weight": lambda c: f"About {c.randint(15, 900)} kilos altogether.",
    "pickup": lambda c: c.choice(
        ("Tomorrow morning between nine and eleven.", "Next Tuesday after two in the afternoon.")
    ),
    "contact.phone": lambda c: f"{_mobile(c)}.",
    "yes_no": lambda c: c.choice(
        ("Yes, that's right.", "No, that's wrong.", "Correct.", "Yes please.", "No, nothing.")
    ),
}
