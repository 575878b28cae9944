"""What a prompt asks of a simulated caller, by the prompt's key (pure)."""

from __future__ import annotations

#: What the key of a question for a value begins with.
ASKS = ("ask", "reask", "choose", "keypad")
#: What the keys of all questions begin with, and the questions that begin otherwise.
_ASKING = frozenset({*ASKS, "rechoose", "check", "recheck", "offer"})
_QUESTIONS = frozenset(
    {"readback.confirm", "final.confirm", "more.ask", "cancel.this", "cancel.found"}
    | {"danger.ask", "danger.guide", "danger.named", "danger.which"}
    | {"count.ask", "count.ask.day", "count.check"}
    | {"sms.use_caller", "sms.ask_number", "sms.confirm_number", "reach.ask"}
)
#: What a key is searched for to tell how it is answered.
_TOPICS = frozenset({"extras", "offer", "one", "danger", "sms", "readback", "final"})


def is_question(key: str) -> bool:
    """Whether a prompt asks for an answer; all others only tell something."""
    return key.partition(".")[0] in _ASKING or key in _QUESTIONS


def topic(key: str) -> str:
    """What a prompt is about, as far as the caller answers alike."""
    head, _, rest = key.partition(".")
    if key == "ask.who" or rest == "open":
        return "open"
    if head in {"check", "recheck"} or key == "keypad.check":
        return "check"
    words = key.split(".")
    return next((word for word in words if word in _TOPICS), "")
