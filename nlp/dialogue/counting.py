"""Asks a customer whom we call how many orders were faxed that day, so that none is missed.

The number is compared with what came in. One that differs is repeated and has to be agreed to,
for a misheard number would send a clerk after an order that there never was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.call import Lang
from nlp.dialogue.actions import RecordCount
from nlp.dialogue.memory import Answer, Memory, Question
from nlp.dialogue.states import Step
from nlp.dialogue.talk import Talk
from nlp.normalize import numbers_en, numbers_zh

#: More orders than a customer faxes in a day: rather something else.
_MOST = 300
_UNKNOWN = re.compile(
    r"不(知道|清楚|记得|确定|晓得|太?清楚)|记不(清|得|住)|没(数|注意|留意|统计)|说不(准|清|好)|忘了|要(查|问)"
    r"|(do ?n.t|do not) (know|remember)|not sure|no idea|can.?t (say|tell|remember)|forgot|"
    r"have to (check|ask)",
    re.IGNORECASE,
)
_ALL_HERE = re.compile(r"都(收到|齐|在)|齐了|就这些|一样|(all|every) of them|that.s all|the same")
_TOGETHER = re.compile(r"一(共|起|下|直|样|定)|总共|统一|第一")
_DENIED_ZH = re.compile(rf"(不是|没有|不到){numbers_zh.NUMBER}[票单份个笔]?")
_ZH = re.compile(rf"(?P<n>{numbers_zh.NUMBER})\s*(?P<unit>[票单份个笔])?(?![张页点号月日分]|传真)")
_DENIED_EN = re.compile(r"\bnot (only )?[\w-]+", re.IGNORECASE)
_NO_ORDERS = frozenset({"page", "pages", "sheet", "sheets", "minutes", "o'clock"})
_PLAIN = frozenset({"that", "this", "the", "which", "no"})


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer says: a number, or that the customer does not know. Neither: nothing."""

    sent: int | None = None
    unknown: bool = False


def told(text: str, lang: Lang) -> Told:
    """What the words say of how many orders were faxed."""
    if _UNKNOWN.search(text):
        return Told(unknown=True)
    numbers = _chinese(text) if lang == "zh" else _english(text)
    likely = [n for n in numbers if n <= _MOST]
    return Told(sent=likely[-1]) if likely else Told()


def answers(talk: Talk, answer: Answer) -> bool:
    """Whether the words are an answer to the question, and no wish of their own."""
    said = told(answer.understanding.text, talk.memory.lang)
    return said.sent is not None or said.unknown


def is_due(memory: Memory) -> bool:
    """Whether the day's number is still to be asked for."""
    return memory.count is not None and memory.order.confirmed_version is not None


def enter(talk: Talk) -> Step | None:
    """Asks for the number, or whether a number that differs was meant."""
    question = _check(talk) if talk.memory.told_count is not None else _question(talk)
    return None if talk.ask(question) else _keep(talk, talk.memory.told_count)


def answered(talk: Talk, answer: Answer) -> Step:
    """Takes a number, a yes to the one repeated, or that it is not known."""
    memory, meaning = talk.memory, answer.understanding
    said = told(meaning.text, memory.lang)
    if said.unknown:
        return _keep(talk, None)
    if said.sent is not None:
        agreed = said.sent in (_received(memory), memory.told_count)
        return _keep(talk, said.sent) if agreed else _repeat(talk, said.sent)
    yes = meaning.polarity == "yes" or _ALL_HERE.search(meaning.text) is not None
    if yes:
        known = _received(memory) if memory.told_count is None else memory.told_count
        return _keep(talk, known)
    if meaning.polarity == "no":
        memory.told_count = None
    return missed(talk)


def missed(talk: Talk) -> Step:
    """Nothing usable came."""
    checking = talk.memory.told_count is not None
    talk.missed("count.check" if checking else "count")
    return Step.COUNT


def _question(talk: Talk) -> Question:
    memory = talk.memory
    count = memory.count
    today = count is None or count.day == memory.at.date()
    day = "" if count is None or today else talk.phrases.value("pickup_date", str(count.day))
    return Question(
        about="count",
        slot="count",
        ladder=("count.ask" if today else "count.ask.day", "reask.count"),
        args={"received": str(_received(memory)), **({} if today else {"day": day})},
        patience="number",
        keys=0,
    )


def _check(talk: Talk) -> Question:
    memory = talk.memory
    return Question(
        about="count.check",
        slot="count",
        ladder=("count.check", "reask.count.check"),
        args={"sent": str(memory.told_count), "received": str(_received(memory))},
        patience="number",
        keys=0,
    )


def _repeat(talk: Talk, sent: int) -> Step:
    if talk.memory.told_count is not None:
        talk.count("count.check")
    talk.memory.told_count = sent
    return Step.COUNT


def _keep(talk: Talk, sent: int | None) -> Step:
    memory = talk.memory
    received = _received(memory)
    talk.do(RecordCount(order_id=memory.order.id, sent=sent))
    if sent is None:
        talk.say("count.unknown")
    elif sent == received:
        talk.say("count.same")
    elif sent > received:
        talk.say("count.missing", args={"missing": str(sent - received)})
    else:
        talk.say("count.fewer", args={"extra": str(received - sent)})
    memory.count = memory.told_count = None
    return Step.COUNTED


def _received(memory: Memory) -> int:
    return 0 if memory.count is None else memory.count.received


def _chinese(text: str) -> list[int]:
    plain = _DENIED_ZH.sub(" ", _TOGETHER.sub(" ", text))
    found = [
        (m["unit"], numbers_zh.number(m["n"]))
        for m in _ZH.finditer(plain)
        if not numbers_zh.rough(m["n"])
    ]
    whole = [(unit, int(n)) for unit, n in found if n is not None and n == int(n)]
    named = [n for unit, n in whole if unit]
    return named or [n for _, n in whole]


def _english(text: str) -> list[int]:
    words = re.findall(r"[a-z]+(?:-[a-z]+)?|\d+", _DENIED_EN.sub(" ", text.lower()))
    found: list[int] = []
    for at, word in enumerate(words):
        following = words[at + 1] if at + 1 < len(words) else ""
        # "that one" counts nothing, and pages are no orders.
        if following in _NO_ORDERS or (word == "one" and at and words[at - 1] in _PLAIN):
            continue
        number = None if word in {"a", "an", "half"} else numbers_en.number(word)
        if number is not None and number == int(number):
            found.append(int(number))
    return found
