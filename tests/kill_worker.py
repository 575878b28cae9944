"""Processes that kill themselves at a named point.

    python -m tests.kill_worker            reads lines, and has a process of its own do each:
        work POINT                         a worker; POINT is a place and `before` or `after`
        order ID HOURS yes|no              a call that confirms an order; whether it commits
        sign ID yes|no                     the signing page
        ask ID yes|no                      a call about the order ID breaks: it is called back
        report RING SID STATUS yes|no      the webhook for a call of ours
        talk SID yes|no                    the end of a talk on it, in which all was settled
        mail FILE yes|no                   the webhook for e-mails
    python -m tests.kill_worker work       a worker that lives until it is told to end

What stands at the point is not done, or is done and nobody was told. The environment holds the
settings. The processes are forked before anything but the imports, which take seconds, is done.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache, wraps
from pathlib import Path
from types import ModuleType
from typing import Any

from api.callline import make_line
from api.config import Settings
from api.intake.received import keep, received
from api.jobs.callbacks import CallingBack
from api.jobs.engine import Engine
from api.jobs.errands import Errands
from api.jobs.letters import Letters
from api.jobs.life import Life
from api.jobs.papers_due import PapersDue
from api.jobs.reading import Reading
from api.jobs.rehearing import Rehearing, SecondEar
from api.jobs.sending import Sending
from api.jobs.worker import Worker, until_told
from api.mail import SmtpMail
from api.records import DeskRecords
from api.ringer import TwilioRinger, make_ringer
from api.sms import TwilioSms, make_sender
from api.vault.recordings import open_vault
from models import desk, links
from models.call import Call, Disposition
from models.callback import Cause
from models.store import Store, UnitOfWork
from nlp.dialogue.settings import DialogueSettings
from nlp.understand import Understander
from tests import orders
from tests.fakes import FakeRecognizer
from tests.workers import FAST

PLACES: dict[str, tuple[type | ModuleType, str]] = {
    "enqueue": (Engine, "start"),
    "note": (Worker, "_note"),
    "hand_over": (Sending, "hand_over"),
    "begin": (Sending, "_begin"),
    "post": (TwilioSms, "send"),
    "keep": (Sending, "_keep"),
    "letter": (Letters, "hand_over"),
    "letter_begin": (Letters, "_begin"),
    "letter_post": (SmtpMail, "send"),
    "letter_keep": (Letters, "_keep"),
    "delivery": (Sending, "delivery"),
    "look": (Life, "look"),
    "remind": (Life, "remind"),
    "expire": (Life, "expire"),
    "paper": (Errands, "make_paper"),
    "finish": (Errands, "finish"),
    "turn": (CallingBack, "look"),
    "try": (CallingBack, "_begin"),
    "place": (TwilioRinger, "ring"),
    "rung": (CallingBack, "_keep"),
    "let_go": (CallingBack, "let_go"),
    "turns": (Rehearing, "turns"),
    "hear": (Rehearing, "hear"),
    "heard": (Rehearing, "_keep"),
    "read": (Reading, "read"),
    "parsed": (Reading, "_understands"),
    "orders": (desk, "keep_reading"),
    "papers_look": (PapersDue, "look"),
    "papers_alert": (PapersDue, "alert"),
}


def _die(*_: object, **__: object) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def _deadly(run: Callable[..., Any], when: str) -> Callable[..., Any]:
    @wraps(run)
    def deadly(*given: Any, **named: Any) -> Any:
        if when == "after":
            run(*given, **named)
        _die()

    return deadly


def work(point: str | None = None) -> None:
    """Works, to the point or until told to end."""
    if point is not None:
        place, _, when = point.partition(":")
        owner, name = PLACES[place]
        setattr(owner, name, _deadly(getattr(owner, name), when))
    settings, store = _desk()

    def now() -> datetime:
        return datetime.now(settings.zone)

    understander = cache(Understander)
    ear = SecondEar(FakeRecognizer, understander, DialogueSettings(), lambda: True)
    worker = Worker(
        store,
        settings,
        make_sender(settings),
        make_line(settings, str),
        now,
        replace(FAST, dead=1.0),
        ringer=make_ringer(settings),
        rehearing=Rehearing(store, open_vault(store, settings), ear, now),
        reading=Reading(store, settings, now, understander),
    )
    asyncio.run(until_told(worker.serve()))
    store.close()


def order(order_id: str, hours: str, commits: str) -> None:
    """A call whose order is confirmed and whose link is queued; then it dies."""
    settings, store = _desk()
    orders.NOW = datetime.now(settings.zone)
    if commits == "no":
        UnitOfWork.commit = _die
    orders.linked(store, orders.draft(order_id, f"CA-{order_id}"), valid_hours=float(hours))
    _die()


def sign(order_id: str, commits: str) -> None:
    """The signing page takes a signature; then it dies."""
    settings, store = _desk()
    orders.NOW = datetime.now(settings.zone)
    if commits == "no":
        UnitOfWork.commit = _die
    with store.unit() as uow:
        latest = uow.links.latest(order_id)
        assert latest is not None
        token = links.token(store.secret, latest.nonce)
        desk.sign(uow, token, orders.signing(uow, token), orders.NOW)
        uow.commit()
    _die()


def ask(order_id: str, commits: str) -> None:
    """A call breaks that had begun an order: it is to be called back; then the process dies."""
    settings, store = _desk()
    at = datetime.now(settings.zone)
    if commits == "no":
        UnitOfWork.commit = _die
    with store.unit() as uow:
        desk.request_callback(uow, order_id=order_id, cause=Cause.DROPPED, at=at, exact=True)
        uow.commit()
    _die()


def report(ring: str, sid: str, status: str, commits: str) -> None:
    """The webhook for a call of ours takes a report; then it dies."""
    settings, store = _desk()
    if commits == "no":
        UnitOfWork.commit = _die
    DeskRecords(store).call_status(sid, status, datetime.now(settings.zone), ring, "human")
    _die()


def talk(sid: str, commits: str) -> None:
    """The process of a call of ours stores that all was settled in it; then it dies."""
    settings, store = _desk()
    at = datetime.now(settings.zone)
    if commits == "no":
        UnitOfWork.commit = _die
    with store.unit() as uow:
        call = Call(sid=sid, caller=orders.MOBILE, called=None, started_at=at)
        desk.begin_call(uow, call, orders.draft())
        desk.end_call(uow, sid, at, Disposition.ORDERED)
        uow.commit()
    _die()


def mail(file: str, commits: str) -> None:
    """The webhook for e-mails takes one; then it dies."""
    settings, store = _desk()
    if commits == "no":
        UnitOfWork.commit = _die
    with store.unit() as uow:
        keep(uow, received(Path(file).read_bytes(), ""), datetime.now(settings.zone))
        uow.commit()
    _die()


def _desk() -> tuple[Settings, Store]:
    settings = Settings()
    return settings, Store(settings.db_url, secret=settings.secret(), zone=settings.zone)


_DOINGS: dict[str, Callable[..., None]] = {
    "work": work,
    "order": order,
    "sign": sign,
    "ask": ask,
    "report": report,
    "talk": talk,
    "mail": mail,
}


def _by_line() -> None:
    """Has each line of the input done by a process; says by which signal it ended."""
    for line in sys.stdin:
        what, *given = line.split()
        child = os.fork()
        if child == 0:
            os.dup2(2, 1)  # the output is for answers; logs go elsewhere
            _DOINGS[what](*given)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.WTERMSIG(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1:] == ["work"]:
        work()
    else:
        _by_line()
