"""What is done in one file: its findings resolved, edited, and proven as far as the file goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from refactor.charted.names import Names, NewHost
from refactor.charted.reach import Reach
from refactor.consumers import blocked, proxy_warnings, read_outside, reader_warnings
from refactor.job import Job, query_of
from refactor.model import Check, Edit, FileChange, Finding, Outcome, Reason, Target
from refactor.prove import prove_file
from refactor.repository.model import Reader
from refactor.repository.verdict import elsewhere, is_peer_list, own, own_words, unnamed
from refactor.resolve import Options, resolve
from refactor.rewrite.decide import Decided, Resolved, decide
from refactor.rewrite.names import service_name
from refactor.rewrite.python_env import to_environment
from refactor.rewrite.quoting import quoted
from refactor.scan import scan_source
from refactor.source import Source, splice
from refactor.tree import ScannedFile

_NOWHERE: Mapping[str, Reach] = {}


class FilePlan(NamedTuple):
    """What is done in one file.

    Attributes:
        file: as it is.
        outcomes: one per finding, in order.
        change: its edits; None where there are none.
        checks: the steps of the proof that look at this file alone.
        after: its new bytes.
        hosts: the new hosts, by fingerprint.
    """

    file: ScannedFile
    outcomes: tuple[Outcome, ...]
    change: FileChange | None = None
    checks: tuple[Check, ...] = ()
    after: bytes = b""
    hosts: Mapping[str, NewHost] = {}


def resolve_file(job: Job, file: ScannedFile) -> tuple[Resolved, ...]:
    """Return what each finding of a file stands for."""
    return tuple(_resolve(job, finding) for finding in file.findings)


def plan_file(
    job: Job,
    file: ScannedFile,
    resolved: Sequence[Resolved],
    names: Names | None = None,
    reached: Mapping[str, Reach] = _NOWHERE,
    others: Sequence[Edit] = (),
) -> FilePlan:
    """Return what is done in one file, and its proof.

    Args:
        job: what the plan is made of.
        file: as it is.
        resolved: its findings, in order of place.
        names: what Services are called; None to call them by plain names.
        reached: where the addresses of charts end up, by fingerprint.
        others: edits that a new Service asks for; each was proven where it was made.
    """
    resolved = [_own_in_chart(job, item, reached) for item in resolved]
    hosts = _hosts(names, resolved)
    decided = decide_file(job, file, [_bounded(r, hosts, reached) for r in resolved], hosts)
    outcomes = tuple(
        _told(outcome, hosts, reached, job.homes.readers(outcome.finding))
        for outcome in decided.outcomes
    )
    edits = decided.edits
    checks: tuple[Check, ...] = ()
    if edits:
        inventory = job.homes.of(file.source.path).inventory
        after = _after(file.source, edits)
        checks = (*prove_file(file, after, decided, inventory), _again(job, file, after, outcomes))
        failed = [check for check in checks if check.state == "failed"]
        if failed and not job.unproven:
            edits, outcomes = (), unproven(outcomes, failed[0])
    edits = tuple(sorted((*edits, *others), key=lambda edit: edit.span))
    if not edits:
        return FilePlan(file, outcomes, checks=checks)
    after = _after(file.source, edits)
    change = FileChange(file.source.path, file.source.digest, after.digest, edits)
    return FilePlan(file, outcomes, change, checks, after.encode(after.text), hosts)


def decide_file(
    job: Job,
    file: ScannedFile,
    resolved: Sequence[Resolved] | None = None,
    hosts: Mapping[str, NewHost] | None = None,
) -> Decided:
    """Return what is done about each finding of one file, and the edits.

    Args:
        job: what the plan is made of.
        file: as it is.
        resolved: its findings; None to resolve them.
        hosts: their new hosts; plain names where it has none.
    """
    text = file.source.text
    hosts = hosts or {}

    def name(finding: Finding, target: Target) -> str:
        new = hosts.get(finding.fingerprint)
        return new.text if new else _plain_name(job, finding, target)

    decided = decide(resolve_file(job, file) if resolved is None else resolved, text, name)
    outcomes = tuple(
        _warned(outcome, proxy_warnings(outcome, text)) if outcome.edited else outcome
        for outcome in decided.outcomes
    )
    if job.settings.python == "env" and file.kind == "python":
        return Decided(outcomes, to_environment(text, decided.edits, outcomes))
    if file.kind == "yaml":
        return Decided(outcomes, quoted(text, decided.edits))
    return Decided(outcomes, decided.edits)


def unproven(outcomes: tuple[Outcome, ...], check: Check) -> tuple[Outcome, ...]:
    """Return outcomes whose edits are taken back, because of a step of the proof."""
    why = f"{check.name}: {check.message}"
    return tuple(
        msgspec.structs.replace(
            outcome, edited=False, reason="unproven", why=why, new="", warnings=()
        )
        if outcome.edited
        else outcome
        for outcome in outcomes
    )


def _resolve(job: Job, finding: Finding) -> Resolved:
    if finding.kept == "ignored":
        return Resolved(finding, None)
    inventory = job.homes.of(finding.file).inventory
    options = Options(ingress=job.settings.ingress, daemonsets=job.settings.daemonsets)
    readers, query = job.homes.readers(finding), query_of(job, finding)
    bar = unnamed(readers) if readers else blocked(finding)
    bar = bar or read_outside(finding, inventory)
    resolution = resolve(query, inventory, options)
    found = Resolved(finding, resolution, bar or job.homes.lacking(resolution))
    if why := elsewhere(readers):
        return _kept(found, why)
    workload = own(readers, found.resolution, inventory)
    if workload and is_peer_list(finding, workload):
        return found._replace(resolution=resolve(replace(query, peer=True), inventory, options))
    return _kept(found, own_words(workload)) if workload else found


def _own_in_chart(job: Job, item: Resolved, reached: Mapping[str, Reach]) -> Resolved:
    """Keep the address of a chart's workload that reads it; its peers get the pods' names."""
    reach, finding = reached.get(item.finding.fingerprint), item.finding
    inventory = job.homes.of(finding.file).inventory
    workload = own(reach.readers, item.resolution, inventory) if reach else None
    if workload is None:
        return item
    if is_peer_list(finding, workload):
        options = Options(ingress=job.settings.ingress, daemonsets=job.settings.daemonsets)
        query = replace(query_of(job, finding), peer=True)
        return item._replace(resolution=resolve(query, inventory, options))
    return _kept(item, own_words(workload))


def _kept(item: Resolved, why: tuple[Reason, str]) -> Resolved:
    """Return a finding that stays, for a reason that no resolution changes."""
    if item.finding.kept:
        return item
    return item._replace(finding=replace(item.finding, kept=why[0], kept_why=why[1]))


def _plain_name(job: Job, finding: Finding, target: Target) -> str:
    consumer, settings = job.homes.reader(finding), job.settings
    return service_name(target, consumer, settings.names, settings.cluster_domain)


def _hosts(names: Names | None, resolved: Sequence[Resolved]) -> dict[str, NewHost]:
    return {
        item.finding.fingerprint: names.of(item.finding, item.resolution)
        for item in resolved
        if names and isinstance(item.resolution, Target) and not item.finding.kept
    }


def _bounded(
    item: Resolved, hosts: Mapping[str, NewHost], reached: Mapping[str, Reach]
) -> Resolved:
    """Add what a chart says against the edit."""
    finding, target = item.finding, item.resolution
    reach, host = reached.get(finding.fingerprint), hosts.get(finding.fingerprint)
    if reach and reach.kept and not finding.kept and reach.kept[0] != "unproven":
        kept, why = reach.kept
        return item._replace(finding=msgspec.structs.replace(finding, kept=kept, kept_why=why))
    if item.blocked or not isinstance(target, Target):
        return item
    if reach and reach.kept:
        return item._replace(blocked=reach.kept)
    if reach and reach.shared and finding.port_span and target.port not in (None, finding.port):
        return item._replace(blocked=_shared(finding, target, reach.shared))
    return item._replace(blocked=host.refused) if host else item


def _shared(finding: Finding, target: Target, places: Sequence[str]) -> tuple[Reason, str]:
    why = f"port {finding.port_text} would become {target.port}, and decides {places[0]} too"
    return "shared-port", why


def _told(
    outcome: Outcome,
    hosts: Mapping[str, NewHost],
    reached: Mapping[str, Reach],
    readers: Sequence[Reader],
) -> Outcome:
    """Add where a chart's value ends up, and what that is worth a warning."""
    mark = outcome.finding.fingerprint
    if outcome.edited and mark in hosts:
        outcome = _warned(outcome, hosts[mark].warnings)
    reach = reached.get(mark)
    if reach is None:
        told = tuple(str(reader) for reader in readers if reader.evidence)
        return replace(outcome, readers=told)
    if outcome.edited:
        told = reader_warnings(outcome, reach.proxies)
        outcome = _warned(outcome, (*reach.warnings, *(() if _is_told(outcome) else told)))
    return msgspec.structs.replace(outcome, reaches=reach.lines)


