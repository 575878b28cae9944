"""Wordings that admins change: versions, what is in force, what an update makes of them."""

from __future__ import annotations

import pytest

from api.config import Settings
from api.office import own_values
from api.wordings import (
    ASKABLE,
    chosen,
    prompts_in_force,
    settings_in_force,
    sounds_in_force,
)
from models.choices import BadChoice
from models.desk import wordings
from models.errors import NotFound
from models.store import Store
from models.wording import UnfitWording, check, check_recorded, too_long
from nlp.dialogue.prompts import Prompts, Wording
from nlp.dialogue.settings import DialogueSettings
from tests.orders import NOW

OWN = Prompts.load()
KEY = "ask.pieces"
OWN_VERSION = OWN.wordings["zh"][KEY].version


def write(store: Store, *texts: str, publish: bool = True) -> int:
    with store.unit() as uow:
        version = wordings.write(
            uow,
            "zh",
            KEY,
            texts,
            needed=OWN.wordings["zh"][KEY].placeholders(),
            own_version=OWN_VERSION,
            note="",
            by="root",
            at=NOW,
        )
        if publish:
            wordings.publish(uow, "zh", KEY, version, by="root", at=NOW)
        uow.commit()
    return version


def publish(store: Store, version: int | None) -> None:
    with store.unit() as uow:
        wordings.publish(uow, "zh", KEY, version, by="root", at=NOW)
        uow.commit()


def said(store: Store, own: Prompts = OWN) -> Wording:
    return prompts_in_force(store, own).wordings["zh"][KEY]


def test_only_what_is_published_is_said_and_can_be_taken_back(store: Store) -> None:
    first = write(store, "一共几件？", publish=False)
    assert said(store) == OWN.wordings["zh"][KEY]
    assert first == OWN_VERSION + 1
    publish(store, first)
    assert said(store) == Wording(first, ("一共几件？",))
    second = write(store, "几件货？", "多少件货？")
    assert said(store) == Wording(second, ("几件货？", "多少件货？"))
    publish(store, first)
    assert said(store).version == first
    publish(store, None)
    assert said(store) == OWN.wordings["zh"][KEY]
    with store.reading() as uow:
        assert [row.version for row in uow.wordings.releases("zh", KEY)] == [
            None,
            first,
            second,
            first,
        ]
        actions = [entry.action for entry in uow.audit.entries()]
    assert actions.count("wording.publish") == 4


def test_other_keys_and_the_other_language_are_left_alone(store: Store) -> None:
    write(store, "一共几件？")
    now = prompts_in_force(store, OWN)
    assert now.wordings["en"] == OWN.wordings["en"]
    assert now.wordings["zh"].keys() == OWN.wordings["zh"].keys()
    assert sum(now.wordings["zh"][k] != w for k, w in OWN.wordings["zh"].items()) == 1


def test_an_unknown_version_is_not_published(store: Store) -> None:
    with pytest.raises(NotFound):
        publish(store, 99)


def test_a_wording_that_no_longer_fits_is_passed_over(store: Store) -> None:
    write(store, "一共几件？")
    needy = {**OWN.wordings["zh"], KEY: Wording(OWN_VERSION, ("{name}，一共几件？",))}
    updated = Prompts({"zh": needy, "en": OWN.wordings["en"]})
    assert said(store, updated) == needy[KEY]


@pytest.mark.parametrize(
    "texts", [[], ["  "], ["{name"], ["{}"], ["{name!r}"], ["{name:>9}"], ["{other}"], ["ok"]]
)
def test_what_cannot_be_said_is_refused(texts: list[str]) -> None:
    with pytest.raises(UnfitWording):
        check(texts, {"name"})
    assert check([" {name}您好 ", ""], {"name"}) == ("{name}您好",)


def test_long_sentences_are_flagged_but_for_notices() -> None:
    assert too_long("ask.pieces", ["件" * 51], "zh")
    assert not too_long("ask.pieces", ["件" * 50], "zh")
    assert too_long("ask.pieces", ["piece " * 26], "en")
    assert not too_long("notice.air", ["件" * 500], "zh")


def test_a_recording_stands_for_one_fixed_wording(store: Store) -> None:
    own = OWN.wordings["zh"]["ask.pieces"]

    def record(*texts: str) -> None:
        with store.unit() as uow:
            version = wordings.write(
                uow,
                "zh",
                KEY,
                texts,
                needed=own.placeholders(),
                own_version=own.version,
                note="",
                by="root",
                at=NOW,
                sound="a" * 64,
            )
            wordings.publish(uow, "zh", KEY, version, by="root", at=NOW)
            uow.commit()

    assert sounds_in_force(store) == {}
    record("一共几件？")
    first = own.version + 1
    assert sounds_in_force(store) == {("zh", f"{KEY}@{first}"): ("一共几件？", "a" * 64)}
    with pytest.raises(UnfitWording, match="one line"):
        record("一共几件？", "几件？")
    publish(store, None)
    assert sounds_in_force(store) == {}
    with pytest.raises(UnfitWording, match="variables"):
        check_recorded(["{company}，您好"])


def choose(store: Store, **values: object) -> None:
    with store.unit() as uow:
        wordings.choose(
            uow,
            values,
            slots=ASKABLE,
            own_office=own_values(Settings()),
            link_hours=72,
            by="root",
            at=NOW,
        )
        uow.commit()


def test_choices_hold_over_the_installations_own(store: Store) -> None:
    own = DialogueSettings()
    assert settings_in_force(store, own) is own
    choose(store, check_below=0.7, required=["mode", "origin", "destination", "goods"])
    now = settings_in_force(store, own)
    assert (now.check_below, now.required) == (0.7, ("mode", "origin", "destination", "goods"))
    assert now.notice_plays == own.notice_plays
    choose(store)
    assert settings_in_force(store, own) == own


@pytest.mark.parametrize(
    "values",
    [
        {"check_below": 1.5},
        {"hand_over_after": 0},
        {"required": ["mode"]},
        {"required": ["mode", "origin", "destination", "goods", "colour"]},
        {"optional": ["colour"]},
        {"optional": ["dangerous"]},
    ],
)
def test_a_choice_out_of_bounds_is_refused(store: Store, values: dict[str, object]) -> None:
    with pytest.raises(BadChoice):
        choose(store, **values)
    own = DialogueSettings()
    assert chosen(own, values) is own
