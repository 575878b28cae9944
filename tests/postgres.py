"""A private PostgreSQL cluster for the tests, on a socket in a temporary directory."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "postgres"


def binaries() -> Path | None:
    """The directory with `initdb` and `pg_ctl`, or None."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    found = str(debian[0]) if debian else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def cluster(programs: Path) -> Iterator[str]:
    """A running cluster's URL. The server refuses to run as root, so root hands it over."""
    home = Path(tempfile.mkdtemp(prefix="intake-pg-"))
    data = home / "data"
    if as_root():
        shutil.chown(home, USER)
    try:
        _run(programs / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "-N")
        options = f"-k {home} -c listen_addresses= -c fsync=off -c max_connections=60"
        _run(programs / "pg_ctl", "-D", data, "-w", "-l", home / "log", "-o", options, "start")
        try:
            yield f"postgresql://{USER}@/postgres?host={home}"
        finally:
            _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home)


def as_root() -> bool:
    """Whether the server, which refuses to run as root, needs another user."""
    return os.getuid() == 0


def _run(*command: str | Path) -> None:
    prefix = ("runuser", "-u", USER, "--") if as_root() else ()
    subprocess.run([*prefix, *map(str, command)], check=True, stdout=subprocess.DEVNULL, cwd="/")
