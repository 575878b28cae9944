"""What an installation may set about the talk."""

from __future__ import annotations

from dataclasses import dataclass

from models.call import Lang
from models.dangerous_list import Listed


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogueSettings:
    """The desk's own choices. Slots are those of `nlp.dialogue.slots`.

    Attributes:
        required: slots an order cannot do without, in the order in which they are asked.
        optional: slots asked for once, together, when all required ones are filled.
        accept_unknown: whether a caller without a customer record may order.
        can_transfer: whether a call can be connected with a person.
        check_below: a value heard with less confidence is checked by a question of its own;
            otherwise it is repeated within the next question.
        echo_at_most: repeat at most so many new values before the next question.
        unsure_at_most: texts in one order that may be left to a clerk with the recording.
        tries_per_rung: failed tries at a question before it is asked on its next rung: in other
            words, with a choice, or by the keypad.
        hand_over_after: failed turns before a person takes over; a turn that works makes up for
            `earned_back` of them.
        hang_up_after: silences in a row before the call ends with a call-back.
        listed: the desk's own dangerous goods, which go before the product's list.
        notice_plays: how often a notice that was not heard whole is played at most.
    """

    company_zh: str = "顺达货运"
    company_en: str = "Shunda Freight"
    required: tuple[str, ...] = (
        "customer",
        "mode",
        "origin",
        "destination",
        "goods",
        "pieces",
        "weight",
        "pickup",
        "consignee",
        "payment",
    )
    optional: tuple[str, ...] = ("packaging", "volume", "remarks")
    accept_unknown: bool = True
    can_transfer: bool = True
    check_below: float = 0.6
    echo_at_most: int = 3
    unsure_at_most: int = 3
    tries_per_rung: int = 1
    hand_over_after: int = 12
    earned_back: int = 2
    hang_up_after: int = 3
    notice_plays: int = 3
    listed: tuple[Listed, ...] = ()

    def company(self, lang: Lang) -> str:
        """Our own name in the caller's language."""
        return self.company_zh if lang == "zh" else self.company_en
