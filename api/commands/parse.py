"""`intake parse`: understands utterances, JSON lines in and JSON lines out."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any, Literal

import click
import orjson
from pydantic import BaseModel, Field, ValidationError

from api.config import Settings
from api.loading import loading
from models.errors import RuleError
from models.fields import Value, as_json, from_json
from nlp.meaning import Expectation, HeardField, Understands, Utterance, Vocabulary
from nlp.normalize.phones import national, to_e164
from nlp.understand import Understander


class Context(BaseModel):
    """What is known of the customer: their own words."""

    companies: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    goods: tuple[str, ...] = ()


class Line(BaseModel):
    """One utterance to understand.

    Attributes:
        now: the call's clock, ISO; local when it has no zone. The present moment if missing.
        expecting: the slot or field asked for.
        known, readback: the order so far by flat name, and the fields as read out.
        context: the customer's own words.
    """

    id: str | int | None = None
    lang: Literal["zh", "en"] = "zh"
    text: str
    now: datetime | None = None
    expecting: str | None = None
    alternatives: tuple[str, ...] = ()
    known: dict[str, Any] = Field(default_factory=dict)
    readback: tuple[str, ...] = ()
    context: Context = Field(default_factory=Context)


#: Other names for a question that is answered by yes or no.
_YES_OR_NO = {"confirmation": "confirm", "polarity": "yes_no", "boolean": "yes_no"}


@click.command()
def command() -> None:
    """Reads {"id","lang","text","now","expecting"?} a line; prints what each means.

    A line that cannot be read gives a line with "error", and the next one is read.
    """
    settings = Settings()
    with loading():
        understander = _understander(settings)
    zone = settings.zone
    for raw in sys.stdin.buffer:
        if raw.strip():
            answer = _answer(understander, raw, datetime.now(zone))
            sys.stdout.buffer.write(orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE))
            sys.stdout.buffer.flush()


def _understander(settings: Settings) -> Understands:
    """The rules, with the extractor where one is set; streets stay as written.

    The list that mends street names is for what a telephone heard: it takes 12 s to load, and on
    text it repairs no more than it spoils (`docs/adr/0003-understanding.md`).
    """
    if not settings.extractor_url:
        # English takes half a second more, for which a file in Mandarin need not wait.
        understander = Understander()
        understander.prepare("zh")
        return understander
    # Importing every adapter takes seconds.
    from api.engines import make_understander  # noqa: PLC0415

    assisted = make_understander(settings)
    assisted.warm_up()
    return assisted


def _answer(understander: Understands, raw: bytes, present: datetime) -> dict[str, object]:
    try:
        line = Line.model_validate(orjson.loads(raw))
        expectation = _expectation(line, present)
    except orjson.JSONDecodeError as error:
        return {"id": None, "error": f"This line is no JSON: {error}."}
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "line"
        return {"id": _id_of(raw), "error": f"{where}: {first['msg']}."}
    except RuleError as error:
        return {"id": _id_of(raw), "error": str(error)}
    return _meaning(understander, line, expectation)


def understood(understander: Understands, line: Line, present: datetime) -> dict[str, Any]:
    """What one line means, in the form that is printed.

    Args:
        present: the clock for lines without their own.
    """
    return _meaning(understander, line, _expectation(line, present))


def _meaning(understander: Understands, line: Line, expectation: Expectation) -> dict[str, Any]:
    utterance = Utterance(
        text=line.text, lang=line.lang, confidence=1.0, alternatives=line.alternatives
    )
    meaning = understander.understand(utterance, expectation)
    return {
        "id": line.id,
        "intent": meaning.intent.value,
        "polarity": meaning.polarity,
        "fields": {field.name: _shown(field) for field in meaning.fields},
    }


def _id_of(raw: bytes) -> object:
    value = orjson.loads(raw)
    return value.get("id") if isinstance(value, dict) else None


def _expectation(line: Line, present: datetime) -> Expectation:
    now = line.now or present
    if now.tzinfo is not None:
        now = now.astimezone(present.tzinfo)
    known = {name: _known(name, value) for name, value in line.known.items()}
    return Expectation(
        slot=_YES_OR_NO.get(line.expecting or "", line.expecting) or None,
        lang=line.lang,
        now=now.replace(tzinfo=None),
        known=known,
        readback=line.readback,
        vocabulary=Vocabulary(**line.context.model_dump()),
    )


def _known(name: str, value: object) -> Value:
    """A known value; phones may come as national digits."""
    if name.endswith(".phone") and isinstance(value, str):
        plain, _, extension = value.partition("-")
        return from_json(name, to_e164(plain, extension) or value)
    return from_json(name, value)


def _shown(field: HeardField) -> object:
    if field.name.endswith(".phone"):
        return national(str(field.value))
    return as_json(field.value)
