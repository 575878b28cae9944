"""Conversations as YAML: reads them, plays them, checks what was said and what came of it.

A turn of the caller carries its text and what it means, so that the policy is tested alone;
`play` takes any understander, so that the same files also test the whole chain from text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from models.call import Lang
from models.fields import DangerousGood, Value, as_json, check
from models.order import FieldValue, Order, Source, Status
from nlp.dialogue.actions import OpenTask, RecordCount
from nlp.dialogue.events import CallBegan, Counted, KnownCustomer
from nlp.dialogue.policy import Dialogue
from nlp.dialogue.settings import DialogueSettings
from nlp.meaning import (
    Ambiguity,
    HeardField,
    Intent,
    Understanding,
    Wish,
)
from nlp.simulation.textcall import TextCall, TextDesk, Understand, key_of
from nlp.simulation.words import prompts

FOLDER = Path(__file__).parent / "calls"
AT = datetime(2026, 11, 24, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
MOBILE = "+8613800138000"

#: A whole order, as `order: full` gives it.
FULL: Mapping[Lang, Mapping[str, Value]] = {
    "zh": {
        "customer.name": "上海宏达电子有限公司",
        "mode": "air",
        "origin.province": "上海市",
        "origin.city": "上海市",
        "origin.district": "浦东新区",
        "origin.detail": "张江路88号",
        "destination.province": "北京市",
        "destination.city": "北京市",
        "destination.district": "朝阳区",
        "destination.detail": "建国路93号",
        "consignee.name": "王强",
        "consignee.phone": "+8613911112222",
        "goods": "服装",
        "packaging": "纸箱",
        "pieces": 15,
        "weight_kg": 320,
        "pickup_date": "2026-11-25",
        "pickup_start": "2026-11-25T14:00",
        "pickup_end": "2026-11-25T16:00",
        "payment": "monthly",
        "contact.phone": MOBILE,
    },
    "en": {
        "customer.name": "Harbour Tools Limited",
        "mode": "rail",
        "origin.province": "上海市",
        "origin.city": "上海市",
        "origin.detail": "88 Zhangjiang Road",
        "destination.province": "北京市",
        "destination.city": "北京市",
        "destination.detail": "93 Jianguo Road",
        "consignee.name": "Peter Wang",
        "consignee.phone": "+8613911112222",
        "goods": "clothes",
        "packaging": "cartons",
        "pieces": 15,
        "weight_kg": 320,
        "pickup_date": "2026-11-25",
        "pickup_start": "2026-11-25T14:00",
        "pickup_end": "2026-11-25T16:00",
        "payment": "monthly",
        "contact.phone": MOBILE,
    },
}


@dataclass(frozen=True, slots=True)
class Conversation:
    """One file's content."""

    name: str
    body: Mapping[str, Any]

    @property
    def lang(self) -> Lang:
        """The language in which the call begins."""
        return "en" if self.body.get("lang") == "en" else "zh"


def load_all() -> list[Conversation]:
    """Every conversation below `tests/calls`, by file name."""
    return [
        Conversation(path.stem, yaml.safe_load(path.read_text("utf-8")))
        for path in sorted(FOLDER.glob("*.yaml"))
    ]


def order_of(values: Mapping[str, Value], **facts: Any) -> Order:
    """A draft with these values, as a caller gave them."""
    source = Source(heard="", confidence=0.9, changed_by="caller", turn=1)
    fields = {name: FieldValue(value, source) for name, value in values.items()}
    return Order(id=str(facts.pop("id", "o1")), call_sid="CA1", **facts).change(fields)


def play(conversation: Conversation, understand: Understand | None = None) -> TextCall:
    """Plays a conversation and checks every expectation in it."""
    body, lang = conversation.body, conversation.lang
    given = body.get("given", {})
    means: dict[str, Understanding] = {}
    call = TextCall(
        Dialogue(settings=_settings(given), prompts=prompts()),
        understand or (lambda heard, _: means[heard.text]),
        desk=_desk(given, lang),
        at=AT,
    )
    call.begin(_began(given, lang))
    for turn in body["turns"]:
        if "says" in turn:
            _check_says(call, turn)
            continue
        if "caller" in turn:
            text = turn["caller"]
            means[text] = _meaning(text, turn.get("means"), turn.get("lang", call.dialogue.lang))
        _act(call, turn)
    _check_end(call, body.get("ends", {}))
    return call


def _act(call: TextCall, turn: Mapping[str, Any]) -> None:
    match next(iter(turn)):
        case "caller":
            call.speak(turn["caller"], interrupts=turn.get("interrupts"), lang=turn.get("lang"))
        case "keys":
            call.press(str(turn["keys"]))
        case "silence":
            for _ in range(int(turn["silence"])):
                call.silence()
        case "mumble":
            for _ in range(int(turn["mumble"])):
                call.mumble()
        case "hangs_up":
            call.hang_up()
        case other:
            raise ValueError(f"A turn cannot be {other!r}.")


