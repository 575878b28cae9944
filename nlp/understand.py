"""From an utterance to what it means, given what was asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from threading import Lock

from spacy.language import Language

from models.call import Lang
from nlp import answers, pipeline
from nlp.addresses import mended, numbered, spelled_out, streets
from nlp.assign import Assigned, Assigner
from nlp.components.letters import spelled_words
from nlp.components.scene import Entity, Scene, attach
from nlp.components.spelling import spelled
from nlp.dialogue.slots import SLOTS
from nlp.letterwise import by_letters
from nlp.meaning import (
    Expectation,
    HeardField,
    Intent,
    Polarity,
    Understanding,
    Utterance,
    Vocabulary,
    Wish,
)
from nlp.names_spelled import names_spelled
from nlp.normalize.text import tidy
from nlp.replaced import drop_denied, restarts, without
from nlp.respell import Respelled, respell
from nlp.respell_en import respell_en
from nlp.roadwords import once
from nlp.short_answers import by_sound
from nlp.streets import StreetMender

_ANOTHER = 0.9
_RESPELLED = 0.8
#: So many values may be misheard in a wish; with more it is an order.
_FEW = 2
_CORRECTION = re.compile(
    r"改(?:成|为|到|一?下|掉)|换成|应该是|不对|不是|错了|有误|说错|更正|更改|修改|变更|而是|弄错|搞错|记错|听错|口误|"
    r"\bchange\b|\bcorrect(?:ion| that)\b|\bshould be\b|\bactually\b|\bwrong\b|\binstead\b|\bmake (?:it|that)\b|\bnot\b.*\bbut\b|\bi meant?\b|\bincorrect\b|\bno,? (?:it's|the)\b|\bupdate\b"
)
_BUT = re.compile(
    r"但是?|不过|只是|就是(?=[\u4e00-\u9fff]{2,6}(?:改|是|要))|\bbut\b|\bexcept\b|\bonly\b"
)
_WRONG = re.compile(
    r"不对|不正确|错了?|有误|有问题|要改|改一?下|不是|\bwrong\b|\bincorrect\b|\bnot (?:right|correct)\b|isn't (?:right|correct)|mistake|\bchange\b"
)
_ORDINAL = re.compile(
    r"第([一二三四五六七八九十\d])(?![类批人次天季届级\d])[个项条]?|(最后)(?:一个|一项|那个)|\bthe (first|second|third|fourth|fifth|sixth|last)\b"
)
_ORDINALS = {w: i for i, w in enumerate("一二三四五六七八九十")}
_ORDINALS |= {str(i + 1): i for i in range(9)}
_ORDINALS |= {w: i for i, w in enumerate(("first", "second", "third", "fourth", "fifth", "sixth"))}
_ORDERING = re.compile(
    r"发货|寄|下单|下个单|运|托运|提货|取货|发一|发个|物流|ship|send|order|book|pick ?up|deliver|freight"
)
#: Read once when warming up, so that patterns are compiled and caches filled before a caller.
_FIRST: tuple[tuple[Lang, str | None, str], ...] = (
    (
        "zh",
        None,
        "我要发十箱锂电池，从广州黄埔开源大道八号到北京亦庄，收货人弓长张三，电话幺三八零零幺三八零零零",
    ),
    (
        "zh",
        "consignee",
        "改成李明，文章的章，每箱两公斤，长一米宽一米高一米，明天下午三点提货，月结",
    ),
    ("zh", "confirm", "第二个不对，不是六百七，是七百六，没有危险品，一共两万块钱，请轻拿轻放"),
    ("zh", "dangerous", "没有"),
    ("en", None, "ten cartons of paint from Huangpu, Guangzhou to Daxing, Beijing, two tons each"),
    (
        "en",
        "consignee",
        "Mr Li, l i, one three eight double zero one three eight three zero zero zero",
    ),
    (
        "en",
        "confirm",
        "no, the second one is wrong, not six seventy but seven sixty, tomorrow at 3 pm",
    ),
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
_FREE_TEXT = {
    "remarks": "remarks",
    "goods": "goods",
    "customer": "customer.name",
    "customer.name": "customer.name",
}


class Understander:
    """Understands both languages. One is shared by all calls, from any thread.

    Args:
        streets: mends the names of streets; without it they stay as recognised.
    """

    def __init__(self, streets: StreetMender | None = None) -> None:
        self._streets = streets
        self._pipelines: dict[Lang, Language] = {}
        self._lock = Lock()

    def warm_up(self) -> None:
        """Builds pipelines and indexes, and runs each once."""
        with self._lock:
            if self._pipelines:
                return
            pipeline.warm_up()
            if self._streets is not None:
                self._streets.warm_up()
            self._pipelines = {"zh": pipeline.build("zh"), "en": pipeline.build("en")}
            for lang, slot, text in _FIRST:
                expectation = Expectation(
                    slot=slot, lang=lang, now=datetime.fromisoformat("2026-01-01")
                )
                self._read(text, lang, expectation)

    def understand(self, utterance: Utterance, expectation: Expectation) -> Understanding:
        """What the utterance means; where its best reading does not answer the question, the
        first other reading that does."""
        self.warm_up()
        first = self._read(utterance.text, utterance.lang, expectation)
        best = first
        if not _answers(first, expectation):
            others = (self._read(t, utterance.lang, expectation) for t in utterance.alternatives)
            chosen = next((o for o in others if _answers(o, expectation)), None)
            best = replace(chosen, confidence=chosen.confidence * _ANOTHER) if chosen else first
        best = self._addressed(best, utterance, expectation)
        return replace(best, confidence=best.confidence * utterance.confidence)

    def _read(self, text: str, lang: Lang, expectation: Expectation) -> Understanding:
        plain = once(tidy(text, lang))
        if not plain:
            return Understanding(intent=Intent.OTHER, text=text, lang=lang, confidence=0.0)
        meant = respell(plain) if lang == "zh" else Respelled(respell_en(plain), frozenset())
        scene, meant = self._examined(meant, lang, expectation)
        plain = meant.text
        denied = drop_denied(scene)
        corrects = denied or bool(_CORRECTION.search(plain))
        assigned = _assigned(scene, corrects=corrects)
        fields = numbered(assigned.fields, expectation)
        respelled = spelled_out if lang == "zh" else by_letters
        fields = respelled(plain, expectation, fields)
        if lang == "zh":
            fields = names_spelled(plain, expectation, fields)
        if lang == "en" and "goods" in fields:
            fields = {**fields, "goods": _as_written(fields["goods"], text)}
        assigned = replace(assigned, fields=fields)
        return _meaning(scene, assigned, text, denied=denied)

    def _addressed(
        self, best: Understanding, utterance: Utterance, expectation: Expectation
    ) -> Understanding:
        """The meaning with its streets mended, by all that the recogniser thought it heard."""
        fields = {f.name: f for f in best.fields}
        if self._streets is None or not streets(fields) or spelled(best.text):
            return best
        expectation = replace(expectation, lang=best.lang)
        others = [self._read(t, best.lang, expectation) for t in utterance.alternatives]
        heard = [fields, *({f.name: f for f in other.fields} for other in others)]
        letters = best.lang == "en" and bool(spelled_words(best.text.lower()))
        found = mended(heard, expectation, self._streets, by_letters=letters)
        sure = min(field.confidence for field in found.values())
        return replace(best, fields=tuple(found.values()), confidence=min(best.confidence, sure))

    def _examined(
        self, meant: Respelled, lang: Lang, expectation: Expectation
    ) -> tuple[Scene, Respelled]:
        """The scene without what the caller took back at once, and its text."""
        scene = self._examine(meant.text, lang, expectation)
        again = restarts(scene)
        if again:
            text, kept = without(meant.text, again)
            changed = frozenset(i for i, old in enumerate(kept) if old in meant.changed)
            meant = Respelled(text, changed)
            scene = self._examine(text, lang, expectation)
        scene.entities = [_doubted(entity, meant) for entity in scene.entities]
        return scene, meant

    def _examine(self, text: str, lang: Lang, expectation: Expectation) -> Scene:
        scene = Scene(text, replace(expectation, lang=lang))
        nlp = self._pipelines[lang]
        nlp(attach(nlp.make_doc(text), scene))
        return scene


def _doubted(entity: Entity, meant: Respelled) -> Entity:
    """The entity, less certain where its words were respelled."""
    if meant.changed.isdisjoint(range(entity.start, entity.end)):
        return entity
    return replace(entity, confidence=entity.confidence * _RESPELLED, repaired=True)


def _answers(meaning: Understanding, expectation: Expectation) -> bool:
    """Whether the reading answers what was asked, or says something else that is clear."""
    slot = expectation.slot
    if (
        slot is None
        or meaning.wish
        or meaning.intent in {Intent.AGENT, Intent.REPEAT, Intent.CANCEL, Intent.STATUS}
    ):
        return True
    if slot in {"yes_no", "confirm", "more", "dangerous"}:
        return meaning.polarity is not None or bool(meaning.fields)
    wanted = set(SLOTS[slot].fields) if slot in SLOTS else {slot}
    if slot == "mobile":
        wanted = {"contact.phone"}
    if slot == "open":
        return bool(meaning.fields)
    return bool(wanted & {f.name for f in meaning.fields}) or bool(meaning.ambiguities)


def _assigned(scene: Scene, *, corrects: bool) -> Assigned:
    disputed = _ordinal(scene)
    ordinal = _ORDINAL.search(scene.text)
    if ordinal:
        a, b = ordinal.span()
        scene.entities = [e for e in scene.entities if not (a <= e.start < b)]
    if disputed and _WRONG.search(scene.text):
        slot = disputed
        scene = _with_slot(scene, slot)
    assigned = Assigner(scene, corrects=corrects).run()
    return _with_free_text(scene, assigned)


def _with_slot(scene: Scene, slot: str) -> Scene:
    other = Scene(scene.text, replace(scene.expectation, slot=slot))
    other.entities = scene.entities
    return other


def _ordinal(scene: Scene) -> str | None:
    """The field that "the second one" means in what was read out."""
    readback = scene.expectation.readback
    match = _ORDINAL.search(scene.text)
    if match is None or not readback:
        return None
    if match[2] or match[3] == "last":
        return readback[-1]
    place = _ORDINALS.get(match[1] or match[3] or "", len(readback))
    return readback[place] if place < len(readback) else None


def _with_free_text(scene: Scene, assigned: Assigned) -> Assigned:
    """An answer in any words, where the question allows it."""
    name = _FREE_TEXT.get(scene.slot)
    text = scene.text
    if name is None or assigned.fields or answers.wish(text, scene.expectation.lang):
        return assigned
    if answers.intent(text, scene.expectation.lang) or _is_mere_answer(
        text, scene.expectation.lang
    ):
        return assigned
    if name == "remarks":
        body = text
    else:
        body = re.sub(
            r"^(?:嗯，?|我们?(?:公司)?(?:是|叫)|就?是(?:一些|一批)?|公司(?:名称)?(?:是|叫)|叫|it's |it is |we are |this is |some |the |they are )+|(?:的|吧|啊|呢)$",
            "",
            text,
        )
    limit = 60 if name == "remarks" else 24
    if not 1 < len(body) <= limit:
        return assigned
    if name == "customer.name" and scene.expectation.lang == "en":
        body = " ".join(word[:1].upper() + word[1:] for word in body.split())
    heard = HeardField(name=name, value=body, heard=text, confidence=0.7)
    return replace(assigned, fields={**assigned.fields, name: heard})


def _is_mere_answer(text: str, lang: Lang) -> bool:
    return len(text) <= 6 and answers.polarity(text, lang) is not None


def _as_written(field: HeardField, text: str) -> HeardField:
    """The field with capitals inside a word or sentence as they were typed."""
    at = text.lower().find(str(field.value))
    typed = at > 0 or (at == 0 and (text[0].islower() or text[:2].isupper()))
    return replace(field, value=text[at : at + len(str(field.value))]) if typed else field


def _disputed(scene: Scene, fields: Mapping[str, HeardField]) -> tuple[str, ...]:
    """Fields called wrong without a new value."""
    if not _WRONG.search(scene.text):
        return ()
    by_place = _ordinal(scene)
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
            own = tuple(named[:1])
            names = [n for n in names if not n.startswith(f"{party}.")]
        present = [n for n in own if n in known or n in scene.expectation.readback]
        names += present or list(own[:1])
    said = {name.split(".")[0].split("_")[0] for name in fields}
    return tuple(n for n in dict.fromkeys(names) if n.split(".")[0].split("_")[0] not in said)


def _meaning(scene: Scene, assigned: Assigned, text: str, *, denied: bool) -> Understanding:
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
    if intent in {Intent.STATUS, Intent.CANCEL} and len(fields) > _FEW:
        intent = None
    if (
        intent in {Intent.STATUS, Intent.CANCEL, Intent.AGENT, Intent.REPEAT}
        and len(fields) <= _FEW
    ):
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
    if lang == "zh" and scene.slot in _YES_NO and not fields and len(scene.text) <= _SHORT_ANSWER:
        said = by_sound(scene.text) or said
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


__all__ = ["Understander", "Vocabulary"]
