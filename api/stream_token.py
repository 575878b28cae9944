"""One-time tokens that let a media stream in.

The TwiML that answers a signed webhook carries a token; the stream brings it back in its
`start`. It serves one call, for a minute, once.
"""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

from models.store import Store

#: Twilio opens the stream at once; a minute leaves room for a slow network.
LIFETIME = timedelta(seconds=60)
_TOKEN = re.compile(r"(?P<expires>\d{1,12})\.(?P<nonce>[0-9a-f]{32})\.(?P<seal>[0-9a-f]{64})")


class UsedTokens(Protocol):
    """Remembers which tokens were used, until they would have expired anyway."""

    def use(self, nonce: str, expires: datetime, now: datetime) -> bool:
        """Notes the use; False when it was used before."""


class StoredUsedTokens:
    """`UsedTokens` that all processes of a database share."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def use(self, nonce: str, expires: datetime, now: datetime) -> bool:
        """See `UsedTokens.use`.

        Raises:
            ExternalError: the database cannot be used.
        """
        with self._store.unit() as uow:
            first = uow.line.use_token(nonce, expires, now)
            uow.commit()
        return first


class StreamTokens:
    """Issues and redeems tokens.

    Args:
        secret: the same in the process that answers webhooks and the one that serves media.
        used: where uses are remembered.
    """

    def __init__(self, secret: str, used: UsedTokens) -> None:
        self._key = sha256(b"stream-token:" + secret.encode()).digest()
        self._used = used

    def issue(self, call_sid: str, now: datetime) -> str:
        """A token for one stream of this call. `now` is an aware instant."""
        expires = int((now + LIFETIME).timestamp())
        nonce = secrets.token_hex(16)
        return f"{expires}.{nonce}.{self._seal(call_sid, expires, nonce)}"

    def redeem(self, token: str, call_sid: str, now: datetime) -> bool:
        """Whether the token is ours, for this call, in time, and was never used before."""
        match = _TOKEN.fullmatch(token)
        if match is None:
            return False
        expires, nonce = int(match["expires"]), match["nonce"]
        if not hmac.compare_digest(match["seal"], self._seal(call_sid, expires, nonce)):
            return False
        if now.timestamp() > expires:
            return False
        return self._used.use(nonce, datetime.fromtimestamp(expires, now.tzinfo), now)

    def _seal(self, call_sid: str, expires: int, nonce: str) -> str:
        text = f"{call_sid}.{expires}.{nonce}"
        return hmac.new(self._key, text.encode("utf-8", "replace"), sha256).hexdigest()
