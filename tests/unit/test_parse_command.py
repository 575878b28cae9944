"""`intake parse`: one answer a line, whatever the line holds."""

from __future__ import annotations

import json
import subprocess
import sys

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


def test_loading_leaves_out_what_is_never_called() -> None:
    """`import spacy` brings its whole command line along; who wants that still gets it."""
    said = (
        "import sys, api.commands.parse;"
        "print(sorted({'typer', 'httpx', 'weasel', 'flask', 'sqlalchemy'} & sys.modules.keys()));"
        "import spacy, spacy.cli; print(spacy.cli.app.info.name)"
    )
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["[]", "spacy"]
