"""Faxed pages: flat dots, specks, heads, cells of several lines, crops and certainty."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from api.intake import fax
from api.intake.limits import Refusal, Refused
from api.intake.readers import paper
from api.intake.readers.headers import is_header
from api.intake.readers.spacing import spaced
from api.intake.readers.stacking import Block, stacked
from nlp.written import crops
from nlp.written.certainty import is_sure
from nlp.written.letterhead import is_head
from nlp.written.source import Place, Text


def tiff(*pages: Image.Image, dpi: tuple[int, int] = (204, 98)) -> bytes:
    kept = io.BytesIO()
    pages[0].save(
        kept, "TIFF", compression="group4", dpi=dpi, save_all=True, append_images=pages[1:]
    )
    return kept.getvalue()


def page(width: int = 1728, height: int = 1146) -> Image.Image:
    """A white page with a black bar in its left upper quarter."""
    drawn = Image.new("1", (width, height), 1)
    ImageDraw.Draw(drawn).rectangle((100, 60, 400, 90), fill=0)
    return drawn


def test_flat_dots_become_square() -> None:
    with Image.open(io.BytesIO(tiff(page()))) as standard:
        assert paper.square(standard).size == (1728, round(1146 * 204 / 98))
    bare = page()
    assert paper.square(bare).size == (1728, 2292), "a fax's line without a resolution"
    odd = page()
    odd.info["dpi"] = (10_000, 2)
    assert paper.square(odd).size == (1728, 1146), "no page is blown up by what its tags say"


def test_specks_go_and_a_full_stop_stays() -> None:
    sheet = np.full((2339, 1654, 3), 255, np.uint8)
    sheet[500:503, 500:503] = 0
    sheet[900, 900] = 0
    cleaned = paper.clean(sheet)
    assert (cleaned[500:503, 500:503] == 0).all()
    assert (cleaned[900, 900] == 255).all()


def test_a_photograph_is_not_cleaned() -> None:
    photo = np.full((400, 400, 3), 128, np.uint8)
    photo[200, 200] = 0
    assert (paper.clean(photo) == photo).all()


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("11-24-2026 10:32 FROM +86 21 5555 0123 HONGYUAN TO 02166668888 P.01/01", True),
        ("NOV-24-2026 10:32 FAX 02155550123 PAGE 2", True),
        ("提货时间：2026-11-27 15:00", False),
        ("收货人：李雷 电话：13800138000", False),
    ],
)
def test_a_machines_line_is_known(text: str, header: bool) -> None:
    assert is_header(text) is header


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("传真：021-66668888 页数：共1页", True),
        ("日期：2026-11-24 事由：委托发货", True),
        ("Date: 24 Nov 2026 Pages: 1", True),
        ("提货日期：2026-11-27", False),
        ("日期：2026-11-24 收货人：李雷", False),
        ("致电收货人后送货", False),
    ],
)
def test_the_head_of_a_letter_is_not_the_orders(text: str, head: bool) -> None:
    assert is_head(text) is head


def test_spaces_that_recognition_left_out() -> None:
    text, letters = spaced("提货2026-11-2715:00", (1.0,) * 17)
    assert (text, len(letters)) == ("提货2026-11-27 15:00", 18)
    assert spaced("LiLei", (0.9,) * 5) == ("Li Lei", (0.9, 0.9, 1.0, 0.9, 0.9, 0.9))
    assert spaced("456.5kg", (1.0,) * 7)[0] == "456.5kg"


def block(text: str, left: float, y: float) -> Block:
    box = (left / 1000, y / 1000, left / 1000 + 0.1, y / 1000 + 0.02)
    return Block(text, (1.0,) * len(text), box, left, left + 100, y, 20, y)


def test_a_cell_of_two_lines_is_one_text() -> None:
    label, above = block("收货地址", 10, 111), block("广州市天河区体育西路10", 200, 100)
    joined = stacked([label, above, block("3号", 200, 122)])
    assert [b.text for b in joined] == ["广州市天河区体育西路103号", "收货地址"]
    assert joined[0].y == pytest.approx(111)


def test_two_rows_stay_two() -> None:
    rows = [block("1", 10, 100), block("31", 200, 100), block("2", 10, 122), block("29", 200, 122)]
    assert sorted(b.text for b in stacked(rows)) == ["1", "2", "29", "31"]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_box_turns_with_its_page(turn: int) -> None:
    box = (0.1, 0.2, 0.4, 0.3)
    there = crops.upright(box, turn)
    assert crops.upright(there, -turn % 360) == pytest.approx(box)
    wide = there[2] - there[0]
    assert wide == pytest.approx(0.1 if turn in {90, 270} else 0.3)


def test_a_crop_has_a_margin_within_the_page() -> None:
    crop = crops.crop_of(Place(page=2, box=(0.0, 0.5, 0.2, 0.52)))
    assert crop is not None
    assert crop.page == 2
    assert crop.box == pytest.approx((0.0, 0.488, 0.212, 0.532))
    assert crops.crop_of(Place(line=3)) is None


def test_words_are_as_sure_as_their_characters() -> None:
    line = Text("件数：73 箱", Place(), 0.6, (1, 1, 1, 0.6, 0.9, 1, 1))
    assert line.sure_of("73") == 0.6
    assert line.sure_of("3箱") == 0.9
    assert line.sure_of("别的") == 0.6
    assert is_sure(0.95)
    assert not is_sure(line.sure_of("73"))


def test_pages_and_crops_are_shown_upright() -> None:
    data = tiff(page(), page())
    with Image.open(io.BytesIO(fax.page_png(data, 2, 180, 500))) as shown:
        assert shown.size == (500, round(2386 * 500 / 1728))
        assert shown.convert("L").getpixel((430, 640)) < 128
    with Image.open(io.BytesIO(fax.crop_png(data, 1, (0.0, 0.0, 0.5, 0.1), 90))) as crop:
        assert crop.size == (239, 864)
    with pytest.raises(Refused) as refused:
        fax.page_png(data, 3)
    assert refused.value.reason is Refusal.BROKEN


def test_what_is_no_paper_is_refused() -> None:
    (part,) = fax.parts(b"\x1f\x8b archive", "a.gz")
    assert part.refused == "archive"
    with pytest.raises(Refused):
        fax.page_png(b"PK\x03\x04", 1)
