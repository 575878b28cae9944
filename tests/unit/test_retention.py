"""What is to be deleted: everything that is due, and nothing that is held."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.retention import Item, Kind, due_at, plan

NOW = datetime(2026, 11, 25, tzinfo=UTC)
SUBJECTS = [f"{what}:{n}" for what in ("call", "order", "customer") for n in range(4)]

items = st.builds(
    Item,
    kind=st.sampled_from(Kind),
    subject=st.sampled_from(SUBJECTS),
    since=st.integers(0, 4000).map(lambda days: NOW - timedelta(days=days)),
    keys=st.frozensets(st.sampled_from(SUBJECTS), max_size=4),
)
periods = st.fixed_dictionaries(
    {kind: st.integers(1, 3000).map(lambda days: timedelta(days=days)) for kind in Kind}
)
holds = st.frozensets(st.sampled_from(SUBJECTS), max_size=3)


@given(st.lists(items, max_size=30), periods, holds)
def test_nothing_held_is_deleted_and_nothing_due_survives(
    kept: list[Item], kept_for: dict[Kind, timedelta], held: frozenset[str]
) -> None:
    going = plan(kept, periods=kept_for, holds=held, now=NOW)
    for item in going:
        assert due_at(item, kept_for) <= NOW
        assert not held & {item.subject, *item.keys}
    for item in kept:
        if item not in going:
            assert due_at(item, kept_for) > NOW or held & {item.subject, *item.keys}


@given(st.lists(items, max_size=30), periods, holds)
def test_a_released_hold_lets_go_of_all_that_is_due(
    kept: list[Item], kept_for: dict[Kind, timedelta], held: frozenset[str]
) -> None:
    going = plan(kept, periods=kept_for, holds=held, now=NOW)
    rest = [item for item in kept if item not in going]
    again = plan(rest, periods=kept_for, holds=frozenset(), now=NOW)
    assert all(due_at(item, kept_for) > NOW for item in rest if item not in again)
