"""Streets: mended by the names of their district, respelled, spelled out."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.fields import Value
from nlp.components.spelling import spelled
from nlp.gazetteer.areas import Area
from nlp.gazetteer.streets import StreetNames, stems
from nlp.meaning import Expectation, Understanding, Utterance
from nlp.roadwords import once, road_words
from nlp.streets import StreetMender
from nlp.understand import Understander

PUDONG = Area("上海市", "上海市", "浦东新区")
HERE: dict[str, Value] = {
    "origin.province": "上海市",
    "origin.city": "上海市",
    "origin.district": "浦东新区",
}


def _table(file: Path, header: str, *rows: str) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([header.split(","), *(row.split(",") for row in rows)])


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> StreetNames:
    """A country of two districts."""
    folder = tmp_path_factory.mktemp("places")
    _table(folder / "provinces.csv", "code,name", "31,上海市", "32,江苏省")
    _table(folder / "cities.csv", "code,name,provinceCode", "3101,市辖区,31", "3205,苏州市,32")
    _table(
        folder / "areas.csv", "code,name,cityCode,provinceCode",
        "310115,浦东新区,3101,31", "320583,昆山市,3205,32",
    )  # fmt: skip
    _table(
        folder / "streets.csv", "code,name,areaCode,provinceCode,cityCode",
        "310115125,张江镇,310115,31,3101", "320583100,玉山镇,320583,32,3205",
    )  # fmt: skip
    _table(
        folder / "villages.csv", "code,name,streetCode,provinceCode,cityCode,areaCode",
        "1,张江社区居委会,310115125,31,3101,310115", "2,花木社区居委会,310115125,31,3101,310115",
        "3,前进中路社区居委会,320583100,32,3205,320583",
    )  # fmt: skip
    return StreetNames(folder)


@pytest.fixture(scope="module")
def understander(names: StreetNames) -> Understander:
    return Understander(StreetMender(names))


def _understood(
    understander: Understander, text: str, slot: str, *, known: dict[str, Value] = HERE,
    readback: tuple[str, ...] = (), alternatives: tuple[str, ...] = (),
    denied: tuple[tuple[str, Value], ...] = (),
) -> Understanding:  # fmt: skip
    expecting = Expectation(
        slot=slot, now=datetime(2026, 11, 24, 2, tzinfo=UTC), known=known, readback=readback,
        denied=denied,
    )  # fmt: skip
    heard = Utterance(text=text, lang="zh", confidence=1.0, alternatives=alternatives)
    return understander.understand(heard, expecting)


def _detail(meaning: Understanding, name: str = "origin.detail") -> Value | None:
    return next((f.value for f in meaning.fields if f.name == name), None)


def test_a_district_lends_its_names(names: StreetNames) -> None:
    assert {"张江", "花木"} <= set(names.within(PUDONG))
    assert "前进中" in names.within(Area("江苏省", "苏州市", "昆山市"))
    assert not names.within(Area("浙江省", "杭州市", "西湖区"))
    assert stems("张江高科技园区虚拟社区") >= {"张江", "张江高"}


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("征江", "张江"),
        ("增江", "张江"),
        ("张江", "张江"),
        ("华木", "花木"),
        ("龙阳", "龙阳"),
    ],
)
def test_a_street_is_mended_by_its_sound(names: StreetNames, heard: str, meant: str) -> None:
    assert StreetMender(names).mend((heard,), (PUDONG,)).name == meant


@pytest.mark.parametrize(("heard", "meant"), [("张江", "张江"), ("章江", "长江")])
def test_a_street_that_exists_as_it_stands_is_not_repaired(
    tmp_path: Path, heard: str, meant: str
) -> None:
    """However much more often 长江路 is borne: 张江路 is a street, 章江路 is none."""
    _table(tmp_path / "provinces.csv", "code,name", "31,上海市")
    _table(tmp_path / "cities.csv", "code,name,provinceCode", "3101,市辖区,31")
    _table(tmp_path / "areas.csv", "code,name,cityCode,provinceCode", "310115,浦东新区,3101,31")
    header = "code,name,areaCode,provinceCode,cityCode"
    _table(tmp_path / "streets.csv", header, "1,张江镇,310115,31,3101")
    many = [f"{i},长江{i}社区居委会,1,31,3101,310115" for i in range(300)]
    _table(tmp_path / "villages.csv", "code,name,streetCode,provinceCode,cityCode,areaCode", *many)
    names = StreetNames(tmp_path)
    assert StreetMender(names).mend((heard,), (PUDONG,)).name == meant


def test_a_denied_name_is_not_proposed_again(names: StreetNames) -> None:
    mender = StreetMender(names)
    assert mender.mend(("征江",), (PUDONG,), denied={"张江"}).name != "张江"


def test_a_mended_street_is_less_sure(names: StreetNames) -> None:
    mender = StreetMender(names)
    sure, mended = mender.mend(("张江",), (PUDONG,)), mender.mend(("征江",), (PUDONG,))
    assert sure.listed
    assert mended.confidence < sure.confidence


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("张江鲁八十八号", "张江路八十八号"),
        ("世纪大到100号", "世纪大道100号"),
        ("张江路八十八好", "张江路八十八号"),
        ("部队，发货地址是张江路", "不对，发货地址是张江路"),
        ("一直是张江路8号", "地址是张江路8号"),
        ("收录一共3件", "收录一共3件"),
        ("第一支是白的", "第一支是白的"),
    ],
)
def test_words_of_an_address_are_respelled(heard: str, meant: str) -> None:
    assert road_words(heard) == meant


@given(st.text(alphabet="张江路鲁大到道号好一二三百0123456789，是地址部队不对", max_size=24))
def test_respelling_keeps_the_length_and_is_stable(text: str) -> None:
    fixed = road_words(text)
    assert len(fixed) == len(text)
    assert len(once(text)) <= len(text)


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("弓长张，江河的江", "张江"),
        ("工厂张，长江的江", "张江"),
        ("是建设的建，国家的国", "建国"),
        ("立早章", "章"),
        ("我的货", ""),
        ("明天下午两点", ""),
    ],
)
def test_characters_are_spelled(text: str, characters: str) -> None:
    assert spelled(text) == characters


def test_a_spelled_street_replaces_what_was_heard(understander: Understander) -> None:
    known = {**HERE, "origin.detail": "征警路88号"}
    meaning = _understood(
        understander, "不对，弓长张，江河的江", "confirm", known=known, readback=("origin.detail",)
    )
    assert _detail(meaning) == "张江路88号"


def test_a_street_corrected_alone_keeps_its_number(understander: Understander) -> None:
    known = {**HERE, "origin.detail": "真江路88号"}
    meaning = _understood(
        understander, "错了，是张江路", "confirm", known=known, readback=("origin.detail",)
    )
    assert _detail(meaning) == "张江路88号"


def test_another_reading_may_be_surer(understander: Understander) -> None:
    meaning = _understood(understander, "正紧路88号", "origin.detail", alternatives=("张江路88号",))
    assert _detail(meaning) == "张江路88号"


def test_what_was_denied_is_not_mended_to(understander: Understander) -> None:
    meaning = _understood(
        understander, "征江路88号", "origin.detail", denied=(("origin.detail", "张江路88号"),)
    )
    assert _detail(meaning) == "征江路88号"


@pytest.mark.parametrize("street", ["641 Ocean Road", "12 Golden Dragon Avenue"])
def test_a_street_of_plain_english_words_stays_as_it_is(
    understander: Understander, street: str
) -> None:
    meaning = understander.understand(
        Utterance(text=f"{street.lower()}, Pudong, Shanghai", lang="en", confidence=1.0),
        Expectation(slot="origin", lang="en", now=datetime(2026, 11, 24, tzinfo=UTC)),
    )
    assert _detail(meaning) == street
