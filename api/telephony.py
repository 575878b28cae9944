"""Twilio's webhooks: a call comes in, a stream ended, something changed its status."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

import structlog
from flask import Blueprint, Response, request

from api import twiml, webhooks
from api.config import Settings
from api.fork_ticket import ticket
from api.office import own_office
from api.stream_token import StreamTokens
from api.twilio_signature import SignatureCheck
from models.call import Disposition, Lang
from models.errors import ExternalError
from models.message import Delivery
from models.office import Office
from models.phones import dialled_number

log = structlog.get_logger(__name__)

#: Streams that a call may open before the caller is asked to wait for a call-back.
MOST_STREAMS = 3
#: How often a caller is asked for patience while all lines are taken.
MOST_ASKED = 6
_E164 = re.compile(r"\+\d{5,15}")
_ATTEMPT = re.compile(r"[0-9]")
_ROW = re.compile(r"[0-9]{1,9}")
_RING = re.compile(r"[0-9a-f]{32}-[0-9]{1,3}")
_STREAM_OVER = frozenset({"stream-stopped", "stream-error"})
_STATUS_PATHS = frozenset({"/voice/status", "/sms/status"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CallState:
    """How a call stands after its stream ended.

    Attributes:
        disposition: None while nothing ended it: then its stream broke.
        transfer_to: who is wanted, where the disposition says that somebody is.
    """

    disposition: Disposition | None = None
    lang: Lang = "zh"
    transfer_to: Literal["clerk", "head"] = "clerk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A call of ours that was answered.

    Attributes:
        wanted: whether there still is something to call about.
        told: whether a machine at this number has our message already.
    """

    lang: Lang
    wanted: bool
    told: bool


class CallRecords(Protocol):
    """What the webhooks need of the store. Every method may be called again with the same
    arguments, and late ones must not undo later ones."""

    def state(self, call_sid: str) -> CallState | None:
        """How the call stands; None when it never began."""

    def owner(self, call_sid: str, at: datetime) -> str:
        """The number (E.164) of whoever answers for what the call is about and is there; empty
        where that is nobody."""

    def answered(
        self, ring: str, call_sid: str, answered_by: str | None, at: datetime
    ) -> Answered | None:
        """Somebody or something answered a call of ours; None where the ring is not known."""

    def call_status(
        self,
        call_sid: str,
        status: str,
        at: datetime,
        ring: str = "",
        answered_by: str | None = None,
    ) -> None:
        """Twilio reports a call's status; unknown calls are passed over.

        `ring` names the ring that a call of ours is.
        """

    def fork_ended(self, call_sid: str, stream_sid: str, failed: bool, at: datetime) -> None:
        """What two people say is not heard any more; see `models.desk.beside.fork_ended`."""

    def call_back(
        self,
        call_sid: str,
        *,
        caller: str | None,
        called: str | None,
        reason: str,
        at: datetime,
        number: str | None = None,
        by_assistant: bool = False,
    ) -> None:
        """The caller must be called back, by a person unless the assistant may and can.

        `number`: where, if not where he called from.
        """

    def sms_status(
        self,
        message_sid: str,
        status: str,
        error_code: str | None,
        at: datetime,
        cause: int | None,
    ) -> None:
        """Twilio reports how far a text message got; `cause` is its row in the outbox."""

    def fax_came(self, fax_sid: str, number: str, media_url: str | None, at: datetime) -> None:
        """See `api.intake.fax_webhook.FaxRecords`."""


def blueprint(
    settings: Settings,
    *,
    records: CallRecords,
    tokens: StreamTokens,
    signature: SignatureCheck,
    now: Callable[[], datetime],
    has_room: Callable[[], bool] = lambda: True,
    office: Callable[[], Office] | None = None,
) -> Blueprint:
    """The webhooks. A request without Twilio's signature gets 403 and nothing else.

    Args:
        now: the present, as an aware instant.
        has_room: whether another call can be served; callers are asked for patience meanwhile.
        office: whom transfers ring; the installation's own unless given.
    """
    routes = Blueprint("telephony", __name__)
    own = own_office(settings)
    desk = _Desk(settings, records, tokens, now, has_room, office or (lambda: own))

    routes.before_request(lambda: webhooks.refused(signature))

    @routes.errorhandler(ExternalError)
    def store_failed(error: ExternalError) -> Response:
        log.error("webhook_failed", path=request.path, error=type(error).__name__)
        if request.path in _STATUS_PATHS:
            return Response(status=503)
        return _xml(desk.apologise())

    @routes.post("/voice/incoming")
    def incoming() -> Response:
        return _xml(desk.connect(attempt=1))

    @routes.post("/voice/answered")
    def answered() -> Response:
        return _xml(desk.answered())

    @routes.post("/voice/after")
    def after() -> Response:
        return _xml(desk.after(attempt=_count(request.args.get("attempt", ""))))

    @routes.post("/voice/busy")
    def busy() -> Response:
        return _xml(desk.busy(asked=_count(request.args.get("asked", ""), MOST_ASKED)))

    @routes.post("/voice/dialled")
    def dialled() -> Response:
        return _xml(desk.dialled(request.form.get("DialCallStatus", "")))

    @routes.post("/voice/status")
    def status() -> Response:
        desk.status()
        return Response(status=204)

    @routes.post("/sms/status")
    def sms_status() -> Response:
        desk.sms_status()
        return Response(status=204)

    return routes


