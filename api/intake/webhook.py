"""Mails from services that receive for the desk: `POST /mail/incoming`, signed.

Two forms are taken: the whole mail as the body (`message/rfc822`) with `X-Intake-Timestamp` and
`X-Intake-Signature`, HMAC-SHA256 over timestamp, full stop and body; and Mailgun's form with
`body-mime` (its documentation, "Receiving messages" and "Securing webhooks": HMAC-SHA256 over
timestamp and token). The hex digest is by `INTAKE_MAIL_KEY`. A mail that comes twice is kept once.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from flask import Blueprint, Response, request

from api.config import Settings
from api.intake import limits
from api.intake.received import keep, received
from models.store import Store

#: A signature older than this is somebody's copy.
_FRESH_S = 900
_DIGITS = re.compile(r"\d{1,12}")
#: The form's own fields beside the mail.
_FORM_BYTES = 100_000


def blueprint(store: Store, settings: Settings, now: Callable[[], datetime]) -> Blueprint:
    """`/mail/incoming`; without a key there is no such page."""
    routes = Blueprint("mail", __name__)
    key = settings.mail_key.get_secret_value().encode()

    @routes.post("/mail/incoming")
    def incoming() -> Response:
        request.max_content_length = limits.MOST_MAIL_BYTES + _FORM_BYTES
        request.max_form_memory_size = limits.MOST_MAIL_BYTES + _FORM_BYTES
        at = now()
        raw = _signed_mail(key, at) if key else None
        if raw is None:
            return Response("Not signed.\n", HTTPStatus.FORBIDDEN, mimetype="text/plain")
        mail = received(raw, settings.mail_authserv)
        with store.unit() as uow:
            kept = keep(uow, mail, at, settings)
            uow.commit()
        said = "Kept.\n" if kept else "Known.\n"
        return Response(said, HTTPStatus.OK, mimetype="text/plain")

    return routes


def _signed_mail(key: bytes, at: datetime) -> bytes | None:
    """The mail of the request, if its signature is right and fresh."""
    if request.mimetype == "message/rfc822":
        timestamp = request.headers.get("X-Intake-Timestamp", "")
        signature = request.headers.get("X-Intake-Signature", "")
        raw = request.get_data()
        signed = timestamp.encode() + b"." + raw
    else:
        timestamp = request.form.get("timestamp", "")
        signature = request.form.get("signature", "")
        raw = request.form.get("body-mime", "").encode("utf-8", "surrogateescape")
        signed = (timestamp + request.form.get("token", "")).encode()
    if not _DIGITS.fullmatch(timestamp) or not raw:
        return None
    if abs(at.timestamp() - int(timestamp)) > _FRESH_S:
        return None
    right = hmac.new(key, signed, "sha256").hexdigest().encode()
    return raw if hmac.compare_digest(right, signature.encode("utf-8", "replace")) else None
