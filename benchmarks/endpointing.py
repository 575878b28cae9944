"""Does the assistant let callers finish, and how soon does it know that they have?

Synthetic callers pause inside what they say: between the groups of a number, the parts of an
address, the sentences of an order. The real detector and endpointer decide; early recognition
is taken to be right and to need `recognition_ms`.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate

from api.config import Settings
from benchmarks import callers, scoring
from models.call import Lang
from nlp.completeness import is_complete
from nlp.dialogue.actions import Patience
from nlp.meaning import Expectation
from nlp.understand import Understander
from voice.answers import answers, as_utterance
from voice.audio import duration_ms, silence
from voice.catalog import Catalog
from voice.endpointing import Endpointer, PauseBegan, SpeechResumed, TurnEnded
from voice.ports import FRAME_MS, Hypothesis, frames
from voice.vad import SpeechDetector

#: The line is listened to for this long after the last word.
_AFTER_MS = 3_000
#: A turn that ends this much before the last word's end was cut off; the detector lets go of
#: a fading last syllable up to this much early.
_CUT_MS = 250
_NOW = datetime(2026, 11, 24, 10, 0)
_CONFIDENCE = 0.8


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of turn.

    Attributes:
        pause_ms: shortest and longest pause between two parts.
        say: the parts that one caller speaks.
    """

    slot: str | None
    lang: Lang
    patience: Patience
    pause_ms: tuple[int, int]
    say: Callable[[random.Random], Sequence[str]]


@dataclass(frozen=True, slots=True)
class _Turn:
    """One turn on the line; parts and the times at which each ends, ms."""

    kind: _Kind
    parts: Sequence[str]
    ends_ms: Sequence[int]
    pcm: bytes

    def said_by(self, at_ms: int) -> str:
        """What was said whole by then."""
        return "".join(p for p, end in zip(self.parts, self.ends_ms, strict=True) if end <= at_ms)


@dataclass(slots=True)
class _Tally:
    turns: int = 0
    cut_off: int = 0
    never_ended: int = 0
    delays_s: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, object]:
        return {
            "turns": self.turns,
            "cut_off_share": scoring.rate(self.cut_off, self.turns),
            "never_ended": self.never_ended,
            "delay_ms": scoring.spread(self.delays_s) if self.delays_s else None,
        }


def run(seed: int, count: int = 96, recognition_ms: int = 400) -> dict[str, object]:
    """Plays `count` turns of all kinds.

    Returns:
        For each kind and for `all`: `turns`, `cut_off_share` (the turn was ended before its
        last word), `never_ended` (within 3 s), `delay_ms` from the end of the last word to the
        decision, over the turns that were not cut off.
    """
    settings = Settings()
    catalog = Catalog(settings.home_dir)
    cast = callers.Cast(catalog.path("kokoro-82m-int8"), settings.home_dir / "benchmark")
    understander = Understander()
    understander.warm_up()
    tallies: defaultdict[str, _Tally] = defaultdict(_Tally)
    for name, turn in _turns(seed, count, cast):
        delay_ms = _decide(turn, understander, recognition_ms)
        for tally in (tallies[name], tallies["all"]):
            tally.turns += 1
            if delay_ms is None:
                tally.never_ended += 1
            elif delay_ms < -_CUT_MS:
                tally.cut_off += 1
            else:
                tally.delays_s.append(delay_ms / 1000)
    return {
        "seed": seed,
        "recognition_ms": recognition_ms,
        **{name: tally.figures() for name, tally in tallies.items()},
    }


def _turns(seed: int, count: int, cast: callers.Cast) -> Iterator[tuple[str, _Turn]]:
    chance = random.Random(seed)
    names = list(_KINDS)
    for index in range(count):
        name = names[index % len(names)]
        yield name, _turn(_KINDS[name], cast, chance)


def _turn(kind: _Kind, cast: callers.Cast, chance: random.Random) -> _Turn:
    voice = chance.choice(callers.VOICES[kind.lang])
    rate = chance.uniform(0.9, 1.15)
    parts = kind.say(chance)
    spoken = [cast.speak(voice, part, kind.lang, rate=rate) for part in parts]
    pauses = [chance.randrange(*kind.pause_ms) for _ in parts[1:]]
    whole = spoken[0] + b"".join(
        silence(pause) + pcm for pause, pcm in zip(pauses, spoken[1:], strict=True)
    )
    lengths = [pause + duration_ms(pcm) for pause, pcm in zip([0, *pauses], spoken, strict=True)]
    ends_ms = [callers.BEFORE_MS + end for end in accumulate(lengths)]
    return _Turn(kind, parts, ends_ms, callers.on_the_line(whole, chance, after_ms=_AFTER_MS))


