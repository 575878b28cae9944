"""Error rates, counts and latencies."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from opencc import OpenCC
from pypinyin import lazy_pinyin
from rapidfuzz.distance import Levenshtein

from models.call import Lang
from nlp.verbalize import verbalize

_SIMPLIFIED = OpenCC("t2s")


@dataclass(slots=True)
class Score:
    """Counts of one field."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def figures(self) -> dict[str, float]:
        """Precision, recall and F1."""
        found = self.right + self.wrong
        said = self.right + self.missed
        precision = self.right / found if found else 1.0
        recall = self.right / said if said else 1.0
        both = precision + recall
        return {
            "precision": round(precision, 3),
            "recall": round(recall, 3),
            "f1": round(2 * precision * recall / both, 3) if both else 0.0,
        }


@dataclass(slots=True)
class Stopwatch:
    """How long each piece of work took, in milliseconds, by the clock and of one core.

    The clock also counts what other processes did meanwhile, so only a quiet machine's is worth
    something; the time of the core tells what the work itself costs.
    """

    wall: list[float] = field(default_factory=list)
    core: list[float] = field(default_factory=list)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Measures one piece."""
        clock, core = time.perf_counter(), time.process_time()
        yield
        self.core.append((time.process_time() - core) * 1000)
        self.wall.append((time.perf_counter() - clock) * 1000)

    def figures(self) -> dict[str, float]:
        """Median and 95th percentile, those of the core as `cpu_`."""
        return {
            f"{name}p{percent}_ms": round(sorted(times)[int(len(times) * percent / 100)], 2)
            for name, times in (("", self.wall), ("cpu_", self.core))
            if times
            for percent in (50, 95)
        }


def total(scores: Iterable[Score]) -> Score:
    """The sum of several fields' counts."""
    whole = Score()
    for score in scores:
        whole.right += score.right
        whole.wrong += score.wrong
        whole.missed += score.missed
    return whole


def count(score: Score, said: object, found: object) -> None:
    """Notes in the score what was said and what was understood of one field."""
    if found is not None and found == said:
        score.right += 1
        return
    score.wrong += found is not None
    score.missed += said is not None


def units(text: str, lang: Lang) -> list[str]:
    """What errors are counted in: Chinese characters, or English words.

    Numbers count as the words they are read as, so that 350 equals 三百五十.
    """
    words = verbalize(_SIMPLIFIED.convert(text), lang).lower()
    if lang == "zh":
        return [c for c in words.replace("两", "二").replace("幺", "一") if c.isalnum()]
    return "".join(c if c.isalnum() or c == "'" else " " for c in words).split()


def sounds(text: str) -> list[str]:
    """The syllables of Mandarin text without tones."""
    return lazy_pinyin("".join(units(text, "zh")))


def edits(heard: Sequence[str], said: Sequence[str]) -> int:
    """Substitutions, insertions and deletions between two sequences."""
    return Levenshtein.distance(heard, said)


def rate(errors: int, length: int) -> float | None:
    """Errors for each unit said; None when nothing was."""
    return round(errors / length, 4) if length else None


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile, milliseconds."""
    if len(seconds) < 2:
        return {"median": round(1000 * sum(seconds), 1), "p95": round(1000 * sum(seconds), 1)}
    cuts = statistics.quantiles(seconds, n=20, method="inclusive")
    return {"median": round(1000 * cuts[9], 1), "p95": round(1000 * cuts[18], 1)}
