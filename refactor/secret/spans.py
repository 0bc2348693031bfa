"""The secrets of a file, found once, by all that tells them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from refactor.files.kinds import kind_of
from refactor.secret import code, code_tokens, flat, shapes, tables, yaml
from refactor.secret.names import STEM
from refactor.text.view import Span

_ASKED = (
    rf"{STEM}|login|connect|sensitive|confidential|securest|fernet|serializer|signer|b64encode|btoa"
    r"|pdo|mysqli|ftp|url\.create|://[^\s/]{0,64}@"
).split("|")
_WORDS = tuple(word for word in _ASKED if word.isalnum())
_PATTERNS = re.compile("|".join(word for word in _ASKED if not word.isalnum()), re.IGNORECASE)
_IN_PATTERNS = ("pw", "code", "url.create", "://")
"""One of these stands wherever one of the patterns holds."""
_SETTINGS = (".env", ".properties", ".ini", ".cfg", ".conf", ".cnf", ".toml")
_HASHES = (".py", ".pyw", ".rb", ".pl", ".pm", ".r", ".ex", ".exs", ".tf", ".tfvars", ".hcl")
_NETRC = re.compile(r"\b(?:password|account)\s+(?P<secret>[^\s\"'#]+)")
_COLUMNS = re.compile(r"^[^#\n]+:(?P<secret>[^:\s]+)\s*$", re.MULTILINE)
_SECOND = re.compile(r"^\s*\"[^\"\n]*\"\s+\"(?P<secret>[^\"\n]+)\"", re.MULTILINE)
_IPSEC = re.compile(r":\s*(?:PSK|EAP|XAUTH|NTLM|PIN)\s+\"?(?P<secret>[^\s\"]+)", re.IGNORECASE)
_THIRD = re.compile(r"^[^#\s]\S*[ \t]+\S+[ \t]+\"?(?P<secret>[^\s\"]+)", re.MULTILINE)
_SHELLS = (".xml", ".bat", ".cmd", ".fish", ".csh", ".tcsh")
_FILES = {
    "userlist.txt": _SECOND,
    "ipsec.secrets": _IPSEC,
    "chap-secrets": _THIRD,
    "pap-secrets": _THIRD,
    ".netrc": _NETRC,
    "_netrc": _NETRC,
    ".pgpass": _COLUMNS,
    "pgpass.conf": _COLUMNS,
    ".htpasswd": _COLUMNS,
    ".git-credentials": _COLUMNS,
    ".s3cfg": _COLUMNS,
}
_LEAST_MIXED, _LEAST_WORD = 8, 12
"""Characters of a secret that is looked for elsewhere, with digits in it and without."""
_MOST_AGAIN = 200


def text_secrets(text: str) -> tuple[Span, ...]:
    """Return where secrets stand in a text of which nothing is known, in order, none touching."""
    return _short(text) if len(text) < _SHORT else _text_secrets(text)


def _text_secrets(text: str) -> tuple[Span, ...]:
    named = flat.named(text) if may_name(text) else ()
    return merged([*_shaped(text), *named])


_SHORT = 500
"""Characters of what reports say again and again."""
_short = lru_cache(4096)(_text_secrets)


def may_name(text: str) -> bool:
    """Say whether a text may name a secret; plain words are found far sooner than a pattern."""
    folded = text.casefold()
    return any(word in folded for word in _WORDS) or (
        any(part in folded for part in _IN_PATTERNS) and _PATTERNS.search(text) is not None
    )


def file_secrets(path: str, text: str) -> tuple[Span, ...]:
    """Return where secrets stand in a file, in order, none touching another."""
    found = merged([*_shaped(text), *_named(path, text), *shapes.random_words(text)])
    return merged([*found, *_again(text, found)])


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans in order, those that touch as one."""
    made: list[Span] = []
    for span in sorted(spans):
        if span.start >= span.end:
            continue
        if made and span.start <= made[-1].end:
            made[-1] = Span(made[-1].start, max(made[-1].end, span.end))
        else:
            made.append(span)
    return tuple(made)


def _shaped(text: str) -> Iterator[Span]:
    return (_bare(text, span) for span in shapes.shaped(text))


def _named(path: str, text: str) -> Iterator[Span]:
    """Yield what names say is secret, as files of this kind say it."""
    name = path.rpartition("/")[2].lower()
    if name in _FILES:
        yield from (Span(*match.span("secret")) for match in _FILES[name].finditer(text))
    if not may_name(text):
        return
    kind = kind_of(path, text[:200])
    yield from tables.named(name, text)
    if kind in ("python", "source") and not name.endswith(_SHELLS):
        hashes = kind == "python" or name.endswith(_HASHES)
        yield from code.named(text, hashes=hashes)
        yield from flat.named(text, code_tokens.texts(text, hashes=hashes))
        return
    yield from flat.named(text)
    if kind in ("yaml", "template"):
        yield from yaml.named(text)
    else:
        yield from flat.lined(text, commands=not name.endswith(_SETTINGS))


def _again(text: str, found: Iterable[Span]) -> Iterator[Span]:
    """Yield the other places where a secret stands that is known by now: `&pw x`, then `-p x`."""
    values = {span.of(text) for span in found}
    words = [v for v in values if len(v) >= (_LEAST_MIXED if re.search(r"\d", v) else _LEAST_WORD)]
    if words and len(words) <= _MOST_AGAIN:
        pattern = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
        for match in re.finditer(rf"(?<![A-Za-z0-9])(?:{pattern})(?![A-Za-z0-9])", text):
            yield Span(*match.span())


def _bare(text: str, span: Span) -> Span:
    """Return a span without the quotes around it."""
    if (
        span.end - span.start > 1
        and text[span.start] in "\"'"
        and text[span.end - 1] == text[span.start]
    ):
        return Span(span.start + 1, span.end - 1)
    return span
