"""Speech is told from silence, noise and tones."""

from __future__ import annotations

import numpy as np
import pytest

from tests.sounds import Samples, noise, on_line, speech
from voice.vad import SpeechDetector


def probabilities(samples: Samples, detector: SpeechDetector | None = None) -> list[float]:
    detector = detector or SpeechDetector()
    return [detector.push(frame) for frame in on_line(samples)]


def test_speech_is_found_where_it_is() -> None:
    told = probabilities(np.concatenate([noise(1000), speech(1500), noise(1500)]))
    assert max(told[:50]) < 0.35
    assert float(np.mean([p > 0.5 for p in told[53:123]])) > 0.95
    assert max(told[-50:]) < 0.35


@pytest.mark.parametrize("level", [0.02, 0.3])
def test_quiet_and_loud_speakers_are_heard(level: float) -> None:
    told = probabilities(np.concatenate([noise(600, level=0.001), speech(1000, level=level)]))
    assert float(np.mean([p > 0.5 for p in told[35:]])) > 0.9


@pytest.mark.parametrize("level", [0.0, 0.002, 0.05])
def test_steady_noise_is_no_speech(level: float) -> None:
    assert max(probabilities(noise(2000, level=level))) < 0.35


def test_a_dialling_tone_is_no_speech() -> None:
    tone = 0.3 * np.sin(2 * np.pi * 450 * np.arange(16000) / 8000)
    assert max(probabilities(tone)) < 0.35


def test_after_a_reset_the_same_audio_gives_the_same() -> None:
    samples = np.concatenate([noise(200), speech(600, seed=3)])
    detector = SpeechDetector()
    first = probabilities(samples, detector)
    detector.reset()
    assert probabilities(samples, detector) == first
    assert probabilities(samples, detector) != first


def test_frames_of_any_length_are_taken() -> None:
    detector = SpeechDetector()
    pcm = b"".join(on_line(speech(1000)))
    told = [detector.push(pcm[i : i + 222]) for i in range(0, len(pcm), 222)]
    assert max(told) > 0.9
    assert detector.push(b"") >= 0.0
