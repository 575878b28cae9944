"""What is kept, as items with a period; and how each kind is deleted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from models.retention import PERSONAL_FIELDS, Item, Kind
from models.rows import (
    CallEventRow,
    CallRow,
    CustomerPhoneRow,
    CustomerRow,
    LinkRow,
    MessageCallbackRow,
    MessageRow,
    NoticePlayedRow,
    OrderHistoryRow,
    OrderRow,
    OutboxRow,
    SignatureRow,
    TaskRow,
    TurnRow,
)
from models.rows_fax import FaxRow
from models.rows_hearing import SecondHearingRow
from models.rows_mail import MailRow
from models.rows_outbound import CallBackRow, RingRow
from models.rows_privacy import DeletionRow, RecordingRow
from models.rows_signing import LinkEventRow, SignCodeRow, SignedPaperRow
from models.rows_training import QuizRow, TrainingRow

#: A telephone number within a text.
_NUMBER = re.compile(r"\+?\d{7,}")
#: When a call's periods begin.
_CALL_OVER = func.coalesce(CallRow.ended_at, CallRow.started_at)


class Lifespans:
    """Items of each kind whose period began before a moment."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def items(self, kind: Kind, before: datetime) -> list[Item]:
        """All items of a kind that still exist, oldest first."""
        found: Mapping[Kind, Callable[[datetime], Iterator[Item]]] = {
            Kind.RECORDINGS: self._recordings,
            Kind.TRANSCRIPTS: self._transcripts,
            Kind.MESSAGES: lambda at: chain(self._messages(at), self._mails(at), self._faxes(at)),
            Kind.PERSONAL: self._personal,
            Kind.NOTICES: self._notices,
            Kind.TRAINING: self._training,
        }
        return sorted(found[kind](before), key=lambda item: item.since)

    def _recordings(self, before: datetime) -> Iterator[Item]:
        over = func.coalesce(_CALL_OVER, RecordingRow.stored_at)
        query = select(RecordingRow.call_sid, func.min(over)).outerjoin(
            CallRow, CallRow.sid == RecordingRow.call_sid
        )
        rows = query.where(over <= before).group_by(RecordingRow.call_sid)
        for sid, since in self._session.execute(rows).tuples():
            yield self._of_call(Kind.RECORDINGS, sid, since)

    def _transcripts(self, before: datetime) -> Iterator[Item]:
        said = or_(
            exists().where(TurnRow.call_sid == CallRow.sid),
            exists().where(CallEventRow.call_sid == CallRow.sid),
        )
        query = select(CallRow.sid, _CALL_OVER).where(said, before >= _CALL_OVER)
        for sid, since in self._session.execute(query).tuples():
            yield self._of_call(Kind.TRANSCRIPTS, sid, since)

    def _messages(self, before: datetime) -> Iterator[Item]:
        query = select(MessageRow).where(MessageRow.updated_at <= before)
        for row in self._session.scalars(query):
            yield Item(
                kind=Kind.MESSAGES,
                subject=f"message:{row.sid}",
                since=row.updated_at,
                keys=self._order_keys(row.order_id),
            )

    def _mails(self, before: datetime) -> Iterator[Item]:
        query = select(MailRow).where(
            MailRow.received_at <= before, or_(MailRow.sender != "", MailRow.parts.is_not(None))
        )
        yield from self._papers("mail", self._session.scalars(query))

    def _faxes(self, before: datetime) -> Iterator[Item]:
        kept = or_(FaxRow.number != "", FaxRow.reference != "", FaxRow.parts.is_not(None))
        query = select(FaxRow).where(FaxRow.received_at <= before, kept)
        yield from self._papers("fax", self._session.scalars(query))

    def _papers(self, what: str, rows: Iterable[MailRow | FaxRow]) -> Iterator[Item]:
        for row in rows:
            keys = [self._order_keys(order_id) for order_id in row.orders]
            yield Item(
                kind=Kind.MESSAGES,
                subject=f"{what}:{row.id}",
                since=row.received_at,
                keys=frozenset().union(*keys),
            )

    def _personal(self, before: datetime) -> Iterator[Item]:
        done = exists().where(
            DeletionRow.kind == Kind.PERSONAL.value,
            DeletionRow.subject == "order:" + OrderRow.id,
            DeletionRow.at >= OrderRow.updated_at,
        )
        orders = select(OrderRow.id, OrderRow.updated_at).where(
            OrderRow.updated_at <= before, ~done
        )
        for order_id, since in self._session.execute(orders).tuples():
            keys = self._order_keys(order_id)
            yield Item(kind=Kind.PERSONAL, subject=f"order:{order_id}", since=since, keys=keys)
        calls = select(CallRow.sid, _CALL_OVER).where(
            CallRow.caller.is_not(None), before >= _CALL_OVER
        )
        for sid, since in self._session.execute(calls).tuples():
            yield self._of_call(Kind.PERSONAL, sid, since)
        yield from self._call_backs(before)

    def _call_backs(self, before: datetime) -> Iterator[Item]:
        """Call-backs that nothing else takes along: their order and call are gone, or never were.

        The others go with the personal details of their order or call.
        """
        ours = select(RingRow.sid).where(RingRow.call_back_id == CallBackRow.id)
        order = exists().where(
            OrderRow.id == CallBackRow.order_id,
            ~exists().where(
                DeletionRow.kind == Kind.PERSONAL.value,
                DeletionRow.subject == "order:" + OrderRow.id,
            ),
        )
        call = exists().where(
            or_(CallRow.sid == CallBackRow.call_sid, CallRow.sid.in_(ours)),
            CallRow.caller.is_not(None),
        )
        query = select(CallBackRow).where(
            CallBackRow.open_for.is_(None), CallBackRow.ended_at <= before, ~order, ~call
        )
        for row in self._session.scalars(query):
            keys = self._order_keys(row.order_id) | self._known_as(row.number)
            if row.call_sid:
                keys |= self._call_keys(row.call_sid)
            since = row.ended_at or row.created_at
            subject = f"call_back:{row.id}"
            yield Item(kind=Kind.PERSONAL, subject=subject, since=since, keys=frozenset(keys))

    def _notices(self, before: datetime) -> Iterator[Item]:
        links = select(LinkRow.order_id.label("order_id"), LinkRow.created_at.label("at"))
        signed = select(SignatureRow.order_id, SignatureRow.at)
        both = links.union_all(signed).subquery()
        last = func.max(both.c.at)
        query: Select[Any] = select(both.c.order_id, last).group_by(both.c.order_id)
        for order_id, since in self._session.execute(query.having(last <= before)).tuples():
            keys = self._order_keys(order_id)
            yield Item(kind=Kind.NOTICES, subject=f"order:{order_id}", since=since, keys=keys)

    def _training(self, before: datetime) -> Iterator[Item]:
        over = func.coalesce(TrainingRow.ended_at, TrainingRow.started_at)
        query = select(TrainingRow.sid, over).where(over <= before)
        for sid, since in self._session.execute(query).tuples():
            subject = f"training:{sid}"
            yield Item(kind=Kind.TRAINING, subject=subject, since=since, keys=frozenset())
        answered = select(QuizRow.id, QuizRow.at).where(QuizRow.at <= before)
        for number, at in self._session.execute(answered).tuples():
            subject = f"quiz:{number}"
            yield Item(kind=Kind.TRAINING, subject=subject, since=at, keys=frozenset())

    def _of_call(self, kind: Kind, sid: str, since: datetime) -> Item:
        return Item(kind=kind, subject=f"call:{sid}", since=since, keys=self._call_keys(sid))

    def _call_keys(self, sid: str) -> frozenset[str]:
        """The call itself, the orders it worked on, and whose they are; who called, if known."""
        keys = {f"call:{sid}"}
        call = self._session.get(CallRow, sid)
        orders = select(OrderRow.id, OrderRow.customer).where(
            or_(OrderRow.call_sid == sid, OrderRow.id == (call.order_id if call else None))
        )
        for order_id, customer in self._session.execute(orders).tuples():
            keys |= {f"order:{order_id}", *([f"customer:{customer}"] if customer else [])}
        if call is not None and call.caller:
            keys |= self._known_as(call.caller)
        return frozenset(keys)

    def _known_as(self, number: str) -> set[str]:
        """The customers with this number."""
        known = (
            select(CustomerRow.name)
            .join(CustomerPhoneRow, CustomerPhoneRow.customer_id == CustomerRow.id)
            .where(CustomerPhoneRow.number == number)
        )
        return {f"customer:{name}" for name in self._session.scalars(known)}

    def _order_keys(self, order_id: str | None) -> frozenset[str]:
        """The order itself, all its calls, and whose it is."""
        row = self._session.get(OrderRow, order_id) if order_id else None
        if row is None:
            return frozenset()
        calls = select(CallRow.sid).where(
            or_(CallRow.order_id == order_id, CallRow.sid == row.call_sid)
        )
        keys = {f"order:{order_id}", *(f"call:{sid}" for sid in self._session.scalars(calls))}
        return frozenset(keys | ({f"customer:{row.customer}"} if row.customer else set()))


