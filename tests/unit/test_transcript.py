"""The growing transcript: every turn once, in order, however the call ends."""

from __future__ import annotations

import asyncio
import threading

from hypothesis import given
from hypothesis import strategies as st

from models.call import Turn, Word
from nlp.dialogue.actions import Say
from voice.transcript import Transcript


def say(name: str) -> Say:
    return Say(id=name, text=f"text of {name}", prompt=f"{name}@1", order_version=2)


class Written:
    """Keeps turns as a store would: the last version of each index."""

    def __init__(self) -> None:
        self.log: list[Turn] = []

    def __call__(self, turn: Turn) -> None:
        self.log.append(turn)

    @property
    def turns(self) -> list[Turn]:
        return list({turn.index: turn for turn in self.log}.values())


async def test_a_turn_is_written_when_it_begins_and_when_it_ends() -> None:
    written = Written()
    transcript = Transcript(written)
    transcript.say_started(say("a"), 100)
    transcript.say_ended(say("a"), 900, 0.5)
    await transcript.close(1000)
    begun, ended = written.log
    assert (begun.index, begun.started_ms, begun.ended_ms, begun.heard_ratio) == (
        0,
        100,
        None,
        None,
    )
    assert (ended.index, ended.started_ms, ended.ended_ms, ended.heard_ratio) == (0, 100, 900, 0.5)
    assert (ended.text, ended.prompt, ended.order_version) == ("text of a", "a@1", 2)


async def test_the_caller_is_written_with_confidence() -> None:
    written = Written()
    transcript = Transcript(written)
    transcript.say_started(say("a"), 0)
    assert transcript.caller("十六件", started_ms=10, ended_ms=20, confidence=0.7) == 1
    await transcript.close(1000)
    turn = written.turns[1]
    assert (turn.speaker, turn.text, turn.started_ms, turn.ended_ms) == ("caller", "十六件", 10, 20)
    assert turn.confidence == 0.7


async def test_words_follow_their_turn() -> None:
    written = Written()
    transcript = Transcript(written)
    index = transcript.caller("十六件", started_ms=10, ended_ms=20, confidence=0.7)
    word = Word(text="十六", started_ms=10, ended_ms=15, confidence=0.8)
    transcript.timed(index, [word])
    transcript.timed(index + 1, [word])
    transcript.timed(transcript.caller("件", started_ms=30, ended_ms=40, confidence=0.7), [])
    await transcript.close(1000)
    assert [(turn.text, turn.words) for turn in written.log] == [
        ("十六件", ()),
        ("十六件", (word,)),
        ("件", ()),
    ]


async def test_what_never_began_leaves_no_trace() -> None:
    written = Written()
    transcript = Transcript(written)
    transcript.say_ended(say("a"), 900, 0.0)
    await transcript.close(1000)
    assert written.log == []


async def test_a_call_that_comes_back_goes_on_counting() -> None:
    written = Written()
    transcript = Transcript(written)
    transcript.start_from(7)
    transcript.say_started(say("a"), 0)
    await transcript.close(50)
    assert [(turn.index, turn.ended_ms, turn.heard_ratio) for turn in written.turns] == [
        (7, 50, 0.0)
    ]


async def test_turns_are_written_while_the_call_runs() -> None:
    written = Written()
    transcript = Transcript(written)
    writing = asyncio.create_task(transcript.run())
    transcript.say_started(say("a"), 0)
    for _ in range(2_000):
        if written.log:
            break
        await asyncio.sleep(0.005)
    assert [turn.text for turn in written.log] == ["text of a"]
    writing.cancel()


async def test_a_write_under_way_when_the_call_ends_comes_first() -> None:
    begun, go_on = threading.Event(), threading.Event()
    written = Written()

    def put(turn: Turn) -> None:
        if turn.ended_ms is None:
            begun.set()
            assert go_on.wait(30)
        written(turn)

    transcript = Transcript(put)
    writing = asyncio.create_task(transcript.run())
    transcript.say_started(say("a"), 0)
    await asyncio.to_thread(begun.wait, 30)
    writing.cancel()
    closing = asyncio.create_task(transcript.close(900))
    await asyncio.wait([closing], timeout=0.05)
    go_on.set()
    await closing
    assert [turn.ended_ms for turn in written.log] == [None, 900]


steps = st.lists(
    st.tuples(st.sampled_from(["start", "end", "caller"]), st.integers(0, 4)), max_size=30
)


@given(steps)
def test_any_call_leaves_a_whole_transcript(script: list[tuple[str, int]]) -> None:
    async def play() -> tuple[Written, list[str]]:
        written, said = Written(), []
        transcript = Transcript(written)
        running: set[int] = set()
        for at_ms, (step, number) in enumerate(script):
            if step == "caller":
                transcript.caller(f"c{at_ms}", started_ms=at_ms, ended_ms=at_ms, confidence=1)
                said.append(f"c{at_ms}")
            elif step == "start" and number not in running:
                running.add(number)
                transcript.say_started(say(str(number)), at_ms)
                said.append(f"text of {number}")
            elif step == "end":
                running.discard(number)
                transcript.say_ended(say(str(number)), at_ms, 1.0)
        await transcript.close(len(script))
        return written, said

    written, said = asyncio.run(play())
    assert [turn.text for turn in written.turns] == said
    assert [turn.index for turn in written.turns] == list(range(len(said)))
    assert all(turn.ended_ms is not None for turn in written.turns)
