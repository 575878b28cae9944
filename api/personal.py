"""Everything on file about a person or customer, as a ZIP of plain files (PIPL, article 45)."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import IO, Any

from api.vault.recordings import Vault
from models.codec import fields_json, values_json
from models.errors import NotFound, RuleError
from models.rows_fax import FaxRow
from models.rows_hearing import SecondHearingRow
from models.rows_mail import MailRow
from models.rows_outbound import CallBackRow
from models.store import Store, UnitOfWork
from nlp.normalize.phones import to_e164

#: What can be asked for: a telephone number, an order, a customer.
SCOPES = ("phone", "order", "customer")
_README = """本压缩包包含本公司存有的、与您的请求相关的资料（《个人信息保护法》第四十五条）。
calls/编号/call.json 为通话文字记录（heard_again 为通话后复听的结果），
同一文件夹中的 .wav 为录音（左声道为来电方）；
call-backs.json 为我们安排的回电及每次拨打的结果；mails/编号/mail.eml 为收到的邮件原文，
faxes/编号/pages 为收到的传真原件；
orders/编号/order.json 为订单及其变更记录，messages.json 为短信，.pdf 为已签署的通知函。
deleted.json 列出按保存期限已删除的内容。

This archive holds what this company keeps in connection with your request (Personal Information
Protection Law, article 45). calls/SID/call.json is the transcript of a call (heard_again: what a
second hearing after the call gave), the .wav files beside it are its recordings (caller on the
left); call-backs.json lists the call-backs that were planned, and what came of each ring;
mails/ID/mail.eml is an e-mail as it came, faxes/ID/pages a fax as it came;
orders/NUMBER/order.json is an order with its history, messages.json its text messages, .pdf the
signed notices. deleted.json lists what was deleted by its period.
"""


@dataclass(frozen=True, slots=True)
class Handed:
    """How much an archive holds."""

    orders: int
    calls: int
    recordings: int
    documents: int
    call_backs: int
    mails: int
    faxes: int


class Archive:
    """Makes such archives."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store = store
        self._vault = vault

    def write(self, target: IO[bytes], scope: str, name: str, *, by: str, at: datetime) -> Handed:
        """Writes the archive, and notes in the audit log who had it made.

        Args:
            scope: one of `SCOPES`.
            name: the telephone number, the order's number, the customer's name.

        Raises:
            NotFound: nothing is on file.
            ExternalError: a recording cannot be read now; an archive is whole or is not made.
        """
        with self._store.reading() as uow:
            orders, calls = _found(uow, scope, name)
            number = _e164(name) if scope == "phone" else None
            back = uow.people.call_backs_of(orders, calls, number)
            customer = name.strip() if scope == "customer" else None
            mails = uow.people.mails_of(orders, customer)
            faxes = uow.people.faxes_of(orders, customer, number)
            if not (orders or calls or back or mails or faxes):
                raise NotFound("Nothing is on file for this request.")
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("README.txt", _README)
                sounds = sum(self._call(archive, uow, sid) for sid in calls)
                papers = sum(_order(archive, uow, order_id) for order_id in orders)
                called = _call_backs(archive, uow, back)
                letters = sum(_mail(archive, uow, row) for row in mails)
                pages = sum(_fax(archive, uow, row) for row in faxes)
                subjects = [
                    *(f"order:{one}" for one in orders),
                    *(f"call:{one}" for one in calls),
                    *(f"call_back:{row.id}" for row in back),
                    *(f"mail:{row.id}" for row in mails),
                    *(f"fax:{row.id}" for row in faxes),
                ]
                _deleted(archive, uow, subjects)
        handed = Handed(len(orders), len(calls), sounds, papers, called, letters, pages)
        with self._store.unit() as uow:
            # The log names nobody's number: its last digits tell which request it was.
            subject = f"phone:…{name.strip()[-4:]}" if scope == "phone" else f"{scope}:{name}"
            uow.audit.add(by, "personal.export", subject, at=at, detail=asdict(handed))
            uow.commit()
        return handed

    def _call(self, archive: zipfile.ZipFile, uow: UnitOfWork, sid: str) -> int:
        call = uow.calls.get(sid)
        if call is None:
            return 0
        again = uow.second_hearings.of_call(sid)
        body = {
            "call_sid": call.sid,
            "caller": call.caller,
            "called": call.called,
            "started_at": call.started_at,
            "ended_at": call.ended_at,
            "outcome": call.disposition,
            "turns": [
                {
                    **asdict(turn),
                    "values": values_json(turn.values),
                    "heard_again": _heard_again(again.get(turn.index)),
                }
                for turn in call.turns
            ],
        }
        _put(archive, f"calls/{sid}/call.json", body)
        rows = uow.recordings.of_call(sid)
        for row in rows:
            inside = f"calls/{sid}/{row.name.rpartition('/')[2]}"
            with self._vault.open(row.name) as sound, archive.open(inside, "w") as copy:
                shutil.copyfileobj(sound, copy, 1024 * 1024)
        return len(rows)