def erase_transcript(session: Session, sid: str) -> list[Any]:
    """Deletes a call's turns, as often as they were heard, and events; gives what they were."""
    turns = session.scalars(select(TurnRow).where(TurnRow.call_sid == sid).order_by(TurnRow.index))
    found: list[Any] = [["turn", t.index, t.speaker, t.text, t.values] for t in turns]
    events = session.scalars(
        select(CallEventRow).where(CallEventRow.call_sid == sid).order_by(CallEventRow.seq)
    )
    found += [["event", e.seq, e.type, e.body] for e in events]
    again = session.scalars(
        select(SecondHearingRow)
        .where(SecondHearingRow.call_sid == sid)
        .order_by(SecondHearingRow.index)
    )
    found += [["heard_again", row.index, row.text, row.doubts] for row in again]
    session.execute(delete(SecondHearingRow).where(SecondHearingRow.call_sid == sid))
    session.execute(delete(TurnRow).where(TurnRow.call_sid == sid))
    session.execute(delete(CallEventRow).where(CallEventRow.call_sid == sid))
    return found


def erase_message(session: Session, sid: str) -> list[Any]:
    """Deletes a text message, its reports, and the effect that sent it."""
    row = session.get_one(MessageRow, sid)
    found = [["message", row.sid, row.mobile, row.body, row.status]]
    ended = OutboxRow.state.in_(("done", "failed"))
    session.execute(delete(OutboxRow).where(OutboxRow.key == row.key, ended))
    session.execute(delete(MessageCallbackRow).where(MessageCallbackRow.sid == sid))
    session.delete(row)
    return found


