"""Every conversation below tests/calls, with what the caller means given."""

from __future__ import annotations

import pytest

from tests.conversations import Conversation, load_all, play

ALL = load_all()


@pytest.mark.parametrize("conversation", ALL, ids=lambda c: c.name)
def test_conversation(conversation: Conversation) -> None:
    play(conversation)


def test_there_are_enough_conversations_in_both_languages() -> None:
    assert len(ALL) >= 60
    assert sum(c.lang == "en" for c in ALL) >= 15
