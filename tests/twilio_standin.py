"""A local HTTP server that takes text messages in Twilio's place.

It holds every request, and its own answers, to an OpenAPI description of the vendor's API.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from openapi_core import Config, OpenAPI
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIRequest, WerkzeugOpenAPIResponse
from openapi_core.exceptions import OpenAPIError
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

ACCOUNT = "AC" + "5" * 32
TOKEN = "an auth token for tests only"
MESSAGES = "/2010-04-01/Accounts/{AccountSid}/Messages.json"
MESSAGE = "/2010-04-01/Accounts/{AccountSid}/Messages/{Sid}.json"
SUBSET = Path(__file__).parent / "data" / "twilio_messages.yaml"

_E164 = re.compile(r"\+[1-9]\d{4,14}")
_URI = re.compile(r"https?://[^\s/]+/\S*")
_ONE = re.compile(r"/Messages/(SM[0-9a-f]{32})\.json$")
_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def read_description(path: Path) -> dict[str, Any]:
    """The Messages resource of a description in YAML or JSON."""
    text = path.read_text(encoding="utf-8")
    whole = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    messages = {k: v for k, v in whole["paths"][MESSAGES].items() if k in {"get", "post"}}
    fetch = {k: v for k, v in whole["paths"][MESSAGE].items() if k == "get"}
    return {**whole, "paths": {MESSAGES: messages, MESSAGE: fetch}}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the stand-in says to one request instead of its usual answer.

    Attributes:
        takes: whether the message is taken all the same.
        late: whether the answer waits until the stand-in closes.
        retry_after: the header of this name, where there is one.
    """

    status: int
    body: str = ""
    retry_after: str = ""
    takes: bool = False
    late: bool = False


def refusal(status: int, code: int) -> Answer:
    """An error in the form of Twilio's REST API."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    error = {"code": code, "message": "refused", "more_info": more, "status": status}
    return Answer(status, json.dumps(error))


class TwilioStandin:
    """Messages taken, answers prepared, and everything that the description forbids.

    Attributes:
        asked: method and form or query of each request that came.
        asked_at: when each came, seconds of the monotonic clock.
        messages: what was taken, newest first, as the API shows it.
        answers: used up one by one, before the usual answers.
        faults: what was wrong with requests or answers.
    """

    def __init__(self, description: Mapping[str, Any]) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.asked_at: list[float] = []
        self.messages: list[dict[str, Any]] = []
        self.answers: list[Answer] = []
        self.faults: list[str] = []
        self._closing = threading.Event()
        server = make_server("127.0.0.1", 0, self._serve, threaded=True)
        self._server = server
        self.url = f"http://127.0.0.1:{server.server_port}"
        self._conditional = description["paths"][MESSAGES]["post"]["x-twilio"]["conditional"]
        self._openapi = OpenAPI.from_dict(
            {**description, "servers": [{"url": self.url}]},
            config=Config(spec_validator_cls=None, extra_format_validators=_FORMATS),
        )
        self._known = _parameters(description["paths"][MESSAGES])

    @contextmanager
    def running(self) -> Iterator[TwilioStandin]:
        """Serves until the block ends."""
        thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield self
        finally:
            self._closing.set()
            self._server.shutdown()
            thread.join()
            self._server.server_close()

    def _serve(self, environ: Any, start: Any) -> Any:
        request = Request(environ)
        return self._respond(request)(environ, start)

    def _respond(self, request: Request) -> Response:
        request.get_data()  # kept for the validator, which reads after the form
        given = request.form if request.method == "POST" else request.args
        self.asked.append((request.method, given.to_dict()))
        self.asked_at.append(time.monotonic())
        if not self._allowed(request, given.to_dict()):
            return _json(401, {"code": 20003, "message": "Authenticate", "status": 401})
        wanted = self.answers.pop(0) if self.answers else None
        if wanted is None:
            return self._usual(request)
        if wanted.takes:
            self._take(request)
        if wanted.late:
            self._closing.wait()
        headers = {"Retry-After": wanted.retry_after} if wanted.retry_after else {}
        return Response(
            wanted.body, status=wanted.status, headers=headers, content_type="application/json"
        )

    def _allowed(self, request: Request, given: Mapping[str, str]) -> bool:
        """Notes what is wrong with a request; whether its sender may enter."""
        try:
            self._openapi.validate_request(WerkzeugOpenAPIRequest(request))
        except OpenAPIError as error:
            self.faults.append(f"{request.method}: {error!r} {error.__cause__!r}")
        unknown = set(given) - self._known[request.method.lower()]
        self.faults += [f"{request.method}: there is no parameter {name}" for name in unknown]
        if request.method == "POST":
            names = {re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower() for name in given}
            missing = [group for group in self._conditional if not names & set(group)]
            self.faults += [f"one of {', '.join(group)} is needed" for group in missing]
        who = request.authorization
        return who is not None and (who.username, who.password) == (ACCOUNT, TOKEN)

    def _usual(self, request: Request) -> Response:
        one = _ONE.search(request.path)
        if request.method == "POST":
            response = _json(201, self._take(request))
        elif one is not None:
            found = [m for m in self.messages if m["sid"] == one[1]]
            response = _json(200, found[0]) if found else _json(404, {"code": 20404, "status": 404})
        else:
            to = request.args.get("To")
            found = [m for m in self.messages if to in {None, m["to"]}]
            response = _json(200, {"messages": found, "next_page_uri": None})
        try:
            self._openapi.validate_response(
                WerkzeugOpenAPIRequest(request), WerkzeugOpenAPIResponse(response)
            )
        except OpenAPIError as error:
            self.faults.append(f"the answer: {error!r} {error.__cause__!r}")
        return response

    def _take(self, request: Request) -> dict[str, Any]:
        message = {
            "sid": f"SM{len(self.messages):032x}",
            "account_sid": ACCOUNT,
            "to": request.form["To"],
            "from": request.form.get("From"),
            "body": request.form["Body"],
            "status": "queued",
            "error_code": None,
        }
        self.messages.insert(0, message)
        return message


def _json(status: int, body: object) -> Response:
    return Response(json.dumps(body), status=status, content_type="application/json")


def _parameters(path: Mapping[str, Any]) -> dict[str, set[str]]:
    """The names that each method takes in its form or query."""
    form = path["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]
    query: Sequence[Mapping[str, Any]] = path["get"]["parameters"]
    return {
        "post": set(form["schema"]["properties"]),
        "get": {parameter["name"] for parameter in query if parameter["in"] == "query"},
    }


def _phone_number(value: Any) -> bool:
    """E.164; Twilio's other addresses (short codes, channels) are not used here."""
    return isinstance(value, str) and _E164.fullmatch(value) is not None


def _uri(value: Any) -> bool:
    return isinstance(value, str) and _URI.fullmatch(value) is not None


def _date_time(value: Any) -> bool:
    return isinstance(value, str) and _UTC.fullmatch(value) is not None


_FORMATS: dict[str, Callable[[Any], bool]] = {
    "phone-number": _phone_number,
    "uri": _uri,
    "date-time": _date_time,
}
