"""Spoken numbers, dates and telephone numbers as values."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.parse_data import said_en, said_zh
from nlp.normalize import dates_en, dates_zh, numbers_en, numbers_zh
from nlp.normalize.phones import national, to_e164
from nlp.normalize.text import tidy

NOW = datetime.fromisoformat("2026-11-24T10:00")


@given(st.integers(1, 99_999))
def test_whole_numbers_in_mandarin(value: int) -> None:
    assert numbers_zh.number(said_zh(value)) == value


@given(st.integers(1, 9_999))
def test_whole_numbers_in_english(value: int) -> None:
    assert numbers_en.number(said_en(value)) == value


@given(st.integers(1, 9), st.integers(1, 9))
def test_short_mandarin_counts_the_next_lower_unit(high: int, low: int) -> None:
    digits = "零一二三四五六七八九"
    assert numbers_zh.number(f"{digits[high]}百{digits[low]}") == high * 100 + low * 10
    assert numbers_zh.number(f"{digits[high]}千{digits[low]}") == high * 1000 + low * 100
    assert numbers_zh.number(f"{digits[high]}万{digits[low]}") == high * 10_000 + low * 1000


@given(st.text(max_size=12))
def test_no_text_breaks_the_numbers(text: str) -> None:
    for value in (numbers_zh.number(text), numbers_en.number(text)):
        assert value is None or value >= 0


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("三点五", 3.5),
        ("一点二万", 12_000),
        ("3.5万", 35_000),
        ("两千零五十", 2050),
        ("幺五零", 150),
    ],
)
def test_mandarin_numbers(said: str, value: float) -> None:
    assert numbers_zh.number(said) == value


@pytest.mark.parametrize(
    ("said", "value"),
    [("fifteen hundred", 1500), ("three and a half", 3.5), ("half a dozen", 6), ("1.5k", 1500)],
)
def test_english_numbers(said: str, value: float) -> None:
    assert numbers_en.number(said) == value


def test_what_is_no_number_is_none() -> None:
    assert numbers_zh.number("五百三百") is None
    assert numbers_en.number("pallets") is None


@pytest.mark.parametrize(
    ("said", "day", "start", "end"),
    [
        ("大后天上午十点到十二点", "2026-11-27", "10:00", "12:00"),
        ("下周二晚上七点三刻", "2026-12-01", "19:45", None),
        ("下个月六号", "2026-12-06", None, None),
        ("月底", "2026-11-30", None, None),
        ("午饭后", "2026-11-24", "13:00", "15:00"),
        ("周五之前", "2026-11-27", None, None),
    ],
)
def test_mandarin_moments(said: str, day: str, start: str | None, end: str | None) -> None:
    moment = next(dates_zh.find(said, NOW)).moment
    assert moment.day.isoformat() == day
    assert (moment.starts or "T")[11:] == (start or "")
    assert (moment.ends or "T")[11:] == (end or "")


@pytest.mark.parametrize(
    ("said", "day", "start"),
    [
        ("tomorrow at three pm", "2026-11-25", "2026-11-25T15:00"),
        ("next tuesday at quarter to eight in the evening", "2026-12-01", "2026-12-01T19:45"),
        ("the sixth of next month", "2026-12-06", None),
    ],
)
def test_english_moments(said: str, day: str, start: str | None) -> None:
    moment = next(dates_en.find(said, NOW)).moment
    assert (moment.day.isoformat(), moment.starts) == (day, start)


@given(st.text(alphabet="今明后大天下周月号点半上午晚一二三十五到前零 :0123456789", max_size=14))
def test_no_text_breaks_the_dates(text: str) -> None:
    for found in dates_zh.find(text, NOW):
        assert 0 <= found.start < found.end <= len(text)


@pytest.mark.parametrize(
    ("digits", "extension", "e164", "dialled"),
    [
        ("13800138000", "", "+8613800138000", "13800138000"),
        ("02158778899", "801", "+862158778899;ext=801", "02158778899-801"),
        ("4008208820", "", "+864008208820", "4008208820"),
    ],
)
def test_phones(digits: str, extension: str, e164: str, dialled: str) -> None:
    assert to_e164(digits, extension) == e164
    assert national(e164) == dialled


def test_what_is_no_phone_is_none() -> None:
    assert to_e164("12345678901") is None


def test_tidy_takes_fillers_out_and_keeps_answers() -> None:
    assert tidy("呃，那个，上海", "zh") == "上海"
    assert tidy("嗯。", "zh") == "嗯"
    assert tidy("Um, uh, Shanghai", "en") == "shanghai"


@pytest.mark.parametrize(
    "heard", ["from 2 to 4p, m", "from 2 to 4 P. M.", "from 2 to 4 p m", "from 2 to 4 p.m."]
)
def test_the_half_of_the_day_is_one_word(heard: str) -> None:
    assert tidy(heard, "en").replace(".", "") == "from 2 to 4 pm"


def test_a_letter_behind_a_number_may_be_the_half_of_the_day() -> None:
    assert tidy("2p to 4p m", "en") == "2 pm to 4 pm"
    assert tidy("unit 2b", "en") == "unit 2b"
    assert tidy("I'm in room 4 a may be", "en") == "i'm in room 4 a may be"
