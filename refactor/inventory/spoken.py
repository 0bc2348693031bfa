"""What kubectl writes for people: its errors, tables and lists of names are no inventory."""

from __future__ import annotations

import re

_AS_JSON = "run it again with -o json: `kubectl get ... -A -o json`"
_ERROR = "contains a kubectl error, not objects"
_SAID = (
    (
        rb"(?i:error: |error from server|unable to connect to the |the connection to the server )",
        _ERROR,
        "fix the error and run kubectl again",
    ),
    (
        rb"No resources found",
        "holds no objects: kubectl found nothing",
        "use -A for all namespaces, and check the context",
    ),
    (
        rb"(?:[EIW]\d{4} \d\d:\d\d:|Warning: )",
        "begins with kubectl's standard error",
        "redirect standard output only",
    ),
    (rb"(?:NAMESPACE|NAME) {2,}[A-Z][A-Z() -]*\S", "looks like kubectl's table output", _AS_JSON),
    (rb"[a-z][a-z0-9.-]*/[a-z0-9][a-z0-9.-]*\r?(?:\n|$)", "is a list of names", _AS_JSON),
)
_PATTERNS = tuple((re.compile(pattern), why, remedy) for pattern, why, remedy in _SAID)


def spoken(data: bytes) -> tuple[str, str] | None:
    """Return why an output is for people, and what to do; None where it may be an inventory."""
    start = data[:400].lstrip()
    found = next(((why, do) for pattern, why, do in _PATTERNS if pattern.match(start)), None)
    if found is None or found[0] != _ERROR:
        return found
    first = start.decode("utf-8", "replace").splitlines()[0]
    return f"{_ERROR}: {first}", found[1]
