"""The notice that admins word: versions, hashes by mode, what it means for signatures."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from models import desk, links
from models.call import Call, Lang
from models.desk import texts
from models.errors import NotFound
from models.fields import Mode
from models.notice import Notice
from models.notice_text import UnfitNotice, read, typed
from models.notices import notice_for, own_text
from models.store import Store
from tests.orders import MOBILE, NOW, draft, signing


def write(store: Store, lang: Lang = "zh", **changes: str) -> int:
    """Writes a version that differs so from what is in force, and publishes it."""
    with store.unit() as uow:
        now = uow.texts.published("notice", lang) or own_text(lang)
        form = {**typed(now), **{name.replace("__", "."): value for name, value in changes.items()}}
        version = texts.write(
            uow,
            "notice",
            lang,
            lambda number: read(form, now, f"desk-{number}"),
            note="",
            by="root",
            at=NOW,
        )
        texts.publish(uow, "notice", lang, version, by="root", at=NOW)
        uow.commit()
    return version


def publish(store: Store, version: int | None) -> None:
    with store.unit() as uow:
        texts.publish(uow, "notice", "zh", version, by="root", at=NOW)
        uow.commit()


def now(store: Store, mode: Mode) -> Notice:
    with store.reading() as uow:
        return notice_for(mode.value, "zh", uow.texts.published("notice", "zh"))


def test_a_draft_is_the_newest_text_that_was_never_in_force(store: Store) -> None:
    def draft() -> int | None:
        with store.reading() as uow:
            row = uow.texts.draft("notice", "zh")
        return None if row is None else row.version

    def compose() -> None:
        with store.unit() as uow:
            own = own_text("zh")
            texts.write(uow, "notice", "zh", lambda _n: own, note="", by="root", at=NOW)
            uow.commit()

    assert draft() is None
    compose()
    assert draft() == 1
    publish(store, 1)
    publish(store, None)
    assert draft() is None  # it was in force once
    compose()
    compose()
    assert draft() == 3
    with store.reading() as uow:
        assert uow.texts.draft("notice", "en") is None
    publish(store, 3)
    assert draft() is None  # version 2 was given up for version 3


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_unchanged_form_keeps_every_hash(lang: Lang) -> None:
    own = own_text(lang)
    again = read(typed(own), own, "desk-1")
    for mode in Mode:
        assert notice_for(mode.value, lang, again).digest() == notice_for(mode.value, lang).digest()


def test_only_the_changed_mode_gets_another_hash(store: Store) -> None:
    own = {mode: notice_for(mode.value, "zh") for mode in Mode}
    first = write(store, rules__air="空运：一律不收。")
    assert now(store, Mode.AIR).id == f"dangerous-goods/air/zh@desk-{first}"
    assert now(store, Mode.AIR).rule == "空运：一律不收。"
    assert now(store, Mode.RAIL).digest() == own[Mode.RAIL].digest()
    second = write(store, title="危险品通知")
    assert now(store, Mode.RAIL).version == f"desk-{second}"
    publish(store, first)
    assert now(store, Mode.AIR).version == f"desk-{first}"
    publish(store, None)
    assert {mode: now(store, mode) for mode in Mode} == own


def test_a_signature_stays_with_the_text_that_was_signed(store: Store) -> None:
    order = draft()
    with store.unit() as uow:
        desk.begin_call(uow, Call(sid="CA1", caller=MOBILE, called=None, started_at=NOW), order)
        kept, _ = desk.confirm_order(uow, order, NOW)
        desk.send_link(uow, kept, MOBILE, "zh", NOW, 72)
        token = links.token(uow.secret, uow.links.of_version(order.id, order.version)[0].nonce)
        uow.commit()
    with store.unit() as uow:
        before = signing(uow, token, name="李雷")
    write(store, rules__air="空运：一律不收。")
    with store.unit() as uow, pytest.raises(desk.NotWhatWasShown):
        desk.sign(uow, token, before, NOW)
    with store.unit() as uow:
        signed = desk.sign(uow, token, signing(uow, token, name="李雷"), NOW)
        uow.commit()
    assert signed.notice.version == "desk-1"
    write(store, rules__air="空运：一律不收，没有例外。")
    with store.reading() as uow:
        later = desk.view_link(uow, token, NOW)
    assert later.notice == signed.notice
    assert later.signature is not None
    assert later.signature.notice_digest == later.notice.digest()


@pytest.mark.parametrize(
    "change",
    [
        {"title": " "},
        {"rules.road": ""},
        {"consents.read": ""},
        {"classes": "1 | 爆炸品 | 烟花"},
        {"classes": "爆炸品"},
        {"intro": "长" * 4001},
    ],
)
def test_an_unfit_notice_is_refused(change: Mapping[str, str]) -> None:
    own = own_text("zh")
    with pytest.raises(UnfitNotice):
        read({**typed(own), **change}, own, "desk-1")


def test_an_unknown_version_is_not_published(store: Store) -> None:
    with pytest.raises(NotFound):
        publish(store, 7)


def test_a_notice_comes_back_from_what_was_signed() -> None:
    for mode in Mode:
        notice = notice_for(mode.value, "en")
        assert Notice.from_payload(notice.payload()) == notice
