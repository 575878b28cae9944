"""Calls that a person has by telephone: Twilio forks the sound, and we record it and write it down.

The TwiML that rings the person begins the fork; see `api.twiml.dial`. The caller's call is Twilio's
meanwhile: whatever fails here, the two go on talking.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from functools import partial
from typing import Any

import structlog

from api.desk import Desk
from api.fork_ticket import ticket
from api.media import MediaApp, ServedLeg
from models.call import Call, Turn
from models.desk import beside
from models.errors import ExternalError, NotFound
from models.store import Store
from nlp.meaning import Expectation
from voice.bystander import Bystander, Pen
from voice.guarded_recording import GuardedRecorder
from voice.legs.fork import ForkLeg
from voice.legs.pace import AsgiReceive, AsgiSend
from voice.legs.twilio_codec import StreamStart, Track
from voice.overhearing import Switchboard
from voice.ports import Audio, LegEnded, Records
from voice.recording import Recorder
from voice.session import Engines

log = structlog.get_logger(__name__)

PATH = "/voice/fork"


class ForkApp(MediaApp):
    """The ASGI application behind `/voice/fork`. It takes no place from callers.

    Args:
        hear: follows a fork to its end.
        rest: as for `MediaApp`.
    """

    def __init__(self, hear: Callable[[ForkLeg], Coroutine[Any, Any, None]], **rest: Any) -> None:
        super().__init__(_nobody_talks, **rest)
        self._hear = hear

    def _answered(
        self, start: StreamStart, receive: AsgiReceive, send: AsgiSend
    ) -> tuple[ServedLeg, Coroutine[Any, Any, None]]:
        leg = ForkLeg(start, receive, send)
        return leg, self._hear(leg)

    def _ticket(self, call_sid: str) -> str:
        return ticket(call_sid)


async def _nobody_talks(_leg: object, _start: StreamStart) -> None:
    """A fork has one direction."""


async def hear_fork(desk: Desk, engines: Engines, switchboard: Switchboard, leg: ForkLeg) -> None:
    """Records a fork and writes it down, until it ends. A call that never was is not heard."""
    now, sid = desk.now(), leg.call_sid
    try:
        call, from_ms = await asyncio.to_thread(_begun, desk, sid)
    except NotFound:
        log.warning("fork_of_no_call", call_sid=sid)
        return
    path = desk.vault.new(sid, now, from_ms)
    recorder: Records = GuardedRecorder(lambda: Recorder(path), partial(engines.on_fault, "record"))
    pen = Pen(
        recognizer=engines.recognizer,
        pool=engines.hearing_pool,
        expectation=Expectation(lang=call.lang, now=now),
        from_ms=from_ms,
        put=partial(_put, desk.store, sid),
        failed=partial(engines.on_fault, "recognise"),
    )
    try:
        await Bystander(pen, switchboard.open(sid, recorder)).run(_followed(desk, leg))
    finally:
        await asyncio.to_thread(desk.keep_recording, path)


async def _followed(desk: Desk, leg: ForkLeg) -> AsyncIterator[tuple[Track, Audio] | LegEnded]:
    """What the line brings. Where it broke, the two may talk on: the call has not ended."""
    async for event in leg.events():
        if isinstance(event, LegEnded) and event.clean:
            await asyncio.to_thread(_ended, desk, leg.call_sid)
        yield event


def _begun(desk: Desk, sid: str) -> tuple[Call, int]:
    with desk.store.unit() as uow:
        from_ms = beside.person_talks(uow, sid, desk.now())
        call = uow.calls.get(sid)
        uow.commit()
    if call is None:
        raise NotFound("There is no such call.")
    return call, from_ms


def _put(store: Store, sid: str, turn: Turn) -> None:
    with store.unit() as uow:
        beside.add_turn(uow, sid, turn)
        uow.commit()


def _ended(desk: Desk, sid: str) -> None:
    """Without it the telephone company's own report ends the call."""
    try:
        with desk.store.unit() as uow:
            beside.person_left(uow, sid, desk.now())
            uow.commit()
    except ExternalError as error:
        log.error("end_not_noted", call_sid=sid, error=type(error).__name__)
