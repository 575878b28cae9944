"""The rules of risk: each line of the table, and what the sum asks for."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.look_alikes import look_alike
from models.risk import AMOUNTS, APPROVERS, RULES, Facts, assess, suffices
from models.staff import Role

ROUTE = ("上海市", "北京市")
OTHER = (("上海市", "广州市"),) * 3
LISTED = Path(__file__).with_name("look_alikes.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize(
    ("facts", "names", "approver"),
    [
        (Facts(), [], None),
        (Facts(first_period=True), ["first_period"], None),
        (Facts(declared_value=50_000), ["high_value"], None),
        (Facts(declared_value=199_999, first_period=True), ["first_period", "high_value"], "head"),
        (Facts(declared_value=200_000), ["very_high_value"], "general_manager"),
        (Facts(dangerous=True, goods="锂电池"), ["dangerous"], "head"),
        (Facts(goods="充电宝"), ["look_alike"], None),
        (Facts(goods="Lithium cells"), ["look_alike"], None),
        (Facts(goods="耳机"), [], None),
        (Facts(route=ROUTE, routes=OTHER), ["new_route"], None),
        (Facts(route=ROUTE), [], None),  # a first order has no usual way
        (Facts(route=ROUTE, routes=OTHER[:2]), [], None),  # nor has a third one
        (Facts(goods="耳机", suspects=True), ["look_alike"], None),
        (Facts(goods="耳机", suspects=True, dangerous=True), ["dangerous"], "head"),
        (Facts(route=ROUTE, routes=(*OTHER, ROUTE)), [], None),
        (Facts(amounts={"weight_kg": 301}, usual={"weight_kg": (90, 100, 110)}), ["much"], None),
        (Facts(amounts={"weight_kg": 300}, usual={"weight_kg": (90, 100, 110)}), [], None),
        # too few to know what is usual
        (Facts(amounts={"weight_kg": 900}, usual={"weight_kg": (90, 100)}), [], None),
        (
            Facts(
                amounts={"weight_kg": 900, "pieces": 90, "volume_m3": 9},
                usual={"weight_kg": (1, 1, 1), "pieces": (2, 2, 2), "volume_m3": (1, 1, 1)},
            ),
            ["much"],  # one shipment is large once
            None,
        ),
        (Facts(amounts={"pieces": 31}, usual={"pieces": (9, 10, 10)}), ["much"], None),
        (Facts(amounts={"volume_m3": 4}, usual={"volume_m3": (1, 1, 1)}), ["much"], None),
        (Facts(declared_value=40_000, values=(9_000,) * 3), ["unusual_value"], None),
        (Facts(orders_today=4, orders_a_day=(1, 1, 1)), ["many_orders"], None),
        (Facts(orders_today=4, orders_a_day=(1, 2, 2)), [], None),
        (Facts(orders_today=9, orders_a_day=(1, 1)), [], None),
        (Facts(unsigned_before=1), ["unsigned_before"], None),
        (Facts(unsigned_before=2, exception=True), ["exception", "often_unsigned"], "head"),
        (
            Facts(dangerous=True, exception=True, unsigned_before=1),
            ["exception", "dangerous", "unsigned_before"],
            "general_manager",
        ),
    ],
)
def test_each_rule_says_why(facts: Facts, names: list[str], approver: str | None) -> None:
    risk = assess(facts)
    assert [rule.name for rule in risk.rules] == names
    assert risk.points == sum(rule.points for rule in risk.rules)
    assert risk.approver == approver


@given(
    st.builds(
        Facts,
        first_period=st.booleans(),
        exception=st.booleans(),
        declared_value=st.none() | st.floats(0, 1e6),
        goods=st.sampled_from(["耳机", "锂电池", "面粉"]),
        dangerous=st.booleans(),
        amounts=st.dictionaries(st.sampled_from(AMOUNTS), st.floats(0.1, 1e4)),
        usual=st.dictionaries(st.sampled_from(AMOUNTS), st.lists(st.floats(0.1, 1e3), max_size=5)),
        unsigned_before=st.integers(0, 4),
    )
)
def test_more_points_never_ask_for_less(facts: Facts) -> None:
    risk = assess(facts)
    needed = [role for least, role in APPROVERS if risk.points >= least]
    assert risk.approver == (needed[-1] if needed else None)
    assert suffices(Role.GENERAL_MANAGER, risk.approver)
    assert suffices(Role.CLERK, risk.approver) == (risk.approver is None)
    assert not suffices(Role.HEAD, Role.GENERAL_MANAGER)


def test_rules_have_names_of_their_own() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.points > 0 for rule in RULES)


@pytest.mark.parametrize("line", [line for line in LISTED if line[0] in "+-"])
def test_goods_that_often_hide_dangerous_ones(line: str) -> None:
    assert look_alike(line[2:]) == line.startswith("+")
