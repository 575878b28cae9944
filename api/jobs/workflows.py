"""The workflows: which step follows which. A workflow goes on where its process died.

Each is named by the outbox row that caused it. Steps are the methods of `Sending`, `Life`,
`Errands`, `Mailing` and `PapersDue`; what they answer is kept, so a workflow that is taken up again
does no step twice that had ended. A step that had not ended is done again, which every step allows
for. Waiting costs no thread. Change the order of steps only together with
`api.jobs.engine.VERSION`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import astuple
from functools import partial
from typing import Any, TypeVar

from dbos import DBOS

from api.jobs.answers import AGAIN, DONE, FAILED, USELESS
from api.jobs.callbacks import CallingBack, Turn
from api.jobs.errands import Errands
from api.jobs.letters import Letters
from api.jobs.life import Life, Next
from api.jobs.mailing import Mailing
from api.jobs.pace import Pace
from api.jobs.papers_due import PapersDue
from api.jobs.reading import Reading
from api.jobs.rehearing import Rehearing
from api.jobs.sending import ARRIVED, GONE, UNDERWAY, Sending
from models import desk
from models.callback import Rang
from models.desk.beside import FORK_AGAIN
from models.desk.exceptions import WATCH
from models.desk.onboarding_mails import MAIL
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
        calling: CallingBack,
        pace: Pace,
        rehearing: Rehearing | None = None,
        reading: Reading | None = None,
        *,
        letters: Letters,
        mailing: Mailing,
        papers_due: PapersDue,
    ) -> None:
        self._reading = reading
        self._rehearing = rehearing
        self._sending = sending
        self._letters = letters
        self._mailing = mailing
        self._papers_due = papers_due
        self._life = life
        self._errands = errands
        self._calling = calling
        self._pace = pace

    def by_kind(self) -> Mapping[str, Workflow]:
        """The workflow of each kind of row."""
        return {
            "sms_link": self.link,
            "sms_reminder": self.text,
            "sms_code": self.text,
            "mail_link": self.mail_link,
            "mail_reminder": self.letter,
            "mail_code": self.letter,
            desk.COPY: self.letter,
            desk.PAPER: self.paper,
            "take_over": self.take_over,
            FORK_AGAIN: self.fork_again,
            MAIL: self.mail,
            WATCH: self.exception,
            desk.HEAR_AGAIN: self.hear_again,
            desk.CALL_BACK: self.call_back,
            desk.READ_MAIL: self.read_mail,
            desk.READ_FAX: self.read_fax,
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
        return await self._live(row_id, outcome)

    async def letter(self, row_id: int) -> str:
        """An e-mail to a signer that stands alone."""
        return await self._finish(row_id, await self._post(row_id))

    async def mail_link(self, row_id: int) -> str:
        """An order's life where its signing link goes by e-mail only."""
        outcome = await self._post(row_id)
        return await self._live(row_id, UNDERWAY if outcome == DONE else outcome)

    async def _post(self, row_id: int) -> str:
        """Hands an e-mail over; where that fails for good, a person has the task."""
        hand_over = self._letters.hand_over
        outcome = await self._tried("letter", hand_over, row_id, self._pace.retries)
        if outcome == FAILED:
            return await self._step("no letter", self._letters.give_up, row_id)
        return outcome

    async def _live(self, row_id: int, outcome: str) -> str:
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

    async def fork_again(self, row_id: int) -> str:
        """What two people say is heard again; a call that is over meanwhile needs no more."""
        return await self._finish(
            row_id, await self._tried("fork", self._errands.fork, row_id, self._pace.line)
        )

    async def mail(self, row_id: int) -> str:
        """An e-mail to one of the desk's people."""
        hand_over = self._mailing.hand_over
        outcome = await self._tried("mail", hand_over, row_id, self._pace.retries)
        if outcome == FAILED:
            await self._step("no mail", self._mailing.give_up, row_id)
        return await self._finish(row_id, outcome)

    async def exception(self, row_id: int) -> str:
        """An exception by phone: reminders, escalation, and its end."""
        done = 0
        while True:
            step = await self._step("exception", self._look_at_papers, row_id, done)
            following = Next(*step)
            if following.do == "wait":
                await DBOS.sleep_async(following.seconds)
            elif following.do == "alert":
                await self._step("alert", self._papers_due.alert, row_id, done, following.reminder)
                done = following.reminder
            else:
                await self._finish(row_id, DONE)
                return following.why

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

    async def call_back(self, row_id: int) -> str:
        """A customer called until he is reached, need not be, or a person calls."""
        while True:
            turn = Turn(*await self._step("turn", self._turn, row_id))
            if turn.do == "wait":
                woken = await DBOS.recv_async(WAKE_TOPIC, turn.seconds)
                if turn.ask and woken is None:
                    await self._step("ask", self._calling.ask, row_id)
            elif turn.do == "ring":
                await self._ring(row_id)
            else:
                await self._step("let go", self._calling.let_go, row_id)
                return await self._finish(row_id, turn.why)

    async def _ring(self, row_id: int) -> None:
        """Places one call; a line that is down counts as a ring that failed."""
        for wait in (*self._pace.rings, None):
            outcome = await self._step("ring", self._place, row_id)
            if outcome == FAILED:
                await self._step("refused", self._calling.not_rung, row_id, Rang.REFUSED.value)
            if outcome != AGAIN:
                return
            if wait is not None:
                await DBOS.sleep_async(wait)
        await self._step("not rung", self._calling.not_rung, row_id, Rang.FAILED.value)

    async def read_mail(self, row_id: int) -> str:
        """A mail read; its orders begin, and their customers are called back."""
        reading = self._reading
        if reading is None:
            return await self._finish(row_id, USELESS)
        outcome = await self._tried("read", reading.read, row_id, self._pace.retries)
        if outcome == FAILED:
            await self._step("unread", reading.give_up, row_id)
        return await self._finish(row_id, outcome)

    async def read_fax(self, row_id: int) -> str:
        """A fax fetched, where it is still at its service, and read."""
        reading = self._reading
        if reading is None:
            return await self._finish(row_id, USELESS)
        outcome = await self._tried("fetch", reading.fetch_fax, row_id, self._pace.retries)
        if outcome == DONE:
            outcome = await self._tried("read", reading.read_fax, row_id, self._pace.retries)
            if outcome == FAILED:
                await self._step("unread", reading.give_up_fax, row_id)
        else:
            await self._step("lost", reading.fax_lost, row_id)
        return await self._finish(row_id, outcome)

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

    def _place(self, row_id: int) -> str:
        return self._calling.ring(row_id, self._pace.settle)

    def _turn(self, row_id: int) -> tuple[Any, ...]:
        """`CallingBack.look`, as plain values."""
        return astuple(self._calling.look(row_id))

    def _look(self, row_id: int, reminded: int, reachable: bool) -> tuple[Any, ...]:
        """`Life.look`, as plain values: what is kept outlives this program's classes."""
        return astuple(self._life.look(row_id, reminded, reachable))

    def _look_at_papers(self, row_id: int, done: int) -> tuple[Any, ...]:
        return astuple(self._papers_due.look(row_id, done))

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
