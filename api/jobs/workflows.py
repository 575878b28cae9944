"""The workflows: which step follows which. A workflow goes on where its process died.

Each is named by the outbox row that caused it. Steps are the methods of `Sending`, `Life` and
`Errands`; what they answer is kept, so a workflow that is taken up again does no step twice that
had ended. A step that had not ended is done again, which every step allows for. Waiting costs no
thread. Change the order of steps only together with `api.jobs.engine.VERSION`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import astuple
from functools import partial
from typing import Any, TypeVar

from dbos import DBOS

from api.jobs.errands import Errands
from api.jobs.life import Life, Next
from api.jobs.pace import Pace
from api.jobs.rehearing import Rehearing
from api.jobs.sending import AGAIN, ARRIVED, DONE, FAILED, GONE, UNDERWAY, USELESS, Sending
from models import desk
from models.errors import IntakeError

T = TypeVar("T")
Workflow = Callable[[int], Coroutine[Any, Any, str]]

#: Messages that wake a workflow come under this topic.
WAKE_TOPIC = "wake"
_STEP_TRIES = 8


class Workflows:
    """What is done for each kind of outbox row."""

    def __init__(
        self,
        sending: Sending,
        life: Life,
        errands: Errands,
        pace: Pace,
        rehearing: Rehearing | None = None,
    ) -> None:
        self._rehearing = rehearing
        self._sending = sending
        self._life = life
        self._errands = errands
        self._pace = pace

    def by_kind(self) -> Mapping[str, Workflow]:
        """The workflow of each kind of row."""
        return {
            "sms_link": self.link,
            "sms_reminder": self.text,
            "sms_code": self.text,
            desk.PAPER: self.paper,
            "take_over": self.take_over,
            desk.HEAR_AGAIN: self.hear_again,
        }

    async def text(self, row_id: int) -> str:
        """A message that stands alone: sent, and watched until it arrives."""
        outcome = await self._send(row_id)
        if outcome == DONE:
            outcome = await self._watch(row_id)
        return await self._finish(row_id, outcome)

    async def link(self, row_id: int) -> str:
        """An order's life from its signing link to its release, its change or its end."""
        outcome = await self._send(row_id)
        if outcome == DONE:
            outcome = await self._watch(row_id)
        reminded = 0
        while True:
            if outcome == UNDERWAY:
                outcome = await self._delivery(row_id, ask=False)
            reachable = outcome in {ARRIVED, UNDERWAY}
            step = await self._step("look", self._look, row_id, reminded, reachable)
            following = Next(*step)
            if following.do == "wait":
                await DBOS.recv_async(WAKE_TOPIC, following.seconds)
            elif following.do == "remind":
                await self._step("remind", self._life.remind, row_id, following.reminder)
                reminded = following.reminder
            elif following.do == "end" or not await self._step("expire", self._life.expire, row_id):
                await self._finish(row_id, outcome)
                return following.why

    async def paper(self, row_id: int) -> str:
        """A signed document."""
        outcome = await self._tried("paper", self._errands.make_paper, row_id, self._pace.retries)
        if outcome == FAILED:
            await self._step("no paper", self._errands.no_paper, row_id)
        return await self._finish(row_id, outcome)

    async def take_over(self, row_id: int) -> str:
        """A running call passed on to a person."""
        outcome = await self._tried("pass on", self._errands.pass_on, row_id, self._pace.line)
        if outcome == FAILED:
            await self._step("not passed on", self._errands.not_passed_on, row_id)
        return await self._finish(row_id, outcome)

    async def hear_again(self, row_id: int) -> str:
        """A recording heard again, turn by turn, whenever the machine has time."""
        ear = self._rehearing
        if ear is None:
            return await self._finish(row_id, USELESS)
        outcome = DONE
        for turn in await self._step("turns", ear.turns, row_id):
            hear = partial(_turned, ear.hear, turn)
            outcome = await self._tried("hear", hear, row_id, self._pace.room)
            if outcome != DONE:
                break
        ear.let_go()
        await self._step("finish", self._errands.finish, row_id, "done", outcome)
        return outcome

    async def _send(self, row_id: int) -> str:
        """Hands a message over; where that fails for good, says what was done instead."""
        outcome = await self._tried("send", self._hand_over, row_id, self._pace.retries)
        if outcome == FAILED:
            return await self._step("give up", self._sending.give_up, row_id)
        return outcome

    async def _watch(self, row_id: int) -> str:
        """Waits for the delivery report, and asks where none comes."""
        polls = list(self._pace.polls)
        while polls:
            woken = await DBOS.recv_async(WAKE_TOPIC, polls[0])
            outcome = await self._delivery(row_id, ask=woken is None)
            if outcome != UNDERWAY:
                return outcome
            if woken is None:
                polls.pop(0)
        return UNDERWAY

    async def _delivery(self, row_id: int, *, ask: bool) -> str:
        outcome = await self._step("delivery", self._sending.delivery, row_id, ask)
        if outcome == GONE:
            return await self._step("lost", self._sending.lost, row_id)
        return outcome

    async def _finish(self, row_id: int, outcome: str) -> str:
        state = "failed" if outcome in {FAILED, USELESS, "task"} else "done"
        await self._step("finish", self._errands.finish, row_id, state, outcome)
        return outcome

    async def _tried(
        self, name: str, run: Callable[[int], str], row_id: int, waits: tuple[float, ...]
    ) -> str:
        """Does a step until it works, is refused, or was tried often enough."""
        for wait in waits:
            outcome = await self._step(name, run, row_id)
            word, _, least = outcome.partition(" ")
            if word != AGAIN:
                return outcome
            await DBOS.sleep_async(max(wait, float(least or 0)))
        outcome = await self._step(name, run, row_id)
        return FAILED if outcome.startswith(AGAIN) else outcome

    def _hand_over(self, row_id: int) -> str:
        return self._sending.hand_over(row_id, self._pace.settle)

    def _look(self, row_id: int, reminded: int, reachable: bool) -> tuple[Any, ...]:
        """`Life.look`, as plain values: what is kept outlives this program's classes."""
        return astuple(self._life.look(row_id, reminded, reachable))

    async def _step(self, name: str, run: Callable[..., T], *given: Any) -> T:
        """Does something in a thread, and has DBOS keep what it gave."""

        async def in_thread() -> T:
            return await asyncio.to_thread(run, *given)

        return await DBOS.run_step_async(
            {
                "name": name,
                "retries_allowed": True,
                "interval_seconds": self._pace.step,
                "max_attempts": _STEP_TRIES,
                "should_retry": _may_pass,
            },
            in_thread,
        )


def _turned(hear: Callable[[int, int], str], turn: int, row_id: int) -> str:
    return hear(row_id, turn)


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, IntakeError) and error.retryable
