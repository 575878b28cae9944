"""The call loop: one call on a fake line, with a real store behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from models.call import Call, Disposition
from models.errors import RuleError
from models.store import Store
from nlp.dialogue.actions import Action, HangUp, Listen, Say, Transfer
from nlp.dialogue.events import CallBegan, CallerSpoke, EffectFailed, KeysPressed, SayEnded
from nlp.meaning import Expectation
from tests.fakes import (
    DeafRecognizer,
    FakeLeg,
    FakeRecognizer,
    FakeUnderstander,
    FakeVoice,
    ScriptedDialogue,
)
from tests.orders import MOBILE, NOW
from tests.sounds import Samples, noise, on_line, speech
from voice.effects import Effects
from voice.ports import FRAME_MS, Audio, Key, LegEnded
from voice.ranked import RankedPool
from voice.recording import Recorder
from voice.session import CallSession, Engines
from voice.timing import TurnTiming

SID = "CA" + "0" * 32
ASKED = Expectation(slot="pieces", now=NOW)
HELLO = Say(id="s1", text="您好。请问件数是多少？", prompt="ask@1")
BYE = Say(id="s2", text="再见。", prompt="bye@1")
NOTICE = Say(id="n", text="危险货物通知函。", prompt="notice@1", interruptible=False)
BRIDGE = "请稍等。"
ANSWER = (noise(300), speech(900, seed=2), noise(1200))


async def eventually(true: Callable[[], bool]) -> None:
    """Lets the other tasks run until `true`."""
    for _ in range(2_000):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came")


class Rig:
    """One call: its line, its dialogue, and what became of it."""

    def __init__(
        self,
        store: Store,
        folder: Path,
        dialogue: ScriptedDialogue,
        recognizer: FakeRecognizer | None = None,
    ) -> None:
        self.store = store
        self.dialogue = dialogue
        self.leg = FakeLeg()
        self.plays = True
        self.shown = NOW
        self.marks: list[str] = []
        self.understander = FakeUnderstander()
        self.timings: list[TurnTiming] = []
        self.path = folder / "call.wav"
        self._fed_ms = 0
        self.pool = ThreadPoolExecutor(4)
        self.engines = Engines(
            recognizer=recognizer or FakeRecognizer("十六件", "十六间"),
            synthesizer=FakeVoice(),
            understander=self.understander,
            hearing_pool=RankedPool(self.pool),
            thinking_pool=self.pool,
            speaking_pool=self.pool,
            making_pool=RankedPool(self.pool),
            bridge=lambda say_id, lang: Say(id=say_id, text=BRIDGE, prompt="bridge@1", lang=lang),
            on_timing=lambda _sid, timing: self.timings.append(timing),
            wall=lambda: self.shown,
        )
        self.session = CallSession(
            leg=self.leg,
            engines=self.engines,
            dialogue=dialogue,
            effects=Effects(
                store=store,
                call=Call(sid=SID, caller=MOBILE, called=None, started_at=NOW),
                wall=lambda: NOW,
                open_now=lambda _at: True,
                link_hours=72,
                recording=str(self.path),
            ),
            recorder=Recorder(self.path),
        )
        self.running = asyncio.create_task(self.session.run())
        self._line = asyncio.create_task(self._play())

    async def _play(self) -> None:
        while True:
            if self.plays:
                for mark in self.leg.play():
                    self.marks.append(mark.name)
                    self.leg.inbox.put_nowait(mark)
            await asyncio.sleep(0.01)

    async def speak(self, *sounds: Samples) -> None:
        """The caller's audio, faster than he speaks."""
        for pcm in on_line(np.concatenate(sounds)):
            self.leg.inbox.put_nowait(Audio(pcm, self._fed_ms))
            self._fed_ms += FRAME_MS
            await asyncio.sleep(0)

    async def until(self, kind: str, count: int = 1) -> None:
        """Waits for the dialogue to have had `count` events of a kind."""
        await eventually(lambda: self.running.done() or self.dialogue.kinds().count(kind) >= count)

    def said(self) -> list[str]:
        """Whose turns are stored so far."""
        with self.store.reading() as uow:
            call = uow.calls.get(SID)
        return [turn.speaker for turn in call.turns] if call is not None else []

    def hang_up(self, *, clean: bool = True) -> None:
        self.leg.inbox.put_nowait(LegEnded(clean=clean))

    async def over(self) -> Call:
        """Waits for the end; the call as it was stored."""
        await self.running
        with self.store.reading() as uow:
            call = uow.calls.get(SID)
        assert call is not None
        return call

    async def stop(self) -> None:
        self._line.cancel()
        self.running.cancel()
        await asyncio.gather(self.running, self._line, return_exceptions=True)
        self.understander.go_on.set()
        self.pool.shutdown()


