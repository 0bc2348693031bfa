"""The stage `edit`: what changes in each file, so that the edits of all its rows agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise

from refactor.model import Edit, Finding, Refusal, Target
from refactor.plan.edits import edits_for, written
from refactor.plan.python_env import to_environment
from refactor.plan.python_width import line_width
from refactor.plan.quoting import quoted
from refactor.plan.row import Row
from refactor.plan.world import World
from refactor.scan.tree import ScannedFile
from refactor.text.view import Span

Refused = dict[str, Refusal]


def by_file(rows: Iterable[Row]) -> Iterator[tuple[str, tuple[Row, ...]]]:
    """Yield the rows of each file; they come in order of file."""
    for path, group in groupby(rows, key=lambda row: row.finding.file):
        yield path, tuple(group)


def edit(world: World, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Add the edits of every row that has a name, and refuse those that do not agree."""
    return tuple(
        row for path, held in by_file(rows) for row in edit_file(world, world.files[path], held)
    )


def edit_file(world: World, file: ScannedFile, rows: Sequence[Row]) -> tuple[Row, ...]:
    """Add the edits of one file's rows."""
    text = file.source.text
    wanted = {
        row.mark: edits_for(row.finding, row.resolution, row.name.text, text, row.name.port)
        for row in rows
        if not row.refusals and row.name and isinstance(row.resolution, Target)
    }
    if not wanted:
        return tuple(rows)
    refused = _shared_ports([row.finding for row in rows], wanted)
    refused |= _conflicts(wanted, refused)
    live = {mark: group for mark, group in wanted.items() if mark not in refused}
    edits = _written(world, file, rows, _in_order(live.values()))
    made: defaultdict[str, list[Edit]] = defaultdict(list)
    for one in edits:
        made[one.finding].append(one)
    for mark in live.keys() - made.keys():  # several findings in one literal that moves as a whole
        place = min(one.span for one in live[mark])
        made[mark] = [one for one in edits if one.span.start <= place.start < one.span.end]
    return tuple(_edited(row, wanted, refused, made.get(row.mark, ())) for row in rows)


def _edited(row: Row, wanted: Mapping[str, object], refused: Refused, edits: Sequence[Edit]) -> Row:
    if row.mark in refused and row.mark in wanted:
        return row.refused(refused[row.mark])
    return row._replace(edits=(*edits, *row.edits)) if edits else row


def _written(
    world: World, file: ScannedFile, rows: Iterable[Row], edits: tuple[Edit, ...]
) -> tuple[Edit, ...]:
    """Return edits as their language and the settings want them written."""
    if world.job.settings.python == "env" and file.kind == "python":
        width = world.memo.setdefault("python width", {})
        if not width:
            width["line"] = line_width(world.job.root)
        return to_environment(file.source.text, edits, rows, width["line"])
    return quoted(file.source.text, edits) if file.kind == "yaml" else edits


def new_address(row: Row) -> str:
    """Return the address as it will read; "" for one that has no name."""
    if row.name is None or not isinstance(row.resolution, Target):
        return ""
    return written(row.finding, row.resolution, row.name.text, row.name.port)


def _shared_ports(findings: Iterable[Finding], edits: Mapping[str, tuple[Edit, ...]]) -> Refused:
    """One port literal serves several hosts: all change it alike, or none of them is edited."""
    groups: defaultdict[Span, list[Finding]] = defaultdict(list)
    for finding in findings:
        for span in (finding.port_span, *finding.more_port_spans):
            if span:
                groups[span].append(finding)
    refused: Refused = {}
    for span, group in groups.items():
        news = {_new_port(edits.get(finding.fingerprint), span, finding) for finding in group}
        if len(news) > 1:
            why = f"port {group[0].port_text} serves {len(group)} hosts whose new ports differ"
            one = Refusal("edit", "shared-port", why)
            refused |= {finding.fingerprint: one for finding in group}
    return refused


def _new_port(edits: tuple[Edit, ...] | None, span: Span, finding: Finding) -> str:
    """What a finding wants at the shared port; one that is not edited wants it as it is."""
    for one in edits or ():
        if one.span == span:
            return one.new
    return finding.port_text


def _conflicts(edits: Mapping[str, tuple[Edit, ...]], refused: Refused) -> Refused:
    """Two findings that want different things of the same text are both left alone."""
    claimed = sorted(((one.span, one.new, mark) for mark, group in edits.items() for one in group))
    found: Refused = {}
    for (span, new, mark), (after, other, mark_after) in pairwise(claimed):
        same = span == after and new == other
        if after.start < span.end and not same and mark != mark_after:
            why = "another finding changes the same text"
            one = Refusal("edit", "conflict", why)
            found |= {m: one for m in (mark, mark_after) if m not in refused}
    return found


def _in_order(groups: Iterable[tuple[Edit, ...]]) -> tuple[Edit, ...]:
    """All edits by place; one that several findings share stands once."""
    placed: dict[Span, Edit] = {}
    for group in groups:
        for one in group:
            placed.setdefault(one.span, one)
    return tuple(placed[span] for span in sorted(placed))