def _found(uow: UnitOfWork, scope: str, name: str) -> tuple[Sequence[str], Sequence[str]]:
    find: Mapping[str, Callable[[str], tuple[Sequence[str], Sequence[str]]]] = {
        "phone": lambda text: uow.people.of_phone(_e164(text)),
        "order": uow.people.of_order,
        "customer": uow.people.of_customer,
    }
    if scope not in find:
        raise RuleError("There is no such call, order or customer.")
    return find[scope](name.strip())


def _e164(text: str) -> str:
    plain = "".join(sign for sign in text if sign.isdecimal() or sign == "+")
    number = plain if plain.startswith("+") else to_e164(plain)
    if number is None:
        raise RuleError("This is no telephone number.")
    return number


def _order(archive: zipfile.ZipFile, uow: UnitOfWork, order_id: str) -> int:
    order = uow.orders.get(order_id)
    if order is None:
        return 0
    folder = f"orders/{order.number or order.id}"
    history = [
        {"at": row.at, "step": row.step, "by": row.by, "note": row.note, "changes": row.changes}
        for row in uow.orders.history(order_id)
    ]
    about = {"id": order.id, "number": order.number, "status": order.status}
    body = {**about, "version": order.version, "fields": fields_json(order), "history": history}
    _put(archive, f"{folder}/order.json", body)
    messages = [
        {"to": row.mobile, "text": row.body, "status": row.status, "at": row.created_at}
        for row in uow.messages.of_order(order_id)
    ]
    if messages:
        _put(archive, f"{folder}/messages.json", messages)
    papers = uow.papers.of_order(order_id)
    for paper in papers:
        archive.writestr(f"{folder}/notice-version-{paper.order_version}.pdf", paper.pdf)
    return len(papers)


def _heard_again(row: SecondHearingRow | None) -> dict[str, Any] | None:
    if row is None:
        return None
    names = ("text", "confidence", "same", "doubts", "engine", "at")
    return {name: getattr(row, name) for name in names}


def _call_backs(archive: zipfile.ZipFile, uow: UnitOfWork, rows: Sequence[CallBackRow]) -> int:
    body = [
        {
            "number": row.number,
            "why": row.cause,
            "asked_for_by": row.by,
            "order_id": row.order_id,
            "planned_at": row.created_at,
            "state": row.state,
            "ended_at": row.ended_at,
            "rings": [
                {
                    "at": ring.tried_at,
                    "call_sid": ring.sid,
                    "answered_by": ring.answered_by,
                    "outcome": ring.outcome,
                }
                for ring in uow.call_backs.rings(row.id)
            ],
        }
        for row in rows
    ]
    if body:
        _put(archive, "call-backs.json", body)
    return len(body)


def _mail(archive: zipfile.ZipFile, uow: UnitOfWork, row: MailRow) -> int:
    told = {
        "sender": row.sender,
        "sender_name": row.sender_name,
        "subject": row.subject,
        "sent_at": row.sent_at,
    }
    return _paper(archive, f"mails/{row.id}", "mail", "mail.eml", row, told, uow.mails.raw(row.id))


def _fax(archive: zipfile.ZipFile, uow: UnitOfWork, row: FaxRow) -> int:
    raw = uow.faxes.raw(row.id)
    told = {"number": row.number, "source": row.source, "reference": row.reference}
    pages = "pages.pdf" if raw[:5] == b"%PDF-" else "pages.tif"
    return _paper(archive, f"faxes/{row.id}", "fax", pages, row, told, raw)


def _paper(
    archive: zipfile.ZipFile,
    folder: str,
    name: str,
    original: str,
    row: MailRow | FaxRow,
    told: Mapping[str, Any],
    raw: bytes,
) -> int:
    """A paper as it came; one that its period has emptied is only among what was deleted."""
    if not raw:
        return 0
    body = {**told, "received_at": row.received_at, "state": row.state, "orders": row.orders}
    _put(archive, f"{folder}/{name}.json", body)
    archive.writestr(f"{folder}/{original}", raw)
    return 1


def _deleted(archive: zipfile.ZipFile, uow: UnitOfWork, subjects: Sequence[str]) -> None:
    rows = [
        {"what": row.kind, "of": row.subject, "at": row.at, "kept_for_days": row.days}
        for row in uow.deletions.of(*subjects)
    ]
    _put(archive, "deleted.json", rows)


def _put(archive: zipfile.ZipFile, name: str, body: Any) -> None:
    archive.writestr(name, json.dumps(body, ensure_ascii=False, indent=2, default=str) + "\n")
