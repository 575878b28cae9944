"""Kokoro-82M int8 on onnxruntime: a natural voice in Mandarin and English.

Without streaming inside a clause; the same clause always gives the same samples.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as onnx

from models.call import Lang
from models.errors import ExternalError
from voice.audio import Samples, to_line, trim_silence
from voice.synthesizers.phonemes import Phonemes

_MODEL_HZ = 24_000
_STYLE_SHAPE = (510, 256)

#: The model's context is 512 tokens with a pad at each end; fewer keeps its rhythm.
_MOST_TOKENS = 500

#: onnxruntime's errors have no class in common.
_ENGINE_ERRORS = (
    onnx.EPFail,
    onnx.Fail,
    onnx.InvalidArgument,
    onnx.InvalidGraph,
    onnx.InvalidProtobuf,
    onnx.NoModel,
    onnx.NoSuchFile,
    onnx.NotImplemented,
    onnx.RuntimeException,
)

#: A female voice for the assistant; measured best understood over the telephone band.
ASSISTANT: Mapping[Lang, str] = {"zh": "zf_xiaobei", "en": "af_heart"}
#: Other voices for a simulated caller.
CALLER: Mapping[Lang, str] = {"zh": "zm_yunjian", "en": "am_michael"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NeuralOptions:
    """Which voices, and how much of the machine.

    Attributes:
        voices: voice by language; each is a file `voices/NAME.bin` of the model.
        threads: CPU threads for one clause.
        clauses: made at a time, by as many threads each; further ones wait.
    """

    voices: Mapping[Lang, str] = field(default_factory=lambda: ASSISTANT)
    threads: int = 2
    clauses: int = 2


class NeuralSynthesizer:
    """One set of weights for all calls."""

    def __init__(self, folder: Path, options: NeuralOptions | None = None) -> None:
        self.name = folder.name
        self._folder = folder
        self._options = options or NeuralOptions()
        self._phonemes = Phonemes()
        self._loading = threading.Lock()
        self._turns = threading.BoundedSemaphore(self._options.clauses)

    def voice(self, lang: Lang) -> str:
        """Kokoro's name of the voice."""
        return self._options.voices[lang]

    def warm_up(self) -> None:
        """Loads weights, voices and dictionaries, and speaks once in each language."""
        self.speak("您好。", lang="zh")
        self.speak("Hello.", lang="en")

    def has(self, clause: str, *, lang: Lang, rate: float = 1.0) -> bool:
        """Never: each clause is made."""
        return False

    def speak(self, clause: str, *, lang: Lang, rate: float = 1.0) -> bytes:
        """8 kHz 16-bit PCM of the clause; empty when it holds nothing to say.

        Raises:
            ExternalError: weights or voice cannot be loaded.
        """
        if not any(c.isalnum() for c in clause):
            return b""
        phonemes = self._phonemes.of(clause, lang)
        spoken = [self._render(part, lang, rate) for part in self._parts(phonemes)]
        return to_line(np.concatenate(spoken), _MODEL_HZ) if spoken else b""

    def _parts(self, phonemes: str) -> Iterator[list[int]]:
        """Token lists that fit the model, cut after punctuation or else between words."""
        vocabulary = self._loaded.vocabulary
        ids: list[int] = []
        for piece in re.findall(r"[^,.!?;:]+[,.!?;: ]*|[,.!?;: ]+", phonemes):
            for word in _fitting(piece, vocabulary):
                if len(ids) + len(word) > _MOST_TOKENS:
                    yield ids
                    ids = []
                ids = ids + word
        if any(i != vocabulary[" "] for i in ids):
            yield ids

    def _render(self, ids: list[int], lang: Lang, rate: float) -> Samples:
        model = self._loaded
        style = model.style(self.voice(lang))[min(len(ids), _STYLE_SHAPE[0]) - 1]
        inputs = {
            model.token_input: np.array([[0, *ids, 0]], dtype=np.int64),
            "style": style[None],
            "speed": np.array([rate], dtype=np.float32),
        }
        try:
            with self._turns:
                samples = model.session.run(None, inputs)[0]
        except _ENGINE_ERRORS as error:
            raise ExternalError(f"The voice failed: {type(error).__name__}.") from error
        return trim_silence(np.asarray(samples, dtype=np.float32).reshape(-1), _MODEL_HZ)

    @property
    def _loaded(self) -> _Model:
        with self._loading:
            return self._model

    @cached_property
    def _model(self) -> _Model:
        return _Model(self._folder, self._options.threads)


class _Model:
    """Weights, vocabulary and voices, loaded."""

    def __init__(self, folder: Path, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Waiting threads sleep: the recogniser needs the cores between clauses.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self.session = onnxruntime.InferenceSession(
                str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
            text = (folder / "vocab.json").read_text(encoding="utf-8")
        except (OSError, RuntimeError, ValueError, *_ENGINE_ERRORS) as error:
            raise ExternalError(f"The voice cannot load {folder}: {error}") from error
        self.vocabulary: Mapping[str, int] = json.loads(text)["vocab"]
        self.token_input = self.session.get_inputs()[0].name
        self._folder = folder
        self._styles: dict[str, Samples] = {}

    def style(self, voice: str) -> Samples:
        """The voice's styles by number of tokens, 510 x 256."""
        if voice not in self._styles:
            path = self._folder / "voices" / f"{voice}.bin"
            try:
                self._styles[voice] = np.fromfile(path, "<f4").reshape(_STYLE_SHAPE)
            except (OSError, ValueError) as error:
                raise ExternalError(f"The voice {voice} cannot be read: {path}") from error
        return self._styles[voice]


def _fitting(piece: str, vocabulary: Mapping[str, int]) -> Iterator[list[int]]:
    """The piece's token ids; word by word where the piece alone is too long."""
    ids = [vocabulary[c] for c in piece if c in vocabulary]
    if len(ids) <= _MOST_TOKENS:
        yield ids
        return
    for word in re.findall(r"\S+\s*", piece):
        known = [vocabulary[c] for c in word if c in vocabulary]
        yield from (known[i : i + _MOST_TOKENS] for i in range(0, len(known), _MOST_TOKENS))
