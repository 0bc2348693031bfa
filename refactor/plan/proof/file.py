"""Steps 1, 2 and 4 of the proof, for one edited file."""

from __future__ import annotations

from collections.abc import Sequence

from refactor.model import Check, Edit
from refactor.plan.proof.again import prove_again
from refactor.plan.proof.names import prove_name
from refactor.plan.proof.syntax import differs
from refactor.plan.row import Row
from refactor.plan.world import World
from refactor.scan.tree import ScannedFile
from refactor.text.source import Source

UNPARSED = {
    "python": "it does not parse, so nothing shows what else an edit changes: --unproven makes it",
    "source": "no parser reads this language; the bytes outside the edits are the same",
    "notebook": "no parser reads notebooks; the bytes outside the edits are the same",
}
"""What is said of a file whose syntax could not be asked, by its kind."""


def prove_file(world: World, file: ScannedFile, rows: Sequence[Row]) -> tuple[Row, ...]:
    """Add the checks of a file to its edited rows, the first that fails last."""
    path = file.source.path
    edits = own_edits(path, rows)
    if not edits:
        return tuple(rows)
    inventory = world.inventory(path)
    names = {row.mark: prove_name(row, inventory) for row in rows if row.edited}
    shared: list[Check] = []
    if all(check.state == "passed" for check in names.values()) or world.job.unproven:
        after = world.files.after(path, edits).source
        shared = [prove_syntax(file, after, edits)]
        if shared[0].state == "passed" or world.job.unproven:
            shared.append(prove_again(world, file, after, rows))
    return tuple(
        row._replace(checks=(*row.checks, names[row.mark], *shared)) if row.mark in names else row
        for row in rows
    )


def own_edits(path: str, rows: Sequence[Row]) -> tuple[Edit, ...]:
    """Return the edits that rows make in their own file, in order of place, each once."""
    found = {edit: None for row in rows if row.edited for edit in row.edits if edit.file == path}
    return tuple(sorted(found, key=lambda edit: edit.span))


def prove_syntax(file: ScannedFile, after: Source, edits: Sequence[Edit]) -> Check:
    """Return step 2: parsed before and after, only the edited scalars differ."""
    path = file.source.path
    if (after.bom, after.encoding) != (file.source.bom, file.source.encoding):
        return Check("syntax", path, "failed", "its bytes would read in another encoding")
    problem = differs(file.kind, file.source.text, after.text, edits)
    if problem is None and file.kind in UNPARSED:
        return Check("syntax", path, "unasked", UNPARSED[file.kind])
    if problem is None:
        return Check("syntax", path, "passed", "text: the bytes outside the edits are the same")
    if problem:
        return Check("syntax", path, "failed", problem)
    return Check("syntax", path, "passed", "parses as before but for the edited scalars")
