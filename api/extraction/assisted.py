"""Understanding by the rules, with an extractor asked at the same time."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import replace

from models.errors import ExternalError
from nlp.extractor import Extractor, combine, wanted
from nlp.meaning import Expectation, Understanding, Utterance
from nlp.understand import Understander

#: Questions under way at a time in one process.
_THREADS = 4


class AssistedUnderstander:
    """Understands as the rules do; where they leave the question open, proposals may fill it."""

    def __init__(self, rules: Understander, extractor: Extractor, timeout_s: float) -> None:
        self._rules = rules
        self._extractor = extractor
        self._timeout_s = timeout_s
        self._pool = ThreadPoolExecutor(_THREADS, "extractor")

    def warm_up(self) -> None:
        """Builds what the rules need; the extractor is not asked."""
        self._rules.warm_up()

    def understand(self, utterance: Utterance, expectation: Expectation) -> Understanding:
        """The rules' meaning, completed where the extractor answers in time."""
        until = time.monotonic() + self._timeout_s
        asked = self._pool.submit(self._extractor.extract, utterance, expectation)
        meaning = self._rules.understand(utterance, expectation)
        if not wanted(meaning, expectation):
            asked.cancel()
            return meaning
        proposals = _in_time(asked, until)
        said = replace(utterance, text=meaning.text or utterance.text)
        return combine(said, expectation, meaning, proposals, self._rules.understand)


def _in_time(asked: Future[Mapping[str, str]], until: float) -> Mapping[str, str]:
    """What was proposed by then; nothing where that failed, which the extractor has counted."""
    try:
        return asked.result(max(0.0, until - time.monotonic()))
    except (ExternalError, TooLate):
        asked.cancel()
        return {}
