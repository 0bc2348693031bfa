"""Secrets never leave in what is shown: passwords and tokens of URLs and of key=value strings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from refactor.view import Span

MASK = "***"
# Names that end like this say where, or what it is called: nothing secret by itself. Runs of name
# characters are bounded, so that a long text of them is not gone through once for each.
_PLACE = (
    r"(?![\w-]{0,64}(?:ur[li]|host|hostname|addr|address|endpoint|server|port|service|name|ref"
    r"|file|path)s?[\"']?\s*[=:])"
)
_NAME = r"(?:password|passwd|pwd|passphrase|secret|token|credential|api[_-]?key|access[_-]?key)"
_VALUE = r"(?P<secret>\"[^\"\n]*\"|'[^'\n]*'|[^\s;,&\"'{}()$]+)"
# `- name: DB_PASSWORD` with its value on the next line, of a manifest or its diff, or beside it.
_ITEM = (
    rf"name[\"']?\s*:\s*[\"']?(?=[\w.-]{{0,64}}(?:{_NAME}|key))"
    r"(?![\w.-]{0,64}(?:url|uri|host|addr|port|file|name)\b)[\w.-]{1,128}[\"']?"
    r"[ \t]*(?:\r?\n[-+ \t]*|,\s*[\"']?)value[\"']?\s*:\s*"
    r"(?P<secret>\"[^\"\n]*\"|'[^'\n]*'|[^\s#,}]+)"
)
_SECRETS = (
    # The password of a URL, and a user that is a token by its looks.
    r"\b[a-z][a-z0-9+.-]{0,40}://[^\s/@:'\"]{0,128}:(?P<secret>[^\s/'\"]+)(?=@)",
    r"\b[a-z][a-z0-9+.-]{0,40}://(?P<secret>(?=[\w-]{0,128}\d)(?=[\w-]{0,128}[a-z])[\w-]{16,256})(?=@)",
    # root:password@tcp(host:3306)/db
    r"(?<![\w/.-])[\w.-]{1,64}:(?P<secret>[^\s@:/'\"]+)(?=@(?:tcp|udp|unix)?\()",
    # What signs or opens a request: https://host/?sig=...
    rf"[?&;](?:[\w.-]{{0,64}}{_NAME}[\w.-]{{0,64}}|key|auth|code|sig|[\w-]{{0,64}}signature)=(?P<secret>[^\s&;#\"'<>]+)",
    r"\b(?:authorization[\"']?\s*[:=]\s*[\"']?)?(?:bearer|basic)\s+(?P<secret>(?=[\w.~+/-]{0,200}\d)[\w.~+/-]{8,}=*)",
    # Values stop at the separators of DSNs and command lines, not at spaces inside quotes.
    rf"{_NAME}{_PLACE}[\w-]{{0,64}}[\"']?\s*[=:]\s*{_VALUE}",
    _ITEM,
)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Compile them when there is something to show."""
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in _SECRETS)


def mask(text: str) -> str:
    """Return a text with the passwords and tokens in it replaced by `***`.

    Args:
        text: one line or many.
    """
    parts, at = [], 0
    for start, end in secrets(text):
        parts += [text[at:start], MASK]
        at = end
    return "".join((*parts, text[at:]))


def secrets(text: str) -> tuple[Span, ...]:
    """Return where passwords and tokens stand in a text, in order, none touching another.

    Args:
        text: one line or many.
    """
    merged: list[Span] = []
    for span in sorted(_found(text)):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def _found(text: str) -> Iterator[Span]:
    for pattern in _patterns():
        for match in pattern.finditer(text):
            start, end = match.span("secret")
            if text[start] in "\"'" and end - start > 1:
                start, end = start + 1, end - 1
            if start < end:
                yield Span(start, end)
