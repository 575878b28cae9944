"""What a heard value is worth: passed over, taken, or taken and checked."""

from __future__ import annotations

from models.fields import FIELDS, InvalidValue, check
from models.order import Order
from nlp.dialogue import readings
from nlp.dialogue.memory import Answer
from nlp.dialogue.remarks import says_nothing
from nlp.dialogue.states import State
from nlp.dialogue.talk import Talk
from nlp.meaning import HeardField, Intent

#: Heard like this, a value needs no question, even where it was given up before.
_CLEAR = 0.8
#: What nobody notices in a long readback is asked about unless it was heard well.
_CAREFUL = frozenset({"packaging", "origin.district", "destination.district"})
_CAREFUL_BELOW = 0.9


def clear(field: HeardField) -> bool:
    """Whether a value was heard well, and not made from its sound."""
    return field.confidence >= _CLEAR and not field.repaired


def usable(talk: Talk, field: HeardField, asked: tuple[str, ...]) -> bool:
    if field.name not in FIELDS or field.name == "dangerous":
        return False
    if field.name in talk.memory.unsure and not (field.corrects or clear(field)):
        return False
    if field.name == "remarks" and says_nothing(str(field.value)):
        return False
    insists = field.corrects or field.name in asked
    if rejected(talk, field) and not insists:
        # Said to be wrong before: most likely heard wrong once more.
        return False
    if field.name == "customer.name" and talk.memory.customer is not None and not field.corrects:
        # The number that calls says who it is more surely than a name heard.
        return False
    try:
        check(field.name, field.value)
    except InvalidValue:
        return False
    return True


def stray(talk: Talk, field: HeardField, answer: Answer, asked: tuple[str, ...]) -> bool:
    """Whether a value is most likely an echo of other words: in the answer to another question
    it quietly contradicts what is known, and was not heard clearly."""
    meaning, known = answer.understanding, talk.memory.order.value(field.name)
    beside = bool(asked) and field.name not in asked and known not in {None, field.value}
    on_purpose = field.corrects or meaning.intent is Intent.CORRECT or meaning.polarity == "no"
    unclear = field.repaired or field.confidence < talk.settings.check_below
    return beside and unclear and not on_purpose


def doubtful(talk: Talk, field: HeardField, before: Order, asked: tuple[str, ...]) -> bool:
    if rejected(talk, field):
        return True
    below = _CAREFUL_BELOW if field.name in _CAREFUL else talk.settings.check_below
    if field.name == "remarks" or field.name in talk.memory.unsure or field.confidence < below:
        return not readings.heard_twice(talk.memory, field)
    contradicts = before.value(field.name) is not None
    return contradicts and not field.corrects and field.name not in asked


def rejected(talk: Talk, field: HeardField) -> bool:
    return (field.name, field.value) in talk.memory.rejected


def declares(talk: Talk, field: HeardField, answer: Answer) -> bool:
    """Whether goods are only named as dangerous ("有，有指甲油"), once that is what is talked
    about: they do not replace the goods of the order."""
    if field.name != "goods" or talk.memory.state not in {State.DANGER, State.FINAL}:
        return False
    named = [f.value for f in answer.understanding.fields if f.name == "dangerous"]
    goods = {good.name for value in named if isinstance(value, tuple) for good in value}
    known = talk.memory.order.value("goods")
    return known is not None and str(field.value) in goods
