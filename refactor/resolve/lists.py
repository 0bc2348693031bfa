"""Lists that hold several replicas: docs/semantics.md, section 3, "Identity"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from refactor.model import Finding, Resolution, Target
from refactor.rules.pattern import fold
from refactor.rules.place import UNTYPED

# What parts two addresses of one text that is a list: the rest of the first, a sign, what leads to
# the second. `curl http://a && curl http://b` is no list.
_PARTED = re.compile(
    r"(?::\d+)?(?:/[\w./-]*)?\s*[,;|\s]\s*(?:[\w.-]+=)?(?:[\w.+-]+:/{0,3})?(?:[^\s/@,;|]*@)?"
)

# Parts of an object that its user defines. All else is typed by the API, and a list of it may be a
# set.
_FREE = UNTYPED | {"annotations", "args", "command"}

# What parts two items of one list: quotes, a comma or a sign, a YAML dash, comments, further names.
_NEXT = re.compile(
    r"""(?::\d+)?(?:/[\w./-]*)?["']?(?:\s*,\s*["']?\d+["']?\s*[)\]])?(?:\s*[,;]|\s*\n)"""
    r"""(?:[\s(\[]|\#[^\n]*\n|-(?=\s)|["']?\w[\w-]*(?:\.[\w.-]+(?::\d+)?|:\d+)["']?(?:\s*[,;]|\s*\n))*"""
    r"""["']?(?:[\w.+-]+://)?"""
)
_LABELLED = re.compile(r"(?::\d+)?(?:/[\w./-]*)?[ \t]*[,;][ \t]*\w[\w-]*[:=@](?:[\w.+-]+://)?")
_BLANK = re.compile(r":\d+[ \t]+")
_FARTHEST = 500
"""Characters between two addresses of one list."""

_Key = tuple[object, ...]


def twice_named(
    found: Sequence[tuple[Finding, Resolution | None]], text: str
) -> Mapping[str, tuple[str, bool]]:
    """Return the findings whose list would hold one name for several replicas.

    A program may make a set or the keys of a dictionary of it, and the API may forbid it; a client
    that reads its configuration tries the name twice.

    Args:
        found: the findings of one file.
        text: the file's.

    Returns:
        By fingerprint, what to say of it, and whether the list has to stay.
    """
    lists: defaultdict[_Key, list[tuple[Finding, Target]]] = defaultdict(list)
    for finding, resolution in found:
        if isinstance(resolution, Target) and not finding.kept:
            lists[_list_of(finding)].append((finding, resolution))
    return {
        mark: told
        for key, items in lists.items()
        for run in ([items] if key[0] == "items" else _runs(items, text))
        for mark, told in _told(run)
    }


def lists_of(findings: Sequence[Finding], text: str) -> Iterator[Sequence[Finding]]:
    """Yield the addresses of one file that stand side by side in one list, two at least.

    Args:
        findings: in order of their places.
        text: the file's.
    """
    run: list[Finding] = []
    for finding in findings:
        if run and not _side_by_side(run[-1], finding, text):
            yield from [run] if len(run) > 1 else []
            run = []
        run.append(finding)
    yield from [run] if len(run) > 1 else []


def _side_by_side(one: Finding, other: Finding, text: str) -> bool:
    start, end = one.host_span.end, other.host_span.start
    if not 0 < end - start <= _FARTHEST or one.document != other.document:
        return False
    quoted = not {"'", '"'}.isdisjoint(text[start:end])
    if one.path != other.path:  # items of one list, or of tuples in one
        items = all(
            a == b or (a + b).isdecimal() for a, b in zip(one.path, other.path, strict=False)
        )
        return (
            len(one.path) == len(other.path) and items and bool(_NEXT.fullmatch(text, start, end))
        )
    arguments = quoted and one.language in ("python", "notebook")
    parted = (_NEXT, _LABELLED, _BLANK)
    return not arguments and any(one.fullmatch(text, start, end) for one in parted)


def _list_of(finding: Finding) -> _Key:
    """Return what all items of a list share."""
    path = finding.path
    above = path[:-1]
    is_part = bool(above) and above[-1].isdecimal() and finding.port_from == "sibling"
    if is_part:  # `[(H, P), (H, P)]`, `[{host: H, port: P}, ...]`
        return ("items", *above[:-1], path[-1])
    if path and path[-1].isdecimal():
        return ("items", *above)
    return ("text", *path, finding.key)


def _runs(
    items: Sequence[tuple[Finding, Target]], text: str
) -> Iterator[list[tuple[Finding, Target]]]:
    """Yield the items of each list in one text: those that only the signs of a list part."""
    run: list[tuple[Finding, Target]] = []
    for item in sorted(items, key=lambda item: item[0].host_span):
        end = run[-1][0].host_span.end if run else 0
        start = item[0].host_span.start
        if run and not (start - end <= _FARTHEST and _PARTED.fullmatch(text, end, start)):
            yield run
            run = []
        run.append(item)
    if run:
        yield run


def _told(items: Sequence[tuple[Finding, Target]]) -> Iterator[tuple[str, tuple[str, bool]]]:
    hosts: defaultdict[_Key, set[str]] = defaultdict(set)
    for finding, target in items:
        hosts[target.service, target.pod, target.port, finding.scheme].add(finding.host)
    one_name = {key: len(held) for key, held in hosts.items() if len(held) > 1}
    if not one_name:
        return
    stays = any(_stays(finding) for finding, _ in items)
    told = f"{max(one_name.values())} replicas of this list become one name"
    for finding, target in items:
        if stays or (target.service, target.pod, target.port, finding.scheme) in one_name:
            yield finding.fingerprint, (told, stays)


def _stays(finding: Finding) -> bool:
    """Say whether data or a program holds the list, and not the text that a client reads."""
    document = finding.document
    is_object = document is not None and bool(document.kind and document.api_version)
    if finding.language != "yaml":
        return finding.language in ("python", "source", "notebook")
    return not is_object or _FREE.isdisjoint(map(fold, finding.path))
