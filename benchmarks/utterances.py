"""Scores understanding on utterances written by hand: clean, damaged by rule, and as heard.

`utterances/dev.jsonl` is there to find mistakes with. `utterances/heldout.jsonl` was made in the
same way and only its totals are looked at, so that they tell how well unseen sentences go. Each
line says what was asked, what is known, and what a careful listener writes down; `unscored` names
what two careful listeners may write differently.

What was heard is the recogniser's, over a noisy telephone line (`hear_utterances.py`). It is scored
by the best hypothesis alone, and as calls do it, with the other ones at hand. No ear tells which
characters write a Mandarin name, so the figures tell beside the strict count one `by_sound`, in
which names of persons and companies are right when their toneless Pinyin is.
"""

from __future__ import annotations

import json
import random
import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from api.commands.parse import Line, understood
from benchmarks.scoring import Score, Stopwatch, count, sounds, total
from nlp.meaning import Understands
from nlp.simulation.noise import damage

Half = Literal["dev", "heldout"]
#: As written, damaged by rule, the recogniser's best hypothesis, and all its hypotheses.
Manner = Literal["clean", "noisy", "heard", "heard_all"]

_DIRECTORY = Path(__file__).with_name("utterances")
#: The part of Mandarin characters that is damaged.
RATE = 0.2
_ANSWERS = ("intent", "polarity")
_MANNERS: tuple[Manner, ...] = ("clean", "noisy", "heard", "heard_all")
#: The clock of lines without one, so that every run gives the same figures.
PRESENT = datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass(frozen=True, slots=True)
class Judged:
    """One utterance with what a listener wrote down and what was understood, scored fields only."""

    text: str
    said: Mapping[str, Any]
    found: Mapping[str, Any]

    @property
    def wrong(self) -> dict[str, tuple[Any, Any]]:
        """What was said and what was understood, wherever the two differ."""
        names = {*self.said, *self.found}
        pairs = {name: (self.said.get(name), self.found.get(name)) for name in sorted(names)}
        return {name: pair for name, pair in pairs.items() if not equal(name, *pair)}


def run(understander: Understands, seed: int) -> dict[str, object]:
    """Figures of both halves in every manner, as `dev_clean` and so on."""
    halves: tuple[Half, ...] = ("dev", "heldout")
    scored: dict[str, object] = {}
    for half in halves:
        for manner in _MANNERS:
            watch = Stopwatch()
            results = list(judged(understander, half, manner, seed=seed, watch=watch))
            scored[f"{half}_{manner}"] = {**figures(results), **watch.figures()}
    return scored


def judged(
    understander: Understands,
    half: Half,
    manner: Manner,
    *,
    seed: int,
    watch: Stopwatch | None = None,
) -> Iterator[Judged]:
    """Every utterance of one half, understood.

    Args:
        seed: of the damage by rule.
        watch: measures how long each takes.
    """
    watch = watch or Stopwatch()
    rng = random.Random(seed)
    heard = {item["id"]: item["hypotheses"] for item in _lines(f"{half}_heard")}
    for item in _lines(half):
        line = Line.model_validate({k: v for k, v in item.items() if k in Line.model_fields})
        if manner == "noisy":
            line = line.model_copy(update={"text": damage(line.text, line.lang, rng, RATE)})
        elif manner != "clean":
            best, *others = heard[item["id"]] or [""]
            alternatives = tuple(others) if manner == "heard_all" else ()
            line = line.model_copy(update={"text": best, "alternatives": alternatives})
        with watch.running():
            answer = understood(understander, line, PRESENT)
        said = dict(item["fields"])
        said |= {name: item[name] for name in ("intent", "polarity") if name in item}
        skipped = {name for name in ("intent", "polarity") if name not in item}
        skipped |= set(item.get("unscored", ()))
        found = {**answer["fields"], "intent": answer["intent"], "polarity": answer["polarity"]}
        yield Judged(
            line.text,
            {name: value for name, value in said.items() if name not in skipped},
            {name: value for name, value in found.items() if name not in skipped},
        )


def _lines(name: str) -> Iterator[dict[str, Any]]:
    for raw in (_DIRECTORY / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(raw)


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


def equal_by_sound(name: str, said: Any, found: Any) -> bool:
    """Whether two values are the same to an ear, which cannot tell how a name is written."""
    if name.endswith(".name") and said and found:
        return bool(sounds(said) == sounds(found))
    return equal(name, said, found)


def _fits(key: str, said: Any, found: Any) -> bool:
    """Whether a hazard class is the one written down, which may be the class of a division."""
    return found == said or (key == "hazard_class" and str(found)[:1] == said)


def figures(results: list[Judged]) -> dict[str, object]:
    """Precision, recall and F1 of the fields; intent and polarity; goods."""
    fields = _scores(results, equal)
    dangerous = fields.pop("dangerous", Score())
    by_sound = _scores(results, equal_by_sound)
    by_sound.pop("dangerous", None)
    return {
        **total(fields.values()).figures(),
        "by_sound": total(by_sound.values()).figures(),
        "by_field": {name: fields[name].figures()["f1"] for name in sorted(fields)},
        "utterances_right": round(statistics.mean(not r.wrong for r in results), 3),
        **{name: _share(results, name) for name in _ANSWERS},
        "dangerous": dangerous.figures(),
    }


def _share(results: list[Judged], name: str) -> float:
    """The share of utterances of which an answer was understood."""
    right = (r.said[name] == r.found[name] for r in results if name in r.said)
    return round(statistics.mean(right), 3)


def _scores(results: list[Judged], same: Callable[[str, Any, Any], bool]) -> dict[str, Score]:
    """Counts by field."""
    fields: dict[str, Score] = {}
    for result in results:
        for name in {*result.said, *result.found} - {*_ANSWERS}:
            said, found = result.said.get(name), result.found.get(name)
            right = same(name, said, found)
            count(fields.setdefault(name, Score()), said, said if right else found)
    return fields
