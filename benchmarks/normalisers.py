"""Scores numbers, measures, money, days, times, telephone numbers and yes or no, kind by kind.

`normalisers.tsv` has what callers say to one question each: kind, language, what is expected,
the words, and what a careful listener writes down (`field=value`; `-` for nothing of what was
asked; yes, no or null for polarity). The call's clock is Tuesday 24 November 2026, ten o'clock,
unless a sixth column names another one (ISO, local). A hash of the words parts the cases into `dev`,
whose mistakes `failures` shows, and `heldout`, of which only totals are looked at.

`intake bench normalisers --set suite=FILE` scores a suite of one's own in the same form, such as a
public one for numbers or dates; empty lines and lines that begin with # are passed over.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from api.commands.parse import Line, understood
from models.call import Lang
from models.errors import RuleError
from nlp.understand import Understander

Half = Literal["dev", "heldout"]

_CASES = Path(__file__).with_suffix(".tsv")
_NOW = datetime.fromisoformat("2026-11-24T10:00")
_ANSWERS = {"yes": "yes", "no": "no", "null": None}


@dataclass(frozen=True, slots=True)
class Case:
    """One answer of a caller.

    Attributes:
        said: the fields that a listener writes down, None for a field that stays empty;
            `polarity` counts as one.
        now: the call's clock.
    """

    kind: str
    lang: Lang
    expecting: str
    text: str
    said: dict[str, str | None]
    now: datetime = _NOW

    def half(self, seed: int) -> Half:
        """Which half the case is in."""
        digest = hashlib.sha256(f"{seed}{self.lang}{self.text}".encode()).digest()
        return "dev" if digest[0] % 2 else "heldout"


def run(seed: int, suite: str = "") -> dict[str, object]:
    """Share of cases right by kind, language and half, and the latencies (ms).

    Args:
        suite: the file to score; the product's own cases if empty.

    Raises:
        RuleError: the file cannot be read, or a line of it is not of this form.
    """
    understander = Understander()
    understander.warm_up()
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    times: list[float] = []
    for case in cases(Path(suite) if suite else _CASES):
        began = time.perf_counter()
        wrong = mistakes(understander, case)
        times.append((time.perf_counter() - began) * 1000)
        for name in (f"{case.kind}_{case.lang}", "all"):
            total[f"{name}.{case.half(seed)}"] += 1
            right[f"{name}.{case.half(seed)}"] += not wrong
    times.sort()
    return {
        "cases": len(times),
        **{name: round(right[name] / total[name], 3) for name in sorted(total)},
        "p50_ms": round(times[len(times) // 2], 2),
        "p95_ms": round(times[int(len(times) * 0.95)], 2),
    }


def failures(seed: int, suite: str = "") -> Iterator[tuple[Case, dict[str, Any]]]:
    """Every case of the dev half that comes out wrong, with what was understood instead."""
    understander = Understander()
    understander.warm_up()
    for case in cases(Path(suite) if suite else _CASES):
        if case.half(seed) == "dev" and (wrong := mistakes(understander, case)):
            yield case, wrong


def cases(path: Path = _CASES) -> Iterator[Case]:
    """All cases, in the order of the file.

    Raises:
        RuleError: the file cannot be read, or a line of it is not of this form.
    """
    try:
        rows = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"{path} cannot be read as UTF-8 text. Check its path.") from error
    for number, row in enumerate(rows, start=1):
        if not row.strip() or row.startswith("#"):
            continue
        try:
            yield _case(row)
        except ValueError as error:
            raise RuleError(
                f"{path}, line {number}: write kind, zh or en, what is expected, the words and "
                "what was said (field=value;…, yes, no, null or -), with tabs between them, and "
                "the clock behind them if it is another one (2026-11-24T10:00)."
            ) from error


def _case(row: str) -> Case:
    """One line of a suite.

    Raises:
        ValueError: it has too few or too many columns, or one that cannot be read.
    """
    kind, lang, expecting, text, said, *clock = row.split("\t")
    if lang not in ("zh", "en") or len(clock) > 1:
        raise ValueError(row)
    now = datetime.fromisoformat(clock[0]) if clock else _NOW
    return Case(kind, "zh" if lang == "zh" else "en", expecting, text, _said(expecting, said), now)


def _said(expecting: str, said: str) -> dict[str, str | None]:
    if said in _ANSWERS:
        return {"polarity": _ANSWERS[said]}
    if said == "-":
        return {expecting: None}
    pairs = [pair.partition("=") for pair in said.split(";")]
    if not all(name and equals for name, equals, _ in pairs):
        raise ValueError(said)
    return {name: value for name, _, value in pairs}


def mistakes(understander: Understander, case: Case) -> dict[str, Any]:
    """What was understood, for each field that is not what was said."""
    line = Line(text=case.text, lang=case.lang, now=case.now, expecting=case.expecting)
    answer = understood(understander, line, case.now)
    found = {**answer["fields"], "polarity": answer["polarity"]}
    return {
        name: found.get(name)
        for name, value in case.said.items()
        if not _equal(value, found.get(name))
    }


def _equal(said: str | None, found: Any) -> bool:
    if isinstance(found, int | float) and said is not None:
        return math.isclose(float(said), found, rel_tol=0.002, abs_tol=0.005)
    return bool(said == found)
