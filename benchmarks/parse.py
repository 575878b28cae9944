"""Measures understanding on generated orders: clean text, and text damaged as by a recogniser.

The sentences here were written apart from the rules, with wording of their own; values are drawn
by a seeded generator. Each sentence knows the fields that it says, so that a missed, a wrong and
an invented field all count.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from api.bootstrap import make_understander
from api.config import Settings
from benchmarks import danger as dangerous_goods
from benchmarks import utterances
from benchmarks.parse_data import ANSWERS_EN, ANSWERS_ZH, Sentence, danger, sentences
from benchmarks.scoring import Score, Stopwatch, count, total
from models.call import Lang
from nlp.meaning import Expectation, Utterance
from nlp.simulation.noise import damage
from nlp.understand import Understander

_NOW = datetime.fromisoformat("2026-11-24T10:00")
_SENTENCES = 400
_RATE = 0.2


def run(seed: int) -> dict[str, object]:
    """Field figures for clean and damaged text in both languages, polarity, dangerous goods,
    and how long loading (s) and an utterance (ms) take, by the clock and of one core."""
    began, core = time.perf_counter(), time.process_time()
    understander = make_understander(Settings())
    understander.warm_up()
    figures: dict[str, object] = {
        "load_s": round(time.perf_counter() - began, 2),
        "cpu_load_s": round(time.process_time() - core, 2),
    }
    watch = Stopwatch()
    langs: tuple[Lang, ...] = ("zh", "en")
    for lang in langs:
        for rate in (0.0, _RATE):
            name = f"{lang}_{'noisy' if rate else 'clean'}"
            figures[name] = _fields(understander, lang, rate, random.Random(seed), watch)
    figures["polarity_accuracy"] = _polarity(understander)
    figures["dangerous"] = _dangerous(understander)
    figures["written"] = utterances.run(understander, seed)
    figures["danger"] = dangerous_goods.run(understander, seed)
    return figures | watch.figures()


def _fields(
    understander: Understander, lang: Lang, rate: float, rng: random.Random, watch: Stopwatch
) -> dict[str, object]:
    scores: dict[str, Score] = {}
    for sentence in sentences(lang, _SENTENCES, rng, _NOW):
        text = damage(sentence.text, lang, rng, rate) if rate else sentence.text
        found = _understood(understander, lang, text, sentence, watch)
        for field in {*found, *sentence.fields}:
            count(scores.setdefault(field, Score()), sentence.fields.get(field), found.get(field))
    by_field = {name: scores[name].figures()["f1"] for name in sorted(scores)}
    return {**total(scores.values()).figures(), "by_field": by_field}


def _understood(
    understander: Understander, lang: Lang, text: str, sentence: Sentence, watch: Stopwatch
) -> dict[str, object]:
    with watch.running():
        meaning = understander.understand(
            Utterance(text=text, lang=lang, confidence=1.0),
            Expectation(slot=sentence.slot, lang=lang, now=_NOW, known=sentence.known),
        )
    return {f.name: f.value for f in meaning.fields if f.name != "dangerous"}


def failures(seed: int, lang: Lang, rate: float = 0.0) -> Iterator[tuple[str, object, object]]:
    """Text, what was said and what was understood, wherever the two differ."""
    understander = make_understander(Settings())
    rng = random.Random(seed)
    for sentence in sentences(lang, _SENTENCES, rng, _NOW):
        text = damage(sentence.text, lang, rng, rate) if rate else sentence.text
        found = _understood(understander, lang, text, sentence, Stopwatch())
        if found != sentence.fields:
            yield (
                f"{text} [{sentence.slot}]",
                {k: v for k, v in sentence.fields.items() if found.get(k) != v},
                {k: v for k, v in found.items() if sentence.fields.get(k) != v},
            )


def _polarity(understander: Understander) -> float:
    right: Counter[bool] = Counter()
    for lang, answers in (("zh", ANSWERS_ZH), ("en", ANSWERS_EN)):
        for text, expected in answers:
            meaning = understander.understand(
                Utterance(text=text, lang=lang, confidence=1.0),
                Expectation(slot="confirm", lang=lang, now=_NOW),
            )
            right[meaning.polarity == expected] += 1
    return round(right[True] / right.total(), 4)


def _dangerous(understander: Understander) -> dict[str, float]:
    score = Score()
    for lang, text, is_dangerous in danger():
        meaning = understander.understand(
            Utterance(text=text, lang=lang, confidence=1.0),
            Expectation(slot="goods", lang=lang, now=_NOW),
        )
        flagged = any(f.name == "dangerous" for f in meaning.fields)
        score.right += flagged and is_dangerous
        score.wrong += flagged and not is_dangerous
        score.missed += is_dangerous and not flagged
    return score.figures()
