"""How fast the voices speak, and how well their speech is understood on the telephone."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from api.config import Settings
from benchmarks import scoring
from models.call import Lang
from nlp.meaning import Expectation
from nlp.verbalize import clauses, verbalize
from voice.audio import duration_ms, mulaw_to_pcm, pcm_to_mulaw, to_float
from voice.catalog import Catalog
from voice.ports import Recognizer, Synthesizer
from voice.recognizers.whisper import WhisperRecognizer
from voice.synthesizers.neural import NeuralSynthesizer
from voice.synthesizers.pyttsx3 import Pyttsx3Synthesizer

_LANGS: Sequence[Lang] = ("zh", "en")
#: What the assistant says: a question, a readback, and sentences that carry numbers.
_SHORT: Mapping[Lang, str] = {"zh": "请问一共多少件？", "en": "How many pieces are there?"}
_LONG: Mapping[Lang, str] = {
    "zh": "从上海市浦东新区张江路88号发货，发到北京市朝阳区建国路93号，货物是服装，一共16件，"
    "总重320公斤，明天下午两点到四点提货，运费月结。",
    "en": "From 88 Zhangjiang Road, Pudong, Shanghai, to 93 Jianguo Road, Chaoyang, Beijing, "
    "the goods are clothes, 16 pieces, total weight 320 kg, freight on monthly account.",
}
_NUMBERS: Mapping[Lang, Sequence[str]] = {
    "zh": (
        "收货人电话是13911112222。",
        "总重320公斤。",
        "一共16件。",
        "体积是2.5立方米。",
        "订单号是20261124007。",
    ),
    "en": (
        "The receiver's number is 13911112222.",
        "The total weight is 320 kg.",
        "There are 16 pieces in total.",
        "The volume is 2.5 cubic metres.",
        "Your order number is 20261124007.",
    ),
}
_FULL_SCALE = 32_000 / 32_768
_NOW = datetime(2026, 11, 24, 10, 0)


def run(seed: int, repeat: int = 3) -> dict[str, object]:
    """Figures of every voice and language.

    Args:
        seed: without effect: the sentences are fixed.
        repeat: how often each sentence is spoken; the fastest counts, so that what else the
            machine does shows least.

    Returns:
        For each voice and language: `first_chunk_ms` (the first clause), `whole_ms`,
        `audio_ms` and `real_time_factor` of a short and a long sentence; `line`: peak and RMS
        in dB of full scale, `clipped` share of samples; `error` (characters or words, as the
        recogniser hears it over mu-law) and `numbers_right` of `numbers`.
    """
    catalog = Catalog(Settings().home_dir)
    ear = WhisperRecognizer(catalog.path("whisper-base"))
    ear.warm_up()
    voices: dict[str, Synthesizer] = {
        "kokoro-82m-int8": NeuralSynthesizer(catalog.path("kokoro-82m-int8")),
        "pyttsx3": Pyttsx3Synthesizer(),
    }
    return {
        "seed": seed,
        "repeat": repeat,
        "voices": {
            name: {lang: _figures(voice, ear, lang, repeat) for lang in _LANGS}
            for name, voice in voices.items()
        },
    }


@dataclass(slots=True)
class _Spoken:
    """One sentence, clause by clause."""

    first_s: float = float("inf")
    whole_s: float = float("inf")
    pcm: bytes = b""

    def figures(self) -> dict[str, float]:
        audio_ms = duration_ms(self.pcm)
        return {
            "first_chunk_ms": round(1000 * self.first_s),
            "whole_ms": round(1000 * self.whole_s),
            "audio_ms": audio_ms,
            "real_time_factor": round(1000 * self.whole_s / audio_ms, 2) if audio_ms else 0.0,
        }


@dataclass(slots=True)
class _Understood:
    """What the recogniser made of a voice."""

    said: int = 0
    errors: int = 0
    numbers: int = 0
    right: int = 0
    samples: list[bytes] = field(default_factory=list)


def _figures(voice: Synthesizer, ear: Recognizer, lang: Lang, repeat: int) -> dict[str, object]:
    voice.warm_up()
    short = _speak(voice, _SHORT[lang], lang, repeat)
    long = _speak(voice, _LONG[lang], lang, repeat)
    heard = _Understood(samples=[short.pcm, long.pcm])
    _hear(ear, _SHORT[lang], lang, short.pcm, heard)
    _hear(ear, _LONG[lang], lang, long.pcm, heard)
    for text in _NUMBERS[lang]:
        pcm = _speak(voice, text, lang, 1).pcm
        heard.samples.append(pcm)
        reading = _hear(ear, text, lang, pcm, heard)
        heard.numbers += 1
        heard.right += _digits(reading, lang) == _digits(text, lang)
    return {
        "voice": voice.voice(lang),
        "short": short.figures(),
        "long": long.figures(),
        "line": _line(b"".join(heard.samples)),
        "error": scoring.rate(heard.errors, heard.said),
        "numbers_right": heard.right,
        "numbers": heard.numbers,
    }


def _speak(voice: Synthesizer, text: str, lang: Lang, repeat: int) -> _Spoken:
    """The sentence as the player has it spoken; the fastest of several times."""
    best = _Spoken()
    for _ in range(repeat):
        started = time.perf_counter()
        pieces, first_s = [], 0.0
        for clause in clauses(text, lang):
            pieces.append(voice.speak(verbalize(clause, lang), lang=lang))
            first_s = first_s or time.perf_counter() - started
        best.first_s = min(best.first_s, first_s)
        best.whole_s = min(best.whole_s, time.perf_counter() - started)
        best.pcm = b"".join(pieces)
    return best


def _hear(ear: Recognizer, text: str, lang: Lang, pcm: bytes, heard: _Understood) -> str:
    stream = ear.open(Expectation(lang=lang, now=_NOW))
    stream.feed(mulaw_to_pcm(pcm_to_mulaw(pcm)))
    found = stream.finish()
    reading = found[0].text if found else ""
    said = scoring.units(text, lang)
    heard.said += len(said)
    heard.errors += scoring.edits(scoring.units(reading, lang), said)
    return reading


def _digits(text: str, lang: Lang) -> Sequence[str]:
    """The words of the text's numbers, however they are written and grouped."""
    return list(_number_words(scoring.units(text, lang), lang))


def _number_words(words: Sequence[str], lang: Lang) -> Iterator[str]:
    numerals = re.compile(
        r"[零一二三四五六七八九十百千万点]"
        if lang == "zh"
        else r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|point"
        r"|hundred|thousand|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    )
    return (word for word in words if numerals.fullmatch(word))


def _line(pcm: bytes) -> dict[str, float]:
    """Whether the audio suits the line: loud enough, and never cut off at full scale."""
    samples = np.abs(to_float(pcm))
    if not samples.size:
        return {"peak_dbfs": -120.0, "rms_dbfs": -120.0, "clipped": 0.0}
    rms = float(np.sqrt(np.mean(samples**2)))
    return {
        "peak_dbfs": round(20 * float(np.log10(samples.max() + 1e-6)), 1),
        "rms_dbfs": round(20 * float(np.log10(rms + 1e-6)), 1),
        "clipped": round(float(np.mean(samples >= _FULL_SCALE)), 5),
    }
