"""Documents inside strings: a file in a ConfigMap, JSON in an annotation, YAML in Python.

A string that holds a document is read by that document's scanner; the literals' views are carried
back to the file, so that an address four levels down is still edited in place.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from refactor.files.kinds import SCANNERS, kind_of
from refactor.model import Document, Literal, Scanned
from refactor.scan.base import Wanted
from refactor.text.view import View

MAX_DEPTH = 4
"""Documents inside documents; below that a string is a string."""

_NO_TAGS: frozenset[str] = frozenset()
_EMBEDDED = frozenset({"embedded"})
_ACTION = "{{"
# A JSON object or list, or YAML's flow form of one; not `{host}:80` and not `[fd00::1]:80`.
_FLOW = re.compile(r"""\{\s*(?:["'\n]|[\w.-]+:\s).*\}\Z|\[\s*["'{\[\n].*\]\Z""", re.DOTALL)
_PAIR_LINE = re.compile(r"^[ \t]*(?:- )?[\w./-]+:(?:[ \t]|$)", re.MULTILINE)
_ITEM = re.compile(r"""- \{\s*["']?[\w./-]+["']?:\s""")
"""A list of mappings in flow form: operations of a JSON patch, most often."""
_SCRIPT_KEYS = frozenset({"command", "args", "script"})
_YAML_KEYS = ("values", "yaml", "yml")


def literals(
    view: View,
    hint: str,
    wanted: Wanted,
    *,
    scopes: Iterator[int],
    depth: int = 0,
    path: tuple[str, ...] = (),
    tags: frozenset[str] = _NO_TAGS,
    document: Document | None = None,
) -> tuple[Literal, ...] | None:
    """Return the literals of the document that a string holds; None where it holds none."""
    if depth >= MAX_DEPTH:
        return None
    scanned = _scanned(view.text, hint, wanted, depth + 1)
    if scanned is None:
        return None
    found = carried(scanned.literals, view, scopes)
    tags = (tags | _EMBEDDED) - {"item"}
    return tuple(
        replace(
            literal,
            key=literal.key or hint,
            path=path + literal.path,
            tags=literal.tags | tags,
            document=literal.document or document,
        )
        for literal in found
    )


def carried(found: Iterable[Literal], outer: View, scopes: Iterator[int]) -> tuple[Literal, ...]:
    """Return literals found in a view's text as literals of that view's source."""
    fresh: defaultdict[int, int] = defaultdict(lambda: next(scopes))
    return tuple(
        replace(literal, view=_through(outer, literal.view), scope=fresh[literal.scope])
        for literal in found
    )


def _through(outer: View, inner: View) -> View:
    """Carry a view back through the outer pieces that it touches, of which there is one a line."""
    if not inner.pieces:
        return inner
    start = min(piece.source for piece in inner.pieces)
    end = max(piece.source + piece.length for piece in inner.pieces)
    low = bisect_right(outer.pieces, start, key=lambda piece: piece.at)
    high = bisect_left(outer.pieces, end, key=lambda piece: piece.at)
    return View(outer.text, outer.pieces[max(0, low - 1) : high]).through(inner)


def _scanned(text: str, hint: str, wanted: Wanted, depth: int) -> Scanned | None:
    """Read a string as what it seems to be; None where it is one line of anything but YAML."""
    body = text.strip()
    kind = _kind(body, hint)
    if kind == "yaml":
        scanned = _as_yaml(text, wanted, depth)
        if scanned is not None:
            return scanned
    if "\n" not in body:
        return None
    # Python in YAML in Python counts its depth anew; escapes double at each turn, so it ends.
    kind = "text" if kind in ("yaml", "template") else kind
    other: Scanned = SCANNERS.load(kind).scan(text, wanted)
    return other


def _kind(body: str, hint: str) -> str:
    """Return the scanner that a string is for; "yaml" (JSON too) must still parse as such."""
    if _FLOW.match(body):
        return "text" if _ACTION in body else "yaml"
    if _ACTION in body or body.startswith(("[", "{")):
        return "text"
    if named := kind_of(hint, body[:128]):
        return named
    if hint in _SCRIPT_KEYS or hint.startswith("-"):
        return "text"
    shaped = len(_PAIR_LINE.findall(body)) >= 2 or _ITEM.match(body)
    return "yaml" if shaped or hint.lower().endswith(_YAML_KEYS) else "text"


def _as_yaml(text: str, wanted: Wanted, depth: int) -> Scanned | None:
    from refactor.yaml.objects import is_collection

    yaml = SCANNERS.load("yaml")
    parts = yaml.documents(text, wanted)
    if not all(is_collection(part.root) for part in parts):
        return None
    read: Scanned = yaml.read(parts, text, wanted, depth=depth)
    return read
