"""New customers on both databases: the chain, links by e-mail, an exception that lapses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from pydantic import SecretStr

from api.config import Settings
from api.mail import LocalMail, Mail, SmtpMail, make_mailer
from models import desk
from models.admission import Admission, Means, PhoneException
from models.assignment import Absence
from models.call import Call
from models.desk import (
    customers,
    duties,
    exceptions,
    onboarding,
    onboarding_links,
    onboarding_mails,
    staff,
)
from models.desk.deputies import deputy_for
from models.desk.onboarding_links import LinkUse
from models.errors import ExternalError, RuleError
from models.links import token as token_of
from models.onboarding import Onboarding
from models.order import NotAcceptable, StaleVersion
from models.staff import Role
from models.store import Store, UnitOfWork
from tests.fakes import FakeSms
from tests.onboarding import approve_all, begun, people
from tests.orders import NOW, draft, linked, signing
from tests.orders import begun as order_begun
from tests.smtp import Inbox, receiving
from tests.workers import until, working
from voice.effects import Effects


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, home=tmp_path, public_url="https://intake.example.com")


def stands(store: Store, at: datetime = NOW) -> Admission:
    """How the new customer stands."""
    with store.reading() as uow:
        return desk.admission_of(uow, uow.customers.by_phone("+8613800138001"), at)


def mails(store: Store) -> list[tuple[str, str]]:
    """Which e-mails were queued, and to whom."""
    with store.reading() as uow:
        rows = uow.outbox.in_state("pending") + uow.outbox.in_state("started")  # type: ignore[operator]
    return [(str(r.payload["what"]), str(r.payload["to"])) for r in rows if r.kind == "mail"]


def tokens(store: Store, name: str) -> list[str]:
    """The tokens of the links that went to somebody."""
    with store.reading() as uow:
        rows = uow.outbox.in_state("pending")
        return [
            token_of(uow.secret, str(row.payload["nonce"]))
            for row in rows
            if row.payload.get("to") == f"{name}@example.com" and "nonce" in row.payload
        ]


def test_a_form_goes_the_whole_chain_by_console_and_link(store: Store) -> None:
    by = people(store)
    one = begun(store, by["mia"])
    assert stands(store) is Admission.REFUSED
    with store.unit() as uow:
        onboarding.submit(uow, one.id, 2, user=by["mia"], at=NOW)
        uow.commit()
    assert mails(store) == [("approve", "mia@example.com")]
    with store.unit() as uow:
        onboarding.approve(uow, one.id, 2, user=by["mia"], at=NOW, comment="老客户介绍")
        uow.commit()
    [link] = tokens(store, "wu")
    with store.unit() as uow:
        onboarding_links.decide_by_link(uow, link, NOW, approved=True, comment="有库位")
        uow.commit()
    assert stands(store) is Admission.REFUSED
    with store.unit() as uow:
        with pytest.raises(RuleError, match="serves no more"):
            onboarding_links.decide_by_link(uow, link, NOW, approved=True, comment="")
        onboarding.approve(uow, one.id, 2, user=by["gm"], at=NOW)
        uow.commit()
    assert stands(store) is Admission.APPROVED
    with store.reading() as uow:
        steps = [(s.step, s.role, s.by, s.comment, s.via) for s in uow.onboardings.history(one.id)]
        assert uow.onboardings.in_first_period(one.customer_id)
    assert steps[-3:] == [
        ("approve", "marketing_manager", "mia", "老客户介绍", "console"),
        ("approve", "warehouse_manager", "wu", "有库位", "mail"),
        ("approve", "general_manager", "gm", "", "console"),
    ]
    assert {("effective", "mia@example.com"), ("effective", "hua@example.com")} <= set(mails(store))


def test_a_named_deputy_of_the_same_role_decides_for_a_manager_who_is_away(store: Store) -> None:
    by = people(store)
    one = begun(store, by["mia"])
    with store.unit() as uow:
        wang = staff.add_user(
            uow,
            name="wang",
            display="Wang",
            role=Role.WAREHOUSE_MANAGER,
            password="",
            must_change=False,
            by="cli",
            at=NOW,
        )
        today = NOW.date()
        with pytest.raises(RuleError, match="stand in"):
            duties.add_absence(uow, "wu", Absence(today, today, "ding"), user=by["hua"], at=NOW)
        duties.add_absence(uow, "wu", Absence(today, today, "wang"), user=by["hua"], at=NOW)
        onboarding.submit(uow, one.id, 2, user=by["mia"], at=NOW)
        onboarding.approve(uow, one.id, 2, user=by["mia"], at=NOW)
        onboarding.approve(uow, one.id, 2, user=wang, at=NOW)
        tomorrow = NOW + timedelta(days=1)
        onboarding.approve(uow, one.id, 2, user=by["gm"], at=tomorrow)
        uow.commit()
    with store.reading() as uow:
        steps = [(s.by, s.deputy_for) for s in uow.onboardings.history(one.id) if s.role]
        assert deputy_for(uow, wang, tomorrow) is None
    assert steps == [("mia", None), ("wang", "wu"), ("gm", None)]


def test_a_change_voids_the_approvals_and_every_link_that_is_out(store: Store) -> None:
    by = people(store)
    one = begun(store, by["mia"])
    approve_all(store, one, by)
    assert stands(store) is Admission.APPROVED
    with store.unit() as uow:
        changed = replace(one.form, remarks="账期改为60天")
        onboarding.change(uow, one.id, 2, changed, user=by["hua"], at=NOW)
        uow.commit()
    assert stands(store) is Admission.REFUSED
    [link] = tokens(store, "wu")
    with store.reading() as uow:
        assert onboarding_links.view_link(uow, link, NOW).use is LinkUse.CHANGED
        assert uow.onboardings.of_customer(one.customer_id).approvals == ()  # type: ignore[union-attr]


def test_a_link_ends_after_its_week_and_with_its_owners_account(store: Store) -> None:
    by = people(store)
    one = begun(store, by["mia"])
    with store.unit() as uow:
        onboarding.submit(uow, one.id, 2, user=by["mia"], at=NOW)
        uow.commit()
    [link] = tokens(store, "mia")
    with store.unit() as uow:
        assert onboarding_links.view_link(uow, link, NOW).use is LinkUse.OPEN
        later = NOW + onboarding_mails.LINK_LIFETIME
        assert onboarding_links.view_link(uow, link, later).use is LinkUse.EXPIRED
        uow.users.row("mia").active = False
        uow.session.flush()
        assert onboarding_links.view_link(uow, link, NOW).use is LinkUse.EXPIRED


def test_a_manager_is_asked_again_by_a_link_that_still_serves(store: Store) -> None:
    by = people(store)
    one = begun(store, by["mia"])
    with store.unit() as uow:
        with pytest.raises(RuleError, match="nobody"):
            onboarding.ask_again(uow, one.id, one.version, user=by["mia"], at=NOW)
        onboarding.submit(uow, one.id, one.version, user=by["mia"], at=NOW)
        uow.commit()
    late = NOW + timedelta(days=8)
    with store.unit() as uow:
        assert {onboarding_links.view_link(uow, t, late).use for t in links_out(uow)} == {
            LinkUse.EXPIRED
        }
        onboarding.ask_again(uow, one.id, one.version, user=by["mia"], at=late)
        with pytest.raises(StaleVersion):
            onboarding.ask_again(uow, one.id, one.version + 1, user=by["mia"], at=late)
        assert [onboarding_links.view_link(uow, t, late).use for t in links_out(uow)] == [
            LinkUse.EXPIRED,
            LinkUse.OPEN,
        ]
        uow.commit()


def links_out(uow: UnitOfWork) -> list[str]:
    """The token of every link that was sent, oldest first."""
    rows = uow.outbox.in_state("pending")
    return [token_of(uow.secret, row.payload["nonce"]) for row in rows if "nonce" in row.payload]


def test_a_link_can_return_the_form_with_a_reason(store: Store) -> None:
    by = people(store)
    one = begun(store, by["hua"])
    with store.unit() as uow:
        onboarding.submit(uow, one.id, 2, user=by["hua"], at=NOW)
        uow.commit()
    [link] = tokens(store, "mia")
    with store.unit() as uow, pytest.raises(RuleError, match="reason"):
        onboarding_links.decide_by_link(uow, link, NOW, approved=False, comment="")
    with store.unit() as uow:
        onboarding_links.decide_by_link(uow, link, NOW, approved=False, comment="报价过期")
        uow.commit()
    assert ("returned", "hua@example.com") in mails(store)


def test_the_register_cannot_overrule_the_chain(store: Store) -> None:
    by = people(store)
    one = begun(store, by["mia"])
    with store.unit() as uow:
        known = uow.customers.get(one.customer_id)
        assert known is not None
        with pytest.raises(customers.NotByHand):
            customers.save(uow, replace(known, effective=True), by="hua", at=NOW)
    with store.unit() as uow, pytest.raises(RuleError, match="role"):
        onboarding.change(uow, one.id, 2, one.form, user=by["anna"], at=NOW)


def exception(due: datetime, *, given: datetime = NOW, leader: str = "gm") -> PhoneException:
    """The general manager's word on the telephone."""
    return PhoneException(
        leader=leader,
        noted_by="anna",
        means=Means.PHONE,
        what="先走两票，合同周五补",
        given_at=given,
        due=due,
    )