def erase_mail(session: Session, mail_id: str) -> list[Any]:
    """Empties a mail; what stays only tells that it came, so that it does not come again."""
    row = session.get_one(MailRow, mail_id)
    found = [["mail", row.id, row.key, row.sender, row.subject]]
    row.sender = row.sender_name = row.subject = ""
    row.raw, row.parts = b"", None
    return found


def erase_fax(session: Session, fax_id: str) -> list[Any]:
    """Empties a fax; what stays only tells that it came, so that it does not come again."""
    row = session.get_one(FaxRow, fax_id)
    found = [["fax", row.id, row.key, row.number, row.reference]]
    row.number = row.reference = ""
    row.media_url = None
    row.raw, row.parts = b"", None
    return found


def erase_caller(session: Session, sid: str) -> list[Any]:
    """Takes the caller's number from a call, and any number from the reasons of its tasks."""
    row = session.get_one(CallRow, sid)
    found, row.caller = [["caller", row.caller]], None
    for task in session.scalars(select(TaskRow).where(TaskRow.call_sid == sid)):
        if _NUMBER.search(task.reason):
            found.append(["task", task.reason])
            task.reason = _NUMBER.sub("…", task.reason)
    ours = select(RingRow.call_back_id).where(RingRow.sid == sid)
    return found + _forget_call_backs(
        session, or_(CallBackRow.call_sid == sid, CallBackRow.id.in_(ours))
    )


