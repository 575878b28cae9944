"""Windows of hours, takings-back, gross and net weights, routes, and suites of one's own."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from benchmarks import normalisers
from models.call import Lang
from models.errors import RuleError
from nlp.gazetteer.goods import goods
from nlp.meaning import Expectation, Intent, Understanding, Utterance
from nlp.normalize import dates_en, dates_zh
from nlp.normalize.dates import Moment
from nlp.normalize.text import tidy
from nlp.respell import respell
from nlp.understand import Understander
from nlp.verbalize.cardinals import zh_cardinal

NOW = datetime(2026, 11, 24, 0, 30)
HOURS_EN = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"]
WINDOW = st.integers(1, 10).flatmap(lambda a: st.tuples(st.just(a), st.integers(a + 1, 11)))
UNDERSTANDER = Understander()


def _meant(text: str, slot: str | None, lang: Lang = "zh") -> Understanding:
    return UNDERSTANDER.understand(
        Utterance(text=text, lang=lang, confidence=1.0),
        Expectation(slot=slot, lang=lang, now=datetime(2026, 11, 24, 10)),
    )


def _fields(text: str, slot: str | None, lang: Lang = "zh") -> dict[str, object]:
    return {f.name: f.value for f in _meant(text, slot, lang).fields}


def _english(text: str) -> Moment:
    (found,) = dates_en.find(tidy(text, "en"), NOW)
    return found.moment


@given(WINDOW)
def test_the_first_hour_of_a_window_needs_no_word_of_its_own(hours: tuple[int, int]) -> None:
    first, last = (zh_cardinal(str(hour)).replace("二", "两", hour == 2) for hour in hours)
    (found,) = dates_zh.find(f"明天早上{first}到{last}点", NOW)
    (full,) = dates_zh.find(f"明天早上{first}点到{last}点", NOW)
    assert found.moment == full.moment
    assert found.moment.start == time(hours[0])


@given(WINDOW, st.sampled_from(["pm", "p.m.", "in the afternoon"]))
@example((5, 6), "p.m.")
def test_from_hour_to_hour_is_a_window(hours: tuple[int, int], half: str) -> None:
    a, b = hours
    first, last = HOURS_EN[a - 1], HOURS_EN[b - 1]
    ends = (time(a + 12), time(b + 12))
    for said in (f"from {a} to {b} {half}", f"between {a} and {b} {half}", f"from {first} to {last} {half}", f"{a} to {b} {half}"):  # fmt: skip
        moment = _english(said)
        assert (moment.start, moment.end) == ends


@given(st.sampled_from(["five", "ten", "twenty", "a quarter"]), st.integers(2, 11))
def test_minutes_before_the_hour_stay_a_clock(minutes: str, hour: int) -> None:
    lacking = {"five": 5, "ten": 10, "twenty": 20, "a quarter": 15}[minutes]
    moment = _english(f"{minutes} to {HOURS_EN[hour - 1]} pm")
    assert moment.start == (datetime(2026, 1, 1, hour + 12) - timedelta(minutes=lacking)).time()
    assert moment.end is None


@given(st.dates(date(2026, 12, 1), date(2028, 12, 31)))
def test_a_date_beats_the_day_of_the_week_beside_it(day: date) -> None:
    assert _english(f"{day:%a}, {day:%B} {day.day}, {day.year}").day == day


@given(st.integers(25, 30))
def test_a_numbered_day_is_kept_before_words_of_assent(day: int) -> None:
    said = f"{zh_cardinal(str(day))}号吧，下午三点"
    assert respell(said).text == said
    assert _fields(said, "pickup")["pickup_start"] == f"2026-11-{day}T15:00"


def test_what_is_denied_gives_way_to_what_is_said_instead() -> None:
    meant = _fields("not today, tomorrow at four in the afternoon", "pickup", "en")
    assert meant["pickup_start"] == "2026-11-25T16:00"


@given(st.integers(301, 900), st.integers(100, 300))
def test_the_gross_weight_is_what_counts(gross: int, net: int) -> None:
    for said, lang in (
        (f"毛重{gross}公斤，净重{net}公斤", "zh"),
        (f"净重{net}公斤，毛重{gross}公斤", "zh"),
        (f"gross is {gross} kilos, net {net} kilos", "en"),
        (f"net {net}, gross {gross}", "en"),
    ):
        assert _fields(said, "weight", "zh" if lang == "zh" else "en")["weight_kg"] == gross


def test_a_day_does_not_make_an_order_of_a_cancellation() -> None:
    for said, lang in (("我昨天上午下的那个单子取消掉", "zh"), ("scrap that order I made this morning", "en")):  # fmt: skip
        meant = _meant(said, None, "zh" if lang == "zh" else "en")
        assert meant.intent is Intent.CANCEL
        assert not meant.fields


def test_a_route_names_both_ends() -> None:
    meant = _fields("booking for Shanghai Pudong to Urumqi", None, "en")
    assert meant["origin.district"] == "浦东新区"
    assert meant["destination.city"] == "乌鲁木齐市"
    needed = _fields("one carton, it needs to be in Guangzhou by Thursday", None, "en")
    assert needed["destination.city"] == "广州市"
    assert needed["deliver_by"] == "2026-11-26"


def test_when_the_freight_is_paid_is_no_pick_up() -> None:
    assert _fields("挂账，月底一起算", "payment") == {"payment": "monthly"}
    assert "pickup_date" in _fields("月结，明天来提货", "payment")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_of_dangerous_goods_are_words(lang: Lang) -> None:
    for name, good in goods(lang).items():
        assert name.strip() == name
        assert name
        if good.dangerous and good.dangerous.un_number:
            assert good.dangerous.un_number[:2] == "UN"
            assert good.air


def test_a_suite_may_have_its_own_clock(tmp_path: Path) -> None:
    suite = tmp_path / "suite.tsv"
    suite.write_text(
        "# kind, language, expecting, words, meaning, clock\n\n"
        "day\tzh\tpickup_date\t明天\tpickup_date=2030-01-02\t2030-01-01T09:00\n"
        "day\tzh\tpickup_date\t明天\tpickup_date=2026-11-25\n"
        "yes\ten\tconfirm\tsure\tno\n",
        encoding="utf-8",
    )
    wrong = [bool(normalisers.mistakes(UNDERSTANDER, c)) for c in normalisers.cases(suite)]
    assert wrong == [False, False, True]


@pytest.mark.parametrize(
    "row", ["day\tzh\tpickup_date\t明天", "day\tfr\tx\ty\t-", "d\tzh\tx\ty\t-\tnoon", "d\tzh\tx\ty\tz"]
)  # fmt: skip
def test_a_suite_that_cannot_be_read_says_which_line(tmp_path: Path, row: str) -> None:
    suite = tmp_path / "suite.tsv"
    suite.write_text(f"# first\n{row}\n", encoding="utf-8")
    with pytest.raises(RuleError, match="line 2"):
        list(normalisers.cases(suite))
    with pytest.raises(RuleError, match="cannot be read"):
        list(normalisers.cases(tmp_path / "nothing.tsv"))
