"""What a text message of the outbox says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from api.config import Settings
from api.sms import code_text, link_text, reminder_text
from models import desk, links, onecode
from models.call import Lang
from models.repositories.outbox import Effect
from models.store import Store

#: Stands where a code was, in what is kept of its message.
_HIDDEN = "******"


@dataclass(frozen=True, slots=True)
class Text:
    """A message's body, what is kept of it, and when it is of no more use."""

    body: str
    kept: str
    expires_at: datetime | None = None


def text_of(store: Store, settings: Settings, effect: Effect) -> Text:
    """The text that an effect of kind `sms_link`, `sms_reminder` or `sms_code` stands for."""
    if effect.kind == "sms_code":
        return _code(store, settings, effect)
    if effect.kind == "sms_reminder":
        return _reminder(store, settings, effect)
    return _link(store, settings, effect)


def _link(store: Store, settings: Settings, effect: Effect) -> Text:
    with store.reading() as uow:
        order = uow.orders.get(str(effect.payload["order_id"]))
        token = links.token(uow.secret, str(effect.payload["nonce"]))
    body = link_text(
        settings,
        lang=cast(Lang, effect.payload["lang"]),
        number=order.number if order else None,
        token=token,
        changed=bool(effect.payload.get("changed")),
    )
    return Text(body, body)


def _reminder(store: Store, settings: Settings, effect: Effect) -> Text:
    """A reminder's message; it is of no use once there is nothing to sign any more."""
    with store.reading() as uow:
        order = uow.orders.get(str(effect.payload["order_id"]))
        token = links.token(uow.secret, str(effect.payload["nonce"]))
        found, ends = desk.standing(uow, effect.payload)
    until = ends if found is desk.Standing.WAITING and ends is not None else effect.created_at
    body = reminder_text(
        settings,
        lang=cast(Lang, effect.payload["lang"]),
        number=order.number if order else None,
        token=token,
        until=until.astimezone(settings.zone),
    )
    return Text(body, body, expires_at=until)


def _code(store: Store, settings: Settings, effect: Effect) -> Text:
    """A code's message; whoever may read messages shall not be able to sign with it."""
    lang = cast(Lang, effect.payload["lang"])
    code = onecode.code(store.secret, str(effect.payload["nonce"]))
    return Text(
        body=code_text(settings, lang=lang, code=code),
        kept=code_text(settings, lang=lang, code=_HIDDEN),
        expires_at=datetime.fromisoformat(str(effect.payload["expires_at"])),
    )
