"""A drawn signature is kept as it was drawn, and nothing else passes for one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.drawing import LONGEST_TEXT, BadDrawing, from_json, parse
from tests.orders import DRAWING


def test_what_was_drawn_comes_back() -> None:
    assert parse(json.dumps(DRAWING.as_json())) == DRAWING
    assert from_json(DRAWING.as_json()) == DRAWING
    assert DRAWING.path() == "M10 60 L40 20 M60 90 L200 30"
    assert "M10 60 L40 20" in DRAWING.svg()


def test_no_drawing_is_none() -> None:
    assert parse("") is None


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        "drawn",
        "[" * 50_000,
        "1" * (LONGEST_TEXT + 1),
        '{"width": 300, "height": 120, "strokes": []}',
        '{"width": 300, "height": 120, "strokes": [[[1, 1]]]}',
        '{"width": 300, "height": 120, "strokes": [[[1, NaN], [200, 30]]]}',
        '{"width": 300, "height": 120, "strokes": [[["<svg", 1], [200, 30]]]}',
        '{"width": 300, "height": 120, "strokes": {"a": 1}}',
        '{"width": Infinity, "height": 120, "strokes": [[[1, 1], [200, 30]]]}',
        '{"width": 300, "height": 120, "strokes": [[[1' + "0" * 400 + ", 1], [200, 30]]]}",
        '{"width": 300000, "height": 120, "strokes": [[[1, 1], [200, 30]]]}',
        json.dumps({"width": 300, "height": 120, "strokes": [[[1, 1], [200, 30]]] * 500}),
    ],
)
def test_what_is_no_signature_is_refused(text: str) -> None:
    with pytest.raises(BadDrawing):
        parse(text)


@given(st.recursive(st.none() | st.floats() | st.text(), st.lists))
def test_strange_strokes_never_fail_otherwise(strokes: object) -> None:
    text = json.dumps({"width": 300, "height": 120, "strokes": strokes})
    try:
        drawing = parse(text)
    except BadDrawing:
        return
    assert drawing is not None
    assert all(0 <= x <= 300 and 0 <= y <= 120 for s in drawing.strokes for x, y in s)
