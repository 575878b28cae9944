"""Clauses are spoken once; a voice that fails has another one behind it."""

from __future__ import annotations

import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from api.config import Settings
from api.desk import Desk
from api.engines import make_engines
from api.metrics import Metrics
from api.vault.recordings import open_vault
from models.call import Lang
from models.errors import ExternalError
from models.store import Store
from tests.fakes import FakeRecognizer, FakeVoice
from voice.synthesizers.cache import CachedSynthesizer
from voice.synthesizers.fallback import FallbackSynthesizer


class SlowVoice(FakeVoice):
    """A voice that waits until it is let go on."""

    def __init__(self, *, fails: bool = False) -> None:
        super().__init__(fails=fails)
        self.begun = threading.Semaphore(0)
        self.go_on = threading.Event()

    def speak(self, clause: str, *, lang: Lang, rate: float = 1.0) -> bytes:
        self.begun.release()
        assert self.go_on.wait(30)
        return super().speak(clause, lang=lang, rate=rate)


def test_a_clause_is_spoken_once(tmp_path: Path) -> None:
    voice = FakeVoice()
    cache = CachedSynthesizer(voice, tmp_path / "spoken")
    assert not cache.has("您好", lang="zh")
    first = cache.speak("您好", lang="zh")
    assert cache.speak("您好", lang="zh") == first
    assert cache.has("您好", lang="zh")
    assert voice.spoken == ["您好"]
    assert (cache.name, cache.voice("en")) == ("fake", "fake-en")


def test_language_and_rate_make_another_clause(tmp_path: Path) -> None:
    voice = FakeVoice()
    cache = CachedSynthesizer(voice, tmp_path)
    cache.speak("OK", lang="zh")
    cache.speak("OK", lang="en")
    cache.speak("OK", lang="zh", rate=0.8)
    assert len(voice.spoken) == 3
    assert not cache.has("OK", lang="en", rate=0.8)


def test_another_process_finds_it_on_disk(tmp_path: Path) -> None:
    audio = CachedSynthesizer(FakeVoice(), tmp_path).speak("您好", lang="zh")
    silent = FakeVoice(fails=True)
    later = CachedSynthesizer(silent, tmp_path)
    assert later.has("您好", lang="zh")
    assert later.speak("您好", lang="zh") == audio


