"""A stream's token: one call, one minute, one use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.stream_token import LIFETIME, StreamTokens
from tests.fakes import MemoryUsedTokens

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def tokens(key: str = "a key") -> StreamTokens:
    return StreamTokens(key, MemoryUsedTokens())


def test_a_token_serves_once() -> None:
    door = tokens()
    token = door.issue("CA1", NOW)
    assert door.redeem(token, "CA1", NOW + timedelta(seconds=5))
    assert not door.redeem(token, "CA1", NOW + timedelta(seconds=6))


def test_a_token_serves_one_call() -> None:
    door = tokens()
    token = door.issue("CA1", NOW)
    assert not door.redeem(token, "CA2", NOW)
    assert door.redeem(token, "CA1", NOW), "a refused attempt does not use it up"


@pytest.mark.parametrize(("after_s", "good"), [(0, True), (60, True), (61, False), (3600, False)])
def test_a_token_serves_a_minute(after_s: int, good: bool) -> None:
    door = tokens()
    assert door.redeem(door.issue("CA1", NOW), "CA1", NOW + timedelta(seconds=after_s)) is good


def test_used_tokens_are_forgotten_after_their_time() -> None:
    used = MemoryUsedTokens()
    end = NOW + LIFETIME
    assert used.use("a", end, NOW)
    assert not used.use("a", end, end)
    assert used.use("b", end + LIFETIME, end + timedelta(seconds=1))
    assert used.use("a", end, end + timedelta(seconds=1)), "its expiry refuses it by then"


def test_processes_share_the_secret_only() -> None:
    token = tokens().issue("CA1", NOW)
    assert tokens().redeem(token, "CA1", NOW)
    assert not tokens("another").redeem(token, "CA1", NOW)


@given(st.text(max_size=120), st.integers(0, 400), st.characters())
def test_forged_tokens_are_refused(text: str, place: int, letter: str) -> None:
    door = tokens()
    token = door.issue("CA1", NOW)
    place %= len(token)
    forged = f"{token[:place]}{letter}{token[place + 1 :]}"
    assert not door.redeem(text, "CA1", NOW)
    assert door.redeem(forged, "CA1", NOW) is (forged == token)
