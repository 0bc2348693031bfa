"""What a host's or a scheme's letters say by themselves."""

from __future__ import annotations

import pytest

from refactor.addresses import canonical, implied_port, pod_record, protocol, zone

CANONICAL = {
    "10.0.0.1": "10.0.0.1",
    "::ffff:10.0.0.1": "10.0.0.1",
    "::FFFF:A00:1": "10.0.0.1",
    "[::ffff:10.0.0.1]": "10.0.0.1",
    "FD00:10:0:0::1": "fd00:10::1",
    "fd00:0010:0000:0000:0000:0000:0000:0017": "fd00:10::17",
    "[fd00::17]": "fd00::17",
    "fe80::1%eth0": "fe80::1",
    "Worker-3": "worker-3",
    "LB.example.com.": "lb.example.com",
    "10-0-4-17.shop.pod.cluster.local": "10-0-4-17.shop.pod.cluster.local",
    "010.0.0.1": "010.0.0.1",
    "10.0.0.256": "10.0.0.256",
    "": "",
}

ZONES = {
    "private": "10.0.0.0 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 100.64.0.0 100.127.255.255"
    " fc00::1 fd00:10:244::17 ::ffff:10.244.1.17 64:ff9b::10.244.1.17",
    "public": "9.255.255.255 11.0.0.0 172.15.255.255 172.32.0.0 172.160.1.1 192.167.1.1 100.63.255.255"
    " 100.128.0.0 8.8.8.8 2606:4700::1111 64:ff9b::8.8.8.8 192.0.1.1",
    "loopback": "127.0.0.1 127.5.0.1 ::1 ::ffff:127.0.0.1",
    "unspecified": "0.0.0.0 ::",
    "broadcast": "255.255.255.255",
    "multicast": "224.0.0.1 239.255.255.255 ff02::1",
    "link-local": "169.254.169.254 fe80::1 fe80::1%eth0",
    "documentation": "192.0.2.10 198.51.100.7 203.0.113.9 2001:db8::1 3fff::1",
    "netmask": "255.255.255.0 255.0.0.0 255.255.255.252 128.0.0.0 255.255.240.0",
    "reserved": "0.0.0.255 240.0.0.1 255.255.0.255 198.18.0.1 192.0.0.8 100::1 ::a00:1",
    "name": "worker-3 10-0-4-17.shop.pod orders.shop.svc.cluster.local 10.0.0.256 1.2.3",
}

RECORDS: dict[str, tuple[str, str, str] | None] = {
    "10-0-4-17.shop.pod.cluster.local": ("10.0.4.17", "shop", ""),
    "10-0-4-17.shop.pod": ("10.0.4.17", "shop", ""),
    "10-0-4-17.shop.pod.k8s.corp.": ("10.0.4.17", "shop", ""),
    "10-0-4-17.orders.shop.svc.cluster.local": ("10.0.4.17", "shop", "orders"),
    "10-0-4-17.orders.shop.svc": ("10.0.4.17", "shop", "orders"),
    "10-0-4-17.Orders.SHOP.Svc": ("10.0.4.17", "shop", "orders"),
    "fd00-10--17.shop.pod.cluster.local": ("fd00:10::17", "shop", ""),
    "10-0-4-256.shop.pod": None,
    "10-0-4.shop.pod": None,
    "10-0-4-17.shop": None,
    "10-0-4-17.shop.svc": None,
    "10-0-4-17.orders.shop.pod": None,
    "10.0.4.17": None,
    "ip-10-0-4-17.ec2.internal": None,
    "orders.shop.svc.cluster.local": None,
    "x-y.shop.pod": None,
    "10-0-4-17.shop.podium": None,
    "\uff11\uff10-0-4-17.shop.pod": None,
}

PORTS = {
    "http": 80, "https": 443, "ws": 80, "wss": 443, "redis": 6379, "rediss": 6380, "postgres": 5432,
    "postgresql": 5432, "mysql": 3306, "mariadb": 3306, "mongodb": 27017, "amqp": 5672, "amqps": 5671,
    "nats": 4222, "kafka": 9092, "memcached": 11211, "ldap": 389, "ldaps": 636, "smtp": 25, "ftp": 21,
    "ssh": 22, "sqlserver": 1433, "oracle": 1521, "HTTP": 80,
    "postgresql+asyncpg": 5432, "oracle+cx_oracle": 1521, "redis+sentinel": 26379, "git+ssh": 22,
    "git+https": 443, "amqp+ssl": 5672, "clickhouse+http": 8123,
    "tcp": None, "udp": None, "dns": None, "passthrough": None, "grpc": None, "": None, "unknown": None,
    "mongodb+srv": None, "http+unix": None, "plaintext": None,
}  # fmt: skip

UDP = ["udp", "udp4", "syslog", "syslog+udp", "statsd", "coap", "UDP", "gelf+udp"]
TCP = ["tcp", "http", "", "syslog+tcp", "postgresql", "dns", "stun+tcp"]


@pytest.mark.parametrize(("host", "expected"), CANONICAL.items(), ids=CANONICAL)
def test_canonical(host: str, expected: str) -> None:
    assert canonical(host) == expected


@pytest.mark.parametrize(
    ("host", "expected"), [(h, name) for name, hosts in ZONES.items() for h in hosts.split()]
)
def test_zone(host: str, expected: str) -> None:
    assert zone(host) == expected


@pytest.mark.parametrize(("host", "expected"), RECORDS.items(), ids=RECORDS)
def test_pod_record(host: str, expected: tuple[str, str, str] | None) -> None:
    assert pod_record(host) == expected


@pytest.mark.parametrize(("scheme", "port"), PORTS.items(), ids=PORTS)
def test_implied_port(scheme: str, port: int | None) -> None:
    assert implied_port(scheme) == port


@pytest.mark.parametrize("scheme", UDP)
def test_udp(scheme: str) -> None:
    assert protocol(scheme) == "UDP"


@pytest.mark.parametrize("scheme", TCP)
def test_tcp(scheme: str) -> None:
    assert protocol(scheme) == "TCP"
