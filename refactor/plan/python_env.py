"""`--python env`: a literal moves to the environment, with itself as the default.

`"http://10.0.4.17:8080"` becomes `os.environ.get("ORDERS_URL", "http://orders:80")`. Only whole
plain string literals move; parts of f-strings, bytes, and what is already the default of an
environment variable are edited in place as ever.
"""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple, Protocol

from refactor.model import Edit, Finding, Resolution, Target
from refactor.text.source import splice
from refactor.text.view import Span

_READERS = frozenset({"get", "getenv", "setdefault", "pop"})


class _Literal(NamedTuple):
    span: Span
    value: str


class Named(Protocol):
    """A finding and the Service that it is renamed to."""

    @property
    def finding(self) -> Finding: ...  # noqa: D102 - its name says it

    @property
    def resolution(self) -> Resolution | None: ...  # noqa: D102 - its name says it


def to_environment(text: str, edits: Sequence[Edit], rows: Iterable[Named]) -> tuple[Edit, ...]:
    """Return the edits with those inside whole string literals joined to environment reads."""
    if not edits:
        return ()
    tree = _parse(text)
    if tree is None or _shadows_os(tree):
        return tuple(edits)
    literals = sorted(_movable(tree, text))
    moved: defaultdict[_Literal, list[Edit]] = defaultdict(list)
    left: list[Edit] = []
    for edit in edits:
        at = bisect_left(literals, edit.span.start, key=lambda item: item.span.start) - 1
        home = literals[at] if at >= 0 and _holds(literals[at], edit) else None
        (moved[home] if home else left).append(edit)
    expressions = _expressions(text, moved, {row.finding.fingerprint: row for row in rows})
    if not expressions:
        return tuple(edits)
    first = _line(text, min(edit.span.start for edit in expressions))
    if first <= _head(tree):  # beside the docstring, where no import fits before it
        return tuple(edits)
    added = [] if _imports_os(tree, first) else [_import(tree, text, expressions[0], first)]
    return tuple(sorted((*left, *expressions, *added), key=lambda edit: edit.span))


def _expressions(
    text: str, moved: dict[_Literal, list[Edit]], rows: dict[str, Named]
) -> list[Edit]:
    names: dict[str, str] = {}
    made = []
    for literal, edits in moved.items():
        at = literal.span.start
        old = literal.span.of(text)
        new = splice(old, [(*edit.span.shift(-at), edit.new) for edit in edits])
        first = min(edits, key=lambda edit: edit.role != "host")
        name = _unique(_variable(rows[first.finding], literal.value), new, names)
        call = f'os.environ.get("{name}", {new})'
        made.append(Edit(first.file, literal.span, old, call, first.finding, "expression"))
    return made


def _variable(row: Named, value: str) -> str:
    """Name the variable by the Service; never `<NAME>_PORT`, which Kubernetes itself sets."""
    target = row.resolution
    service = target.service.name if isinstance(target, Target) else "service"
    what = "URL" if "://" in value else "ADDR" if row.finding.port_from == "written" else "HOST"
    return re.sub(r"\W", "_", service).upper() + "_" + what


def _unique(name: str, default: str, taken: dict[str, str]) -> str:
    """One variable has one default; another literal for the same Service gets a number."""
    number = 1
    candidate = name
    value = repr(ast.literal_eval(default))  # `'x'` and `"x"` are one
    while taken.setdefault(candidate, value) != value:
        number += 1
        candidate = f"{name}_{number}"
    return candidate


def _holds(literal: _Literal, edit: Edit) -> bool:
    return literal.span.start < edit.span.start and edit.span.end < literal.span.end


def _parse(text: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _movable(tree: ast.Module, text: str) -> Iterator[_Literal]:
    offset = _offsets(text)
    held = {id(node) for parent in ast.walk(tree) for node in _immovable(parent)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in held:
            start = offset(node.lineno, node.col_offset)
            end = offset(node.end_lineno or 0, node.end_col_offset or 0)
            if "\n" not in text[start:end]:
                yield _Literal(Span(start, end), node.value)


def _immovable(parent: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes where a call cannot stand, or would mean another thing."""
    match parent:
        case ast.JoinedStr() | ast.MatchValue():
            yield from ast.walk(parent)
        case ast.Expr(value=ast.Constant() as docstring):
            yield docstring
        case ast.Dict(keys=keys):
            yield from (key for key in keys if key)
        case ast.Call(func=ast.Attribute(attr=name), args=args) if name in _READERS:
            yield from args
        case ast.Call(func=ast.Name(id=name), args=args) if name in _READERS:
            yield from args
        case ast.AnnAssign(annotation=note) | ast.arg(annotation=ast.expr() as note):
            yield from ast.walk(note)
        case _:
            return


def _offsets(text: str) -> Callable[[int, int], int]:
    """Return a map from ast's line and UTF-8 column to code points."""
    starts = [0, *accumulate(len(line) for line in _python_lines(text))]

    def offset(line: int, column: int) -> int:
        begin = starts[line - 1]
        raw = text[begin : starts[line]].encode("utf-8", "surrogatepass")
        return begin + len(raw[:column].decode("utf-8", "surrogatepass"))

    return offset


def _python_lines(text: str) -> list[str]:
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text)


def _shadows_os(tree: ast.Module) -> bool:
    """Whether `os` could mean something else anywhere in the file."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id="os", ctx=ast.Store()) | ast.arg(arg="os"):
                return True
            case ast.FunctionDef(name="os") | ast.ClassDef(name="os"):
                return True
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                if any((alias.asname or alias.name) == "os" != alias.name for alias in names):
                    return True
    return False


def _imports_os(tree: ast.Module, before: int) -> bool:
    """Say whether `os` is imported, at a module's level, above a line."""
    return any(
        isinstance(node, ast.Import)
        and node.lineno < before
        and any(a.name.partition(".")[0] == "os" and not a.asname for a in node.names)
        for node in tree.body
    )


def _head(tree: ast.Module) -> int:
    """Return the last line of the docstring and of `__future__`, 0 where there are none."""
    after = 0
    for node in tree.body:
        head = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not head and not docstring:
            break
        after = node.end_lineno or 0
    return after


def _import(tree: ast.Module, text: str, near: Edit, before: int) -> Edit:
    """Add `import os` before the first import, after the docstring and `__future__`."""
    after = _head(tree)
    body = [node for node in tree.body if _begin(node) > after]
    imports = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    using = [node for node in body if _begin(node) <= before <= (node.end_lineno or 0)]
    line = min((_begin(node) for node in (*imports[:1], *using[:1])), default=after + 1)
    at = _offsets(text)(line, 0) if line <= len(_python_lines(text)) else len(text)
    end = "\r\n" if "\r\n" in text else "\n"
    return Edit(near.file, Span(at, at), "", f"import os{end}", near.finding, "import")


def _begin(node: ast.stmt) -> int:
    """Return a statement's first line, that of its first decorator."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _line(text: str, at: int) -> int:
    return len(_python_lines(text[:at] + "."))
