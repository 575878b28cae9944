"""The customer's side of a signing link: what it shows, and the signature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from models import notice
from models.call import Lang
from models.desk.visits import Visit, find_link
from models.drawing import Drawing
from models.errors import NotFound, RuleError
from models.notice import Notice
from models.notices import notice_for
from models.onecode import LIFETIME, CodeNeeded
from models.order import Order, Status
from models.rows import LinkRow, SignatureRow
from models.store import UnitOfWork

#: The kind of the outbox row that has the signed document made.
PAPER = "signed_paper"
#: How long after its end a link still shows what was signed with it.
_SIGNED_SHOWN = timedelta(days=30)


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


class NotWhatWasShown(RuleError):
    """The signer saw another text than the one that would be signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningView:
    """What a link leads to. `signature` is there once this version is signed.

    `notice` is the text in force, or the very text that was signed.
    """

    state: LinkState
    lang: Lang
    order: Order
    notice: Notice
    mobile: str
    expires_at: datetime
    signature: SignatureRow | None

    @property
    def seen(self) -> str:
        """Names the order's values and the notice's text as they stand in this view."""
        return f"{self.order.digest()}.{self.notice.digest()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """What the signer hands in.

    Attributes:
        seen: `SigningView.seen` of the page that the signer had before the eyes.
        shown: what that page showed of the order, in words, for the document.
        lang: the language in which the notice was shown, where not the link's own.
    """

    name: str
    consents: tuple[str, ...]
    seen: str
    drawing: Drawing | None = None
    shown: Mapping[str, Any] = field(default_factory=dict)
    lang: Lang | None = None
    visit: Visit


def view_link(
    uow: UnitOfWork, token: str, at: datetime, *, lang: Lang | None = None
) -> SigningView:
    """What the link shows at `at`, in `lang` or in the order's own language.

    Raises:
        NotFound: no such link.
    """
    link = find_link(uow, token)
    order = uow.orders.get(link.order_id)
    if order is None:
        raise NotFound("There is no such link.")
    return _view(uow, link, order, at, lang)


def sign(
    uow: UnitOfWork, token: str, signing: Signing, at: datetime, *, code_needed: bool = False
) -> SigningView:
    """Stores the signature of the link's version; a second one changes nothing.

    The signed document is queued with it.

    Raises:
        NotFound: no such link.
        LinkClosed: outdated, withdrawn or expired.
        NotConsented: name or consents incomplete.
        NotWhatWasShown: order or notice differ from what the signer saw.
        CodeNeeded: the mobile has to be proven first.
    """
    link = find_link(uow, token)
    order = uow.orders.locked(link.order_id)
    before = _view(uow, link, order, at, signing.lang)
    if before.state is LinkState.SIGNED:
        return before
    if before.state is not LinkState.OPEN:
        raise LinkClosed(before.state)
    if signing.seen != before.seen:
        raise NotWhatWasShown("The text was changed meanwhile; please read it again.")
    proven_at = _proven_at(uow, link, at)
    if code_needed and proven_at is None:
        raise CodeNeeded("The code from the text message is needed.")
    _keep(uow, link, before, signing, at, proven_at)
    after = uow.orders.save(order.sign(order.version), step="sign", by="customer", at=at)
    return _view(uow, link, after, at, signing.lang)


def _keep(
    uow: UnitOfWork,
    link: LinkRow,
    view: SigningView,
    signing: Signing,
    at: datetime,
    proven_at: datetime | None,
) -> None:
    signed = notice.sign(view.order, view.notice, name=signing.name, consents=signing.consents)
    uow.signatures.add(
        order_id=signed.order_id,
        order_version=signed.order_version,
        order_digest=signed.order_digest,
        notice=signed.notice,
        notice_digest=signed.notice_digest,
        payload=view.notice.payload(),
        order_payload=view.order.payload(),
        shown=dict(signing.shown),
        lang=view.lang,
        name=signed.name,
        drawing=signing.drawing.as_json() if signing.drawing else None,
        consents=list(signed.consents),
        at=at,
        ip=signing.visit.ip,
        user_agent=signing.visit.user_agent,
        mobile=link.mobile,
        mobile_proven_at=proven_at,
    )
    link.used_at = at
    payload = {"order_id": signed.order_id, "order_version": signed.order_version}
    key = f"{PAPER}:{signed.order_id}:{signed.order_version}"
    uow.outbox.put(key, kind=PAPER, payload=payload, at=at)


def _proven_at(uow: UnitOfWork, link: LinkRow, at: datetime) -> datetime | None:
    """When the newest code was typed rightly, as long as it may be used."""
    newest = next(iter(uow.codes.of_link(link.token_hash)), None)
    proven_at = newest.proven_at if newest else None
    return proven_at if proven_at is not None and at < proven_at + LIFETIME else None


def _view(
    uow: UnitOfWork, link: LinkRow, order: Order, at: datetime, lang: Lang | None
) -> SigningView:
    shown = lang or cast(Lang, link.lang)
    mode = order.value("mode")
    signature = uow.signatures.get(order.id, link.order_version)
    current = notice_for(
        None if mode is None else str(mode), shown, uow.texts.published("notice", shown)
    )
    signed = signature is not None and signature.lang == shown
    return SigningView(
        state=_state(link, order, at, signed=signature is not None),
        lang=shown,
        order=order,
        notice=Notice.from_payload(signature.payload) if signature and signed else current,
        mobile=link.mobile,
        expires_at=link.expires_at,
        signature=signature,
    )


def _state(link: LinkRow, order: Order, at: datetime, *, signed: bool) -> LinkState:
    if order.status in (Status.CANCELLED, Status.REJECTED):
        return LinkState.WITHDRAWN
    if link.order_version != order.version:
        return LinkState.OUTDATED
    if signed and at < link.expires_at + _SIGNED_SHOWN:
        return LinkState.SIGNED
    if at >= link.expires_at or order.status is Status.EXPIRED:
        return LinkState.EXPIRED
    return LinkState.OPEN
