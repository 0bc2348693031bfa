"""What the other modules of a repository do with the addresses of a Python module.

Only the modules that import names of a module with live findings are parsed for it: a repository
without findings pays nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from refactor import addresses
from refactor.model import Address, Finding, Literal, Reason
from refactor.rules.judge import Verdict, judge_within
from refactor.scan.base import BLOCK, TAKES_BLOCKS, Exports, Names
from refactor.text.view import View

if TYPE_CHECKING:
    from refactor.scan.python.across import Port, Used

Uses: TypeAlias = Mapping[Names, Sequence["Used"]]
Judged = Callable[[Literal, Address], Verdict | None]
Read = Callable[[str], bytes | str]
"""Gives the bytes of a file, or why it has none."""
ELSEWHERE = "used-elsewhere"
"""The rule of a finding that stays for what another module does with it."""


def elsewhere(exported: Mapping[str, Exports], files: Iterable[str], read: Read) -> dict[str, Uses]:
    """Return what other modules do with the values of each module."""
    from refactor.scan.python.across import imported_words, used

    found: defaultdict[str, defaultdict[Names, list[Used]]] = defaultdict(lambda: defaultdict(list))
    by_stem: defaultdict[str, list[str]] = defaultdict(list)
    for path in exported:
        by_stem[_stem(path)].append(path)
    for file in files if by_stem else ():
        data = read(file)
        if not isinstance(data, bytes) or b"import" not in data:
            continue
        text = data.decode("utf-8", "replace")
        words = imported_words(text)
        others = [path for word in words for path in by_stem.get(word, ())]
        modules = {path: _names(exported[path], text, words) for path in others if path != file}
        wanted = {path: names for path, names in modules.items() if names}
        if wanted:
            for (path, names), use in used(text, file, wanted).items():
                found[path][names].append(use)
    return {path: dict(uses) for path, uses in found.items()}


def _stem(path: str) -> str:
    return path.removesuffix("/__init__.py").rpartition("/")[2].partition(".")[0]


def _names(exports: Exports, text: str, imported: AbstractSet[str]) -> list[Names]:
    """Return the exported names that a module imports, or asks of another; ports beside a host."""
    hosts = [names for group in exports.hosts.values() for names in group]
    named = [
        names
        for names in (*hosts, *exports.ports)
        if not imported.isdisjoint((names[0], "*")) or f".{names[0]}" in text
    ]
    return named if any(names in named for names in hosts) else []


def settled(
    findings: Iterable[Finding], exports: Exports, uses: Uses, judged: Judged
) -> tuple[Finding, ...]:
    """Return a file's findings as other modules' uses leave them."""
    return tuple(
        finding
        if finding.kept
        else _settled(
            finding,
            [
                use
                for names in exports.hosts.get(finding.host_span, ())
                for use in uses.get(names, ())
            ],
            exports.ports,
            judged,
        )
        for finding in findings
    )


def _settled(
    finding: Finding, uses: Iterable[Used], ports: Mapping[Names, int], judged: Judged
) -> Finding:
    for use in uses:
        verdict = _verdict(finding, use, judged)
        if verdict and verdict.reason:
            return _kept(finding, verdict.reason, f"{verdict.why}, in another module")
        finding = _with_ports(finding, use.ports, ports)
        if finding.kept:
            break
    return finding


def _verdict(finding: Finding, use: Used, judged: Judged) -> Verdict | None:
    text = finding.host_text
    if finding.port_from == "written":
        text = f"{text}:{finding.port}"
    if finding.scheme:
        text = f"{finding.scheme}://{text}"
    blocks = {TAKES_BLOCKS} if BLOCK in use.tags and finding.form == "bare" else set()
    literal = Literal(View.plain(text), finding.key, finding.path, tags=use.tags | blocks)
    found = next(iter(addresses.find(text, names=frozenset({finding.host.lower()}))), None)
    if found is None:
        return None
    verdict = judged(literal, found)
    if verdict is not None and verdict.reason is None:
        verdict = judge_within(literal, found, judged, frozenset()) or verdict
    return verdict


def _with_ports(finding: Finding, used: Iterable[Port], ports: Mapping[Names, int]) -> Finding:
    if finding.form != "bare" or finding.port_from == "written":
        return finding
    used = tuple(used)
    numbers = {ports.get(port.names) if port.names else port.number for port in used}
    # What another module writes cannot be edited together with the host.
    if not used or (numbers == {finding.port} and all(port.names for port in used)):
        return finding
    if finding.port is None:
        return msgspec.structs.replace(finding, port_from="open")
    told = " and ".join(sorted(str(n) for n in {*numbers, finding.port} if n is not None))
    return _kept(finding, "shared-port", f"another module uses it with a port of its own: {told}")


def _kept(finding: Finding, reason: Reason, why: str) -> Finding:
    return msgspec.structs.replace(finding, kept=reason, kept_why=why, rule=ELSEWHERE)
