"""What webhooks of the telephone company share: whether the present request is signed by it."""

from __future__ import annotations

import structlog
from flask import Response, request

from api.twilio_signature import SIGNATURE_HEADER, SignatureCheck

log = structlog.get_logger(__name__)

XML = "text/xml; charset=utf-8"


def refused(signature: SignatureCheck) -> Response | None:
    """403 and nothing else for a request without the signature; None for one that has it."""
    hosts = [request.host, request.headers.get("X-Forwarded-Host", "")]
    query = request.query_string.decode("latin-1")
    target = f"{request.path}?{query}" if query else request.path
    given = request.headers.get(SIGNATURE_HEADER, "")
    if signature.http(target, hosts, request.form, given):
        return None
    log.warning("webhook_refused", path=request.path)
    return Response(status=403)
