"""The socket behind the telephone in the browser: lets people of the desk in and serves them.

Like the live stream it stands beside Flask, in the process that talks on the telephone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any

import structlog

from api.console.visitor import visitor
from api.media import MediaApp
from api.stream_token import StreamTokens
from models.errors import ExternalError
from models.staff import User
from voice.legs.pace import AsgiReceive, AsgiSend
from voice.legs.softphone import SoftphoneLeg, read_start
from voice.legs.softphone_codec import Start
from voice.ports import CallLeg

log = structlog.get_logger(__name__)

PATH = "/console/phone/line"
#: Browsers on the telephone at a time, in one process: callers come first.
MOST_CALLS = 4
_START_PATIENCE_S = 10.0
#: Close codes of our own; `phone.js` knows the words for them.
_NO_START, _NO_TOKEN, _BUSY = 4400, 4403, 4503


def ticket(call_sid: str, caller: str | None, user_id: int, *, drafts: bool = False) -> str:
    """What a token is sealed for: this call, from this number, by this person.

    Args:
        drafts: whether the assistant says wordings that were not published yet.
    """
    kind = "drafts" if drafts else "softphone"
    return f"{kind} {call_sid} {caller or '-'} {user_id}"


class PhoneLine:
    """The ASGI application of the socket.

    Args:
        talk: the conversation with whoever is on a leg, and whether it says drafts of wordings.
        media: counts calls, and knows when the server takes no more of them.
        enter: whose session a `Cookie` header carries.
        ended: told the SID of every call that is over, however it ended.
    """

    def __init__(
        self,
        talk: Callable[[CallLeg, bool], Coroutine[Any, Any, None]],
        *,
        media: MediaApp,
        tokens: StreamTokens,
        enter: Callable[[str], User | None],
        ended: Callable[[str], None],
        now: Callable[[], datetime],
    ) -> None:
        self._talk = talk
        self._media = media
        self._tokens = tokens
        self._enter = enter
        self._ended = ended
        self._now = now
        self._live = 0

    async def __call__(
        self, scope: Mapping[str, Any], receive: AsgiReceive, send: AsgiSend
    ) -> None:
        """Serves one websocket."""
        await receive()  # websocket.connect
        user = await visitor(scope, self._enter)
        if user is None:
            await self._media.refuse(send, code=1008)
            return
        await send({"type": "websocket.accept"})
        if self._media.draining or self._live >= MOST_CALLS:
            await self._media.refuse(send, code=_BUSY)
            return
        self._live += 1
        try:
            await self._admit(user, receive, send)
        finally:
            self._live -= 1

    async def _admit(self, user: User, receive: AsgiReceive, send: AsgiSend) -> None:
        start = await _patiently(receive)
        if start is None:
            await self._media.refuse(send, code=_NO_START)
            return
        drafts = await asyncio.to_thread(self._redeemed, user, start, drafts=True)
        if not drafts and not await asyncio.to_thread(self._redeemed, user, start, drafts=False):
            await self._media.refuse(send, code=_NO_TOKEN)
            return
        leg = SoftphoneLeg(start, receive, send)
        try:
            await self._media.serve(leg, self._converse(leg, drafts))
        finally:
            await self._note_end(start.call_sid)

    def _redeemed(self, user: User, start: Start, *, drafts: bool) -> bool:
        """Whether the token is for this kind of call; one for the other kind is not used up."""
        sealed = ticket(start.call_sid, start.caller, user.id, drafts=drafts)
        return self._tokens.redeem(start.token, sealed, self._now())

    async def _converse(self, leg: SoftphoneLeg, drafts: bool) -> None:
        await leg.begin()
        await self._talk(leg, drafts)

    async def _note_end(self, call_sid: str) -> None:
        try:
            await asyncio.to_thread(self._ended, call_sid)
        except ExternalError as error:
            log.error("end_not_noted", call_sid=call_sid, error=type(error).__name__)


async def _patiently(receive: AsgiReceive) -> Start | None:
    try:
        async with asyncio.timeout(_START_PATIENCE_S):
            return await read_start(receive)
    except TimeoutError:
        return None
