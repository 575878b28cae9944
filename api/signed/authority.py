"""A time-stamping authority, asked over HTTP (RFC 3161, section 3.4)."""

from __future__ import annotations

from typing import Any

import httpx
from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

#: An authority that does not answer is asked again later.
_PATIENCE_S = 10.0
_ASKS, _ANSWERS = "application/timestamp-query", "application/timestamp-reply"


class Authority(TimeStamper):
    """An authority by its URL.

    Raises:
        TimestampRequestError: it cannot be reached, or its answer is none.
    """

    def __init__(self, url: str) -> None:
        begin: Any = super().__init__  # carries no types
        begin()
        self._url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The authority's answer to one request."""
        headers = {"Content-Type": _ASKS, "Accept": _ANSWERS}
        try:
            async with httpx.AsyncClient(timeout=_PATIENCE_S) as client:
                answer = await client.post(self._url, content=req.dump(), headers=headers)
            answer.raise_for_status()
            found = tsp.TimeStampResp.load(answer.content, strict=True)
            found.native  # noqa: B018  # parses all of it now
        except (httpx.HTTPError, ValueError) as error:
            raise TimestampRequestError("The authority gave no time stamp.") from error
        return found