def test_files_tell_no_text_and_are_the_owners_alone(tmp_path: Path) -> None:
    CachedSynthesizer(FakeVoice(), tmp_path).speak("张江路88号", lang="zh")
    [path] = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert path.suffix == ".pcm"
    assert "张江" not in str(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_customers_data_stays_off_the_disk(tmp_path: Path) -> None:
    voice = FakeVoice()
    cache = CachedSynthesizer(voice, tmp_path, keep=lambda clause: "88" not in clause)
    for _ in range(2):
        cache.speak("张江路88号", lang="zh")
        cache.speak("请稍等", lang="zh")
    assert voice.spoken == ["张江路88号", "请稍等"]
    assert len(list(tmp_path.rglob("*.pcm"))) == 1
    assert cache.has("张江路88号", lang="zh")


def test_the_least_used_leaves_memory_first(tmp_path: Path) -> None:
    voice = FakeVoice()
    one = len(voice.speak("一二", lang="zh"))
    cache = CachedSynthesizer(voice, tmp_path, memory_bytes=2 * one, keep=lambda _: False)
    for clause in ("甲甲", "乙乙", "甲甲", "丙丙"):
        cache.speak(clause, lang="zh")
    assert [cache.has(c, lang="zh") for c in ("甲甲", "乙乙", "丙丙")] == [True, False, True]


def test_a_failure_is_not_remembered(tmp_path: Path) -> None:
    voice = FakeVoice(fails=True)
    cache = CachedSynthesizer(voice, tmp_path)
    with pytest.raises(ExternalError):
        cache.speak("您好", lang="zh")
    assert not cache.has("您好", lang="zh")
    voice.fails = False
    assert cache.speak("您好", lang="zh")


@pytest.mark.parametrize("fails", [False, True])
def test_calls_that_want_the_same_wait_for_one_synthesis(tmp_path: Path, fails: bool) -> None:
    voice = SlowVoice(fails=fails)
    cache = CachedSynthesizer(voice, tmp_path)
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(cache.speak, "您好", lang="zh")
        assert voice.begun.acquire(timeout=30)
        others = [pool.submit(cache.speak, "您好", lang="zh") for _ in range(2)]
        another = pool.submit(cache.speak, "再见", lang="zh") if not fails else None
        voice.go_on.set()
        results = [f.exception() or f.result() for f in (first, *others)]
        if another is not None:
            assert another.result()
    assert len({repr(result) for result in results}) == 1
    assert isinstance(results[0], ExternalError) is fails
    assert voice.spoken.count("您好") == (0 if fails else 1)


def test_the_second_voice_speaks_what_the_first_cannot() -> None:
    first, second = FakeVoice(fails=True), FakeVoice()
    voice = FallbackSynthesizer(first, second)
    assert voice.speak("您好", lang="zh")
    assert second.spoken == ["您好"]
    first.fails = False
    voice.speak("再见", lang="zh")
    assert (first.spoken, second.spoken) == (["再见"], ["您好"])


def test_a_clause_at_hand_takes_no_thread_and_no_rest(tmp_path: Path) -> None:
    class Threads(FakeVoice):
        def speak(self, clause: str, *, lang: Lang, rate: float = 1.0) -> bytes:
            said_in.append(threading.current_thread())
            return super().speak(clause, lang=lang, rate=rate)

    said_in: list[threading.Thread] = []
    first, second = Threads(), FakeVoice()
    cache = CachedSynthesizer(first, tmp_path / "spoken")
    voice = FallbackSynthesizer(cache, second)
    begun = threading.Thread.start
    started: list[threading.Thread] = []

    def start(thread: threading.Thread) -> None:
        started.append(thread)
        begun(thread)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading.Thread, "start", start)
        made = voice.speak("您好", lang="zh")
        assert len(started) == 1
        assert said_in == started
        assert voice.speak("您好", lang="zh") == made
    assert len(started) == 1
    assert (first.spoken, second.spoken) == (["您好"], [])


def test_without_any_voice_the_error_is_told() -> None:
    voice = FallbackSynthesizer(FakeVoice(fails=True), FakeVoice(fails=True))
    with pytest.raises(ExternalError, match="the voice is gone"):
        voice.speak("您好", lang="zh")


def test_what_the_second_voice_said_is_not_kept_as_the_first_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = FakeVoice(fails=True), FakeVoice()
    monkeypatch.setattr("api.engines.SYNTHESIZERS", {"neural": lambda _: first})
    monkeypatch.setattr("api.engines.RECOGNIZERS", {"whisper": lambda _: FakeRecognizer()})
    monkeypatch.setattr("api.engines.Pyttsx3Synthesizer", lambda: second)
    settings = Settings(data=tmp_path, home=tmp_path, synthesizer="neural")
    store = Store(settings.db_url, secret="s")
    desk = Desk(settings, store, Metrics(), open_vault(store, settings))
    voice = make_engines(desk).synthesizer
    voice.speak("您好", lang="zh")
    first.fails = False
    voice.speak("您好", lang="zh")
    assert (first.spoken, second.spoken) == (["您好"], ["您好"])
    desk.store.close()


class HangingVoice(FakeVoice):
    """A voice that never comes to its end."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.free = Event()

    def speak(self, clause: str, *, lang: Lang, rate: float = 1.0) -> bytes:
        self.asked += 1
        self.free.wait()
        return b""


def test_a_voice_that_hangs_is_replaced_and_left_alone() -> None:
    first, second = HangingVoice(), FakeVoice()
    voice = FallbackSynthesizer(first, second, patience_s=0.05)
    assert voice.speak("您好", lang="zh") == second.speak("您好", lang="zh")
    assert voice.speak("再见", lang="zh") == second.speak("再见", lang="zh")
    assert first.asked == 1, "the second clause does not wait for it"
    first.free.set()
