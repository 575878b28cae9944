"""The desk calls a customer: real processes, Twilio's stand-in, and people who answer or do not."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import pytest

from api.caller import CallResult, ScriptedCaller
from api.config import Settings
from models import desk
from models.callback import Cause, State
from models.customer import Customer, Phone
from models.order import FieldValue, Order, Source, Status
from models.rows_outbound import CallBackRow, RingRow
from models.store import Store
from nlp.simulation.scenario import Scenario, load_scenario
from tests.processes import Process, free_port, new_database, processes, proxy
from tests.twilio_standin import ACCOUNT, TOKEN, TwilioStandin, both
from tests.workers import until
from voice.catalog import Catalog, ModelMissing
from voice.legs.simulated_web import TwilioWeb
from voice.legs.simulator import CallReport, PhoneCall, Ring
from voice.synthesizers.cache import CachedSynthesizer
from voice.synthesizers.neural import CALLER, NeuralOptions, NeuralSynthesizer

pytestmark = [pytest.mark.models, pytest.mark.slow]

DESK_NUMBER = "+862155550100"
API_TOKEN = "a token for tests only"
SCENARIO = Path(__file__).parents[1] / "calls" / "audio" / "verify_zh.yaml"
#: What the written order says; the customer wants 16.
WRITTEN_PIECES = 60
PATIENCE_S = 400.0
#: A machine's greeting, said by nobody who could be asked anything.
MACHINE = "machine_end_beep"


@dataclass
class Town:
    """The telephone network, and how the customer's telephone is taken, ring by ring.

    Attributes:
        ways: `human`, what the detection of machines says, or how a call ends unanswered.
        reports: what each call without talk was, in the order of the rings.
        faults: what went wrong on the customer's side.
    """

    url: str
    scenario: Scenario
    ways: list[str] = field(default_factory=list)
    reports: list[CallReport] = field(default_factory=list)
    results: list[CallResult] = field(default_factory=list)
    faults: list[BaseException] = field(default_factory=list)

    def ring(self, sid: str, form: Mapping[str, str]) -> None:
        """Takes a call that the desk has placed; in a thread of the stand-in's."""
        try:
            asyncio.run(self._take(self.ways.pop(0), sid, form))
        except BaseException as error:
            self.faults.append(error)
            raise

    async def _take(self, way: str, sid: str, form: Mapping[str, str]) -> None:
        ring = Ring(url=form["Url"], status_url=form["StatusCallback"])
        if way == "human":
            caller = ScriptedCaller(
                base_url=self.url,
                secret=TOKEN,
                api_token=API_TOKEN,
                voice=_voice(),
                today=_today(),
                show=lambda _turn: None,
            )
            self.results.append(await caller.call(self.scenario, call_sid=sid, ring=ring))
            return
        answered = way == MACHINE
        ring = replace(ring, answered_by=way) if answered else replace(ring, unanswered=way)
        call = PhoneCall(
            base_url=self.url,
            secret=TOKEN,
            caller=form["To"],
            called=form["From"],
            call_sid=sid,
            ring=ring,
        )
        await call.run()
        self.reports.append(call.report)


