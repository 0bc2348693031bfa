"""What looks like an address and is none, or none to edit: docs/semantics.md, "Never a finding".

Addresses are shown as in `test_addresses`; the numbers are the catalogue's rows.
"""

from __future__ import annotations

import pytest

from refactor.addresses import find, wanted
from refactor.text.view import HOLE
from tests.test_addresses import shown

BARRED: dict[str, tuple[str, list[str]]] = {
    "13 CIDR": ("10.244.1.17/32", ["10.244.1.17 - - embedded cidr"]),
    "13 CIDRs": ("10.0.0.0/8,172.16.0.0/12", ["10.0.0.0 - - embedded cidr", "172.16.0.0 - - embedded cidr"]),
    "13 network and mask": ("10.0.0.0/255.0.0.0", ["10.0.0.0 - - embedded cidr", "255.0.0.0 - - embedded cidr"]),
    "16 range": ("10.244.1.10-10.244.1.20", ["10.244.1.10 - - embedded range", "10.244.1.20 - - embedded range"]),
    "16 range with blanks": ("10.0.0.1 - 10.0.0.5", ["10.0.0.1 - - embedded range", "10.0.0.5 - - embedded range"]),
    "16 range with dots": ("10.0.0.1..10.0.0.5", ["10.0.0.1 - - embedded range", "10.0.0.5 - - embedded range"]),
    "16 short range": ("10.0.0.1-20", ["10.0.0.1 - - embedded range"]),
    "17 loopback": ("127.0.0.1", ["127.0.0.1 - - bare loopback"]),
    "17 loopback, all of it": ("127.5.0.1:80", ["127.5.0.1 80 - pair loopback"]),
    "17 localhost": ("http://localhost:80", []),
    "18 any address": ("0.0.0.0:8080", ["0.0.0.0 8080 - pair unspecified"]),
    "19 netmask": ("255.255.255.0", ["255.255.255.0 - - bare netmask"]),
    "19 broadcast": ("255.255.255.255", ["255.255.255.255 - - bare broadcast"]),
    "20 multicast": ("224.0.0.1", ["224.0.0.1 - - bare multicast"]),
    "21 metadata": ("http://169.254.169.254/latest", ["169.254.169.254 - http url link-local"]),
    "22 documentation": ("192.0.2.10", ["192.0.2.10 - - bare documentation"]),
    "24 public": ("8.8.8.8", ["8.8.8.8 - - bare public"]),
    "26 octet over 255": ("256.1.1.1", []),
    "26 last octet over 255": ("10.1.1.256:80", []),
    "27 five parts": ("1.2.3.4.5", []),
    "27 OID": ("1.3.6.1.2.1.1.2.0", []),
    "28 OID of four": ("2.5.29.15", ["2.5.29.15 - - bare public"]),
    "29 leading zeros": ("010.244.001.017", ["010.244.001.017 - - bare leading-zeros"]),
    "30 image tag": ("app:1.2.3.4", ["1.2.3.4 - - embedded version"]),
    "32 file name": ("castor-0.9.5.1-xml.jar", ["0.9.5.1 - - embedded version"]),
    "33 user agent": ("UP.Browser/5.0.4.1", ["5.0.4.1 - - embedded user-agent"]),
    "34 kernel": ("2.6.27.21-170.2.56.fc10.x86_64", ["2.6.27.21 - - embedded version"]),
    "35 glued": ("v10.244.1.17", []),
    "36 part of a name": ("10.244.1.17.nip.io", ["10.244.1.17 - - embedded part-of-name"]),
    "36 part of a name in a URL": ("http://app.10.0.0.1.nip.io/", ["10.0.0.1 - - embedded part-of-name"]),
    "39 node host name": ("ip-10-0-3-17.ec2.internal", []),
    "40 reverse zone": ("17.1.244.10.in-addr.arpa", []),
    "41 port out of range": ("10.244.1.17:99999", ["10.244.1.17 - - pair bad-port"]),
    "41 named port": ("http://10.244.1.17:http/", ["10.244.1.17 - http url bad-port"]),
    "41 port 0": ("10.244.1.17:0", ["10.244.1.17 - - pair bad-port"]),
    "41 port of six digits": ("10.244.1.17:123456", ["10.244.1.17 - - pair bad-port"]),
    "41 ports, a range": ("10.0.0.1:8080-8090", ["10.0.0.1 - - pair bad-port"]),
    "41 tag behind a registry": ("10.0.0.1:1.2.3", ["10.0.0.1 - - pair bad-port"]),
    "41 port with a leading zero": ("10.0.0.1:080", ["10.0.0.1 - - pair bad-port"]),
    "44 ::1": ("::1", []),
    "44 [::1]": ("[::1]:80", ["[::1] 80 - pair loopback"]),
    "44 ::": ("::", []),
    "44 [::]": ("[::]:8080", ["[::] 8080 - pair unspecified"]),
    "44 link-local": ("fe80::1%eth0", ["fe80::1%eth0 - - bare link-local"]),
    "44 multicast": ("ff02::1", ["ff02::1 - - bare multicast"]),
    "44 documentation": ("2001:db8::1", ["2001:db8::1 - - bare documentation"]),
    "46 mapped loopback": ("::ffff:127.0.0.1", ["::ffff:127.0.0.1 - - bare loopback"]),
    "47 NAT64": ("64:ff9b::10.244.1.17", ["64:ff9b::10.244.1.17 - - bare nat64"]),
    "49 IPv6 CIDR": ("fd00:10:244::/64", ["fd00:10:244:: - - embedded cidr"]),
    "52 DNS name": ("http://api.prod.svc.cluster.local:8080", []),
    "53 next to RFC 1918": ("172.160.1.1", ["172.160.1.1 - - bare public"]),
    "54 a number": ("183762193", []),
    "54 hexadecimal octets": ("0x0a.0xf4.0x01.0x11", []),
}  # fmt: skip

