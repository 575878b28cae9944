"""`intake demo`: one simulated call to a server of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import httpx
from rich.console import Console

from api.commands.call import place
from api.config import Settings
from models import schema
from models.customer import Customer
from models.errors import ExternalError, RuleError
from models.store import Store

_SCENARIOS = Path(__file__).parents[2] / "tests" / "calls" / "audio"
_START_S = 120.0
#: Companies this desk works for; none of their numbers is on file, so that the caller is asked.
_CUSTOMERS = (
    "上海宏达电子有限公司",
    "上海宏大物流设备有限公司",
    "北京华信仪器有限公司",
    "苏州恒瑞精密机械有限公司",
    "深圳市科达光电有限公司",
    "广州新源服饰有限公司",
    "Harbour Electronics Limited",
    "Harbour Tools Limited",
    "Northwind Trading Limited",
)


@click.command()
@click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    envvar="LANG_DEMO",
    default="zh",
    show_default=True,
    help="The caller's language.",
)
def command(lang: str) -> None:
    """Start a server, call it as a customer, and compare the order with what was wanted."""
    console = Console()
    folder = Path(tempfile.mkdtemp(prefix="voice-intake-demo-"))
    settings = Settings().model_copy(
        update={"data": folder, "host": "127.0.0.1", "port": _free_port(), "public_url": ""}
    )
    _register(settings)
    with _server(settings, lang, folder / "server.log"):
        console.print(f"A server is listening on {settings.base_url}; its data is in {folder}.")
        result = place(settings, _SCENARIOS / f"demo_{lang}.yaml")
        console.print(f"Server log: {folder / 'server.log'}", soft_wrap=True)
    if result.wrong or result.order is None:
        raise RuleError("The stored order is not what the caller ordered.")
    console.print("[green]The stored order is what the caller ordered.[/green]")


def _register(settings: Settings) -> None:
    """Puts the customers of a small desk into the demo's database."""
    store = Store(settings.db_url, secret=settings.secret(), zone=settings.zone)
    schema.upgrade(store)
    with store.unit() as uow:
        for place, name in enumerate(_CUSTOMERS):
            uow.customers.put(Customer(id=f"demo-{place}", name=name, effective=True))
        uow.commit()


@contextmanager
def _server(settings: Settings, lang: str, log: Path) -> Iterator[None]:
    """`intake serve` in a process of its own, with a database and recordings of its own."""
    environment = {
        **os.environ,
        "INTAKE_DATA": str(settings.data),
        "INTAKE_DATABASE_URL": "",
        "INTAKE_PUBLIC_URL": "",
        "INTAKE_DEFAULT_LANG": lang,
    }
    place_to_listen = ["--host", settings.host, "--port", str(settings.port)]
    with log.open("wb") as file:
        server = subprocess.Popen(
            [sys.executable, "-m", "api", "serve", *place_to_listen],
            env=environment,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_ready(server, settings, log)
            yield
        finally:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait_until_ready(server: subprocess.Popen[bytes], settings: Settings, log: Path) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise ExternalError(f"The server ended at once; see {log}.")
        try:
            if httpx.get(f"{settings.base_url}/readyz", trust_env=False).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.3)
    raise ExternalError(f"The server did not get ready; see {log}.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
