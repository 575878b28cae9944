"""Telephone audio arithmetic, against the standard's own decision values and by properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.audio import (
    BAND_HZ,
    MULAW_SILENCE,
    Resampler,
    band_limit,
    duration_ms,
    level_dbfs,
    limit_peak,
    mulaw_to_pcm,
    pcm_to_mulaw,
    resample,
    silence,
    to_float,
    to_line,
    to_pcm,
    trim_silence,
)
from voice.ports import FRAME_BYTES, LINE_HZ, frames

sample = st.integers(-32768, 32767)


def pcm(*samples: int) -> bytes:
    return np.array(samples, "<i2").tobytes()


def tone(hz: float, *, rate: int = LINE_HZ, seconds: float = 0.5, level: float = 0.5) -> np.ndarray:
    return (level * np.sin(2 * np.pi * hz * np.arange(int(rate * seconds)) / rate)).astype(
        np.float32
    )


def rms(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))


@given(st.binary())
def test_mulaw_survives_the_way_through_pcm(mulaw: bytes) -> None:
    # G.711 has two zeros: 0x7f is -0, which comes back as +0.
    assert pcm_to_mulaw(mulaw_to_pcm(mulaw)) == mulaw.replace(b"\x7f", b"\xff")


@given(sample)
def test_mulaw_errs_by_half_a_step_at_most(value: int) -> None:
    (heard,) = np.frombuffer(mulaw_to_pcm(pcm_to_mulaw(pcm(value))), "<i2")
    clipped = min(abs(value), 32124)
    # Steps of 8, doubled with each segment, on the 16-bit scale with its bias of 132. G.711
    # looks at 14 bits: what is cut off below them may change a value by 3 beforehand.
    step = 8 * 2 ** (int(np.log2(clipped + 132 + 3)) - 7)
    assert abs(abs(int(heard)) - clipped) <= step / 2 + 3
    assert heard == 0 or (heard > 0) == (value > 0)


@given(sample, sample)
def test_mulaw_keeps_the_order(one: int, other: int) -> None:
    low, high = np.frombuffer(
        mulaw_to_pcm(pcm_to_mulaw(pcm(min(one, other), max(one, other)))), "<i2"
    )
    assert low <= high


def test_mulaw_of_the_standard() -> None:
    values = pcm(0, 8, 1000, -1000, 32767, -32768)
    assert pcm_to_mulaw(values) == bytes([0xFF, 0xFE, 0xCE, 0x4E, 0x80, 0x00])
    assert pcm_to_mulaw(silence(1)) == MULAW_SILENCE * 8


@given(st.lists(sample))
def test_samples_survive_the_way_through_floats(values: list[int]) -> None:
    assert to_pcm(to_float(pcm(*values))) == pcm(*values)


def test_what_is_too_loud_is_clipped() -> None:
    assert to_pcm(np.array([1.5, -1.5], np.float32)) == pcm(32767, -32768)


@given(st.integers(0, 3000))
def test_frames_hold_everything_and_are_whole(length: int) -> None:
    audio = bytes(n % 251 + 1 for n in range(length * 2))
    cut = list(frames(audio))
    assert {len(frame) for frame in cut} <= {FRAME_BYTES}
    joined = b"".join(cut)
    assert joined[: len(audio)] == audio
    assert not any(joined[len(audio) :])
    assert len(joined) - len(audio) < FRAME_BYTES


@given(st.integers(0, 100_000))
def test_silence_lasts_as_long_as_asked(ms: int) -> None:
    assert duration_ms(silence(ms)) == ms
    assert level_dbfs(silence(min(ms, 100))) == pytest.approx(-96, abs=0.5)


@pytest.mark.parametrize("amplitude", [1.0, 0.1, 0.01])
def test_levels_are_in_dbfs(amplitude: float) -> None:
    expected = 20 * np.log10(amplitude / np.sqrt(2))
    assert level_dbfs(to_pcm(tone(1000, level=amplitude))) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize(("hz", "passes"), [(60, 0), (300, 1), (1000, 1), (3200, 1), (3800, 0)])
def test_only_the_telephone_band_passes(hz: float, passes: float) -> None:
    before = tone(hz, rate=24_000)
    middle = slice(3000, -3000)
    after = band_limit(before, 24_000)
    assert after.size == before.size
    assert rms(after[middle]) / rms(before[middle]) == pytest.approx(passes, abs=0.02)
    assert BAND_HZ == (200.0, 3400.0)


@pytest.mark.parametrize(("from_hz", "to_hz"), [(24_000, 8_000), (8_000, 16_000), (8_000, 8_000)])
def test_resampling_keeps_pitch_level_and_length(from_hz: int, to_hz: int) -> None:
    after = resample(tone(1000, rate=from_hz), from_hz, to_hz)
    assert after.size == to_hz // 2
    assert rms(after) == pytest.approx(0.5 / np.sqrt(2), rel=0.01)
    peak = int(np.argmax(np.abs(np.fft.rfft(after))))
    assert peak * to_hz / after.size == pytest.approx(1000, abs=2)


@given(st.lists(st.integers(1, 800), min_size=1, max_size=20))
def test_resampling_piece_by_piece_leaves_no_seams(sizes: list[int]) -> None:
    whole = tone(440, seconds=sum(sizes) / LINE_HZ)
    stream, once = Resampler(LINE_HZ, 16_000), Resampler(LINE_HZ, 16_000)
    edges = np.cumsum(sizes)[:-1]
    pieces = [stream.feed(piece) for piece in np.split(whole, edges)] + [stream.flush()]
    at_once = np.concatenate([once.feed(whole), once.flush()])
    assert np.allclose(np.concatenate(pieces), at_once, atol=1e-6)


@given(st.lists(st.floats(-4, 4, width=32), max_size=50), st.floats(0.1, 1))
def test_a_peak_is_limited_without_changing_the_shape(values: list[float], peak: float) -> None:
    before = np.array(values, np.float32)
    after = limit_peak(before, peak)
    highest = float(np.abs(before).max(initial=0))
    assert float(np.abs(after).max(initial=0)) <= peak * (1 + 1e-6)
    assert np.allclose(after, before * min(1, peak / highest if highest else 1), atol=1e-6)


@given(st.integers(0, 500), st.integers(1, 500), st.integers(0, 500))
def test_silence_at_both_ends_is_trimmed(before: int, loud: int, after: int) -> None:
    samples = np.concatenate([np.zeros(before), np.full(loud, 0.5), np.zeros(after)])
    kept = trim_silence(samples.astype(np.float32), LINE_HZ)
    assert kept.size == min(before, 160) + loud + min(after, 160)
    assert trim_silence(np.zeros(after, np.float32), LINE_HZ).size == 0


def test_what_goes_onto_the_line_is_narrow_and_never_clips() -> None:
    loud = tone(1000, rate=24_000, level=1.5) + tone(5000, rate=24_000, level=0.5)
    samples = to_float(to_line(loud, 24_000))
    assert duration_ms(to_pcm(samples)) == 500
    assert float(np.abs(samples).max()) <= 0.9
    spectrum = np.abs(np.fft.rfft(samples[400:-400]))
    assert spectrum[int(len(spectrum) * 3500 / 4000) :].max() < spectrum.max() / 100
