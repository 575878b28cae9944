"""What the page and the document show of an order: every value, in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.sign.shown import LINES, describe
from api.sign.words import LABELS, WORDS
from api.signed.words import words
from models.call import Lang
from models.desk import LinkState, SigningView
from models.fields import FIELDS, DangerousGood, Value
from models.notices import notice_for
from nlp.dialogue.prompts import Prompts
from tests.orders import MOBILE, NOW, draft

PLACES: dict[str, Value] = {
    "origin.province": "上海市",
    "origin.district": "浦东新区",
    "consignee.name": "王强",
    "consignee.phone": "+8613911112222",
    "pickup_start": "2026-11-25T14:00",
    "pickup_end": "2026-11-25T16:00",
    "pickup_date": "2026-11-25",
    "deliver_by": "2026-12-01T09:00",
    "dangerous": (DangerousGood("充电宝", "9", "UN3480"), DangerousGood("胶水")),
}


def shown(lang: Lang, **values: Value) -> dict[str, str]:
    view = SigningView(
        state=LinkState.OPEN,
        lang=lang,
        order=draft(**{**PLACES, **values}),
        notice=notice_for("air", lang),
        mobile=MOBILE,
        expires_at=NOW + timedelta(hours=1),
        signature=None,
    )
    described = describe(Prompts.load(), view, "顺达货运")
    return {**dict(described["items"]), "declared": " ".join(described["declared"])}


def test_every_field_has_its_line() -> None:
    named = [name for _, names in LINES for name in names]
    assert sorted([*named, "dangerous"]) == sorted(FIELDS)
    assert all(LABELS[lang].keys() == {label for label, _ in LINES} for lang in LABELS)
    assert WORDS["zh"].keys() == WORDS["en"].keys()
    assert words("zh").keys() == words("en").keys()


def test_values_are_whole_in_both_languages() -> None:
    zh = shown("zh")
    assert zh["始发地"] == "上海市浦东新区"
    assert zh["收货人"] == "王强  13911112222"
    assert zh["提货时间"] == "2026年11月25日 14:00–16:00"
    assert zh["最晚送达"] == "2026年12月1日 09:00"
    assert zh["declared"] == "充电宝（第9类，UN3480） 胶水"
    en = shown("en")
    assert en["From"] == "上海市浦东新区"
    assert en["Pick-up"] == "25 November 2026 14:00–16:00"
    assert en["declared"] == "充电宝 (class 9, UN3480) 胶水"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"pickup_end": "2026-11-26T09:00"}, "2026年11月25日 14:00 – 2026年11月26日 09:00"),
        ({"pickup_end": "2026-11-25T14:00"}, "2026年11月25日 14:00"),
    ],
)
def test_spans_over_days_and_single_moments(values: dict[str, Value], expected: str) -> None:
    assert shown("zh", **values)["提货时间"] == expected