def _decide(turn: _Turn, understander: Understander, recognition_ms: int) -> int | None:
    """Milliseconds from the end of the last word to the turn's end; None without an end.

    Negative when the turn ended earlier, by what of the turn was lost.
    """
    kind = turn.kind
    expectation = Expectation(slot=kind.slot, lang=kind.lang, now=_NOW)
    detector, endpointer = SpeechDetector(), Endpointer(kind.patience)
    read_at_ms, read = -1, ""
    for number, frame in enumerate(frames(turn.pcm)):
        at_ms = number * FRAME_MS
        match endpointer.push(at_ms, detector.push(frame)):
            case PauseBegan():
                read_at_ms, read = at_ms + recognition_ms, turn.said_by(at_ms)
            case SpeechResumed():
                read_at_ms = -1
            case TurnEnded(ended_ms=ended_ms):
                cut = ended_ms - turn.ends_ms[-1]
                return cut if cut < -_CUT_MS else at_ms + FRAME_MS - turn.ends_ms[-1]
            case _:
                pass
        if at_ms == read_at_ms and read:
            _note(endpointer, read, expectation, understander)
    return None


def _note(
    endpointer: Endpointer, text: str, expectation: Expectation, understander: Understander
) -> None:
    """What the listener does with an early reading."""
    complete = is_complete(text, expectation)
    found = [Hypothesis(text=text, confidence=_CONFIDENCE, lang=expectation.lang)]
    meaning = understander.understand(as_utterance(found, expectation), expectation)
    endpointer.note(text, complete, answered=answers(meaning, expectation))


def _digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choices("0123456789", k=count))


def _mobile(chance: random.Random) -> list[str]:
    groups = [f"1{chance.choice('3578')}{_digits(chance, 1)}", _digits(chance, 4)]
    return [*groups, _digits(chance, 4)]


def _spoken_mobile(chance: random.Random) -> list[str]:
    figures = dict(zip("0123456789", "零幺二三四五六七八九", strict=True))
    return ["".join(figures[digit] for digit in group) for group in _mobile(chance)]


def _english_mobile(chance: random.Random) -> list[str]:
    names = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    return [" ".join(names[int(digit)] for digit in group) + " " for group in _mobile(chance)]


def _address(chance: random.Random) -> list[str]:
    area, road = chance.choice(
        (
            ("上海市浦东新区", "张江路"), ("广州市白云区", "机场路"), ("杭州市萧山区", "市心北路"),
            ("成都市双流区", "航空路"), ("西安市未央区", "凤城八路"), ("武汉市东西湖区", "金银潭大道"),
        )
    )  # fmt: skip
    inner = (
        [f"{chance.randint(1, 9)}号楼{chance.randint(101, 909)}室"] if chance.random() < 0.5 else []
    )
    return [area, f"{road}{chance.randint(2, 998)}号", *inner]


def _order(chance: random.Random) -> list[str]:
    goods = chance.choice(("服装", "汽车配件", "茶叶", "医疗器械"))
    way = chance.choice(("走空运", "走铁路", "走公路"))
    return [
        "你好，我要发一批货，", f"是{goods}，{way}，",
        f"从{chance.choice(('上海', '广州', '深圳'))}到{chance.choice(('北京', '成都', '西安'))}，",
        f"一共{chance.randint(3, 60)}件，大概{chance.randint(20, 900)}公斤。",
    ]  # fmt: skip


def _english_order(chance: random.Random) -> list[str]:
    return [
        "Hello, I'd like to send ", f"{chance.randint(2, 40)} cartons of car parts ",
        f"from {chance.choice(('Shanghai', 'Shenzhen'))} ",
        f"to {chance.choice(('Beijing', 'Chengdu'))}.",
    ]  # fmt: skip


def _yes_or_no(chance: random.Random) -> list[str]:
    return [chance.choice(("对，没错。", "是的。", "没有。", "可以的。", "不对。", "对的对的。"))]


def _readback_no(chance: random.Random) -> list[str]:
    return ["不对，", f"件数是{chance.randint(3, 60)}件。"]


def _receiver(chance: random.Random) -> list[str]:
    name = chance.choice("王李张刘陈") + chance.choice(("强", "敏", "建国", "丽华"))
    return [f"收货人{name}，", "电话", *_spoken_mobile(chance)]


def _pickup(chance: random.Random) -> list[str]:
    return [
        chance.choice(("明天", "后天", "下周三")),
        chance.choice(("上午九点到十一点。", "下午两点到四点。", "下午三点以后。")),
    ]


_KINDS: Mapping[str, _Kind] = {
    "zh number in groups": _Kind("consignee.phone", "zh", "number", (250, 900), _spoken_mobile),
    "zh address": _Kind("origin", "zh", "long", (250, 800), _address),
    "zh yes or no": _Kind("yes_no", "zh", "yes_no", (0, 1), _yes_or_no),
    "zh no and what": _Kind("confirm", "zh", "yes_no", (150, 450), _readback_no),
    "zh long free turn": _Kind(None, "zh", "long", (250, 1_000), _order),
    "zh name and number": _Kind("consignee", "zh", "long", (250, 900), _receiver),
    "zh pick-up": _Kind("pickup", "zh", "normal", (150, 600), _pickup),
    "en number in groups": _Kind("consignee.phone", "en", "number", (250, 900), _english_mobile),
    "en long free turn": _Kind(None, "en", "long", (250, 1_000), _english_order),
}  # fmt: skip
