"""The extractor over HTTP: what helps, and what is dropped."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from api.commands.parse import command
from api.config import Settings
from api.engines import make_understander
from api.extraction.chat import ChatExtractor
from api.metrics import Metrics
from models.errors import ExternalError
from models.fields import Value
from nlp.meaning import Expectation, Utterance
from tests.chat_standin import ChatStandin

TEXT = "到那边呢找一下老李头"
SPOKEN = Utterance(text=TEXT, lang="zh", confidence=1.0)
OPEN = Expectation(lang="zh", now=datetime.fromisoformat("2026-11-24T10:00"))
GOOD = json.dumps({"consignee.name": "老李头"}, ensure_ascii=False)


@pytest.fixture
def model() -> Iterator[ChatStandin]:
    with ChatStandin().running() as standin:
        yield standin


class Heard:
    """The understander that settings give, and the results it counted."""

    def __init__(self, model: ChatStandin, *, url: str | None = None, ms: int = 2000) -> None:
        self.results: Counter[str] = Counter()
        chosen = Settings(
            home=Path("nowhere"),  # no list of streets: nothing here is about them
            extractor_url=model.url if url is None else url,
            extractor_model="own",
            extractor_key="key",  # type: ignore[arg-type]
            extractor_timeout_ms=ms,
        )
        self._understander = make_understander(chosen, lambda r: self.results.update([r]))
        self._understander.warm_up()

    def values(self) -> dict[str, Value]:
        meaning = self._understander.understand(SPOKEN, OPEN)
        return {field.name: field.value for field in meaning.fields}


def test_a_good_answer_fills_what_the_rules_miss(model: ChatStandin) -> None:
    model.content = GOOD
    heard = Heard(model)
    assert heard.values() == {"consignee.name": "老李头"}
    (path, headers, body), *others = model.asked
    assert (path, others) == ("/v1/chat/completions", [])
    assert headers["Authorization"] == "Bearer key"
    assert (body["model"], body["temperature"]) == ("own", 0)
    assert body["response_format"] == {"type": "json_object"}
    assert "consignee.name" in body["messages"][0]["content"]
    assert json.loads(body["messages"][1]["content"])["sentence"] == TEXT
    assert heard.results == {"answered": 1}


def test_off_by_default(model: ChatStandin) -> None:
    assert Settings().extractor_url == ""
    heard = Heard(model, url="")
    assert heard.values() == {}
    assert (model.asked, heard.results) == ([], {})


def test_a_slow_answer_is_dropped(model: ChatStandin) -> None:
    model.content, model.late = GOOD, True
    heard = Heard(model, ms=150)
    began = time.monotonic()
    assert heard.values() == {}
    assert time.monotonic() - began < 1.5
    for _ in range(100):  # the request ends by its own limit, a moment after it was given up
        if heard.results:
            break
        time.sleep(0.02)
    assert heard.results == {"slow": 1}


@pytest.mark.parametrize(
    "content",
    [
        "I think it is Li",
        "[]",
        '{"consignee.name": 3}',
        '{"colour": "老李头"}',
        '{"goods": null}',
        "[" * 50000,
    ],
)
def test_a_wild_answer_is_dropped(model: ChatStandin, content: str) -> None:
    model.content = content
    heard = Heard(model)
    assert (heard.values(), heard.results) == ({}, {"wild": 1})


@pytest.mark.parametrize("status", [302, 401, 429, 500])
def test_a_refusal_is_dropped(model: ChatStandin, status: int) -> None:
    model.content, model.status = GOOD, status
    heard = Heard(model)
    assert (heard.values(), heard.results) == ({}, {"refused": 1})


def test_nobody_there(model: ChatStandin) -> None:
    heard = Heard(model, url="http://127.0.0.1:9/v1")
    assert (heard.values(), heard.results) == ({}, {"unreachable": 1})


def test_an_invented_value_is_dropped(model: ChatStandin) -> None:
    model.content = json.dumps({"consignee.name": "王强", "pieces": "三十件"})
    heard = Heard(model)
    assert (heard.values(), heard.results) == ({}, {"answered": 1})


def test_the_breaker_opens_and_closes(model: ChatStandin) -> None:
    now, metrics = [0.0], Metrics()
    extractor = ChatExtractor(
        url=model.url, model="own", key="", timeout_s=2, told=metrics.extractor_asked,
        clock=lambda: now[0],
    )  # fmt: skip

    def asks() -> bool:
        before = len(model.asked)
        with pytest.raises(ExternalError):
            extractor.extract(SPOKEN, OPEN)
        return len(model.asked) > before

    model.status = 500
    assert [asks() for _ in range(5)] == [True, True, True, False, False]
    now[0] = 61
    assert [asks(), asks()] == [True, False]
    model.status, model.content, now[0] = 200, GOOD, 122
    assert [extractor.extract(SPOKEN, OPEN) for _ in range(2)] == [json.loads(GOOD)] * 2
    extractor.close()
    text = metrics.text().decode()
    assert 'intake_extractor_total{result="left_alone"} 3.0' in text
    assert 'intake_extractor_total{result="answered"} 2.0' in text


def test_parse_uses_the_same_setting(model: ChatStandin, monkeypatch: pytest.MonkeyPatch) -> None:
    model.content = GOOD
    monkeypatch.setenv("INTAKE_EXTRACTOR_URL", model.url)
    monkeypatch.setenv("INTAKE_EXTRACTOR_TIMEOUT_MS", "5000")
    line = json.dumps({"id": 1, "text": TEXT, "now": "2026-11-24T10:00"})
    result = CliRunner().invoke(command, input=line)
    assert json.loads(result.stdout)["fields"] == {"consignee.name": "老李头"}
