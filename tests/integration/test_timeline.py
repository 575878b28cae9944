"""The timeline of an order: everything, from every channel, for whoever may know it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from api.config import Settings
from api.console.order_view import read
from api.console.timeline import Moment
from models import desk as desks
from models.callback import Cause
from models.desk import holds
from models.desk.waits import watch_waits
from models.office import Office, parse_spans
from models.rows import MessageRow
from models.rows_fax import DayCountRow, FaxRow
from models.rows_mail import MailRow
from models.rows_outbound import CallBackRow, RingRow
from models.rows_privacy import DeletionRow
from models.staff import Role, User
from models.store import Store, UnitOfWork
from tests.console import Desk
from tests.orders import MOBILE, NOW

MINUTE = timedelta(minutes=1)
ALWAYS = Office(week=(parse_spans("00:00-24:00"),) * 7)


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An order of a call, signed, with its link texted."""
    found = Desk(store, Settings(data=tmp_path, home=tmp_path))
    found.signed(found.confirmed(found.call()))
    return found


def moments(desk: Desk, user: User) -> list[Moment]:
    with desk.store.reading() as uow:
        return list(read(uow, "o1", user, desk.now).timeline)


def written(uow: UnitOfWork, order_id: str) -> None:
    """A mail and a fax that an order was read from, and others that it was not."""
    for number, orders in enumerate(([order_id], ["other"])):
        common = {"key": f"k{number}", "content": "c", "state": "read", "orders": orders}
        mail = {"sender": "a@b.cn", "sender_name": "", "subject": "发货", "sent_at": None}
        uow.session.add(
            MailRow(id=f"m{number}", received_at=NOW - MINUTE, checks={}, raw=b"", **common, **mail)
        )
        uow.session.add(
            FaxRow(
                id=f"f{number}",
                source="folder",
                reference="x",
                number="+862150801234",
                media_url=None,
                received_at=NOW - 2 * MINUTE,
                raw=b"",
                **common,
            )
        )


def texted(uow: UnitOfWork) -> None:
    """A text message with two reports."""
    row = MessageRow(
        sid="SM1",
        key="sms_link:o1:8",
        order_id="o1",
        order_version=8,
        mobile=MOBILE,
        body="x",
        encoding="UCS-2",
        segments=1,
        status="queued",
        error_code=None,
        created_at=NOW,
        updated_at=NOW,
    )
    uow.messages.add(row)
    for minutes, status, code in ((1, "sent", None), (2, "undelivered", "30003")):
        uow.messages.report("SM1", status, code, NOW + minutes * MINUTE)


def called_back(uow: UnitOfWork) -> None:
    """A call-back with one ring that nobody answered."""
    told = {"number": MOBILE, "lang": "zh", "cause": Cause.CLERK.value, "by": "", "why": None}
    stands = {"exact": False, "confirmed": True, "state": "settled", "due_at": NOW}
    row = CallBackRow(id="b1", open_for=None, order_id="o1", call_sid=None, **told, **stands)
    row.created_at, row.ended_at = NOW, NOW + MINUTE
    uow.session.add(row)
    uow.session.flush()
    ring = {"sid": "CA9", "status": "no-answer", "answered_by": None, "outcome": "no-answer"}
    uow.session.add(
        RingRow(
            call_back_id="b1", nth=1, number=MOBILE, tries=1, tried_at=NOW, ended_at=NOW, **ring
        )
    )


def test_everything_is_there_whatever_the_channel(desk: Desk) -> None:
    reader = desk.user()
    with desk.store.unit() as uow:
        written(uow, "o1")
        texted(uow)
        holds.hold(uow, "order", "o1", reason="索赔", by="hua", at=NOW + MINUTE)
        held = holds.hold(uow, "customer", "上海宏远电子有限公司", reason="y", by="hua", at=NOW)
        holds.release(uow, held.id, by="hua", at=NOW + 2 * MINUTE)
        said = {"customer": "c", "day": NOW.date(), "channel": "phone", "name": "c", "sent": 2}
        uow.day_counts.put(DayCountRow(**said, received=1, order_id="o1", by="assistant", at=NOW))
        deleted = {"rule": "r", "digest": "d", "items": 1, "days": 1, "since": NOW}
        uow.deletions.add(DeletionRow(kind="messages", subject="order:o1", at=NOW, **deleted))
        desks.open_task(uow, "call_back", "x", "o1", None, "k", NOW)
        called_back(uow)
        watch_waits(uow, NOW + timedelta(days=2), ALWAYS)
        uow.audit.add("hua", "call.take_over", "call:CA1", at=NOW)
        uow.commit()
    desk.heard_again(1, "十七件", {"pieces": 17})
    line = moments(desk, reader)
    assert [m.at for m in line] == sorted((m.at for m in line), reverse=True)
    found = {(m.channel, m.what) for m in line}
    assert found >= {
        *(("phone", what) for what in ("call", "call_over", "notice", "heard_again")),
        *(("phone", what) for what in ("call_back", "ring", "call_back_over")),
        *(("sms", what) for what in ("sent", "report")),
        *(("desk", what) for what in ("step", "task", "wait_late", "day_count", "deleted")),
        *(("desk", what) for what in ("hold", "hold_over")),
        ("mail", "mail"),
        ("fax", "fax"),
        ("phone", "call.take_over"),
    }
    assert [m.row.id for m in line if m.what in ("mail", "fax")] == ["m0", "f0"]
    reports = [m.row[1].status for m in line if m.what == "report"]
    assert reports == ["undelivered", "sent"]


def test_who_heard_a_recording_is_for_who_may_read_the_log(desk: Desk) -> None:
    with desk.store.unit() as uow:
        uow.audit.add("anna", "recording.play", "call:CA1", at=NOW)
        uow.audit.add("anna", "order.print", "order:o1", at=NOW)
        uow.commit()
    logged = {"recording.play", "order.print"}
    clerk, admin = desk.user(), desk.user("root", Role.ADMIN)
    assert not logged & {m.what for m in moments(desk, clerk)}
    assert logged <= {m.what for m in moments(desk, admin)}
