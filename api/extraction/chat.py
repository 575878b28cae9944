"""An extractor that asks an OpenAI-compatible endpoint."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable, Mapping
from importlib import resources

import httpx
from pydantic import TypeAdapter, ValidationError

from api.extraction.breaker import Breaker
from models.errors import ExternalError
from models.fields import FIELDS
from nlp.meaning import Expectation, Utterance

_LARGEST_ANSWER = 64 * 1024
_PROPOSALS = TypeAdapter(dict[str, str])


class ChatExtractor:
    """Asks `{url}/chat/completions`. Any thread may ask.

    Args:
        timeout_s: how long one answer may take as a whole.
        told: told the result of each question: `answered`, `slow`, `unreachable`, `refused`,
            `wild`, or `left_alone` while the breaker is open.
        clock: monotonic seconds, for the breaker.
    """

    def __init__(
        self,
        *,
        url: str,
        model: str,
        key: str,
        timeout_s: float,
        told: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = f"{url.rstrip('/')}/chat/completions"
        self._model = model
        self._timeout_s = timeout_s
        self._told = told
        self._breaker = Breaker(clock)
        text = resources.files("api.extraction").joinpath("prompt.txt").read_text("utf-8")
        self._prompt = text.replace("{fields}", ", ".join(FIELDS))
        # The system's certificates, so that a company's own authority is known.
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=timeout_s,
            verify=ssl.create_default_context(),
            trust_env=False,
        )

    def extract(self, utterance: Utterance, expectation: Expectation) -> Mapping[str, str]:
        """See `nlp.extractor.Extractor`."""
        if not self._breaker.allows():
            self._told("left_alone")
            raise ExternalError("The extractor is left alone for a while.", retryable=True)
        result, found = self._asked(utterance, expectation)
        self._told(result)
        if found is None:
            self._breaker.failed()
            raise ExternalError(f"The extractor gave no answer: {result}.", retryable=True)
        self._breaker.succeeded()
        return found

    def close(self) -> None:
        """Closes its connections."""
        self._client.close()

    def _asked(
        self, utterance: Utterance, expectation: Expectation
    ) -> tuple[str, dict[str, str] | None]:
        try:
            body = self._post(utterance, expectation)
        except httpx.TimeoutException:
            return "slow", None
        except httpx.HTTPStatusError:
            return "refused", None
        except httpx.DecodingError:
            return "wild", None
        except httpx.HTTPError:
            return "unreachable", None
        found = _proposals(body)
        return ("wild", None) if found is None else ("answered", found)

    def _post(self, utterance: Utterance, expectation: Expectation) -> bytes:
        """The answer's body. Raises httpx.HTTPError."""
        asked = {"asked": expectation.slot, "sentence": utterance.text}
        question = {
            "model": self._model,
            "temperature": 0,
            "response_format": {"type": "json_object"},
            "messages": [
                {"role": "system", "content": self._prompt},
                {"role": "user", "content": json.dumps(asked, ensure_ascii=False)},
            ],
        }
        until = time.monotonic() + self._timeout_s
        body = bytearray()
        with self._client.stream("POST", self._url, json=question) as response:
            if not response.is_success:
                raise httpx.HTTPStatusError("", request=response.request, response=response)
            for piece in response.iter_bytes():
                body += piece
                # httpx limits each wait, not their sum.
                if time.monotonic() > until:
                    raise httpx.ReadTimeout("", request=response.request)
                if len(body) > _LARGEST_ANSWER:
                    raise httpx.DecodingError("", request=response.request)
        return bytes(body)


def _proposals(body: bytes) -> dict[str, str] | None:
    """The fields in an answer; None where it is none, or names a field that does not exist."""
    try:
        content = json.loads(body)["choices"][0]["message"]["content"]
        found = _PROPOSALS.validate_json(content, strict=True)
    except (ValueError, KeyError, IndexError, TypeError, RecursionError, ValidationError):
        return None
    return found if found.keys() <= FIELDS.keys() else None
