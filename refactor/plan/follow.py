"""What compares an address follows it where it is changed: a JSON patch's tests, and assertions.

The build of a kustomization fails where the base was edited and the `op: test` was not; a test of
the program fails where its code was edited and the assertion was not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import structs

from refactor.files.walk import TreeListing, read
from refactor.files.walk_rules import is_test
from refactor.model import FileChange, Note
from refactor.plan.row import Row
from refactor.plan.stages import Rows
from refactor.plan.world import World
from refactor.repository.patch_tests import Tested

_PATCH_TEST = "json-patch-test"
_COMPARED = "compared"
"""The rules of what a JSON patch, and what a program, compares."""
_MOST_TOLD = 20

_Named = Mapping[tuple[object, ...], Sequence[Row]]


def follow(world: World, rows: Rows) -> Rows:
    """Give what tests an address the name that what it tests gets."""
    asked = [row for row in rows if not row.edits and _is_asked(row)]
    if not asked or world.charts is None:
        return rows
    named: defaultdict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if row.name and not row.refusals:
            named[_address(row)].append(row)
            named[row.finding.host,].append(row)
    new = {row.mark: _following(world, row, named) for row in asked}
    return tuple(new.get(row.mark, row) for row in rows)


def _is_asked(row: Row) -> bool:
    rule, file = row.finding.rule, row.finding.file
    return rule == _PATCH_TEST or (rule == _COMPARED and is_test(file))


def _following(world: World, row: Row, named: _Named) -> Row:
    if row.finding.rule == _COMPARED:
        alike = named.get(_address(row), ())
        found = [other for other in alike if not is_test(other.finding.file)]
        names = {(other.name, other.resolution) for other in found}
        return _freed(row, found[0]) if len(names) == 1 else row
    tested = world.job.homes.repository.tested(row.finding)
    held = named.get((row.finding.host,), ())  # whose port may stand in a field of its own
    return next((_freed(row, other) for other in held if _is_of(tested, other)), row)


def _is_of(tested: Sequence[Tested], other: Row) -> bool:
    return any(one.is_of(other.finding) for one in tested)


def _freed(row: Row, other: Row) -> Row:
    free = structs.replace(row.finding, kept=None, kept_why="")
    return Row(
        free,
        readers=row.readers,
        resolution=other.resolution,
        name=other.name,
        follows=other.mark,
    )


def _address(row: Row) -> tuple[object, ...]:
    return row.finding.host, row.finding.port, row.finding.scheme


def untold(listed: TreeListing | None, changes: Iterable[FileChange]) -> Iterator[Note]:
    """Yield a note for each test file, not looked into, that holds a changed address."""
    hosts = {
        e.old: c.path for c in changes if c.path.endswith(".py") for e in c.edits if "." in e.old
    }
    if listed is None or not hosts:
        return
    told = 0
    for folder, listing in listed.below():
        for name, _ in listing.files:
            path = folder + name
            data = read(listed.place(path)) if is_test(path) else b""
            held = next((h for h in hosts if isinstance(data, bytes) and h.encode() in data), "")
            if held and told < _MOST_TOLD and path not in listed.named:
                told += 1
                why = f"holds {held}, which changes in {hosts[held]}: `--tests` looks into tests"
                yield Note(path, "test-file", why)
