"""Scores understanding on utterances written by hand, clean and damaged as by a recogniser.

`utterances/dev.jsonl` is there to find mistakes with. `utterances/heldout.jsonl` was made in the
same way and only its totals are looked at, so that they tell how well unseen sentences go. Each
line says what was asked, what is known, and what a careful listener writes down; `unscored` names
what two careful listeners may write differently.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from api.commands.parse import Line, understood
from benchmarks.scoring import Score, count, total
from nlp.simulation.noise import damage
from voice.answers import Understands

Half = Literal["dev", "heldout"]

_DIRECTORY = Path(__file__).with_name("utterances")
#: The part of Mandarin characters that is damaged.
RATE = 0.2
#: The clock of lines without one, so that every run gives the same figures.
PRESENT = datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass(frozen=True, slots=True)
class Judged:
    """One utterance with what a listener wrote down and what was understood, scored fields only."""

    text: str
    said: Mapping[str, Any]
    found: Mapping[str, Any]
    milliseconds: float

    @property
    def wrong(self) -> dict[str, tuple[Any, Any]]:
        """What was said and what was understood, wherever the two differ."""
        names = {*self.said, *self.found}
        pairs = {name: (self.said.get(name), self.found.get(name)) for name in sorted(names)}
        return {name: pair for name, pair in pairs.items() if not equal(name, *pair)}


def run(understander: Understands, seed: int) -> dict[str, object]:
    """Figures of both halves, clean and damaged."""
    return {
        f"{half}_{'noisy' if rate else 'clean'}": figures(
            list(judged(understander, half, rate=rate, seed=seed))
        )
        for half in ("dev", "heldout")
        for rate in (0.0, RATE)
    }


def judged(understander: Understands, half: Half, *, rate: float, seed: int) -> Iterator[Judged]:
    """Every utterance of one half, understood; a rate above 0 damages it first."""
    rng = random.Random(seed)
    for raw in (_DIRECTORY / f"{half}.jsonl").read_text(encoding="utf-8").splitlines():
        item = json.loads(raw)
        line = Line.model_validate({k: v for k, v in item.items() if k in Line.model_fields})
        line = line.model_copy(update={"text": damage(line.text, line.lang, rng, rate)})
        began = time.perf_counter()
        answer = understood(understander, line, PRESENT)
        elapsed = (time.perf_counter() - began) * 1000
        said = dict(item["fields"])
        said |= {name: item[name] for name in ("intent", "polarity") if name in item}
        skipped = {name for name in ("intent", "polarity") if name not in item}
        skipped |= set(item.get("unscored", ()))
        found = {**answer["fields"], "intent": answer["intent"], "polarity": answer["polarity"]}
        yield Judged(
            line.text,
            {name: value for name, value in said.items() if name not in skipped},
            {name: value for name, value in found.items() if name not in skipped},
            elapsed,
        )


def equal(name: str, said: Any, found: Any) -> bool:
    """Whether two values of a field are the same to a clerk."""
    if name == "dangerous" and said and found:
        return any(
            all(_fits(key, value, good.get(key)) for key, value in said[0].items() if key != "name")
            for good in found
        )
    if isinstance(said, float) and isinstance(found, float):
        return abs(said - found) < 0.01
    return bool(said == found)


def _fits(key: str, said: Any, found: Any) -> bool:
    """Whether a hazard class is the one written down, which may be the class of a division."""
    return found == said or (key == "hazard_class" and str(found)[:1] == said)


def figures(results: list[Judged]) -> dict[str, object]:
    """Precision, recall and F1 of the fields; intent and polarity; goods; latencies."""
    fields: dict[str, Score] = {}
    answers: dict[str, list[bool]] = {"intent": [], "polarity": []}
    for result in results:
        for name in {*result.said, *result.found}:
            said, found = result.said.get(name), result.found.get(name)
            if name in answers:
                answers[name].append(said == found)
                continue
            same = equal(name, said, found)
            count(fields.setdefault(name, Score()), said, said if same else found)
    dangerous = fields.pop("dangerous", Score())
    times = sorted(result.milliseconds for result in results)
    return {
        **total(fields.values()).figures(),
        "by_field": {name: fields[name].figures()["f1"] for name in sorted(fields)},
        "utterances_right": round(statistics.mean(not r.wrong for r in results), 3),
        "intent": round(statistics.mean(answers["intent"]), 3),
        "polarity": round(statistics.mean(answers["polarity"]), 3),
        "dangerous": dangerous.figures(),
        "p50_ms": round(statistics.median(times), 2),
        "p95_ms": round(times[int(len(times) * 0.95)], 2),
    }
