"""What people of the desk are told of a handover form by e-mail, and the links that they get."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from models import links
from models.onboarding import Onboarding
from models.rows_onboarding import ApprovalLinkRow
from models.staff import Role
from models.store import UnitOfWork

#: How long a manager's link serves.
LINK_LIFETIME = timedelta(days=7)
#: The kind of an outbox row that is an e-mail.
MAIL = "mail"


def tell(
    uow: UnitOfWork, names: Sequence[str], what: str, about: str, once: str, at: datetime
) -> int:
    """Queues an e-mail to each of these people who has an address; how many.

    Args:
        what: which message, see `api.mail_texts`.
        about: the form's id.
        once: the same person gets the same message once under this name.
    """
    people = {user.name: user for user in uow.users.all() if user.active and user.email}
    told = [people[name] for name in dict.fromkeys(names) if name in people]
    for user in told:
        payload = {"to": user.email, "lang": user.lang, "what": what, "onboarding_id": about}
        uow.outbox.put(f"mail:{what}:{about}:{once}:{user.name}", kind=MAIL, payload=payload, at=at)
    return len(told)


def heads(uow: UnitOfWork) -> list[str]:
    """Login names of the heads of customer service."""
    return [user.name for user in uow.users.all() if user.role is Role.HEAD]


def ask(uow: UnitOfWork, onboarding: Onboarding, at: datetime) -> None:
    """Sends everybody who may approve now a link of their own."""
    role = onboarding.next_role()
    for user in uow.users.all():
        if not user.active or user.role is not role or not user.email:
            continue
        nonce = links.new_nonce()
        token = links.token(uow.secret, nonce)
        uow.onboardings.add_link(
            ApprovalLinkRow(
                token_hash=links.token_hash(token),
                nonce=nonce,
                onboarding_id=onboarding.id,
                version=onboarding.version,
                user=user.name,
                created_at=at,
                expires_at=at + LINK_LIFETIME,
            )
        )
        payload = {
            "to": user.email,
            "lang": user.lang,
            "what": "approve",
            "onboarding_id": onboarding.id,
            "nonce": nonce,
        }
        uow.outbox.put(f"mail:approve:{nonce}", kind=MAIL, payload=payload, at=at)
