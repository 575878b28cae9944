"""What the dialogue wants done. The voice layer carries each out with one function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from models.call import Disposition, Lang
from models.fields import Value
from models.order import Order
from nlp.meaning import Expectation

Patience = Literal["yes_no", "number", "normal", "long"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Speak `text` to the caller and put it in the transcript.

    Attributes:
        id: unique in the call; `SayEnded` and `CallerSpoke.during_say` name it.
        text: as written (digits, `kg`); `nlp.verbalize` makes it speakable.
        prompt: `KEY@VERSION` of the wording.
        order_version: the version read back, where this is (part of) a readback or a notice.
        values: what it says of the order, by flat name.
        interruptible: False for the notice, which must be heard whole.
        rate: 1.0 is normal, less is slower.
    """

    id: str
    text: str
    prompt: str
    lang: Lang = "zh"
    order_version: int | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    interruptible: bool = True
    rate: float = 1.0
    type: Literal["say"] = "say"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listen:
    """After everything said so far has played, wait for the caller.

    Attributes:
        expectation: for the recogniser's prompt and for `understand`.
        patience: how long a silence may be before the turn counts as over.
        no_input_ms: silence after which `SilenceFell` is sent.
        keys: how many keypad digits complete an answer at once; 0 waits for `#` or a pause.
    """

    expectation: Expectation
    patience: Patience = "normal"
    no_input_ms: int = 7000
    keys: int = 0
    type: Literal["listen"] = "listen"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepDraft:
    """Store the order as it stands."""

    order: Order
    type: Literal["keep_draft"] = "keep_draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmOrder:
    """Store the caller's yes to `order.version` and give it a number.

    Answered by `OrderConfirmed`.
    """

    order: Order
    type: Literal["confirm_order"] = "confirm_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordNotice:
    """Store that the notice for this version was played and how far it was heard."""

    order_id: str
    order_version: int
    notice: str
    heard_ratio: float
    type: Literal["record_notice"] = "record_notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendLink:
    """Queue the signing link's text message to `mobile` (E.164). Answered by `LinkQueued`."""

    order: Order
    mobile: str
    lang: Lang = "zh"
    type: Literal["send_link"] = "send_link"


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrder:
    """Store the order as cancelled by the caller."""

    order: Order
    type: Literal["cancel_order"] = "cancel_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """Give a person something to do.

    Attributes:
        kind: `call_back`, `review`, `dangerous_goods`, `new_customer`, `sms_failed`.
        reason: for the clerk, in plain words, without personal data.
        by_assistant: the assistant may do it, by calling back.
    """

    kind: str
    reason: str
    order_id: str | None = None
    by_assistant: bool = False
    type: Literal["open_task"] = "open_task"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCount:
    """Store how many orders the customer says were faxed on the order's day; None: not known."""

    order_id: str
    sent: int | None
    type: Literal["record_count"] = "record_count"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchCompany:
    """Look the company up among the customers. Answered by `CompanyMatched`."""

    name: str
    type: Literal["match_company"] = "match_company"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindOrder:
    """Look up the caller's latest order (or the one with `number`). Answered by `OrderFound`."""

    number: str | None = None
    type: Literal["find_order"] = "find_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginOrder:
    """Start another order in the same call: `order` is the new empty draft to keep.

    Its id is derived from the call's and its place in it, so that replays agree.
    """

    order: Order
    type: Literal["begin_order"] = "begin_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Connect the caller with a person, with the reason as context (warm transfer)."""

    role: Literal["clerk", "head"]
    reason: str
    type: Literal["transfer"] = "transfer"


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp:
    """End the call after everything said has been heard."""

    disposition: Disposition
    type: Literal["hang_up"] = "hang_up"


Action = (
    Say
    | Listen
    | KeepDraft
    | ConfirmOrder
    | RecordNotice
    | RecordCount
    | SendLink
    | CancelOrder
    | OpenTask
    | MatchCompany
    | FindOrder
    | BeginOrder
    | Transfer
    | HangUp
)
