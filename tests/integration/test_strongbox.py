"""Secrets of one-time codes: sealed in the database, and sealed anew when the key changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from api.config import Settings
from api.strongbox import Strongbox, Unreadable, reseal
from models.desk import staff
from models.errors import RuleError
from models.store import Store
from tests.console import Desk
from tests.orders import NOW

SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    desk = Desk(store, Settings(data=tmp_path, home=tmp_path))
    desk.user("anna")
    desk.user("bert")
    return desk


def keep(desk: Desk, name: str, stored: str) -> None:
    with desk.store.unit() as uow:
        staff.set_totp(uow, name, stored, by=name, at=NOW)
        uow.commit()


def kept(desk: Desk) -> dict[str, str]:
    with desk.store.reading() as uow:
        return dict(uow.users.totp_secrets())


def test_a_new_key_takes_over_and_the_old_one_can_go(desk: Desk) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    keep(desk, "anna", Strongbox([old]).seal(SECRET))
    keep(desk, "bert", SECRET)  # from before anything was sealed
    both = Strongbox([new, old])
    assert both.open(kept(desk)["anna"]) == SECRET
    stamps = _stamps(desk)
    assert reseal(desk.store, both) == 2
    assert reseal(desk.store, both) == 0
    assert {Strongbox([new]).open(stored) for stored in kept(desk).values()} == {SECRET}
    assert SECRET not in "".join(kept(desk).values())
    assert _stamps(desk) == stamps, "nobody is logged out by it"


def test_a_lost_key_is_said_and_changes_nothing(desk: Desk) -> None:
    other = Strongbox([Fernet.generate_key().decode()])
    keep(desk, "anna", other.seal(SECRET))
    box = desk.context.strongbox
    with pytest.raises(Unreadable):
        box.open(kept(desk)["anna"])
    assert reseal(desk.store, box) == 0
    assert other.open(kept(desk)["anna"]) == SECRET


def test_the_keys_come_from_the_environment_or_are_made_once(tmp_path: Path) -> None:
    made = Settings(data=tmp_path)
    assert made.sealing_keys() == made.sealing_keys()
    assert (tmp_path / "sealing-key").stat().st_mode & 0o777 == 0o600
    Strongbox(made.sealing_keys()).seal(SECRET)
    given = Settings(data=tmp_path, secret_keys=" one , two,")  # type: ignore[arg-type]
    assert given.sealing_keys() == ("one", "two")
    with pytest.raises(RuleError, match="INTAKE_SECRET_KEYS"):
        Strongbox(given.sealing_keys())


def _stamps(desk: Desk) -> list[str]:
    with desk.store.reading() as uow:
        return [user.stamp for user in uow.users.all()]
