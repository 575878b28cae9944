"""Real processes of the program, and the proxy in front of them, for tests."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url

from models.store import make_engine

_START_S = 180.0
_STOP_S = 60.0
_DEPLOY = Path(__file__).parents[1] / "deploy"


class Process:
    """One `intake` process; its output goes to a file."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        self.name = " ".join(arguments)
        with log.open("wb") as out:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", "api", *arguments],
                env={**os.environ, **environment},
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def wait_for_port(self, port: int) -> None:
        """Returns once something listens there."""
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline:
            assert self.popen.poll() is None, f"{self.name} ended: {self.log.read_text()[-2000:]}"
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.1)
        raise AssertionError(f"{self.name} does not listen")

    def kill(self) -> None:
        """As a power cut does it."""
        self.popen.kill()
        self.popen.wait()

    def stop(self) -> int:
        """As an operator does it; the exit code."""
        self.popen.send_signal(signal.SIGTERM)
        return self.popen.wait(_STOP_S)


@contextmanager
def processes() -> Iterator[list[Process]]:
    """A list of processes that are ended with the block, last one first."""
    running: list[Process] = []
    try:
        yield running
    finally:
        for process in reversed(running):
            if process.popen.poll() is None:
                process.kill()


def new_database(postgres_url: str) -> str:
    """The address of an empty database of its own in a server of PostgreSQL."""
    name = f"many_{secrets.token_hex(4)}"
    engine = make_engine(postgres_url).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return make_url(postgres_url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def proxy(
    nginx: str, folder: Path, *, port: int, web: Sequence[int], media: Sequence[int]
) -> Iterator[None]:
    """nginx with the configuration that is delivered, on a port of 127.0.0.1."""

    def servers(ports: Sequence[int], more: str = "") -> str:
        return "".join(f"server 127.0.0.1:{one}{more};" for one in ports)

    (folder / "voice-intake-upstreams.conf").write_text(
        f"upstream intake_web {{ {servers(web)} }}\n"
        f"upstream intake_media {{ least_conn; {servers(media, ' max_fails=0')} }}\n"
    )
    (folder / "voice-intake-listen.conf").write_text(f"listen 127.0.0.1:{port};\n")
    delivered = (_DEPLOY / "nginx" / "voice-intake.conf").read_text("utf-8")
    (folder / "voice-intake.conf").write_text(delivered)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        f"events {{}}\n"
        f"http {{ access_log off; {temporary} include {folder}/voice-intake.conf; }}\n"
    )
    command = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as running:
        try:
            yield
        finally:
            running.terminate()


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
