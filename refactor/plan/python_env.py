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
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from msgspec.structs import replace

from refactor.model import Edit, Finding, Resolution, Target
from refactor.plan.python_import import head, import_os, imports_os, line_at, offsets
from refactor.plan.python_joined import joins
from refactor.plan.python_width import WIDTH, line_of, wrapped
from refactor.text.source import splice
from refactor.text.view import Span

_READERS = frozenset({"get", "getenv", "setdefault", "pop", "config", "env"})
_ENV_KEYWORDS = frozenset({"envvar", "env", "auto_envvar_prefix", "validation_alias", "env_var"})
# What Kubernetes itself puts into the environment of a pod for each Service.
_KUBERNETES = re.compile(r".*_SERVICE_(?:HOST|PORT(?:_\w+)?)|.*_PORT(?:_[0-9]+_\w+)?")


_CALL = re.compile(r"((?:int\()?os\.environ\.get\()(.*?)(\){1,2})", re.DOTALL)
_QUOTED_NAME = re.compile(r"['\"]([A-Z][A-Z0-9_]+)['\"]")


class _Literal(NamedTuple):
    span: Span
    value: str


class Named(Protocol):
    """A finding and the Service that it is renamed to."""

    @property
    def finding(self) -> Finding: ...  # noqa: D102 - its name says it

    @property
    def resolution(self) -> Resolution | None: ...  # noqa: D102 - its name says it


def to_environment(
    text: str, edits: Sequence[Edit], rows: Iterable[Named], width: int = WIDTH
) -> tuple[Edit, ...]:
    """Return the edits with those inside whole string literals joined to environment reads."""
    if not edits:
        return ()
    tree = _parse(text)
    if tree is None or _shadows_os(tree):
        return tuple(edits)
    literals = sorted(_movable(tree, text))
    moved: defaultdict[_Literal, list[Edit]] = defaultdict(list)
    for edit in edits:
        at = bisect_left(literals, edit.span.start, key=lambda item: item.span.start) - 1
        if at >= 0 and _holds(literals[at], edit):
            moved[literals[at]].append(edit)
    by_mark = {row.finding.fingerprint: row for row in rows}
    names = dict.fromkeys(_QUOTED_NAME.findall(text), "")  # the file's own variables
    hosts = _fitting(text, _expressions(text, moved, by_mark, names), edits, width)
    ports = [*_ports(tree, text, hosts, edits, by_mark, names)]
    both = _fitting(text, [*hosts, *ports], edits, width) if ports else hosts
    expressions = both if len(both) == len(hosts) + len(ports) else hosts
    if not expressions:
        return tuple(edits)
    spans = [edit.span for edit in expressions]
    left = [e for e in edits if not any(s.start <= e.span.start < s.end for s in spans)]
    first = line_at(text, min(edit.span.start for edit in expressions))
    if first <= head(tree):  # beside the docstring, where no import fits before it
        return tuple(edits)
    added = [] if imports_os(tree, first) else [import_os(tree, text, expressions[0], first)]
    added += joins(text, [*left, *expressions], width)
    return tuple(sorted((*left, *expressions, *added), key=lambda edit: edit.span))


def _ports(
    tree: ast.Module,
    text: str,
    hosts: Iterable[Edit],
    edits: Sequence[Edit],
    rows: dict[str, Named],
    names: dict[str, str],
) -> Iterator[Edit]:
    """Yield the reads of the ports that stand beside hosts which move, each beside one alone."""
    numbers = {literal.span for literal in _movable(tree, text, int)}
    shared = Counter(row.finding.port_span for row in rows.values())
    news = {edit.span: edit.new for edit in edits}
    for host in hosts:
        span = rows[host.finding].finding.port_span
        if span is None or span not in numbers or shared[span] > 1:
            continue
        new = repr(news.get(span, span.of(text))).replace("'", '"')
        service = _variable(rows[host.finding], "").rpartition("_")[0]
        name = _unique(f"{service}_PORT_NUMBER", new, names)
        read = f'int(os.environ.get("{name}", {new}))'
        yield Edit(host.file, span, span.of(text), read, host.finding, "expression")


def _expressions(
    text: str,
    moved: dict[_Literal, list[Edit]],
    rows: dict[str, Named],
    names: dict[str, str],
) -> list[Edit]:
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


