"""From an utterance to what it means, given what was asked."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from threading import Lock

from models.call import Lang
from nlp import pipeline
from nlp.addresses import mended, numbered, spelled_out, streets
from nlp.assign import Assigned, assign
from nlp.components.letters import spelled_words
from nlp.components.scene import Entity, Scene, attach
from nlp.components.spelling import spelled
from nlp.conclusion import WRONG, meaning
from nlp.dialogue.slots import SLOTS
from nlp.letterwise import by_letters
from nlp.meaning import (
    Expectation,
    HeardField,
    Intent,
    Understanding,
    Utterance,
    Vocabulary,
)
from nlp.names_spelled import names_spelled
from nlp.normalize.text import tidy
from nlp.open_answers import with_free_text
from nlp.ordinals import ORDINAL, ordinal
from nlp.replaced import drop_denied, restarts, without
from nlp.respell import Respelled, respell
from nlp.respell_en import respell_en
from nlp.roadwords import once
from nlp.spacy_core import Language
from nlp.streets import StreetMender

_ANOTHER = 0.9
_RESPELLED = 0.8
_CORRECTION = re.compile(
    r"改(?:成|为|到|一?下|掉)|换成|应该是|不对|不是|错了|有误|说错|更正|更改|修改|变更|而是|弄错|搞错|记错|听错|口误|"
    r"\bchange\b|\bcorrect(?:ion| that)\b|\bshould be\b|\bactually\b|\bwrong\b|\binstead\b|\bmake (?:it|that)\b|\bnot\b.*\bbut\b|\bi meant?\b|\bincorrect\b|\bno,? (?:it's|the)\b|\bupdate\b"
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
    ("zh", "dangerous", "沒有"),
    ("zh", "weight", "一点五，座机零二一六二八四八四八四，四零零八二零八八二零"),
    ("en", None, "ten cartons of paint from Huangpu, Guangzhou to Daxing, Beijing, two tons each"),
    (
        "en",
        "consignee",
        "Mr Li, l i, one three eight double zero one three eight three zero zero zero",
    ),
    (
        "en",
        "volume",
        "about one meter by one meter by two meters, ten o'clock, Minhang in Shanghai",
    ),
    (
        "en",
        "confirm",
        "no, the second one is wrong, not six seventy but seven sixty, tomorrow at 3 pm",
    ),
)


class Understander:
    """Understands both languages. One is shared by all calls, from any thread.

    Args:
        streets: mends the names of streets; without it they stay as recognised.
    """

    def __init__(self, streets: StreetMender | None = None) -> None:
        self._streets = streets
        self._pipelines: dict[Lang, Language] = {}
        self._ready: set[Lang] = set()
        self._lock = Lock()

    def warm_up(self) -> None:
        """Builds pipelines and indexes of both languages, and runs each once."""
        self.prepare("zh")
        self.prepare("en")
        if self._streets is not None:
            self._streets.warm_up()

    def prepare(self, lang: Lang) -> None:
        """Builds pipeline and indexes of one language, and runs them once."""
        with self._lock:
            if lang in self._ready:
                return
            pipeline.warm_up(lang)
            self._pipelines[lang] = pipeline.build(lang)
            for of, slot, text in _FIRST:
                if of == lang:
                    expectation = Expectation(
                        slot=slot, lang=lang, now=datetime.fromisoformat("2026-01-01")
                    )
                    self._read(text, lang, expectation)
            self._ready.add(lang)

    def understand(self, utterance: Utterance, expectation: Expectation) -> Understanding:
        """What the utterance means; where its best reading does not answer the question, the
        first other reading that does."""
        self.prepare(utterance.lang)
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
        return meaning(scene, assigned, text, denied=denied)

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
    disputed = ordinal(scene)
    place = ORDINAL.search(scene.text)
    if place:
        a, b = place.span()
        scene.entities = [e for e in scene.entities if not (a <= e.start and e.end <= b)]
    if disputed and WRONG.search(scene.text):
        slot = disputed
        scene = _with_slot(scene, slot)
    assigned = assign(scene, corrects=corrects)
    return with_free_text(scene, assigned)


def _with_slot(scene: Scene, slot: str) -> Scene:
    other = Scene(scene.text, replace(scene.expectation, slot=slot))
    other.entities = scene.entities
    return other


def _as_written(field: HeardField, text: str) -> HeardField:
    """The field with capitals inside a word or sentence as they were typed."""
    at = text.lower().find(str(field.value))
    typed = at > 0 or (at == 0 and (text[0].islower() or text[:2].isupper()))
    return replace(field, value=text[at : at + len(str(field.value))]) if typed else field


__all__ = ["Understander", "Vocabulary"]
