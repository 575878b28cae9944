"""What a person types into a field, and what a form shows of a value."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import entry, entry_customer
from models.acceptance import Condition, missing
from models.customer import Customer, Phone
from models.fields import DangerousGood, InvalidValue, Value
from tests.orders import draft


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("pieces", " 16 ", 16),
        ("weight_kg", "1,200.5", 1200.5),
        ("consignee.phone", "138 0013 8000", "+8613800138000"),
        ("contact.phone", "021-50801234", "+862150801234"),
        ("contact.phone", "+49 30 901820", "+4930901820"),
        ("pickup_start", "2026-11-25T14:00", "2026-11-25T14:00"),
        ("mode", "air", "air"),
        ("dangerous", "-", ()),
        (
            "dangerous",
            "锂电池; 9; un3480\n油漆；3",
            (DangerousGood("锂电池", "9", "UN3480"), DangerousGood("油漆", "3")),
        ),
        ("remarks", "   ", None),
    ],
)
def test_what_is_typed_is_read(name: str, typed: str, value: Value | None) -> None:
    assert entry.read(name, typed) == value
    assert entry.read(name, entry.typed(name, value)) == value


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("pieces", "sixteen"),
        ("pieces", "1.5"),
        ("pieces", "0"),
        ("weight_kg", "-3"),
        ("weight_kg", "nan"),
        ("contact.phone", "123"),
        ("contact.phone", "call me"),
        ("mode", "boat"),
        ("pickup_date", "tomorrow"),
    ],
)
def test_what_is_no_value_is_refused(name: str, typed: str) -> None:
    with pytest.raises(InvalidValue):
        entry.read(name, typed)


@given(st.sampled_from(["goods", "remarks", "pieces", "weight_kg", "dangerous"]), st.text())
def test_anything_typed_is_read_or_refused_and_read_again_alike(name: str, text: str) -> None:
    try:
        value = entry.read(name, text)
    except InvalidValue:
        return
    shown = entry.typed(name, value)
    if name in ("pieces", "goods"):
        assert entry.read(name, shown) == value


def test_a_form_tells_values_empty_fields_and_problems_apart() -> None:
    form = {"pieces": "x", "goods": "耳机", "remarks": "", "no.such.field": "1"}
    values, empty, problems = entry.read_all(form)
    assert values == {"goods": "耳机"}
    assert empty == {"remarks"}
    assert problems.keys() == {"pieces"}


def test_a_customers_form_leaves_the_address_book_alone() -> None:
    customer = Customer(
        id="c1",
        name="上海宏远电子有限公司",
        account="HY-0032",
        effective=True,
        phones=(Phone("+8613800138000", "王经理"), Phone("+862150801234")),
        aliases=("宏远电子", "宏远"),
        origins=({"origin.city": "上海市", "origin.detail": "张江路88号"},),
        goods=("耳机",),
    )
    form = {k: v for k, v in entry_customer.typed(customer).items() if v}
    assert entry_customer.read(form, customer) == customer
    changed = entry_customer.read({"name": " 宏远 ", "aliases": "\n 宏 \n"}, customer)
    assert changed == replace(customer, name="宏远", account=None, effective=False, aliases=("宏",))


def test_what_an_order_lacks_is_told_one_by_one() -> None:
    order = draft()
    assert missing(order, customer_effective=False) == tuple(Condition)
    confirmed = order.confirm(order.version, by="caller")
    assert missing(confirmed, customer_effective=True) == (Condition.SIGNED,)
    signed = confirmed.send_link(order.version).sign(order.version)
    assert missing(signed, customer_effective=True) == ()