def recorded(store: Store, one: Onboarding, due: datetime, *, given: datetime = NOW) -> None:
    """The exception, written down by a clerk."""
    with store.unit() as uow:
        anna = next(u for u in uow.users.all() if u.name == "anna")
        exceptions.record(uow, one.id, exception(due, given=given), user=anna, at=NOW)
        uow.commit()


def test_an_exception_that_lapses_suspends_the_customer(store: Store, settings: Settings) -> None:
    by = people(store)
    one = begun(store, by["mia"])
    order_begun(store, draft(**{"customer.name": one.form.company}))
    # Given days ago and due in a moment: every alert comes while the worker runs.
    recorded(store, one, NOW + timedelta(seconds=8), given=NOW - timedelta(days=5))
    assert stands(store) is Admission.EXCEPTION
    with working(store, settings, FakeSms()):
        until(lambda: ended(store))
    assert stands(store, NOW + timedelta(seconds=8)) is Admission.SUSPENDED
    with store.reading() as uow:
        [row] = uow.exceptions.rows(one.customer_id)
        sorts = [(task.kind, task.order_id) for task in uow.tasks.still_open()]
    assert row.suspended_at is not None
    assert row.suspended_at >= row.due
    assert sorts == [("exception_over", "o1"), ("exception_over", None)]
    subjects = sent(settings)
    assert subjects.count("请补齐手续：新星贸易公司") == 2  # its author, and who noted it
    assert subjects.count("手续即将到期：新星贸易公司") == 4  # the leader and the head, too
    assert subjects.count("已停止接单：新星贸易公司") == 4


