"""One file to findings: its scanner's literals, the addresses in them, their ports, their place."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import NamedTuple

import msgspec

from refactor import addresses
from refactor import scan as scanners
from refactor.addresses.known import NOTHING, KnownHosts
from refactor.model import Address, Finding, Literal, Note
from refactor.rules.judge import Verdict, judge, judge_within
from refactor.rules.row import PlaceSetting
from refactor.scan import references
from refactor.scan.base import HOST_ARGUMENT, NO_EXPORTS, Exports
from refactor.scan.counts import Counts, is_idle
from refactor.scan.markers import Markers
from refactor.scan.pairing import Pair, Siblings, dialled, is_port, shared
from refactor.text.source import Source
from refactor.text.view import Span

_BASE = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s]+")


class FileScan(NamedTuple):
    """What one file holds.

    Attributes:
        findings: in order of place.
        notes: what a report must say about the file.
        exports: what other modules of a program may call the host of a finding, and its ports.
    """

    findings: tuple[Finding, ...]
    notes: tuple[Note, ...] = ()
    exports: Exports = NO_EXPORTS


class _Place(NamedTuple):
    literal: Literal
    address: Address
    verdict: Verdict
    host_span: Span
    exact: bool
    pair: Pair

    @property
    def port(self) -> Literal | None:
        return self.pair.port


def scan_source(
    source: Source,
    kind: str,
    known: KnownHosts = NOTHING,
    *,
    public: bool = False,
    users: tuple[PlaceSetting, ...] = (),
) -> FileScan:
    """Find every address in one file."""
    counts = Counts(known, public=public)
    if is_idle(source.text, kind, counts, known):
        return FileScan(())
    scanned = scanners.scan(kind, source.text, counts.wanted)
    literals = scanned.literals
    if kind in references.KINDS:
        literals = references.referred(source.text, literals)
    siblings = Siblings(literals)
    judged = partial(judge, known=known, public=public, file=source.path, users=users)
    places = [place for literal in literals for place in _places(literal, siblings, counts, judged)]
    places = _settled(places)
    # An anchored address stands in several places: one that keeps it keeps it for all.
    places.sort(key=lambda place: (place.host_span, place.verdict.reason is None))
    findings = tuple(_findings(source, kind, places))
    notes = _notes(source, scanned.unparsable, scanned.line)
    return FileScan(findings, notes, _exports(places, literals))


def _exports(places: list[_Place], literals: tuple[Literal, ...]) -> Exports:
    hosts = {
        place.host_span: place.literal.exports
        for place in places
        if place.literal.exports and place.verdict.reason is None
    }
    ports = [literal for literal in literals if hosts and literal.exports and is_port(literal)]
    return Exports(hosts, {names: int(p.view.text) for p in ports for names in p.exports})


def _notes(source: Source, unparsable: str, line: int) -> tuple[Note, ...]:
    notes = []
    if unparsable:
        message = f"does not parse, read as text: {unparsable}"
        notes.append(Note(source.path, "unparsable", message, line))
    if not source.faithful:
        message = f"is not {source.encoding}: the other bytes are left as they are"
        notes.append(Note(source.path, "undecodable", message))
    return tuple(notes)


def _places(
    literal: Literal,
    siblings: Siblings,
    counts: Counts,
    judged: Callable[[Literal, Address], Verdict | None],
) -> Iterator[_Place]:
    if literal.kind == "number":
        return
    found = counts.find(literal.view.text)
    takes_port: Callable[[], bool] = partial(_takes_port, literal, found)
    if len(found) > 1:
        takes_port = cache(takes_port)
    for address in found:
        verdict = judged(literal, address)
        if verdict is None:
            continue
        span = literal.view.locate(*address.host_span)
        shown = span or literal.view.around(*address.host_span)
        if shown is None:
            continue
        pair = _pair(literal, address, siblings, takes_port)
        if verdict.reason is None:
            verdict = judge_within(literal, address, judged, counts.names) or verdict
        if pair.refused and verdict.reason is None:
            verdict = Verdict("shared-port", pair.refused)
        yield _Place(literal, address, verdict, shown, span is not None, pair)


def _settled(places: list[_Place]) -> list[_Place]:
    """Refuse hosts that stand, by an alias, beside several ports."""
    ports: defaultdict[Span, set[int]] = defaultdict(set)
    for place in places:
        if place.port:
            ports[place.host_span].add(id(place.port))
    refused = Verdict("shared-port", "an alias of it stands beside another port")
    return [
        place._replace(verdict=refused)
        if len(ports[place.host_span]) > 1 and place.verdict.reason is None
        else place
        for place in places
    ]


def _pair(
    literal: Literal, address: Address, siblings: Siblings, takes_port: Callable[[], bool]
) -> Pair:
    """Return the port of an address that stands elsewhere."""
    is_open = address.open_port
    if is_open or (address.port is None and (HOST_ARGUMENT in literal.tags or _is_base(literal))):
        return dialled(literal, Pair(None)) if literal.dials else Pair(None)
    return siblings.port_of(literal) if _lacks_port(address, takes_port) else Pair(None)


def _is_base(literal: Literal) -> bool:
    """Whether a program puts a port behind it: `f"{BASE}:{PORT}"`."""
    is_whole = _BASE.fullmatch(literal.view.text) is not None
    return bool(literal.dials) and is_whole and not any(dial.scheme for dial in literal.dials)


def _lacks_port(address: Address, takes_port: Callable[[], bool]) -> bool:
    if address.port is not None:
        return False
    return address.form == "bare" or takes_port()


def _takes_port(literal: Literal, found: tuple[Address, ...]) -> bool:
    """Whether a literal is a list of hosts, each of which takes the port beside it."""
    return addresses.is_bare_list(literal.view.text) and not any(one.bar for one in found)


def _findings(source: Source, kind: str, places: list[_Place]) -> Iterator[Finding]:
    seen: Counter[tuple[object, ...]] = Counter()
    reached: set[Span] = set()
    markers = Markers(source)
    for place in places:
        if place.host_span in reached:
            continue
        reached.add(place.host_span)
        finding = _finding(source, kind, place, markers)
        identity = (finding.path, finding.host, finding.port)
        mark = _fingerprint(finding, seen[identity])
        seen[identity] += 1
        yield _replace(finding, fingerprint=mark)


def _fingerprint(finding: Finding, nth: int) -> str:
    import hashlib

    parts = (finding.file, *finding.path, finding.host, str(finding.port), str(nth))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _finding(source: Source, kind: str, place: _Place, markers: Markers) -> Finding:
    literal, address = place.literal, place.address
    reason, why = place.verdict.reason, place.verdict.why
    if reason is None and not _is_faithful(source, place):
        reason, why = "escaped", "the source does not hold it letter for letter"
    if reason is None and (told := _shared(place)):
        reason, why = "shared-port", told
    if marker := _marker(markers, place):
        told = (marker["why"] or "").strip()
        reason, why = "ignored", f"the line says so: {told}" if told else "the line says so"
    finding = Finding(
        file=source.path,
        line=source.line(place.host_span.start),
        column=source.column(place.host_span.start),
        host=address.host,
        host_span=place.host_span,
        host_text=place.host_span.of(source.text),
        fingerprint="",
        scheme=address.scheme,
        prefix_span=_located(literal, address.prefix_span),
        form=address.form,
        key=literal.key,
        path=literal.path,
        document=literal.document,
        language=kind,
        kept=reason,
        kept_why=why,
        remarks=(place.pair.remark,) if place.pair.remark else (),
        rule=place.verdict.rule if reason == place.verdict.reason else "",
        other_port=address.other_port,
    )
    return _with_port(source, finding, place)


def _shared(place: _Place) -> str:
    """Return why a port of the address serves more than it, "" where nothing says so."""
    return next(filter(None, (shared(place.literal, port) for port in place.pair.ports)), "")


def _marker(markers: Markers, place: _Place) -> re.Match[str] | None:
    """Return the marker on the host's line, or on that of its port."""
    port = place.port.view.locate(0, len(place.port.view.text)) if place.port else None
    return markers.at(place.host_span.start) or (markers.at(port.start) if port else None)