NOTHING = {
    "48 MAC": "aa:bb:cc:dd:ee:ff",
    "48 EUI-64": "fd:bb:cc:dd:ee:ff:00:11",
    "48 time": "13:40:40",
    "48 date and time": "2024-01-01T13:40:40.123",
    "48 passwd": "root:aaa:16484:0:99999:7:::",
    "48 digest": "sha256:10a0b0c0d0e0f0",
    "48 scope": "Foo::Bar",
    "48 scope, hexadecimal": "abc::f() Dead::Beef()",
    "48 ::100": "::100",
    "48 :4:81": ":4:81",
    "slice": "a[1::2] x[::2] b()[::1]",
    "time with an empty group": "1::2",
    "hole glued behind": f"10.0.0.1{HOLE}",
    "hole for an octet": f"10.0.0.{HOLE}",
    "hole before": f"{HOLE}10.0.0.1",
    "braces before": "{x}10.0.0.1",
    "braces behind": "10.0.0.1{x}",
    "variable behind": "10.0.0.1$SUFFIX",
    "format behind": "10.0.0.1%s",
    "substitution before": "$(x)10.0.0.1",
    "letter behind": "10.0.0.1x",
    "underscore before": "x_10.0.0.1",
    "octet before": "1.10.0.0.1:80",
    "octet over 255 before a port": "300.0.0.1:80",
    "four digits": "2021.10.05.1",
    "IPv6, letter behind": "fd00:10::1g",
    "IPv6, hole behind": f"fd00:10::1{HOLE}",
    "IPv6, nine groups": "1:2:3:4:5:6:7:8:9",
    "IPv6, two gaps": "fd00::1::2",
    "mapped IPv4 with a port, no brackets": "::ffff:10.0.0.1:80",
    "pod record, octet over 255": "10-0-4-256.shop.pod",
    "pod record, one label": "10-0-4-17.shop",
    "pod record, hole behind": f"10-0-4-17.shop.pod.{HOLE}",
    "pod record, part of a longer name": "x-10-0-4-17.shop.pod",
    "password": "user:10.0.0.1@host",
    "user and port-like password": "10.0.0.1:80@host",
    "user of a URL": "http://10.0.0.1@example.com/",
    "DNS name in a URL": "http://orders:8080/10",
    "empty": "",
}

LIVE_OR_BARRED = {
    # text: bar of its only address
    "pkg==10.82.0.1": "version",
    "pkg >= 10.82.0.1": "version",
    "^10.82.0.1": "version",
    "a+10.0.0.1": "version",
    "chart version 10.7.31.9": "version",
    '{"packageVersion":"10.7.31.9"}': "version",
    "--version=10.7.31.9": "version",
    "10.9.0.1-2.11": "version",
    "10.9.0.1-alpine": "version",
    "rfc5280#section-10.2.1.12": "version",
    "10.0.0.1.{domain}": "part-of-name",
    "10.0.0.1.jar": "part-of-name",
    "http://10.0.0.1-x/": "part-of-name",
    "10.0.0.1/24?": "",
    "http://10.0.0.1/24.": "",
    "10.0.0.1/24.": "cidr",
    "10.0.0.1/40": "cidr",
    "10.0.0.1/8080": "",
    "10.0.0.1:80/24": "",
    "x ==10.0.0.1:80": "",
    "version http://10.0.0.1": "",
    "--h-10.0.0.1": "",
    "${X-10.0.0.1}": "",
    "host:10.0.0.1": "",
    "app:10.0.0.1:80": "",
    "foo:10.0.0.1": "version",
    "fd00:10::/64": "cidr",
    "http://[fd00:10::1]/64": "",
    "fd00:10::1/129": "cidr",
    "fd00:10::1-fd00:10::5": "range",
    "64:ff9b::8.8.8.8": "nat64",
    "010.0.0.1:80": "leading-zeros",
    "127.0.0.1/8": "cidr",
    "8.8.8.8:http": "bad-port",
}


@pytest.mark.parametrize(("text", "expected"), BARRED.values(), ids=BARRED)
def test_bars(text: str, expected: list[str]) -> None:
    assert shown(text) == expected
    assert wanted(text) or not expected


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_what_is_no_address(text: str) -> None:
    assert shown(text) == []


@pytest.mark.parametrize(("text", "bar"), LIVE_OR_BARRED.items(), ids=LIVE_OR_BARRED)
def test_bars_of_shape(text: str, bar: str) -> None:
    assert {address.bar for address in find(text)} == {bar}


def test_what_nothing_could_be_found_in_is_not_wanted() -> None:
    assert not wanted("nothing here: x::y, 1.2.3, 12:30, orders-db.shop.svc and a[1:2]")
