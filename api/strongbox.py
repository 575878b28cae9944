"""Secrets that the database keeps and must give back: sealed with keys that it does not hold."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from models.desk import staff
from models.errors import RuleError
from models.store import Store

log = structlog.get_logger(__name__)

#: What a sealed text begins with; a text without it was stored before sealing began.
_SEALED = "f1:"


class Unreadable(RuleError):
    """None of the keys opens a secret."""


class Strongbox:
    """Seals and opens texts (Fernet: AES-128-CBC with HMAC-SHA256).

    Args:
        keys: URL-safe base64 of 32 bytes each; the first one seals, every one opens.

    Raises:
        RuleError: a key is none.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        try:
            fernets = [Fernet(key) for key in keys]
            self._first, self._all = fernets[0], MultiFernet(fernets)
        except (ValueError, IndexError) as error:
            raise RuleError(
                "INTAKE_SECRET_KEYS needs keys of 32 bytes in URL-safe base64, with commas between."
            ) from error

    def seal(self, text: str) -> str:
        """The text as the database keeps it."""
        return _SEALED + self._first.encrypt(text.encode()).decode()

    def open(self, stored: str) -> str:
        """The text that was sealed. Raises Unreadable."""
        if not stored.startswith(_SEALED):
            return stored
        try:
            return self._all.decrypt(stored.removeprefix(_SEALED).encode()).decode()
        except InvalidToken as error:
            raise Unreadable("The server lacks the key of the one-time codes.") from error

    def fresh(self, stored: str) -> bool:
        """Whether the first key opens it: the others are not needed for it any more."""
        try:
            self._first.decrypt(stored.removeprefix(_SEALED).encode())
        except InvalidToken:
            return False
        return stored.startswith(_SEALED)


def reseal(store: Store, vault: Strongbox) -> int:
    """Seals every secret of the store with the first key; how many were not yet.

    A secret that no key opens is left as it is, and told in the log.
    """
    with store.unit() as uow:
        stale = [(n, s) for n, s in uow.users.totp_secrets() if not vault.fresh(s)]
        sealed = 0
        for name, stored in stale:
            try:
                staff.reseal_totp(uow, name, vault.seal(vault.open(stored)))
            except Unreadable:
                log.error("one_time_codes_unreadable", user=name)
            else:
                sealed += 1
        uow.commit()
    return sealed
