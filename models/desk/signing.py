"""The customer's side of a signing link: what it shows, and the signature."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import cast

from models import links, notice
from models.call import Lang
from models.errors import NotFound, RuleError
from models.notice import Notice
from models.notices import notice_for
from models.order import Order, Status
from models.rows import LinkRow, SignatureRow
from models.store import UnitOfWork


class LinkState(StrEnum):
    """What can be done with a link."""

    OPEN = "open"
    SIGNED = "signed"
    OUTDATED = "outdated"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class LinkClosed(RuleError):
    """The link cannot be signed any more; `state` says why."""

    def __init__(self, state: LinkState) -> None:
        super().__init__(f"This link cannot be signed: {state}.")
        self.state = state


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningView:
    """What a link leads to. `signature` is there once this version is signed."""

    state: LinkState
    lang: Lang
    order: Order
    notice: Notice
    expires_at: datetime
    signature: SignatureRow | None


def view_link(
    uow: UnitOfWork, token: str, at: datetime, *, lang: Lang | None = None
) -> SigningView:
    """What the link shows at `at`, in `lang` or in the order's own language.

    Raises:
        NotFound: no such link.
    """
    link = _link(uow, token)
    order = uow.orders.get(link.order_id)
    if order is None:
        raise NotFound("There is no such link.")
    return _view(uow, link, order, at, lang)


def sign(
    uow: UnitOfWork,
    token: str,
    name: str,
    consents: Iterable[str],
    at: datetime,
    ip: str,
    user_agent: str,
    *,
    lang: Lang | None = None,
) -> SigningView:
    """Stores the signature of the link's version; a second one changes nothing.

    Args:
        lang: the language in which the notice was shown, where not the link's own.

    Raises:
        NotFound: no such link.
        LinkClosed: outdated, withdrawn or expired.
        NotConsented: name or consents incomplete.
    """
    link = _link(uow, token)
    order = uow.orders.locked(link.order_id)
    before = _view(uow, link, order, at, lang)
    if before.state is LinkState.SIGNED:
        return before
    if before.state is not LinkState.OPEN:
        raise LinkClosed(before.state)
    signed = notice.sign(order, before.notice, name=name, consents=consents)
    uow.signatures.add(
        order_id=signed.order_id,
        order_version=signed.order_version,
        order_digest=signed.order_digest,
        notice=signed.notice,
        notice_digest=signed.notice_digest,
        payload=before.notice.payload(),
        name=signed.name,
        consents=list(signed.consents),
        at=at,
        ip=ip,
        user_agent=user_agent,
    )
    link.used_at = at
    after = uow.orders.save(order.sign(order.version), step="sign", by="customer", at=at)
    return _view(uow, link, after, at, lang)


def _link(uow: UnitOfWork, token: str) -> LinkRow:
    link = uow.links.get(links.token_hash(token))
    if link is None:
        raise NotFound("There is no such link.")
    return link


def _view(
    uow: UnitOfWork, link: LinkRow, order: Order, at: datetime, lang: Lang | None
) -> SigningView:
    shown = lang or cast(Lang, link.lang)
    mode = order.value("mode")
    signature = uow.signatures.get(order.id, link.order_version)
    return SigningView(
        state=_state(link, order, at, signed=signature is not None),
        lang=shown,
        order=order,
        notice=notice_for(None if mode is None else str(mode), shown),
        expires_at=link.expires_at,
        signature=signature,
    )


def _state(link: LinkRow, order: Order, at: datetime, *, signed: bool) -> LinkState:
    if order.status in (Status.CANCELLED, Status.REJECTED):
        return LinkState.WITHDRAWN
    if link.order_version != order.version:
        return LinkState.OUTDATED
    if signed:
        return LinkState.SIGNED
    if at >= link.expires_at or order.status is Status.EXPIRED:
        return LinkState.EXPIRED
    return LinkState.OPEN
