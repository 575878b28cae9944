"""A manager's decision by the link of an e-mail: what it shows, and that it serves once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models import links
from models.desk.onboarding import approve, give_back
from models.desk.onboarding_mails import MAIL
from models.errors import NotFound, RuleError
from models.onboarding import Onboarding
from models.repositories.staff import user as user_of
from models.staff import User
from models.store import UnitOfWork


class LinkUse(StrEnum):
    """What a manager's link is worth now."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class LinkView:
    """What somebody with a link sees: whose link it is, and the form it is about."""

    use: LinkUse
    user: User
    onboarding: Onboarding
    version: int


def view_link(uow: UnitOfWork, token: str, at: datetime, *, locked: bool = False) -> LinkView:
    """What a manager's link shows now. Raises NotFound."""
    link = uow.onboardings.link(links.token_hash(token), locked=locked)
    row = None if link is None else uow.users.find(link.user)
    onboarding = None if link is None else uow.onboardings.get(link.onboarding_id)
    if link is None or row is None or onboarding is None:
        raise NotFound("There is no such link.")
    user, use = user_of(row), LinkUse.OPEN
    if link.used_at is not None:
        use = LinkUse.USED
    elif at >= link.expires_at or not user.active:
        use = LinkUse.EXPIRED
    elif onboarding.version != link.version or onboarding.next_role() is not user.role:
        use = LinkUse.CHANGED
    return LinkView(use, user, onboarding, link.version)


def decide_by_link(
    uow: UnitOfWork, token: str, at: datetime, *, approved: bool, comment: str
) -> Onboarding:
    """A manager's decision by link, which serves once.

    Raises:
        NotFound: there is no such link.
        RuleError: it is used up, too old, or the form went on without it.
    """
    view = view_link(uow, token, at, locked=True)
    if view.use is not LinkUse.OPEN:
        raise RuleError("This link serves no more.")
    link = uow.onboardings.link(links.token_hash(token))
    if link is not None:
        link.used_at = at
    number, user = view.version, view.user
    if approved:
        return approve(uow, view.onboarding.id, number, user=user, at=at, comment=comment, via=MAIL)
    return give_back(uow, view.onboarding.id, number, user=user, at=at, reason=comment, via=MAIL)
