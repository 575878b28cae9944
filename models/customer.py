"""Customers: who may order, and finding one by a name as it was heard."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pypinyin import lazy_pinyin
from rapidfuzz import fuzz

#: Parts of a company's name that callers leave out.
_LEGAL_FORM = re.compile(
    r"(股份|集团)?有限(责任)?公司|公司|集团|\b(co|ltd|inc|llc|limited|company|corp|corporation)\b\.?",
    re.IGNORECASE,
)
#: Anything that is neither a letter, a digit nor a Chinese character.
_NOISE = re.compile(r"[\W_]+")

#: Similarity (0 to 100) from which a name counts as meant, and the lead it needs over the next.
MATCH_SCORE = 86.0
MATCH_LEAD = 5.0


@dataclass(frozen=True, slots=True)
class Phone:
    """A number (E.164) that belongs to a customer, and the person who answers it."""

    number: str
    person: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A company that orders.

    Attributes:
        id: opaque.
        account: the contract's number.
        effective: the customer service handover form (客户服务交接表) and the quotation or
            settlement agreement are approved; only then may an order be accepted.
        aliases: other names it goes by.
        origins, consignees: usual pick-up places and receivers as mappings of flat field names
            to values, most used first.
        goods: what it usually sends, in its own words.
    """

    id: str
    name: str
    account: str | None = None
    effective: bool = False
    phones: tuple[Phone, ...] = ()
    aliases: tuple[str, ...] = ()
    origins: tuple[Mapping[str, str], ...] = ()
    consignees: tuple[Mapping[str, str], ...] = ()
    goods: tuple[str, ...] = ()

    def person_at(self, number: str) -> str | None:
        """The name of the person whose number this is, where known."""
        return next((p.person for p in self.phones if p.number == number), None)

    def names(self) -> tuple[str, ...]:
        """Every name it goes by, the official one first."""
        return (self.name, *self.aliases)


def plain_name(name: str) -> str:
    """A company's name without legal form, spaces, punctuation and case."""
    bare = _NOISE.sub("", _LEGAL_FORM.sub(" ", name)).casefold()
    return bare or _NOISE.sub("", name).casefold()


def likeness(heard: str, name: str) -> float:
    """How alike two names are, 0 to 100, by spelling or by sound (toneless pinyin)."""
    one, other = plain_name(heard), plain_name(name)
    if not one or not other:
        return 0.0
    by_sound = fuzz.ratio(_sound(one), _sound(other))
    return float(max(fuzz.ratio(one, other), by_sound))


def match(heard: str, customers: Iterable[Customer]) -> Customer | None:
    """The customer that `heard` names, or None when none or more than one fits.

    An official name goes before an alias, an alias before likeness.
    """
    known = list(customers)
    wanted = plain_name(heard)
    if not wanted:
        return None
    official = [c for c in known if plain_name(c.name) == wanted]
    named = official or [c for c in known if wanted in map(plain_name, c.names())]
    if named:
        return named[0] if len(named) == 1 else None
    return _likeliest(heard, known)


def _likeliest(heard: str, customers: list[Customer]) -> Customer | None:
    scored = sorted(
        ((max(likeness(heard, n) for n in c.names()), c) for c in customers),
        key=lambda pair: pair[0],
        reverse=True,
    )
    if not scored or scored[0][0] < MATCH_SCORE:
        return None
    if len(scored) > 1 and scored[0][0] - scored[1][0] < MATCH_LEAD:
        return None
    return scored[0][1]


def _sound(text: str) -> str:
    return "".join(lazy_pinyin(text))
