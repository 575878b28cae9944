"""Calling customers: placed through Twilio, which listens for answering machines first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from api.config import Settings
from api.twilio_api import asked, twilio_client
from models.errors import ExternalError

#: What Twilio is asked to take.
_WHAT = "the call"
#: How long it rings, seconds.
_RINGS_S = 30
_EVENTS = ["initiated", "ringing", "answered", "completed"]
#: Calls that this program placed, unlike those that a `<Dial>` made.
_OURS = "outbound-api"


@dataclass(frozen=True, slots=True)
class Placed:
    """A call that was placed: its sid, how it stands and who answered (Twilio's words)."""

    sid: str
    status: str
    answered_by: str | None = None


class Ringer(Protocol):
    """Something that calls customers."""

    @property
    def has_line(self) -> bool:
        """Whether there is a line at all; without one a clerk calls."""

    def ring(self, number: str, cause: str) -> Placed:
        """Places a call. Raises ExternalError, retryable where that may help.

        `cause` names the ring; everything that is reported of the call brings it back.
        """

    def placed(self, number: str, since: datetime) -> Sequence[Placed]:
        """Calls to a number that were placed since then, newest first."""

    def status(self, sid: str) -> Placed:
        """How a call stands, for reports that got lost."""

    def let_go(self, sid: str) -> None:
        """Ends a call that nobody answered yet; one that somebody answered goes on."""


class TwilioRinger:
    """Twilio's Calls resource."""

    has_line = True

    def __init__(self, settings: Settings) -> None:
        self._client = twilio_client(settings)
        self._from = settings.twilio_from
        self._base_url = settings.base_url

    def ring(self, number: str, cause: str) -> Placed:
        """See `Ringer.ring`."""
        call = asked(
            _WHAT,
            lambda: self._client.calls.create(
                to=number,
                from_=self._from,
                url=f"{self._base_url}/voice/answered?cause={cause}",
                method="POST",
                machine_detection="DetectMessageEnd",
                timeout=_RINGS_S,
                status_callback=f"{self._base_url}/voice/status?cause={cause}",
                status_callback_method="POST",
                status_callback_event=_EVENTS,
            ),
        )
        return _placed(call)

    def placed(self, number: str, since: datetime) -> Sequence[Placed]:
        """See `Ringer.placed`."""
        calls = asked(_WHAT, lambda: self._client.calls.list(to=number, limit=50))
        return [
            _placed(call)
            for call in calls
            if call.direction == _OURS and (call.date_created is None or call.date_created >= since)
        ]

    def status(self, sid: str) -> Placed:
        """See `Ringer.status`."""
        return _placed(asked(_WHAT, lambda: self._client.calls(sid).fetch()))

    def let_go(self, sid: str) -> None:
        """See `Ringer.let_go`."""
        asked(_WHAT, lambda: self._client.calls(sid).update(status="canceled"))


class NoRinger:
    """No telephone account: nobody can be called from here."""

    has_line = False

    def ring(self, number: str, cause: str) -> Placed:
        """See `Ringer.ring`; always fails."""
        raise ExternalError("Without a Twilio account nobody can be called.")

    def placed(self, number: str, since: datetime) -> Sequence[Placed]:
        """See `Ringer.placed`; there are none."""
        return ()

    def status(self, sid: str) -> Placed:
        """See `Ringer.status`; always fails."""
        raise ExternalError("Without a Twilio account nobody can be called.")

    def let_go(self, sid: str) -> None:
        """See `Ringer.let_go`; there is nothing to end."""


NO_RINGER = NoRinger()


def make_ringer(settings: Settings) -> Ringer:
    """Twilio where there are an account and a number to call from."""
    return TwilioRinger(settings) if settings.can_ring else NO_RINGER


def _placed(call: Any) -> Placed:
    by = None if call.answered_by is None else str(call.answered_by)
    return Placed(str(call.sid), str(call.status), by)
