"""The review server that `refactor_review` speaks to: reviews in memory, repositories on disk."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

TOKEN = "sesame"


class Server(ThreadingHTTPServer):
    """Bare repositories below a directory, and what is asked to be taken into them."""

    def __init__(self, root: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.root = root
        self.reviews: list[dict[str, Any]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        path, asked = parts.path, dict(parse_qsl(parts.query))
        length = int(self.headers.get("Content-Length", 0))
        told = json.loads(self.rfile.read(length)) if length else {}
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self.send_error(401)
            return
        reviews = self.server.reviews
        if group := re.fullmatch(r"/groups/(\w+)", path):
            repositories = sorted((self.server.root / group[1]).glob("*.git"))
            answer: Any = [f"{group[1]}/{one.stem}" for one in repositories]
        elif repository := re.fullmatch(r"/repos/(\w+/\w+)", path):
            answer = {"clone": str(self.server.root / f"{repository[1]}.git")}
        elif number := re.fullmatch(r"/repos/\w+/\w+/reviews/(\d+)", path):
            reviews[int(number[1]) - 1].update(told)
            answer = _shown(reviews[int(number[1]) - 1])
        elif self.command == "POST":
            reviews.append({"number": len(reviews) + 1, "state": "open", "url": path, **told})
            answer = _shown(reviews[-1])
        else:
            answer = [_shown(one) for one in reviews if asked.items() <= one.items()]
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = _answer  # noqa: N815 - http.server names them

    def log_message(self, *_: object) -> None:
        return


def _shown(review: dict[str, Any]) -> dict[str, Any]:
    return {key: review[key] for key in ("number", "url", "state", "title", "body")}


@contextmanager
def serving(root: Path) -> Iterator[Server]:
    with Server(root) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