def _is_told(outcome: Outcome) -> bool:
    """Whether the file itself was seen to set a proxy."""
    return any("NO_PROXY" in warning for warning in outcome.warnings)


def _warned(outcome: Outcome, warnings: tuple[str, ...]) -> Outcome:
    if not warnings:
        return outcome
    return msgspec.structs.replace(outcome, warnings=(*outcome.warnings, *warnings))


def _after(source: Source, edits: Sequence[Edit]) -> Source:
    text = splice(source.text, [(*edit.span, edit.new) for edit in edits])
    return Source(source.path, source.encode(text))


def _again(job: Job, file: ScannedFile, after: Source, outcomes: Sequence[Outcome]) -> Check:
    """Step 4 of the proof: a second run over the result finds nothing left to do."""
    known = job.homes.of(after.path).inventory
    scan = scan_source(after, file.kind, known, public=job.settings.public)
    staying = _stay_for_others(job, file, outcomes)
    findings = tuple(finding for finding in scan.findings if _place(finding) not in staying)
    left = decide_file(job, ScannedFile(after, file.kind, findings)).edits
    subject = after.path
    if left:
        message = f"a second run would still change line {after.line(left[0].span.start)}"
        return Check("again", subject, "failed", message)
    return Check("again", subject, "passed", "a second run finds nothing left to do")


def _stay_for_others(
    job: Job, file: ScannedFile, outcomes: Sequence[Outcome]
) -> set[tuple[object, ...]]:
    """Return the places of what stays for a reason outside of its file: it is not asked again."""
    edited = {outcome.finding.fingerprint for outcome in outcomes if outcome.edited}
    staying = tuple(finding for finding in file.findings if finding.fingerprint not in edited)
    alone = decide_file(job, ScannedFile(file.source, file.kind, staying)).outcomes
    return {_place(outcome.finding) for outcome in alone if outcome.edited}


def _place(finding: Finding) -> tuple[object, ...]:
    return finding.path, finding.host, finding.port
