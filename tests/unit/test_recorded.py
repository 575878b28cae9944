"""Recordings in place of the voice: what is taken, what it becomes, when it is played."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import soundfile

from nlp.dialogue.actions import Say
from tests.sounds import speech
from voice.audio import level_dbfs
from voice.ports import LINE_HZ
from voice.recorded import (
    LARGEST,
    LEVEL_DBFS,
    LONGEST_S,
    Recordings,
    UnfitSound,
    for_line,
    keep,
    load,
)

SAY = Say(id="s1", text="请问一共多少件？", prompt="ask.pieces@2")


def sound(
    seconds: float = 1.0,
    *,
    hz: int = 44_100,
    kind: str = "WAV",
    level: float = 0.3,
    channels: int = 1,
) -> bytes:
    """An upload with a tone in it, and half a second of silence around."""
    at = np.arange(int(seconds * hz)) / hz
    tone = level * np.sin(2 * np.pi * 440 * at)
    quiet = np.zeros(hz // 2)
    wave = np.concatenate([quiet, tone, quiet]).astype(np.float32)
    body = BytesIO()
    soundfile.write(body, np.column_stack([wave] * channels), hz, format=kind)
    return body.getvalue()


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "MP3"])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("level", [0.02, 0.9])
def test_every_upload_becomes_as_loud_as_the_voice(kind: str, channels: int, level: float) -> None:
    pcm = for_line(sound(kind=kind, channels=channels, level=level))
    assert level_dbfs(pcm) == pytest.approx(LEVEL_DBFS, abs=1.5)
    assert len(pcm) / 2 / LINE_HZ == pytest.approx(1.0, abs=0.15)


def test_pauses_do_not_make_it_louder() -> None:
    talk = np.concatenate([speech(800, seed=1), np.zeros(LINE_HZ * 3), speech(800, seed=2)])
    body = BytesIO()
    soundfile.write(body, talk / max(1.0, float(np.abs(talk).max())), LINE_HZ, format="WAV")
    whole = for_line(body.getvalue())
    assert level_dbfs(whole) < LEVEL_DBFS - 2
    assert level_dbfs(whole[: LINE_HZ * 2 * 8 // 10]) == pytest.approx(LEVEL_DBFS, abs=3)


@pytest.mark.parametrize(
    ("upload", "told"),
    [
        (b"", "no WAV"),
        (b"RIFF" + bytes(400), "no WAV"),
        (b"<html>" * 100, "no WAV"),
        (b"PK\x03\x04" + bytes(1000), "no WAV"),
        (sound()[:30], "no WAV"),
        (sound(kind="OGG"), "no WAV"),
        (sound(hz=4_000), "no WAV"),
        (sound(channels=3), "two channels"),
        (sound(level=0.0), "nothing to be heard"),
        (sound(LONGEST_S + 1, hz=8_000), "too long"),
        (bytes(LARGEST + 1), "too large"),
    ],
)
def test_what_cannot_be_played_is_refused_with_the_reason(upload: bytes, told: str) -> None:
    with pytest.raises(UnfitSound, match=told):
        for_line(upload)


def test_a_header_that_promises_hours_costs_no_memory() -> None:
    lying = bytearray(sound())
    lying[40:44] = (0xFFFFFFF0).to_bytes(4, "little")
    lying[4:8] = (0xFFFFFFFF).to_bytes(4, "little")
    assert len(for_line(bytes(lying))) < LONGEST_S * LINE_HZ * 2


def test_a_kept_sound_is_found_unless_it_was_changed(tmp_path: Path) -> None:
    pcm = for_line(sound())
    name = keep(tmp_path / "wordings", pcm)
    assert keep(tmp_path / "wordings", pcm) == name
    assert load(tmp_path / "wordings", name) == pcm
    other = keep(tmp_path / "wordings", pcm + b"\0\0")
    (tmp_path / "wordings" / f"{other}.pcm").write_bytes(pcm)
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "wordings", other)


def test_only_the_very_wording_is_played(tmp_path: Path) -> None:
    pcm = for_line(sound())
    name = keep(tmp_path, pcm)
    gone = ("zh", "ask.goods@2"), ("请问是什么货？", "0" * 64)
    known = Recordings(tmp_path, {("zh", "ask.pieces@2"): (SAY.text, name), gone[0]: gone[1]})
    assert known.find(SAY) == pcm
    for changed in (
        {"prompt": "ask.pieces@3"},
        {"text": "件数是多少？"},
        {"lang": "en"},
        {"rate": 0.8},
        {"prompt": "ask.goods@2", "text": "请问是什么货？"},
    ):
        parts = {"id": "s2", "text": SAY.text, "prompt": SAY.prompt, **changed}
        assert known.find(Say(**parts)) is None  # type: ignore[arg-type]
