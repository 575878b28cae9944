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


@given(st.from_regex(r"(?:12[0-9]{9}|800[0-9]{7})", fullmatch=True))
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


DAYS_ZH = "一二三四五六日"


@given(NOW, st.integers(0, 6))
def test_the_bare_name_of_a_day_is_today_or_within_the_week(now: datetime, day: int) -> None:
    (found,) = dates_zh.find(f"周{DAYS_ZH[day]}", now)
    assert found.moment.day.weekday() == day
    assert timedelta(0) <= found.moment.day - now.date() <= timedelta(days=6)


@given(NOW, st.integers(1, 12))
def test_working_days_are_counted_without_weekends(now: datetime, count: int) -> None:
    (zh,) = dates_zh.find(f"{count}个工作日后", now)
    (en,) = dates_en.find(f"in {count + 1} working days", now)
    passed = [now.date() + timedelta(days=ahead) for ahead in range(1, 30)]
    working = [day for day in passed if day.weekday() < 5]
    assert zh.moment.day == working[count - 1]
    assert en.moment.day == working[count]


@given(NOW, st.integers(0, 6), st.integers(1, 12))
def test_the_last_one_of_a_month_has_none_behind_it(now: datetime, day: int, month: int) -> None:
    (found,) = dates_zh.find(f"明年{month}月最后一个星期{DAYS_ZH[day]}", now)
    last = found.moment.day
    assert (last.year, last.month, last.weekday()) == (now.year + 1, month, day)
    assert (last + timedelta(days=7)).month != month


@given(NOW, st.integers(7, 11))
def test_an_hour_that_strikes_now_is_the_next_ones(now: datetime, hour: int) -> None:
    (found,) = dates_zh.find(f"上午{hour}点", now.replace(hour=hour, minute=0))
    assert found.moment.day == now.date() + timedelta(days=1)
    (found,) = dates_zh.find(f"上午{hour}点", now.replace(hour=hour - 1, minute=59))
    assert found.moment.day == now.date()


@given(st.integers(1, 9))
def test_what_follows_a_unit_is_smaller_than_it(count: int) -> None:
    assert numbers_zh.number("一亿一万万") is None
    assert numbers_zh.number(f"{count}亿{count}万") == count * 100_010_000


@given(NOW, st.integers(1, 9))
def test_hours_ago_lie_back(now: datetime, hours: int) -> None:
    (found,) = dates_zh.find(f"{hours}个小时前", now)
    then = now - timedelta(hours=hours)
    assert (found.moment.day, found.moment.start or found.moment.end) == (then.date(), then.time())


@given(NOW, st.sampled_from([("下周", 1), ("下下周", 2), ("下下个星期", 2)]))
def test_weeks_are_counted_from_their_monday(now: datetime, week: tuple[str, int]) -> None:
    said, ahead = week
    (found,) = dates_zh.find(said, now)
    monday = now.date() - timedelta(days=now.weekday())
    assert found.moment.day == monday + timedelta(weeks=ahead)


@given(st.integers(1, 6))
def test_days_behind_a_holiday_are_counted_from_it(count: int) -> None:
    (found,) = dates_zh.find(f"元旦后{count}天", datetime(2026, 11, 27, 10))
    assert found.moment.day == datetime(2027, 1, 1).date() + timedelta(days=count)


@given(NOW, st.integers(0, 6))
def test_last_and_next_name_days_of_the_weeks_beside_this_one(now: datetime, day: int) -> None:
    name = (datetime(2026, 11, 23) + timedelta(days=day)).strftime("%A")  # a Monday, and on from it
    monday = now.date() - timedelta(days=now.weekday())
    for said, weeks in (("last", -1), ("next", 1)):
        (found,) = dates_en.find(f"{said} {name}".lower(), now)
        assert found.moment.day == monday + timedelta(days=day, weeks=weeks)
