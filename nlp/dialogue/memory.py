"""What a dialogue remembers between two events.

`Memory` is copied before each event and kept only when the event was taken: its
containers are replaced, never changed in place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from models.call import Disposition, Lang
from models.fields import DangerousGood, Value
from models.order import Order, Source
from nlp.dialogue.actions import Listen, Patience, Say
from nlp.dialogue.events import Counted, KnownCustomer
from nlp.dialogue.states import State
from nlp.meaning import Ambiguity, Understanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something asked of the caller.

    Attributes:
        about: what failed tries are counted by, such as `weight` or `check.origin`.
        slot: what `Expectation.slot` says.
        ladder: prompt keys, from the first wording to the last resort.
        choices: what the keys 1, 2, ... stand for; empty where they are digits or nothing.
        keys: see `Listen.keys`; None when the keypad cannot answer.
    """

    about: str
    slot: str
    ladder: tuple[str, ...]
    args: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Value] = field(default_factory=dict)
    version: int | None = None
    readback: tuple[str, ...] = ()
    patience: Patience = "normal"
    choices: tuple[str, ...] = ()
    keys: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What was once heard for a field of free words.

    Attributes:
        value: what it was taken for.
        plain: what it is as it was heard, where lists made something else of it.
    """

    field: str
    value: str
    source: Source
    plain: str = ""


@dataclass(slots=True, kw_only=True)
class Memory:
    """Everything the dialogue knows between two events.

    Attributes:
        outbound: we called; what fails then is tried again by whoever placed the call.
        told: how often each prompt was said.
        tries: failed tries by `Question.about`.
        failures, silences: failed turns, less those earned back; silences in a row.
        heard: what the caller heard read back, whole, by flat name.
        agreed: what the caller said yes to, by flat name; without `dangerous`.
        checks: slots or fields whose value needs a yes of its own.
        fresh: fields filled or changed since they were last repeated.
        wanted: fields that the caller says are wrong, to be asked again.
        rejected: values that the caller said are wrong; not taken again by mere hearing.
        readings: what was heard for fields of free words, in order, right or wrong.
        unsure: fields left to a clerk with the recording; not asked for any more.
        searched: the doubtful values were asked about one by one, once.
        offered: slots for which the usual value was offered.
        suspects: goods that may hide dangerous ones, to be asked about.
        named: dangerous goods mentioned before the question was asked.
        guided: the guiding question was answered.
        which: the caller said yes and has yet to name the goods.
        notice_mode, notice_prompt: the mode whose notice was heard whole, and its wording.
        agreed_version, stored_version: the versions of the last yes to a whole readback and
            of the last confirmation that the store kept.
        told_number: the order number that was last heard to its end.
        outcome: how the call counts when it ends now.
        mobile: the number for the link that the caller has yet to confirm.
    """

    state: State
    order: Order
    at: datetime
    lang: Lang = "zh"
    caller: str | None = None
    caller_is_mobile: bool = False
    customer: KnownCustomer | None = None
    today_count: int = 0
    orders: int = 1
    open_now: bool = True
    outbound: bool = False
    rate: float = 1.0
    said: int = 0
    told: Mapping[str, int] = field(default_factory=dict)
    tries: Mapping[str, int] = field(default_factory=dict)
    failures: int = 0
    silences: int = 0
    abuses: int = 0
    question: Question | None = None
    last_says: tuple[Say, ...] = ()
    last_listen: Listen | None = None
    playing: Mapping[str, Say] = field(default_factory=dict)
    heard: Mapping[str, Value] = field(default_factory=dict)
    agreed: Mapping[str, Value] = field(default_factory=dict)
    agreed_version: int | None = None
    stored_version: int | None = None
    opened: bool = False
    extras_asked: bool = False
    match_name: str | None = None
    matched: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    ambiguities: tuple[Ambiguity, ...] = ()
    fresh: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    rejected: tuple[tuple[str, Value], ...] = ()
    readings: tuple[Reading, ...] = ()
    unsure: tuple[str, ...] = ()
    searched: bool = False
    offered: tuple[str, ...] = ()
    suspects: tuple[str, ...] = ()
    named: tuple[DangerousGood, ...] = ()
    guided: bool = False
    which: bool = False
    notice_mode: str | None = None
    notice_prompt: str = ""
    notice_say: str | None = None
    notice_plays: int = 0
    mobile: str | None = None
    mobile_declined: bool = False
    link_failed: bool = False
    retried: tuple[str, ...] = ()
    told_number: str | None = None
    outcome: Disposition | None = None
    first_order_id: str = ""
    purpose: str = ""
    found: Order | None = None
    count: Counted | None = None
    told_count: int | None = None


#: What belongs to one order and starts anew with the next.
PER_ORDER = (
    *("tries", "heard", "agreed", "agreed_version", "stored_version", "opened", "extras_asked"),
    *(
        "match_name",
        "checks",
        "ambiguities",
        "fresh",
        "rejected",
        "readings",
        "unsure",
        "searched",
        "wanted",
        "offered",
        "suspects",
        "named",
    ),
    *("guided", "which", "notice_mode", "notice_prompt", "notice_say", "notice_plays"),
    *("link_failed", "retried", "mobile", "mobile_declined"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the caller answered, by voice or by keys, and where it is in the recording."""

    understanding: Understanding
    turn: int | None = None
    started_ms: int | None = None
    ended_ms: int | None = None
