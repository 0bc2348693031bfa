"""The question: who is this host, on this port?"""

from __future__ import annotations

from typing import NamedTuple

from refactor.addresses import PodRecord, protocol
from refactor.inventory import Inventory
from refactor.model import Value


class Query(Value, frozen=True):
    """An address as its consumer dials it.

    Attributes:
        port: the port that the client dials, 1 to 65535; None where it is not known.
        scheme: lower case, "" where none is.
        namespace: of the consumer; "" where it is not known.
        other: a second port that it dials at the same host; None for none.
        key: the name that a host without a port goes under; "" where a port is known.
    """

    host: str
    port: int | None = None
    port_from: str = "none"
    scheme: str = ""
    namespace: str = ""
    key: str = ""
    other: int | None = None
    peer: bool = False


class Options(Value, frozen=True):
    """What a user asked for."""

    ingress: bool = False
    daemonsets: bool = False


class Lookup(NamedTuple):
    """A query put to an inventory."""

    query: Query
    inventory: Inventory
    options: Options
    host: str
    record: PodRecord | None = None

    @property
    def dialled(self) -> str:
        """The address as a line of the settings would have it."""
        return at(self.query.host, self.query.port)

    @property
    def is_open(self) -> bool:
        """The port is only known at run time."""
        return self.query.port_from == "open"

    @property
    def no_port(self) -> str:
        """Why no port is known."""
        if self.query.port_from == "beside":
            return "the port beside it may be another's"
        return "no port is written"

    def speaks(self, declared: str) -> bool:
        """Say whether what is dialled agrees with a declared protocol; without a scheme it does.

        A bare `host:port` says nothing of its protocol: resolvers and metrics are dialled so.
        """
        return not self.query.scheme or protocol(self.query.scheme) == declared


def at(host: str, port: int | None) -> str:
    """Return `host:port`, IPv6 in brackets; the bare host where no port is."""
    if port is None:
        return host
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
