"""Vosk (Kaldi): streaming recognition with partials, grammars and word times."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import vosk

from models.call import Lang, Word
from models.errors import ExternalError
from nlp.meaning import Expectation
from voice.ports import LINE_HZ, Hypothesis
from voice.recognizers.grammars import grammar

#: Without these Vosk gives no reason for its failure.
_NEEDED = ("am/final.mdl", "conf/mfcc.conf", "graph")
_UNKNOWN = "[unk]"


class VoskRecognizer:
    """One model a language, shared by all calls.

    Args:
        folders: model folder by language; a language without one uses any other's.
        grammars: whether a slot with few possible answers is heard by a second decoder
            that knows only those. A model whose graph cannot be changed ignores it.
    """

    def __init__(self, folders: Mapping[Lang, Path], *, grammars: bool = True) -> None:
        if not folders:
            raise ValueError("Vosk needs at least one model")
        self.name = "vosk"
        self._folders = folders
        self._grammars = grammars
        self._lock = threading.Lock()
        self._models: dict[Path, vosk.Model] = {}

    def open(self, expectation: Expectation) -> VoskStream:
        """A stream that hears while the caller speaks."""
        model = self._model(expectation.lang)
        phrases = grammar(expectation) if self._grammars else ()
        return VoskStream(model, expectation.lang, phrases)

    def warm_up(self) -> None:
        """Loads every model and decodes a little silence."""
        for lang in self._folders:
            VoskStream(self._model(lang), lang, ()).feed(bytes(LINE_HZ))

    def _model(self, lang: Lang) -> vosk.Model:
        folder = self._folders.get(lang) or next(iter(self._folders.values()))
        with self._lock:
            if folder not in self._models:
                self._models[folder] = _load(folder)
            return self._models[folder]


def _load(folder: Path) -> vosk.Model:
    missing = [name for name in _NEEDED if not (folder / name).exists()]
    if missing:
        raise ExternalError(f"{folder} is no Vosk model: it has no {', '.join(missing)}.")
    vosk.SetLogLevel(-1)
    return vosk.Model(str(folder))


class VoskStream:
    """One utterance, decoded as it comes: freely, and by the slot's phrases if there are any."""

    def __init__(self, model: vosk.Model, lang: Lang, phrases: Sequence[str]) -> None:
        self._lang = lang
        self._free = _Decoding(model, ())
        self._bound = _Decoding(model, phrases) if phrases else None
        self._best: Sequence[Word] = ()

    def feed(self, pcm: bytes) -> None:
        """Takes 8 kHz 16-bit mono PCM."""
        self._free.feed(pcm)
        if self._bound:
            self._bound.feed(pcm)

    def partial(self) -> str:
        """The interim transcript of free speech."""
        return self._text(self._free.partial())

    def finish(self) -> Sequence[Hypothesis]:
        """The phrase expected, where only such phrases were heard, then free speech."""
        heard = [self._bound.finish()] if self._bound else []
        if any(word.text == _UNKNOWN for words in heard for word in words):
            heard = []
        heard.append(self._free.finish())
        found = {self._text(" ".join(w.text for w in words)): words for words in reversed(heard)}
        read = [(text, words) for text, words in reversed(found.items()) if words]
        self._best = read[0][1] if read else ()
        return [
            Hypothesis(
                text=text,
                confidence=sum(w.confidence for w in words) / len(words),
                words=tuple(words),
            )
            for text, words in read
        ]

    def words(self) -> Sequence[Word]:
        """The words of the last reading's best hypothesis; Kaldi has their times at once."""
        return self._best

    def _text(self, spaced: str) -> str:
        """Vosk puts spaces between Chinese words; nobody writes them."""
        return spaced.replace(" ", "") if self._lang == "zh" else spaced


class _Decoding:
    """One Kaldi decoder and the stretches it has finished."""

    def __init__(self, model: vosk.Model, phrases: Sequence[str]) -> None:
        bound = (json.dumps([*phrases, _UNKNOWN], ensure_ascii=False),) if phrases else ()
        self._decoder = vosk.KaldiRecognizer(model, LINE_HZ, *bound)
        self._decoder.SetWords(True)
        self._words: list[Word] = []

    def feed(self, pcm: bytes) -> None:
        if self._decoder.AcceptWaveform(pcm):
            self._take(self._decoder.Result())

    def partial(self) -> str:
        now = json.loads(self._decoder.PartialResult()).get("partial", "")
        return " ".join([*(w.text for w in self._words), *([now] if now else [])])

    def finish(self) -> Sequence[Word]:
        """Everything heard so far; the decoder starts a new stretch after it."""
        self._take(self._decoder.FinalResult())
        return tuple(self._words)

    def _take(self, result: str) -> None:
        rows: list[dict[str, Any]] = json.loads(result).get("result", [])
        self._words += [
            Word(
                text=row["word"],
                started_ms=round(row["start"] * 1000),
                ended_ms=round(row["end"] * 1000),
                confidence=float(row["conf"]),
            )
            for row in rows
        ]
