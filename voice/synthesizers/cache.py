"""A voice that remembers: each clause is made once, kept in memory and on disk."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path

from models.call import Lang
from voice.ports import Synthesizer

#: Part of every key: to be raised when the audio of an unchanged clause should change.
VERSION: Mapping[Lang, int] = {"zh": 1, "en": 2}


def _always(clause: str) -> bool:
    return True


class CachedSynthesizer:
    """Wraps a synthesizer; itself one.

    The disk holds raw 8 kHz 16-bit PCM under names that do not show the text, readable by
    the owner only. Several calls that want the same clause wait for one synthesis.

    Args:
        folder: made when needed.
        memory_bytes: what is kept in memory, least recently used first to go.
        keep: which clauses may stay on disk; a clause that tells a customer's data should
            not.
    """

    def __init__(
        self,
        inner: Synthesizer,
        folder: Path,
        *,
        memory_bytes: int = 64_000_000,
        keep: Callable[[str], bool] = _always,
    ) -> None:
        self.name = inner.name
        self._inner = inner
        self._folder = folder
        self._memory_bytes = memory_bytes
        self._keep = keep
        self._lock = threading.Lock()
        self._memory: OrderedDict[str, bytes] = OrderedDict()
        self._used = 0
        self._running: dict[str, Future[bytes]] = {}

    def voice(self, lang: Lang) -> str:
        """The inner voice."""
        return self._inner.voice(lang)

    def warm_up(self) -> None:
        """Warms the inner voice up."""
        self._inner.warm_up()

    def has(self, clause: str, *, lang: Lang, rate: float = 1.0) -> bool:
        """Whether the clause would come at once."""
        key = self._key(clause, lang, rate)
        with self._lock:
            return key in self._memory or self._path(key).is_file()

    def speak(self, clause: str, *, lang: Lang, rate: float = 1.0) -> bytes:
        """The clause from memory, from disk, or made now.

        Raises:
            ExternalError: the inner voice failed; nothing is remembered.
        """
        key = self._key(clause, lang, rate)
        with self._lock:
            if key in self._memory:
                self._memory.move_to_end(key)
                return self._memory[key]
            waiting = self._running.get(key)
            if waiting is None:
                mine = self._running[key] = Future()
        if waiting is not None:
            return waiting.result()
        return self._make(key, clause, lang, rate, mine)

    def _make(self, key: str, clause: str, lang: Lang, rate: float, result: Future[bytes]) -> bytes:
        try:
            pcm = self._from_disk(key)
            if pcm is None:
                pcm = self._inner.speak(clause, lang=lang, rate=rate)
                if self._keep(clause):
                    self._to_disk(key, pcm)
            self._remember(key, pcm)
            result.set_result(pcm)
        except BaseException as error:
            result.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._running[key]
        return pcm

    def _remember(self, key: str, pcm: bytes) -> None:
        with self._lock:
            self._memory[key] = pcm
            self._used += len(pcm)
            while self._used > self._memory_bytes:
                _, oldest = self._memory.popitem(last=False)
                self._used -= len(oldest)

    def _key(self, clause: str, lang: Lang, rate: float) -> str:
        parts = [self.name, self.voice(lang), clause, lang, f"{rate:.3f}", VERSION[lang]]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.pcm"

    def _from_disk(self, key: str) -> bytes | None:
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            return None

    def _to_disk(self, key: str, pcm: bytes) -> None:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
        fresh.write_bytes(pcm)
        fresh.chmod(0o600)
        fresh.replace(path)