def erase_call_back(session: Session, call_back_id: str) -> list[Any]:
    """Deletes a call-back that is over, with its rings."""
    return _forget_call_backs(session, CallBackRow.id == call_back_id)


def _forget_call_backs(session: Session, which: ColumnElement[bool]) -> list[Any]:
    """Deletes call-backs that are over, with their rings: they name whom they called."""
    over = select(CallBackRow).where(which, CallBackRow.open_for.is_(None))
    rows = session.scalars(over.order_by(CallBackRow.id)).all()
    ids = [row.id for row in rows]
    session.execute(delete(RingRow).where(RingRow.call_back_id.in_(ids)))
    session.execute(delete(CallBackRow).where(CallBackRow.id.in_(ids)))
    return [["call_back", row.id, row.number, row.cause] for row in rows]


def erase_person(session: Session, order_id: str) -> list[Any]:
    """Takes from an order, its history and its tasks what tells of a person.

    The order stays readable: goods, towns, dates, company, states. `updated_at` stays too.
    """
    row = session.get_one(OrderRow, order_id, with_for_update=True)
    found: list[Any] = [["caller", row.caller], ["fields", row.fields]]
    row.caller = None
    row.fields = {
        name: {**known, "heard": ""}
        for name, known in row.fields.items()
        if name not in PERSONAL_FIELDS
    }
    history = select(OrderHistoryRow).where(OrderHistoryRow.order_id == order_id)
    for event in session.scalars(history.order_by(OrderHistoryRow.id)):
        found.append(["history", event.changes, event.note])
        event.changes = {n: c for n, c in event.changes.items() if n not in PERSONAL_FIELDS}
        event.note = None
    tasks = update(TaskRow).where(TaskRow.order_id == order_id, TaskRow.state == "done")
    session.execute(tasks.values(note=None))
    return found + _forget_call_backs(session, CallBackRow.order_id == order_id)


def erase_notices(session: Session, order_id: str) -> list[Any]:
    """Deletes an order's signatures, signed documents, links, and what happened at them."""
    signed = select(SignatureRow).where(SignatureRow.order_id == order_id)
    found: list[Any] = [
        ["signature", s.order_version, s.order_digest, s.notice_digest, s.name, s.at.isoformat()]
        for s in session.scalars(signed.order_by(SignatureRow.order_version))
    ]
    papers = select(SignedPaperRow.order_version, SignedPaperRow.sha256).where(
        SignedPaperRow.order_id == order_id
    )
    found += [["paper", *row] for row in session.execute(papers).tuples()]
    links = select(LinkRow.token_hash).where(LinkRow.order_id == order_id)
    found += [["link", token_hash] for token_hash in session.scalars(links)]
    session.execute(delete(SignCodeRow).where(SignCodeRow.token_hash.in_(links)))
    for table in (LinkRow, LinkEventRow, SignatureRow, SignedPaperRow, NoticePlayedRow):
        session.execute(delete(table).where(table.order_id == order_id))
    return found


def forget_recordings(session: Session, sid: str) -> list[Any]:
    """Notes that a call's recordings are gone; gives what they were."""
    rows = session.scalars(select(RecordingRow).where(RecordingRow.call_sid == sid)).all()
    found = [["recording", row.name, row.size, row.sha256] for row in rows]
    for row in rows:
        session.delete(row)
    session.execute(update(CallRow).where(CallRow.sid == sid).values(recording=None))
    return found


def erase_training(session: Session, sid: str) -> list[Any]:
    """Deletes a practice call with its form and score; gives what it was."""
    row = session.get_one(TrainingRow, sid)
    found = [["training", row.clerk, row.lesson, row.turns, row.form, row.card]]
    session.delete(row)
    return found


def erase_quiz(session: Session, number: str) -> list[Any]:
    """Deletes a clerk's answers to a chapter of the course; gives what they were."""
    row = session.get_one(QuizRow, int(number))
    found = [["quiz", row.clerk, row.attempt, row.lang, row.version, row.chapter, row.answers]]
    session.delete(row)
    return found
