"""Where the words of a text stand that its language gives a meaning, by Pygments."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

_LANGUAGES = {
    ".yaml": "yaml", ".yml": "yaml", ".tpl": "yaml+jinja", ".py": "python", ".json": "json",
    ".sh": "bash", ".env": "bash", ".toml": "toml", ".ini": "ini", ".cfg": "ini",
    ".conf": "nginx", ".properties": "properties", ".xml": "xml", ".go": "go", ".java": "java",
    ".js": "javascript", ".ts": "typescript", ".tf": "hcl", "Dockerfile": "docker",
}  # fmt: skip
# Pygments' short names of token types, folded into what a reader of a diff tells apart.
_CLASSES = {
    "c": "c", "k": "k", "kc": "k", "ow": "k", "nt": "a", "na": "a", "nf": "a", "nc": "a",
    "s": "s", "l": "s", "m": "m", "nb": "k", "cp": "p", "err": "",
}  # fmt: skip


class Word(NamedTuple):
    """A stretch of text with the class that colours it: a, c, k, m, p or s."""

    start: int
    end: int
    name: str


def words(path: str, text: str) -> Iterator[Word]:
    """Yield the coloured stretches of a text, in order."""
    lexer = _lexer(path)
    if lexer is None:
        return
    at = 0
    for kind, piece in lexer.get_tokens(text):
        name = _class_of(kind)
        if name and piece.strip():
            yield Word(at, at + len(piece), name)
        at += len(piece)


@cache
def _class_of(kind: Any) -> str:
    from pygments.token import STANDARD_TYPES

    while kind not in STANDARD_TYPES:
        kind = kind.parent
    short = STANDARD_TYPES[kind]
    return next((_CLASSES[short[:n]] for n in (len(short), 2, 1) if short[:n] in _CLASSES), "")


def _lexer(path: str) -> Any:
    name = posixpath.basename(path)
    suffix = posixpath.splitext(name)[1]
    language = _LANGUAGES.get(suffix) or _LANGUAGES.get(name)
    if name.startswith(".env"):
        language = "bash"
    if language == "yaml" and "/templates/" in path:
        language = "yaml+jinja"
    return _by_name(language) if language else None


@cache
def _by_name(language: str) -> Any:
    from pygments.lexers import get_lexer_by_name

    return get_lexer_by_name(language, stripnl=False, ensurenl=False)
