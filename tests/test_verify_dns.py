"""`refactor verify --dns`: what a DNS server says has the last word; the server here is a real one."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from refactor.errors import RefactorError
from refactor.verify import dns as asks
from refactor.verify.model import Verification
from tests.test_verify import CLUSTER, inventory, looked, run, svc, web

DOMAIN = "cluster.local"
KUBERNETES = f"kubernetes.default.svc.{DOMAIN}"
ZONE = {
    KUBERNETES: "10.43.0.1",
    f"orders.shop.svc.{DOMAIN}": "10.43.0.2",
    f"store-0.store.shop.svc.{DOMAIN}": "10.42.0.3",
    f"store.shop.svc.{DOMAIN}": "",
    f"six.shop.svc.{DOMAIN}": "fd00::6",
    f"catalgue.shop.svc.{DOMAIN}": "10.43.0.7",
}


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        while size := self.rfile.read(2):
            query = dns.message.from_wire(self.rfile.read(int.from_bytes(size, "big")))
            answer = dns.message.make_response(query)
            name = query.question[0].name.to_text().rstrip(".").lower()
            server: Any = self.server
            server.asked.append(name)
            address = server.zone.get(name)
            kind = "AAAA" if address and ":" in address else "A"
            if address is None:
                answer.set_rcode(server.rcode)
            elif address and dns.rdatatype.to_text(query.question[0].rdtype) == kind:
                answer.answer.append(dns.rrset.from_text(f"{name}.", 5, "IN", kind, address))
            wire = answer.to_wire()
            self.wfile.write(len(wire).to_bytes(2, "big") + wire)


@pytest.fixture
def server() -> Iterator[Any]:
    made: Any = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Handler)
    made.daemon_threads = True
    made.zone, made.asked, made.rcode = dict(ZONE), [], dns.rcode.NXDOMAIN
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def where(server: Any) -> str:
    return f"127.0.0.1:{server.server_address[1]}"


def confirmed(folder: Path, server: Any, value: str, manifests: str = "") -> Verification:
    told = looked(folder, {"w.yaml": web(value), "s.yaml": manifests}, inventory(CLUSTER))
    return asks.asked(told, asks.server(where(server)), DOMAIN)


@pytest.mark.parametrize(
    ("value", "manifests", "verdict"),
    [
        pytest.param("http://orders", "", "ok", id="known-to-both"),
        pytest.param("http://orders.shop.svc.cluster.local", "", "ok", id="full-name"),
        pytest.param("redis://store-0.store:6379", "", "ok", id="a-pod-s-own-name"),
        pytest.param("http://six:80", svc("six", 80, "shop"), "ok", id="IPv6-alone"),
        pytest.param("https://archive", "", "external-name", id="an-alias-is-not-asked"),
        pytest.param("http://quiet", "", "no-endpoints", id="another-verdict-stays"),
        pytest.param("http://orders:81", "", "no-such-port", id="a-port-is-not-DNS-s-affair"),
        pytest.param("redis://store:6379", "", "no-endpoints", id="headless-without-ready-pods"),
        pytest.param("http://cart:80", svc("cart", 80, "shop"), "no-such-service", id="not-deployed-yet"),
        pytest.param("http://catalgue.shop:80", svc("catalogue", 80, "shop"), "ok", id="deployed-since-the-inventory"),
    ],
)  # fmt: skip
def test_the_server_has_the_last_word(
    tmp_path: Path, server: Any, value: str, manifests: str, verdict: str
) -> None:
    told = confirmed(tmp_path, server, value, manifests)

    assert [one.verdict for one in told.names] == [verdict]


def test_each_name_is_asked_once(tmp_path: Path, server: Any) -> None:
    files = {f"{n}.yaml": web("http://orders") for n in range(5)}
    told = looked(tmp_path, files, inventory(CLUSTER))
    asks.asked(told, asks.server(where(server)), DOMAIN)

    assert sorted(server.asked) == [KUBERNETES, f"orders.shop.svc.{DOMAIN}"]


def test_a_server_of_no_cluster_is_not_believed(tmp_path: Path, server: Any) -> None:
    del server.zone[KUBERNETES]

    with pytest.raises(RefactorError, match=r"does not know kubernetes\.default") as found:
        confirmed(tmp_path, server, "http://orders")
    assert "--dns-server" in str(found.value)


def test_a_server_that_fails_ends_it_and_tells_no_name(tmp_path: Path, server: Any) -> None:
    server.rcode = dns.rcode.SERVFAIL
    del server.zone[f"orders.shop.svc.{DOMAIN}"]

    with pytest.raises(RefactorError, match=r"gives no answer for orders\.shop\.svc"):
        confirmed(tmp_path, server, "http://orders")


@pytest.mark.parametrize("given", ["dns.example", "127.0.0.1:0", "127.0.0.1:x", "1.2.3", "[::1"])
def test_what_is_no_address_is_one_clear_line(given: str) -> None:
    with pytest.raises(RefactorError, match="is not the address of a DNS server"):
        asks.server(given)


@pytest.mark.parametrize("given", ["127.0.0.1", "127.0.0.1:5353", "::1", "[::1]:5353", "[::1]"])
def test_addresses_of_servers(given: str) -> None:
    assert asks.server(given)


def test_the_command_asks_and_fails(tmp_path: Path, server: Any) -> None:
    (tmp_path / "s.yaml").write_text(svc("cart", 80, "shop"))
    (tmp_path / "w.yaml").write_text(web("http://cart:80"))

    assert run(tmp_path, "verify", "--repository-only").return_value == 0
    ran = run(tmp_path, "verify", "--repository-only", "--dns-server", where(server))
    assert ran.return_value == 1
    assert f"the cluster's DNS does not know cart.shop.svc.{DOMAIN}" in ran.output