Answers = Sequence[Sequence[Action] | Exception]
Begin = Callable[..., Rig]


@pytest.fixture
async def begin(sqlite_store: Store, tmp_path: Path) -> AsyncIterator[Begin]:
    calls: list[Rig] = []

    def one(recognizer: FakeRecognizer | None = None, **answers: Answers) -> Rig:
        dialogue = ScriptedDialogue(**answers)
        calls.append(Rig(sqlite_store, tmp_path, dialogue, recognizer))
        return calls[-1]

    yield one
    for call in calls:
        await call.stop()


def spoken(call: Call) -> list[tuple[str, str]]:
    return [(turn.speaker, turn.text) for turn in call.turns]


async def test_a_call_from_the_greeting_to_the_last_word(begin: Begin) -> None:
    listen = Listen(expectation=ASKED)
    call = begin(
        call_began=[[HELLO, listen]],
        caller_spoke=[[BYE, HangUp(disposition=Disposition.INFORMED)]],
    )
    await call.until("say_ended")
    await call.speak(*ANSWER)
    stored = await call.over()
    assert call.dialogue.kinds() == ["call_began", "say_ended", "caller_spoke"]
    began, _, spoke = call.dialogue.events
    assert isinstance(began, CallBegan)
    assert (began.caller, began.caller_is_mobile, began.open_now) == (MOBILE, True, True)
    assert isinstance(spoke, CallerSpoke)
    assert spoke.utterance.text == "十六件"
    assert spoke.utterance.alternatives == ("十六间",)
    assert (spoke.utterance.turn, spoke.during_say) == (1, None)
    [(utterance, expectation)] = call.understander.given
    assert (utterance.text, utterance.alternatives) == ("十六件", ("十六间",))
    assert expectation == ASKED
    assert call.leg.closed
    assert stored.disposition is Disposition.INFORMED
    assert stored.recording == str(call.path)
    assert call.path.exists()
    assert spoken(stored) == [
        ("assistant", HELLO.text),
        ("caller", "十六件"),
        ("assistant", BYE.text),
    ]
    hello, caller, bye = stored.turns
    assert (hello.prompt, hello.heard_ratio, bye.heard_ratio) == ("ask@1", 1.0, 1.0)
    assert caller.confidence == 0.9
    assert "".join(word.text for word in caller.words) == "十六件"
    # The fake's words begin with the audio that it was given, a little before the speech.
    assert 0 <= caller.started_ms - caller.words[0].started_ms <= 600
    assert caller.words[1].started_ms - caller.words[0].started_ms == 100
    with call.store.reading() as uow:
        assert len(uow.calls.events(SID)) == 3
    [timing] = call.timings
    assert timing.turn_ended <= timing.recognised <= timing.understood <= timing.decided
    assert timing.decided <= timing.first_frame


async def test_a_caller_who_hangs_up_is_recorded_as_gone(begin: Begin) -> None:
    call = begin(call_began=[[HELLO, Listen(expectation=ASKED)]])
    await call.until("say_ended")
    call.hang_up()
    stored = await call.over()
    assert call.dialogue.kinds()[-1] == "caller_hung_up"
    assert stored.disposition is Disposition.ABANDONED


