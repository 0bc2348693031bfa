"""An HTTP server on loopback that keeps state, pages its lists, and fails as it is told."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

Json = dict[str, Any]
TOKEN = "s3cret/Token+of=the:stand-in"
PAGE = 2
"""Items of a page, so that every list has several."""


class Request(NamedTuple):
    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    headers: Mapping[str, str]


class Reply(NamedTuple):
    """An answer; of status 0 there is none: the connection breaks. Below 0 it is silence."""

    status: int = 200
    data: Any = None
    headers: Mapping[str, str] = {}


Route = Callable[..., Reply]


def route(method: str, pattern: str) -> Callable[[Route], Route]:
    """Say which requests a method of a stand-in answers; it takes the pattern's groups."""

    def mark(function: Route) -> Route:
        function.route = (method, re.compile(pattern))  # type: ignore[attr-defined]
        return function

    return mark


class StandIn:
    """What all stand-ins have: routes, faults, and every request they got."""

    root = ""
    token_header = "Authorization"

    def __init__(self) -> None:
        self.url = ""
        self.requests: list[Request] = []
        self.faults: list[tuple[str, Reply]] = []
        self.silent = threading.Event()
        self._routes = [
            (*f.route, f) for name in dir(type(self)) if hasattr(f := getattr(self, name), "route")
        ]

    def fail(self, reply: Reply, where: str = "") -> None:
        """Give an answer instead of the next usual one to `METHOD /path` that has this in it."""
        self.faults.append((where, reply))

    def asked(self, method: str) -> list[str]:
        return [r.path for r in self.requests if r.method == method]

    def answer(self, request: Request) -> Reply:
        self.requests.append(request)
        for fault in self.faults:
            if fault[0] in f"{request.method} {request.path}":
                self.faults.remove(fault)
                return fault[1]
        if TOKEN not in request.headers.get(self.token_header, ""):
            return Reply(401, {"message": "Bad credentials"})
        for method, pattern, function in self._routes:
            if method == request.method and (
                found := pattern.fullmatch(request.path.removeprefix(self.root))
            ):
                reply: Reply = function(request, *map(unquote, found.groups()))
                return reply
        return Reply(404, {"message": "Not Found"})

    def page(self, request: Request, items: list[Any]) -> Reply:
        number = int(request.query.get("page", "1"))
        shown, more = items[(number - 1) * PAGE : number * PAGE], number * PAGE < len(items)
        to = f"{self.url}{request.path}?{urlencode({**request.query, 'page': number + 1})}"
        headers = {"X-Next-Page": str(number + 1) if more else "", "X-Total-Count": str(len(items))}
        return Reply(200, shown, headers | ({"Link": f'<{to}>; rel="next"'} if more else {}))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    stand_in: StandIn

    def _any(self) -> None:
        parts = urlsplit(self.path)
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        headers = {name.title(): value for name, value in self.headers.items()}
        request = Request(self.command, parts.path, query, json.loads(data or "null"), headers)
        reply = self.stand_in.answer(request)
        if reply.status <= 0:
            if reply.status < 0:
                self.stand_in.silent.wait()
            self.close_connection = True
            return
        text = (
            reply.data
            if isinstance(reply.data, str)
            else ""
            if reply.data is None
            else json.dumps(reply.data)
        )
        self.send_response_only(reply.status)
        kind = "text/html" if isinstance(reply.data, str) else "application/json"
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(text.encode())),
            **reply.headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _any  # noqa: N815 - the library's names

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(stand_in: StandIn) -> Iterator[str]:
    """Serve a stand-in on loopback while the block runs, and give its address."""
    handler = type("Handler", (_Handler,), {"stand_in": stand_in})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    stand_in.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield stand_in.url
    finally:
        stand_in.silent.set()
        server.shutdown()
        server.server_close()
        thread.join()
