"""How risky an order is, and who has to approve its release (pure).

The rules are one table: what is looked at, how many points it gives. The points are added up, and
a second table says whose approval so many points need. Both are meant to be read and changed here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from models.look_alikes import look_alike
from models.staff import Role

#: Declared values from which an order is of high, or of very high, value, CNY.
HIGH_VALUE, VERY_HIGH_VALUE = 50_000.0, 200_000.0
#: So many times what is usual for the customer is unusual, once it has ordered so often.
UNUSUAL_TIMES, USUAL_FROM = 3.0, 3
#: What of an order tells how much it is.
AMOUNTS = ("weight_kg", "pieces", "volume_m3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of an order and its customer.

    Attributes:
        first_period: the head of customer service still takes this customer's orders.
        exception: the customer orders by an exception by phone.
        declared_value: CNY, None where none was declared.
        goods: what the goods are called; `dangerous` names those declared as dangerous.
        suspects: goods that the reading of a written order found to hide dangerous ones.
        route: towns from and to, None while one is open; `routes` are those of accepted orders.
        amounts: by `AMOUNTS`, what is known of this order; `usual` has those of accepted ones.
        values: declared values of accepted orders, CNY.
        orders_today: orders of this customer on the order's day; `orders_a_day` has how many it
            gave on each other day on which it ordered.
        unsigned_before: orders of this customer whose notice was not signed in time.
    """

    first_period: bool = False
    exception: bool = False
    declared_value: float | None = None
    goods: str = ""
    dangerous: bool = False
    suspects: bool = False
    route: tuple[str, str] | None = None
    routes: tuple[tuple[str, str], ...] = ()
    amounts: Mapping[str, float] = field(default_factory=dict)
    usual: Mapping[str, Sequence[float]] = field(default_factory=dict)
    values: Sequence[float] = ()
    orders_today: int = 0
    orders_a_day: Sequence[int] = ()
    unsigned_before: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table: a name, its points, and when it holds."""

    name: str
    points: int
    holds: Callable[[Facts], bool]


def _value(facts: Facts) -> float:
    return facts.declared_value or 0.0


def _look_alike(facts: Facts) -> bool:
    return not facts.dangerous and (facts.suspects or look_alike(facts.goods))


def _new_route(facts: Facts) -> bool:
    known = len(facts.routes) >= USUAL_FROM
    return facts.route is not None and known and facts.route not in facts.routes


def _unusual(amount: float | None, past: Sequence[float]) -> bool:
    if amount is None or len(past) < USUAL_FROM:
        return False
    return amount > sorted(past)[len(past) // 2] * UNUSUAL_TIMES


def _much(facts: Facts) -> bool:
    return any(_unusual(facts.amounts.get(one), facts.usual.get(one, ())) for one in AMOUNTS)


#: The whole of the rules.
RULES: tuple[Rule, ...] = (
    Rule("first_period", 2, lambda facts: facts.first_period),
    Rule("exception", 2, lambda facts: facts.exception),
    Rule("high_value", 2, lambda facts: HIGH_VALUE <= _value(facts) < VERY_HIGH_VALUE),
    Rule("very_high_value", 6, lambda facts: _value(facts) >= VERY_HIGH_VALUE),
    Rule("dangerous", 3, lambda facts: facts.dangerous),
    Rule("look_alike", 1, _look_alike),
    Rule("new_route", 1, _new_route),
    Rule("much", 1, _much),
    Rule("unusual_value", 1, lambda facts: _unusual(facts.declared_value, facts.values)),
    Rule("many_orders", 1, lambda facts: _unusual(facts.orders_today, facts.orders_a_day)),
    Rule("unsigned_before", 1, lambda facts: facts.unsigned_before == 1),
    Rule("often_unsigned", 2, lambda facts: facts.unsigned_before > 1),
)

#: From so many points on, somebody of this role has to approve the release.
APPROVERS: tuple[tuple[int, Role], ...] = (
    (3, Role.HEAD),
    (6, Role.GENERAL_MANAGER),
)


@dataclass(frozen=True, slots=True)
class Risk:
    """The sum of points, the rules that gave them, and who has to approve (None: nobody)."""

    points: int
    rules: tuple[Rule, ...]
    approver: Role | None


def assess(facts: Facts) -> Risk:
    """The risk of an order."""
    rules = tuple(rule for rule in RULES if rule.holds(facts))
    points = sum(rule.points for rule in rules)
    reached = [role for least, role in APPROVERS if points >= least]
    return Risk(points, rules, reached[-1] if reached else None)


def suffices(role: Role, needed: Role | None) -> bool:
    """Whether an approval by somebody of `role` is enough where `needed` is asked for."""
    order = [approver for _, approver in APPROVERS]
    if needed is None:
        return True
    return role in order and order.index(role) >= order.index(needed)
