"""What an utterance means as a whole: its intent, yes or no, and what it calls wrong (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from models.call import Lang
from nlp import answers
from nlp.assign import Assigned
from nlp.components.scene import Scene
from nlp.dialogue.slots import SLOTS
from nlp.meaning import HeardField, Intent, Polarity, Understanding, Wish
from nlp.ordinals import ordinal
from nlp.short_answers import by_sound

#: So many values may be misheard in a wish; with more it is an order.
_FEW = 2
_BUT = re.compile(
    r"但是?|不过|只是|就是(?=[\u4e00-\u9fff]{2,6}(?:改|是|要))|\bbut\b|\bexcept\b|\bonly\b"
)
WRONG = re.compile(
    r"不对|不正确|错了?|有误|有问题|要改|改一?下|不是|\bwrong\b|\bincorrect\b|\bnot (?:right|correct)\b|isn't (?:right|correct)|mistake|\bchange\b"
)
_ORDERING = re.compile(
    r"发货|寄|下单|下个单|运|托运|提货|取货|发一|发个|物流|ship|send|order|book|pick ?up|deliver|freight"
)
_YES_NO = frozenset({"confirm", "yes_no", "dangerous", "more"})
#: Longer ones are understood by their words.
_SHORT_ANSWER = 6
#: Answers to whether there is anything dangerous.
_HARMLESS = re.compile(
    r"普货|普通货|一般货|常规货|安全的|general (?:cargo|goods)|ordinary goods|normal goods|all safe|perfectly safe"
)
#: What is corrected even where nothing is known: it says so.
_CHANGE = re.compile(
    r"改|换成|更正|错了|不对|不是|\bchange\b|\bcorrect|\bwrong\b|\bnot\b|^(?:no|actually)\b|\binstead\b|\bupdate\b"
)
_QUESTION = re.compile(
    r"多少钱|怎么(?:收费|算钱|卖|走)|什么价|报(?:个|一下)?价|几点(?:上|下)班|在哪(?:里|儿)?[？]?$|(?:能|会|可以|收)不?.{0,6}吗[？]?$|\bhow much\b|\bwhat(?:'s| is| are) (?:the|your) (?:price|rate|cost|fee|opening)|\bdo you (?:ship|deliver|accept|take|have)\b"
)
_FIELD_WRONG = re.compile(
    r"(?:地址|电话|号码|时间|日期|名字|姓名|公司名?|货名|品名|数量|单位)[^，]{0,4}(?:不对|错|有误|不正确)|\b(?:address|phone|number|name|date|time|weight|quantity|city|street) (?:is|was|are) (?:wrong|incorrect|not (?:right|correct))"
)


_MINE = re.compile(r"(?:我|我的|本人的?|\bmy )$")


def _disputed(scene: Scene, fields: Mapping[str, HeardField]) -> tuple[str, ...]:
    """Fields called wrong without a new value."""
    if not WRONG.search(scene.text):
        return ()
    by_place = ordinal(scene)
    names = [by_place] if by_place else []
    known = scene.expectation.known
    cues = sorted((e for e in scene.entities if e.kind == "cue"), key=lambda e: e.start)
    party = ""
    for cue in cues:
        slot = str(cue.value)
        if f"{slot}.phone" in SLOTS.get(slot, SLOTS["goods"]).fields:
            party = slot
        own = SLOTS[slot].fields if slot in SLOTS else (slot,)
        if slot == "phone":
            named = [f"{party}.phone"] if party else [n for n in known if n.endswith(".phone")]
            mine = _MINE.search(scene.text[: cue.start]) is not None and not party
            wanted = "contact.phone" if mine else "consignee.phone"
            own = (wanted,) if wanted in named else tuple(named[:1])
            names = [n for n in names if not n.startswith(f"{party}.")]
        present = [n for n in own if n in known or n in scene.expectation.readback]
        names += present or list(own[:1])
    said = {name.split(".")[0].split("_")[0] for name in fields}
    return tuple(n for n in dict.fromkeys(names) if n.split(".")[0].split("_")[0] not in said)


def meaning(scene: Scene, assigned: Assigned, text: str, *, denied: bool) -> Understanding:
    """
    Args:
        denied: a value was called wrong and the right one said.
    """
    plain, lang = scene.text, scene.expectation.lang
    fields = dict(assigned.fields)
    intent = answers.intent(plain, lang)
    wish = answers.wish(plain, lang)
    polarity = _polarity(scene, fields, lang)
    if scene.slot == "dangerous" and polarity == "no" and "dangerous" not in fields:
        fields["dangerous"] = HeardField(name="dangerous", value=(), heard=plain, confidence=0.95)
    disputed = _disputed(scene, fields)
    # A day, its clocks and their end say one thing: when.
    values = len({name.split("_")[0] for name in fields})
    if intent in {Intent.STATUS, Intent.CANCEL} and values > _FEW:
        intent = None
    if intent in {Intent.STATUS, Intent.CANCEL, Intent.AGENT, Intent.REPEAT} and values <= _FEW:
        fields = {}
        if scene.slot not in {"confirm", "yes_no", "dangerous", "more"}:
            polarity = None
    if intent is None:
        intent = (
            Intent.CORRECT if denied and fields else _by_content(scene, fields, polarity, disputed)
        )
    confidence = min(
        (f.confidence for f in fields.values()),
        default=1.0 if polarity or wish or intent is not Intent.OTHER else 0.5,
    )
    return Understanding(
        intent=intent, polarity=polarity, wish=wish, fields=tuple(fields.values()),
        ambiguities=assigned.ambiguities, disputed=disputed, asks_danger=assigned.asks_danger,
        confidence=confidence, text=text, lang=lang,
    )  # fmt: skip


def _polarity(scene: Scene, fields: Mapping[str, HeardField], lang: Lang) -> Polarity | None:
    """Yes or no. Dangerous goods named are a yes to the question for them."""
    said = answers.polarity(scene.text, lang)
    if lang == "zh" and not fields and len(scene.text) <= _SHORT_ANSWER:
        heard = by_sound(scene.text)
        # Unasked, a sound alone makes no answer, but it keeps a no from being a yes.
        said = (heard or said) if scene.slot in _YES_NO or heard == "no" == said else said
        said = None if heard == "no" and said == "yes" else said
    if scene.slot == "more" and answers.wish(scene.text, lang) is Wish.NOTHING_MORE:
        return "no"
    if answers.wish(scene.text, lang) is Wish.WRONG_NUMBER:
        return None
    if scene.slot == "dangerous":
        if "dangerous" in fields:
            return "yes"
        if said is None and _HARMLESS.search(scene.text):
            return "no"
        if answers.wish(scene.text, lang) is Wish.DONT_KNOW:
            return None
        return said
    if said == "no" and answers.wish(scene.text, lang) is Wish.DONT_KNOW:
        return None
    if not said:
        return None
    asked = scene.slot in {"yes_no", "confirm", "more"} or scene.slot == ""
    opening = re.match(
        r"(?:嗯|对|是的|好的?|没错|可以|行|不|没|yes|yeah|no\b|right|correct|that's)", scene.text
    )
    if fields and not asked and not opening:
        return None
    if fields and said == "yes" and not opening:
        return None
    if fields and said == "yes" and _BUT.search(scene.text):
        return "no"
    return said


def _by_content(
    scene: Scene,
    fields: Mapping[str, HeardField],
    polarity: Polarity | None,
    disputed: tuple[str, ...],
) -> Intent:
    if scene.slot == "dangerous" and "dangerous" in fields and polarity:
        return Intent.CONFIRM if polarity == "yes" else Intent.DENY
    known = scene.expectation.known
    if not fields and _QUESTION.search(scene.text):
        return Intent.OTHER
    if not fields and polarity == "no" and _FIELD_WRONG.search(scene.text):
        return Intent.CORRECT
    corrected = any(
        f.corrects or (scene.slot == "confirm" and known.get(f.name, f.value) != f.value)
        for f in fields.values()
    )
    if corrected or disputed or (fields and (_is_correction(scene) or _BUT.search(scene.text))):
        return Intent.CORRECT
    if polarity and (
        not fields or set(fields) == {"dangerous"} or scene.slot in {"confirm", "yes_no"}
    ):
        return Intent.CONFIRM if polarity == "yes" else Intent.DENY
    if fields or (scene.entities and any(e.kind == "place" for e in scene.entities)):
        return Intent.ORDER
    return Intent.ORDER if _ORDERING.search(scene.text) else Intent.OTHER


def _is_correction(scene: Scene) -> bool:
    """Words that correct something said before this utterance."""
    expectation = scene.expectation
    if not expectation.known and expectation.slot != "confirm" and not _CHANGE.search(scene.text):
        return False
    return bool(
        re.search(
            r"改[成为到]|换成|不是.{1,20}[，]?(?:而?是)|(?:错了|不对|有误)[，]?(?:应该)?是|^(?:不对|错了|不)[，]|应该是|更正|"
            r"\bchange\b|\bshould be\b|\bnot .{1,40}\b(?:but|it's)\b|^(?:no|actually)\b|\bwrong\b|\bcorrection\b|\binstead\b",
            scene.text,
        )
    )
