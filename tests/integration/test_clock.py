"""A clock that is set forward or back: between jobs, and in the middle of a call."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from api.config import Settings
from api.jobs.answers import AGAIN, DONE
from api.jobs.house import worker_seen
from api.jobs.life import Life
from api.jobs.sending import Sending
from api.sms import TwilioSms
from models import desk
from models.call import Call
from models.errors import ExternalError
from models.store import Store
from tests.orders import MOBILE, NOW, draft, linked
from tests.twilio_standin import ACCOUNT, SUBSET, TOKEN, Answer, TwilioStandin, read_description

HOUR = timedelta(hours=1)
JUMPS = pytest.mark.parametrize("jump", [-26 * HOUR, -HOUR, HOUR, 26 * HOUR])


@pytest.fixture
def twilio() -> Iterator[TwilioStandin]:
    with TwilioStandin(read_description(SUBSET)).running() as standin:
        yield standin
        assert standin.faults == []


@pytest.fixture
def settings(tmp_path: Path, twilio: TwilioStandin) -> Settings:
    given = Settings(data=tmp_path, home=tmp_path, public_url="https://intake.example.com")
    return given.model_copy(
        update={
            "twilio_account_sid": ACCOUNT,
            "twilio_auth_token": SecretStr(TOKEN),
            "twilio_from": "+15005550006",
            "twilio_api_base": twilio.url,
        }
    )


@pytest.mark.parametrize("wrong", [-HOUR, HOUR, 23 * HOUR])
def test_a_message_queued_by_a_wrong_clock_is_still_sent_once(
    sqlite_store: Store, settings: Settings, twilio: TwilioStandin, wrong: timedelta
) -> None:
    """Its first try got through, its answer was lost, and then the clock is set right."""
    linked(sqlite_store, draft())
    right = datetime.now(UTC)
    with sqlite_store.unit() as uow:
        row = uow.outbox.row(1)
        row.created_at = right + wrong
        row.payload = {**row.payload, "expires_at": (right + 48 * HOUR).isoformat()}
        uow.commit()
    shown = [right + wrong]
    sending = Sending(sqlite_store, settings, TwilioSms(settings), lambda: shown[0])
    twilio.answers = [Answer(503, takes=True)]
    assert sending.hand_over(1, 0.0) == AGAIN
    shown[0] = right
    assert sending.hand_over(1, 0.0) == DONE
    assert len(twilio.messages) == 1
    with sqlite_store.reading() as uow:
        assert uow.outbox.effect(1).external_id == twilio.messages[0]["sid"]


def test_a_wrong_clock_never_makes_a_try_wait_longer_than_it_must(
    sqlite_store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    linked(sqlite_store, draft())
    with sqlite_store.unit() as uow:
        row = uow.outbox.row(1)
        row.attempts, row.tried_at = 1, NOW + 26 * HOUR
        uow.commit()
    slept: list[float] = []
    monkeypatch.setattr("api.jobs.sending.time.sleep", slept.append)
    Sending(sqlite_store, settings, TwilioSms(settings), lambda: NOW).hand_over(1, 15.0)
    assert slept == [15.0]


def test_a_clock_set_forward_reminds_once_and_back_reminds_of_nothing_again(
    sqlite_store: Store, settings: Settings
) -> None:
    linked(sqlite_store, draft())
    shown = [NOW]
    life = Life(sqlite_store, settings, lambda: shown[0])
    shown[0] = NOW + 50 * HOUR
    due = life.look(1, 0, True)
    assert (due.do, due.reminder) == ("remind", 3)
    assert life.remind(1, due.reminder)
    shown[0] = NOW + HOUR
    assert life.look(1, due.reminder, True).do == "wait"
    assert not life.remind(1, due.reminder)


@JUMPS
def test_a_call_never_ends_before_it_began(sqlite_store: Store, jump: timedelta) -> None:
    with sqlite_store.unit() as uow:
        for sid in ("CA1", "CA2"):
            uow.calls.begin(Call(sid=sid, caller=MOBILE, called=None, started_at=NOW))
        desk.end_call(uow, "CA1", NOW + jump)
        desk.call_status(uow, "CA2", "completed", NOW + jump)
        uow.commit()
    with sqlite_store.reading() as uow:
        for sid in ("CA1", "CA2"):
            assert uow.calls.row(sid).ended_at == max(NOW, NOW + jump)


def test_a_beat_from_the_future_proves_nothing(sqlite_store: Store) -> None:
    with sqlite_store.unit() as uow:
        uow.workers.beat("w1", NOW + HOUR)
        uow.commit()
    with pytest.raises(ExternalError, match="intake worker"):
        worker_seen(sqlite_store, NOW)
    with sqlite_store.unit() as uow:
        uow.workers.beat("w1", NOW)
        uow.commit()
    worker_seen(sqlite_store, NOW)
