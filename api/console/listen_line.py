"""The socket on which a person of the desk listens to a call in progress.

It stands in the process that talks on the telephone, since the sound is there and nowhere else.
The browser sends one message, `{"call": SID, "token": TOKEN}`, and gets frames of 20 ms as the
telephone in the browser does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import orjson
import structlog

from api.console.visitor import visitor
from api.stream_token import StreamTokens
from models.errors import IntakeError
from models.staff import Permission, User
from voice.legs.line_socket import raw
from voice.legs.pace import AsgiReceive, AsgiSend
from voice.overhearing import Overheard, Switchboard
from voice.ports import FRAME_BYTES

log = structlog.get_logger(__name__)

PATH = "/console/phone/listen"
#: Browsers that listen at a time, in one process: callers come first.
MOST_LISTENERS = 8
_PATIENCE_S = 10.0
#: Silence that is sent ahead, so that the network's jitter is not heard: 100 ms.
_LEAD = 5
#: Close codes of our own; `listen.js` knows the words for them.
_NO_START, _NO_TOKEN, _NOT_HERE, _BUSY, _NOT_NOTED = 4400, 4403, 4404, 4503, 4500


def ticket(call_sid: str, user_id: int) -> str:
    """What a token is sealed for: this call, heard by this person."""
    return f"listen {call_sid} {user_id}"


class ListenLine:
    """The ASGI application of the socket.

    Args:
        enter: whose session a `Cookie` header carries.
        noted: writes in the audit log that somebody listens to a call, before anything is heard.
    """

    def __init__(
        self,
        calls: Switchboard,
        *,
        tokens: StreamTokens,
        enter: Callable[[str], User | None],
        noted: Callable[[User, str], None],
        now: Callable[[], datetime],
    ) -> None:
        self._calls = calls
        self._tokens = tokens
        self._enter = enter
        self._noted = noted
        self._now = now
        self._live = 0

    async def __call__(
        self, scope: Mapping[str, Any], receive: AsgiReceive, send: AsgiSend
    ) -> None:
        """Serves one websocket."""
        await receive()  # websocket.connect
        user = await visitor(scope, self._enter)
        if user is None or not user.may(Permission.HANDLE):
            await _close(send, 1008)
            return
        await send({"type": "websocket.accept"})
        if self._live >= MOST_LISTENERS:
            await _close(send, _BUSY)
            return
        self._live += 1
        try:
            await _close(send, await self._serve(user, receive, send))
        finally:
            self._live -= 1

    async def _serve(self, user: User, receive: AsgiReceive, send: AsgiSend) -> int:
        """Has the person listen until either side ends; the code to close with."""
        sid, token = await _asked(receive)
        if not sid:
            return _NO_START
        # The database takes its time; the telephone's frames must not wait for it.
        sealed = ticket(sid, user.id)
        if not await asyncio.to_thread(self._tokens.redeem, token, sealed, self._now()):
            return _NO_TOKEN
        call = self._calls.find(sid)
        if call is None:
            return _NOT_HERE
        try:
            await asyncio.to_thread(self._noted, user, sid)
        except IntakeError as error:
            log.error("listening_not_noted", call_sid=sid, error=type(error).__name__)
            return _NOT_NOTED
        gone = asyncio.create_task(_left(receive))
        hearing = asyncio.create_task(_hear(call, send))
        await asyncio.wait({gone, hearing}, return_when=asyncio.FIRST_COMPLETED)
        for task in (gone, hearing):
            task.cancel()
        await asyncio.gather(gone, hearing, return_exceptions=True)
        return 1000


async def _hear(call: Overheard, send: AsgiSend) -> None:
    with call.listening() as frames:
        for _ in range(_LEAD):
            await send({"type": "websocket.send", "bytes": bytes(FRAME_BYTES)})
        while (frame := await frames.get()) is not None:
            await send({"type": "websocket.send", "bytes": frame})


async def _asked(receive: AsgiReceive) -> tuple[str, str]:
    """Call and token of the first message; empty texts for anything else."""
    try:
        async with asyncio.timeout(_PATIENCE_S):
            event = await receive()
        message = orjson.loads(raw(event)) if event["type"] == "websocket.receive" else None
    except (TimeoutError, orjson.JSONDecodeError):
        return "", ""
    if not isinstance(message, dict):
        return "", ""
    return str(message.get("call", "")), str(message.get("token", ""))


async def _left(receive: AsgiReceive) -> None:
    while (await receive())["type"] != "websocket.disconnect":
        pass


async def _close(send: AsgiSend, code: int) -> None:
    try:
        await send({"type": "websocket.close", "code": code})
    except OSError:
        log.info("listener_gone", code=code)
