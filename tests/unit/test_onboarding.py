"""A handover form's life: the chain is walked whole, and a change voids what was approved."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.admission import (
    LONGEST_EXCEPTION,
    Admission,
    Alert,
    Means,
    PhoneException,
    admission,
    alerts,
    allow,
)
from models.contract import PaperKind
from models.errors import RuleError
from models.onboarding import (
    Business,
    Contact,
    Form,
    FormState,
    Incomplete,
    NotYourStep,
    Onboarding,
    Paper,
    Settlement,
    chain,
)
from models.order import IllegalStep, StaleVersion
from models.staff import Role, User
from tests.orders import NOW

WHOLE = Form(
    company="新星贸易公司",
    contacts=(Contact("陈先生", "+8613800138001"),),
    business=frozenset({Business.WAREHOUSE}),
    settlement=Settlement.PER_ORDER,
    papers=(Paper(PaperKind.QUOTATION, "报价.pdf", "a" * 64),),
)


def user(role: Role, *, active: bool = True) -> User:
    """Somebody with a role, called by it."""
    return User(
        id=1,
        name=role.value,
        display=role.value,
        role=role,
        lang="zh",
        phone=None,
        active=active,
        totp=False,
        stamp="",
        must_change=False,
    )


def onboarding(form: Form = WHOLE) -> Onboarding:
    """A form that was just begun."""
    return Onboarding(id="f1", customer_id="c1", author="mia", form=form)


def approved(one: Onboarding) -> Onboarding:
    """The submitted form after its whole chain."""
    for role in chain(one.form.business):
        one = one.approve(one.version, user=user(role), at=NOW, comment="ok")
    return one


@pytest.mark.parametrize(
    ("business", "departments"),
    [
        ({Business.WAREHOUSE}, (Role.WAREHOUSE_MANAGER,)),
        ({Business.DISTRIBUTION}, (Role.DISTRIBUTION_MANAGER,)),
        (set(Business), (Role.WAREHOUSE_MANAGER, Role.DISTRIBUTION_MANAGER)),
    ],
)
def test_the_chain_follows_the_business(
    business: set[Business], departments: tuple[Role, ...]
) -> None:
    assert chain(business) == (Role.MARKETING_MANAGER, *departments, Role.GENERAL_MANAGER)


def test_the_last_approval_makes_it_effective() -> None:
    done = approved(onboarding().submit(1))
    assert done.effective
    assert [a.role for a in done.approvals] == list(chain(WHOLE.business))
    assert done.next_role() is None
    with pytest.raises(IllegalStep):
        done.withdraw()


@pytest.mark.parametrize(
    ("lacking", "name"),
    [
        ({"company": " "}, "company"),
        ({"contacts": (Contact("陈先生"),)}, "contacts"),
        ({"business": frozenset()}, "business"),
        ({"settlement": None}, "settlement"),
        ({"settlement": Settlement.MONTHLY}, "period_days"),
        ({"settlement": Settlement.MONTHLY, "period_days": 181}, "period_days"),
        ({"papers": ()}, "papers"),
    ],
)
def test_nobody_is_asked_about_half_a_form(lacking: dict[str, object], name: str) -> None:
    with pytest.raises(Incomplete) as refused:
        onboarding(replace(WHOLE, **lacking)).submit(1)  # type: ignore[arg-type]
    assert refused.value.names == (name,)


def test_a_refused_form_returns_with_the_reason_and_begins_anew() -> None:
    asked = onboarding().submit(1)
    asked = asked.approve(1, user=user(Role.MARKETING_MANAGER), at=NOW)
    with pytest.raises(RuleError, match="reason"):
        asked.give_back(1, user=user(Role.WAREHOUSE_MANAGER), reason=" ")
    returned = asked.give_back(1, user=user(Role.WAREHOUSE_MANAGER), reason="库位不够")
    assert (returned.state, returned.returned) == (FormState.RETURNED, "库位不够")
    assert returned.approvals == ()
    assert returned.submit(1).next_role() is Role.MARKETING_MANAGER


def test_somebody_who_left_approves_nothing() -> None:
    with pytest.raises(NotYourStep):
        onboarding().submit(1).approve(1, user=user(Role.MARKETING_MANAGER, active=False), at=NOW)


_DEEDS = st.one_of(
    st.sampled_from(["submit", "withdraw"]).map(lambda deed: (deed, None)),
    st.tuples(st.just("change"), st.sampled_from(["甲", "乙", "丙"])),
    st.tuples(st.sampled_from(["approve", "return"]), st.sampled_from(Role)),
)


def _done(one: Onboarding, deed: str, given: object, version: int) -> Onboarding:
    if deed == "submit":
        return one.submit(version)
    if deed == "withdraw":
        return one.withdraw()
    if deed == "change":
        return one.change(replace(one.form, remarks=str(given)), version)
    by = user(Role(str(given)))
    if deed == "approve":
        return one.approve(version, user=by, at=NOW)
    return one.give_back(version, user=by, reason="no")


@given(
    st.sets(st.sampled_from(Business), min_size=1),
    st.lists(st.tuples(_DEEDS, st.integers(-1, 0)), max_size=40),
)
def test_whatever_happens_effective_means_the_whole_chain_for_this_version(
    business: set[Business], deeds: list[tuple[tuple[str, object], int]]
) -> None:
    one = onboarding(replace(WHOLE, business=frozenset(business)))
    approvers: list[Role] = []
    for (deed, given_), behind in deeds:
        before = one
        try:
            one = _done(one, deed, given_, one.version + behind)
        except RuleError:
            assert one is before  # a refused step changes nothing
            continue
        assert behind == 0 or deed == "withdraw"  # nothing is decided about an older version
        if deed == "approve":
            approvers.append(Role(str(given_)))
        elif one != before:
            approvers = []
        assert one.version - before.version == (one.form != before.form)
        assert [a.role for a in one.approvals] == approvers
        assert list(chain(business))[: len(approvers)] == approvers
        assert one.effective == (approvers == list(chain(business)))


@given(st.sampled_from([*range(5)]), st.text(min_size=1, max_size=5))
def test_a_change_after_any_number_of_approvals_voids_all(steps: int, remarks: str) -> None:
    one = onboarding(replace(WHOLE, business=frozenset(Business))).submit(1)
    for role in chain(one.form.business)[:steps]:
        one = one.approve(1, user=user(role), at=NOW)
    changed = one.change(replace(one.form, remarks=remarks), 1)
    assert (changed.state, changed.approvals, changed.version) == (FormState.DRAFT, (), 2)
    with pytest.raises(StaleVersion):
        changed.submit(1)
    assert one.change(one.form, 1) is one


@given(st.data())
def test_other_contents_have_another_digest(data: st.DataObject) -> None:
    words = st.text(max_size=4)
    forms = st.builds(
        Form,
        company=words,
        account=words,
        remarks=words,
        business=st.frozensets(st.sampled_from(Business)),
    )
    one, other = data.draw(forms), data.draw(forms)
    assert (one.digest() == other.digest()) == (one == other)


def exception(hours: float = 72, **changes: object) -> PhoneException:
    """What a leader allowed an hour ago."""
    plain = PhoneException(
        leader="gm",
        noted_by="anna",
        means=Means.PHONE,
        what="先走三票",
        given_at=NOW - timedelta(hours=1),
        due=NOW + timedelta(hours=hours),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wrong", "role"),
    [
        ({}, Role.CLERK),
        ({}, Role.WAREHOUSE_MANAGER),
        ({"what": " "}, Role.GENERAL_MANAGER),
        ({"given_at": NOW + timedelta(minutes=1)}, Role.GENERAL_MANAGER),
        ({"due": NOW}, Role.GENERAL_MANAGER),
        ({"due": NOW + LONGEST_EXCEPTION}, Role.GENERAL_MANAGER),
    ],
)
def test_an_exception_that_nobody_may_give_so(wrong: dict[str, object], role: Role) -> None:
    with pytest.raises(RuleError):
        allow(exception(**wrong), role=role, now=NOW)  # type: ignore[arg-type]
    assert allow(exception(), role=Role.MARKETING_MANAGER, now=NOW) == exception()


@given(
    st.booleans(),
    st.none() | st.floats(0.1, 300),
    st.booleans(),
    st.floats(0, 400),
)
def test_a_customer_orders_by_its_papers_or_while_an_exception_holds(
    effective: bool, hours: float | None, ended: bool, later: float
) -> None:
    given_ = None
    if hours is not None:
        given_ = exception(hours, ended_at=NOW if ended else None)
    now = NOW + timedelta(hours=later)
    found = admission(effective=effective, exception=given_, now=now)
    holds = given_ is not None and not ended and now < given_.due
    assert found.may_order == (effective or holds)
    if found is Admission.SUSPENDED:
        assert given_ is not None
        assert given_.overdue(now)


@given(st.floats(0.1, 13 * 24))
def test_the_last_alert_of_every_exception_suspends(hours: float) -> None:
    one = exception(hours)
    found = alerts(one)
    assert found[-1] == (one.due, Alert.SUSPEND)
    assert [a for _, a in found].count(Alert.SUSPEND) == 1
    assert list(found) == sorted(found)
    assert all(moment > one.given_at for moment, _ in found)


def test_reminders_and_escalation_come_before_the_end() -> None:
    assert [alert for _, alert in alerts(exception(72))] == [
        Alert.REMIND,
        Alert.ESCALATE,
        Alert.REMIND,
        Alert.SUSPEND,
    ]
