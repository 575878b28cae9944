"""A voice of last resort behind the first one."""

from __future__ import annotations

import time
from concurrent.futures import Future
from threading import Thread

import structlog

from models.call import Lang
from models.errors import ExternalError
from voice.ports import Synthesizer

log = structlog.get_logger(__name__)


#: A clause that takes longer will not come any more, seconds.
PATIENCE_S = 12.0
#: How long a voice that hung is left alone, seconds.
_REST_S = 60.0


class FallbackSynthesizer:
    """Speaks with the second voice whatever the first one fails to say, or says too late.

    Args:
        patience_s: how long a clause may take.
    """

    def __init__(
        self,
        first: Synthesizer,
        second: Synthesizer,
        *,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.name = first.name
        self._first = first
        self._second = second
        self._patience_s = patience_s
        self._rests_until = 0.0

    def voice(self, lang: Lang) -> str:
        """The first voice."""
        return self._first.voice(lang)

    def warm_up(self) -> None:
        """Warms the first voice up; the second one needs none."""
        self._first.warm_up()

    def has(self, clause: str, *, lang: Lang, rate: float = 1.0) -> bool:
        """Whether the first voice has the clause already."""
        return self._first.has(clause, lang=lang, rate=rate)

    def speak(self, clause: str, *, lang: Lang, rate: float = 1.0) -> bytes:
        """The clause. Raises ExternalError when both voices fail."""
        try:
            if self.has(clause, lang=lang, rate=rate):  # so that nothing can hang
                return self._first.speak(clause, lang=lang, rate=rate)
            return self._in_time(clause, lang, rate)
        except ExternalError:
            log.warning("voice_failed", voice=self._first.name, instead=self._second.name)
            return self._second.speak(clause, lang=lang, rate=rate)

    def _in_time(self, clause: str, lang: Lang, rate: float) -> bytes:
        """The first voice, in a thread that is given up when it hangs."""
        if time.monotonic() < self._rests_until:
            raise ExternalError("The voice hung a short while ago.", retryable=True)
        made: Future[bytes] = Future()

        def make() -> None:
            try:
                made.set_result(self._first.speak(clause, lang=lang, rate=rate))
            except ExternalError as error:
                made.set_exception(error)
            finally:
                if not made.done():
                    made.set_exception(ExternalError("The voice broke.", retryable=True))

        Thread(target=make, name="voice", daemon=True).start()
        try:
            return made.result(self._patience_s)
        except TimeoutError as error:
            self._rests_until = time.monotonic() + _REST_S
            raise ExternalError("The voice hangs.", retryable=True) from error
