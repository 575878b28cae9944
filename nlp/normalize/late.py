"""Patterns that are compiled when first used: some take a tenth of a second."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property


class Late:
    """A regular expression, compiled at its first use.

    Args:
        source: the expression.
    """

    def __init__(self, source: str) -> None:
        self.pattern = source

    def search(self, text: str) -> re.Match[str] | None:
        """As `re.Pattern.search`."""
        return self._compiled.search(text)

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        """As `re.Pattern.match`."""
        return self._compiled.match(text, start)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """As `re.Pattern.fullmatch`."""
        return self._compiled.fullmatch(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """As `re.Pattern.finditer`."""
        return self._compiled.finditer(text)

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern)
