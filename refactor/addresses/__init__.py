"""The address grammar: text to addresses, nothing of languages (docs/semantics.md, section 1)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from refactor.addresses.ranges import PodRecord, canonical, is_bare_list, pod_record, zone
from refactor.addresses.schemes import implied_port, protocol

if TYPE_CHECKING:
    from refactor.addresses.grammar import each, find
    from refactor.addresses.hints import any_host, wanted

__all__ = [
    "PodRecord",
    "any_host",
    "canonical",
    "each",
    "find",
    "implied_port",
    "is_bare_list",
    "pod_record",
    "protocol",
    "wanted",
    "zone",
]


_LATER = {"any_host": "hints", "each": "grammar", "find": "grammar", "wanted": "hints"}


def __getattr__(name: str) -> Any:
    """Import the grammar when it is first asked for (PEP 562): a clean tree never needs it."""
    if name not in _LATER:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    found = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    globals()[name] = found
    return found
