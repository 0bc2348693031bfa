"""Every message that a user can meet, read off the source: what it says and what it advises.

A message is what a call like `RefactorError(message, remedy=...)` is given: a literal, or a name
that the same function binds to literals. What stands in braces there is filled in at run time.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from docs.tables import code, table
from refactor.errors import extra_remedy

PACKAGE = Path(__file__).resolve().parent.parent / "refactor"
OPEN = "…"
"""What is only known at run time."""


class Kind(NamedTuple):
    """How one kind of message is made.

    Attributes:
        title: of its table.
        calls: the names of what makes it, with the place of the message among the arguments.
        remedies: the place of the remedy; -1 for a keyword `remedy` only.
    """

    title: str
    calls: dict[str, int]
    remedy: int = -1


KINDS = (
    Kind(
        "Errors: the command ends with exit code 2",
        {"RefactorError": 0, "BusyError": 0, "GitError": 0, "UsageError": 0, "BadParameter": 0},
    ),
    Kind("Errors in settings and campaign files, with their line", {"refuse": 1}, 2),
    Kind("Notes on whole files", {"Note": 2}),
    Kind(
        "Why an address stays",
        {"Refusal": 2, "Unresolved": 1, "Ambiguous": 1, "MissingService": 9},
        3,
    ),
)


PARTS_OF = ("resolve", "plan", "repository", "inventory", "settings", "campaign", "verify", "gate")
"""Rooms whose sentences reach a user also as parts of messages: evidence, warnings, faults."""
_WORDS = 4
"""Words of a text that is a sentence, and no name."""
_CODE = re.compile(
    r"\\|\(\?|</?\w|/>|\{\{|\{%|^\s*\||\bNOT NULL\b"
    r"|^\s*(?:ALTER|CREATE|DELETE|INSERT|PRAGMA|SELECT|UPDATE)\b"
)
"""Patterns, templates, markup and SQL."""


class Message(NamedTuple):
    """One message, as its source writes it.

    Attributes:
        text: with `…` for what is filled in; "" where no literal is known.
        remedy: what it advises, "" for nothing.
        place: the module that makes it, and the line.
    """

    text: str
    remedy: str
    place: str


def messages() -> str:
    """Return a table for each kind of message."""
    parts = []
    for kind in KINDS:
        rows = sorted({(m.text, m.remedy) for m in found(kind) if m.text})
        cells = [(code(text), code(remedy) if remedy else "") for text, remedy in rows]
        parts.append(f"## {kind.title}\n\n{table(('message', 'what to do'), cells)}")
    told = {m.text for kind in KINDS for m in found(kind)}
    rest = sorted({text for _, text in sentences() if text not in told})
    cells = [(code(text),) for text in rest]
    parts.append(f"## Evidence, warnings and parts of messages\n\n{table(('text',), cells)}")
    return "\n".join(parts)


def found(kind: Kind) -> Sequence[Message]:
    """Return every message of a kind."""
    return _read().messages[kind.title]


def sentences() -> Sequence[tuple[str, str]]:
    """Return the sentences of the rooms whose texts are shown, each with its module."""
    return _read().sentences


class _Read(NamedTuple):
    messages: dict[str, list[Message]]
    sentences: list[tuple[str, str]]


@cache
def _read() -> _Read:
    """Read the package once, whatever is asked of it."""
    read = _Read({kind.title: [] for kind in KINDS}, [])
    for path in sorted(PACKAGE.rglob("*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        name = path.relative_to(PACKAGE)
        for kind in KINDS:
            read.messages[kind.title].extend(_found(kind, nodes, str(name)))
        if name.parts[0] in PARTS_OF:
            read.sentences.extend((str(name), text) for text in _sentences(nodes))
    return read


def _sentences(nodes: Sequence[ast.AST]) -> Iterator[str]:
    silent = {id(n.value) for n in nodes if isinstance(n, ast.Expr)}
    silent |= {id(p) for n in nodes if isinstance(n, ast.JoinedStr) for p in n.values}
    for node in nodes:
        for text in () if id(node) in silent else _literal(node):
            if len(text.split()) >= _WORDS and not _CODE.search(text):
                yield " ".join(text.split())


def _literal(node: ast.AST) -> tuple[str, ...]:
    return _texts(node, _Names(node)) if isinstance(node, ast.Constant | ast.JoinedStr) else ()


def _found(kind: Kind, nodes: Sequence[ast.AST], name: str) -> Iterator[Message]:
    before: dict[ast.AST, int] = {}
    for scope, call in _calls(nodes, kind):
        names = _Names(scope, before.get(scope, 0), call.lineno)
        before[scope] = call.lineno
        texts = _texts(_argument(call, kind.calls[_name(call)], "message"), names)
        remedies = _texts(_argument(call, kind.remedy, "remedy"), names)
        advised = " / ".join(dict.fromkeys(filter(None, remedies)))
        for text in texts or ("",):
            yield Message(text, advised, f"{name}:{call.lineno}")


class _Names(NamedTuple):
    """The names of a function that were bound for one call: since the call before it."""

    scope: ast.AST
    first: int = 0
    last: int = 0

    def bound(self, name: str) -> tuple[ast.expr, ...]:
        """Return what the name may stand for: what was bound last, where nothing was since."""
        values = sorted(_bound(name, self.scope), key=lambda value: value.lineno)
        earlier = [value for value in values if value.lineno <= self.last]
        since = [value for value in earlier if value.lineno > self.first]
        return tuple(since or earlier[-1:])


def _calls(nodes: Sequence[ast.AST], kind: Kind) -> Iterator[tuple[ast.AST, ast.Call]]:
    """Yield the calls of a kind, each with the innermost function that it stands in."""
    scopes = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    calls = (n for n in nodes if isinstance(n, ast.Call) and _name(n) in kind.calls)
    for node in sorted(calls, key=lambda call: call.lineno):
        inside = [s for s in scopes if s.lineno <= node.lineno <= (s.end_lineno or 0)]
        yield (inside[-1] if inside else nodes[0]), node


def _name(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _argument(call: ast.Call, place: int, keyword: str) -> ast.expr | None:
    for one in call.keywords:
        if one.arg == keyword or (keyword == "message" and one.arg in ("why", "reason")):
            return one.value
    return call.args[place] if 0 <= place < len(call.args) else None


def _texts(node: ast.expr | None, names: _Names) -> tuple[str, ...]:
    """Return every literal that an expression may be."""
    match node:
        case ast.Constant(value=str(text)):
            return (text,)
        case ast.JoinedStr(values=parts):
            return ("".join(_part(part) for part in parts),)
        case ast.IfExp(body=one, orelse=other):
            return (*_texts(one, names), *_texts(other, names))
        case ast.BinOp(left=one, op=ast.Add(), right=other):
            return tuple(a + b for a in _texts(one, names) for b in _texts(other, names))
        case ast.BoolOp(values=ones):
            return tuple(text for one in ones for text in _texts(one, names))
        case ast.Call(func=ast.Name(id="extra_remedy")):
            return (extra_remedy(OPEN),)
        case ast.Name(id=name):
            return tuple(t for value in names.bound(name) for t in _texts(value, names))
        case _:
            return ()


def _part(part: ast.expr) -> str:
    return str(part.value) if isinstance(part, ast.Constant) else OPEN


def _bound(name: str, scope: ast.AST) -> Iterator[ast.expr]:
    """Yield what a function binds to a name, by itself or with others."""
    for node in ast.walk(scope):
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            if isinstance(target, ast.Name) and target.id == name:
                yield node.value
            elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = zip(target.elts, node.value.elts, strict=False)
                yield from (v for t, v in pairs if isinstance(t, ast.Name) and t.id == name)


PARTS = {"messages": messages}
