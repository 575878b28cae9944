"""A handover form as a person types it, and back (pure): one contact a line, split by `;`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from models import entry
from models.errors import RuleError
from models.onboarding import Business, Contact, Form, Paper, Settlement

_PARTS = re.compile(r"\s*[;；|]\s*")
_MAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")
_MOST_PARTS = 3


def read(
    typed: Mapping[str, str], business: Collection[str], papers: tuple[Paper, ...] = ()
) -> Form:
    """The form that somebody typed, with the papers that it has.

    Raises:
        RuleError: a contact or the period cannot be read.
    """
    settlement = typed.get("settlement", "")
    lines = [line.strip() for line in typed.get("contacts", "").splitlines() if line.strip()]
    monthly = settlement == Settlement.MONTHLY
    return Form(
        company=typed.get("company", "").strip(),
        account=typed.get("account", "").strip(),
        contacts=tuple(map(_contact, lines)),
        business=frozenset(kind for kind in Business if kind in business),
        settlement=Settlement(settlement) if settlement in set(Settlement) else None,
        period_days=_days(typed.get("period_days", "")) if monthly else None,
        remarks=typed.get("remarks", "").strip(),
        papers=papers,
    )


def typed(form: Form) -> dict[str, str]:
    """What the page's fields show; `read` takes it back."""
    return {
        "company": form.company,
        "account": form.account,
        "contacts": "\n".join(map(_line, form.contacts)),
        "settlement": form.settlement or "",
        "period_days": "" if form.period_days is None else str(form.period_days),
        "remarks": form.remarks,
    }


def mail_address(text: str) -> str:
    """An e-mail address as it is kept, empty for none. Raises RuleError."""
    plain = text.strip()
    if plain and not _MAIL.fullmatch(plain):
        raise RuleError("This is no e-mail address.")
    return plain


def _contact(line: str) -> Contact:
    parts = _PARTS.split(line)
    if len(parts) > _MOST_PARTS:
        raise RuleError("A contact is written as: name; telephone; e-mail.")
    name, phone, mail = (*parts, "", "")[:_MOST_PARTS]
    return Contact(name, str(entry.read("contact.phone", phone) or ""), mail_address(mail))


def _line(contact: Contact) -> str:
    phone = entry.typed("contact.phone", contact.phone or None)
    return "; ".join((contact.name, phone, contact.email)).rstrip("; ")


def _days(text: str) -> int | None:
    plain = text.strip()
    if plain and not plain.isdecimal():
        raise RuleError("The period is a number of days.")
    return int(plain) if plain else None
