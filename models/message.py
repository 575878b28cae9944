"""Text messages: how far one got, how long it is on the air (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Delivery(StrEnum):
    """How far a message got, in Twilio's words (Message Status Values)."""

    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    CANCELED = "canceled"
    READ = "read"


_RANK = {
    Delivery.ACCEPTED: 0,
    Delivery.SCHEDULED: 1,
    Delivery.QUEUED: 2,
    Delivery.SENDING: 3,
    Delivery.SENT: 4,
    Delivery.DELIVERED: 5,
    Delivery.UNDELIVERED: 5,
    Delivery.FAILED: 5,
    Delivery.CANCELED: 5,
}

#: The message did not and will not arrive.
LOST = frozenset({Delivery.UNDELIVERED, Delivery.FAILED, Delivery.CANCELED})


def further(now: Delivery, reported: Delivery) -> bool:
    """Whether a report brings the message forward. Reports come late and out of order.

    The first final state stands; only a delivered message can still be `read`.
    """
    if reported is Delivery.READ:
        return now not in LOST and now is not Delivery.READ
    return now is not Delivery.READ and _RANK[reported] > _RANK[now]


#: The encoding of what goes by e-mail.
MIME: Literal["MIME"] = "MIME"
#: GSM 03.38 default alphabet, and the characters that take two septets (its extension table).
_GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENDED = frozenset("\f^{}\\[~]|€")


@dataclass(frozen=True, slots=True)
class Segments:
    """How a text travels: its encoding, its length in that encoding's units, its parts."""

    encoding: Literal["GSM-7", "UCS-2", "MIME"]
    units: int
    count: int


def segments(text: str) -> Segments:
    """Encoding and number of parts of a text message (3GPP TS 23.038 and 23.040).

    GSM-7: 160 septets in one part, 153 in each of several. UCS-2: 70 and 67 code units.
    A character of two units is never cut in two.
    """
    if all(c in _GSM_BASIC or c in _GSM_EXTENDED for c in text):
        return _cut("GSM-7", [2 if c in _GSM_EXTENDED else 1 for c in text], 160, 153)
    return _cut("UCS-2", [len(c.encode("utf-16-be")) // 2 for c in text], 70, 67)


def _cut(encoding: Literal["GSM-7", "UCS-2"], sizes: list[int], one: int, each: int) -> Segments:
    total = sum(sizes)
    if total <= one:
        return Segments(encoding, total, 1)
    count, room = 1, each
    for size in sizes:
        if size > room:
            count, room = count + 1, each
        room -= size
    return Segments(encoding, total, count)
