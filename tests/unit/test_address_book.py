"""A customer's address book: what it takes, what counts as the same, what past orders add."""

from __future__ import annotations

from datetime import date

import pytest

from models import address_book as book
from models import contract
from models.address_book import GoneEntry, Part, UnfitEntry
from models.contract import Kind, Standing, Terms, UnfitContract
from models.customer import Customer, Phone
from models.fields import InvalidValue, Payment, Value

YARD = {"origin.city": "上海市", "origin.detail": "张江路88号"}
DOCK = {"origin.city": "宁波市", "origin.detail": "港口路1号"}
KNOWN = Customer(
    id="c1",
    name="上海宏远电子有限公司",
    phones=(Phone("+8613800138000", "王经理"),),
    origins=(YARD, DOCK),
    goods=("耳机",),
)


@pytest.mark.parametrize("part", Part)
def test_an_entry_is_read_as_it_was_typed(part: Part) -> None:
    typed = {
        "origin.city": "上海市",
        "origin.detail": "张江路88号",
        "consignee.name": "李雷",
        "consignee.phone": "13911112222",
        "destination.city": "北京市",
        "contact.name": "王经理",
        "contact.phone": "02150801234",
        "goods": "蓝牙耳机",
    }
    one = book.read(part, typed)
    assert book.read(part, book.typed(part, one)) == one
    changed, new = book.add(Customer(id="c1", name="x"), part, [one, one])
    assert (book.entries(changed, part), new) == ((one,), 1)
    assert book.entries(book.remove(changed, part, book.key(one)), part) == ()


@pytest.mark.parametrize("part", Part)
def test_an_entry_that_helps_no_call_is_refused(part: Part) -> None:
    with pytest.raises(UnfitEntry):
        book.read(part, {"origin.province": "浙江省", "contact.name": "王经理"})


def test_a_number_that_is_none_and_a_long_text_are_refused() -> None:
    with pytest.raises(InvalidValue):
        book.read(Part.PEOPLE, {"contact.phone": "12"})
    with pytest.raises(UnfitEntry):
        book.read(Part.GOODS, {"goods": "耳" * 201})


def test_an_entry_is_put_right_only_as_it_was_seen() -> None:
    moved = {**YARD, "origin.detail": "张江路90号"}
    changed = book.correct(KNOWN, Part.PLACES, book.key(YARD), moved)
    assert changed.origins == (moved, DOCK)
    with pytest.raises(GoneEntry):
        book.correct(changed, Part.PLACES, book.key(YARD), DOCK)
    with pytest.raises(GoneEntry):
        book.remove(changed, Part.PLACES, book.key(YARD))
    with pytest.raises(UnfitEntry):
        book.correct(changed, Part.PLACES, book.key(moved), DOCK)


def test_the_first_entry_is_the_one_that_calls_offer() -> None:
    assert book.to_front(KNOWN, Part.PLACES, book.key(DOCK)).origins == (DOCK, YARD)


def test_a_person_is_their_number() -> None:
    again = {"contact.phone": "+8613800138000", "contact.name": "李四"}
    assert book.add(KNOWN, Part.PEOPLE, [again]) == (KNOWN, 0)


def test_a_part_has_an_end() -> None:
    with pytest.raises(UnfitEntry):
        book.add(KNOWN, Part.GOODS, [{"goods": f"g{n}"} for n in range(book.MOST)])


def test_past_orders_tell_what_is_missing_most_used_first() -> None:
    orders: list[dict[str, Value]] = [
        {"goods": "音箱", "pieces": 3},
        {"goods": "耳机"},
        {"goods": "充电器"},
        {"goods": "充电器"},
        {"pieces": 2},
    ]
    found = book.used(KNOWN, Part.GOODS, orders)
    assert [(one.entry["goods"], one.orders) for one in found] == [("充电器", 2), ("音箱", 1)]
    places: list[dict[str, Value]] = [dict(YARD), {"origin.city": "上海市", "origin.detail": "x"}]
    assert [one.entry["origin.detail"] for one in book.used(KNOWN, Part.PLACES, places)] == ["x"]


TERMS = Terms(
    number="HY-1",
    kind=Kind.INTERIM,
    settlement=Payment.MONTHLY,
    valid_from=date(2026, 1, 1),
    valid_to=date(2026, 12, 31),
)


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        (date(2025, 12, 31), Standing.FUTURE),
        (date(2026, 1, 1), Standing.VALID),
        (date(2026, 11, 30), Standing.VALID),
        (date(2026, 12, 1), Standing.ENDING),
        (date(2026, 12, 31), Standing.ENDING),
        (date(2027, 1, 1), Standing.ENDED),
    ],
)
def test_a_contract_stands_by_its_days(day: date, standing: Standing) -> None:
    assert TERMS.standing(day) is standing


def test_a_contract_is_read_as_it_was_typed() -> None:
    assert contract.read(contract.typed(TERMS)) == TERMS
    for name, wrong in (
        ("number", " "),
        ("kind", "letter"),
        ("settlement", ""),
        ("valid_from", "soon"),
        ("valid_to", "2025-12-31"),
    ):
        with pytest.raises(UnfitContract):
            contract.read({**contract.typed(TERMS), name: wrong})
