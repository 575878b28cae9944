"""What a mail or a fax consists of, each text with its place (pure data)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nlp.written.labels import Label

#: Left, top, right, bottom as shares of the page.
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a text stands.

    Attributes:
        part: index of the body or attachment.
        page: from 1, in a PDF or a picture.
        table: index of the table within the part (in a workbook: of the sheet).
        row, column: from 1, within the table.
        line: index of the line within the part.
        box: on the page, where the reader knows it.
    """

    part: int = 0
    page: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    line: int | None = None
    box: Box | None = None

    def code(self) -> str:
        """The place in one short text, such as `p2.t0.r3.c4`; `from_code` takes it back."""
        marks = (("g", self.page), ("t", self.table), ("r", self.row), ("c", self.column))
        parts = [
            f"p{self.part}",
            *(f"{k}{v}" for k, v in (*marks, ("l", self.line)) if v is not None),
        ]
        if self.box is not None:
            parts.append("b" + "_".join(str(round(edge * 10_000)) for edge in self.box))
        return ".".join(parts)


_ATTRIBUTES = {"p": "part", "g": "page", "t": "table", "r": "row", "c": "column", "l": "line"}
_EDGES = 4


def from_code(code: str) -> Place:
    """The place that a code names.

    Raises:
        ValueError: the code is none.
    """
    given: dict[str, Any] = {}
    for mark in code.split("."):
        if mark.startswith("b"):
            edges = [int(edge) / 10_000 for edge in mark[1:].split("_")]
            if len(edges) != _EDGES:
                raise ValueError(f"{code!r} names no place")
            given["box"] = tuple(edges)
        elif mark[:1] in _ATTRIBUTES:
            given[_ATTRIBUTES[mark[0]]] = int(mark[1:])
        else:
            raise ValueError(f"{code!r} names no place")
    return Place(**given)


@dataclass(frozen=True, slots=True)
class Text:
    """A line or a cell, its place, and how sure its reader is of it (0 to 1).

    Attributes:
        letters: how sure the reader is of each character, where it was recognised.
    """

    text: str
    place: Place
    confidence: float = 1.0
    letters: tuple[float, ...] = ()

    def sure_of(self, words: str) -> float:
        """How sure the reader is of words in the text; of the whole, where they stand in it in
        another way."""
        if len(self.letters) != len(self.text):
            return self.confidence
        shown = [(c, sure) for c, sure in zip(self.text, self.letters, strict=True) if c.strip()]
        squeezed = "".join(c for c, _ in shown)
        looked_for = "".join(words.split())
        at = squeezed.find(looked_for)
        if at < 0 or not looked_for:
            return self.confidence
        return min(sure for _, sure in shown[at : at + len(looked_for)])


@dataclass(frozen=True, slots=True)
class Entry:
    """A label and the text that it names."""

    label: Label
    text: Text


Row = tuple[Text, ...]
Table = tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A body or an attachment, as it was read.

    Attributes:
        kind: `text`, `html`, `excel`, `word`, `pdf` or `picture`.
        forms: what stands under labels on a page that was recognised, in the order of reading.
        refused: why it was not read (`api.intake.limits.Refusal`), None when it was.
        cut: it was longer than is read.
        turns: of each page that was recognised or not, the degrees counter-clockwise (0, 90, 180
            or 270) that bring it upright; empty for what has no pages.
    """

    index: int
    kind: str
    name: str = ""
    lines: tuple[Text, ...] = ()
    tables: tuple[Table, ...] = ()
    forms: tuple[tuple[Entry, ...], ...] = ()
    refused: str | None = None
    cut: bool = False
    turns: tuple[int, ...] = ()

    def texts(self) -> Iterator[Text]:
        """Every text of it, wherever it stands."""
        yield from self.lines
        yield from (entry.text for form in self.forms for entry in form)
        yield from (cell for table in self.tables for row in table for cell in row)


def part_from(body: dict[str, Any]) -> Part:
    """The inverse of a part's JSON (`dataclasses.asdict`)."""
    return Part(
        **{
            **body,
            "lines": tuple(map(_text_from, body["lines"])),
            "tables": tuple(tuple(map(_row_from, table)) for table in body["tables"]),
            "forms": tuple(tuple(map(_entry_from, form)) for form in body.get("forms", ())),
            "turns": tuple(body.get("turns", ())),
        }
    )


def _row_from(row: Sequence[dict[str, Any]]) -> Row:
    return tuple(map(_text_from, row))


def _entry_from(body: dict[str, Any]) -> Entry:
    return Entry(Label(**body["label"]), _text_from(body["text"]))


def _text_from(body: dict[str, Any]) -> Text:
    place = dict(body["place"])
    if place.get("box") is not None:
        place["box"] = tuple(place["box"])
    letters = tuple(body.get("letters", ()))
    return Text(body["text"], Place(**place), body["confidence"], letters)
