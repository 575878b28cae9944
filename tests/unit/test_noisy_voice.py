"""A voice with noise around it."""

from __future__ import annotations

import pytest

from tests.fakes import FakeVoice
from voice.audio import level_dbfs
from voice.synthesizers.noisy import NoisySynthesizer


@pytest.mark.parametrize("wanted", [-38.0, -30.0])
def test_the_noise_is_as_loud_as_it_was_asked_for_and_changes_no_length(wanted: float) -> None:
    quiet = FakeVoice().speak("十六件耳机", lang="zh")
    noisy = NoisySynthesizer(FakeVoice(), wanted)
    said = noisy.speak("十六件耳机", lang="zh", rate=1.2)
    assert len(said) == len(quiet)
    assert level_dbfs(said) == pytest.approx(wanted, abs=1.5)
    assert noisy.speak("十六件耳机", lang="zh") == said, "the same clause sounds the same"
    assert noisy.voice("zh") == FakeVoice().voice("zh")
