"""The composition root: the application of one process, put together."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import structlog

from api import approve, console, rest, sign, telephony
from api.app import Checks, create_app
from api.asgi import Application
from api.capacity import has_room
from api.config import Settings
from api.console.cookies import sessions, user_of_cookie
from api.console.listen_line import ListenLine
from api.console.phone_line import PhoneLine
from api.console.stream import LiveStream, live_pulse, may_watch
from api.desk import Desk, Part, open_desk
from api.engines import OnTiming, make_customer, make_engines, most_calls, nobody, voice_for_drafts
from api.figures import StoreFigures
from api.fork import ForkApp, hear_fork
from api.intake import fax_webhook, webhook
from api.jobs.house import worker_seen
from api.media import MediaApp
from api.office import office_now, own_office
from api.owed import OwedRecords
from api.records import DeskRecords
from api.side_work import make_owed, side_work, tended
from api.sign import verification
from api.signed import typesetting
from api.signed.seal import open_seal
from api.stream_token import StoredUsedTokens, StreamTokens
from api.strongbox import Strongbox, reseal
from api.training import TrainingRoom
from api.twilio_signature import SignatureCheck
from api.wordings import (
    dialogue_settings,
    prompts_in_force,
    settings_in_force,
    sounds_folder,
    sounds_in_force,
)
from models.call import TRAINING_PREFIX, Call, Lang
from models.errors import ExternalError
from models.office import Office
from models.staff import User
from nlp.dialogue.policy import Dialogue
from nlp.dialogue.prompts import Prompts
from nlp.dialogue.settings import DialogueSettings
from nlp.verbalize import clauses, verbalize
from voice.catalog import Catalog
from voice.effects import Effects
from voice.guarded_recording import GuardedRecorder
from voice.overhearing import Switchboard
from voice.ports import CallLeg, Records, Synthesizer
from voice.recorded import Recorded, Recordings, nothing_recorded
from voice.recording import Recorder
from voice.session import CallSession, Engines

log = structlog.get_logger(__name__)
#: Below this a call's recording may not find room.
_LEAST_FREE = 500_000_000


def build(settings: Settings, part: Part = "all", *, told: OnTiming = nobody) -> Application:
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
    forks = None
    if engines is not None:
        forks = ForkApp(
            partial(hear_fork, desk, engines, calls),
            tokens=tokens,
            signature=signature,
            metrics=desk.metrics,
            now=desk.now,
            most=most_calls(settings),
        )
    voice = engines.synthesizer if engines is not None else voice_for_drafts(settings)
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
            webhook.blueprint(desk.store, settings, desk.now),
            fax_webhook.blueprint(settings, records=owed, signature=signature, now=desk.now),
            sign.blueprint(desk.store, settings),
            approve.blueprint(desk.store, settings),
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
        forks=forks,
        web=health,
        phone=phone,
        listen=listen,
        stream=stream,
        lifespan=partial(_alive, desk, engines, part, media, owed),
    )


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
        assistant_after=settings.assistant_after,
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
        await asyncio.to_thread(desk.keep_recording, path)


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
        asyncio.create_task(tended(desk, name, begin))
        for name, begin in side_work(desk, engines, part, media, owed)
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
