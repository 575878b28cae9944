"""Wordings that a person recorded, in place of the voice: made fit for the line, kept, found.

The files lie beside the calls' recordings, named by the SHA-256 of their samples.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import numpy as np
import soundfile
import structlog

from models.errors import RuleError
from nlp.dialogue.actions import Say
from voice.audio import Samples, band_limit, limit_peak, resample, to_pcm, trim_silence
from voice.ports import LINE_HZ

log = structlog.get_logger(__name__)

#: What an upload may have, bytes and seconds.
LARGEST = 20_000_000
LONGEST_S = 120
_SHORTEST_S = 0.2
_FORMATS = ("WAV", "WAVEX", "FLAC", "MP3")
_RATES_HZ = (8_000, 96_000)
_MOST_CHANNELS = 2
#: The level of speech on the line, that of the product's own voice: dB below full scale.
LEVEL_DBFS = -21.0
#: Windows so far below the loudest one are pauses, which do not count for the level.
_PAUSE_DB = 30.0
_WINDOW_S = 0.05

Recorded = Callable[[Say], bytes | None]


class UnfitSound(RuleError):
    """The upload cannot be played to callers; the message tells why."""


def nothing_recorded(_say: Say) -> bytes | None:
    """Everything is said by the voice."""
    return None


def for_line(upload: bytes) -> bytes:
    """An uploaded recording as 8 kHz 16-bit PCM: one channel, trimmed, as loud as the voice.

    Raises:
        UnfitSound: too large, too long, no WAV, FLAC or MP3, or nothing to be heard in it.
    """
    if len(upload) > LARGEST:
        raise UnfitSound("This file is too large: a recording may have 20 MB.")
    samples, hz = _decoded(upload)
    if len(samples) > LONGEST_S * hz:
        raise UnfitSound("This recording is too long: two minutes at most.")
    narrow = trim_silence(resample(band_limit(samples, hz), hz, LINE_HZ), LINE_HZ)
    if len(narrow) < _SHORTEST_S * LINE_HZ:
        raise UnfitSound("There is nothing to be heard in this recording.")
    return to_pcm(limit_peak(_levelled(narrow)))


def _decoded(upload: bytes) -> tuple[Samples, int]:
    """One channel of samples and their rate; never more than may be used."""
    try:
        with soundfile.SoundFile(BytesIO(upload)) as file:
            hz = int(file.samplerate)
            least, most = _RATES_HZ
            if file.format not in _FORMATS or not least <= hz <= most:
                raise UnfitSound("This is no WAV, FLAC or MP3 sound of 8 to 96 kHz.")
            if file.channels > _MOST_CHANNELS:
                raise UnfitSound("This recording has more than two channels.")
            read = file.read((LONGEST_S + 1) * hz, dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, ValueError) as error:
        raise UnfitSound("This is no WAV, FLAC or MP3 sound of 8 to 96 kHz.") from error
    mono = np.nan_to_num(read.mean(axis=1), posinf=0.0, neginf=0.0)
    samples: Samples = mono.astype(np.float32)
    return samples, hz


def _levelled(samples: Samples) -> Samples:
    """The signal with its speech, not its pauses, at the usual level."""
    window = int(_WINDOW_S * LINE_HZ)
    whole = samples[: len(samples) // window * window].reshape(-1, window)
    power = np.mean(np.square(whole, dtype=np.float64), axis=1)
    speech = power[power >= power.max() * 10 ** (-_PAUSE_DB / 10)]
    gain = 10 ** (LEVEL_DBFS / 20) / np.sqrt(speech.mean())
    return np.asarray(samples * gain, dtype=np.float32)


def keep(folder: Path, pcm: bytes) -> str:
    """Stores samples; gives the name by which `load` finds them."""
    name = hashlib.sha256(pcm).hexdigest()
    path = folder / f"{name}.pcm"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
        fresh.write_bytes(pcm)
        fresh.chmod(0o600)
        fresh.replace(path)
    return name


@lru_cache(maxsize=256)
def load(folder: Path, name: str) -> bytes:
    """The samples of that name.

    Raises:
        FileNotFoundError: they are gone, or are others than were kept.
    """
    pcm = (folder / f"{name}.pcm").read_bytes()
    if hashlib.sha256(pcm).hexdigest() != name:
        raise FileNotFoundError(f"{name}.pcm is another sound than was kept.")
    return pcm


class Recordings:
    """What is recorded of the wording of one call.

    Args:
        sounds: by language and `KEY@VERSION`, the very text and the name of its sound.
    """

    def __init__(self, folder: Path, sounds: Mapping[tuple[str, str], tuple[str, str]]) -> None:
        self._sounds: dict[tuple[str, str], tuple[str, bytes]] = {}
        for prompt, (text, name) in sounds.items():
            try:
                self._sounds[prompt] = text, load(folder, name)
            except FileNotFoundError:
                log.error("recorded_wording_missing", prompt=prompt[1], sound=name)

    def find(self, say: Say) -> bytes | None:
        """The recording of what is to be said; None where the voice says it.

        A caller who asked for slower speech hears the voice, which can.
        """
        text, pcm = self._sounds.get((say.lang, say.prompt), ("", b""))
        return pcm if pcm and say.text == text and say.rate == 1.0 else None
