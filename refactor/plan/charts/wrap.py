"""Passes a value through `tpl` in the templates that read it, where the author asks for that."""

from __future__ import annotations

import re
from collections.abc import Sequence

from refactor.helm.planting import is_values
from refactor.helm.renders import Renders
from refactor.model import Edit, Finding
from refactor.plan.charts.usage import ValueUsage
from refactor.text.actions import actions
from refactor.text.view import Span


def wraps(renders: Renders, finding: Finding, reach: ValueUsage) -> tuple[Edit, ...]:
    """Return the edits that pass an address's value through `tpl` wherever it is used.

    Returns:
        None of them where a template reads the value in another way than by its name.
    """
    if not is_values(finding.file) or reach.trace.tpl != "no" or not finding.path:
        return ()
    if any(not re.fullmatch(r"[A-Za-z_]\w*", name) for name in finding.path):
        return ()  # an item of a list, or a key that has to be asked for by `index`
    chart, edits = renders.chart(reach.case), []
    for source in dict.fromkeys(use.source for use in reach.trace.uses):
        file, path = source.partition("/")[2], finding.path
        if file.startswith("charts/"):
            return ()  # another chart's template may be read by others than this value
        found = _in_template(renders, chart.file(file), path, finding.fingerprint)
        if not found:
            return ()
        edits += found
    return tuple(edits)


def _in_template(renders: Renders, file: str, path: Sequence[str], mark: str) -> list[Edit]:
    text = renders.tree.source(file).text
    name = re.compile(rf"(?<![\w.)\]])\$?\.Values\.{re.escape('.'.join(path))}(?![\w.])")
    found = []
    for action in actions(text):
        if action.word in ("if", ""):
            continue  # a condition asks whether there is a value, and stays as it is
        for read in name.finditer(text, *action.span):
            span = Span(*read.span())
            found.append(Edit(file, span, read[0], f"(tpl {read[0]} $)", mark, "tpl"))
    return found
