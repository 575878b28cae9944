"""No order is accepted without its three conditions, whatever was done to it before."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from models.errors import RuleError
from models.order import FieldValue, Order, Source, Status

_SOURCE = Source(heard="", confidence=0.9, changed_by="caller", turn=1)
_STEPS: dict[str, Callable[[Order], Order]] = {
    "change": lambda o: o.change({"pieces": FieldValue(o.version + 1, _SOURCE)}),
    "confirm": lambda o: o.confirm(o.version, by="caller"),
    "stale yes": lambda o: o.confirm(o.version - 1, by="caller"),
    "send": lambda o: o.send_link(o.version),
    "sign": lambda o: o.sign(o.version),
    "stale signature": lambda o: o.sign(o.version - 1),
    "flag": lambda o: o.flag("not sure of goods"),
    "clear": Order.clear,
    "accept": lambda o: o.accept(customer_effective=True),
    "accept without papers": lambda o: o.accept(customer_effective=False),
}


def _go(steps: list[str]) -> tuple[Order, str | None]:
    """The order after these steps, and the last one that it took."""
    order, last = Order(id="o1"), None
    for name in steps:
        before = order
        try:
            order = _STEPS[name](order)
        except RuleError:
            assert order is before
            continue
        last = name
        if order.status is Status.ACCEPTED:
            assert order.confirmed_version == order.signed_version == order.version
            assert not order.review_reasons, "what is set aside is not accepted"
            assert name == "accept" or before.status is Status.ACCEPTED
    return order, last


@given(st.lists(st.sampled_from(sorted(_STEPS)), max_size=20))
def test_only_a_confirmed_and_signed_version_is_accepted(steps: list[str]) -> None:
    _go(steps)


def test_the_three_conditions_are_enough_and_each_is_needed() -> None:
    whole = ["change", "confirm", "send", "sign", "accept"]
    assert _go(whole)[0].status is Status.ACCEPTED
    for missing in ("confirm", "sign"):
        left = [step for step in whole if step != missing]
        assert _go(left)[0].status is not Status.ACCEPTED
    assert _go([*whole[:-1], "accept without papers"])[0].status is Status.SIGNED
    assert _go([*whole[:-1], "flag", "accept"])[0].status is Status.NEEDS_REVIEW
    assert _go([*whole[:-1], "change", "accept"])[0].status is Status.DRAFT
