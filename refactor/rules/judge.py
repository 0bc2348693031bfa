"""Whether an address is a finding, and whether it may be edited: docs/semantics.md, 1 and 2."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from msgspec.structs import replace

from refactor import addresses
from refactor.addresses.known import KnownHosts
from refactor.model import Address, Literal, Reason
from refactor.rules.load import rules_with
from refactor.rules.pattern import fold
from refactor.rules.place import WITHIN, AddressPlace
from refactor.rules.prose import is_prose
from refactor.rules.row import PlaceSetting
from refactor.text.key_words import stem
from refactor.text.view import HOLE, View

# These shapes are reported even where the address is not known: a person can correct them.
_TOLD_SHAPES = frozenset({"range", "part-of-name", "bad-port", "nat64"})
_SHAPES = frozenset({"cidr", "version", "leading-zeros", "user-agent"}) | _TOLD_SHAPES
_LOOKS = frozenset({"version", "user-agent"})
_VERSION_KEY = re.compile(
    r"version|(?:^|[^a-z])(?:ver|tag|oid|revision|release|build|digest)(?:$|[^a-z])"
)
_MASK_KEY = re.compile(r"netmask|subnetmask|^mask$")


_DEAD_RANGES = frozenset(
    {
        "broadcast",
        "documentation",
        "link-local",
        "loopback",
        "multicast",
        "netmask",
        "public",
        "reserved",
        "unspecified",
    }
)


class Verdict(NamedTuple):
    """A finding's standing.

    Attributes:
        reason: why it may not be edited; None where it may.
        rule: the row that says so, "" where none does.
    """

    reason: Reason | None = None
    why: str = ""
    rule: str = ""


# Addresses like any other, that cannot be edited by themselves.
_JOINED = {
    "grpc-list": Verdict("shape", "gRPC's ipv4: and ipv6: take lists, dns:/// takes one name"),
    "shared-port": Verdict("shared-port", "its port serves other hosts too"),
}


def in_range(address: Address, known: KnownHosts, *, public: bool) -> bool:
    """Say whether an address could be a finding, by its range alone."""
    dead = address.bar in _DEAD_RANGES and not (public and address.bar == "public")
    return not dead or known.knows(address.host)


def is_live(host: str, known: KnownHosts, *, public: bool) -> bool:
    """Say whether a host could be a finding, by its range alone.

    Args:
        host: an address or a name, as written.
        known, public: as for `in_range`.
    """
    where = addresses.zone(host)
    return where not in _DEAD_RANGES or (public and where == "public") or known.knows(host)


def judge(
    literal: Literal,
    address: Address,
    known: KnownHosts,
    *,
    public: bool,
    file: str = "",
    users: tuple[PlaceSetting, ...] = (),
) -> Verdict | None:
    """Return the standing of an address in its place, or None where it is no finding at all."""
    held = known.knows(address.host)
    if not held and not _counts_by_itself(literal, address, public=public):
        return None
    if addresses.zone(address.host) == "name" and not _is_host_place(literal, address):
        return None
    rule = rules_with(users).row_for(AddressPlace(literal, address, file))
    reason = rule.kept if rule else None
    # What a field takes says more than a look of versions: `extra_hosts: [db:10.0.4.17]`.
    looks = address.bar in _LOOKS or (_is_version_key(literal) and not _is_dialled(address))
    if address.bar in _SHAPES and not (looks and reason):
        return Verdict("shape", f"its shape says {address.bar}")
    if looks and not reason:
        return Verdict("shape", "its key says version")
    if rule and reason:
        if reason == "shape" and not held:  # documentation of a schema
            return None
        return Verdict(reason, rule.why, rule.id)
    if address.bar in _JOINED:
        return _JOINED[address.bar]
    if not held and address.bar == "public":
        return Verdict("public", "a public address outside the inventory")
    return Verdict()


def judge_within(
    literal: Literal,
    address: Address,
    judged: Callable[[Literal, Address], Verdict | None],
    names: AbstractSet[str],
) -> Verdict | None:
    """Return the verdict that keeps a value where a program puts it into a longer text."""
    for tag in sorted(tag for tag in literal.tags if tag.startswith(WITHIN)):
        before, _, after = tag.removeprefix(WITHIN).partition(HOLE * 2)
        text = before + literal.view.text + after
        inner = replace(literal, view=View.plain(text), key="", path=(), tags=frozenset())
        for found in addresses.find(text, names=names):
            if found.host == address.host:
                verdict = judged(inner, found)
                if verdict and verdict.reason not in (None, "shape"):
                    return verdict
    return None


def _counts_by_itself(literal: Literal, address: Address, *, public: bool) -> bool:
    """Whether an address that no inventory holds is a finding."""
    if address.bar == "public":
        return public
    if address.bar in _TOLD_SHAPES:
        return addresses.zone(address.host) == "private"
    if (address.bar and address.bar not in _JOINED) or is_prose(literal):
        return False
    return _is_dialled(address) or not _is_version_key(literal)


def _is_dialled(address: Address) -> bool:
    """A scheme or a port beside it says that it is no version."""
    return bool(address.scheme) or address.port is not None


def _is_version_key(literal: Literal) -> bool:
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", literal.key).lower()
    return bool(_VERSION_KEY.search(snake) or _MASK_KEY.search(fold(literal.key)))


def _is_host_place(literal: Literal, address: Address) -> bool:
    """A bare name counts where its key says that a host is meant, or its own `svc` does."""
    if address.form != "bare" or addresses.pod_record(address.host):
        return True
    if ".svc" in address.host.lower():
        return True
    return stem(literal.key).says == "host"
