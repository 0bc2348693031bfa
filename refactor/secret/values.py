"""Which part of a value is secret, where a name says that the value is: `${PW:-hunter2}`."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

from refactor.secret.names import Strength
from refactor.secret.names import strength as strength_of
from refactor.text.view import Span

_PLAIN = re.compile(
    r"(?:true|false|yes|no|on|off|null|none|nil|undefined|~|inherit|required|optional|str|string|int"
    r"|bytes|bool|secretstr|enabled|disabled|default|basic|bearer|\.\.\.|\**|x{3,}|\[?redacted\]?"
    r"|os\.environ\S*|self\.\w+|process\.env\.\w+)\Z",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[-+]?[\d_]+(?:\.\d*)?[smhd]?\Z")
_PATH = re.compile(r"(?:~|\.{1,2}|[A-Za-z]:|\$\{?\w+\}?|@)?(?:[/\\][\w.@{}$ -]+)+[/\\]?\Z")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,40}://\S*\Z|(?:vault|ref\+\w+|op|awssm):\S+\Z")
_PLACEHOLDER = re.compile(
    r"(?:\$\{\{.*\}\}|\$\w+|\$\([^()]*\)|\$\{[\w.]+(?:[:?!+][?+][^{}]*)?\}|%\(\w+\)s|%\w+%|@\w+@|<[\w\s.|-]+>|%[sv]"
    r"|\{[\w.!:]*\}|!\w+.*)\Z"
)
_VARIABLE = re.compile(r"[A-Z][A-Z0-9]*_[A-Z0-9_]+\Z")
_DEFAULT = re.compile(r"\$\{[\w.]+:[-=]?(?P<secret>[^${}]+)\}\Z")
_ACTION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_IN_ACTION = re.compile(
    r"(?:\bdefault|\{\{-?|\bternary|\bprintf)\s*(?P<q>[\"`])(?P<secret>[^\"`]*)(?P=q)"
)
_LEAST_STRONG = 8
_LEAST_NUMBER = 4
"""Digits of a password that is a number: fewer count something."""
_MIXED = re.compile(r"(?=.*\d)(?=.*[A-Za-z])")
_PAIR = re.compile(r"[\w.@-]+:(?P<secret>[^\s:/]{3,})\Z")


def secret_of(value: str, at: int, strength: Strength) -> Iterator[Span]:
    """Yield what is to be hidden of a named value."""
    body = value.strip()
    start = at + len(value) - len(value.lstrip())
    if not strength or not body or _PLAIN.match(body) or _URL.match(body):
        return
    if found := _DEFAULT.match(body):
        yield from secret_of(found["secret"], start + found.start("secret"), strength)
        return
    if _is_action(body.strip()):
        for found in _IN_ACTION.finditer(body):
            if "%" not in found["secret"] and found["secret"]:
                yield Span(*found.span("secret")).shift(start)
        return
    if _PLACEHOLDER.match(body) or (_PATH.match(body) and not is_random(body)):
        return
    if _VARIABLE.match(body) and strength_of(body):
        return
    if _NUMBER.match(body) and (strength != "password" or len(body) < _LEAST_NUMBER):
        return
    if strength == "weak":
        yield from _weak(body, start)
        return
    yield Span(start, start + len(body))


def _is_action(body: str) -> bool:
    """Say whether a text begins and ends with an action; a pattern for it would try every cut."""
    return len(body) > 3 and body.startswith("{{") and body.endswith("}}")


def _weak(body: str, start: int) -> Iterator[Span]:
    if pair := _PAIR.match(body):
        yield Span(*pair.span("secret")).shift(start)
    elif len(body) >= _LEAST_STRONG and _MIXED.match(body) and not re.search(r"\s", body):
        yield Span(start, start + len(body))
    elif "=" in body[:-2] and not body.endswith("="):
        yield Span(start + body.index("=") + 1, start + len(body))


_LEAST_RANDOM = 24
_BITS = 3.9


def is_random(text: str) -> bool:
    """Say whether a word looks drawn by lot: many kinds of characters, none often."""
    if len(text) < _LEAST_RANDOM or not all(
        map(re.search, (r"[a-z]", r"[A-Z]", r"\d"), (text, text, text))
    ):
        return False
    total = len(text)
    bits = -sum(n / total * math.log2(n / total) for n in Counter(text).values())
    return bits >= _BITS
