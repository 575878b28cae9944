"""What may happen in a call, as the dialogue sees it. Events carry all time they need."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from models.call import Lang
from models.order import Order
from nlp.meaning import Understanding, Utterance, Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCustomer:
    """What the records say of the caller.

    Attributes:
        effective: hand-over form and agreement are approved.
        suspended: orders were taken by an exception, and its papers are overdue.
        contact: the name of the person this number belongs to.
        origins, consignees: usual pick-up places and receivers as mappings of flat names
            to values, most used first.
    """

    name: str
    account: str | None = None
    effective: bool = True
    suspended: bool = False
    contact: str | None = None
    origins: tuple[dict[str, str], ...] = ()
    consignees: tuple[dict[str, str], ...] = ()
    vocabulary: Vocabulary = field(default_factory=Vocabulary)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many orders of a customer came in by fax on one day of the desk, to be compared."""

    day: date
    received: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBegan:
    """The caller is connected. `order` is the empty draft, or the one to go on with.

    Attributes:
        caller: E.164, None when withheld.
        caller_is_mobile: whether a text message can reach it.
        today_count: this customer's orders confirmed today, before this one.
        open_now: within the desk's hours, so a person can be reached.
        resumed: an earlier call broke off with `order` half taken.
        outbound: we called, to have `order` checked; nobody knows yet who answered.
        suspects: goods of an order that came in writing that may hide dangerous ones.
        count: what of the day's faxed orders came in, where the customer is to be asked how many
            were sent.
    """

    at: datetime
    order: Order
    lang: Lang = "zh"
    caller: str | None = None
    caller_is_mobile: bool = False
    customer: KnownCustomer | None = None
    today_count: int = 0
    open_now: bool = True
    resumed: bool = False
    outbound: bool = False
    suspects: tuple[str, ...] = ()
    count: Counted | None = None
    type: Literal["call_began"] = "call_began"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerSpoke:
    """The caller finished a turn.

    `during_say`: the id of the `Say` that was still playing when the caller began, or None.
    """

    at: datetime
    utterance: Utterance
    understanding: Understanding
    during_say: str | None = None
    type: Literal["caller_spoke"] = "caller_spoke"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysPressed:
    """The caller keyed digits; `#` ends a number and is not part of it."""

    at: datetime
    keys: str
    turn: int | None = None
    type: Literal["keys_pressed"] = "keys_pressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceFell:
    """Nothing was heard for as long as the last `Listen` allows."""

    at: datetime
    type: Literal["silence_fell"] = "silence_fell"


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingUnderstood:
    """There was speech, but the recogniser gave no words that can be trusted."""

    at: datetime
    type: Literal["nothing_understood"] = "nothing_understood"


@dataclass(frozen=True, slots=True, kw_only=True)
class SayEnded:
    """A `Say` ended. `heard_ratio` is 1.0 only if its last mark came back before any clear."""

    at: datetime
    say_id: str
    heard_ratio: float
    type: Literal["say_ended"] = "say_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderConfirmed:
    """The store kept the confirmation. `today_count` includes this order."""

    at: datetime
    order: Order
    today_count: int
    type: Literal["order_confirmed"] = "order_confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkQueued:
    """The signing link's text message is in the outbox; `order` is what the store now holds."""

    at: datetime
    order: Order
    type: Literal["link_queued"] = "link_queued"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyMatched:
    """The answer to `MatchCompany`: the customer of that name, or None."""

    at: datetime
    name: str
    customer: KnownCustomer | None
    type: Literal["company_matched"] = "company_matched"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFound:
    """The answer to `FindOrder`: the caller's latest order, or None."""

    at: datetime
    order: Order | None
    type: Literal["order_found"] = "order_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectFailed:
    """An action could not be carried out; `action` is its type name."""

    at: datetime
    action: str
    retryable: bool
    type: Literal["effect_failed"] = "effect_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerHungUp:
    """The caller's leg ended."""

    at: datetime
    type: Literal["caller_hung_up"] = "caller_hung_up"


Event = (
    CallBegan
    | CallerSpoke
    | KeysPressed
    | SilenceFell
    | NothingUnderstood
    | SayEnded
    | OrderConfirmed
    | LinkQueued
    | CompanyMatched
    | OrderFound
    | EffectFailed
    | CallerHungUp
)
