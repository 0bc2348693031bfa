"""What the cluster's own DNS says of names, asked from where the tool runs.

Source: Kubernetes, DNS-Based Service Discovery: `<service>.<namespace>.svc.<domain>` has an address
where the Service exists, and no record where a headless one has no ready pod.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeAlias
from typing import Literal as OneOf

import msgspec

from refactor.errors import RefactorError, extra_remedy
from refactor.verify.model import Verification, Verified
from refactor.verify.names import ALWAYS, parse

Answer: TypeAlias = OneOf["known", "empty", "unknown"]
"""It has an address; it is there and has none; there is no such name."""

Lookup: TypeAlias = Callable[[str], Answer]

_SECONDS = 5.0
_PORT = 53
_SERVER = re.compile(r"(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+))(?::([0-9]{1,5}))?")


def asked(told: Verification, lookup: Lookup, domain: str) -> Verification:
    """Return verdicts that a cluster's DNS has confirmed; where the two disagree, it is right."""
    sure = f"{ALWAYS}.default.svc.{domain}"
    if lookup(sure) == "unknown":
        message = f"this DNS server does not know {sure}, which every cluster of {domain} has"
        remedy = "run it in a pod, or name the cluster's server with --dns-server"
        raise RefactorError(message, where="--dns", remedy=remedy)
    names = tuple(_settled(one, lookup, domain) for one in told.names)
    return msgspec.structs.replace(told, names=names)


def _settled(one: Verified, lookup: Lookup, domain: str) -> Verified:
    name = _full(one, domain) if one.verdict in ("ok", "no-such-service") else ""
    answer = lookup(name) if name else ""
    replaced = msgspec.structs.replace
    if one.verdict == "ok" and answer == "unknown":
        why = f"the cluster's DNS does not know {name}"
        return replaced(one, verdict="no-such-service", why=why, remedy="deploy the Service")
    if one.verdict == "ok" and answer == "empty":
        why = f"the cluster's DNS has no address for {name}: no pod behind it is ready"
        return replaced(one, verdict="no-endpoints", why=why, remedy="start its workload")
    if one.verdict == "no-such-service" and answer == "known":
        why = f"the cluster's DNS knows {name}"
        return replaced(one, verdict="ok", why=why, remedy="")
    return one


def _full(one: Verified, domain: str) -> str:
    """Return the full name that is meant; "" where its namespace is not known."""
    own = one.service
    pairs = {(own.name, own.namespace), (own.name, "")} if own else set()
    name = parse(one.finding.host, pairs)
    space = name.namespace or (own.namespace if own else "") if name else ""
    if name is None or not space:
        return ""
    return ".".join(filter(None, (name.pod, name.service, space, "svc", domain)))


def server(given: str = "") -> Lookup:
    """Return what asks a DNS server, each name once.

    Args:
        given: `ADDRESS[:PORT]`, asked over TCP, which a port-forward carries; "" for the servers of
            this machine.
    """
    resolver = _resolver()
    if given:
        resolver.nameservers, resolver.port = [_address(given)[0]], _address(given)[1]
    return lru_cache(maxsize=None)(lambda name: _look_up(resolver, name, tcp=bool(given)))


def _resolver() -> Any:
    try:
        from dns.exception import DNSException
        from dns.resolver import Resolver
    except ImportError as error:
        message = "needs the library dnspython"
        remedy = extra_remedy("dns")
        raise RefactorError(message, where="--dns", remedy=remedy) from error
    try:
        made = Resolver()
    except DNSException:  # no resolv.conf that names a server
        made = Resolver(configure=False)
    made.lifetime = _SECONDS
    return made


def _address(given: str) -> tuple[str, int]:
    parts = _SERVER.fullmatch(given)
    host = given if _is_address(given) else (parts[1] or parts[2]) if parts else ""
    port = int((parts and parts[3]) or _PORT) if host != given else _PORT
    if not _is_address(host) or not 0 < port < 1 << 16:
        message = f"{given!r} is not the address of a DNS server"
        raise RefactorError(message, where="--dns-server", remedy="give ADDRESS or ADDRESS:PORT")
    return host, port


def _is_address(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False


def _look_up(resolver: Any, name: str, *, tcp: bool) -> Answer:
    from dns.exception import DNSException
    from dns.resolver import NXDOMAIN, NoAnswer

    for kind in ("A", "AAAA"):
        try:
            resolver.resolve(f"{name}.", kind, tcp=tcp, search=False)
        except NXDOMAIN:
            return "unknown"
        except NoAnswer:
            continue
        except (DNSException, OSError) as error:
            message = f"the DNS server gives no answer for {name}: {type(error).__name__}"
            remedy = "check that it can be reached from here"
            raise RefactorError(message, where="--dns", remedy=remedy) from error
        else:
            return "known"
    return "empty"
