"""A desk with people, calls and orders, for tests of the console's pages."""

from __future__ import annotations

import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from flask import Flask
from flask.testing import FlaskClient

from api import console, rest, sign
from api.app import create_app
from api.config import Settings
from api.metrics import Metrics
from api.stream_token import StreamTokens
from api.vault.recordings import Vault, open_vault
from models import desk, links
from models.call import Call, Disposition, Lang, Turn, Word
from models.desk import staff, wordings
from models.fields import DangerousGood, Value
from models.order import FieldValue, Order, Source
from models.passwords import hash_password
from models.staff import Role, User
from models.store import Store
from nlp.dialogue.events import CallerSpoke, Event, NothingUnderstood
from nlp.dialogue.journal import dump_event
from nlp.dialogue.prompts import Prompts
from nlp.meaning import Expectation, Utterance
from nlp.understand import Understander
from tests.fakes import MemoryUsedTokens
from tests.orders import MOBILE, NOW, signing

PASSWORD = "orange-crane-42"
#: Hashing takes its time on purpose; once is enough.
_HASHED = hash_password(PASSWORD, name="nobody")
HZ = 8000

#: Who says what from when to when, and which values the caller's words gave.
SAID: Sequence[tuple[str, str, int, int, Mapping[str, Value]]] = (
    ("assistant", "您好，顺达货运，本次通话将被录音。请问您要托运什么？", 0, 4200, {}),
    (
        "caller",
        "你好，我是上海宏远电子，十六件耳机，走空运。",
        4600,
        9000,
        {"customer.name": "上海宏远电子有限公司", "goods": "耳机", "pieces": 16, "mode": "air"},
    ),
    ("assistant", "十六件耳机，空运。请问总重多少公斤？", 9300, 12000, {}),
    ("caller", "一百二十公斤半。", 12500, 14000, {"weight_kg": 120.5}),
    ("assistant", "从哪里提货，送到哪里？", 14300, 16000, {}),
    (
        "caller",
        "上海张江路88号，送到北京。",
        16500,
        19500,
        {"origin.city": "上海市", "origin.detail": "张江路88号", "destination.city": "北京市"},
    ),
    ("assistant", "好的，请您确认。", 19800, 21000, {}),
    ("caller", "对，没错。", 21300, 22400, {"dangerous": ()}),
)


