"""A local HTTP server that takes text messages and calls in Twilio's place.

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
from datetime import UTC, datetime
from email.utils import format_datetime
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
CALLS = "/2010-04-01/Accounts/{AccountSid}/Calls.json"
CALL = "/2010-04-01/Accounts/{AccountSid}/Calls/{Sid}.json"
SUBSET = Path(__file__).parent / "data" / "twilio_messages.yaml"
CALLS_SUBSET = Path(__file__).parent / "data" / "twilio_calls.yaml"

_E164 = re.compile(r"\+[1-9]\d{4,14}")
_URI = re.compile(r"https?://[^\s/]+/\S*")
_ONE = re.compile(r"/Messages/(SM[0-9a-f]{32})\.json$")
_ONE_CALL = re.compile(r"/Calls/(CA[0-9a-f]{32})\.json$")
_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def read_description(path: Path) -> dict[str, Any]:
    """The Messages resource of a description in YAML or JSON."""
    text = path.read_text(encoding="utf-8")
    whole = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    messages = {k: v for k, v in whole["paths"][MESSAGES].items() if k in {"get", "post"}}
    fetch = {k: v for k, v in whole["paths"][MESSAGE].items() if k == "get"}
    return {**whole, "paths": {MESSAGES: messages, MESSAGE: fetch}}


def read_calls(path: Path = CALLS_SUBSET) -> dict[str, Any]:
    """The Calls resource of a description in YAML or JSON."""
    text = path.read_text(encoding="utf-8")
    whole = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    paths = {
        name: {k: v for k, v in whole["paths"][name].items() if k in {"get", "post"}}
        for name in (CALLS, CALL)
    }
    return {**whole, "paths": paths}


def both() -> dict[str, Any]:
    """Our parts of the Messages and the Calls resources together."""
    messages, calls = read_description(SUBSET), read_calls()
    schemas = {**messages["components"]["schemas"], **calls["components"]["schemas"]}
    return {
        **messages,
        "paths": {**messages["paths"], **calls["paths"]},
        "components": {**messages["components"], "schemas": schemas},
    }


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
        messages: what was taken, newest first, as the API shows it, and when (UTC).
        calls: calls that were taken, newest first, likewise; `forms` holds what each asked for.
        on_call: told of each call that was taken, in a thread of its own.
        answers: used up one by one, before the usual answers.
        faults: what was wrong with requests or answers.
    """

    def __init__(self, description: Mapping[str, Any]) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.asked_at: list[float] = []
        self.messages: list[dict[str, Any]] = []
        self.calls: list[dict[str, Any]] = []
        self.forms: dict[str, dict[str, str]] = {}
        self.on_call: Callable[[str, dict[str, str]], None] = lambda _sid, _form: None
        self.answers: list[Answer] = []
        self.faults: list[str] = []
        self._closing = threading.Event()
        server = make_server("127.0.0.1", 0, self._serve, threaded=True)
        self._server = server
        self.url = f"http://127.0.0.1:{server.server_port}"
        self._paths: Mapping[str, Any] = description["paths"]
        self._openapi = OpenAPI.from_dict(
            {**description, "servers": [{"url": self.url}]},
            config=Config(spec_validator_cls=None, extra_format_validators=_FORMATS),
        )

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
        path = self._paths[_path_of(request.path)]
        unknown = set(given) - _parameters(path).get(request.method.lower(), set())
        self.faults += [f"{request.method}: there is no parameter {name}" for name in unknown]
        if request.method == "POST":
            names = {re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower() for name in given}
            conditional = path["post"].get("x-twilio", {}).get("conditional", ())
            missing = [group for group in conditional if not names & set(group)]
            self.faults += [f"one of {', '.join(group)} is needed" for group in missing]
        who = request.authorization
        return who is not None and (who.username, who.password) == (ACCOUNT, TOKEN)

    def _usual(self, request: Request) -> Response:
        one = _ONE.search(request.path)
        if "/Calls" in request.path:
            response = self._usual_call(request)
        elif request.method == "POST":
            response = _json(201, self._take(request))
        elif one is not None:
            found = [m for m in self.messages if m["sid"] == one[1]]
            response = _json(200, _shown(found[0])) if found else _json(404, _UNKNOWN)
        else:
            to = request.args.get("To")
            after = request.args.get("DateSent>", "")
            found = [
                _shown(m) for m in self.messages if to in {None, m["to"]} and m["taken_at"] > after
            ]
            response = _json(200, {"messages": found, "next_page_uri": None})
        try:
            self._openapi.validate_response(
                WerkzeugOpenAPIRequest(request), WerkzeugOpenAPIResponse(response)
            )
        except OpenAPIError as error:
            self.faults.append(f"the answer: {error!r} {error.__cause__!r}")
        return response

    def _usual_call(self, request: Request) -> Response:
        one = _ONE_CALL.search(request.path)
        if one is not None:
            found = next((c for c in self.calls if c["sid"] == one[1]), None)
            if found is None:
                return _json(404, {"code": 20404, "status": 404})
            if request.method == "POST" and found["status"] in {"queued", "ringing"}:
                found["status"] = request.form["Status"]
            return _json(200, found)
        if request.method == "POST":
            return _json(201, self._take(request))
        to = request.args.get("To")
        found_calls = [c for c in self.calls if to in {None, c["to"]}]
        return _json(200, {"calls": found_calls, "next_page_uri": None})

    def _take_call(self, request: Request) -> dict[str, Any]:
        call = {
            "sid": f"CA{len(self.calls):032x}",
            "account_sid": ACCOUNT,
            "to": request.form["To"],
            "from": request.form["From"],
            "status": "queued",
            "direction": "outbound-api",
            "answered_by": None,
            "date_created": format_datetime(datetime.now(UTC)),
        }
        self.calls.insert(0, call)
        form = self.forms[call["sid"]] = request.form.to_dict()
        threading.Thread(target=self.on_call, args=(call["sid"], form), daemon=True).start()
        return call

    def _take(self, request: Request) -> dict[str, Any]:
        if "/Calls" in request.path:
            return self._take_call(request)
        message = {
            "sid": f"SM{len(self.messages):032x}",
            "account_sid": ACCOUNT,
            "to": request.form["To"],
            "from": request.form.get("From"),
            "body": request.form["Body"],
            "status": "queued",
            "error_code": None,
        }
        taken_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.messages.insert(0, {**message, "taken_at": taken_at})
        return message


_UNKNOWN = {"code": 20404, "status": 404}


def _shown(message: Mapping[str, Any]) -> dict[str, Any]:
    """A message as the API shows it."""
    return {name: value for name, value in message.items() if name != "taken_at"}


def _json(status: int, body: object) -> Response:
    return Response(json.dumps(body), status=status, content_type="application/json")


def _path_of(path: str) -> str:
    """The description's name of a path."""
    calls = "/Calls" in path
    if (_ONE_CALL if calls else _ONE).search(path):
        return CALL if calls else MESSAGE
    return CALLS if calls else MESSAGES


def _parameters(path: Mapping[str, Any]) -> dict[str, set[str]]:
    """The names that each method takes in its form or query."""
    query: Sequence[Mapping[str, Any]] = path["get"]["parameters"]
    named = {"get": {parameter["name"] for parameter in query if parameter["in"] == "query"}}
    if "post" in path:
        form = path["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]
        named["post"] = set(form["schema"]["properties"])
    return named


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