def _is_faithful(source: Source, place: _Place) -> bool:
    """Whether an edit may be born: the source holds, letter for letter, what was found."""
    literal, address = place.literal, place.address
    held = place.host_span.of(source.text)
    if not place.exact or held != address.host_span.of(literal.view.text):
        return False
    if address.port_span is None:
        return True
    span = _located(literal, address.port_span)
    return span is not None and span.of(source.text) == str(address.port)


def _with_port(source: Source, finding: Finding, place: _Place) -> Finding:
    address = place.address
    if address.port is not None:
        span = _located(place.literal, address.port_span)
        text = span.of(source.text) if span else ""
        return _replace(
            finding, port=address.port, port_from="written", port_span=span, port_text=text
        )
    if (address.open_port and place.port is None) or place.pair.is_open:
        return _replace(finding, port_from="open")
    if place.port is not None:
        text = place.port.view.text
        spans = place.pair.spans(source.text)
        if spans:
            finding = _replace(finding, port=int(text), port_from="sibling", port_text=text)
            return _replace(finding, port_span=spans[0], more_port_spans=spans[1:])
    implied = addresses.implied_port(address.scheme) if address.scheme else None
    return _replace(finding, port=implied, port_from="implied") if implied else finding


def _located(literal: Literal, span: Span | None) -> Span | None:
    return literal.view.locate(*span) if span else None


def _replace(finding: Finding, **changes: object) -> Finding:
    return msgspec.structs.replace(finding, **changes)
