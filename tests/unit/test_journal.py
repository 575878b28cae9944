"""Events survive being stored."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from models.fields import DangerousGood
from models.order import FieldValue, Order, Source
from nlp.dialogue.events import CallBegan, CallerSpoke, Event, KeysPressed, OrderConfirmed
from nlp.dialogue.journal import dump_event, load_event
from nlp.meaning import HeardField, Intent, Understanding, Utterance

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SOURCE = Source(heard="十六件锂电池", confidence=0.8, changed_by="caller", turn=3)


def test_every_kind_of_value_comes_back_equal() -> None:
    order = Order(id="x").change(
        {
            "pieces": FieldValue(16, SOURCE),
            "weight_kg": FieldValue(320.0, SOURCE),
            "goods": FieldValue("锂电池", SOURCE),
            "dangerous": FieldValue((DangerousGood("锂电池", "9", "UN3480"),), SOURCE),
        }
    )
    events: list[Event] = [
        CallBegan(at=AT, order=order, caller="+8613800138000"),
        KeysPressed(at=AT, keys="12"),
        OrderConfirmed(at=AT, order=order, today_count=2),
        CallerSpoke(
            at=AT,
            utterance=Utterance(text="十六件", lang="zh", confidence=0.8),
            understanding=Understanding(
                intent=Intent.ORDER,
                fields=(HeardField(name="pieces", value=16, heard="十六件", confidence=0.8),),
            ),
        ),
    ]
    for event in events:
        stored = json.loads(json.dumps(dump_event(event)))
        assert load_event(stored) == event
