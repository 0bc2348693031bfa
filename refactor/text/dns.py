"""What a name may be (RFC 1123's label, as the Kubernetes API takes it), and what a port."""

from __future__ import annotations

import re

LABEL = r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?"
"""A pattern for a name: a namespace's, a Service's, a part of a domain."""
LABEL_LENGTH = 63
MAX_PORT = 65535
_LABEL = re.compile(LABEL)


def is_label(name: str) -> bool:
    """Say whether a text can be the name of a namespace or a Service."""
    return bool(_LABEL.fullmatch(name))


def is_port(number: int) -> bool:
    """Say whether a number can be a port that is dialled."""
    return 0 < number <= MAX_PORT
