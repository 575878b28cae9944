"""Whisper on CTranslate2: an utterance at a time, several hypotheses.

Whisper looks at a window of 30 s. Encoding only what was said and a little more makes it
three to four times faster, at about one point of character error.
"""

from __future__ import annotations

import math
import re
import threading
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import numpy as np
from ctranslate2.models import WhisperGenerationResult
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_suppressed_tokens
from opencc import OpenCC

from models.call import Lang, Word
from models.errors import ExternalError
from nlp.meaning import Expectation
from voice.audio import Samples, level_dbfs, resample, to_float
from voice.ports import LINE_HZ, Hypothesis
from voice.recognizers.hints import echoes, hint, topic
from voice.recognizers.windows import windows
from voice.recognizers.word_times import Reading, as_words

_MODEL_HZ = 16_000
_MAX_FRAMES = 3000

#: Below this level there is nothing to recognise, dB below full scale.
_SILENT_DBFS = -60.0
#: Shorter audio holds no word, seconds.
_SHORTEST_S = 0.1

#: Judgement of invented text: the thresholds of Whisper's own decoding (Radford et al. 2022,
#: section 4.5), which hold for shortened windows too.
_NO_SPEECH = 0.6
_WEAK_LOGPROB = -1.0
_COMPRESSION = 2.4

#: A repeated word is a sign of a loop, except in a number that is dictated.
_PENALTY, _NO_PENALTY = 1.1, 1.0
_DICTATED = frozenset({"phone"})
#: Words, not digits, said four times in a row: nobody speaks so, a decoder that loops does.
_LOOP = re.compile(r"([^\W\d]{2,}?)\1{3,}")
#: Stands for half a character where the decoder broke off.
_BROKEN = "\ufffd"


@dataclass(frozen=True, slots=True, kw_only=True)
class WhisperOptions:
    """How to decode.

    Attributes:
        threads: CPU threads for one utterance.
        workers: utterances at a time; each costs `threads` more.
        beam: width of the search.
        hypotheses: how many readings to give at most.
        tail_s: silence after the audio that the encoder sees, seconds.
        hints: whether the expected slot is told to the model.
        other_language: probability from which a caller is believed to speak the other
            language.
    """

    threads: int = 2
    workers: int = 1
    beam: int = 5
    hypotheses: int = 5
    tail_s: float = 2.0
    hints: bool = True
    other_language: float = 0.9


#: For hearing recordings again: Whisper's whole window, one processor. A wider search adds nothing.
CAREFUL = WhisperOptions(threads=1, tail_s=30.0)


class WhisperRecognizer:
    """One set of weights for all calls. CTranslate2 serves waiting utterances in order."""

    def __init__(self, folder: Path, options: WhisperOptions | None = None) -> None:
        self.name = folder.name
        self._folder = folder
        self._options = options or WhisperOptions()
        self._loading = threading.Lock()

    def open(self, expectation: Expectation) -> WhisperStream:
        """A stream that recognises when it is asked to finish."""
        return WhisperStream(self, expectation)

    def warm_up(self) -> None:
        """Loads the weights and decodes a second of noise."""
        noise = np.random.default_rng(0).normal(0, 0.05, _MODEL_HZ).astype(np.float32)
        for lang in ("zh", "en"):
            self._decoder.decode(noise, lang, "", _PENALTY)

    def recognize(self, pcm: bytes, expectation: Expectation) -> tuple[Hypothesis, ...]:
        """Hypotheses for 8 kHz PCM, best first; empty when nothing was said."""
        return _joined([found for found, _ in self.read(pcm, expectation) if found])

    def read(self, pcm: bytes, expectation: Expectation) -> Sequence[_Read]:
        """The same for each window of a long utterance, with what finds its words again."""
        samples = to_float(pcm)
        if samples.size < _SHORTEST_S * LINE_HZ or level_dbfs(pcm) < _SILENT_DBFS:
            return ()
        prompt = hint(expectation) if self._options.hints else ""
        penalty = _NO_PENALTY if topic(expectation.slot) in _DICTATED else _PENALTY
        return [
            self._decoder.decode(
                resample(piece, LINE_HZ, _MODEL_HZ), expectation.lang, prompt, penalty
            )
            for piece in windows(samples, LINE_HZ)
        ]

    def words(self, read: Sequence[_Read]) -> tuple[Word, ...]:
        """The words of the best hypothesis with their times, milliseconds from the start."""
        found: list[Word] = []
        from_s = 0.0
        for _, reading in read:
            found += self._decoder.words(reading, round(from_s * 1000))
            from_s += reading.seconds
        return tuple(found)

    @property
    def _decoder(self) -> _Decoder:
        with self._loading:
            return self._loaded

    @cached_property
    def _loaded(self) -> _Decoder:
        return _Decoder(self._folder, self._options)


class WhisperStream:
    """One utterance: collects audio, recognises all of it at each `finish`."""

    def __init__(self, recognizer: WhisperRecognizer, expectation: Expectation) -> None:
        self._recognizer = recognizer
        self._expectation = expectation
        self._pcm = bytearray()
        self._read: Sequence[_Read] = ()

    def feed(self, pcm: bytes) -> None:
        """Takes 8 kHz 16-bit mono PCM."""
        self._pcm += pcm

    def partial(self) -> str:
        """Nothing: Whisper has no interim transcript."""
        return ""

    def finish(self) -> Sequence[Hypothesis]:
        """Hypotheses for everything fed so far."""
        self._read = self._recognizer.read(bytes(self._pcm), self._expectation)
        return _joined([found for found, _ in self._read if found])

    def words(self) -> Sequence[Word]:
        """See `Stream.words`: one more pass of the decoder."""
        return self._recognizer.words(self._read)