@dataclass
class Desk:
    """One installation: its store, its settings, its application."""

    store: Store
    settings: Settings
    now: datetime = NOW + timedelta(minutes=5)
    tokens: StreamTokens = field(default_factory=lambda: StreamTokens("any", MemoryUsedTokens()))

    @property
    def context(self) -> console.Context:
        """What the console's pages work with; its clock is this desk's."""
        return console.Context(self.store, self.settings, lambda: self.now, _tone, self.tokens)

    @cached_property
    def vault(self) -> Vault:
        """Where this desk's recordings are."""
        return open_vault(self.store, self.settings)

    def app(self) -> Flask:
        """The web application with the console in it."""
        doors = (
            rest.blueprint(self.store, self.settings),
            sign.blueprint(self.store, self.settings),
            console.blueprint(self.context),
        )
        return create_app(doors, checks={}, metrics=Metrics())

    def user(
        self,
        name: str = "anna",
        role: Role = Role.CLERK,
        *,
        display: str = "",
        phone: str | None = None,
    ) -> User:
        """A person who may log in with PASSWORD."""
        with self.store.unit() as uow:
            added = staff.add_user(
                uow,
                name=name,
                display=display,
                role=role,
                password=_HASHED,
                phone=phone,
                must_change=False,
                by="cli",
                at=NOW,
            )
            uow.commit()
        return added

    def call(
        self,
        order_id: str = "o1",
        sid: str = "CA1",
        *,
        caller: str = MOBILE,
        at: datetime = NOW,
        ended: bool = True,
        turns: int = len(SAID),
        recorded: bool = True,
    ) -> Order:
        """A call, its transcript, its recording, and the order that came of it."""
        order = Order(id=order_id, call_sid=sid)
        recording = self._record(sid, at) if recorded and ended else None
        with self.store.unit() as uow:
            call = Call(sid=sid, caller=caller, called="+862155550100", started_at=at)
            desk.begin_call(uow, call, order)
            for index, (speaker, text, start, end, values) in enumerate(SAID[:turns]):
                turn = Turn(
                    index=index,
                    speaker=speaker,  # type: ignore[arg-type]
                    text=text,
                    started_ms=start,
                    ended_ms=end,
                    confidence=0.86 if speaker == "caller" else None,
                    prompt="ask.x@1" if speaker == "assistant" else None,
                    values=values,
                    heard_ratio=1.0 if speaker == "assistant" else None,
                )
                desk.put_turn(uow, sid, turn)
                order = order.change(
                    {
                        name: FieldValue(value, _source(index, text, start, end))
                        for name, value in values.items()
                    }
                )
            desk.keep_draft(uow, order, at=at)
            if ended:
                desk.end_call(uow, sid, at + timedelta(seconds=23), Disposition.ORDERED, recording)
            uow.commit()
        return order

    def say(self, index: int, sid: str = "CA1", *, confidence: float = 0.86) -> None:
        """A running call's next turn, with the values that it gives the order."""
        speaker, text, start, end, values = SAID[index]
        with self.store.unit() as uow:
            turn = Turn(
                index=index,
                speaker=speaker,  # type: ignore[arg-type]
                text=text,
                started_ms=start,
                ended_ms=end,
                confidence=confidence if speaker == "caller" else None,
                values=values,
            )
            desk.put_turn(uow, sid, turn)
            order = desk.order_of_call(uow, sid)
            assert order is not None
            found = {n: FieldValue(v, _source(index, text, start, end)) for n, v in values.items()}
            desk.keep_draft(uow, order.change(found), at=self.now)
            uow.commit()

    def meant(self, seq: int, text: str, sid: str = "CA1") -> None:
        """Stores what the dialogue was told of a caller's turn; no words where there are none."""
        event: Event = NothingUnderstood(at=self.now)
        if text:
            said = Utterance(text=text, lang="zh", confidence=0.9)
            understanding = _understander().understand(said, Expectation(now=self.now))
            event = CallerSpoke(at=self.now, utterance=said, understanding=understanding)
        with self.store.unit() as uow:
            desk.append_event(uow, sid, seq, self.now, event.type, dump_event(event))
            uow.commit()

    def heard_again(self, turn: int, text: str, doubts: Mapping[str, Value]) -> None:
        """What a second hearing of CA1 gave for a turn."""
        with self.store.unit() as uow:
            desk.note_second_hearing(
                uow,
                "CA1",
                turn,
                text=text,
                confidence=0.8,
                same=False,
                doubts=doubts,
                engine="fake",
                at=self.now,
            )
            uow.commit()

    def draft(self, key: str, *texts: str) -> int:
        """A wording that was written and not published."""
        needed = Prompts.load().wordings["zh"][key].placeholders()
        with self.store.unit() as uow:
            version = wordings.write(
                uow, "zh", key, texts, needed=needed, own_version=1, note="", by="root", at=self.now
            )
            uow.commit()
        return version

    def time_words(self, index: int, sid: str = "CA1") -> None:
        """Gives a turn's words their times, each character as long as the others."""
        with self.store.unit() as uow:
            call = uow.calls.get(sid)
            assert call is not None
            turn = call.turns[index]
            text = turn.text.rstrip("。")
            step = ((turn.ended_ms or 0) - turn.started_ms) // len(text)
            words = [
                Word(
                    text=char,
                    started_ms=turn.started_ms + step * at,
                    ended_ms=turn.started_ms + step * (at + 1),
                    confidence=0.9,
                )
                for at, char in enumerate(text)
            ]
            desk.put_turn(uow, sid, replace(turn, words=tuple(words)))
            uow.commit()

    def confirmed(self, order: Order, *, link: bool = True) -> Order:
        """The order with the caller's yes, and its link sent."""
        with self.store.unit() as uow:
            kept, _ = desk.confirm_order(uow, order, NOW)
            desk.record_notice(uow, order.id, order.version, "air@1", 1.0, NOW)
            if link:
                kept = desk.send_link(uow, kept, MOBILE, "zh", NOW, 72)
            uow.commit()
        return kept

    def signed(self, order: Order) -> Order:
        """The confirmed order with the customer's signature."""
        with self.store.unit() as uow:
            nonce = uow.links.of_version(order.id, order.version)[0].nonce
            token = links.token(self.store.secret, nonce)
            desk.sign(uow, token, signing(uow, token, name="李雷"), NOW)
            kept = uow.orders.get(order.id)
            uow.commit()
        assert kept is not None
        return kept

    def dangerous(self, order: Order) -> Order:
        """The order set aside, because the caller named batteries."""
        goods = (DangerousGood("锂电池", "9", "UN3480"),)
        named = order.change({"dangerous": FieldValue(goods, _source(7, "锂电池", 21300, 22400))})
        with self.store.unit() as uow:
            kept = desk.keep_draft(uow, named.flag("dangerous goods named by the caller"), at=NOW)
            reason = "the caller named dangerous goods"
            key = f"{order.id}:dangerous"
            desk.open_task(uow, "dangerous_goods", reason, order.id, order.call_sid, key, NOW)
            uow.commit()
        return kept

    def stored(self, order_id: str = "o1") -> Order:
        """The order as it is now."""
        with self.store.reading() as uow:
            order = uow.orders.get(order_id)
        assert order is not None
        return order

    def _record(self, sid: str, at: datetime) -> str:
        path = self.vault.new(sid, at)
        record(path)
        self.vault.keep(path)
        return self.vault.name(path)


