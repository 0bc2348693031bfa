"""What the text around an address says of it, once Helm has rendered it.

A value shows nothing of the command or the file that it ends up in: the rendered manifest is read
as one of a repository's own would be, by the same scanners and rules.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from refactor.addresses.known import KnownHosts
from refactor.helm.renders import Rendering
from refactor.helm.traced import Use
from refactor.model import Finding, Refusal
from refactor.plan.charts.places import STEP
from refactor.rules.row import PlaceSetting
from refactor.scan.file import scan_source
from refactor.text.source import Source

_LONGEST = 2_000_000
"""Characters of one template's output that are read; dashboards and bundles are longer."""
_IN_COMMAND = re.compile(r"\.(?:args|command)\[")


class RenderedText:
    """Reads the manifests of one installation, each once, when a field of it is asked for."""

    def __init__(self, rendering: Rendering, users: tuple[PlaceSetting, ...]) -> None:
        self._texts: Mapping[str, str] = {one.source: one.text for one in rendering.manifests}
        self._users = users
        self._read: dict[tuple[str, int], tuple[Finding, ...]] = {}

    def kept(self, use: Use, finding: Finding, known: KnownHosts) -> Refusal | None:
        """Return why an address stays by what stands around it; None where nothing says so."""
        if use.whole and not _IN_COMMAND.search(use.path):
            return None  # the field's own name has been asked
        same = (
            one
            for one in self._findings(use.source, known)
            if one.host == finding.host
            and one.rule
            and one.document
            and (one.document.kind, one.document.name) == (use.object.kind, use.object.name)
            and _leads(use.path, one.path)
        )
        for one in same:
            if one.kept:
                why = f"reaches {use.object}, {use.path}: {one.kept_why}"
                return Refusal("readers", one.kept, why)
        return None

    def _findings(self, source: str, known: KnownHosts) -> tuple[Finding, ...]:
        key, text = (source, id(known)), self._texts.get(source, "")
        if key not in self._read:
            fits = len(text) <= _LONGEST
            read = Source(source, text.encode()) if fits else Source(source, b"")
            self._read[key] = scan_source(read, "yaml", known, users=self._users).findings
        return self._read[key]


def _leads(path: str, names: tuple[str, ...]) -> bool:
    """Say whether a field's path leads to a place; an item with a name may be any item."""
    for at, step in enumerate(STEP.finditer(path)):
        if at >= len(names):
            return step["plain"] == "value"  # `env[URL].value`, which is env, URL
        item = (step["item"] or "")[1:-1]
        named = step["quoted"] if step["quoted"] is not None else step["plain"]
        if (names[at] != item and item.isdigit()) if item else names[at] != named:
            return False
    return True
