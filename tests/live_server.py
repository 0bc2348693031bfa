"""A stand-in for a cluster's API on loopback: pages its lists, and fails as it is told."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

Object = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]
Fault = Callable[[str, dict[str, str], int], Answer | None]
"""Given a path, its query and the how many-eth request for that path this is (from 1), an answer
to give instead; None for the usual one. Status 0 breaks the connection off within the body."""

PATHS = {
    "Service": "/api/v1/services", "Pod": "/api/v1/pods", "Node": "/api/v1/nodes",
    "Secret": "/api/v1/secrets", "EndpointSlice": "/apis/discovery.k8s.io/v1/endpointslices",
    "Deployment": "/apis/apps/v1/deployments", "ReplicaSet": "/apis/apps/v1/replicasets",
    "StatefulSet": "/apis/apps/v1/statefulsets", "DaemonSet": "/apis/apps/v1/daemonsets",
    "Job": "/apis/batch/v1/jobs", "CronJob": "/apis/batch/v1/cronjobs",
    "Ingress": "/apis/networking.k8s.io/v1/ingresses",
    "TCPRoute": "/apis/gateway.networking.k8s.io/v1alpha2/tcproutes",
}  # fmt: skip
TOKEN = "token-of-the-stand-in"


def status(code: int, message: str, **headers: str) -> Answer:
    """What the API says where it refuses."""
    told = {"kind": "Status", "status": "Failure", "message": message, "code": code}
    return code, headers, json.dumps(told).encode()


class Cluster:
    """What the stand-in serves; every request it got."""

    def __init__(self, objects: list[Object], fault: Fault = lambda *_: None) -> None:
        self.lists: defaultdict[str, list[Object]] = defaultdict(list)
        for one in objects:
            self.lists[PATHS[one["kind"]]].append(one)
        self.fault = fault
        self.requests: list[str] = []
        self.token = TOKEN

    def answer(self, target: str, token: str) -> Answer:
        path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
        self.requests.append(path)
        if token != f"Bearer {self.token}":
            return status(401, "Unauthorized")
        flat = {name: values[0] for name, values in query.items()}
        return self.fault(path, flat, self.requests.count(path)) or self._usual(path, flat)

    def _usual(self, path: str, query: dict[str, str]) -> Answer:
        if path == "/version":
            return 200, {}, b'{"gitVersion":"v1.37.2"}'
        served = [other.rpartition("/")[2] for other in PATHS.values() if other.startswith(path)]
        if path in PATHS.values():
            return 200, {}, json.dumps(self.page(path, query)).encode()
        if not served:
            return status(404, "the server could not find the requested resource")
        return 200, {}, json.dumps({"resources": [{"name": name} for name in served]}).encode()

    def page(self, path: str, query: dict[str, str]) -> Object:
        start, size = int(query.get("continue", "0")), int(query.get("limit", "1000000"))
        items, end = self.lists[path], start + size
        meta = {"resourceVersion": "7", **({"continue": str(end)} if end < len(items) else {})}
        bare = [
            {k: v for k, v in o.items() if k not in ("kind", "apiVersion")}
            for o in items[start:end]
        ]
        return {"kind": "XList", "apiVersion": "v1", "metadata": meta, "items": bare}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    cluster: Cluster

    def do_GET(self) -> None:
        code, headers, body = self.cluster.answer(self.path, self.headers.get("Authorization", ""))
        self.send_response(code or 200)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if code else body[: len(body) // 2])
        self.close_connection = self.close_connection or not code

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(cluster: Cluster) -> Iterator[str]:
    """Serve a cluster on loopback; gives its URL."""
    handler = type("Handler", (_Handler,), {"cluster": cluster})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def kubeconfig(path: Path, url: str, user: Object | None = None, **cluster: Any) -> str:
    """Write a kubeconfig whose context is called "stand-in"."""
    told = {
        "apiVersion": "v1", "kind": "Config", "current-context": "stand-in",
        "clusters": [{"name": "c", "cluster": {"server": url, **cluster}}],
        "users": [{"name": "u", "user": {"token": TOKEN} if user is None else user}],
        "contexts": [{"name": "stand-in", "context": {"cluster": "c", "user": "u"}}],
    }  # fmt: skip
    path.write_text(json.dumps(told))
    return str(path)
