"""Field accuracy on faxes that are printed, worn and scanned by program: `intake bench faxes`.

Every fax goes through the product's own path: bytes, pages recognised in a process of their own,
orders with a place and a confidence for each field.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from api.intake import fax
from benchmarks import (
    fax_exam,
    fax_heldout,
    fax_layouts,
    fax_layouts_more,
    fax_printing,
    fax_wear,
    mail_orders,
)
from benchmarks.fax_printing import Sheets
from benchmarks.mail_orders import Said
from models.fields import Value
from nlp.understand import Understander
from nlp.written import orders
from nlp.written.orders import Draft
from nlp.written.values import Reader

COUNT = 20
_HALVES: Mapping[str, Sheets] = {
    "dev": fax_layouts.DEV,
    "dev2": fax_layouts_more.DEV2,
    "held_out": fax_heldout.HELD_OUT,
    "exam": fax_exam.EXAM,
}
#: Whose names, places and hands a half uses, where they are not its own.
_LIKE = {"dev2": "dev", "exam": "held_out"}
_HEADERS = {
    "dev": "11-24-2026 10:32 FROM +86 21 5555 0123 HONGYUAN   TO 02166668888",
    "held_out": "24/NOV/2026 TUE 10:28  FAX No. 027 8765 4321  DONGHU",
}
#: Lower ends of the bands in which confidence is compared with accuracy.
_BANDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95)


#: Read along with others and not among the goals: neither right nor wrong.
_BESIDE = frozenset({"origin.province", "destination.province", "packaging"})


@dataclass(frozen=True, slots=True)
class Made:
    """A fax of our own making."""

    number: int
    layout: str
    said: Sequence[Said]
    right: Sequence[Mapping[str, Value]]
    wear: fax_wear.Wear
    name: str
    data: bytes


@dataclass(slots=True)
class Sums:
    """What was counted over all faxes."""

    whole: int = 0
    wanted: Counter[str] = field(default_factory=Counter)
    correct: Counter[str] = field(default_factory=Counter)
    got: Counter[str] = field(default_factory=Counter)
    #: Confidence of each value that was read, and whether it is right.
    sure: list[tuple[float, bool]] = field(default_factory=list)
    formats: dict[str, list[int]] = field(default_factory=dict)


def faxes(half: str, seed: int) -> Iterator[Made]:
    """Twenty faxes: the layouts and the formats in turn."""
    layouts = list(_HALVES[half].items())
    for number in range(COUNT):
        name, sheet = layouts[number % len(layouts)]
        rng = random.Random(f"fax:{half}:{number}:{seed}")
        like = _LIKE.get(half, half)
        said, right = mail_orders.orders(like, f"fax{number}", sheet.orders, sheet.lang, seed)
        write = fax_printing.hand(like, rng) if sheet.by_hand else fax_printing.quoted
        pages = fax_printing.pages(sheet.layout(said, write))
        wear = fax_wear.drawn(rng, number, _HEADERS[like])
        file, data = fax_wear.faxed(pages, wear)
        yield Made(number, name, said, right, wear, f"{number:02}-{name}-{file}", data)


def run(
    seed: int = 1, half: str = "dev", only: str = "", keep: str = "", totals: int = 0
) -> dict[str, object]:
    """Reads the faxes of one half and gives the figures.

    Args:
        only: part of the names of those that are read.
        keep: a directory that the files are written to.
        totals: other than 0: no wrong values, for the half that is not looked at.
    """
    understander = Understander()
    understander.warm_up()
    sums = Sums()
    for made in faxes(half, seed):
        if only not in made.name:
            continue
        if keep:
            Path(keep).mkdir(parents=True, exist_ok=True)
            (Path(keep) / made.name).write_bytes(made.data)
        began = time.monotonic()
        reader = Reader(understander, mail_orders.NOW.replace(tzinfo=None))
        parts = fax.parts(made.data, made.name)
        drafts = orders.read(reader, parts)
        wrong = count(sums, made, drafts)
        refused = [part.refused for part in parts if part.refused]
        took = time.monotonic() - began
        print(f"{made.name} {len(wrong)} wrong, {took:.1f} s {refused or ''}", file=sys.stderr)
        for line in () if totals else wrong:
            print(f"    {line}", file=sys.stderr)
    return figures(sums)


def count(sums: Sums, made: Made, drafts: Sequence[Draft]) -> list[str]:
    """Adds one fax to the sums; gives what is wrong in words."""
    holds = mail_orders.written(made.said)
    rest = list(drafts)
    wrong: list[str] = []
    both = sums.formats.setdefault(made.wear.format, [0, 0])
    for goal in made.right:
        names = [name for name in goal if name in holds]
        best = max(rest, key=lambda d: _agreed(d, goal, names), default=Draft({}))
        rest = [draft for draft in rest if draft is not best]
        for name in names:
            sums.wanted[name] += 1
            found = best.fields.get(name)
            right = found is not None and found.value == goal[name]
            sums.correct[name] += right
            both[0] += right
            both[1] += 1
            if not right:
                seen = f"{found.value!r} ({found.confidence:.2f})" if found else "nothing"
                wrong.append(f"{name}: {seen} for {goal[name]!r}")
        for name, found in best.fields.items():
            if name in _BESIDE:
                continue
            right = name in names and found.value == goal[name]
            sums.got[name] += 1
            sums.sure.append((found.confidence, right))
            if name not in names:
                wrong.append(f"{name}: {found.value!r} ({found.confidence:.2f}) for nothing")
    for extra in rest:
        wrong.append(f"one order too many: { {n: f.value for n, f in extra.fields.items()} }")
        for name, found in extra.fields.items():
            sums.got[name] += 1
            sums.sure.append((found.confidence, False))
    sums.whole += not wrong
    return wrong


def _agreed(draft: Draft, goal: Mapping[str, Value], names: Sequence[str]) -> int:
    return sum(name in draft.fields and draft.fields[name].value == goal[name] for name in names)


def figures(sums: Sums) -> dict[str, object]:
    """Accuracy over all, by field and by format, and how far confidence tells the truth."""
    correct = sum(sums.correct.values())
    return {
        "whole": sums.whole,
        "fields": sum(sums.wanted.values()),
        "recall": _share(correct, sum(sums.wanted.values())),
        "precision": _share(correct, sum(sums.got.values())),
        "by_field": {
            name: {
                "fields": wanted,
                "recall": _share(sums.correct[name], wanted),
                "precision": _share(sums.correct[name], sums.got[name]),
            }
            for name, wanted in sorted(sums.wanted.items())
        },
        "by_format": {name: _share(*both) for name, both in sums.formats.items()},
        "by_confidence": dict(_banded(sums.sure)),
    }


def _banded(sure: Sequence[tuple[float, bool]]) -> Iterator[tuple[str, dict[str, float]]]:
    ends = (*_BANDS[1:], 1.01)
    for low, high in zip(_BANDS, ends, strict=True):
        inside = [right for confidence, right in sure if low <= confidence < high]
        if inside:
            share = _share(sum(inside), len(inside))
            yield f"{low:.2f}-{min(high, 1):.2f}", {"values": len(inside), "right": share}


def _share(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 0.0
