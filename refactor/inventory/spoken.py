"""What kubectl writes for people: its errors, tables and lists of names are no inventory."""

from __future__ import annotations

import re

_AS_JSON = "give it as JSON: `kubectl get ... -A -o json`"
_SAID = (
    (
        rb"(?i:error: |error from server|unable to connect to the |the connection to the server )",
        "is an error that kubectl told, and holds no objects",
        "mend what it says, and take it again",
    ),
    (
        rb"No resources found",
        "holds no objects: kubectl found none",
        "ask for all namespaces, by -A, of the right context",
    ),
    (
        rb"(?:[EIW]\d{4} \d\d:\d\d:|Warning: )",
        "begins with what kubectl says on standard error",
        "write its standard output alone",
    ),
    (rb"(?:NAMESPACE|NAME) {2,}[A-Z][A-Z() -]*\S", "is a table for people", _AS_JSON),
    (rb"[a-z][a-z0-9.-]*/[a-z0-9][a-z0-9.-]*\r?(?:\n|$)", "is a list of names", _AS_JSON),
)
_PATTERNS = tuple((re.compile(pattern), why, remedy) for pattern, why, remedy in _SAID)


def spoken(data: bytes) -> tuple[str, str] | None:
    """Return why an output is for people, and what to do; None where it may be an inventory."""
    start = data[:400].lstrip()
    return next(((why, do) for pattern, why, do in _PATTERNS if pattern.match(start)), None)
