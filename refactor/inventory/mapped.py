"""The user's own word for what an address stands for: `mappings:` in the settings."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from refactor.addresses import canonical
from refactor.errors import RefactorError
from refactor.model import ServiceRef

_HOST_PORT = re.compile(
    r"\[(?P<v6>[^\]]+)\](?::(?P<v6port>\d+))?\Z|(?P<host>[^:]+):(?P<port>\d+)\Z"
)


class Mapping(msgspec.Struct, frozen=True):
    """What one address stands for, whatever the inventory says.

    Attributes:
        port: of the Service, 1 to 65535; None to find it as for any other address.
        pod: the name of the pod whose identity is kept; "" for none.
    """

    address: str
    service: str
    port: int | None = None
    pod: str = ""

    @property
    def ref(self) -> ServiceRef:
        """The Service."""
        return ServiceRef.read(self.service)


Mapped = dict[tuple[str, int | None], Mapping]
"""Mappings by normal form of the host, and port; None stands for every port."""


def by_address(mappings: Iterable[Mapping]) -> Mapped:
    """Return mappings by what they map; of two for one address the first counts.

    Raises:
        RefactorError: a mapping's Service is not `namespace/name`.
    """
    found: Mapped = {}
    for mapping in mappings:
        if not re.fullmatch(r"[^/\s]+/[^/\s]+", mapping.service):
            message = f"`service: {mapping.service}` does not name a Service"
            raise RefactorError(message, where=mapping.address, remedy="write `namespace/name`")
        found.setdefault(_parts(mapping.address), mapping)
    return found


def _parts(address: str) -> tuple[str, int | None]:
    match = _HOST_PORT.match(address.strip())
    if match is None:
        return canonical(address.strip()), None
    port = match["v6port"] or match["port"]
    return canonical(match["v6"] or match["host"]), int(port) if port else None