def _check_says(call: TextCall, turn: Mapping[str, Any]) -> None:
    keys = [key_of(say) for say in call.said]
    rest = iter(keys)
    for wanted in turn["says"]:
        assert wanted in rest, f"{wanted} is not said in this order in {keys}"
    for unwanted in turn.get("not", []):
        assert unwanted not in keys
    text = " ".join(say.text for say in call.said)
    for words in turn.get("words", []):
        assert words in text, f"{words!r} is not in {text!r}"
    if "waits_for" in turn:
        assert call.expectation.slot == turn["waits_for"]


def _check_end(call: TextCall, ends: Mapping[str, Any]) -> None:
    if "disposition" in ends:
        assert call.disposition == ends["disposition"]
    if "state" in ends:
        assert call.dialogue.state == ends["state"]
    if "status" in ends:
        assert call.order.status == Status(ends["status"])
    for name, value in ends.get("order", {}).items():
        found = call.order.value(name)
        assert (None if found is None else as_json(found)) == value, name
    if "count" in ends:
        assert [a.sent for a in call.log if isinstance(a, RecordCount)] == [ends["count"]]
    if "tasks" in ends:
        assert [a.kind for a in call.log if isinstance(a, OpenTask)] == ends["tasks"]
    done = [entry.type for entry in call.log]
    for action in ends.get("actions", []):
        assert action in done
    for action in ends.get("no_actions", []):
        assert action not in done


def _settings(given: Mapping[str, Any]) -> DialogueSettings:
    settings = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in given.get("settings", {}).items()
    }
    return DialogueSettings(**settings)


def _desk(given: Mapping[str, Any], lang: Lang) -> TextDesk:
    customers = {name: _customer(body) for name, body in given.get("companies", {}).items()}
    latest = given.get("latest")
    found = None
    if latest is not None:
        found = Order(id="earlier", number="2611230007").change(order_of(FULL[lang]).fields)
        found = found.change(order_of({**FULL[lang], "dangerous": ()}).fields)
        found = found.confirm(found.version, by="caller")
        if latest != Status.CONFIRMED:
            found = found.send_link(found.version)
        if latest == Status.CANCELLED:
            found = found.cancel()
    return TextDesk(
        match=customers.get,
        latest=found,
        fails=given.get("fails", {}),
        today_count=given.get("today_count", 0),
    )


def _began(given: Mapping[str, Any], lang: Lang) -> CallBegan:
    wanted = given.get("order", {})
    values = FULL[lang] if wanted == "full" else _values(wanted)
    values = {**values, **_values(given.get("change", {}))}
    caller = given.get("from", MOBILE)
    customer = given.get("customer")
    return CallBegan(
        at=AT,
        order=order_of(values) if values else Order(id="o1", call_sid="CA1"),
        lang=lang,
        caller=caller,
        caller_is_mobile=caller == MOBILE,
        customer=_customer(customer) if customer else None,
        today_count=given.get("today_count", 0),
        open_now=given.get("open_now", True),
        resumed=given.get("resumed", bool(values) and not given.get("outbound", False)),
        outbound=given.get("outbound", False),
        suspects=tuple(given.get("suspects", ())),
        count=Counted(day=AT.date(), **given["count"]) if "count" in given else None,
    )


def _customer(body: Mapping[str, Any]) -> KnownCustomer:
    lists = {name: tuple(body[name]) for name in ("origins", "consignees") if name in body}
    return KnownCustomer(**{**body, **lists})


def _values(raw: Mapping[str, Any]) -> dict[str, Value]:
    return {name: _value(name, value) for name, value in raw.items()}


def _value(name: str, value: Any) -> Value:
    if name == "dangerous":
        return tuple(DangerousGood(**good) for good in value)
    # YAML reads a bare date as one.
    return check(name, value.isoformat() if isinstance(value, date) else value)


def _said(fields: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Each value with what was heard for it, where that is not the whole text."""
    return {n: v if isinstance(v, Mapping) else {"value": v} for n, v in fields.items()}


def _meaning(text: str, means: Any, lang: Lang) -> Understanding:
    if isinstance(means, bool):
        means = {"intent": "confirm" if means else "deny", "polarity": "yes" if means else "no"}
    elif isinstance(means, str):
        is_wish = means in set(Wish)
        means = {"wish": means} if is_wish else {"intent": means}
    means = dict(means or {})
    fields = means.get("fields", {})
    confidence = means.get("confidence", 0.9)
    intent = means.get("intent", "order" if fields else "other")
    return Understanding(
        intent=Intent(intent),
        polarity=means.get("polarity"),
        wish=Wish(means["wish"]) if "wish" in means else None,
        fields=tuple(
            HeardField(
                name=name,
                value=_value(name, said["value"]),
                heard=said.get("heard", text),
                confidence=confidence,
                repaired=confidence < 0.9,
                corrects=intent == "correct",
            )
            for name, said in _said(fields).items()
        ),
        ambiguities=tuple(
            Ambiguity(name=a["name"], heard=a["heard"], choices=tuple(map(_values, a["choices"])))
            for a in means.get("ambiguities", [])
        ),
        disputed=tuple(means.get("disputed", ())),
        asks_danger=tuple(means.get("asks_danger", ())),
        confidence=confidence,
        text=text,
        lang=means.get("lang", lang),
    )
