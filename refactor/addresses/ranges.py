"""What a host's text says by itself: its normal form, its range, the pod it names."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from typing import NamedTuple

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NETMASKS = frozenset(
    str(ipaddress.IPv4Address(0xFFFFFFFF << (32 - bits) & 0xFFFFFFFF)) for bits in range(1, 32)
)
# RFC 6890, RFC 5737, RFC 3849 and RFC 9637; the first that holds. RFC 6598's 100.64.0.0/10 serves
# pods on some clouds.
_ZONES = tuple(
    (ipaddress.ip_network(block), zone)
    for block, zone in (
        ("0.0.0.0/32", "unspecified"),
        ("0.0.0.0/8", "reserved"),
        ("10.0.0.0/8", "private"),
        ("172.16.0.0/12", "private"),
        ("192.168.0.0/16", "private"),
        ("100.64.0.0/10", "private"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "documentation"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("198.18.0.0/15", "reserved"),
        ("224.0.0.0/4", "multicast"),
        ("255.255.255.255/32", "broadcast"),
        ("240.0.0.0/4", "reserved"),
        ("0.0.0.0/0", "public"),
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("ff00::/8", "multicast"),
        ("2001:db8::/32", "documentation"),
        ("3fff::/20", "documentation"),
        ("2000::/3", "public"),
        ("::/0", "reserved"),
    )
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# kubernetes.io, "DNS for Services and Pods": ip.namespace.pod and ip.service.namespace.svc, the
# address's dots or colons as dashes.
_POD_RECORD = re.compile(
    r"(?P<ip>[0-9a-f][0-9a-f-]{2,40})\."
    r"(?:(?P<namespace>[a-z0-9-]{1,63})\.pod"
    r"|(?P<service>[a-z0-9-]{1,63})\.(?P<of>[a-z0-9-]{1,63})\.svc)(?:\.[a-z0-9.-]+)?"
)
# Hosts without ports, of one list: `10.0.4.17,10.0.4.18`, `["10.0.4.17"]`.
_HOST = r"[\"']?(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|\[?[0-9A-Fa-f]*:[0-9A-Fa-f:.]+\]?)[\"']?"
_BARE_LIST = re.compile(rf"\s*[\[(]?\s*{_HOST}(?:\s*[,;]\s*{_HOST})*\s*,?\s*[\])]?\s*\Z")


class PodRecord(NamedTuple):
    """A pod's DNS record taken apart.

    Attributes:
        service: the Service it names; "" for a record under `pod`.
    """

    ip: str
    namespace: str
    service: str


@lru_cache(maxsize=65536)
def canonical(host: str) -> str:
    """Return a host in its one normal form."""
    name = host.lower().rstrip(".")
    parsed = _parse(name)
    return str(parsed) if parsed else name


@lru_cache(maxsize=65536)
def zone(host: str) -> str:
    """Return the range a host is in: "private", "public", "loopback", ...; "name" for no IP.

    NAT64's are in the range of the IPv4 address they embed.
    """
    parsed = _parse(host)
    if parsed is None:
        return "name"
    if parsed in _NAT64:
        parsed = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
    if str(parsed) in _NETMASKS:
        return "netmask"
    return next(name for block, name in _ZONES if parsed in block)


def is_bare_list(text: str) -> bool:
    """Say whether a text is a list of IP addresses without ports, and nothing else."""
    return _BARE_LIST.match(text) is not None


def is_nat64(host: str) -> bool:
    """Say whether an address embeds an IPv4 one by RFC 6052's well-known prefix."""
    parsed = _parse(host)
    return parsed is not None and parsed in _NAT64


def pod_record(host: str) -> PodRecord | None:
    """Return what a pod's DNS record names, or None where the host is no such record."""
    if "-" not in host or not host.isascii():
        return None
    match = _POD_RECORD.fullmatch(host.lower().rstrip("."))
    if match is None:
        return None
    dashed = match["ip"]
    parsed = _parse(dashed.replace("-", ".")) or _parse(dashed.replace("-", ":"))
    if parsed is None:
        return None
    return PodRecord(str(parsed), match["namespace"] or match["of"], match["service"] or "")


@lru_cache(maxsize=64)  # one after another is asked for the same
def _parse(host: str) -> _Address | None:
    try:
        parsed = ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        return parsed.ipv4_mapped
    return parsed
