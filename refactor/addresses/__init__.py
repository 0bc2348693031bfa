"""The address grammar: text to addresses, and nothing of languages (SEMANTICS.md section 1)."""

from refactor.addresses.grammar import find
from refactor.addresses.hints import CANDIDATE, wanted
from refactor.addresses.ranges import PodRecord, canonical, pod_record, zone
from refactor.addresses.schemes import implied_port, protocol

__all__ = [
    "CANDIDATE",
    "PodRecord",
    "canonical",
    "find",
    "implied_port",
    "pod_record",
    "protocol",
    "wanted",
    "zone",
]
