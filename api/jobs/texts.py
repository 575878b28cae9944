"""What a text message of the outbox says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from api.config import Settings
from api.sms import code_text, link_text
from models import links, onecode
from models.call import Lang
from models.repositories.outbox import Claim
from models.store import Store

#: Stands where a code was, in what is kept of its message.
_HIDDEN = "******"


@dataclass(frozen=True, slots=True)
class Text:
    """A message's body, what is kept of it, and when it is of no more use."""

    body: str
    kept: str
    expires_at: datetime | None = None


def text_of(store: Store, settings: Settings, claim: Claim) -> Text:
    """The text that a claim of kind `sms_link` or `sms_code` stands for."""
    if claim.kind == "sms_code":
        return _code(store, settings, claim)
    return _link(store, settings, claim)


def _link(store: Store, settings: Settings, claim: Claim) -> Text:
    with store.reading() as uow:
        order = uow.orders.get(str(claim.payload["order_id"]))
        token = links.token(uow.secret, str(claim.payload["nonce"]))
    body = link_text(
        settings,
        lang=cast(Lang, claim.payload["lang"]),
        number=order.number if order else None,
        token=token,
        changed=bool(claim.payload.get("changed")),
    )
    return Text(body, body)


def _code(store: Store, settings: Settings, claim: Claim) -> Text:
    """A code's message; whoever may read messages shall not be able to sign with it."""
    lang = cast(Lang, claim.payload["lang"])
    code = onecode.code(store.secret, str(claim.payload["nonce"]))
    return Text(
        body=code_text(settings, lang=lang, code=code),
        kept=code_text(settings, lang=lang, code=_HIDDEN),
        expires_at=datetime.fromisoformat(str(claim.payload["expires_at"])),
    )
