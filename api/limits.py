"""How often one address may ask: counted in this process, or for all processes together."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from models.store import Store


class Limits:
    """Named limits, such as `{"page": "60/minute"}`, each counted by address in this process."""

    def __init__(self, rules: Mapping[str, str]) -> None:
        self._items: Mapping[str, RateLimitItem] = {n: parse(rule) for n, rule in rules.items()}
        self._counter = MovingWindowRateLimiter(MemoryStorage())

    def allows(self, name: str, who: str) -> bool:
        """Counts one request of `who`; whether it is still within the limit."""
        return self._counter.hit(self._items[name], name, who)


def _now() -> datetime:
    return datetime.now(UTC)


class SharedLimits:
    """The same, counted in the database: for what people guess at, in any number of processes.

    Windows begin at whole multiples of their length. Addresses are kept as digests only, until
    their window has passed.

    Args:
        now: the present, as an aware instant.
    """

    def __init__(
        self, store: Store, rules: Mapping[str, str], now: Callable[[], datetime] = _now
    ) -> None:
        self._store = store
        self._items: Mapping[str, RateLimitItem] = {n: parse(rule) for n, rule in rules.items()}
        self._now = now

    def allows(self, name: str, who: str) -> bool:
        """Counts one request of `who`; whether it is still within the limit.

        Raises:
            ExternalError: the store fails.
        """
        item, now = self._items[name], self._now()
        seconds = item.get_expiry()
        begins = int(now.timestamp()) // seconds * seconds
        ends = datetime.fromtimestamp(begins, UTC) + timedelta(seconds=seconds)
        with self._store.unit() as uow:
            text = f"limit:{name}:{who}:{begins}"
            key = hmac.digest(uow.secret.encode(), text.encode(), hashlib.sha256).hex()
            count = uow.line.count(key, ends, now)
            uow.commit()
        return count <= item.amount