#: One window's hypotheses, best first, and what finds the best one's words again.
_Read = tuple[tuple[Hypothesis, ...], Reading]


class _Decoder:
    """The loaded model."""

    def __init__(self, folder: Path, options: WhisperOptions) -> None:
        self._options = options
        try:
            self._model = WhisperModel(
                str(folder),
                device="cpu",
                compute_type="int8",
                cpu_threads=options.threads,
                num_workers=options.workers,
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise ExternalError(f"Whisper cannot load {folder}: {error}") from error
        languages: tuple[Lang, ...] = ("zh", "en")
        self._tokenizers = {
            lang: Tokenizer(self._model.hf_tokenizer, True, task="transcribe", language=lang)
            for lang in languages
        }
        self._suppressed = get_suppressed_tokens(self._tokenizers["zh"], [-1])
        self._simplified = OpenCC("t2s")

    def decode(self, samples: Samples, lang: Lang, prompt: str, penalty: float) -> _Read:
        """Hypotheses for at most 30 s of 16 kHz samples; `penalty` is for words said twice."""
        features = self._features(samples)
        encoded = self._model.encode(features)
        spoken = self._spoken(encoded, lang)
        tokenizer = self._tokenizers[spoken]
        tokens = self._model.get_prompt(
            tokenizer,
            tokenizer.encode(" " + prompt) if prompt and spoken == lang else [],
            without_timestamps=True,
        )
        result = self._model.model.generate(
            encoded,
            [tokens],
            beam_size=self._options.beam,
            num_hypotheses=min(self._options.hypotheses, self._options.beam),
            repetition_penalty=penalty,
            max_length=min(448, len(tokens) + 16 + features.shape[-1] // 10),
            return_scores=True,
            return_no_speech_prob=True,
            suppress_tokens=self._suppressed,
        )[0]
        known = self._hypotheses(result, spoken)
        found = [(one, ids) for one, ids in known if not echoes(one.text, prompt)]
        reading = Reading(
            encoded=encoded,
            tokens=found[0][1] if found else (),
            lang=spoken,
            seconds=samples.size / _MODEL_HZ,
        )
        return tuple(one for one, _ in found), reading

    def words(self, reading: Reading, from_ms: int) -> tuple[Word, ...]:
        """The words of a window that begins `from_ms` after the utterance."""
        if not reading.tokens:
            return ()
        aligned = self._model.find_alignment(
            self._tokenizers[reading.lang],
            [list(reading.tokens)],
            reading.encoded,
            reading.frames,
        )
        return as_words(aligned[0], partial(self._written, lang=reading.lang), from_ms)

    def _features(self, samples: Samples) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        """Log-mel frames of the audio and of `tail_s` of silence after it."""
        tail = np.zeros(int(self._options.tail_s * _MODEL_HZ), np.float32)
        features = self._model.feature_extractor(np.concatenate([samples, tail]))
        return np.ascontiguousarray(features[:, :_MAX_FRAMES])

    def _spoken(self, encoded: object, expected: Lang) -> Lang:
        """The language heard: the expected one unless the other is nearly certain."""
        other: Lang = "en" if expected == "zh" else "zh"
        heard = dict(self._model.model.detect_language(encoded)[0])
        share = heard.get(f"<|{other}|>", 0.0)
        return other if share >= self._options.other_language else expected

    def _hypotheses(
        self, result: WhisperGenerationResult, lang: Lang
    ) -> Sequence[tuple[Hypothesis, list[int]]]:
        found: dict[str, tuple[Hypothesis, list[int]]] = {}
        for ids, score in zip(result.sequences_ids, result.scores, strict=True):
            text = self._text(ids, lang)
            key = _bare(text)
            if key and key not in found and not _invented(text, score, result.no_speech_prob):
                one = Hypothesis(
                    text=text,
                    confidence=math.exp(min(0.0, score)),
                    no_speech=result.no_speech_prob,
                    lang=lang,
                )
                found[key] = one, ids
        return tuple(found.values())

    def _text(self, ids: list[int], lang: Lang) -> str:
        text = self._tokenizers[lang].decode(ids).replace(_BROKEN, "").strip()
        return self._written(text, lang=lang)

    def _written(self, text: str, *, lang: Lang) -> str:
        """Simplified characters, whichever were recognised."""
        return str(self._simplified.convert(text)) if lang == "zh" else text


def _bare(text: str) -> str:
    """The text without case, punctuation and spaces: what two readings are compared by."""
    return "".join(c for c in text.casefold() if c.isalnum())


def _invented(text: str, logprob: float, no_speech: float) -> bool:
    """Whether Whisper made the text up on noise, or loops."""
    if (no_speech > _NO_SPEECH and logprob < _WEAK_LOGPROB) or _LOOP.search(_bare(text)):
        return True
    raw = text.encode()
    return len(raw) / len(zlib.compress(raw)) > _COMPRESSION


def _joined(parts: Sequence[tuple[Hypothesis, ...]]) -> tuple[Hypothesis, ...]:
    """Hypotheses of a long utterance: each window's first, then the seconds, and so on."""
    if len(parts) <= 1:
        return parts[0] if parts else ()
    depth = max(len(part) for part in parts)
    rows = [[part[min(rank, len(part) - 1)] for part in parts] for rank in range(depth)]
    return tuple(
        Hypothesis(
            text=" ".join(h.text for h in row)
            if row[0].lang == "en"
            else "".join(h.text for h in row),
            confidence=min(h.confidence for h in row),
            no_speech=max(h.no_speech for h in row),
            lang=row[0].lang,
        )
        for row in rows
    )
