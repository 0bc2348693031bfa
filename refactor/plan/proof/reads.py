"""Step 2 of the proof where literals moved to the environment: the rest of the tree is the same."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from refactor.model import Edit
from refactor.text.source import splice


def reads_differ(before: str, after: str, edits: Sequence[Edit]) -> str:
    """Return how two Python texts differ beyond the edits: "" where they do not.

    On one side stands the old text with each edit made, each declared environment read reduced
    to its default; on the other the new text's tree, its declared reads reduced the same way and
    its declared import dropped. The two trees must be the same.
    """
    plain = [
        (*edit.span, _default(edit) if edit.role == "expression" else edit.new)
        for edit in edits
        if edit.role != "import"
    ]
    calls = {edit.new for edit in edits if edit.role == "expression"}
    added = any(edit.role == "import" for edit in edits)
    try:
        new = _without_reads(after, calls, drop_import=added)
    except (SyntaxError, ValueError, RecursionError) as error:
        return f"does not parse any more: {error}"
    if ast.dump(ast.parse(splice(before, plain))) == ast.dump(new):
        return ""
    return "more changed than the literals that move to the environment"


def _default(edit: Edit) -> str:
    call = ast.parse(edit.new, mode="eval").body
    default = _of_read(call) if isinstance(call, ast.Call) else call
    return ast.get_source_segment(edit.new, default) or ast.unparse(default)


def _of_read(call: ast.Call) -> ast.expr:
    """Return the default of `os.environ.get(NAME, DEFAULT)`, the number of `int(...)` of it."""
    if len(call.args) > 1:
        return call.args[1]
    match call.args[0]:
        case ast.Call(args=[_, ast.Constant(value=str(digits))]):
            return ast.Constant(int(digits))
        case other:
            return other


def _without_reads(text: str, calls: set[str], *, drop_import: bool) -> ast.Module:
    tree = ast.parse(text)
    wanted = {ast.dump(ast.parse(call, mode="eval").body) for call in calls}
    if drop_import:
        added = next(n for n in tree.body if isinstance(n, ast.Import) and n.names[0].name == "os")
        tree.body.remove(added)
    unwrapped: ast.Module = _Unwrap(wanted).visit(tree)
    return unwrapped


class _Unwrap(ast.NodeTransformer):
    def __init__(self, wanted: set[str]) -> None:
        self._wanted = wanted

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if ast.dump(node) in self._wanted:
            return _of_read(node)
        return self.generic_visit(node)
