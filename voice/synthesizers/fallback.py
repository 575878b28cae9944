"""A voice of last resort behind the first one."""

from __future__ import annotations

import structlog

from models.call import Lang
from models.errors import ExternalError
from voice.ports import Synthesizer

log = structlog.get_logger(__name__)


class FallbackSynthesizer:
    """Speaks with the second voice whatever the first one fails to say."""

    def __init__(self, first: Synthesizer, second: Synthesizer) -> None:
        self.name = first.name
        self._first = first
        self._second = second

    def voice(self, lang: Lang) -> str:
        """The first voice."""
        return self._first.voice(lang)

    def warm_up(self) -> None:
        """Warms the first voice up; the second one needs none."""
        self._first.warm_up()

    def speak(self, clause: str, *, lang: Lang, rate: float = 1.0) -> bytes:
        """The clause. Raises ExternalError when both voices fail."""
        try:
            return self._first.speak(clause, lang=lang, rate=rate)
        except ExternalError:
            log.warning("voice_failed", voice=self._first.name, instead=self._second.name)
            return self._second.speak(clause, lang=lang, rate=rate)
