"""Units by their definitions, amounts, telephone numbers and written numbers: what must hold always."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.normalize import dates_en, dates_zh, numbers_en, numbers_zh
from nlp.normalize.phones import national, to_e164
from nlp.normalize.text import tidy
from nlp.normalize.units import LENGTH, VOLUME, WEIGHT, alternatives, tidy_amount
from nlp.verbalize.cardinals import en_cardinal

#: How many of the second unit are one of the first; from the definitions, not from the tables.
RELATIONS = [
    (WEIGHT, "公斤", "斤", 2), (WEIGHT, "斤", "两", 10), (WEIGHT, "斤", "市斤", 1), (WEIGHT, "担", "斤", 100),
    (WEIGHT, "吨", "公斤", 1000), (WEIGHT, "公吨", "吨", 1), (WEIGHT, "公斤", "克", 1000), (WEIGHT, "克", "毫克", 1000),
    (WEIGHT, "毫克", "微克", 1000), (WEIGHT, "磅", "盎司", 16), (WEIGHT, "stone", "pound", 14),
    (WEIGHT, "hundredweight", "pound", 112), (WEIGHT, "short ton", "pound", 2000), (WEIGHT, "long ton", "pound", 2240),
    (WEIGHT, "quintal", "kg", 100), (WEIGHT, "tonne", "kilo", 1000), (WEIGHT, "lb", "oz", 16), (WEIGHT, "gram", "mg", 1000),
    (LENGTH, "丈", "尺", 10), (LENGTH, "尺", "寸", 10), (LENGTH, "米", "尺", 3), (LENGTH, "米", "分米", 10), (LENGTH, "分米", "厘米", 10),
    (LENGTH, "公分", "毫米", 10), (LENGTH, "yard", "feet", 3), (LENGTH, "foot", "inches", 12), (LENGTH, "英尺", "英寸", 12),
    (VOLUME, "立方米", "升", 1000), (VOLUME, "升", "毫升", 1000), (VOLUME, "立方分米", "立方厘米", 1000), (VOLUME, "公升", "升", 1),
    (VOLUME, "cubic yard", "cubic feet", 27), (VOLUME, "立方英尺", "立方英寸", 1728), (VOLUME, "gallon", "quarts", 4),
    (VOLUME, "quart", "pints", 2), (VOLUME, "gallon", "cubic inches", 231), (VOLUME, "hectolitres", "l", 100),
]  # fmt: skip
#: What one of them is, by treaty or by name.
ANCHORS = [
    (WEIGHT, "kg", 1.0), (WEIGHT, "公斤", 1.0), (WEIGHT, "lb", 0.45359237), (WEIGHT, "磅", 0.45359237),
    (LENGTH, "米", 1.0), (LENGTH, "m", 1.0), (LENGTH, "inch", 0.0254), (VOLUME, "方", 1.0), (VOLUME, "cbm", 1.0), (VOLUME, "l", 0.001),
]  # fmt: skip
TABLES = [WEIGHT, VOLUME, LENGTH]
SINGULARS = ["kilogram", "kilo", "ton", "tonne", "gram", "pound", "stone", "ounce", "milligram"]


@pytest.mark.parametrize(("table", "whole", "part", "count"), RELATIONS)
def test_units_stand_to_each_other_as_they_are_defined(table, whole, part, count) -> None:
    assert table[whole] == pytest.approx(table[part] * count, rel=1e-6)


@pytest.mark.parametrize(("table", "unit", "value"), ANCHORS)
def test_the_units_that_others_are_defined_by(table, unit, value) -> None:
    assert table[unit] == value


@pytest.mark.parametrize("unit", SINGULARS)
def test_several_are_the_same_unit(unit) -> None:
    assert WEIGHT[unit] == WEIGHT[f"{unit}s"]


@pytest.mark.parametrize("table", TABLES)
def test_the_longest_unit_is_read(table) -> None:
    pattern = re.compile(alternatives(table))
    for unit in table:
        found = pattern.match(unit)
        assert found is not None
        assert found.group() == unit


@given(st.floats(0.001, 1e6))
def test_amounts_are_tidied_to_what_is_worth_telling(value: float) -> None:
    tidied = tidy_amount(value)
    assert tidy_amount(tidied) == tidied
    assert abs(tidied - value) <= (0.0051 if value >= 1 else value * 0.0051)


@given(st.integers(100, 99_999))
def test_hundredths_are_kept(hundredths: int) -> None:
    assert tidy_amount(hundredths / 100) == hundredths / 100


MOBILES = st.from_regex(r"1(?:3[0-9]|5[0-35-9]|8[0-9])[0-9]{8}", fullmatch=True)


@given(MOBILES, st.from_regex(r"[0-9]{0,5}", fullmatch=True))
def test_mobiles_come_back_with_their_extension(digits: str, extension: str) -> None:
    e164 = to_e164(digits, extension)
    assert e164 == f"+86{digits}" + (f";ext={extension}" if extension else "")
    assert national(e164) == digits + (f"-{extension}" if extension else "")


@given(st.from_regex(r"12[0-9]{9}", fullmatch=True))
def test_what_no_telephone_has_is_refused(digits: str) -> None:
    assert to_e164(digits) is None


@given(st.integers(1000, 999_999_999), st.sampled_from([",", "，"]))
def test_thousands_are_joined_and_lists_are_not(value: int, comma: str) -> None:
    assert tidy(f"{value:,}".replace(",", comma) + "公斤", "zh") == f"{value}公斤"
    assert tidy(f"{value:,} kilos", "en") == f"{value} kilos"
    assert tidy(f"{value}{comma}{value}", "zh") == f"{value}，{value}"


@given(st.integers(1, 99).map(lambda n: n * 100), st.integers(1, 99))
def test_hundreds_and_what_is_said_behind_them_are_one_number(hundreds: int, rest: int) -> None:
    assert tidy(f"{hundreds} and {rest} kilos", "en") == f"{hundreds + rest} kilos"


@given(
    st.integers(1, 20), st.sampled_from([("hundred", 100), ("thousand", 1000), ("million", 10**6)])
)
def test_a_half_belongs_to_what_it_is_said_of(count: int, scale: tuple[str, int]) -> None:
    word, value = scale
    said = en_cardinal(str(count))
    assert numbers_en.number(f"{said} and a half {word}") == (count + 0.5) * value
    assert numbers_en.number(f"half a {word}") == value / 2


@given(st.integers(1, 9), st.integers(1, 11))
def test_dozens_are_twelve_each(hundreds: int, dozens: int) -> None:
    said = en_cardinal(str(dozens))
    assert numbers_en.number(f"{said} dozen") == dozens * 12
    assert (
        numbers_en.number(f"{en_cardinal(str(hundreds))} hundred and {said} dozen")
        == hundreds * 100 + dozens * 12
    )
    assert numbers_en.number(f"{en_cardinal(str(hundreds))} hundred dozen") == hundreds * 1200


@given(st.integers(10, 99), st.integers(10, 99))
def test_two_pairs_of_digits_are_four(first: int, second: int) -> None:
    if first % 10 == 0 and first > 10:
        return  # "twenty twenty" is written so, "twenty five" is one number
    assert (
        numbers_en.number(f"{en_cardinal(str(first))} {en_cardinal(str(second))}")
        == first * 100 + second
    )


@given(
    st.integers(0, 9),
    st.sampled_from([("double", 2), ("triple", 3), ("treble", 3)]),
    st.integers(0, 9),
)
def test_repeated_digits(digit: int, times: tuple[str, int], last: int) -> None:
    word, count = times
    said = f"{word} {en_cardinal(str(digit))} {en_cardinal(str(last))}"
    assert numbers_en.digits(said) == str(digit) * count + str(last)


@given(st.integers(1, 10**6))
def test_nothing_is_below_zero(value: int) -> None:
    for said in (f"负{value}", f"-{value}"):
        assert numbers_zh.number(said) is None
    assert numbers_en.number(f"minus {value}") is None


@given(st.integers(1, 999), st.sampled_from([("k", 1000), ("w", 10_000)]))
def test_letters_for_thousands(value: int, letter: tuple[str, int]) -> None:
    sign, scale = letter
    assert numbers_zh.number(f"{value}{sign}") == value * scale
    assert numbers_zh.number(f"{value}.5{sign.upper()}") == (value + 0.5) * scale


@given(st.integers(1, 12), st.integers(1, 12))
def test_shares_in_mandarin(below: int, above: int) -> None:
    found = numbers_zh.number(f"{below}分之{above}")
    assert found == pytest.approx(above / below, abs=1e-6)


NOW = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


@given(NOW, st.integers(1, 11), st.sampled_from([("一", 15), ("1", 15), ("三", 45), ("3", 45)]))
def test_quarters_of_an_hour(now: datetime, hour: int, quarter: tuple[str, int]) -> None:
    digit, minute = quarter
    (found,) = dates_zh.find(f"明天上午{hour}点{digit}刻", now)
    assert (found.moment.day, found.moment.start) == (
        (now + timedelta(days=1)).date(), now.replace(hour=hour, minute=minute).time(),
    )  # fmt: skip


@given(NOW, st.integers(1, 5))
def test_hours_from_now_go_forward(now: datetime, hours: int) -> None:
    (zh,) = dates_zh.find(f"{hours}个小时后", now)
    (en,) = dates_en.find(f"in {hours} hours", now)
    later = now + timedelta(hours=hours)
    for found in (zh, en):
        assert (found.moment.day, found.moment.start) == (later.date(), later.time())
