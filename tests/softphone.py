"""The desk with its telephone in the browser: real sessions, engines that the test chooses."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import numpy as np

from api import bootstrap
from api.asgi import Application
from api.console.cookies import user_of_cookie
from api.console.listen_line import ListenLine
from api.console.phone_line import PhoneLine
from api.console.stream import LiveStream, live_pulse, may_watch
from api.desk import Desk as Shared
from api.media import MediaApp
from api.metrics import Metrics
from api.records import DeskRecords
from api.serve import make_server
from api.training import TrainingRoom
from api.twilio_signature import SignatureCheck
from models.call import TRAINING_PREFIX, Lang
from nlp.dialogue.actions import Say
from nlp.dialogue.prompts import Prompts
from nlp.understand import Understander
from tests.console import Desk
from tests.fakes import FakeRecognizer
from voice.audio import to_pcm
from voice.overhearing import Switchboard
from voice.ports import Recognizer, Synthesizer
from voice.ranked import RankedPool
from voice.session import Engines


class ToneVoice:
    """Speaks every clause as a tone, half a second long where nothing else is said."""

    name = "tone"

    def __init__(self, seconds: float = 0.5) -> None:
        self._seconds = seconds

    def voice(self, lang: Lang) -> str:
        return f"tone-{lang}"

    def warm_up(self) -> None:
        """Nothing to load."""

    def has(self, clause: str, *, lang: Lang, rate: float = 1.0) -> bool:
        return False

    def speak(self, clause: str, *, lang: Lang, rate: float = 1.0) -> bytes:
        at = np.arange(int(self._seconds * 8000)) / 8000
        return to_pcm((np.sin(2 * np.pi * 440 * at) * 0.3).astype(np.float32))


def engines(recognizer: Recognizer | None = None, voice: Synthesizer | None = None) -> Engines:
    """Engines for quick calls, but for those given."""
    return Engines(
        recognizer=recognizer or FakeRecognizer("十六件耳机，走空运。"),
        synthesizer=voice or ToneVoice(),
        understander=Understander(),
        hearing_pool=RankedPool(ThreadPoolExecutor(2)),
        thinking_pool=ThreadPoolExecutor(2),
        speaking_pool=ThreadPoolExecutor(2),
        making_pool=RankedPool(ThreadPoolExecutor(2)),
        bridge=lambda say_id, lang: Say(id=say_id, text="请稍等。", prompt="bridge@1", lang=lang),
        on_timing=lambda _sid, _timing: None,
        wall=lambda: Desk.now,
    )


def _tones(_voice: str, _lang: Lang) -> Synthesizer:
    return ToneVoice()


def application(
    desk: Desk, heard: Engines, customer: Callable[[str, Lang], Synthesizer] = _tones
) -> Application:
    """Pages, live events and the telephone's socket on one port.

    `customer` makes the voices of simulated customers.
    """
    web, context, metrics, calls = desk.app(), desk.context, Metrics(), Switchboard()
    talk = partial(
        bootstrap.serve_call,
        Shared(desk.settings, desk.store, metrics, desk.vault),
        heard,
        Prompts.load(),
        switchboard=calls,
    )
    media = MediaApp(
        lambda leg, _start: talk(leg),
        tokens=desk.tokens,
        signature=SignatureCheck("any", "http://127.0.0.1"),
        metrics=metrics,
        now=lambda: desk.now,
    )
    records = DeskRecords(desk.store)
    room = TrainingRoom(desk.store, desk.vault, lambda: desk.now, customer)
    phone = PhoneLine(
        lambda leg, drafts: (
            room.serve(leg, heard)
            if leg.call_sid.startswith(TRAINING_PREFIX)
            else talk(leg, drafts=drafts)
        ),
        media=media,
        tokens=desk.tokens,
        enter=partial(user_of_cookie, web, context),
        ended=lambda sid: records.call_status(sid, "completed", desk.now),
        now=lambda: desk.now,
    )
    stream = LiveStream(
        enter=partial(may_watch, web, context),
        pulse=partial(live_pulse, desk.store, lambda: desk.now),
    )
    listen = ListenLine(
        calls,
        tokens=desk.tokens,
        enter=partial(user_of_cookie, web, context),
        noted=partial(
            bootstrap.note_listener, Shared(desk.settings, desk.store, metrics, desk.vault)
        ),
        now=lambda: desk.now,
    )
    return Application(media=media, web=web, phone=phone, listen=listen, stream=stream)


@contextmanager
def served(app: Application) -> Iterator[str]:
    """The address of an application while it is served by a thread of its own."""
    server = make_server(app, host="127.0.0.1", port=0, drain_s=1)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
