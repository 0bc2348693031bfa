"""Step 3 of the proof for kustomizations: each builds as before, but where the edits reach.

They are built by `kustomize` or `kubectl`, from copies of what they take in; where neither is
there, or something of theirs is not in the repository, what they list is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import NamedTuple

from refactor.helm.changes import Change, compare
from refactor.helm.engine import Manifest
from refactor.helm.kustomize import Kustomize, without_hashes
from refactor.helm.objects import BadManifestError, Object, identified, parse
from refactor.helm.tree import Tree
from refactor.model import Check
from refactor.plan.charts.session import Charts
from refactor.plan.edited import EditedFile
from refactor.plan.proof.charts import ChartProof
from refactor.plan.proof.explained import accounted
from refactor.plan.proof.inflated import CannotInflateError, Inflater
from refactor.plan.quoting import readings
from refactor.yaml.kustomizations import Kustomizations
from refactor.yaml.kustomize import Kustomization, is_kustomization, read_kustomization

_MOST = 64
"""Kustomizations that one plan builds; the others are read."""


class _Asked(NamedTuple):
    """One kustomization, and what the plan changes of what it takes in.

    Attributes:
        tree: the files as they are, `after` as they will be.
        new: the manifests of new Services that it takes in, with how often.
        parts: the kustomizations that it is made of, as they are and as they will be.
        changed: all files that the plan edits or adds.
    """

    top: Kustomization
    tree: Tree
    after: Tree
    paths: frozenset[str]
    edited: Sequence[EditedFile]
    new: Counter[str]
    parts: tuple[Sequence[Kustomization], Sequence[Kustomization]]
    changed: Mapping[str, bytes]

    @property
    def files(self) -> frozenset[str]:
        return frozenset(file.change.path for file in self.edited) | frozenset(self.new)


Memo = dict[str, tuple[object, ChartProof]]
"""The last proof of each kustomization, by its path, with the edits that it is of."""


def prove_kustomizations(
    known: Kustomizations,
    tree: Tree,
    planned: Sequence[EditedFile],
    new: Mapping[str, bytes],
    memo: Memo,
    charts: Charts | None = None,
) -> tuple[ChartProof, ...]:
    """Return step 3 for every kustomization that takes in what is edited or added."""
    changed = {file.change.path: file.data for file in planned} | dict(new)
    ways = [way for path in changed for way in known.ways(path)]
    tops = sorted({way[-1] for way in ways}, key=lambda one: one.file)
    if not tops:
        return ()
    after = tree.changed(changed)
    later = _with_edits(known, after, changed)
    asked = [_asked(top, known, later, tree, after, planned, new, changed) for top in tops]
    left = [one for one in asked if _key(one) != memo.get(one.top.file, (None, None))[0]]
    for one, proof in zip(left, _proven(left, Inflater(charts)), strict=True):
        memo[one.top.file] = _key(one), proof
    return tuple(memo[one.top.file][1] for one in asked)


def _key(one: _Asked) -> object:
    inside = _inflated(one)
    charts = sorted(pair for pair in one.changed.items() if pair[0].startswith(inside))
    edits = tuple((f.change.path, f.change.edits) for f in one.edited)
    return edits, tuple(sorted(one.new.items())), tuple(charts)


def _inflated(one: _Asked) -> tuple[str, ...]:
    """Return the directories of the charts that it inflates, each with a slash."""
    return tuple(f"{made.path}/" for part in one.parts[0] for made in part.charts)


def _with_edits(known: Kustomizations, after: Tree, changed: Mapping[str, bytes]) -> Kustomizations:
    edited = {path for path in changed if is_kustomization(path)}
    return Kustomizations(
        read_kustomization(one.file, after.read(one.file), after.read)
        if one.file in edited
        else one
        for one in known.all
    )


def _asked(
    top: Kustomization,
    known: Kustomizations,
    later: Kustomizations,
    tree: Tree,
    after: Tree,
    planned: Sequence[EditedFile],
    new: Mapping[str, bytes],
    changed: Mapping[str, bytes],
) -> _Asked:
    parts = known.parts(top)
    then = later.parts(later.of_file(top.file) or top)
    own = frozenset(path for one in parts for path in (one.file, *one.takes))
    listed = Counter(path for one in then for path in one.resources if path in new)
    edited = [file for file in planned if file.change.path in own]
    folders = frozenset(one.folder for one in parts)
    return _Asked(top, tree, after, own - folders, edited, listed, (parts, then), changed)


def _proven(asked: Sequence[_Asked], inflater: Inflater) -> list[ChartProof]:
    if not asked:
        return []
    try:
        builder = Kustomize()
    except LookupError as error:
        return [_read(one, str(error)) for one in asked]
    with closing(builder):
        return [
            _built(one, builder, inflater)
            if number < _MOST
            else _read(one, "of the first only are built")
            for number, one in enumerate(asked)
        ]


def _proof(one: _Asked, state: str, message: str) -> ChartProof:
    outcome = "passed" if state == "passed" else "failed"
    return ChartProof(Check("render", one.top.file, outcome, message), one.files)  # type: ignore[arg-type]


def _read(one: _Asked, why: str) -> ChartProof:
    """Prove by reading: each new manifest is listed once."""
    twice = [path for path, count in one.new.items() if count != 1]
    if twice:
        return _proof(one, "failed", f"it would take in {twice[0]} {one.new[twice[0]]} times")
    return _proof(one, "passed", f"read and not built: {why}")


def _built(one: _Asked, builder: Kustomize, inflater: Inflater) -> ChartProof:
    held = {path: data for path in one.paths if (data := one.tree.read(path)) is not None}
    absent = sorted(one.paths - held.keys())
    if absent:
        return _read(one, f"{absent[0]} is not in this repository")
    changed = {path: one.after.read(path) or b"" for path in (*held, *one.new)}
    try:
        held |= inflater.laid(one.parts[0], one.tree, {})
    except CannotInflateError as error:
        return _read(one, str(error))
    try:
        changed |= inflater.laid(one.parts[1], one.after, one.changed)
    except CannotInflateError as error:
        return _proof(one, "failed", str(error))
    builder.put("before", held)
    before = builder.build("before", one.top.folder)
    if before.startswith("Error: "):
        return _read(one, f"{builder.name} does not build it as it is: {_line(before)}")
    builder.put("after", changed)
    after = builder.build("after", one.top.folder)
    if after.startswith("Error: "):
        return _proof(one, "failed", f"{builder.name} does not build it any more: {_line(after)}")
    if any(path.startswith(_inflated(one)) for path in one.changed):
        return _proof(
            one, "passed", f"built by {builder.name}; its charts have proofs of their own"
        )
    try:
        problem, count = _strange(one, _objects(before), _objects(after))
    except BadManifestError as error:
        return _read(one, str(error))
    message = f"built by {builder.name}; the edits reach {count} fields and nothing else"
    return _proof(one, "failed" if problem else "passed", problem or message)


def _objects(text: str) -> tuple[Object, ...]:
    parsed = parse(Manifest("", without_hashes(text)))
    return identified((("", content) for content in parsed), "")


def _strange(one: _Asked, before: tuple[Object, ...], after: tuple[Object, ...]) -> tuple[str, int]:
    """Return what no edit accounts for, and how many fields the edits reach."""
    edits = [edit for file in one.edited for edit in file.change.edits]
    pairs = {(edit.old, new) for edit in edits if edit.old for new in readings(edit.new)}
    grown = any(edit.role == "service" for edit in edits)
    changes = compare(before, after)
    added = [change for change in changes if _is_new_service(change)]
    if len(added) != one.new.total():
        return f"{one.new.total()} new manifests give {len(added)} Services", 0
    for change in changes:
        ports = grown and change.object.kind == "Service" and change.path.startswith("spec.ports")
        if not (change in added or ports or (pairs and accounted(change, pairs))):
            return f"no edit accounts for {change.object}, {change.path}", 0
    return "", len(changes)


def _is_new_service(change: Change) -> bool:
    return change.object.kind == "Service" and change.path == "" and change.before is None


def _line(error: str) -> str:
    return " ".join(error.removeprefix("Error: ").split())[:300]
