"""How a simulated caller answers by the keypad."""

from __future__ import annotations

from nlp.dialogue.keypad import CHOICES
from nlp.dialogue.slots import SLOTS, fields_of
from nlp.simulation.behaviour import Said
from nlp.simulation.memory import Notes

#: What a question for the keys 1 and 2 is about.
_PLAIN_KEYS = frozenset({"check", "readback", "final"})


def keys_for(question: Said, notes: Notes) -> str | None:
    """What the caller keys in, None where a voice answers better."""
    about = question.key.partition(".")[2]
    if about in _PLAIN_KEYS:
        return _yes_or_no(about, question, notes)
    fields = fields_of(about if about in SLOTS or "." in about else "")
    value = next((notes.goal.values[n] for n in fields if n in notes.goal.values), None)
    if about in CHOICES:
        return str(CHOICES[about].index(str(value)) + 1)
    if isinstance(value, str) and value.startswith("+86"):
        return value.removeprefix("+86")
    if isinstance(value, int):
        return str(value)
    if about == "sms.ask_number":
        return (notes.goal.mobile or notes.goal.caller or "").removeprefix("+86") or None
    return {"danger": "1" if notes.goal.dangerous else "2", "reach": "1"}.get(about)


def _yes_or_no(about: str, question: Said, notes: Notes) -> str | None:
    """1 for yes and 2 for no; None where there is more to say than that."""
    if about == "check":
        mobile = notes.goal.mobile or notes.goal.caller
        values = {n: v for n, v in question.values.items() if n != "mobile"}
        right = question.values.get("mobile", mobile) == mobile
        return "1" if right and all(notes.fits(n, v) for n, v in values.items()) else "2"
    return "2" if notes.still_wrong() or (about == "readback" and notes.unread()) else "1"
