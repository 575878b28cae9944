"""A local HTTP server that speaks the chat-completions format in a language model's place."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response


class ChatStandin:
    """Attributes:
    asked: path, headers and body of each request.
    content: what the model says.
    status: the answer's status.
    late: whether answers wait until the stand-in closes.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.content: str = "{}"
        self.status = 200
        self.late = False
        self._closing = threading.Event()
        self._server = make_server("127.0.0.1", 0, self._serve, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    @contextmanager
    def running(self) -> Iterator[ChatStandin]:
        """Serves until the block ends."""
        thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield self
        finally:
            self._closing.set()
            self._server.shutdown()
            thread.join()
            self._server.server_close()

    def _serve(self, environ: Any, start: Any) -> Any:
        request = Request(environ)
        self.asked.append((request.path, dict(request.headers), json.loads(request.get_data())))
        if self.late:
            self._closing.wait()
        message = {"role": "assistant", "content": self.content}
        body = json.dumps({"object": "chat.completion", "choices": [{"message": message}]})
        return Response(body, status=self.status, content_type="application/json")(environ, start)