@cache
def _understander() -> Understander:
    return Understander()


def _tone(text: str, _lang: Lang) -> bytes:
    """A voice: a tone as long as the text."""
    at = np.arange(len(text) * HZ // 10)
    return (8000 * np.sin(at / HZ * 2 * np.pi * 300)).astype("<i2").tobytes()


def _source(turn: int, heard: str, start: int, end: int) -> Source:
    return Source(
        heard=heard,
        confidence=0.86,
        changed_by="caller",
        turn=turn,
        started_ms=start,
        ended_ms=end,
    )


def record(path: Path, seconds: float = 22.5) -> None:
    """A stereo recording in which each turn is a tone on its speaker's side."""
    sound = np.zeros((int(seconds * HZ), 2), np.int16)
    for speaker, _, start, end, _ in SAID:
        side = 0 if speaker == "caller" else 1
        at = np.arange(start * HZ // 1000, min(end * HZ // 1000, len(sound)))
        sound[at, side] = 9000 * np.sin(at / HZ * 2 * np.pi * (440 if side else 330))
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, HZ, 0, "NONE", "not compressed"))
        file.writeframes(sound.tobytes())


def token_of(page: str) -> str:
    """The forgery token that a page carries."""
    return page.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]


def log_in(client: FlaskClient, name: str = "anna", password: str = PASSWORD) -> None:
    """Logs somebody in as a browser does."""
    form = client.get("/console/login").get_data(as_text=True)
    answer = client.post(
        "/console/login",
        data={"name": name, "password": password, "csrf_token": token_of(form)},
    )
    assert answer.status_code == 302, answer.get_data(as_text=True)


def post(client: FlaskClient, path: str, **data: object) -> object:
    """Sends a form with its token; gives the answer, redirects followed."""
    token = token_of(client.get("/console/account").get_data(as_text=True))
    return client.post(path, data={"csrf_token": token, **data}, follow_redirects=True)