def ended(store: Store) -> bool:
    """Whether the exception's workflow is over, and every e-mail out."""
    with store.reading() as uow:
        row = uow.outbox.by_key("exception:1")
        waiting = [*uow.outbox.in_state("pending"), *uow.outbox.in_state("started")]
    return row is not None and row.state == "done" and not waiting


def sent(settings: Settings) -> list[str]:
    """Subjects of the e-mails that were kept."""
    files = (settings.data_dir / "mail").glob("*.eml")
    return [str(message_from_bytes(f.read_bytes(), policy=default)["Subject"]) for f in files]


def test_an_exception_lets_orders_be_released_until_it_is_due(store: Store) -> None:
    by = people(store)
    one = begun(store, by["mia"])
    order, link = linked(store, draft(**{"customer.name": one.form.company}))
    with store.unit() as uow:
        desk.sign(uow, link, signing(uow, link), NOW)
        uow.commit()
    due = NOW + timedelta(days=2)
    with store.unit() as uow, pytest.raises(NotAcceptable, match="not effective"):
        desk.accept(uow, order.id, at=NOW, by="clerk:anna")
    recorded(store, one, due)
    with store.unit() as uow, pytest.raises(NotAcceptable, match="not effective"):
        desk.accept(uow, order.id, at=due, by="clerk:anna")  # nobody noted yet that it is over
    with store.unit() as uow:
        desk.accept(uow, order.id, at=due - timedelta(seconds=1), by="clerk:anna")


def test_approved_papers_end_the_exception_for_good(store: Store, settings: Settings) -> None:
    by = people(store)
    one = begun(store, by["mia"])
    due = NOW + timedelta(days=2)
    recorded(store, one, due)
    approve_all(store, one, by)
    assert stands(store, due + timedelta(days=9)) is Admission.APPROVED
    with store.reading() as uow:
        effect = next(e for e in uow.outbox.in_state("pending") if e.kind == "exception")
        assert exceptions.watched(uow, effect.payload, 0).ended
        assert uow.exceptions.rows(one.customer_id)[0].ended_by == "gm"


