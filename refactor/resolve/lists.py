"""Lists that hold several replicas: docs/semantics.md, section 3, "Identity"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from refactor.model import Finding, Resolution, Target

# Parts of an object that its user defines: the files of a ConfigMap, the values of a chart, a
# program's arguments. All else is typed by the API, and a list of it may be a set.
_FREE = frozenset(
    {"data", "stringData", "values", "valuesObject", "valuesInline", "annotations"}
    | {"env", "args", "command"}
)

_Key = tuple[object, ...]


def twice_named(
    found: Sequence[tuple[Finding, Resolution | None]],
) -> Mapping[str, tuple[str, bool]]:
    """Return the findings whose list would hold one name for several replicas.

    Returns:
        By fingerprint, what to say of it, and whether the list may not hold a name twice.
    """
    lists: defaultdict[_Key, list[tuple[Finding, Target]]] = defaultdict(list)
    for finding, resolution in found:
        if isinstance(resolution, Target) and not finding.kept:
            lists[_list_of(finding)].append((finding, resolution))
    return {mark: told for items in lists.values() for mark, told in _told(items)}


def _list_of(finding: Finding) -> _Key:
    path = finding.path
    if path and path[-1].isdecimal():
        return path[:-1]
    return (*path, finding.line, finding.key)


def _told(items: Sequence[tuple[Finding, Target]]) -> Iterator[tuple[str, tuple[str, bool]]]:
    hosts: defaultdict[_Key, set[str]] = defaultdict(set)
    for finding, target in items:
        hosts[target.service, target.pod, target.port].add(finding.host)
    one_name = {key: len(held) for key, held in hosts.items() if len(held) > 1}
    if not one_name:
        return
    is_set = any(_is_typed(finding) for finding, _ in items)
    number = max(one_name.values())
    for finding, target in items:
        key = (target.service, target.pod, target.port)
        if is_set or key in one_name:
            yield finding.fingerprint, (f"{number} replicas of this list become one name", is_set)


def _is_typed(finding: Finding) -> bool:
    """Say whether the API types the list: a field of an object, and no text or values in it."""
    document = finding.document
    is_object = document is not None and bool(document.kind and document.api_version)
    return is_object and finding.language == "yaml" and _FREE.isdisjoint(finding.path)
