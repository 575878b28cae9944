"""espeak-ng through pyttsx3: the small, fast fallback voice."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import soundfile

from models.call import Lang
from models.errors import ExternalError
from voice.audio import to_line, trim_silence

#: `cmn` of Debian 12 reads pinyin as English; only the `latn-pinyin` voice speaks Mandarin.
VOICES: Mapping[Lang, str] = {"zh": "sit/cmn-latn-pinyin", "en": "gmw/en-us"}

#: The pace at which espeak-ng's Mandarin is understood best; English reads a little faster.
_WORDS_PER_MINUTE: Mapping[Lang, int] = {"zh": 140, "en": 160}

_PROCESS_S = 20.0
#: Now and then pyttsx3's first save leaves no file; another process does better.
_TRIES = 3


class Pyttsx3Synthesizer:
    """Each clause is spoken by a process of its own, so calls do not wait for each other."""

    name = "pyttsx3"

    def voice(self, lang: Lang) -> str:
        """pyttsx3's identifier of the voice."""
        return VOICES[lang]

    def warm_up(self) -> None:
        """Speaks once, which shows that espeak-ng is installed."""
        self.speak("Hello.", lang="en")

    def has(self, clause: str, *, lang: Lang, rate: float = 1.0) -> bool:
        """Never: each clause is made."""
        return False

    def speak(self, clause: str, *, lang: Lang, rate: float = 1.0) -> bytes:
        """8 kHz 16-bit PCM of the clause; empty when it holds nothing to say.

        Raises:
            ExternalError: espeak-ng is not installed or left no audio.
        """
        if not any(c.isalnum() for c in clause):
            return b""
        pace = str(round(_WORDS_PER_MINUTE[lang] * rate))
        reason = ""
        for _ in range(_TRIES):
            with tempfile.TemporaryDirectory(prefix="intake-voice-") as folder:
                path = Path(folder) / "clause.wav"
                reason = _run_worker(clause, VOICES[lang], pace, path)
                if path.is_file() and path.stat().st_size > _WAV_HEADER_BYTES:
                    samples, hz = soundfile.read(path, dtype="float32")
                    return to_line(trim_silence(samples, hz), hz)
        raise ExternalError(
            f"pyttsx3 left no audio{reason}. Is espeak-ng installed? (apt install espeak-ng)",
            retryable=True,
        )


_WAV_HEADER_BYTES = 44


def _run_worker(clause: str, voice: str, pace: str, path: Path) -> str:
    """Runs the worker; the reason when it failed, else nothing. Never holds the text."""
    module = "voice.synthesizers.pyttsx3_worker"
    command = [sys.executable, "-m", module, voice, pace, str(path)]
    try:
        result = subprocess.run(
            command, input=clause, capture_output=True, text=True, timeout=_PROCESS_S, check=False
        )
    except subprocess.TimeoutExpired:
        return f" within {_PROCESS_S:.0f} s"
    lines = result.stderr.strip().splitlines()
    return f": {lines[-1]}" if result.returncode and lines else ""
