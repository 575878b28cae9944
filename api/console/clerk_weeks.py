"""Figures by clerk and week: a head sees everybody's, a clerk only their own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from api.console import sheets
from api.console.access import me, needs
from api.console.context import Context
from api.console.scores import cards_of
from api.office import office_now
from models.desk import courses
from models.desk.courses import Learner
from models.figures import Stretch, iso_week
from models.office import Office
from models.sla import Wait, clock
from models.staff import Permission, User
from models.store import UnitOfWork
from nlp.training.scorecard import Card
from nlp.training.summary import ALL_CHECKS, shares

#: Calls of a week that are scored, the newest: the others would have the page wait.
MOST_CALLS = 300
_COLUMNS = (
    *("week", "clerk", "calls", "orders", "released", "practice", "scored_calls"),
    *("course_passed", "course_chapters", "course_points", "corrections", "overdue_tasks"),
    "late_waits",
    *ALL_CHECKS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A clerk's week; `user` is None for the assistant, of which calls and orders are told alone.

    Attributes:
        late: waits of customers that grew too long while this person answered for the order.
        scored: practice and real calls that `shares` are of, by name of a check, 0 to 1.
    """

    user: User | None
    calls: int
    orders: int
    released: int = 0
    practice: int = 0
    corrections: int = 0
    overdue: int = 0
    late: int = 0
    learner: Learner | None = None
    scored: int
    shares: Mapping[str, float | None]


def blueprint(context: Context) -> Blueprint:
    """`/console/figures/clerks`."""
    routes = Blueprint("clerk_weeks", __name__, url_prefix="/figures/clerks")
    routes.before_request(needs(Permission.VIEW))

    @routes.get("")
    def show() -> ResponseReturnValue:
        week = _week()
        lines = _lines(context, week)
        today = context.local(context.now()).date()
        earlier = f"{week.day - timedelta(days=7):%G-W%V}"
        before = _lines(context, iso_week(earlier, today, context.settings.zone))
        return render_template(
            "console/clerk_weeks.html",
            week=week,
            name=_name(week),
            trends=_trends(lines, before),
            earlier=earlier,
            later=f"{week.day + timedelta(days=7):%G-W%V}" if week.before <= context.now() else "",
            last=week.day + timedelta(days=6),
            lines=lines,
            checks=ALL_CHECKS,
            most=MOST_CALLS,
        )

    @routes.get("/clerks.csv")
    def as_csv() -> ResponseReturnValue:
        week = _week()
        rows = [_row(week, line) for line in _lines(context, week)]
        return Response(
            sheets.written([_COLUMNS, *rows]),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="clerks-{_name(week)}.csv"'},
        )

    def _week() -> Stretch:
        today = context.local(context.now()).date()
        return iso_week(request.args.get("week", ""), today, context.settings.zone)

    return routes


def _lines(context: Context, week: Stretch) -> Sequence[Line]:
    """Everybody's for a head, with the assistant's; one's own for others."""
    heads, office = me().may(Permission.LEAD), office_now(context.store, context.settings)
    with context.store.reading() as uow:
        people = [u for u in uow.users.all() if _counted(u, heads=heads)]
        book = uow.clerk_weeks
        calls, orders = book.calls(week), book.orders(week)
        released, corrected = book.released(week), book.corrected(week)
        practised = book.practised(week)
        overdue = _overdue(context, uow, week, office)
        late = uow.waits.late(week)
        learners = courses.learners(uow, [u.name for u in people], week.before)
        spoken = book.spoken(week, MOST_CALLS)
        alone = book.unaided(week, MOST_CALLS) if heads else ()
    cards: dict[str, list[Card]] = defaultdict(list)
    for row in practised:
        cards[row.clerk].append(Card.from_json(row.card or {}))
    real = _scored(context, [sid for sid, _ in spoken])
    for sid, whose in spoken:
        cards[whose] += [real[sid]] if sid in real else []
    counted = Counter(row.clerk for row in practised)
    lines = [
        Line(
            user=user,
            calls=calls.get(user.name, 0),
            orders=orders.get(user.name, 0),
            released=released.get(user.name, 0),
            practice=counted[user.name],
            corrections=corrected.get(user.name, 0),
            overdue=overdue[user.name],
            late=late[user.name],
            learner=learners[user.name],
            scored=len(cards[user.name]),
            shares=shares(cards[user.name]),
        )
        for user in people
    ]
    return [*lines, _assistant(context, alone)] if heads else lines


def _trends(lines: Sequence[Line], before: Sequence[Line]) -> Sequence[Mapping[str, int]]:
    """For each line by how many percent each check is passed more often than a week before;
    nothing where one of the weeks cannot tell."""
    known = {_of(line): line.shares for line in before}
    found: list[Mapping[str, int]] = []
    for line in lines:
        then = known.get(_of(line), {})
        both = ((name, now, then.get(name)) for name, now in line.shares.items())
        found.append(
            {n: round((a - b) * 100) for n, a, b in both if a is not None and b is not None}
        )
    return found


def _of(line: Line) -> str:
    """Whose line it is; the assistant's has no name."""
    return "" if line.user is None else line.user.name


def _counted(user: User, *, heads: bool) -> bool:
    return user.name == me().name or (heads and user.active and user.may(Permission.HANDLE))


def _assistant(context: Context, sids: Sequence[str]) -> Line:
    cards = _scored(context, sids).values()
    ordered = sum(_ordered(card) for card in cards)
    return Line(user=None, calls=len(sids), orders=ordered, scored=len(cards), shares=shares(cards))


def _ordered(card: Card) -> bool:
    """Whether a call ended with an order: only then the link has to be announced."""
    return any(check.name == "link" and check.passed is not None for check in card.checks)


def _scored(context: Context, sids: Sequence[str]) -> Mapping[str, Card]:
    with context.store.reading() as uow:
        calls = [call for call in map(uow.calls.get, sids) if call is not None]
        pairs = [(c, uow.orders.get(c.order_id) if c.order_id else None) for c in calls]
    return cards_of(context, pairs)


def _overdue(context: Context, uow: UnitOfWork, week: Stretch, office: Office) -> Counter[str]:
    """Tasks whose time ran out in the week, by whose they are. Call-backs have the time that
    customers wait for one, all others that of a release."""
    now, found = context.now(), Counter[str]()
    for whose, kind, since, done in uow.clerk_weeks.tasks(week):
        wait = Wait.CALL_BACK if kind == "call_back" else Wait.RELEASE
        due = clock(wait, context.local(since), now=context.local(now), office=office).due
        found[whose] += week.since <= due < week.before and due < (done or now)
    return found


def _name(week: Stretch) -> str:
    return f"{week.day:%G-W%V}"


def _row(week: Stretch, line: Line) -> Sequence[object]:
    learner = line.learner
    course = (
        ("", "", "")
        if learner is None
        else (
            int(learner.standing.passed),
            f"{learner.standing.done} of {learner.standing.chapters}",
            f"{learner.standing.points} of {learner.standing.questions}",
        )
    )
    parts = (line.shares[name] for name in ALL_CHECKS)
    return (
        _name(week),
        "assistant" if line.user is None else line.user.name,
        *(line.calls, line.orders, line.released, line.practice, line.scored),
        *course,
        *(line.corrections, line.overdue, line.late),
        *("" if part is None else round(part, 3) for part in parts),
    )
