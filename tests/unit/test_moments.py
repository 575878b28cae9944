"""Days and times said in many ways, from a Tuesday at ten."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.normalize import dates_en, dates_zh
from nlp.normalize.dates import Moment

NOW = datetime.fromisoformat("2026-11-24T10:00")

#: What is said, the day, and the clocks of start and end.
ZH = """
今天下午|2026-11-24|13:00|18:00
今晚八点|2026-11-24|20:00|
明早八点半|2026-11-25|08:30|
后天上午十点整|2026-11-26|10:00|
大后天上午十点到十二点|2026-11-27|10:00|12:00
星期三|2026-11-25||
这个星期五|2026-11-27||
下周二晚上七点三刻|2026-12-01|19:45|
下下周一|2026-12-07||
周末|2026-11-28||
下个月六号|2026-12-06||
下月中旬|2026-12-15||
本月二十八号|2026-11-28||
月底|2026-11-30||
下个月底|2026-12-31||
十二月五日下午|2026-12-05|13:00|18:00
2027年1月5日|2027-01-05||
12/5|2026-12-05||
三天后|2026-11-27||
一个星期以后|2026-12-01||
五个工作日内|2026-12-01||
两个小时后|2026-11-24|12:00|
半小时后|2026-11-24|10:30|
四十八小时内|2026-11-26||10:00
差五分十点|2026-11-25|09:55|
十四点三十|2026-11-24|14:30|
下午三点一刻|2026-11-24|15:15|
夜里十一点|2026-11-24|23:00|
午饭后|2026-11-24|13:00|15:00
下班以后|2026-11-24|18:00|20:00
明天中午前|2026-11-25||12:00
周五下午五点前|2026-11-27||17:00
最迟后天下午五点|2026-11-26||17:00
圣诞节前一天|2026-12-24||
除夕|2027-02-05||
国庆节|2027-10-01||
"""
EN = """
this afternoon|2026-11-24|13:00|18:00
tomorrow at 3 pm|2026-11-25|15:00|
the day after tomorrow between ten and twelve|2026-11-26|10:00|12:00
next Tuesday at quarter to eight in the evening|2026-12-01|19:45|
ten to five this afternoon|2026-11-24|16:50|
from nine to eleven tomorrow morning|2026-11-25|09:00|11:00
today before six pm|2026-11-24||18:00
this Friday before noon|2026-11-27||12:00
next week Thursday|2026-12-03||
on the 6th of next month|2026-12-06||
December the fifth|2026-12-05||
5 December at 10 am|2026-12-05|10:00|
end of the month|2026-11-30||
in two hours|2026-11-24|12:00|
in half an hour|2026-11-24|10:30|
within three days|2026-11-27||
within 48 hours|2026-11-26||10:00
a week from today|2026-12-01||
in two weeks|2026-12-08||
Christmas Eve|2026-12-24||
after lunch|2026-11-24|13:00|15:00
"""


def _rows(table: str) -> list[list[str]]:
    return [line.split("|") for line in table.strip().splitlines()]


def _said(moment: Moment) -> tuple[str, str, str]:
    start, end = (f"{c:%H:%M}" if c else "" for c in (moment.start, moment.end))
    return moment.day.isoformat(), start, end


@pytest.mark.parametrize(("said", "day", "start", "end"), _rows(ZH))
def test_mandarin(said: str, day: str, start: str, end: str) -> None:
    found = list(dates_zh.find(said, NOW))
    assert [_said(f.moment) for f in found] == [(day, start, end)]


@pytest.mark.parametrize(("said", "day", "start", "end"), _rows(EN))
def test_english(said: str, day: str, start: str, end: str) -> None:
    found = list(dates_en.find(said.lower(), NOW))
    assert [_said(f.moment) for f in found] == [(day, start, end)]


@given(st.integers(1, 23), st.sampled_from([0, 15, 30, 45]))
def test_a_written_clock_is_what_it_says(hour: int, minute: int) -> None:
    text = f"明天{hour}:{minute:02d}"
    (found,) = dates_zh.find(text, NOW)
    assert _said(found.moment) == ("2026-11-25", f"{hour:02d}:{minute:02d}", "")


@given(st.integers(1, 60))
def test_days_ahead_are_counted_alike_in_both_languages(days: int) -> None:
    (zh,) = dates_zh.find(f"{days}天后", NOW)
    (en,) = dates_en.find(f"in {days} days", NOW)
    assert zh.moment.day == en.moment.day == (NOW.date() + (zh.moment.day - NOW.date()))
    assert (zh.moment.day - NOW.date()).days == days


@pytest.mark.parametrize("said", ["慢一点", "差一点", "两三天", "快点"])
def test_what_is_no_moment(said: str) -> None:
    assert list(dates_zh.find(said, NOW)) == []
