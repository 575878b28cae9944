"""The office that admins set, as calls, transfers and reminders see it; on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from api.config import Settings
from api.jobs.life import Life
from api.office import office_now, own_office, own_values
from api.wordings import ASKABLE, settings_in_force
from models.desk import wordings
from models.errors import RuleError
from models.rows_wording import ChoicesRow
from models.store import Store
from nlp.dialogue.settings import DialogueSettings
from tests.orders import NOW, draft, linked


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, home=tmp_path, clerk_number="+862155550111")


def choose(store: Store, settings: Settings, **values: object) -> None:
    with store.unit() as uow:
        wordings.choose(
            uow,
            values,
            slots=ASKABLE,
            own_office=own_values(settings),
            link_hours=settings.link_hours,
            by="root",
            at=NOW,
        )
        uow.commit()


def test_another_process_goes_by_it_at_once(store: Store, settings: Settings) -> None:
    other = Store(store.engine.url.render_as_string(hide_password=False))
    try:
        assert office_now(other, settings) == own_office(settings)
        choose(store, settings, week=["09:00-17:00", *["-"] * 6], fallback_number="021-55550133")
        seen = office_now(other, settings)
        assert (seen.clerk, seen.fallback) == ("+862155550111", "+862155550133")
        assert seen.open_at(datetime(2026, 11, 23, 9))
        assert not seen.open_at(datetime(2026, 11, 24, 9))
        choose(store, settings)
        assert office_now(other, settings) == own_office(settings)
    finally:
        other.close()


def test_without_a_clerks_number_no_call_is_transferred(store: Store, settings: Settings) -> None:
    own = DialogueSettings(can_transfer=True)
    choose(store, settings, clerk_number="")
    assert not settings_in_force(store, own).can_transfer
    choose(store, settings, clerk_number="+862155550122")
    assert settings_in_force(store, DialogueSettings(can_transfer=False)).can_transfer


def test_nothing_is_stored_of_what_is_refused(store: Store, settings: Settings) -> None:
    with pytest.raises(RuleError):
        choose(store, settings, notice_plays=2, remind_hours="96")
    with pytest.raises(RuleError):
        choose(store, settings, earned_back=10, hand_over_after=5)
    with store.reading() as uow:
        assert uow.choices.history() == []


def test_what_an_update_made_unfit_is_passed_over(store: Store, settings: Settings) -> None:
    with store.unit() as uow:
        uow.choices.add(ChoicesRow(values={"week": ["always"]}, by="root", at=NOW))
        uow.commit()
    assert office_now(store, settings) == own_office(settings)


def test_reminders_go_by_what_is_chosen_meanwhile(store: Store, settings: Settings) -> None:
    linked(store, draft())
    life = Life(store, settings, lambda: NOW + timedelta(hours=1))
    assert life.look(1, 0, True).seconds == 3 * 3600.0
    choose(store, settings, remind_hours="2,30")
    assert life.look(1, 0, True).seconds == 3600.0
    choose(store, settings, remind_hours="1", quiet_hours="10:00-12:00")
    assert life.look(1, 0, True).seconds == 1800.0
