"""What a JSON patch tests before it changes anything: it has to follow what it tests (RFC 6902).

The build of a kustomization fails where the base was edited and the `op: test` was not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from refactor.model import Finding
from refactor.yaml.kustomizations import Kustomizations, documents_of, is_target
from refactor.yaml.kustomize import Kustomization, Patch
from refactor.yaml.plain import text


class Tested(NamedTuple):
    """The field of an object that an operation tests, and the files in which the object may stand.

    Attributes:
        pointer: the names on the way to the field.
    """

    files: frozenset[str]
    patch: Patch
    pointer: tuple[str, ...]

    def is_of(self, finding: Finding) -> bool:
        """Say whether a finding stands in what is tested."""
        document = finding.document
        if document is None or finding.file not in self.files:
            return False
        content = {"kind": document.kind, "metadata": {"name": document.name}}
        return is_target(self.patch, content, {}) and _leads(self.pointer, finding.path)


def tested(
    finding: Finding, kustomizations: Kustomizations, read: Callable[[str], bytes | None]
) -> Iterator[Tested]:
    """Yield what the operation tests in whose value a finding stands."""
    for one in kustomizations.takers(finding.file):
        for patch in one.patches:
            rest = _inside(finding, one, patch)
            number = next((part for part in rest if part.isdigit()), "")
            raw = None if patch.text else read(patch.path)
            listed = next((d for d in documents_of(patch, raw) if isinstance(d, list)), [])
            if number and int(number) < len(listed) and text(listed[int(number)], "op") == "test":
                pointer = text(listed[int(number)], "path").split("/")[1:]
                parts = kustomizations.parts(one)
                files = frozenset(path for part in parts for path in part.resources)
                names = (name.replace("~1", "/").replace("~0", "~") for name in pointer)
                yield Tested(files, patch, tuple(names))


def _inside(finding: Finding, one: Kustomization, patch: Patch) -> tuple[str, ...]:
    """Return the names, in a patch, on the way to a finding; none where it stands elsewhere."""
    count = len(patch.place)
    if patch.text and finding.file == one.file and finding.path[:count] == patch.place:
        return finding.path[count:]
    return finding.path if patch.path == finding.file else ()


def _leads(pointer: tuple[str, ...], path: tuple[str, ...]) -> bool:
    """Say whether a pointer leads to a place; an item that has a name is called by it there."""
    for step, name in zip(pointer, path, strict=False):
        if step != name and not step.isdigit():
            return False
    return bool(pointer) and len(path) >= len(pointer) - 1
