"""Keys become answers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from voice.keypad import Keypad


def test_the_expected_number_of_keys_completes_an_answer() -> None:
    keypad = Keypad()
    assert keypad.press("1", at_ms=0, expected=1) == "1"
    assert not keypad.waiting


def test_a_pause_completes_an_answer() -> None:
    keypad = Keypad()
    assert keypad.press("4", at_ms=0, expected=0) is None
    assert keypad.pause(1_000) is None
    assert keypad.pause(3_000) == "4"
    assert keypad.pause(9_000) is None


@given(st.text("0123456789*", min_size=0, max_size=15))
def test_a_hash_ends_any_number(digits: str) -> None:
    keypad = Keypad()
    for at, digit in enumerate(digits):
        assert keypad.press(digit, at_ms=at, expected=0) is None
    assert keypad.press("#", at_ms=99, expected=0) == digits
