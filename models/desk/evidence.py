"""Everything that is on file about one signature: what its document is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from models.call import Lang
from models.errors import NotFound
from models.order import Status
from models.rows import LinkRow, MessageRow, NoticePlayedRow, SignatureRow
from models.rows_signing import LinkEventRow
from models.store import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One signature and what led to it.

    Attributes:
        heard: the notices played in the call for the signed version.
    """

    number: str | None
    call_sid: str | None
    lang: Lang
    signature: SignatureRow
    links: Sequence[LinkRow]
    messages: Sequence[MessageRow]
    events: Sequence[LinkEventRow]
    heard: Sequence[NoticePlayedRow]

    @property
    def signed_at(self) -> datetime:
        """When it was signed."""
        return self.signature.at


def evidence(uow: UnitOfWork, order_id: str, version: int) -> Evidence:
    """What is on file about the signature of a version, up to its signing.

    Raises:
        NotFound: it is not signed, or what its signer was shown is not on file.
    """
    order = uow.orders.get(order_id)
    signature = uow.signatures.get(order_id, version)
    if order is None or signature is None or not signature.shown:
        raise NotFound("There is no such signature.")
    heard = [row for row in uow.notices.of_order(order_id) if row.order_version == version]
    messages = [row for row in uow.messages.of_order(order_id) if row.order_version == version]
    return Evidence(
        number=order.number,
        call_sid=order.call_sid,
        lang=cast(Lang, signature.lang),
        signature=signature,
        links=uow.links.of_version(order_id, version),
        messages=messages,
        events=uow.link_events.of_version(order_id, version),
        heard=heard,
    )


def signature_stands(uow: UnitOfWork, order_id: str, version: int) -> bool:
    """Whether the signature of a version is for the order as it stands now."""
    order = uow.orders.get(order_id)
    closed = order is None or order.status in (Status.CANCELLED, Status.REJECTED)
    return not closed and order is not None and order.signed_version == order.version == version
