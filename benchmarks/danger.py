"""Scores which goods are told for dangerous, on sentences written by hand, clean and damaged.

`utterances/danger_dev.jsonl` is there to find mistakes with; it also holds the first two held-out
sets, whose mistakes were looked at (ids `r2…`: the second). `utterances/danger_heldout.jsonl` is
the third, written before anything was understood of it; only totals are looked at. A line names the hazard class of what is sent, or null: over half are of
goods that only sound dangerous (油漆刷, "lighter jackets"), or deny that there are any. Classes are
those of the UN Model Regulations, chapter 3.2, as IATA's and the railway's lists give them.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from api.commands.parse import Line, understood
from benchmarks.scoring import Score, Stopwatch
from benchmarks.utterances import PRESENT, RATE
from models.call import Lang
from nlp.meaning import Understands
from nlp.simulation.noise import damage

Half = Literal["dev", "heldout"]

_DIRECTORY = Path(__file__).with_name("utterances")


@dataclass(frozen=True, slots=True)
class Judged:
    """One sentence: its hazard class or None, and the classes that were understood."""

    lang: Lang
    text: str
    said: str | None
    found: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether danger was told from none."""
        return (self.said is None) == (not self.found)


def run(understander: Understands, seed: int) -> dict[str, object]:
    """Figures of both halves and languages, clean and damaged."""
    halves: tuple[Half, ...] = ("dev", "heldout")
    scored: dict[str, object] = {}
    for half in halves:
        for rate in (0.0, RATE):
            watch = Stopwatch()
            results = list(judged(understander, half, rate=rate, seed=seed, watch=watch))
            scored[f"{half}_{'noisy' if rate else 'clean'}"] = {
                **{lang: figures([r for r in results if r.lang == lang]) for lang in ("zh", "en")},
                **watch.figures(),
            }
    return scored


def judged(
    understander: Understands,
    half: Half,
    *,
    rate: float,
    seed: int,
    watch: Stopwatch | None = None,
) -> Iterator[Judged]:
    """Every sentence of one half, understood; a rate above 0 damages it first.

    Args:
        watch: measures how long each takes.
    """
    watch = watch or Stopwatch()
    rng = random.Random(seed)
    path = _DIRECTORY / f"danger_{half}.jsonl"
    for raw in path.read_text(encoding="utf-8").splitlines():
        item = json.loads(raw)
        line = Line.model_validate({k: v for k, v in item.items() if k in Line.model_fields})
        line = line.model_copy(update={"text": damage(line.text, line.lang, rng, rate)})
        with watch.running():
            answer = understood(understander, line, PRESENT)
        goods: list[dict[str, Any]] = answer["fields"].get("dangerous") or []
        classes = tuple(str(good.get("hazard_class") or "?") for good in goods)
        yield Judged(line.lang, line.text, item["dangerous"], classes)


def figures(results: list[Judged]) -> dict[str, float]:
    """Precision and recall of danger, and how often its class is right where it was found."""
    score, classes = Score(), [0, 0]
    for result in results:
        if result.said is not None and result.found:
            score.right += 1
            classes[any(found.startswith(result.said) for found in result.found)] += 1
        score.missed += result.said is not None and not result.found
        score.wrong += result.said is None and bool(result.found)
    found = sum(classes)
    return {
        **score.figures(),
        "class_right": round(classes[True] / found, 3) if found else 1.0,
        "sentences": len(results),
    }
