"""Gathers keypad keys into an answer (pure)."""

from __future__ import annotations

#: A pause this long after the last key ends the answer.
_PAUSE_MS = 2_500


class Keypad:
    """Collects keys until `#`, the expected number of keys, or a pause."""

    def __init__(self) -> None:
        self._keys = ""
        self._last_ms = 0

    @property
    def waiting(self) -> bool:
        """Whether keys have come that do not make an answer yet."""
        return bool(self._keys)

    def press(self, key: str, *, at_ms: int, expected: int) -> str | None:
        """Takes one key at `at_ms`.

        Returns:
            The answer's keys without `#` if this key completes it (empty when only `#` was
            pressed), else None. `expected` is the number of keys that completes an answer,
            0 when unknown.
        """
        self._last_ms = at_ms
        if key == "#":
            return self._take()
        self._keys += key
        return self._take() if len(self._keys) == expected else None

    def pause(self, now_ms: int) -> str | None:
        """The answer, if the caller has stopped pressing keys."""
        if self._keys and now_ms - self._last_ms >= _PAUSE_MS:
            return self._take()
        return None

    def _take(self) -> str:
        keys, self._keys = self._keys, ""
        return keys
