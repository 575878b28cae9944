"""What every part of one process shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Literal

import structlog

from api.config import Settings
from api.intake.fax_number import number_pattern
from api.mail import make_mailer
from api.metrics import Metrics
from api.office import own_office
from api.traces import CallTraces, make_traces
from api.vault.recordings import Vault, open_vault
from models import schema
from models.errors import ExternalError
from models.store import Store

log = structlog.get_logger(__name__)

Part = Literal["all", "media", "web"]


@dataclass(frozen=True, slots=True)
class Desk:
    """What every part of one process shares.

    Attributes:
        warm: set once the engines are loaded.
    """

    settings: Settings
    store: Store
    metrics: Metrics
    vault: Vault
    traces: CallTraces = field(default_factory=lambda: CallTraces(None))
    warm: Event = field(default_factory=Event)

    def now(self) -> datetime:
        """The desk's local clock, as an aware instant."""
        return datetime.now(self.settings.zone)

    def keep_recording(self, path: Path) -> None:
        """Seals a recording; one that cannot be kept now waits here for the next sweep."""
        try:
            self.vault.keep(path)
            self.metrics.recorded("kept")
        except ExternalError as error:
            self.metrics.recorded("waiting")
            log.warning("recording_waits", reason=type(error).__name__)


def open_desk(settings: Settings) -> Desk:
    """The store, brought up to date, and what else every part needs.

    Raises:
        RuleError: the environment's hours, numbers, reminders or patterns make no sense.
    """
    make_mailer(settings)
    own_office(settings)  # What makes no sense shows at the start, not in the first call.
    number_pattern(settings)
    store = Store(settings.db_url, secret=settings.secret(), zone=settings.zone)
    schema.upgrade(store)
    vault = open_vault(store, settings)
    return Desk(settings, store, Metrics(), vault, make_traces(settings))
