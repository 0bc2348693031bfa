"""Places a Service beside a raw manifest, or in a Kustomize base: a file of its own, listed.

One rule for all: `<name>-service.yaml` in the workload's directory. A file that describes several
objects is left as it is.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

import msgspec

from refactor.model import Edit
from refactor.plan.services.draft import Draft
from refactor.plan.services.made import Placed, placed
from refactor.plan.services.manifests import ManifestObject, Manifests
from refactor.plan.services.text import manifest as text_of
from refactor.text.source import Source, splice
from refactor.text.view import Span
from refactor.yaml.kustomizations import bare_name
from refactor.yaml.kustomize import Kustomization
from refactor.yaml.plain import down
from refactor.yaml.pods import pod_template

_ENTRY = re.compile(
    r"^(?P<lead>[ \t]*-[ \t]+)(?P<quote>[\"']?)(?P<path>[^\s\"'#]+)(?P=quote)[ \t]*(?:#.*)?$"
)
# An item of `resources: [a.yaml, b.yaml]`, over lines too.
_FLOW = re.compile(r"[\[,]\s*(?P<quote>[\"']?)(?P<path>[^\s\"',#\[\]{}]+)(?P=quote)(?=\s*[,\]])")


def place_raw(
    draft: Draft,
    manifests: Manifests,
    read: Callable[[str], bytes | None],
    findings: tuple[str, ...],
) -> Placed | str:
    """Return where a Service goes in a repository of manifests, or why it goes nowhere."""
    homes = manifests.of(draft.workload)
    if not homes:
        return "its manifest is not in this repository"
    if len({home.file for home, _ in homes}) > 1:
        files = ", ".join(sorted({home.file for home, _ in homes}))
        return f"several manifests may be its own: {files}"
    home, way = max(homes, key=lambda found: len(found[1]))
    name = bare_name(draft.service.name, way)
    selector = _selector(home, draft)
    if name is None or selector is None:
        return f"{home.file} does not carry the labels and the name that the cluster has"
    bare = msgspec.structs.replace(
        draft,
        service=msgspec.structs.replace(draft.service, name=name),
        selector=selector,
    )
    source = Source(home.file, read(home.file) or b"")
    newline = "\r\n" if "\r\n" in source.text else "\n"
    file = posixpath.join(posixpath.dirname(home.file), f"{name}-service.yaml")
    if read(file) is not None:
        return f"{file} is there already"
    if twin := manifests.beside(home.file, name):
        return f"{twin} has a Service of this name already, in a kustomization that deploys it too"
    text = text_of(bare, namespace=bool(home.namespace), newline=newline)
    edits = []
    for kustomization in manifests.lists(home.file):
        listed = _listed(kustomization, home.file, file, read, findings)
        if isinstance(listed, str):
            return listed
        edits.append(listed)
    return placed(draft, file, text, findings, tuple(edits))


def _selector(home: ManifestObject, draft: Draft) -> dict[str, str] | None:
    """The labels as the manifest writes them: what Kustomize adds, it adds to both."""
    template = home.content if home.kind == "Pod" else pod_template(home.content)
    labels = down(template, "metadata", "labels")
    kept = {key: value for key, value in draft.selector.items() if str(labels.get(key)) == value}
    return kept or None


def _listed(
    kustomization: Kustomization,
    beside: str,
    file: str,
    read: Callable[[str], bytes | None],
    findings: tuple[str, ...],
) -> Edit | str:
    """Return the edit that lists a new file after the workload's own, proven by reading both."""
    source = Source(kustomization.file, read(kustomization.file) or b"")
    folder = posixpath.dirname(kustomization.file)
    at = 0
    for line in source.text.splitlines(keepends=True):
        entry = _ENTRY.match(line.rstrip("\r\n"))
        at += len(line)
        if entry is None or posixpath.normpath(posixpath.join(folder, entry["path"])) != beside:
            continue
        end = line[len(line.rstrip("\r\n")) :]
        path = posixpath.relpath(file, folder or ".")
        new = f"{entry['lead']}{path}{end}" if end else f"\n{entry['lead']}{path}"
        edit = Edit(kustomization.file, Span(at, at), "", new, findings[0], "service")
        if _lists(source.text, edit, path):
            return edit
    for entry in _FLOW.finditer(source.text):
        if posixpath.normpath(posixpath.join(folder, entry["path"])) != beside:
            continue
        path = posixpath.relpath(file, folder or ".")
        new = f", {entry['quote']}{path}{entry['quote']}"
        edit = Edit(kustomization.file, Span(*[entry.end()] * 2), "", new, findings[0], "service")
        if _lists(source.text, edit, path):
            return edit
    return f"{kustomization.file} lists its resources in a way that is not edited; add {file} there"


def _lists(text: str, edit: Edit, path: str) -> bool:
    from refactor.yaml.data import NotYamlError, TooMuchError, documents

    try:
        old = documents(text)
        new = documents(splice(text, [(*edit.span, edit.new)]))
    except (NotYamlError, TooMuchError):
        return False
    if len(old) != 1 or len(new) != 1:
        return False
    before, after = list(old[0].get("resources") or []), list(new[0].pop("resources", []))
    old[0].pop("resources", None)
    return old == new and path in after and [p for p in after if p != path] == before