async def test_a_line_that_breaks_leaves_the_call_open(begin: Begin) -> None:
    call = begin(call_began=[[HELLO, Listen(expectation=ASKED)]])
    call.plays = False
    await eventually(lambda: len(call.leg.sent) > 0)
    call.hang_up(clean=False)
    stored = await call.over()
    assert "caller_hung_up" not in call.dialogue.kinds()
    assert stored.disposition is None
    [hello] = stored.turns
    assert hello.heard_ratio == 0.0
    assert hello.ended_ms is not None


async def test_a_hang_up_during_the_last_word_keeps_what_was_decided(begin: Begin) -> None:
    call = begin(call_began=[[BYE, HangUp(disposition=Disposition.REFUSED)]])
    call.plays = False
    await eventually(lambda: "s2/0" in call.leg.sent)
    call.hang_up()
    stored = await call.over()
    assert stored.disposition is Disposition.REFUSED
    assert "caller_hung_up" not in call.dialogue.kinds()


async def test_a_transfer_is_how_the_call_ended(begin: Begin) -> None:
    transfer = Transfer(role="head", reason="asked for a person")
    call = begin(call_began=[[BYE, transfer]])
    call.plays = False
    await eventually(lambda: "s2/0" in call.leg.sent)
    await asyncio.sleep(0.6)
    assert not call.leg.closed, "the last word has not been heard"
    call.plays = True
    stored = await call.over()
    await eventually(lambda: call.leg.closed)
    assert stored.disposition is Disposition.TRANSFERRED
    with call.store.reading() as uow:
        assert uow.calls.row(SID).transfer_to == "head"
        assert [task.kind for task in uow.tasks.still_open()] == ["transfer_head"]


async def test_keys_cut_off_what_is_said(begin: Begin) -> None:
    call = begin(call_began=[[HELLO, Listen(expectation=ASKED, keys=2)]])
    call.plays = False
    await eventually(lambda: "s1/1" in call.leg.sent)
    call.leg.inbox.put_nowait(Key("1"))
    await eventually(lambda: call.leg.cleared == 1)
    call.leg.inbox.put_nowait(Key("6"))
    await call.until("keys_pressed")
    _, cut, keys = call.dialogue.events
    assert isinstance(cut, SayEnded)
    assert (cut.say_id, cut.heard_ratio) == ("s1", 0.0)
    assert isinstance(keys, KeysPressed)
    assert keys.keys == "16"


async def test_silence_is_told_once(begin: Begin) -> None:
    call = begin(call_began=[[Listen(expectation=ASKED, no_input_ms=200)]])
    await call.until("silence_fell")
    await asyncio.sleep(0.5)
    assert call.dialogue.kinds().count("silence_fell") == 1


async def test_an_engine_that_fails_is_the_dialogues_matter(begin: Begin) -> None:
    call = begin(DeafRecognizer("十六件"), call_began=[[Listen(expectation=ASKED)]])
    await call.until("call_began")
    await call.speak(*ANSWER)
    await call.until("effect_failed")
    failed = call.dialogue.events[-1]
    assert failed == EffectFailed(at=NOW, action="recognise", retryable=True)


async def test_speech_without_words_is_said_to_be_so(begin: Begin) -> None:
    call = begin(FakeRecognizer("  "), call_began=[[Listen(expectation=ASKED)]])
    await call.until("call_began")
    await call.speak(*ANSWER)
    await call.until("nothing_understood")
    assert call.understander.given == []


async def test_a_refused_event_ends_nothing(begin: Begin) -> None:
    call = begin(
        call_began=[[Listen(expectation=ASKED)]],
        caller_spoke=[RuleError("not now"), [HangUp(disposition=Disposition.INFORMED)]],
    )
    await call.until("call_began")
    await call.speak(*ANSWER)
    await call.until("caller_spoke")
    await call.speak(*ANSWER)
    stored = await call.over()
    assert stored.disposition is Disposition.INFORMED
    assert spoken(stored) == [("caller", "十六件")] * 2


