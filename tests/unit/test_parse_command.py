"""`intake parse`: one answer a line, whatever the line holds."""

from __future__ import annotations

import json

from click.testing import CliRunner

from api.commands.parse import command


def test_each_line_gets_its_answer() -> None:
    lines = [
        {"id": 1, "lang": "zh", "text": "电话幺三八零零幺三八零零零", "now": "2026-11-24T10:00:00+08:00",
         "expecting": "consignee"},
        {"id": 2, "lang": "en", "text": "three and a half tons", "now": "2026-11-24T10:00"},
        {"id": 3, "lang": "fr", "text": "oui"},
    ]  # fmt: skip
    given = "\n".join([*map(json.dumps, lines), "no json", ""])
    result = CliRunner().invoke(command, input=given)
    first, second, third, last = map(json.loads, result.stdout.splitlines())
    assert first == {
        "id": 1, "intent": "order", "polarity": None, "fields": {"consignee.phone": "13800138000"},
    }  # fmt: skip
    assert second["fields"] == {"weight_kg": 3500.0}
    assert third["id"] == 3
    assert "lang" in third["error"]
    assert "JSON" in last["error"]
