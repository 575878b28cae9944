"""Who stands at a signing link, and the first time each of them opened it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from models import links
from models.errors import NotFound
from models.rows import LinkRow
from models.store import UnitOfWork

#: More browsers than these at one link are not noted one by one.
_MOST_VISITORS = 50


@dataclass(frozen=True, slots=True)
class Visit:
    """Where a request to a link came from."""

    ip: str
    user_agent: str

    def key(self) -> str:
        """The same for the same address and browser."""
        return hashlib.sha256(f"{self.ip}\n{self.user_agent}".encode()).hexdigest()[:32]


def find_link(uow: UnitOfWork, token: str, *, locked: bool = False) -> LinkRow:
    """The link of a token. Raises NotFound."""
    name = links.token_hash(token)
    link = uow.links.locked(name) if locked else uow.links.get(name)
    if link is None:
        raise NotFound("There is no such link.")
    return link


def is_new_visit(uow: UnitOfWork, token: str, visit: Visit) -> bool:
    """Whether this visitor has not opened the link before. Raises NotFound."""
    return not uow.link_events.has(_opened(find_link(uow, token), visit))


def note_opened(uow: UnitOfWork, token: str, at: datetime, visit: Visit) -> None:
    """Notes that a visitor opened the link, the first time only. Raises NotFound."""
    link = find_link(uow, token)
    known = uow.link_events.of_version(link.order_id, link.order_version)
    if len(known) < _MOST_VISITORS:
        note(uow, link, "opened", _opened(link, visit), at, visit)


def note(uow: UnitOfWork, link: LinkRow, kind: str, key: str, at: datetime, visit: Visit) -> None:
    """Adds to what happened at the link, once by `key`."""
    uow.link_events.add(
        key,
        order_id=link.order_id,
        version=link.order_version,
        kind=kind,
        at=at,
        ip=visit.ip,
        user_agent=visit.user_agent,
    )


def _opened(link: LinkRow, visit: Visit) -> str:
    return f"opened:{link.token_hash}:{visit.key()}"
