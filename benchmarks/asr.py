"""How well and how fast the recognisers hear telephone speech."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import soundfile

from api.config import Settings
from benchmarks import callers, scoring
from models.call import Lang
from nlp.meaning import Expectation
from voice.audio import mulaw_to_pcm, pcm_to_mulaw, to_line
from voice.catalog import Catalog
from voice.ports import Recognizer
from voice.recognizers.vosk import VoskRecognizer
from voice.recognizers.whisper import WhisperOptions, WhisperRecognizer

_VOSK: Mapping[Lang, str] = {"zh": "vosk-small-cn-0.22", "en": "vosk-small-en-us-0.15"}


def run(seed: int, data: str = "", count: int = 90) -> dict[str, object]:
    """Error rates and latency of every engine whose model is here.

    Args:
        data: a folder of recordings with an `index.tsv` (path, language, transcript); without
            it, `count` synthetic callers speak.
    """
    settings = Settings()
    catalog = Catalog(settings.home_dir)
    spoken = list(_recordings(Path(data)) if data else _callers(seed, count, settings, catalog))
    engines = dict(_engines(catalog))
    return {
        "seed": seed,
        "data": data or "synthetic callers",
        "utterances": len(spoken),
        "engines": {name: _measure(engine, spoken) for name, engine in engines.items()},
    }


@dataclass(frozen=True, slots=True)
class _Spoken:
    group: str
    text: str
    pcm: bytes
    expectation: Expectation


@dataclass(slots=True)
class _Tally:
    """Counts of one group of utterances."""

    utterances: int = 0
    exact: int = 0
    said: int = 0
    errors: int = 0
    best_errors: int = 0
    sound_errors: int = 0
    other_language: int = 0
    seconds: list[float] = field(default_factory=list)

    def figures(self, lang: Lang) -> dict[str, object]:
        sound = {"pinyin_error": scoring.rate(self.sound_errors, self.said)} if lang == "zh" else {}
        return {
            "utterances": self.utterances,
            "exact": self.exact,
            "error": scoring.rate(self.errors, self.said),
            "error_of_best_hypothesis": scoring.rate(self.best_errors, self.said),
            **sound,
            "other_language_heard": self.other_language,
            "latency_ms": scoring.spread(self.seconds),
        }


def _measure(engine: Recognizer, spoken: list[_Spoken]) -> dict[str, object]:
    engine.warm_up()
    tallies: dict[str, tuple[Lang, _Tally]] = {}
    for utterance in spoken:
        lang = utterance.expectation.lang
        tally = tallies.setdefault(utterance.group, (lang, _Tally()))[1]
        _count(engine, utterance, tally)
    return {group: tally.figures(lang) for group, (lang, tally) in tallies.items()}


def _count(engine: Recognizer, spoken: _Spoken, tally: _Tally) -> None:
    lang = spoken.expectation.lang
    stream = engine.open(spoken.expectation)
    stream.feed(spoken.pcm)
    started = time.perf_counter()
    hypotheses = stream.finish()
    tally.seconds.append(time.perf_counter() - started)
    said = scoring.units(spoken.text, lang)
    heard = [scoring.units(h.text, lang) for h in hypotheses] or [[]]
    errors = [scoring.edits(reading, said) for reading in heard]
    tally.utterances += 1
    tally.exact += errors[0] == 0
    tally.said += len(said)
    tally.errors += errors[0]
    tally.best_errors += min(errors)
    if lang == "zh":
        best = hypotheses[0].text if hypotheses else ""
        tally.sound_errors += scoring.edits(scoring.sounds(best), scoring.sounds(spoken.text))
    tally.other_language += any(h.lang not in (None, lang) for h in hypotheses[:1])


def _engines(catalog: Catalog) -> Iterator[tuple[str, Recognizer]]:
    whisper = catalog.path("whisper-base")
    yield "whisper-base", WhisperRecognizer(whisper)
    yield "whisper-base without hints", WhisperRecognizer(whisper, WhisperOptions(hints=False))
    if all(catalog.state(name) == "ready" for name in _VOSK.values()):
        yield "vosk", VoskRecognizer({lang: catalog.path(name) for lang, name in _VOSK.items()})


def _callers(seed: int, count: int, settings: Settings, catalog: Catalog) -> Iterator[_Spoken]:
    voice = catalog.path("kokoro-82m-int8")
    cache = settings.home_dir / "benchmark"
    for said in callers.utterances(seed, count, voice, cache):
        yield _Spoken(said.lang, said.text, said.pcm, said.expectation)


def _recordings(folder: Path) -> Iterator[_Spoken]:
    with (folder / "index.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            samples, hz = soundfile.read(folder / row["path"], dtype="float32", always_2d=True)
            pcm = mulaw_to_pcm(pcm_to_mulaw(to_line(samples.mean(axis=1), hz)))
            lang: Lang = "en" if row["language"].startswith("en") else "zh"
            now = datetime(2026, 11, 24, 10, 0)
            yield _Spoken(row["language"], row["transcript"], pcm, Expectation(lang=lang, now=now))
