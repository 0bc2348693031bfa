"""Addresses that the settings leave out."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def ignored_addresses(texts: Sequence[str]) -> Callable[[str], bool]:
    """Return a test for the settings' addresses and CIDR blocks."""
    if not texts:
        return lambda _: False
    import ipaddress

    from refactor import addresses

    exact = {addresses.canonical(text) for text in texts if "/" not in text}
    blocks = [ipaddress.ip_network(text, strict=False) for text in texts if "/" in text]

    def ignored(host: str) -> bool:
        plain = addresses.canonical(host)
        if plain in exact:
            return True
        if not blocks or addresses.zone(host) == "name":
            return False
        address = ipaddress.ip_address(plain)
        return any(address in block for block in blocks)

    return ignored