@dataclass(frozen=True)
class House:
    """What runs, and what it has stored."""

    store: Store
    town: Town
    twilio: TwilioStandin

    def call_back(self, order_id: str, number: str) -> str:
        """An order that came in writing, and the call-back that checks it."""
        at = datetime.now(self.store.zone)
        with self.store.unit() as uow:
            values = {
                name: FieldValue(
                    value, Source(heard=str(value), confidence=0.9, changed_by="email")
                )
                for name, value in self.town.scenario.goal.values.items()
            }
            values["pieces"] = replace(values["pieces"], value=WRITTEN_PIECES)
            order = Order(id=order_id, channel="email").change(values)
            desk.keep_draft(uow, order, by="email", at=at)
            wanted = desk.request_callback(
                uow, order_id=order_id, number=number, cause=Cause.EMAIL, at=at
            )
            uow.commit()
        assert wanted is not None
        return wanted

    def row(self, wanted: str) -> CallBackRow:
        with self.store.reading() as uow:
            row = uow.call_backs.find(wanted)
        assert row is not None
        return row

    def rings(self, wanted: str) -> list[RingRow]:
        with self.store.reading() as uow:
            return list(uow.call_backs.rings(wanted))

    def order(self, order_id: str) -> Order:
        with self.store.reading() as uow:
            order = uow.orders.get(order_id)
        assert order is not None
        return order

    def comes_to(self, wanted: str, state: State) -> None:
        """Waits until a call-back has ended; whatever failed on the customer's side is shown."""

        def ended() -> bool:
            assert self.town.faults == []
            return self.row(wanted).state == state

        until(ended, PATIENCE_S)

    def effect_state(self, key: str) -> str:
        with self.store.reading() as uow:
            found = [
                effect.key
                for state in ("pending", "started")
                for effect in uow.outbox.in_state(state)
            ]
        return "open" if key in found else "over"

    def tasks(self, order_id: str) -> list[str]:
        with self.store.reading() as uow:
            return [task.kind for task in uow.tasks.of_order(order_id) if task.done_at is None]

    def report_texts(self) -> None:
        """The telephone company tells that each text message arrived."""

        async def post() -> None:
            for form in [given for how, given in self.twilio.asked if how == "POST"]:
                sid = next(
                    (m["sid"] for m in self.twilio.messages if m["body"] == form.get("Body")), ""
                )
                if sid:
                    web = TwilioWeb(self.town.url, TOKEN, {"AccountSid": ACCOUNT})
                    params = {"MessageSid": sid, "MessageStatus": "delivered"}
                    await web.post(form["StatusCallback"], params)
                    await web.close()

        asyncio.run(post())


def _today() -> date:
    return datetime.now(Settings().zone).date()


def _voice() -> CachedSynthesizer:
    home = Settings().home_dir
    options = NeuralOptions(voices={**CALLER, "zh": "zm_yunjian"})
    neural = NeuralSynthesizer(Catalog(home).path("kokoro-82m-int8"), options)
    return CachedSynthesizer(neural, home / "spoken")


