"""Fetches a mailbox and kills itself at the second mail, before or after the unit's commit."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from pydantic import SecretStr

from api.config import Settings
from api.intake.mailbox import Mailbox
from models.store import Store, UnitOfWork
from tests.mailserver import PASSWORD, USER
from tests.orders import NOW


def main(url: str, data: str, port: str, point: str) -> None:
    """Never ends by itself."""
    commits = 0
    commit = UnitOfWork.commit

    def deadly(unit: UnitOfWork) -> None:
        nonlocal commits
        commits += 1
        if commits < 2:
            commit(unit)
            return
        if point == "after":
            commit(unit)
        os.kill(os.getpid(), signal.SIGKILL)

    UnitOfWork.commit = deadly  # type: ignore[method-assign]
    imap = SecretStr(f"imap://{USER}:{PASSWORD}@127.0.0.1:{port}/INBOX")
    settings = Settings(data=Path(data), imap_url=imap)
    Mailbox(Store(url, secret="s" * 32), settings, lambda: NOW).fetch()


if __name__ == "__main__":
    main(*sys.argv[1:])
