"""Looks into a folder of faxes and kills itself at the second one: before or after the unit's
commit, or after the file was put away."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from api.config import Settings
from api.intake.fax_folder import FaxFolder
from models.store import Store, UnitOfWork
from tests.orders import NOW


def main(url: str, data: str, folder: str, point: str) -> None:
    """Never ends by itself."""
    commits = moves = 0
    commit, rename = UnitOfWork.commit, Path.rename

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def deadly_commit(unit: UnitOfWork) -> None:
        nonlocal commits
        commits += 1
        if commits == 2 and point == "before":
            die()
        commit(unit)
        if commits == 2 and point == "after":
            die()

    def deadly_rename(path: Path, target: Path) -> Path:
        nonlocal moves
        moves += 1
        moved = rename(path, target)
        if moves == 2 and point == "moved":
            die()
        return moved

    UnitOfWork.commit = deadly_commit  # type: ignore[method-assign]
    Path.rename = deadly_rename  # type: ignore[assignment,method-assign]
    settings = Settings(data=Path(data), fax_folder=Path(folder))
    FaxFolder(Store(url, secret="s" * 32), settings, lambda: NOW, settle_s=0).fetch()


if __name__ == "__main__":
    main(*sys.argv[1:])
