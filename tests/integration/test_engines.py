"""The real engines: what the assistant's voices say on the telephone can be understood."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
import pytest

from api.config import Settings
from models.call import Lang, Turn, Word
from models.errors import ExternalError
from models.wordtimes import pieces
from nlp.meaning import Expectation, Utterance
from nlp.understand import Understander
from tests.orders import NOW
from tests.sounds import noise, on_line, silence, speech
from voice.audio import duration_ms, level_dbfs, mulaw_to_pcm, pcm_to_mulaw, to_float, to_pcm
from voice.catalog import Catalog, ModelMissing
from voice.ports import Hypothesis, Recognizer, Synthesizer, frames
from voice.recognizers.vosk import VoskRecognizer
from voice.recognizers.whisper import WhisperRecognizer
from voice.synthesizers.neural import NeuralSynthesizer
from voice.synthesizers.pyttsx3 import Pyttsx3Synthesizer

pytestmark = pytest.mark.models

#: What is said in each language, and what must be read from it.
SAID: dict[Lang, str] = {
    "zh": "一共十六件，总重一百二十公斤。",
    "en": "Sixteen cartons, one hundred and twenty kilograms in total.",
}
MEANT = {"pieces": 16, "weight_kg": 120.0}
LANGS: tuple[Lang, ...] = ("zh", "en")


def model(name: str) -> Catalog:
    catalog = Catalog(Settings().home_dir)
    try:
        catalog.path(name)
    except ModelMissing as missing:
        pytest.skip(str(missing))
    return catalog


@pytest.fixture(scope="module")
def whisper() -> WhisperRecognizer:
    return WhisperRecognizer(model("whisper-base").path("whisper-base"))


@pytest.fixture(scope="module")
def neural() -> NeuralSynthesizer:
    return NeuralSynthesizer(model("kokoro-82m-int8").path("kokoro-82m-int8"))


@pytest.fixture(scope="module")
def espeak() -> Pyttsx3Synthesizer:
    voice = Pyttsx3Synthesizer()
    try:
        voice.warm_up()
    except ExternalError as missing:
        pytest.skip(str(missing))
    return voice


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander()


def words_of(recognizer: Recognizer, pcm: bytes, lang: Lang) -> tuple[str, Sequence[Word]]:
    """What is read of a sound, and the times of its words."""
    stream = recognizer.open(Expectation(lang=lang, now=NOW))
    stream.feed(pcm)
    best = stream.finish()[0]
    return best.text, stream.words()


@pytest.mark.parametrize("lang", LANGS)
def test_words_are_where_they_were_said(
    whisper: WhisperRecognizer, neural: NeuralSynthesizer, lang: Lang
) -> None:
    quiet = bytes(1500 * 16)
    said = quiet + over_the_line(neural.speak(SAID[lang], lang=lang)) + quiet
    text, words = words_of(whisper, said, lang)
    turn = Turn(index=0, speaker="caller", text=text, started_ms=0, words=tuple(words))
    cut = pieces(turn)
    assert "".join(piece.text for piece in cut) == text
    assert len([piece for piece in cut if piece.word]) == len(words) > 4
    starts = [word.started_ms for word in words]
    assert starts == sorted(starts)
    length = duration_ms(said)
    # The last word lies in the speech, not in the silence around it.
    assert 1000 < words[1].started_ms < length / 2 < words[-1].started_ms < length - 1000


def over_the_line(pcm: bytes) -> bytes:
    """As the other end gets it: mu-law, with a little noise of the line."""
    noisy = (
        to_float(pcm)
        + noise(1000, level=0.001, seed=4)
        .astype(np.float32)
        .repeat(1 + len(pcm) // 16_000)[: len(pcm) // 2]
    )
    return mulaw_to_pcm(pcm_to_mulaw(to_pcm(noisy)))


def hear(recognizer: Recognizer, pcm: bytes, lang: Lang) -> list[Hypothesis]:
    stream = recognizer.open(Expectation(slot="pieces", lang=lang, now=NOW))
    for frame in frames(pcm):
        stream.feed(frame)
    return list(stream.finish())


def values(understander: Understander, heard: list[Hypothesis], lang: Lang) -> dict[str, object]:
    """The fields that the desk reads from what was recognised."""
    best = heard[0]
    utterance = Utterance(
        text=best.text,
        lang=lang,
        confidence=best.confidence,
        alternatives=tuple(h.text for h in heard[1:]),
    )
    expected = Expectation(slot="pieces", lang=lang, now=NOW)
    found = understander.understand(utterance, expected).fields
    return {field.name: field.value for field in found}


@pytest.mark.parametrize("lang", LANGS)
def test_the_prompt_voice_is_understood_over_the_telephone(
    whisper: WhisperRecognizer,
    neural: NeuralSynthesizer,
    understander: Understander,
    lang: Lang,
) -> None:
    pcm = neural.speak(SAID[lang], lang=lang)
    assert 2000 < duration_ms(pcm) < 8000
    heard = hear(whisper, over_the_line(pcm), lang)
    assert heard[0].lang == lang
    assert all(0 <= h.confidence <= 1 for h in heard)
    assert len({h.text for h in heard}) == len(heard)
    found = values(understander, heard, lang)
    assert {name: found.get(name) for name in MEANT} == MEANT


def test_the_fallback_voice_is_understood_in_english(
    whisper: WhisperRecognizer, espeak: Pyttsx3Synthesizer, understander: Understander
) -> None:
    heard = hear(whisper, over_the_line(espeak.speak(SAID["en"], lang="en")), "en")
    assert values(understander, heard, "en").get("pieces") == 16


@pytest.mark.parametrize("lang", LANGS)
def test_voices_keep_to_the_line(
    neural: NeuralSynthesizer, espeak: Pyttsx3Synthesizer, lang: Lang
) -> None:
    word = {"zh": "好的。", "en": "All right."}[lang]
    voices: list[Synthesizer] = [neural, espeak]
    for voice in voices:
        pcm = voice.speak(word, lang=lang)
        assert 200 < duration_ms(pcm) < 2000
        assert -40 < level_dbfs(pcm) < -6
        assert float(np.abs(to_float(pcm)).max()) <= 0.9
        assert voice.speak("……", lang=lang) == b""


def test_a_clause_that_cannot_be_made_is_an_error_of_the_voice(neural: NeuralSynthesizer) -> None:
    with pytest.raises(ExternalError, match="The voice failed"):
        neural.speak("您好", lang="zh", rate=float("nan"))


def test_a_slower_voice_takes_longer(neural: NeuralSynthesizer) -> None:
    normal = duration_ms(neural.speak("请稍等。", lang="zh"))
    assert duration_ms(neural.speak("请稍等。", lang="zh", rate=0.75)) > normal * 1.1


@pytest.mark.parametrize("samples", [silence(1500), noise(1500, level=0.0005), silence(40)])
def test_whisper_invents_nothing_on_a_quiet_line(
    whisper: WhisperRecognizer, samples: np.ndarray
) -> None:
    assert hear(whisper, b"".join(on_line(samples)), "zh") == []


def test_the_other_language_is_noticed(
    whisper: WhisperRecognizer, neural: NeuralSynthesizer
) -> None:
    heard = hear(whisper, over_the_line(neural.speak(SAID["en"], lang="en")), "zh")
    assert heard[0].lang == "en"


def test_calls_share_one_model(whisper: WhisperRecognizer, neural: NeuralSynthesizer) -> None:
    pcm = over_the_line(neural.speak(SAID["en"], lang="en"))
    alone = hear(whisper, pcm, "en")
    together: list[list[Hypothesis]] = []
    calls = [
        threading.Thread(target=lambda: together.append(hear(whisper, pcm, "en"))) for _ in range(2)
    ]
    for call in calls:
        call.start()
    for call in calls:
        call.join()
    assert [[h.text for h in heard] for heard in together] == [[h.text for h in alone]] * 2


def test_a_folder_without_weights_is_named(tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = tmp_path_factory.mktemp("empty")
    with pytest.raises(ExternalError, match=str(empty)):
        WhisperRecognizer(empty).warm_up()
    with pytest.raises(ExternalError, match=str(empty)):
        NeuralSynthesizer(empty).speak("您好", lang="zh")
    (empty / "model.onnx").write_bytes(b"cut off")
    with pytest.raises(ExternalError, match=str(empty)):
        NeuralSynthesizer(empty).speak("您好", lang="zh")
    with pytest.raises(ExternalError, match=r"am/final.mdl"):
        VoskRecognizer({"zh": empty}).warm_up()


def test_vosk_streams() -> None:
    folder = model("vosk-ko-0.1.0").path("vosk-ko-0.1.0")
    stream = VoskRecognizer({"zh": folder}).open(Expectation(slot="pieces", now=NOW))
    for frame in on_line(silence(500)):
        stream.feed(frame)
    assert list(stream.finish()) == []
    pcm = on_line(np.concatenate([silence(300), speech(2000, seed=2, level=0.2), silence(300)]))
    partials = set()
    for frame in pcm:
        stream.feed(frame)
        partials.add(stream.partial())
    first, *_ = stream.finish()
    assert first.text
    assert any(partials)
    assert all(word.started_ms <= word.ended_ms for word in first.words)
    assert 0 <= first.confidence <= 1
