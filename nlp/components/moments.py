"""Finds days, times and windows. Values: `nlp.normalize.dates.Moment`, or a pair of them of
which either may be meant (kind `either`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime

from nlp.components.scene import Entity, Scene
from nlp.normalize import dates, dates_en, dates_zh
from nlp.normalize.dates import Found, Moment
from nlp.normalize.numbers_en import NUMBER as NUMBER_EN
from nlp.normalize.numbers_en import number as number_en
from nlp.normalize.numbers_zh import NUMBER as NUMBER_ZH
from nlp.normalize.numbers_zh import number as number_zh

_AMOUNTS = {"pieces", "weight", "weight_kg", "volume", "volume_m3", "declared_value",
            "declared_value_cny"}  # fmt: skip
_DAYS = frozenset({"pickup_date", "deliver_by"})
_CLOCKS = frozenset({"pickup_start", "pickup_end"})
_AT_ONCE = re.compile(
    r"(?:现在|马上|立刻|立即|即刻|当下)(?:就?(?:可以|能|行|来|提|取|拉|走|要|过来|来提|来取|来拉))*[吧的啊了]?"
    r"|(?:right )?now|right away|immediately|straight ?away|at once"
)
_FRACTION = re.compile(r"\d+/\d+")
_MONTH_DAYS = 31
_LAST_HOUR = 24
#: The first of two clocks, of which only the second says that it is one.
_BEFORE_CLOCK = re.compile(
    rf"(?:\b(?:\d{{1,2}}(?::\d\d)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) or (?:at |maybe )?)$"
    rf"|(?:{NUMBER_ZH})(?:或者?|还是)$"
)
#: Confidence of what has passed already: it is asked back, and never moved.
_PAST = 0.5
_BARE = 0.8


def find_zh(scene: Scene) -> Iterator[Entity]:
    """Mandarin days and times."""
    found = dates_zh.find(scene.text, scene.expectation.now)
    yield from _entities(scene, found, NUMBER_ZH)
    yield from _bare(scene, number_zh)


def find_en(scene: Scene) -> Iterator[Entity]:
    """English days and times."""
    found = dates_en.find(scene.text, scene.expectation.now)
    yield from _entities(scene, found, NUMBER_EN)
    yield from _bare(scene, number_en)


def _entities(scene: Scene, found: Iterable[Found], number: str) -> Iterator[Entity]:
    now = scene.expectation.now
    for one in found:
        if _is_amount(scene, one, number):
            continue
        if one.other is not None or _BEFORE_CLOCK.search(scene.text[: one.start]):
            yield Entity("either", one.start, one.end, (one.moment, one.other or one.moment))
            continue
        sure = _PAST if passed(one.moment, now) else 1.0
        yield Entity("moment", one.start, one.end, one.moment, sure)


def passed(moment: Moment, now: datetime) -> bool:
    """Whether nothing of the moment is left."""
    if moment.day != now.date():
        return moment.day < now.date()
    last = moment.end or moment.start
    return last is not None and last < now.time()


def _is_amount(scene: Scene, found: Found, number: str) -> bool:
    """Whether an amount is asked for and a lone clock ("一点五", "six fifty") is that amount."""
    if scene.slot not in _AMOUNTS:
        return False
    if _FRACTION.fullmatch(scene.text, found.start, found.end):
        return True
    if not found.moment.implied:
        return False
    said = re.compile(number).match(scene.text, found.start)
    return said is not None and said.end() >= found.end


def _bare(scene: Scene, number: Callable[[str], float | None]) -> Iterator[Entity]:
    """A day or an hour said by its number alone, and "now", where a time is asked for."""
    if scene.slot not in _DAYS | _CLOCKS and scene.slot != "pickup":
        return
    text, now = scene.text.strip("，？ .,?"), scene.expectation.now
    start = scene.text.find(text)
    moment = None
    if _AT_ONCE.fullmatch(text):
        moment = Moment(now.date(), now.time().replace(second=0, microsecond=0))
    value = number(text.removesuffix("吧")) if scene.slot != "pickup" and text else None
    if value is not None and value == int(value):
        moment = _by_number(scene.slot, int(value), now)
    if moment is not None:
        sure = 1.0 if _AT_ONCE.fullmatch(text) else _BARE
        yield Entity("moment", start, start + len(text), moment, sure)


def _by_number(slot: str, value: int, now: datetime) -> Moment | None:
    if slot in _DAYS:
        day = dates.day_of_month(now.date(), value, None) if 0 < value <= _MONTH_DAYS else None
        return Moment(day) if day else None
    clock = dates.clock(value, 0, None) if value < _LAST_HOUR else None
    if clock is None:
        return None
    today: date = now.date()
    moment = Moment(today, clock, implied=True)
    return (
        Moment(dates.later(today, 1, "day"), clock, implied=True) if passed(moment, now) else moment
    )