def test_only_a_named_leader_gives_an_exception_and_takes_it_back(store: Store) -> None:
    by = people(store)
    one = begun(store, by["mia"])
    due = NOW + timedelta(days=2)
    with store.unit() as uow, pytest.raises(RuleError, match="manager"):
        exceptions.record(uow, one.id, exception(due, leader="hua"), user=by["anna"], at=NOW)
    recorded(store, one, due)
    with store.unit() as uow:
        with pytest.raises(RuleError, match="leader"):
            exceptions.take_back(uow, 1, user=by["anna"], at=NOW)
        exceptions.take_back(uow, 1, user=by["gm"], at=NOW)
        uow.commit()
    assert stands(store) is Admission.REFUSED


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, str]]:
    """A real SMTP server, and its address."""
    with receiving() as found:
        yield found


def test_a_link_leaves_by_smtp_and_opens_the_form(
    sqlite_store: Store, settings: Settings, inbox: tuple[Inbox, str]
) -> None:
    handler, url = inbox
    wired = settings.model_copy(update={"smtp_url": SecretStr(url)})
    by = people(sqlite_store)
    one = begun(sqlite_store, by["mia"])
    with sqlite_store.unit() as uow:
        onboarding.submit(uow, one.id, 2, user=by["mia"], at=NOW)
        uow.commit()
    with working(sqlite_store, wired, FakeSms()):
        until(lambda: len(handler.got) == 1)
    [message] = handler.got
    assert message["To"] == "mia@example.com"
    assert message["Subject"] == "请审批《客户服务交接表》：新星贸易公司"
    found = re.search(r"https://intake\.example\.com/approve/(\S{43})", message.get_content())
    assert found is not None
    with sqlite_store.reading() as uow:
        assert onboarding_links.view_link(uow, found[1], NOW).user.name == "mia"
        stored = str([effect.payload for effect in uow.outbox.in_state("done")])
    assert found[1] not in stored  # the database alone opens nothing


def test_smtp_errors_are_final_or_passing(settings: Settings, inbox: tuple[Inbox, str]) -> None:
    _, url = inbox
    sender = make_mailer(settings.model_copy(update={"smtp_url": SecretStr(url)}))
    for to, again in (("nobody@example.com", False), ("full@example.com", True)):
        with pytest.raises(ExternalError) as refused:
            sender.send(Mail(to, "s", "b", "k"))
        assert refused.value.retryable is again
    with pytest.raises(RuleError):
        sender.send(Mail("no address\r\nBcc: x@example.com", "s", "b", "k"))
    # A password is never said to a server without encryption.
    guarded = url.replace("smtp://", "smtp://user:secret@")
    with pytest.raises(ExternalError, match="lacks"):
        SmtpMail(settings.model_copy(update={"smtp_url": SecretStr(guarded)})).send(
            Mail("mia@example.com", "s", "b", "k")
        )
    gone = settings.model_copy(update={"smtp_url": SecretStr("smtp://127.0.0.1:9")})
    with pytest.raises(ExternalError) as away:
        SmtpMail(gone).send(Mail("mia@example.com", "s", "b", "k"))
    assert away.value.retryable


def test_the_same_email_again_is_the_same_file(tmp_path: Path) -> None:
    sender = LocalMail(tmp_path / "mail", "desk@example.com")
    first = sender.send(Mail("mia@example.com", "主题", "正文", "k"))
    assert sender.send(Mail("mia@example.com", "主题", "正文", "k")) == first
    [file] = (tmp_path / "mail").iterdir()
    assert message_from_bytes(file.read_bytes(), policy=default)["Message-ID"] == first


def test_a_call_is_refused_once_an_exception_is_over(store: Store) -> None:
    by = people(store)
    one = begun(store, by["mia"])

    def taken(at: datetime) -> bool:
        """Whether the assistant takes orders of a call from the customer's number."""
        call = Call(
            sid=f"CA{at:%d%H}", caller="+8613800138001", called=None, started_at=at, lang="zh"
        )
        effects = Effects(
            store=store,
            call=call,
            wall=lambda: at,
            open_now=lambda _at: True,
            link_hours=72,
            recording="",
        )
        customer = effects.begin().event.customer
        assert customer is not None
        return customer.effective

    assert not taken(NOW)
    recorded(store, one, NOW + timedelta(days=2))
    assert taken(NOW)
    assert taken(NOW + timedelta(days=1))
    assert not taken(NOW + timedelta(days=2))
    approve_all(store, one, by)
    assert taken(NOW + timedelta(days=3))
