"""What the ear makes of a line: turns, early readings, echoes, interruptions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import numpy as np
import pytest

from models.call import Lang
from nlp.dialogue.actions import Listen, Say
from nlp.meaning import Expectation
from tests.fakes import DeafRecognizer, FakeLeg, FakeRecognizer, FakeVoice, InlineExecutor
from tests.sounds import Samples, echo, noise, on_line, silence, speech
from voice.audio import to_pcm
from voice.endpointing import Timing
from voice.listener import HeardTurn, Listener
from voice.player import Player, PlayerListener
from voice.ports import FRAME_MS, Audio
from voice.ranked import RankedPool

PIECES = Listen(expectation=Expectation(slot="pieces", now=datetime(2026, 11, 24, tzinfo=UTC)))
WAITS = Timing().waits["normal"]
SAYS = speech(3000, seed=1, level=0.08)


class TalkingVoice(FakeVoice):
    """Speaks three seconds of sound."""

    def speak(self, clause: str, *, lang: Lang, rate: float = 1.0) -> bytes:
        return to_pcm(SAYS.astype(np.float32))


class Ear:
    """A listener beside a player, on a line whose time is the test's."""

    def __init__(self, recognizer: FakeRecognizer, *, answered: bool = False) -> None:
        self.now = 0
        self.turns: list[HeardTurn] = []
        self.barged_in: list[int] = []
        pool = InlineExecutor()
        self.player = Player(
            leg=FakeLeg(),
            synthesizer=TalkingVoice(),
            pool=pool,
            making=RankedPool(pool),
            now_ms=lambda: self.now,
            listener=PlayerListener(
                started=lambda _say, _at: None,
                ended=lambda _say, _at, _ratio: None,
                played=lambda _at, _pcm: None,
                failed=lambda _error: None,
            ),
        )
        self.playing = asyncio.create_task(self.player.run())
        self.listener = Listener(
            recognizer=recognizer,
            pool=RankedPool(pool),
            thinking=pool,
            player=self.player,
            now_ms=lambda: self.now,
            on_barge_in=lambda: self.barged_in.append(self.now),
            on_turn=self.turns.append,
            listen=PIECES,
            answered=lambda _found, _expectation: answered,
        )

    async def hear(self, *sounds: Samples) -> None:
        """Plays the sounds into the ear, frame by frame."""
        for pcm in on_line(np.concatenate(sounds)):
            self.listener.frame(Audio(pcm, self.now))
            self.now += FRAME_MS
            for _ in range(8):
                await asyncio.sleep(0)

    async def say(self, *, interruptible: bool = True) -> None:
        """The assistant begins to speak."""
        say = Say(id="s1", text="请问件数是多少", prompt="ask@1", interruptible=interruptible)
        self.player.queue(say)
        for _ in range(500):
            await asyncio.sleep(0)
        assert self.player.sounding


@pytest.fixture
async def cleanup() -> AsyncIterator[list[Ear]]:
    ears: list[Ear] = []
    yield ears
    for made in ears:
        made.playing.cancel()


def ear(ears: list[Ear], recognizer: FakeRecognizer | None = None) -> Ear:
    ears.append(Ear(recognizer or FakeRecognizer("十六件")))
    return ears[-1]


async def test_a_turn_is_recognised_whole(cleanup: list[Ear]) -> None:
    recognizer = FakeRecognizer("十六件", "十六间")
    one = ear(cleanup, recognizer)
    await one.hear(noise(1000), speech(1000), noise(1500))
    [turn] = one.turns
    assert [h.text for h in turn.hypotheses] == ["十六件", "十六间"]
    assert turn.listen == PIECES
    assert (turn.barged_in, turn.failed) == (False, False)
    assert abs(turn.started_ms - 1000) <= 100
    assert 1900 <= turn.speech_ended_ms <= 2400
    assert turn.turn_ended_ms >= turn.speech_ended_ms + WAITS.complete
    assert recognizer.opened == [PIECES.expectation]
    heard_ms = recognizer.read[-1] / 16
    assert heard_ms >= 1000 + 300, "the time before speech was noticed belongs to it"
    assert not one.listener.busy


