"""The one-time code that proves a signer's mobile: sent, and typed."""

from __future__ import annotations

from datetime import datetime

from models import links, onecode
from models.desk.signing import LinkClosed, LinkState, view_link
from models.desk.visits import Visit, find_link, note
from models.reach import effect
from models.rows import LinkRow
from models.rows_signing import SignCodeRow
from models.store import UnitOfWork


def send_code(uow: UnitOfWork, token: str, at: datetime, visit: Visit) -> None:
    """Queues a new code to where the link went; older ones end.

    Raises:
        NotFound: no such link.
        LinkClosed: there is nothing to sign.
        CodeTooSoon, TooManyCodes: the link gets no code now.
    """
    link = _open_link(uow, token, at)
    earlier = uow.codes.of_link(link.token_hash)
    onecode.may_send([row.created_at for row in earlier], at)
    nonce = links.new_nonce()
    kind = effect("code", link.mobile)
    key = f"{kind}:{links.token_hash(nonce)}"
    expires_at = at + onecode.LIFETIME
    uow.codes.add(
        SignCodeRow(
            token_hash=link.token_hash,
            nonce=nonce,
            created_at=at,
            expires_at=expires_at,
            wrong_tries=0,
        )
    )
    payload = {
        "order_id": link.order_id,
        "order_version": link.order_version,
        "mobile": link.mobile,
        "lang": link.lang,
        "nonce": nonce,
        "expires_at": expires_at.isoformat(),
    }
    uow.outbox.put(key, kind=kind, payload=payload, at=at)
    note(uow, link, "code_asked", key, at, visit)


def code_is_out(uow: UnitOfWork, token: str, at: datetime) -> bool:
    """Whether the link has a code that can still be typed. Raises NotFound."""
    return _living(uow, find_link(uow, token), at) is not None


def prove_mobile(uow: UnitOfWork, token: str, typed: str, at: datetime, visit: Visit) -> bool:
    """Whether the typed code is the one sent last. Commit in both cases: wrong tries count.

    Raises:
        NotFound: no such link.
        LinkClosed: there is nothing to sign.
    """
    link = _open_link(uow, token, at)
    row = _living(uow, link, at)
    if row is None:
        return False
    if not onecode.matches(uow.secret, row.nonce, typed):
        row.wrong_tries += 1
        key = f"code_wrong:{row.id}:{row.wrong_tries}"
        note(uow, link, "code_wrong", key, at, visit)
        return False
    row.proven_at = at
    note(uow, link, "code_right", f"code_right:{row.id}", at, visit)
    return True


def _open_link(uow: UnitOfWork, token: str, at: datetime) -> LinkRow:
    link = find_link(uow, token, locked=True)
    state = view_link(uow, token, at).state
    if state is not LinkState.OPEN:
        raise LinkClosed(state)
    return link


def _living(uow: UnitOfWork, link: LinkRow, at: datetime) -> SignCodeRow | None:
    """The newest code, unless it is too old or was guessed at too often."""
    newest = next(iter(uow.codes.of_link(link.token_hash)), None)
    if newest is None or at >= newest.expires_at or newest.wrong_tries >= onecode.MOST_TRIES:
        return None
    return newest
