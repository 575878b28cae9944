"""Workers for tests: fast ones, and one step at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from api.callline import NO_LINE, CallLine
from api.config import Settings
from api.jobs.answers import DONE
from api.jobs.errands import Errands
from api.jobs.pace import Pace
from api.jobs.reading import Reading
from api.jobs.rehearing import Rehearing
from api.jobs.sending import Sending
from api.jobs.worker import Worker
from api.mail import MailSender
from api.ringer import NO_RINGER, Ringer
from api.sms import SmsSender
from models import desk
from models.repositories.outbox import WAKE
from models.store import Store
from tests.orders import NOW

#: As fast as a test can wait for.
FAST = Pace(
    dispatch=0.05,
    queue=0.05,
    beat=0.2,
    dead=2.0,
    settle=0.0,
    retries=(0.1, 0.1, 0.1),
    rings=(0.1, 0.1),
    line=(0.1,),
    polls=(0.3, 0.3),
    step=0.1,
    room=(0.1,) * 100,
)


def deliver_due(
    store: Store, settings: Settings, sender: SmsSender, now: datetime, line: CallLine = NO_LINE
) -> int:
    """Does the first step of every effect that waits, as a worker would at `now`; how many worked.

    For tests that want what the outbox holds, and not the workflows themselves.
    """
    sending = Sending(store, settings, sender, lambda: now)
    errands = Errands(store, settings, line, lambda: now)
    with store.reading() as uow:
        pending = [
            effect
            for effect in uow.outbox.in_state("pending")
            if effect.kind not in (WAKE, desk.HEAR_AGAIN, desk.CALL_BACK)
            and not effect.kind.startswith("mail_")
        ]
    worked = 0
    for effect in pending:
        if effect.kind == desk.PAPER:
            outcome = errands.make_paper(effect.id)
        elif effect.kind == "take_over":
            outcome = errands.pass_on(effect.id)
        else:
            outcome = sending.hand_over(effect.id, 0.0)
        if outcome == DONE:
            errands.finish(effect.id, "done")
            worked += 1
    return worked


@contextmanager
def working(
    store: Store,
    settings: Settings,
    sender: SmsSender,
    line: CallLine = NO_LINE,
    pace: Pace = FAST,
    *,
    ringer: Ringer = NO_RINGER,
    rehearing: Rehearing | None = None,
    delete: Callable[[], None] = lambda: None,
    mailer: MailSender | None = None,
    reading: Reading | None = None,
) -> Iterator[Worker]:
    """A worker of this process until the block ends. Its clock goes on from `tests.orders.NOW`."""
    began = time.monotonic()
    worker = Worker(
        store,
        settings,
        sender,
        line,
        lambda: NOW + timedelta(seconds=time.monotonic() - began),
        pace,
        rehearing=rehearing,
        delete=delete,
        mailer=mailer,
        ringer=ringer,
        reading=reading,
    )
    ending = threading.Event()
    worker.start()
    thread = threading.Thread(target=_turns, args=(worker, pace, ending))
    thread.start()
    try:
        yield worker
    finally:
        ending.set()
        thread.join()
        worker.stop()


def _turns(worker: Worker, pace: Pace, ending: threading.Event) -> None:
    while not ending.wait(pace.dispatch):
        worker.turn()


def until(met: Callable[[], bool], patience_s: float = 120.0) -> None:
    """Waits until something is so. The patience only ends a test that would hang."""
    end = time.monotonic() + patience_s
    while not met():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.05)
