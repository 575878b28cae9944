"""Numbers, days, clocks and telephone numbers said in many styles come back as they were."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

import pytest
from borax.calendars.lunardate import LunarDate
from hypothesis import given
from hypothesis import strategies as st

from nlp.normalize import dates_en, dates_zh, numbers_en, numbers_zh
from nlp.normalize.holidays import NAMES, next_holiday
from nlp.normalize.lunar import next_lunar
from nlp.normalize.numbers_zh import NUMBER, rough
from nlp.normalize.text import tidy
from nlp.verbalize.cardinals import en_cardinal, zh_cardinal

FORMAL = str.maketrans("零一二三四五六七八九十百千两", "零壹贰叁肆伍陆柒捌玖拾佰仟贰")
TRADITIONAL = str.maketrans("万亿两", "萬億兩")
DAYS_ZH = "一二三四五六日"
DAYS_EN = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
SOME_DAY = st.dates(date(2024, 1, 1), date(2040, 12, 31))
WHOLE = st.integers(1, 10**12 - 1)


@given(WHOLE)
def test_mandarin_numbers_come_back(value: int) -> None:
    said = zh_cardinal(str(value))
    for style in (said, said.translate(FORMAL), tidy(said.translate(TRADITIONAL), "zh")):
        assert numbers_zh.number(style) == value
        assert re.fullmatch(NUMBER, style)


@given(st.integers(0, 9999), st.integers(1, 999))
def test_decimals_come_back(whole: int, fraction: int) -> None:
    written = f"{whole}.{fraction}"
    assert numbers_zh.number(zh_cardinal(written)) == float(written)
    assert numbers_en.number(en_cardinal(written)) == float(written)


@given(st.integers(1, 99), st.integers(0, 9), st.integers(0, 9))
def test_written_digits_mix_with_units(wan: int, qian: int, bai: int) -> None:
    text = f"{wan}万" + (f"{qian}千" if qian else "") + (f"{bai}百" if bai and qian else "")
    assert numbers_zh.number(text) == wan * 10_000 + qian * 1000 + (bai * 100 if qian else 0)


@given(WHOLE)
def test_english_numbers_come_back(value: int) -> None:
    said = en_cardinal(str(value))
    for style in (said, said.replace("-", " "), said.replace(" and ", " "), said.upper()):
        assert numbers_en.number(style) == value
    assert re.fullmatch(numbers_en.NUMBER, said)


@given(st.integers(1, 99), st.sampled_from([("a half", 0.5), ("a quarter", 0.25), ("three quarters", 0.75), ("two fifths", 0.4)]))  # fmt: skip
def test_shares_are_added(whole: int, share: tuple[str, float]) -> None:
    said = f"{en_cardinal(str(whole))} and {share[0]}"
    assert numbers_en.number(said) == pytest.approx(whole + share[1])
    assert numbers_en.number(f"{said} thousand") == pytest.approx((whole + share[1]) * 1000)


@pytest.mark.parametrize("said", ["负五十", "-3", "百分之二十", "百", "五百三百"])
def test_what_is_no_amount_in_mandarin(said: str) -> None:
    assert numbers_zh.number(said) is None


@pytest.mark.parametrize("said", ["minus five", "negative two", "-7"])
def test_what_is_no_amount_in_english(said: str) -> None:
    assert numbers_en.number(said) is None


@pytest.mark.parametrize(
    ("said", "is_rough"),
    [("七八百", True), ("两三", True), ("百八十", True), ("八百", False), ("一百二", False)],
)
def test_neighbours_name_no_number(said: str, is_rough: bool) -> None:
    assert rough(said) is is_rough


def _only(find: object, text: str, now: datetime) -> tuple[date, time | None, time | None]:
    assert callable(find)
    (found,) = find(text, now)
    return found.moment.day, found.moment.start, found.moment.end


@given(SOME_DAY, st.integers(0, 200))
def test_dates_are_read_in_every_style(today: date, ahead: int) -> None:
    now = datetime.combine(today, time(10))
    day = today + timedelta(days=ahead)
    month, number = zh_cardinal(str(day.month)), zh_cardinal(str(day.day))
    for said in (
        f"{day:%Y-%m-%d}", f"{day:%Y/%m/%d}", f"{day:%Y.%m.%d}", f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日", f"{month}月{number}号", f"{day.month}月{day.day}日",
        f"{''.join('零一二三四五六七八九'[int(c)] for c in str(day.year))}年{month}月{number}日",
    ):  # fmt: skip
        assert _only(dates_zh.find, said, now)[0] == day, said
    name = MONTHS[day.month - 1].lower()
    for said in (
        f"{day:%Y-%m-%d}", f"{name} {day.day}, {day.year}", f"{name} {day.day}", f"{day.day} {name[:3]}",
        f"{day.day} of {name} {day.year}", f"the {day.day} {name}", f"{day.month}/{day.day}/{day.year}",
    ):  # fmt: skip
        assert _only(dates_en.find, said, now)[0] == day, said


@given(SOME_DAY, st.integers(0, 6), st.integers(-1, 2))
def test_days_of_a_week_are_counted_from_monday(today: date, index: int, week: int) -> None:
    now = datetime.combine(today, time(10))
    monday = today - timedelta(days=today.weekday())
    expected = monday + timedelta(days=index, weeks=week)
    word = {-1: "上", 0: "这", 1: "下", 2: "下下"}[week]
    for unit in ("周", "个星期", "个礼拜"):
        assert _only(dates_zh.find, f"{word}{unit}{DAYS_ZH[index]}", now)[0] == expected
    if week in (-1, 1):
        said = f"{'last' if week < 0 else 'next'} {DAYS_EN[index].lower()}"
        assert _only(dates_en.find, said, now)[0] == expected


@given(SOME_DAY, st.integers(1, 110))
def test_a_day_that_has_passed_is_not_moved(today: date, ago: int) -> None:
    now, day = datetime.combine(today, time(10)), today - timedelta(days=ago)
    if day.year != today.year:
        return
    assert _only(dates_zh.find, f"{day.month}月{day.day}日", now)[0] == day
    assert _only(dates_en.find, f"{MONTHS[day.month - 1].lower()} {day.day}", now)[0] == day


@given(st.integers(1, 23), st.integers(0, 59))
def test_clocks_are_read_in_every_style(hour: int, minute: int) -> None:
    now, clock = datetime(2026, 11, 24, 0, 0), time(hour, minute)
    part = "凌晨" if hour < 6 else "上午" if hour < 12 else "下午" if hour < 18 else "晚上"
    short = hour if hour <= 12 else hour - 12
    spoken = f"{zh_cardinal(str(short))}点" + (f"{zh_cardinal(str(minute))}分" if minute else "整")
    said = [f"{hour}:{minute:02d}", f"{hour}时{minute}分"] if hour > 6 else [f"{hour}:{minute:02d}"]
    for text in [*said, f"{part}{spoken}"] if hour != 12 else said:
        assert _only(dates_zh.find, text, now)[1] == clock, text
    half = "am" if hour < 12 else "pm"
    for text in (f"{short}:{minute:02d} {half}", f"{short}:{minute:02d}{half}", f"at {short}:{minute:02d} {half}"):  # fmt: skip
        assert _only(dates_en.find, text, now)[1] == clock, text


@given(SOME_DAY, st.integers(1, 12), st.integers(1, 29))
def test_a_lunar_day_is_the_next_one_of_its_name(today: date, month: int, day: int) -> None:
    found = next_lunar(today, month, day)
    assert found is not None and found >= today
    lunar = LunarDate.from_solar_date(found.year, found.month, found.day)
    assert (lunar.month, lunar.day) == (month, day)


@given(SOME_DAY, st.sampled_from(NAMES))
def test_every_holiday_comes_within_thirteen_months(today: date, name: str) -> None:
    found = next_holiday(name, today)
    assert found is not None and timedelta() <= found - today <= timedelta(days=400)


@given(st.text(alphabet="大前今明后天上下这本个周星期礼拜一二三日月初底号年去春节第后前十点半刻差分钟小时内或到，0123456789:/.- ", max_size=18))  # fmt: skip
def test_no_mandarin_text_breaks_the_moments(text: str) -> None:
    end = 0
    for found in dates_zh.find(text, datetime(2026, 11, 24, 10)):
        assert end <= found.start < found.end <= len(text)
        end = found.end


@given(st.lists(st.sampled_from(["the", "of", "in", "on", "at", "by", "next", "last", "this", "first", "third", "friday", "week", "month", "december", "26", "26th", "5", "pm", "to", "past", "half", "quarter", "noon", "tomorrow", "day", "after", "before", "two", "hours", "ago", "or", "and", "-", ",", "/", ":", "2026", "end"]), max_size=9))  # fmt: skip
def test_no_english_text_breaks_the_moments(words: list[str]) -> None:
    text, end = " ".join(words), 0
    for found in dates_en.find(text, datetime(2026, 11, 24, 10)):
        assert end <= found.start < found.end <= len(text)
        end = found.end
