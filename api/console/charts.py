"""The figures as charts and tables: what each shows, and from which numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask_babel import gettext

from api.console.labels import LABELS
from models.call import Lang
from models.figures import Corrections, Figures, Stretch

T = TypeVar("T")
Number = int | float | None
_MINUTE_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One line or colour of a chart. `tone`: which colour of the pages it has."""

    name: str
    values: Sequence[Number]
    tone: str = "main"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart and the table beside it.

    Attributes:
        meaning: what exactly is counted.
        kind: `bars` (piled up), `across` (the same lying down) or `line`.
        unit: `%`, `min` or empty.
        head, rows: the table; its first column names the stretch or the field.
    """

    name: str
    title: str
    meaning: str
    kind: str
    labels: Sequence[str]
    series: Sequence[Series]
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    unit: str = ""

    def data(self) -> dict[str, Any]:
        """What the script draws."""
        return {
            "kind": self.kind,
            "unit": self.unit,
            "labels": list(self.labels),
            "series": [
                {"name": s.name, "values": list(s.values), "tone": s.tone} for s in self.series
            ],
        }


def _newest_first(days: Sequence[str], values: Sequence[T]) -> Iterator[tuple[str, T]]:
    return zip(reversed(days), reversed(values), strict=True)


def share(part: int, whole: int) -> float | None:
    """A part in percent; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def written(value: Number, unit: str = "") -> str:
    """A number as tables show it; a dash where there is none."""
    if value is None:
        return "–"
    text = str(value) if isinstance(value, int) else f"{value:.1f}"
    return f"{text}{unit}" if unit == "%" else text


def charts(
    stretches: Sequence[Stretch],
    figures: Sequence[Figures],
    corrections: Sequence[Corrections],
    lang: Lang,
) -> Sequence[Chart]:
    """All charts of the page, in its order."""
    days = [stretch.day.strftime("%m-%d") for stretch in stretches]
    return (
        _calls(days, figures),
        _corrections(corrections, lang),
        _line(
            "time",
            days,
            figures,
            gettext("Length of a call"),
            gettext("Minutes from the first word to the end, on average."),
            gettext("Minutes"),
            lambda f: None if f.seconds is None else f.seconds / _MINUTE_S,
            unit="min",
        ),
        _line(
            "turns",
            days,
            figures,
            gettext("Turns per order"),
            gettext("How often the caller spoke in a call that ended with an order."),
            gettext("Turns"),
            lambda f: f.turns_per_order,
        ),
        _line(
            "confidence",
            days,
            figures,
            gettext("Recogniser's confidence"),
            gettext("How sure the recogniser was of what callers said, on average."),
            gettext("Confidence"),
            lambda f: None if f.confidence is None else 100 * f.confidence,
            unit="%",
        ),
        _shares(
            "notice",
            days,
            figures,
            gettext("Notice heard whole"),
            gettext("Orders whose Dangerous Goods Notice was played to its end, without a break."),
            gettext("heard whole"),
            lambda f: (f.heard, f.notices),
        ),
        _shares(
            "messages",
            days,
            figures,
            gettext("Messages delivered"),
            gettext("Text messages that the telephone company reports as delivered."),
            gettext("delivered"),
            lambda f: (f.delivered, f.messages),
        ),
        _shares(
            "signed",
            days,
            figures,
            gettext("Signed within a day"),
            gettext("Orders signed within 24 hours of their first link; by the day of the link."),
            gettext("in time"),
            lambda f: (f.signed, f.links),
        ),
    )


def _calls(days: Sequence[str], figures: Sequence[Figures]) -> Chart:
    alone, helped = gettext("without a person"), gettext("others")
    return Chart(
        name="calls",
        title=gettext("Calls and containment"),
        meaning=gettext(
            "Without a person: the call ended with an order, a cancellation or an answer, "
            "with no transfer and no call-back."
        ),
        kind="bars",
        labels=days,
        series=(
            Series(name=alone, values=[f.contained for f in figures]),
            Series(name=helped, values=[f.calls - f.contained for f in figures], tone="calm"),
        ),
        head=(gettext("From"), gettext("Calls"), alone, "%"),
        rows=[
            (day, str(f.calls), str(f.contained), written(share(f.contained, f.calls), "%"))
            for day, f in _newest_first(days, figures)
        ],
    )


def _corrections(corrections: Iterable[Corrections], lang: Lang) -> Chart:
    found = list(corrections)
    labels = [LABELS[lang].get(c.field, c.field) for c in found]
    caller, clerk = gettext("by the caller"), gettext("by a clerk")
    return Chart(
        name="corrections",
        title=gettext("Corrections by field"),
        meaning=gettext("How often a value was replaced by another one, and by whom."),
        kind="across",
        labels=labels[:_MOST_BARS],
        series=(
            Series(name=caller, values=[c.by_caller for c in found[:_MOST_BARS]]),
            Series(name=clerk, values=[c.by_clerk for c in found[:_MOST_BARS]], tone="warn"),
        ),
        head=(gettext("Field"), caller, clerk),
        rows=[
            (label, str(c.by_caller), str(c.by_clerk))
            for label, c in zip(labels, found, strict=True)
        ],
    )


#: More bars lie too close to be read; the table has them all.
_MOST_BARS = 8


def _line(
    name: str,
    days: Sequence[str],
    figures: Sequence[Figures],
    title: str,
    meaning: str,
    column: str,
    value: Callable[[Figures], Number],
    *,
    unit: str = "",
) -> Chart:
    values = [value(f) for f in figures]
    return Chart(
        name=name,
        title=title,
        meaning=meaning,
        kind="line",
        labels=days,
        series=(Series(name=column, values=[None if v is None else round(v, 2) for v in values]),),
        head=(gettext("From"), column),
        rows=[(day, written(v, unit)) for day, v in _newest_first(days, values)],
        unit=unit,
    )


def _shares(
    name: str,
    days: Sequence[str],
    figures: Sequence[Figures],
    title: str,
    meaning: str,
    column: str,
    parts: Callable[[Figures], tuple[int, int]],
) -> Chart:
    counted = [parts(f) for f in figures]
    return Chart(
        name=name,
        title=title,
        meaning=meaning,
        kind="line",
        labels=days,
        series=(Series(name=title, values=[share(*c) for c in counted]),),
        head=(gettext("From"), gettext("All"), column, "%"),
        rows=[
            (day, str(whole), str(part), written(share(part, whole), "%"))
            for day, (part, whole) in _newest_first(days, counted)
        ],
        unit="%",
    )