@pytest.mark.parametrize(
    ("text", "wait"),
    [("十六件", WAITS.complete), ("十六件和", WAITS.incomplete), ("", WAITS.unknown)],
)
async def test_what_is_heard_early_decides_how_long_to_wait(
    cleanup: list[Ear], text: str, wait: int
) -> None:
    one = ear(cleanup, FakeRecognizer(text))
    await one.hear(noise(600), speech(1000), noise(2500))
    [turn] = one.turns
    assert abs(turn.turn_ended_ms - turn.speech_ended_ms - wait) <= FRAME_MS


async def test_an_early_answer_shortens_the_wait(cleanup: list[Ear]) -> None:
    cleanup.append(one := Ear(FakeRecognizer("十六"), answered=True))
    await one.hear(noise(600), speech(1000), noise(2500))
    [turn] = one.turns
    assert abs(turn.turn_ended_ms - turn.speech_ended_ms - WAITS.answered) <= FRAME_MS


async def test_a_caller_who_goes_on_is_read_again(cleanup: list[Ear]) -> None:
    recognizer = FakeRecognizer("十六件和")
    one = ear(cleanup, recognizer)
    await one.hear(noise(600), speech(800), noise(700), speech(800, seed=2), noise(2500))
    assert len(one.turns) == 1
    assert len(recognizer.read) == 2
    assert recognizer.read[1] - recognizer.read[0] >= 1000 * 16
    assert len(recognizer.opened) == 1


async def test_two_turns_are_two(cleanup: list[Ear]) -> None:
    one = ear(cleanup)
    await one.hear(noise(600), speech(800), noise(1500), speech(800, seed=2), noise(1500))
    first, second = one.turns
    assert first.speech_ended_ms < second.started_ms


async def test_what_is_expected_may_change_between_turns(cleanup: list[Ear]) -> None:
    recognizer = FakeRecognizer("1")
    one = ear(cleanup, recognizer)
    number = Listen(
        expectation=Expectation(slot="weight_kg", now=PIECES.expectation.now), patience="number"
    )
    await one.hear(noise(600), speech(400))
    assert one.listener.in_speech
    one.listener.expect(number)
    await one.hear(speech(400, seed=2), noise(2500), speech(800, seed=3), noise(2500))
    assert [asked.slot for asked in recognizer.opened] == ["pieces", "weight_kg"]
    assert one.turns[1].listen == number


async def test_noise_is_no_turn(cleanup: list[Ear]) -> None:
    recognizer = FakeRecognizer("谢谢观看")
    one = ear(cleanup, recognizer)
    await one.hear(noise(1000), noise(1000, level=0.05), silence(1000))
    assert (one.turns, recognizer.opened) == ([], [])


async def test_an_engine_that_fails_is_told(cleanup: list[Ear]) -> None:
    one = ear(cleanup, DeafRecognizer("十六件"))
    await one.hear(noise(600), speech(800), noise(2500), speech(800), noise(2500))
    assert [(turn.failed, turn.hypotheses) for turn in one.turns] == [(True, ())] * 2


async def test_the_assistants_echo_is_no_turn(cleanup: list[Ear]) -> None:
    one = ear(cleanup)
    await one.say()
    back = echo(np.concatenate([SAYS, silence(500)]), delay_ms=160, db=-12)
    await one.hear(back, noise(1500))
    assert (one.turns, one.barged_in) == ([], [])


async def test_a_caller_may_interrupt(cleanup: list[Ear]) -> None:
    one = ear(cleanup)
    await one.say()
    await one.hear(echo(SAYS[: 1000 * 8], delay_ms=160, db=-20))
    assert one.barged_in == []
    began = one.now
    own = np.concatenate([speech(1200, seed=7), silence(300)])
    await one.hear(own + echo(SAYS, delay_ms=160, db=-20)[1000 * 8 : 2500 * 8])
    [at] = one.barged_in
    assert began < at <= began + 400
    await one.player.interrupt()
    await one.hear(noise(1500))
    [turn] = one.turns
    assert turn.barged_in
    assert abs(turn.started_ms - began) <= 400


async def test_the_notice_is_not_interrupted(cleanup: list[Ear]) -> None:
    one = ear(cleanup)
    await one.say(interruptible=False)
    await one.hear(speech(1500, seed=7))
    assert (one.turns, one.barged_in, one.listener.in_speech) == ([], [], False)
