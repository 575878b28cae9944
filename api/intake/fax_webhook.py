"""Faxes from a service that speaks like Twilio's: `POST /fax/incoming` and `/fax/received`.

Sources: Twilio's documentation, "TwiML Fax: <Receive>" (FaxSid, From, To, FaxStatus, NumPages,
MediaUrl in the action's callback) and "Security - Validating requests". Twilio itself has ended
faxes; SignalWire's Compatibility API and others speak the same words. Some send `Status` for
`FaxStatus`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Protocol

import structlog
from flask import Blueprint, Response, request
from twilio.twiml.fax_response import FaxResponse

from api import webhooks
from api.config import Settings
from api.intake.fax_media import is_allowed
from api.twilio_signature import SignatureCheck
from models.errors import ExternalError

log = structlog.get_logger(__name__)

_NAME = re.compile(r"[A-Za-z0-9-]{8,80}")
#: Ends of a fax that never came whole.
_FAILED = frozenset({"failed", "no-answer", "busy", "canceled"})


class FaxRecords(Protocol):
    """What the webhooks need of the store. A report may come again."""

    def fax_came(self, fax_sid: str, number: str, media_url: str | None, at: datetime) -> None:
        """A fax came, and its pages are at an address; without one, it broke off."""


def blueprint(
    settings: Settings,
    *,
    records: FaxRecords,
    signature: SignatureCheck,
    now: Callable[[], datetime],
) -> Blueprint:
    """The webhooks. A request without the service's signature gets 403 and nothing else."""
    routes = Blueprint("fax", __name__)
    routes.before_request(lambda: webhooks.refused(signature))

    @routes.errorhandler(ExternalError)
    def store_failed(error: ExternalError) -> Response:
        log.error("webhook_failed", path=request.path, error=type(error).__name__)
        return Response(status=HTTPStatus.SERVICE_UNAVAILABLE)

    @routes.post("/fax/incoming")
    def incoming() -> Response:
        answer = FaxResponse()
        # TIFF is what fax machines send: nothing is drawn anew on the way.
        answer.receive(action=f"{settings.base_url}/fax/received", media_type="image/tiff")
        return Response(str(answer), content_type=webhooks.XML)

    @routes.post("/fax/received")
    def received() -> Response:
        sid, number = request.form.get("FaxSid", ""), request.form.get("From", "")
        status = request.form.get("FaxStatus") or request.form.get("Status", "")
        media_url = request.form.get("MediaUrl", "")
        log.info("fax_status", fax_sid=sid, status=status)
        if not _NAME.fullmatch(sid):
            return Response(status=HTTPStatus.BAD_REQUEST)
        if status == "received" and media_url:
            if not is_allowed(settings, media_url):
                log.error("fax_media_refused", fax_sid=sid, hint="check INTAKE_FAX_MEDIA_HOSTS")
            records.fax_came(sid, number, media_url, now())
        elif status in _FAILED:
            records.fax_came(sid, number, None, now())
        return Response(str(FaxResponse()), content_type=webhooks.XML)

    return routes
