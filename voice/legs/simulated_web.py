"""The telephone company's web side, simulated: signed webhooks out, TwiML back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin
from xml.parsers import expat

import httpx
from twilio.request_validator import RequestValidator

from models.errors import ExternalError

SIGNATURE_HEADER = "X-Twilio-Signature"
#: Twilio waits this long for TwiML, seconds.
_PATIENCE_S = 15.0


class CallRefused(ExternalError):
    """The server answered a webhook with something other than success."""

    def __init__(self, path: str, status: int) -> None:
        super().__init__(f"The server answered {path} with status {status}.")
        self.status = status


@dataclass(slots=True)
class Verb:
    """One element of TwiML, nouns included."""

    name: str
    attributes: Mapping[str, str]
    text: str = ""
    children: list[Verb] = field(default_factory=list)

    def child(self, name: str) -> Verb | None:
        """The first child of that name."""
        return next((child for child in self.children if child.name == name), None)


def parse_twiml(document: str) -> list[Verb]:
    """The verbs below `<Response>`.

    Raises:
        ExternalError: not TwiML.
    """
    root = Verb("", {})
    stack = [root]
    parser = expat.ParserCreate()

    def opened(name: str, attributes: dict[str, str]) -> None:
        verb = Verb(name, attributes)
        stack[-1].children.append(verb)
        stack.append(verb)

    def closed(_name: str) -> None:
        stack.pop()

    def text(data: str) -> None:
        stack[-1].text += data

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.CharacterDataHandler = text
    try:
        parser.Parse(document, True)
    except expat.ExpatError as error:
        raise ExternalError("The server's answer is not XML.") from error
    response = root.child("Response")
    if response is None:
        raise ExternalError("The server's answer is not TwiML.")
    return response.children


class TwilioWeb:
    """Posts webhooks for one call, signed as Twilio signs them.

    Args:
        base_url: the server's public address.
        secret: the account's auth token, which signs.
        identity: the parameters that every request of the call carries.
    """

    def __init__(self, base_url: str, secret: str, identity: Mapping[str, str]) -> None:
        self.base_url = base_url.rstrip("/")
        self._identity = dict(identity)
        self._validator = RequestValidator(secret)
        self._client = httpx.AsyncClient(timeout=_PATIENCE_S, trust_env=False)

    def absolute(self, url: str, base: str | None = None) -> str:
        """A URL of TwiML, which may be relative to the document it stood in."""
        return urljoin(base or f"{self.base_url}/", url)

    def signature(self, url: str, params: Mapping[str, str] | None = None) -> dict[str, str]:
        """The header that proves a request to come from Twilio."""
        return {SIGNATURE_HEADER: self._validator.compute_signature(url, dict(params or {}))}

    async def post(self, url: str, params: Mapping[str, str]) -> str:
        """The answer's text.

        Raises:
            CallRefused: an answer other than success.
            ExternalError: no answer.
        """
        form = {**self._identity, **params}
        try:
            answer = await self._client.post(url, data=form, headers=self.signature(url, form))
        except httpx.HTTPError as error:
            raise ExternalError(f"The server at {url} does not answer.", retryable=True) from error
        if not answer.is_success:
            raise CallRefused(answer.request.url.path, answer.status_code)
        return answer.text

    async def close(self) -> None:
        """Gives the connections back."""
        await self._client.aclose()
