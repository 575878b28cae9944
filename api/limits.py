"""How often one address may ask: counted in the memory of this process."""

from __future__ import annotations

from collections.abc import Mapping

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter


class Limits:
    """Named limits, such as `{"page": "60/minute"}`, each counted by address.

    What must hold for every process together, such as the tries of a one-time code, is
    counted in the database instead.
    """

    def __init__(self, rules: Mapping[str, str]) -> None:
        self._items: Mapping[str, RateLimitItem] = {n: parse(rule) for n, rule in rules.items()}
        self._counter = FixedWindowRateLimiter(MemoryStorage())

    def allows(self, name: str, who: str) -> bool:
        """Counts one request of `who`; whether it is still within the limit."""
        return self._counter.hit(self._items[name], name, who)
