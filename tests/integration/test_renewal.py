"""A changed order asks for a new signature; a link that did not serve is sent anew."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models import desk, links
from models.desk import LinkState
from models.order import Order, StaleVersion, Status
from models.store import Store
from tests.orders import MOBILE, NOW, begun, draft, fields, linked, signing

LATER = NOW + timedelta(hours=1)


def signed(store: Store, token: str) -> Order:
    with store.unit() as uow:
        order = desk.sign(uow, token, signing(uow, token), NOW).order
        uow.commit()
    return order


def changed(store: Store, order: Order) -> Order:
    with store.unit() as uow:
        new = fields({"pieces": 20}, by="clerk:li")
        after = desk.change_order(uow, order.id, order.version, new, by="clerk:li", at=LATER)
        uow.commit()
    return after


def states(store: Store, *tokens: str) -> list[LinkState]:
    with store.reading() as uow:
        return [desk.view_link(uow, token, LATER).state for token in tokens]


def newest_token(store: Store, order: Order) -> str:
    with store.reading() as uow:
        return links.token(store.secret, uow.links.of_version(order.id, order.version)[0].nonce)


def confirmed(store: Store, order: Order) -> Order:
    """The customer's yes to the change, got by a clerk, and what follows from it."""
    with store.unit() as uow:
        after, _ = desk.confirm_order(uow, order, LATER, "clerk:li")
        asked = desk.ask_anew(uow, after, by="clerk:li", at=LATER, valid_hours=72)
        uow.commit()
    return asked


def test_a_desks_change_voids_the_signature_and_sends_a_new_link(store: Store) -> None:
    _, first = linked(store, draft())
    order = changed(store, signed(store, first))
    assert (order.status, order.signed_version) == (Status.DRAFT, None)
    assert states(store, first) == [LinkState.OUTDATED]
    with store.unit() as uow, pytest.raises(StaleVersion):
        desk.ask_anew(uow, order, by="clerk:li", at=LATER, valid_hours=72)
    asked = confirmed(store, order)
    assert asked.status is Status.AWAITING_SIGNATURE
    with store.reading() as uow:
        row = uow.outbox.by_key(f"sms_link:o1:2:{MOBILE}")
        assert row is not None
        assert row.payload["changed"] is True
        assert [e.by for e in uow.orders.history("o1")][-2:] == ["clerk:li", "clerk:li"]
    token = newest_token(store, asked)
    assert states(store, first, token) == [LinkState.OUTDATED, LinkState.OPEN]
    assert signed(store, token).signed_version == 2


def test_it_is_asked_for_once(store: Store) -> None:
    _, first = linked(store, draft())
    asked = confirmed(store, changed(store, signed(store, first)))
    with store.unit() as uow:
        assert desk.ask_anew(uow, asked, by="clerk:li", at=LATER, valid_hours=72) == asked
        assert len(uow.links.of_version("o1", 2)) == 1


def test_an_order_that_was_never_linked_is_only_confirmed(store: Store) -> None:
    order = confirmed(store, begun(store, draft()))
    assert order.status is Status.CONFIRMED
