"""What every page of the console works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from api.config import Settings
from api.stream_token import StreamTokens
from api.strongbox import Strongbox
from models.call import Lang
from models.store import Store


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Context:
    """The store, the installation's settings, and the clock.

    Attributes:
        speak: says a text in the assistant's voice: 8 kHz 16-bit mono PCM. None where this
            process has no voice.
        tokens: let calls from the browser in. None where no process talks with browsers.
    """

    store: Store
    settings: Settings
    now: Callable[[], datetime] = _utc_now
    speak: Callable[[str, Lang], bytes] | None = None
    tokens: StreamTokens | None = None

    @property
    def strongbox(self) -> Strongbox:
        """What seals the secrets of one-time codes."""
        return Strongbox(self.settings.sealing_keys())

    def local(self, moment: datetime) -> datetime:
        """An instant on the desk's clock."""
        return moment.astimezone(self.settings.zone)
