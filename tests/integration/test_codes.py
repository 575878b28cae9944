"""One-time codes: few, short-lived, counted; and signatures that need one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models import desk, onecode
from models.errors import NotFound
from models.store import Store
from tests.orders import NOW, VISIT, draft, linked, signing


def sent(store: Store, token: str, *, after: timedelta = timedelta()) -> str:
    """The code that the link is sent."""
    with store.unit() as uow:
        desk.send_code(uow, token, NOW + after, VISIT)
        link = desk.visits.find_link(uow, token)
        nonce = uow.codes.of_link(link.token_hash)[0].nonce
        uow.commit()
    return onecode.code(store.secret, nonce)


def typed(store: Store, token: str, code: str, *, after: timedelta = timedelta()) -> bool:
    with store.unit() as uow:
        right = desk.prove_mobile(uow, token, code, NOW + after, VISIT)
        uow.commit()
    return right


def test_the_code_is_sent_and_nowhere_stored(store: Store) -> None:
    _, token = linked(store, draft())
    code = sent(store, token)
    assert len(code) == 6
    with store.reading() as uow:
        first, later = uow.outbox.in_state("pending")
    assert (first.kind, later.kind) == ("sms_link", "sms_code")
    assert code not in str(later.payload)
    assert typed(store, token, f" {code[:3]} {code[3:]} ")


def test_only_the_newest_code_counts_and_not_for_long(store: Store) -> None:
    _, token = linked(store, draft())
    old = sent(store, token)
    new = sent(store, token, after=timedelta(minutes=2))
    assert not typed(store, token, old, after=timedelta(minutes=3))
    assert not typed(store, token, new, after=timedelta(minutes=12))
    assert typed(store, token, new, after=timedelta(minutes=11))


def test_guesses_are_counted_and_end_the_code(store: Store) -> None:
    _, token = linked(store, draft())
    code = sent(store, token)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    assert not any(typed(store, token, wrong) for _ in range(onecode.MOST_TRIES))
    assert not typed(store, token, code)
    with store.reading() as uow:
        kinds = [event.kind for event in uow.link_events.of_version("o1", 1)]
    assert kinds == ["code_asked"] + ["code_wrong"] * onecode.MOST_TRIES


def test_codes_are_few(store: Store) -> None:
    _, token = linked(store, draft())
    sent(store, token)
    with store.unit() as uow, pytest.raises(onecode.CodeTooSoon):
        desk.send_code(uow, token, NOW + timedelta(seconds=59), VISIT)
    for n in range(1, onecode.MOST_CODES):
        sent(store, token, after=timedelta(minutes=n))
    with store.unit() as uow, pytest.raises(onecode.TooManyCodes):
        desk.send_code(uow, token, NOW + timedelta(hours=5), VISIT)
    sent(store, token, after=timedelta(hours=25))


def test_where_a_code_is_needed_nothing_is_signed_without_it(store: Store) -> None:
    _, token = linked(store, draft())
    with store.unit() as uow, pytest.raises(onecode.CodeNeeded):
        desk.sign(uow, token, signing(uow, token), NOW, code_needed=True)
    assert typed(store, token, sent(store, token))
    with store.unit() as uow:
        late = NOW + onecode.LIFETIME
        with pytest.raises(onecode.CodeNeeded):
            desk.sign(uow, token, signing(uow, token), late, code_needed=True)
        view = desk.sign(uow, token, signing(uow, token), NOW, code_needed=True)
        uow.commit()
    assert view.signature is not None
    assert view.signature.mobile_proven_at == NOW
    with store.unit() as uow, pytest.raises(desk.LinkClosed):
        desk.send_code(uow, token, NOW + timedelta(minutes=5), VISIT)


def test_no_link_no_code(store: Store) -> None:
    with store.unit() as uow:
        with pytest.raises(NotFound):
            desk.send_code(uow, "x" * 43, NOW, VISIT)
        with pytest.raises(NotFound):
            desk.prove_mobile(uow, "x" * 43, "123456", NOW, VISIT)
