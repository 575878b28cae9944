"""One-time codes that prove the signer's mobile (pure).

A code is derived from a nonce and the installation's secret, like a link's token: neither the
database nor the outbox holds it. Few codes a day and few tries a code leave a guesser at most
twenty-five of a million possibilities a day.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from models.errors import RuleError

DIGITS = 6
#: How long a code serves.
LIFETIME = timedelta(minutes=10)
#: The next code is sent this long after the last one, so that a double tap sends one.
BETWEEN = timedelta(seconds=60)
#: Wrong tries after which a code is dead.
MOST_TRIES = 5
#: Codes that a link gets within `PERIOD`.
MOST_CODES = 5
PERIOD = timedelta(hours=24)


class CodeTooSoon(RuleError):
    """A code was sent just now."""


class TooManyCodes(RuleError):
    """The link has had all the codes it gets for now."""


class CodeNeeded(RuleError):
    """The mobile is not proven, and has to be."""


def code(secret: str, nonce: str) -> str:
    """The six digits that the nonce stands for."""
    mac = hmac.digest(secret.encode(), b"signing-code:" + nonce.encode(), hashlib.sha256)
    return f"{int.from_bytes(mac[:8], 'big') % 10**DIGITS:0{DIGITS}d}"


def matches(secret: str, nonce: str, typed: str) -> bool:
    """Whether the typed code is the nonce's; spaces do not count."""
    plain = "".join(typed.split())
    return hmac.compare_digest(code(secret, nonce).encode(), plain.encode())


def may_send(sent: Sequence[datetime], now: datetime) -> None:
    """Whether a link whose codes went out at `sent` gets another one now.

    Raises:
        CodeTooSoon, TooManyCodes: it does not.
    """
    recent = [at for at in sent if now - at < PERIOD]
    if any(now - at < BETWEEN for at in recent):
        raise CodeTooSoon("A code was sent less than a minute ago.")
    if len(recent) >= MOST_CODES:
        raise TooManyCodes("No more codes are sent to this link today.")