@pytest.fixture(scope="module")
def house(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """nginx, and a process each for pages, calls and workflows."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        pytest.skip("The proxy is missing (Debian: nginx-light)")
    try:
        for name in ("whisper-base", "kokoro-82m-int8"):
            Catalog(Settings().home_dir).path(name)
    except ModelMissing as missing:
        pytest.skip(str(missing))
    folder, database = tmp_path_factory.mktemp("call-back"), new_database(postgres_url)
    port, web, media = free_port(), free_port(), free_port()
    scenario = load_scenario(SCENARIO, today=_today())
    with ExitStack() as stack:
        twilio = stack.enter_context(TwilioStandin(both()).running())
        environment = _environment(folder, database, port, twilio)
        town = Town(environment["INTAKE_PUBLIC_URL"], scenario)
        twilio.on_call = town.ring
        running = stack.enter_context(processes())
        for name, at in (("web", web), ("media", media)):
            arguments = ["serve", "--only", name, "--port", str(at)]
            running.append(Process(arguments, environment, folder / f"{name}.log"))
        for process, at in zip(running, (web, media), strict=True):
            process.wait_for_port(at)
        (folder / "nginx").mkdir()
        stack.enter_context(proxy(nginx, folder / "nginx", port=port, web=[web], media=[media]))
        store = Store(database, secret=TOKEN)
        stack.callback(store.close)
        with store.unit() as uow:
            uow.customers.put(_customer(scenario))
            uow.commit()
        running.append(Process(["worker"], environment, folder / "worker.log"))
        yield House(store, town, twilio)
    assert twilio.faults == []


def _environment(
    folder: Path, database: str, port: int, twilio: TwilioStandin
) -> Mapping[str, str]:
    return {
        "INTAKE_DATA": str(folder / "data"),
        "INTAKE_DATABASE_URL": database,
        "INTAKE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "INTAKE_API_TOKEN": API_TOKEN,
        "INTAKE_QUIET_HOURS": "",
        "INTAKE_SECOND_RECOGNIZER": "off",
        "INTAKE_CALL_BACK_BUSY_MINUTES": "0.02",
        "INTAKE_CALL_BACK_NO_ANSWER_MINUTES": "0.02",
        "INTAKE_CALL_BACK_MOST": "3",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_FROM": DESK_NUMBER,
        "TWILIO_API_BASE": twilio.url,
    }


def _customer(scenario: Scenario) -> Customer:
    return Customer(
        id="c1",
        name=str(scenario.goal.values["customer.name"]),
        effective=True,
        phones=(Phone(str(scenario.caller), "王经理"),),
    )


def outcomes(rings: Sequence[RingRow]) -> list[str | None]:
    return [ring.outcome for ring in rings]


def test_nobody_then_busy_then_a_machine_and_a_clerk_has_the_task(house: House) -> None:
    number = "+8613900139000"
    house.town.ways = ["no-answer", "busy", MACHINE]
    wanted = house.call_back("not-reached", number)
    house.comes_to(wanted, State.TASK)
    rings = house.rings(wanted)
    assert outcomes(rings) == ["no-answer", "busy", "machine"]
    assert [form["To"] for form in house.twilio.forms.values()] == [number] * 3
    *unanswered, machine = house.town.reports
    assert [report.verbs for report in unanswered] == [[], []]
    assert machine.verbs == ["Say", "Hangup"]
    (word,) = machine.announced
    assert "顺达货运" in word
    assert "2 1 5 5 5 5 0 1 0 0" in word
    assert "服装" not in word, "whoever listens to the machine hears nothing of the order"
    assert house.order("not-reached").status is Status.DRAFT
    assert house.tasks("not-reached") == ["call_back"]
    until(lambda: house.effect_state(f"call_back:{wanted}") == "over")


def test_a_written_order_is_read_put_right_once_and_confirmed(house: House) -> None:
    number = str(house.town.scenario.caller)
    house.town.ways = ["no-answer", "human"]
    wanted = house.call_back("written", number)
    house.comes_to(wanted, State.DONE)
    assert outcomes(house.rings(wanted)) == ["no-answer", "reached"]
    form = house.twilio.forms[house.twilio.calls[0]["sid"]]
    assert form["MachineDetection"] == "DetectMessageEnd"
    (result,) = house.town.results
    assert result.wrong == {}, conversation(result)
    assert result.report.violations == 0
    assert result.report.lost_callbacks == []
    order = house.order("written")
    assert order.status is Status.AWAITING_SIGNATURE
    assert order.confirmed_version == order.version == order.link_version
    assert order.confirmed_by == "caller"
    said = {turn["index"]: turn for turn in result.call["turns"]}
    source = order.fields["pieces"].source
    assert (order.value("pieces"), source.changed_by) == (16, "caller")
    assert said[source.turn]["speaker"] == "caller"
    assert source.started_ms is not None
    assert order.fields["weight_kg"].source.changed_by == "email"
    keys = [turn["prompt"].partition("@")[0] for turn in said.values() if turn["prompt"]]
    assert keys[:2] == ["greeting.outbound", "reach.ask"]
    assert {"readback.changed", "notice.air", "sms.sent", "goodbye.outbound"} <= set(keys)
    assert house.tasks("written") == []
    until(lambda: len(house.twilio.messages) == 1)
    (message,) = house.twilio.messages
    assert message["to"] == number
    house.report_texts()
    until(lambda: _arrived(house))
    until(lambda: house.effect_state(f"call_back:{wanted}") == "over")


def conversation(result: CallResult) -> str:
    """Who said what, for whoever reads why the test failed."""
    turns = result.call["turns"]
    return "\n".join(f"{turn['speaker']}: {turn['text']} {turn['prompt'] or ''}" for turn in turns)


def _arrived(house: House) -> bool:
    with house.store.reading() as uow:
        return [message.status for message in uow.messages.of_order("written")] == ["delivered"]
