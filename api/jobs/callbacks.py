"""The steps of a call-back: when to ring, a ring placed once, what came of it.

Before a call is placed, its ring is noted as being tried; the call's sid is noted after. Every
further try first asks whether an earlier one got through: a status report may have brought the
sid, or Twilio may list the call. `Pace.settle` narrows the window that remains.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from api.config import Settings
from api.jobs.answers import DONE, answer, left_to_settle
from api.jobs.times import allowed_from
from api.office import office_in_force
from api.ringer import Placed, Ringer
from models import desk
from models.callback import HOPELESS, OVER, CallBackRules, Rang, State, came_of
from models.desk import rings
from models.desk.callbacks import end_callback
from models.errors import ExternalError, IntakeError, NotFound
from models.rows_outbound import CallBackRow, RingRow
from models.store import Store, UnitOfWork

log = structlog.get_logger(__name__)

_SKEW = timedelta(minutes=1)
_DAY = timedelta(days=1)
#: How long a talk's end may be stored after the telephone company told that the call is over.
_END_STORED = timedelta(seconds=60)
#: How long the desk waits to look again: while a call goes on, and while all lines are taken.
_LOOK_AGAIN_S = 60.0
_STORE_GONE_S = 30.0

_NO_LINE = "There is no telephone line for the assistant: please call the customer."
_ABROAD = "The assistant does not call numbers like this one: please call the customer."
_OFTEN = "This number was called too often today: please call the customer."
_TRIED = "The assistant called several times and did not reach the customer: please call."
_REFUSED = "The telephone company does not place this call: check the number, then call."
_WRONG = "Who answered the call-back knows nothing of the order: check the number, then call."
_FAX = "A fax machine answered the call-back: check the number, then call."
_HOPELESS = {Rang.REFUSED: _REFUSED, Rang.WRONG_NUMBER: _WRONG, Rang.FAX: _FAX}


@dataclass(frozen=True, slots=True)
class Turn:
    """What a call-back does next: `wait` so many seconds, `ring`, or `end`.

    Attributes:
        ask: nobody reported for so long that the telephone company is to be asked.
    """

    do: str
    seconds: float = 0.0
    ask: bool = False
    why: str = ""


def rules(settings: Settings) -> CallBackRules:
    """How this installation calls back."""
    prefixes = tuple(p.strip() for p in settings.call_back_prefixes.split(",") if p.strip())
    minutes = {
        Rang.BUSY: settings.call_back_busy_minutes,
        Rang.NO_ANSWER: settings.call_back_no_answer_minutes,
        Rang.MACHINE: settings.call_back_no_answer_minutes,
        Rang.FAILED: settings.call_back_failed_minutes,
        Rang.DROPPED: settings.call_back_failed_minutes,
        Rang.LATER: settings.call_back_later_minutes,
    }
    return CallBackRules(
        most=settings.call_back_most,
        most_a_day=settings.call_back_most_a_day,
        prefixes=prefixes,
        pauses={rang: timedelta(minutes=pause) for rang, pause in minutes.items()},
    )


class CallingBack:
    """One function per step. Each blocks, may be done again at any time."""

    def __init__(
        self, store: Store, settings: Settings, ringer: Ringer, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._settings = settings
        self._ringer = ringer
        self._now = now
        self._rules = rules(settings)

    def look(self, row_id: int) -> Turn:
        """What is to be done, and notes what came of the last ring."""
        try:
            with self._store.unit() as uow:
                turn = self._turn(uow, _row_of(uow, row_id))
                uow.commit()
        except ExternalError as error:
            log.warning("call_back_waits", error=type(error).__name__)
            return Turn("wait", _STORE_GONE_S)
        return turn

    def ring(self, row_id: int, settle_s: float) -> str:
        """Places the call, unless that was done before, or it is not wanted any more."""
        try:
            time.sleep(self._to_settle(row_id, settle_s))
            begun = self._begin(row_id)
            if begun is None:
                return DONE
            ring, again = begun
            placed = self._found(ring) if again else None
            name = rings.ring_name(ring)
            self._keep(ring, placed or self._ringer.ring(ring.number, name))
        except IntakeError as error:
            return answer("not_rung", row_id, error)
        return DONE

    def not_rung(self, row_id: int, outcome: str) -> None:
        """Notes that the ring could not be placed: `failed` this time, or `refused` for good."""
        with self._store.unit() as uow:
            last = _last(uow, _row_of(uow, row_id))
            if last is not None and last.sid is None and last.outcome is None:
                last.outcome, last.ended_at = outcome, self._now()
            uow.commit()

    def ask(self, row_id: int) -> None:
        """Asks the telephone company how the ring stands, whose reports may have got lost."""
        with self._store.reading() as uow:
            last = _last(uow, _seen(uow, row_id))
        if last is None or last.sid is None or last.status in OVER:
            return
        try:
            found = self._ringer.status(last.sid)
        except ExternalError as error:
            log.warning("ring_unknown", error=type(error).__name__)
            if error.retryable:
                return
            found = Placed(last.sid, "failed")
        name, by = rings.ring_name(last), found.answered_by
        with self._store.unit() as uow:
            desk.ring_status(uow, name, last.sid, found.status, by, self._now())
            uow.commit()

    def let_go(self, row_id: int) -> None:
        """Stops ringing a customer who need not be called any more."""
        with self._store.reading() as uow:
            last = _last(uow, _seen(uow, row_id))
        if last is None or last.sid is None or last.status in {*OVER, "in-progress"}:
            return
        try:
            self._ringer.let_go(last.sid)
        except ExternalError as error:
            log.warning("ring_not_ended", error=type(error).__name__)

    # -- what follows --------------------------------------------------------------------

    def _turn(self, uow: UnitOfWork, row: CallBackRow) -> Turn:
        now = self._now()
        if row.state != State.PLANNED:
            return Turn("end", why=row.state)
        rung = uow.call_backs.rings(row.id)
        last = rung[-1] if rung else None
        if last is not None and last.outcome is None:
            waiting = self._conclude(uow, last, now)
            if waiting is not None:
                return waiting
        outcome = Rang(last.outcome) if last is not None and last.outcome else None
        if outcome is Rang.REACHED:
            return self._end(uow, row, State.DONE, None)
        if (why := rings.settled(uow, row)) is not None:
            return self._end(uow, row, State.SETTLED, why)
        if (reason := self._hopeless(uow, row, outcome, len(rung))) is not None:
            return self._to_person(uow, row, reason)
        return self._when(uow, row, last, outcome, now)

    def _conclude(self, uow: UnitOfWork, last: RingRow, now: datetime) -> Turn | None:
        """Notes what came of a ring, or says how long to wait for that."""
        if last.sid is None:
            return Turn("ring")
        call = uow.calls.get(last.sid)
        over_for = now - last.ended_at if last.ended_at else timedelta(0)
        rang = came_of(
            last.status,
            last.answered_by,
            call.disposition if call else None,
            known=over_for >= _END_STORED,
        )
        if rang is None:
            over = last.status in OVER
            seconds = (_END_STORED - over_for).total_seconds() if over else _LOOK_AGAIN_S
            return Turn("wait", max(0.1, seconds), ask=not over)
        last.outcome, last.ended_at = rang.value, last.ended_at or now
        return None

    def _hopeless(
        self, uow: UnitOfWork, row: CallBackRow, outcome: Rang | None, rung: int
    ) -> str | None:
        """Why a person has to call, None while the assistant may."""
        if not self._ringer.has_line:
            return _NO_LINE
        if not row.number.startswith(self._rules.prefixes):
            return _ABROAD
        if outcome in HOPELESS:
            return _HOPELESS[outcome]
        if rung >= self._rules.most:
            return _TRIED
        today = uow.call_backs.rung_since(row.number, self._now() - _DAY)
        return _OFTEN if today >= self._rules.most_a_day else None

    def _when(
        self,
        uow: UnitOfWork,
        row: CallBackRow,
        last: RingRow | None,
        outcome: Rang | None,
        now: datetime,
    ) -> Turn:
        zone = self._settings.zone
        due = row.due_at
        if last is not None and outcome is not None:
            due = max(due, (last.ended_at or now) + self._rules.pauses[outcome])
        if not (row.exact and last is None):
            due = allowed_from(max(due, now).astimezone(zone), office_in_force(uow, self._settings))
        if due > now:
            return Turn("wait", (due - now).total_seconds())
        room = uow.line.room(now)
        if rings.on_the_line(uow, row.number, now) or (room is not None and room <= 0):
            return Turn("wait", _LOOK_AGAIN_S)
        return Turn("ring")

    def _end(self, uow: UnitOfWork, row: CallBackRow, state: State, why: str | None) -> Turn:
        end_callback(uow, row, state, why, self._now())
        return Turn("end", why=state.value)

    def _to_person(self, uow: UnitOfWork, row: CallBackRow, reason: str) -> Turn:
        key = f"call_back:{row.id}"
        now = self._now()
        desk.open_task(uow, "call_back", reason, row.order_id, row.call_sid, key, now)
        return self._end(uow, row, State.TASK, reason)

    # -- one ring ------------------------------------------------------------------------

    def _to_settle(self, row_id: int, settle_s: float) -> float:
        with self._store.reading() as uow:
            last = _last(uow, _seen(uow, row_id))
        if last is None or last.sid is not None or last.outcome is not None:
            return 0.0
        return left_to_settle(last.tried_at, self._now(), settle_s)

    def _begin(self, row_id: int) -> tuple[RingRow, bool] | None:
        """The ring, noted as being tried; whether an earlier try may have got through.

        None where nothing is to be rung: it rings already, or the call-back has ended.
        """
        now = self._now()
        with self._store.unit() as uow:
            row = _row_of(uow, row_id)
            rung = uow.call_backs.rings(row.id)
            last = rung[-1] if rung else None
            if row.state != State.PLANNED:
                return None
            if last is None or last.outcome is not None:
                if rings.on_the_line(uow, row.number, now):
                    return None
                last = RingRow(
                    call_back_id=row.id,
                    nth=len(rung) + 1,
                    number=row.number,
                    tries=0,
                    tried_at=now,
                    status="queued",
                )
                uow.call_backs.add_ring(last)
            elif last.sid is not None:
                return None
            last.tries += 1
            last.tried_at = now
            uow.commit()
        return last, last.tries > 1

    def _found(self, ring: RingRow) -> Placed | None:
        """The call, where an earlier try got through after all."""
        with self._store.reading() as uow:
            row = uow.call_backs.find(ring.call_back_id)
            since = (row.created_at if row else ring.tried_at) - _SKEW
            listed = self._ringer.placed(ring.number, since)
            return next((p for p in listed if not uow.call_backs.rung_as(p.sid)), None)

    def _keep(self, ring: RingRow, placed: Placed) -> None:
        name, by = rings.ring_name(ring), placed.answered_by
        with self._store.unit() as uow:
            desk.ring_status(uow, name, placed.sid, placed.status, by, self._now())
            uow.commit()


def _row_of(uow: UnitOfWork, row_id: int) -> CallBackRow:
    return uow.call_backs.row(str(uow.outbox.effect(row_id).payload["call_back_id"]))


def _seen(uow: UnitOfWork, row_id: int) -> CallBackRow:
    """The same, to be read only."""
    found = uow.call_backs.find(str(uow.outbox.effect(row_id).payload["call_back_id"]))
    if found is None:
        raise NotFound("There is no such call-back.")
    return found


def _last(uow: UnitOfWork, row: CallBackRow) -> RingRow | None:
    rung = uow.call_backs.rings(row.id)
    return rung[-1] if rung else None
