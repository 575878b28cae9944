"""What a caller may want at any time, beside answering the question."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from models.call import Disposition, Lang
from models.order import Status
from nlp.dialogue import closing, counting, reaching
from nlp.dialogue.actions import CancelOrder, FindOrder
from nlp.dialogue.events import OrderFound
from nlp.dialogue.memory import Answer, Question
from nlp.dialogue.states import State, Step
from nlp.dialogue.talk import Talk
from nlp.meaning import Intent, Wish

Handler = Callable[[Talk, Answer], Step | None]

_WAIT_MS = 30_000
_SLOW = 0.8
_CLOSED = frozenset({Status.CANCELLED, Status.REJECTED})
_WORDS_OF_A_SENTENCE = 3


def find(talk: Talk, answer: Answer) -> Handler | None:
    """Who grants the wish in an answer, or None when the answer is to the question asked."""
    meaning = answer.understanding
    if reaching.puts_off(talk, answer):
        return reaching.later
    if meaning.wish is Wish.WHO_CALLS and talk.memory.state is State.REACHING:
        # Who was called says with it whether it is a good time.
        return None
    if talk.memory.state is State.COUNTING and counting.answers(talk, answer):
        return None
    by_wish = None if meaning.wish is None else _WISHES.get(meaning.wish)
    if by_wish is not None:
        return by_wish
    if meaning.fields or talk.memory.state is State.CANCELLING:
        return None
    return _INTENTS.get(meaning.intent)


def follow_language(talk: Talk, answer: Answer) -> None:
    """Speaks the language in which the caller says more than a word."""
    meaning, memory = answer.understanding, talk.memory
    long_enough = len(meaning.text.split()) >= _WORDS_OF_A_SENTENCE or bool(meaning.fields)
    if meaning.lang != memory.lang and meaning.text and long_enough:
        memory.lang = meaning.lang


def enter_lookup(talk: Talk) -> Step | None:
    """Looks for the caller's latest order."""
    talk.do(FindOrder())
    return None


def found(talk: Talk, event: OrderFound) -> Step:
    """Tells how the order stands, or takes it up to be changed or cancelled."""
    memory, order = talk.memory, event.order
    if order is None:
        talk.say("status.none")
        return Step.GO_ON
    if memory.purpose == "cancel" and order.status not in _CLOSED:
        memory.found = order
        return Step.CANCEL
    if memory.purpose == "change" and order.status not in _CLOSED:
        talk.start(order)
        memory.extras_asked = True
        memory.outcome = None
        return Step.GO_ON
    memory.purpose = ""
    talk.say(f"status.{order.status}", args={"number": order.number or ""})
    return Step.GO_ON


def enter_cancelling(talk: Talk) -> Step | None:
    """Asks whether the order shall really be cancelled."""
    key = "cancel.found" if talk.memory.found else "cancel.this"
    question = Question(
        about="cancel",
        slot="yes_no",
        ladder=(key, "reask.cancel", "keypad.check"),
        patience="yes_no",
        keys=1,
    )
    if talk.ask(question):
        return None
    return closing.hand_over(talk, "the caller may want to cancel an order")


def cancel_answered(talk: Talk, answer: Answer) -> Step:
    """Cancels on a yes, goes on with the order on a no."""
    memory, meaning = talk.memory, answer.understanding
    if meaning.polarity == "yes" or (meaning.intent is Intent.CANCEL and meaning.polarity is None):
        target = (memory.found or memory.order).cancel()
        talk.do(CancelOrder(order=target))
        if memory.found is None:
            memory.order = target
        memory.found, memory.purpose = None, ""
        memory.outcome = Disposition.CANCELLED
        talk.say("cancel.done")
        return Step.CANCELLED
    if meaning.polarity == "no":
        memory.found, memory.purpose = None, ""
        talk.say("cancel.kept")
        return Step.GO_ON
    return cancel_missed(talk)


def cancel_missed(talk: Talk) -> Step:
    """Nothing usable came: asks again."""
    talk.missed("cancel")
    return Step.CANCEL


def _repeat(talk: Talk, answer: Answer) -> Step | None:
    talk.repeat()
    return None


def _slower(talk: Talk, answer: Answer) -> Step | None:
    talk.memory.rate = _SLOW
    talk.repeat()
    return None


def _wait(talk: Talk, answer: Answer) -> Step | None:
    talk.say("wait")
    talk.listen(no_input_ms=_WAIT_MS)
    return None


def _agent(talk: Talk, answer: Answer) -> Step | None:
    return closing.hand_over(talk, "the caller asked for a person")


def _status(talk: Talk, answer: Answer) -> Step | None:
    talk.memory.purpose = "status"
    return Step.LOOK_UP


def _change(talk: Talk, answer: Answer) -> Step | None:
    if closing.started(talk.memory.order):
        return Step.GO_ON
    talk.memory.purpose = "change"
    return Step.LOOK_UP


def _cancel(talk: Talk, answer: Answer) -> Step | None:
    memory = talk.memory
    if closing.started(memory.order) and memory.order.status not in _CLOSED:
        return Step.CANCEL
    memory.purpose = "cancel"
    return Step.LOOK_UP


def _wrong_number(talk: Talk, answer: Answer) -> Step | None:
    return closing.goodbye(talk, "goodbye.wrong_number", Disposition.WRONG_NUMBER)


def _who_calls(talk: Talk, answer: Answer) -> Step | None:
    memory = talk.memory
    key = "who.outbound" if memory.outbound else "who.inbound"
    talk.say(key, args={"company": talk.settings.company(memory.lang)})
    talk.repeat()
    return None


def _abuse(talk: Talk, answer: Answer) -> Step | None:
    talk.memory.abuses += 1
    if talk.memory.abuses > 1:
        return closing.call_back(talk, "the caller was upset", key="goodbye.abuse")
    talk.say("calm")
    talk.repeat()
    return None


def _speak(lang: Lang) -> Handler:
    def switch(talk: Talk, answer: Answer) -> Step | None:
        talk.memory.lang = lang
        talk.say("language")
        return Step.REACH if talk.memory.state is State.REACHING else Step.GO_ON

    return switch


_WISHES: Mapping[Wish, Handler] = {
    Wish.SLOWER: _slower,
    Wish.WAIT: _wait,
    Wish.WRONG_NUMBER: _wrong_number,
    Wish.WHO_CALLS: _who_calls,
    Wish.ABUSE: _abuse,
    Wish.CHANGE_ORDER: _change,
    Wish.SPEAK_ENGLISH: _speak("en"),
    Wish.SPEAK_CHINESE: _speak("zh"),
}

_INTENTS: Mapping[Intent, Handler] = {
    Intent.REPEAT: _repeat,
    Intent.AGENT: _agent,
    Intent.STATUS: _status,
    Intent.CANCEL: _cancel,
}
