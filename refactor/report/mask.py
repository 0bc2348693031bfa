"""Secrets never leave in a report: passwords of URLs and of key=value strings are masked."""

from __future__ import annotations

import re

MASK = "***"
_USERINFO = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s/@:'\"]*:)[^\s/@'\"]+(?=@)", re.IGNORECASE)
_GO_DSN = re.compile(r"(?<![\w/])([\w.-]+:)[^\s@:/'\"]+(?=@(?:tcp|udp|unix)?\()", re.IGNORECASE)
# Values stop at the separators of DSNs and command lines, not at spaces inside quotes.
_NAMED = re.compile(
    r"((?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key)[\w-]*[\"']?\s*[=:]\s*)"
    r"(\"[^\"\n]*\"|'[^'\n]*'|[^\s;,&\"'{}()$]+)",
    re.IGNORECASE,
)
# `- name: DB_PASSWORD` with its value on the next line, of a manifest or of a diff of one.
_ITEM = re.compile(
    r"(name[\"']?\s*:\s*[\"']?[\w.-]*(?:password|passwd|pwd|secret|token|key)[\w.-]*[\"']?[ \t]*"
    r"\r?\n[-+ \t]*value[\"']?\s*:\s*)(\"[^\"\n]*\"|'[^'\n]*'|[^\s#]+)",
    re.IGNORECASE,
)


def mask(text: str) -> str:
    """Return a text with the passwords and tokens in it replaced by `***`.

    Args:
        text: one line or many.
    """
    text = _USERINFO.sub(rf"\1{MASK}", text)
    text = _GO_DSN.sub(rf"\1{MASK}", text)
    text = _ITEM.sub(_masked_value, text)
    return _NAMED.sub(_masked_value, text)


def _masked_value(match: re.Match[str]) -> str:
    name, value = match[1], match[2]
    quote = value[0] if value[0] in "\"'" else ""
    return f"{name}{quote}{MASK}{quote}"
