"""Labels on a page find their values wherever these stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.intake.readers.pairing import Paired, paired
from api.intake.readers.spacing import spaced
from api.intake.readers.stacking import Block, stacked
from nlp.written import kinds
from nlp.written.labels import composite, label, near, title
from nlp.written.respelling import mended

WIDTH, HEIGHT = 1700.0, 30.0
ADDRESS, OTHER = "广东省广州市天河区体育西路103号", "北京市朝阳区建国路93号"

#: A text, its left edge and the middle of its line.
At = tuple[str, float, float]


def block(text: str, left: float, y: float) -> Block:
    return Block(
        text=text, letters=(0.99,) * len(text), box=(0, 0, 1, 1), left=left,
        right=left + HEIGHT * len(text), y=y, height=HEIGHT, last=y,
    )  # fmt: skip


def found(said: Paired) -> dict[str, str]:
    return {f"{p.label.party}.{p.label.what}".strip("."): p.value.text for p in said.pairs}


def read(page: Sequence[At]) -> dict[str, str]:
    return found(paired(stacked([block(*at) for at in page]), WIDTH))


BESIDE = [("收货人", 100, 100), ("李雷", 300, 100), ("品名", 100, 160), ("服装", 300, 160),
          ("件数", 700, 160), ("12", 900, 160)]  # fmt: skip
OVER = [("收货人", 100, 100), ("品名", 500, 100), ("件数", 900, 100),
        ("李雷", 100, 160), ("服装", 500, 160), ("12", 900, 160)]  # fmt: skip
UNDER = [("李雷", 100, 100), ("服装", 500, 100), ("12", 900, 100),
         ("（收货人）", 100, 140), ("（品名）", 500, 140), ("（件数）", 900, 140)]  # fmt: skip


@pytest.mark.parametrize("page", [BESIDE, OVER, UNDER], ids=["beside", "over", "under"])
def test_values_stand_beside_below_or_above(page: list[At]) -> None:
    assert read(page) == {"consignee.name": "李雷", "goods": "服装", "pieces": "12"}


def test_what_cannot_be_meant_is_no_value() -> None:
    page: list[At] = [("件数", 100, 100), ("收货电话", 100, 160), ("13800138000", 400, 150)]
    assert read(page) == {"consignee.phone": "13800138000"}


def test_a_title_over_a_column_says_whose() -> None:
    page: list[At] = [
        ("发货方", 400, 100), ("收货方", 1000, 100),
        ("姓名", 100, 160), ("陈晓东", 400, 160), ("李雷", 1000, 160),
        ("电话", 100, 220), ("13800138000", 400, 220), ("13900139000", 1000, 220),
    ]  # fmt: skip
    assert read(page) == {
        "consignor.name": "陈晓东", "consignee.name": "李雷",
        "consignor.phone": "13800138000", "consignee.phone": "13900139000",
    }  # fmt: skip


def test_a_title_at_the_left_says_whose() -> None:
    page: list[At] = [
        ("姓名", 300, 100), ("陈晓东", 500, 100), ("发货方", 100, 130),
        ("电话", 300, 160), ("13800138000", 500, 160),
        ("姓名", 300, 220), ("李雷", 500, 220), ("收货方", 100, 250),
        ("电话", 300, 280), ("13900139000", 500, 280),
    ]  # fmt: skip
    assert read(page)["consignor.phone"] == "13800138000"
    assert read(page)["consignee.phone"] == "13900139000"


def test_the_label_before_in_its_row_goes_first() -> None:
    page: list[At] = [
        ("寄件人", 100, 100), ("陈晓东", 300, 100), ("联系电话", 700, 100), ("13800138000", 900, 100),
        ("收件人", 100, 160), ("李雷", 300, 160), ("联系电话", 700, 160), ("13900139000", 900, 160),
    ]  # fmt: skip
    assert read(page)["consignee.phone"] == "13900139000"


def test_a_partys_box_holds_name_and_address() -> None:
    page: list[At] = [("收货人 Consignee", 100, 100), ("李雷", 100, 140), (ADDRESS, 100, 180),
                      ("13900139000", 100, 220)]  # fmt: skip
    assert read(page) == {
        "consignee.name": "李雷", "consignee.place": ADDRESS, "consignee.phone": "13900139000",
    }  # fmt: skip


def test_an_address_keeps_its_lines_and_ends_where_the_next_begins() -> None:
    page: list[At] = [
        ("收货地址", 100, 115), (ADDRESS[:9], 400, 90), (ADDRESS[9:], 400, 140),
        ("提货地址", 100, 190), (OTHER, 400, 190),
    ]  # fmt: skip
    assert read(page) == {"consignee.place": ADDRESS, "consignor.place": OTHER}


def test_amounts_tell_what_they_are() -> None:
    assert read([("76KG", 100, 100), ("25件", 500, 100)]) == {"weight_kg": "76KG", "pieces": "25件"}


def test_a_cover_sheets_receiver_is_no_consignee() -> None:
    page: list[At] = [("收件单位", 100, 100), ("货运客服部", 400, 100), ("页数", 100, 160),
                      ("2", 400, 160), ("发件传真", 700, 160)]  # fmt: skip
    said = paired([block(*at) for at in page], WIDTH)
    assert (said.cover, said.pairs) == (True, ())


PAGES = st.sampled_from([BESIDE, OVER, UNDER])


@given(PAGES, st.floats(0.4, 3), st.floats(0, 900), st.floats(0, 2000))
def test_size_and_place_on_the_page_do_not_matter(
    page: list[At], scale: float, right: float, down: float
) -> None:
    moved = [
        replace(
            one, left=one.left * scale + right, right=one.right * scale + right,
            y=one.y * scale + down, last=one.last * scale + down, height=one.height * scale,
        )
        for one in (block(*at) for at in page)
    ]  # fmt: skip
    assert found(paired(moved, WIDTH * scale)) == read(page)


_TEXTS = st.sampled_from(
    [
        "收货人",
        "电话",
        "地址",
        "品名",
        "件数",
        "李雷",
        "12",
        "13800138000",
        "服装",
        ADDRESS,
        "发货方",
        "收货方",
    ]
)


@given(st.lists(st.tuples(_TEXTS, st.floats(0, 1600), st.floats(0, 2200)), max_size=14))
def test_nothing_is_lost_and_nothing_is_taken_twice(page: list[At]) -> None:
    blocks = [block(*at) for at in page]
    said = paired(blocks, WIDTH)
    values = "".join(sorted("".join(p.value.text for p in said.pairs)))
    rest = "".join(sorted("".join(b.text for b in said.rest)))
    plain = [b for b in blocks if label(b.text) is None and not title(b.text)]
    assert len({id(p.value) for p in said.pairs}) == len(said.pairs)
    assert len(values) + len(rest) >= sum(len(b.text) for b in plain)


@pytest.mark.parametrize(
    ("text", "among", "meant"),
    [("收贷人", False, "收货人"), ("件類", True, "件数"), ("件類", False, ""), ("电池", False, ""),
     ("收货人", False, "")],
)  # fmt: skip
def test_labels_with_one_wrong_character(text: str, among: bool, meant: str) -> None:
    assert near(text, among_labels=among) == meant


def test_a_label_of_two_things() -> None:
    assert [one.what for one in composite("件数/重量")] == ["pieces", "weight_kg"]
    assert [one.what for one in composite("PIECES / WEIGHT")] == ["pieces", "weight_kg"]
    assert composite("发货人") == ()


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("四川省戌都市武侯区天府大道1700号", "四川省成都市武侯区天府大道1700号"),
        ("上海市涌东新区张江路88号", "上海市浦东新区张江路88号"),
        (ADDRESS, ADDRESS),
        ("某某市和平路1号", "某某市和平路1号"),
    ],
)
def test_towns_with_one_wrong_character(seen: str, meant: str) -> None:
    assert mended(seen) == meant


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("2026112715:00", "2026-11-27 15:00"),
        ("2026-112715:00", "2026-11-27 15:00"),
        ("2026-11-2715:00", "2026-11-27 15:00"),
        ("珞喻路1C37号", "珞喻路1037号"),
        ("COLD 12", "COLD 12"),
    ],
)
def test_what_recognition_leaves_out(seen: str, meant: str) -> None:
    text, letters = spaced(seen, (0.9,) * len(seen))
    assert text == meant
    assert len(letters) == len(text)


@pytest.mark.parametrize(
    ("what", "text", "can_be"),
    [
        ("phone", "13800138000", True), ("phone", "李雷", False), ("pieces", "13800138000", False),
        ("weight_kg", "86 kg", True), ("goods", "2026-11-27", False), ("name", "12", False),
        ("customer.account", "运输委托单", False), ("pickup", "明天下午2点", True),
    ],
)  # fmt: skip
def test_what_suits_a_label(what: str, text: str, can_be: bool) -> None:
    assert (kinds.fits(what, text) > 0) is can_be