async def test_a_call_that_breaks_loses_nothing(begin: Begin) -> None:
    call = begin(
        call_began=[[HELLO, Listen(expectation=ASKED)]], caller_spoke=[ZeroDivisionError("a fault")]
    )
    await call.until("say_ended")
    await call.speak(*ANSWER)
    with pytest.raises(ZeroDivisionError):
        await call.running
    with call.store.reading() as uow:
        stored = uow.calls.get(SID)
    assert stored is not None
    assert spoken(stored) == [("assistant", HELLO.text), ("caller", "十六件")]
    assert stored.disposition is None
    assert call.path.exists()


async def test_words_over_the_notice_are_written_but_do_not_stop_it(begin: Begin) -> None:
    call = begin(
        call_began=[[Listen(expectation=ASKED)]], caller_spoke=[[NOTICE, Listen(expectation=ASKED)]]
    )
    call.understander.hold()
    await call.until("call_began")
    call.plays = False  # the notice lasts until the caller's words over it are written
    await call.speak(*ANSWER)
    await eventually(lambda: call.understander.waiting)
    await call.speak(speech(900, seed=3))
    call.understander.go_on.set()
    await call.until("caller_spoke")
    await call.speak(noise(1500))
    await eventually(lambda: call.said().count("caller") == 2)
    call.plays = True
    await call.until("say_ended")
    assert call.dialogue.kinds() == ["call_began", "caller_spoke", "say_ended"]
    ended = call.dialogue.events[-1]
    assert isinstance(ended, SayEnded)
    assert ended.heard_ratio == 1.0
    call.hang_up()
    stored = await call.over()
    assert sorted(spoken(stored)) == [
        ("assistant", NOTICE.text),
        ("caller", "十六件"),
        ("caller", "十六件"),
    ]


async def test_a_long_wait_is_bridged(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voice.session._DEAD_AIR_MS", 200)
    call = begin(
        call_began=[[Listen(expectation=ASKED)]],
        caller_spoke=[[BYE, Listen(expectation=ASKED)]],
    )
    call.understander.hold()
    await call.until("call_began")
    await call.speak(*ANSWER)
    await eventually(lambda: "bridge-1/0" in call.marks)
    call.understander.go_on.set()
    await eventually(lambda: "s2/0" in call.marks)
    await call.until("say_ended")
    call.hang_up()
    stored = await call.over()
    said = [turn.text for turn in stored.turns if turn.speaker == "assistant"]
    assert (said[0], said[-1]) == (BRIDGE, BYE.text)
    ended = [event.say_id for event in call.dialogue.events if isinstance(event, SayEnded)]
    assert ended == ["s2"]


@pytest.mark.parametrize("jump", [timedelta(hours=-25), timedelta(hours=25)])
async def test_a_clock_that_is_set_in_a_call_moves_no_turn(begin: Begin, jump: timedelta) -> None:
    call = begin(call_began=[[HELLO, Listen(expectation=ASKED)]], caller_spoke=[[], []])
    await call.until("say_ended")
    await call.speak(*ANSWER)
    await call.until("caller_spoke")
    call.shown = NOW + jump
    await call.speak(*ANSWER)
    await call.until("caller_spoke", 2)
    call.hang_up()
    stored = await call.over()
    assert [turn.speaker for turn in stored.turns] == ["assistant", "caller", "caller"]
    times = [(turn.started_ms, turn.ended_ms) for turn in stored.turns[1:]]
    assert times == sorted(times)
    assert all(end is not None and start < end < 60_000 for start, end in times)
    assert call.dialogue.events[-1].at == NOW + jump
    assert stored.ended_at is not None
    assert stored.ended_at >= stored.started_at
