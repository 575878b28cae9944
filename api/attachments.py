"""Files handed out to be saved: nothing of them runs in the browser."""

from __future__ import annotations

from io import BytesIO

from flask import Response, send_file


def attachment(content: bytes, *, name: str, media_type: str) -> Response:
    """The answer with a file; its name may be in any script (RFC 6266)."""
    answer = send_file(
        BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name, max_age=0
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
