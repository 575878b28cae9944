"""Random orders for simulated callers (chance comes in as an argument)."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from models.call import Lang
from models.customer import Customer, match
from models.fields import DangerousGood, Mode, Payment, Value
from nlp.dialogue.events import KnownCustomer
from nlp.meaning import Vocabulary
from nlp.simulation.behaviour import Behaviour, Goal

_PREFIXES = ("138", "139", "135", "186", "177", "158", "189")
#: Shares of orders that hold dangerous goods, an optional field, another mobile for the link,
#: of callers who are known customers, of known ones who ship as before, of pick-up windows.
_RISKY, _OPTIONAL, _OTHER_MOBILE, _KNOWN, _AGAIN, _WINDOW = 0.1, 0.3, 0.15, 0.6, 0.6, 0.6
#: Companies whose number is not on file but whose name is; the rest of them call for the first time.
_NAMED = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedCall:
    """Who calls and what for.

    Attributes:
        customer: what the records know of the caller, None for an unknown number.
        on_file: whether the records know the company's name.
    """

    lang: Lang
    goal: Goal
    behaviour: Behaviour
    customer: KnownCustomer | None
    on_file: bool

    def match(self, heard: str) -> KnownCustomer | None:
        """The customer that a heard company name means, as the desk's records have it."""
        own = str(self.goal.values["customer.name"])
        names = [n for n in _stock()[self.lang]["companies"] if n != own or self.on_file]
        found = match(heard, [Customer(id=name, name=name) for name in names])
        return KnownCustomer(name=found.name) if found else None


@lru_cache(maxsize=1)
def _stock() -> Mapping[str, Any]:
    loaded = yaml.safe_load((files(__package__) / "goals.yaml").read_text("utf-8"))
    return dict(loaded)


def random_call(rng: random.Random, *, lang: Lang, today: date) -> SimulatedCall:
    """A caller with an order to place."""
    stock = _stock()[lang]
    caller = _mobile(rng)
    goods, dangerous = _goods(rng, stock)
    values: dict[str, Value] = {
        "customer.name": rng.choice(stock["companies"]),
        "mode": rng.choice([Mode.AIR, Mode.AIR, Mode.RAIL, Mode.ROAD]).value,
        **_address("origin", rng, stock, lang),
        **_address("destination", rng, stock, lang),
        "consignee.name": _person(rng, stock, lang),
        "consignee.phone": _mobile(rng),
        "contact.phone": caller,
        "goods": goods,
        "pieces": rng.choice([rng.randint(1, 20), rng.randint(20, 300)]),
        "weight_kg": rng.choice([rng.randint(5, 99), rng.randint(100, 2500)]),
        **_pickup(rng, today),
        "payment": rng.choice(list(Payment)).value,
        **_optional(rng, stock),
    }
    record = _record(rng, stock, values) if rng.random() < _KNOWN else None
    mobile = _mobile(rng) if rng.random() < _OTHER_MOBILE else None
    return SimulatedCall(
        lang=lang,
        goal=Goal(values=values, dangerous=dangerous, caller=caller, mobile=mobile),
        behaviour=random_behaviour(rng),
        customer=record,
        on_file=record is not None or rng.random() < _NAMED,
    )


def random_behaviour(rng: random.Random) -> Behaviour:
    """A way of talking."""
    return Behaviour(
        talkative=rng.random(),
        fillers=rng.choice([0.0, 0.2, 0.5]),
        terse=rng.choice([0.0, 0.3, 0.8]),
        slips=rng.choice([0.0, 0.0, 0.2]),
        mishears=rng.choice([0.0, 0.0, 0.1]),
        changes_mind=rng.choice([0.0, 0.0, 0.5]),
        interrupts=rng.choice([0.0, 0.5]),
        spoken=rng.random(),
    )


def _goods(rng: random.Random, stock: Mapping[str, Any]) -> tuple[str, tuple[DangerousGood, ...]]:
    if rng.random() < _RISKY:
        goods, danger = rng.choice(stock["risky"])
        return goods, (DangerousGood(danger),)
    return rng.choice(stock["goods"]), ()


def _address(
    place: str, rng: random.Random, stock: Mapping[str, Any], lang: Lang
) -> dict[str, Value]:
    province, city, district, street = rng.choice(stock["addresses"])
    number = rng.randint(1, 999)
    detail = f"{street}{number}号" if lang == "zh" else f"{number} {street}"
    parts = {"province": province, "city": city, "district": district, "detail": detail}
    return {f"{place}.{name}": value for name, value in parts.items() if value}


def _person(rng: random.Random, stock: Mapping[str, Any], lang: Lang) -> str:
    surname, given = rng.choice(stock["surnames"]), rng.choice(stock["given"])
    return f"{surname}{given}" if lang == "zh" else f"{given} {surname}"


def _mobile(rng: random.Random) -> str:
    return f"+86{rng.choice(_PREFIXES)}{rng.randint(0, 99_999_999):08}"


def _pickup(rng: random.Random, today: date) -> dict[str, Value]:
    day = today + timedelta(days=rng.randint(1, 6))
    start = rng.randint(9, 16)
    times = {"pickup_date": str(day), "pickup_start": f"{day}T{start:02}:00"}
    if rng.random() < _WINDOW:
        times["pickup_end"] = f"{day}T{start + rng.randint(1, 3):02}:00"
    return dict(times)


def _optional(rng: random.Random, stock: Mapping[str, Any]) -> dict[str, Value]:
    offered: dict[str, Value] = {
        "packaging": rng.choice(stock["packaging"]),
        "volume_m3": rng.choice([0.5, 1.2, 2, 3.5, 6]),
        "remarks": rng.choice(stock["remarks"]),
    }
    return {name: value for name, value in offered.items() if rng.random() < _OPTIONAL}


def _record(
    rng: random.Random, stock: Mapping[str, Any], values: Mapping[str, Value]
) -> KnownCustomer:
    """A customer's file; often, but not always, it holds what is ordered now."""
    people = [rng.choice(stock["surnames"]) + rng.choice(stock["given"]) for _ in range(3)]
    places = [address[3] for address in rng.sample(stock["addresses"], 3)]
    origin = {n: str(v) for n, v in values.items() if n.startswith("origin.")}
    if rng.random() < _AGAIN:
        people.append(str(values["consignee.name"]))
        places.append(str(values["destination.detail"]))
    usual = (origin,) if rng.random() < _AGAIN else ()
    return KnownCustomer(
        name=str(values["customer.name"]),
        origins=usual,
        vocabulary=Vocabulary(
            companies=(str(values["customer.name"]),), people=tuple(people), places=tuple(places)
        ),
    )