class _Desk:
    """Answers the current request."""

    def __init__(
        self,
        settings: Settings,
        records: CallRecords,
        tokens: StreamTokens,
        now: Callable[[], datetime],
        has_room: Callable[[], bool],
        office: Callable[[], Office],
    ) -> None:
        self._settings = settings
        self._records = records
        self._tokens = tokens
        self._now = now
        self._has_room = has_room
        self._office = office

    def connect(self, *, attempt: int, asked: int = 0) -> str:
        """Connects the call with the assistant, or asks for patience while all lines are taken."""
        lang = self._settings.default_lang
        if not self._has_room():
            log.warning("lines_busy", call_sid=request.form.get("CallSid", ""), asked=asked)
            if _outbound():
                return twiml.say_and_hang_up(twiml.APOLOGY[lang], lang)
            return twiml.ask_for_patience(self._settings.base_url, lang, asked=asked)
        call_sid = request.form.get("CallSid", "")
        parameters = {
            "token": self._tokens.issue(call_sid, self._now()),
            "caller": _customer() or "",
            "called": _own_number() or "",
            "attempt": str(attempt),
        }
        return twiml.connect(self._settings.base_url, parameters, attempt=attempt)

    def answered(self) -> str:
        """A call of ours was answered: talks with a person, leaves a word with a machine.

        The word tells who called and how to call back, and nothing of any order: whoever
        listens to the machine may be somebody else.
        """
        call_sid, by = request.form.get("CallSid", ""), request.form.get("AnsweredBy")
        ring = self._records.answered(_ring(), call_sid, by, self._now())
        log.info("answered_by", call_sid=call_sid, by=by, known=ring is not None)
        if ring is None:
            return twiml.hang_up()
        if by == "fax" or ((by or "").startswith("machine") and ring.told):
            return twiml.hang_up()
        if (by or "").startswith("machine"):
            company = self._settings.company_zh if ring.lang == "zh" else self._settings.company_en
            word = twiml.voice_mail(company, _own_number() or "", ring.lang)
            return twiml.say_and_hang_up(word, ring.lang)
        if not ring.wanted:
            return twiml.say_and_hang_up(twiml.NOT_NEEDED[ring.lang], ring.lang)
        return self.connect(attempt=1)

    def after(self, *, attempt: int) -> str:
        """The stream closed from our side, or broke."""
        call_sid = request.form.get("CallSid", "")
        state = self._records.state(call_sid)
        if state is not None and state.disposition is not None:
            if state.disposition is Disposition.TRANSFERRED:
                return self._transfer(state)
            return twiml.hang_up()
        if attempt < MOST_STREAMS:
            log.warning("stream_broke", call_sid=call_sid, attempt=attempt)
            return self.connect(attempt=attempt + 1)
        reason = "The line failed during the call."
        return self._give_up(twiml.APOLOGY, reason, state, by_assistant=True)

    def busy(self, *, asked: int) -> str:
        """A caller who waits for a free line pressed keys, or nothing."""
        digits = request.form.get("Digits", "")
        number = _customer() if digits == "1" else dialled_number(digits)
        if number is not None:
            reason = f"All lines were busy. Call back: {number}"
            return self._give_up(twiml.CALL_BACK, reason, None, number=number, by_assistant=True)
        if asked >= MOST_ASKED:
            reason = "All lines were busy."
            return self._give_up(twiml.NOBODY_FREE, reason, None, by_assistant=True)
        return self.connect(attempt=1, asked=asked)

    def apologise(self) -> str:
        """Nothing can be looked up: the caller hears that he will be called back."""
        reason = "The database could not be used."
        return self._give_up(twiml.APOLOGY, reason, None, by_assistant=True)

    def dialled(self, status: str) -> str:
        """A person was called: the call is over, or nobody answered and the next one is rung: after
        the order's own clerk the desk's number, then the fallback."""
        if status in {"completed", "answered"}:
            return twiml.hang_up()
        number, fallback = self._office().clerk, self._office().fallback
        if number and "owner" in request.args:
            # The fork that began with the first number goes on.
            return twiml.dial(self._settings.base_url, number, _own_number(), "")
        if fallback and "last" not in request.args:
            return twiml.dial(self._settings.base_url, fallback, _own_number(), "", last=True)
        state = self._records.state(request.form.get("CallSid", ""))
        reason = "Nobody answered the transfer."
        return self._give_up(twiml.NOBODY_FREE, reason, state, forked=True)

    def status(self) -> None:
        """A call's status, or a stream's. Where a stream with the assistant ends, `/voice/after`
        acts; a fork that ends before its call is begun anew."""
        call_sid = request.form.get("CallSid", "")
        stream_event = request.form.get("StreamEvent")
        if stream_event is not None:
            failed = "StreamError" in request.form
            if "fork" in request.args and stream_event in _STREAM_OVER:
                stream_sid = request.form.get("StreamSid", "")
                self._records.fork_ended(call_sid, stream_sid, failed, self._now())
            log.info("stream_status", call_sid=call_sid, stream=stream_event, failed=failed)
            return
        call_status = request.form.get("CallStatus", "")
        log.info("call_status", call_sid=call_sid, status=call_status)
        by = request.form.get("AnsweredBy")
        self._records.call_status(call_sid, call_status, self._now(), _ring(), by)

    def sms_status(self) -> None:
        """A text message's status; words that Twilio may add later are only logged."""
        message_sid = request.form.get("MessageSid", "")
        try:
            status = Delivery(request.form.get("MessageStatus", ""))
        except ValueError:
            log.warning("sms_status_unknown", message_sid=message_sid)
            return
        error_code = request.form.get("ErrorCode")
        given = request.args.get("cause", "")
        cause = int(given) if _ROW.fullmatch(given) else None
        self._records.sms_status(message_sid, status.value, error_code, self._now(), cause)

    def _transfer(self, state: CallState) -> str:
        number = self._office().number(state.transfer_to)
        if not number:
            return self._give_up(twiml.NOBODY_FREE, "No number is set for transfers.", state)
        call_sid = request.form.get("CallSid", "")
        owner = self._records.owner(call_sid, self._now()) if state.transfer_to == "clerk" else ""
        first = owner not in ("", number)
        token = self._tokens.issue(ticket(call_sid), self._now())
        return twiml.dial(
            self._settings.base_url, owner if first else number, _own_number(), token, owner=first
        )

    def _give_up(
        self,
        words: Mapping[Lang, str],
        reason: str,
        state: CallState | None,
        *,
        number: str | None = None,
        by_assistant: bool = False,
        forked: bool = False,
    ) -> str:
        call_sid = request.form.get("CallSid", "")
        log.error("call_given_up", call_sid=call_sid)
        lang = state.lang if state is not None else self._settings.default_lang
        self._records.call_back(
            call_sid,
            caller=_customer(),
            called=_own_number(),
            reason=reason,
            at=self._now(),
            number=number,
            by_assistant=by_assistant,
        )
        return twiml.say_and_hang_up(words[lang], lang, forked=forked)


def _number(name: str) -> str | None:
    """A telephone number of the form in E.164, None when withheld."""
    value = request.form.get(name, "")
    return value if _E164.fullmatch(value) else None


def _outbound() -> bool:
    """Whether we placed the call that this request is about."""
    return request.form.get("Direction", "").startswith("outbound")


def _customer() -> str | None:
    """The customer's number, whoever called whom; None when withheld."""
    return _number("To" if _outbound() else "From")


def _own_number() -> str | None:
    """Our own number, whoever called whom."""
    return _number("From" if _outbound() else "To")


def _ring() -> str:
    """The ring that this request's address names; empty where it names none."""
    given = request.args.get("cause", "")
    return given if _RING.fullmatch(given) else ""


def _count(text: str, most: int = MOST_STREAMS) -> int:
    """The attempt in a redirect's address; a nonsensical one ends the attempts."""
    return int(text) if _ATTEMPT.fullmatch(text) else most


def _xml(document: str) -> Response:
    return Response(document, content_type=webhooks.XML)