def _fitting(text: str, made: Sequence[Edit], edits: Sequence[Edit], width: int) -> list[Edit]:
    """Return the reads that fit their lines, wrapped as formatters do; the rest stays in place."""
    lines: defaultdict[Span, list[Edit]] = defaultdict(list)
    for edit in made:
        lines[line_of(text, edit.span)].append(edit)
    found: list[Edit] = []
    for line, group in lines.items():
        spans = [edit.span for edit in group]
        others = [
            e
            for e in edits
            if line.start <= e.span.start < line.end
            and not any(s.start <= e.span.start < s.end for s in spans)
        ]
        swaps = sorted((*e.span.shift(-line.start), e.new) for e in (*group, *others))
        if len(splice(line.of(text), swaps)) <= width:
            found += group
        elif len(group) == 1 and not others:
            head, inner, close = _CALL.fullmatch(group[0].new).groups()  # type: ignore[union-attr]
            new = wrapped(text, spans[0], (head, inner, close), width)
            found += [replace(group[0], new=new)] if new else []
    return found


def _variable(row: Named, value: str) -> str:
    """Name the variable by the Service; never `<NAME>_PORT`, which Kubernetes itself sets."""
    target = row.resolution
    service = target.service.name if isinstance(target, Target) else "service"
    what = "URL" if "://" in value else "ADDR" if row.finding.port_from == "written" else "HOST"
    name = re.sub(r"\W", "_", service).upper()
    return f"{name}_{what}" if not _KUBERNETES.fullmatch(f"{name}_{what}") else f"{name}_{what}NAME"


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


def _movable(tree: ast.Module, text: str, kind: type = str) -> Iterator[_Literal]:
    offset = offsets(text)
    held = {id(node) for parent in ast.walk(tree) for node in _immovable(parent)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) is kind and id(node) not in held:
            start = offset(node.lineno, node.col_offset)
            end = offset(node.end_lineno or 0, node.end_col_offset or 0)
            if "\n" not in text[start:end]:
                yield _Literal(Span(start, end), str(node.value))


def _immovable(parent: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes where a call cannot stand, or would mean another thing."""
    match parent:
        case ast.JoinedStr() | ast.MatchValue():
            yield from ast.walk(parent)
        case ast.Expr(value=ast.Constant() as docstring):
            yield docstring
        case ast.Dict(keys=keys):
            yield from (key for key in keys if key)
        case ast.Call() if _reads_environment(parent):
            yield from parent.args
            yield from (keyword.value for keyword in parent.keywords)
        case ast.ClassDef(bases=bases) if any(_last(base).endswith("Settings") for base in bases):
            yield from ast.walk(parent)
        case ast.FunctionDef() | ast.AsyncFunctionDef() if _binds_os(parent):
            yield from ast.walk(parent)
        case ast.AnnAssign(annotation=note) | ast.arg(annotation=ast.expr() as note):
            yield from ast.walk(note)
        case _:
            return


def _reads_environment(call: ast.Call) -> bool:
    """Whether a call reads a setting already: its default needs no second read around it."""
    if _last(call.func) in _READERS or any(k.arg in _ENV_KEYWORDS for k in call.keywords):
        return True
    first = call.args[0] if call.args else None
    named = isinstance(first, ast.Constant) and isinstance(first.value, str)
    return (
        named
        and _last(call.func) in ("str", "url", "list")
        and isinstance(call.func, ast.Attribute)
    )


def _last(node: ast.expr) -> str:
    """Return the last word of a dotted name, "" for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _binds_os(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether `os` is a name of the function's own, which may not be bound yet where it is read."""
    imports = (node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom))
    return any((a.asname or a.name.partition(".")[0]) == "os" for n in imports for a in n.names)


def _shadows_os(tree: ast.Module) -> bool:
    """Whether `os` could mean something else anywhere in the file."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id="os", ctx=ast.Store() | ast.Del()) | ast.arg(arg="os"):
                return True
            case ast.FunctionDef(name="os") | ast.ClassDef(name="os"):
                return True
            case ast.Import(names=names):
                if any(alias.asname == "os" != alias.name for alias in names):
                    return True
            case ast.ImportFrom(names=names):
                if any((alias.asname or alias.name) == "os" for alias in names):
                    return True
            case ast.ExceptHandler(name="os") | ast.MatchAs(name="os") | ast.MatchStar(name="os"):
                return True
            case ast.MatchMapping(rest="os"):
                return True
    return False
