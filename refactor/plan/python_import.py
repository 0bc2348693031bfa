"""Where `import os` goes in a module, as isort and formatters want it, and how lines count."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Sequence
from itertools import accumulate, takewhile

from refactor.model import Edit
from refactor.text.view import Span


def imports_os(tree: ast.Module, before: int) -> bool:
    """Say whether `os` is imported, at a module's level, above a line."""
    return any(
        isinstance(node, ast.Import)
        and node.lineno < before
        and any(a.name.partition(".")[0] == "os" and not a.asname for a in node.names)
        for node in tree.body
    )


def head(tree: ast.Module) -> int:
    """Return the last line of the docstring and of `__future__`, 0 where there are none."""
    after = 0
    for node in tree.body:
        head = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not head and not docstring:
            break
        after = node.end_lineno or 0
    return after


def import_os(tree: ast.Module, text: str, near: Edit, before: int) -> Edit:
    """Add `import os` where import sorters put it, after the docstring and `__future__`."""
    after = head(tree)
    body = [node for node in tree.body if _begin(node) > after]
    imports = [*takewhile(lambda node: isinstance(node, ast.Import | ast.ImportFrom), body)]
    line, added = _beside(imports) if imports else _alone(body, after, text)
    using = next((_begin(n) for n in body if _begin(n) <= before <= (n.end_lineno or 0)), line)
    if using < line:
        line, added = using, "import os\n"
    at = offsets(text)(line, 0) if line <= len(python_lines(text)) else len(text)
    end = "\r\n" if "\r\n" in text else "\n"
    return Edit(near.file, Span(at, at), "", added.replace("\n", end), near.finding, "import")


def _beside(imports: Sequence[ast.stmt]) -> tuple[int, str]:
    """Return the line among imports for `import os`, and what is written there."""
    plain = [node for node in imports if isinstance(node, ast.Import) and _is_standard(node)]
    later = next((node for node in plain if node.names[0].name > "os"), None)
    if later is not None:
        return later.lineno, "import os\n"
    if plain:
        return (plain[-1].end_lineno or plain[-1].lineno) + 1, "import os\n"
    standard = next((node for node in imports if _is_standard(node)), None)
    if standard is not None:
        return standard.lineno, "import os\n"
    return imports[0].lineno, "import os\n\n"


def _is_standard(node: ast.stmt) -> bool:
    if isinstance(node, ast.Import):
        return node.names[0].name.partition(".")[0] in sys.stdlib_module_names
    if isinstance(node, ast.ImportFrom):
        return not node.level and (node.module or "").partition(".")[0] in sys.stdlib_module_names
    return False


def _alone(body: Sequence[ast.stmt], after: int, text: str) -> tuple[int, str]:
    """Return the line for the only import, and what is written there, blank lines included."""
    lines = python_lines(text)
    line = _begin(body[0]) if body else after + 1
    while line - 2 >= after and lines[line - 2].lstrip().startswith("#") and after:
        line -= 1
    is_block = bool(body) and isinstance(
        body[0], ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    )
    gap = "\n" if after and line - 2 >= 0 and lines[line - 2].strip() else ""
    return line, f"{gap}import os\n\n" + ("\n" if is_block else "")


def _begin(node: ast.stmt) -> int:
    """Return a statement's first line, that of its first decorator."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def line_at(text: str, at: int) -> int:
    """Return the line of an offset."""
    return len(python_lines(text[:at] + "."))


def offsets(text: str) -> Callable[[int, int], int]:
    """Return a map from ast's line and UTF-8 column to code points."""
    starts = [0, *accumulate(len(line) for line in python_lines(text))]

    def offset(line: int, column: int) -> int:
        begin = starts[line - 1]
        raw = text[begin : starts[line]].encode("utf-8", "surrogatepass")
        return begin + len(raw[:column].decode("utf-8", "surrogatepass"))

    return offset


def python_lines(text: str) -> list[str]:
    """Return a text's lines, as Python counts them."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text)
