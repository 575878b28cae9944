"""The customers' pages on a real server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from werkzeug.serving import make_server

from api import sign
from api.app import create_app
from api.config import Settings
from api.metrics import Metrics
from api.sign import verification
from models.store import Store

P = ParamSpec("P")
T = TypeVar("T")


@contextmanager
def served(store: Store, settings: Settings) -> Iterator[str]:
    """The pages' address while they are served on a port of their own."""
    doors = (sign.blueprint(store, settings), verification.blueprint(store, settings))
    app = create_app(doors, checks={}, metrics=Metrics())
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def aside(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Calls in a thread: the browser's event loop occupies this one, and signing needs its own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call, *args, **kwargs).result()
