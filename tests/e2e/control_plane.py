"""A real control plane on loopback: etcd, kube-apiserver, kube-controller-manager, CoreDNS."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import dns.message
import dns.query
import dns.rdatatype

from tests.e2e.build import folder

Object = dict[str, Any]
TOKENS = {"admin": "system:masters", "reader": "readers", "stranger": "strangers"}
"""Users, whose name is their token too, with their groups."""

_CONTROLLERS = (
    "deployment-controller,replicaset-controller,statefulset-controller,endpointslice-controller"
)


def until(true: Callable[[], Any], what: str, seconds: float = 60) -> Any:
    """Wait for something to be true, and return it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.1)
    raise AssertionError(what)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port: int = held.getsockname()[1]
        return port


class ControlPlane:
    """The programs that run, and requests to them."""

    def __init__(self, home: Path, stack: ExitStack) -> None:
        self.home = home
        self._stack = stack
        self.dns_port = free_port()
        self._port, self._etcd, self._peer = free_port(), free_port(), free_port()
        self.url = f"https://127.0.0.1:{self._port}"
        self._addresses = 0
        self.apiserver: subprocess.Popen[bytes]

    def start(self) -> None:
        self._run("etcd", "--data-dir", str(self.home / "etcd"), "--listen-client-urls", self._at(self._etcd), "--advertise-client-urls", self._at(self._etcd), "--listen-peer-urls", self._at(self._peer), "--initial-advertise-peer-urls", self._at(self._peer), "--initial-cluster", f"default={self._at(self._peer)}", "--unsafe-no-fsync")  # fmt: skip
        self._start_api()
        self._run("kube-controller-manager", "--kubeconfig", self.kubeconfig("admin"), "--controllers", _CONTROLLERS, "--leader-elect=false", "--secure-port=0")  # fmt: skip
        self._start_dns()

    def _start_api(self) -> None:
        tokens, key = self.home / "tokens.csv", self.home / "sa.key"
        tokens.write_text(
            "".join(f"{name},{name},{name},{group}\n" for name, group in TOKENS.items())
        )
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
        self.apiserver = self._run("kube-apiserver", "--etcd-servers", self._at(self._etcd), "--secure-port", str(self._port), "--bind-address=127.0.0.1", "--cert-dir", str(self.home / "certs"), "--service-cluster-ip-range=10.96.0.0/16", "--authorization-mode=RBAC", "--token-auth-file", str(tokens), "--service-account-key-file", str(key), "--service-account-signing-key-file", str(key), "--service-account-issuer=https://issuer.invalid", "--disable-admission-plugins=ServiceAccount", "--etcd-compaction-interval=1s")  # fmt: skip
        until(self._is_ready, "kube-apiserver is not ready", 120)

    def _start_dns(self) -> None:
        corefile = self.home / "Corefile"
        corefile.write_text(
            f".:{self.dns_port} {{\n bind 127.0.0.1\n kubernetes cluster.local {{\n  kubeconfig {self.kubeconfig('admin')} admin\n }}\n}}\n"
        )
        self._run("coredns", "-conf", str(corefile))

    def _is_ready(self) -> bool:
        try:
            return self.ask("GET", "/readyz") is not None
        except OSError:
            return False

    @staticmethod
    def _at(port: int) -> str:
        return f"http://127.0.0.1:{port}"

    def _run(self, name: str, *argv: str) -> subprocess.Popen[bytes]:
        log = self._stack.enter_context((self.home / f"{name}.log").open("wb"))
        process = subprocess.Popen([folder() / name, *argv], stdout=log, stderr=log, cwd=self.home)
        self._stack.callback(_end, process)
        return process

    def kubeconfig(self, user: str, token: str = "") -> str:
        """Write a kubeconfig for a user, with the API's own CA."""
        path = self.home / f"{user}{token}.kubeconfig"
        ca = str(self.home / "certs/apiserver.crt")
        path.write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": user,
            "clusters": [{"name": "c", "cluster": {"server": self.url, "certificate-authority": ca}}],
            "users": [{"name": user, "user": {"token": token or user}}],
            "contexts": [{"name": user, "context": {"cluster": "c", "user": user}}],
        }))  # fmt: skip
        return str(path)

    def ask(self, method: str, path: str, body: Object | None = None, kind: str = "json") -> Any:
        """Ask the API as admin."""
        request = urllib.request.Request(self.url + path, method=method)
        request.add_header("Authorization", "Bearer admin")
        request.add_header("Content-Type", f"application/{kind}")
        data = None if body is None else json.dumps(body).encode()
        trust = ssl.create_default_context(cafile=self.home / "certs/apiserver.crt")
        with urllib.request.urlopen(request, data, timeout=10, context=trust) as answer:
            text = answer.read()
            return json.loads(text) if text[:1] in b"{[" else text

    def helm(self, *argv: str) -> None:
        told = ["--kubeconfig", self.kubeconfig("admin")]
        subprocess.run([folder() / "helm", *argv, *told], check=True, capture_output=True)

    def resolve(self, name: str) -> set[str]:
        """Ask CoreDNS for a name's IPv4 addresses."""
        query = dns.message.make_query(name, "A")
        answer = dns.query.udp(query, "127.0.0.1", port=self.dns_port, timeout=5)
        return {str(r) for rr in answer.answer if rr.rdtype == dns.rdatatype.A for r in rr}

    def pods(self, namespace: str) -> list[Object]:
        return list(self.ask("GET", f"/api/v1/namespaces/{namespace}/pods")["items"])

    def run_pods(self, namespace: str, count: int) -> dict[str, str]:
        """Be the kubelet: give each pod a node and an address until so many run; return those."""

        def all_run() -> dict[str, str] | None:
            found = {}
            for pod in self.pods(namespace):
                name = pod["metadata"]["name"]
                found[name] = pod["status"].get("podIP") or self._run_pod(namespace, name)
            return found if len(found) == count else None

        return dict(until(all_run, f"{count} pods in {namespace}"))

    def _run_pod(self, namespace: str, name: str) -> str:
        self._addresses += 1
        ip, path = f"10.244.0.{self._addresses}", f"/api/v1/namespaces/{namespace}/pods/{name}"
        target = {"apiVersion": "v1", "kind": "Node", "name": "worker-1"}
        self.ask(
            "POST",
            f"{path}/binding",
            {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": name}, "target": target},
        )
        ready = [{"type": "Ready", "status": "True"}]
        status = {
            "phase": "Running",
            "podIP": ip,
            "podIPs": [{"ip": ip}],
            "hostIP": "10.20.0.1",
            "hostIPs": [{"ip": "10.20.0.1"}],
            "conditions": ready,
        }
        self.ask("PATCH", f"{path}/status", {"status": status}, "merge-patch+json")
        return ip

    def leads_to(self, namespace: str, service: str) -> set[tuple[str, int]]:
        """What a Service's EndpointSlices lead to, as the real controller made them."""
        selector = f"labelSelector=kubernetes.io/service-name%3D{service}"
        path = f"/apis/discovery.k8s.io/v1/namespaces/{namespace}/endpointslices?{selector}"
        return {
            (address, port["port"])
            for one in self.ask("GET", path)["items"]
            for endpoint in one["endpoints"] or ()
            for address in endpoint["addresses"]
            for port in one["ports"] or ()
        }


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def control_plane(home: Path) -> Iterator[ControlPlane]:
    """Run a control plane; its programs end with the block."""
    with ExitStack() as stack:
        plane = ControlPlane(home, stack)
        plane.start()
        yield plane
