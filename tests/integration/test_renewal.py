"""A changed order asks for a new signature; a link that did not serve is sent anew."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models import desk, links
from models.desk import LinkState
from models.errors import NotFound
from models.order import IllegalStep, Order, StaleVersion, Status
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


def test_a_desks_change_voids_the_signature_and_sends_a_new_link(store: Store) -> None:
    _, first = linked(store, draft())
    order = changed(store, signed(store, first))
    assert (order.status, order.signed_version) == (Status.DRAFT, None)
    assert states(store, first) == [LinkState.OUTDATED]
    with store.unit() as uow:
        with pytest.raises(StaleVersion):
            desk.reconfirm(uow, "o1", 1, by="clerk:li", at=LATER, valid_hours=72)
        asked = desk.reconfirm(uow, "o1", 2, by="clerk:li", at=LATER, valid_hours=72)
        again = desk.reconfirm(uow, "o1", 2, by="clerk:li", at=LATER, valid_hours=72)
        uow.commit()
    assert again == asked
    assert asked.status is Status.AWAITING_SIGNATURE
    with store.reading() as uow:
        row = uow.outbox.by_key(f"sms_link:o1:2:{MOBILE}")
        assert row is not None
        assert row.payload["changed"] is True
        assert [e.by for e in uow.orders.history("o1")][-2:] == ["clerk:li", "clerk:li"]
    assert states(store, first, newest_token(store, asked)) == [
        LinkState.OUTDATED,
        LinkState.OPEN,
    ]
    assert signed(store, newest_token(store, asked)).signed_version == 2


def test_an_order_that_was_never_linked_is_only_confirmed(store: Store) -> None:
    begun(store, draft())
    with store.unit() as uow:
        order = desk.reconfirm(uow, "o1", 1, by="clerk:li", at=LATER, valid_hours=72)
    assert order.status is Status.CONFIRMED
    with store.unit() as uow, pytest.raises(NotFound):
        desk.renew_link(uow, "o1", by="clerk:li", at=LATER, valid_hours=72)


def test_a_link_is_sent_again_once_for_two_presses(store: Store) -> None:
    order, first = linked(store, draft(), valid_hours=0.5)
    for seconds in (0, 5):
        with store.unit() as uow:
            at = LATER + timedelta(seconds=seconds)
            desk.renew_link(uow, "o1", by="clerk:li", at=at, valid_hours=72)
            uow.commit()
    with store.reading() as uow:
        assert len(uow.links.of_version("o1", order.version)) == 2
    assert states(store, first, newest_token(store, order)) == [LinkState.EXPIRED, LinkState.OPEN]


def test_what_is_signed_is_not_asked_for_again(store: Store) -> None:
    _, token = linked(store, draft())
    signed(store, token)
    with store.unit() as uow, pytest.raises(IllegalStep):
        desk.renew_link(uow, "o1", by="clerk:li", at=LATER, valid_hours=72)
