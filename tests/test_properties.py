"""What must hold whatever is written: over random mixes of forms."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refactor import scan as scanners
from refactor.addresses import wanted
from refactor.addresses.known import NOTHING
from refactor.apply.run import apply
from refactor.apply.undo import undo
from refactor.inventory import Inventory
from refactor.model import Plan
from refactor.plan import PlanJob, make_plan
from refactor.repository.environments import Environments
from refactor.scan.file import scan_source
from refactor.settings.types import Settings
from refactor.text.source import Source
from tests.forms import files, inventory
from tests.shop import contents

SETTINGS = Settings(namespace="shop")


@pytest.fixture(scope="module")
def cluster() -> Inventory:
    return inventory()


def plan_for(root: Path, cluster: Inventory) -> Plan:
    return make_plan(PlanJob(root, (root,), SETTINGS, Environments(SETTINGS, {"": cluster})))


def written(folder: str, given: list[tuple[str, bytes]]) -> Path:
    root = Path(folder).resolve()
    for number, (name, data) in enumerate(given):
        path = root / str(number) / name
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
    return root


@settings(max_examples=150, deadline=None)
@given(given=st.lists(files(), min_size=1, max_size=3))
def test_the_whole_way(cluster: Inventory, given: list[tuple[str, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = written(folder, given)
        before = contents(root)
        plan = plan_for(root, cluster)
        assert contents(root) == before

        if not plan.changes:
            return
        apply(plan, root)
        after = contents(root)
        for change in plan.changes:
            _only_the_edits_changed(before[change.path], after[change.path], change)
        assert {n for n in before if before[n] != after[n]} == {c.path for c in plan.changes}
        assert plan_for(root, cluster).changes == ()

        undo(root)
        assert contents(root) == before


def _only_the_edits_changed(before: bytes, after: bytes, change) -> None:
    old, new = Source(change.path, before), Source(change.path, after)
    assert (old.bom, old.encoding) == (new.bom, new.encoding)
    cursor, shift = 0, 0
    for edit in change.edits:
        start, end = edit.span
        assert old.text[start:end] == edit.old
        assert new.text[cursor + shift : start + shift] == old.text[cursor:start]
        assert new.text[start + shift : start + shift + len(edit.new)] == edit.new
        cursor, shift = end, shift + len(edit.new) - len(edit.old)
    assert new.text[cursor + shift :] == old.text[cursor:]


@settings(max_examples=100, deadline=None)
@given(given=st.lists(files(), min_size=1, max_size=2))
def test_nothing_is_edited_where_the_inventory_knows_nothing(
    given: list[tuple[str, bytes]],
) -> None:
    from refactor.inventory import load

    with tempfile.TemporaryDirectory() as folder:
        root = written(folder, given)
        plan = plan_for(root, load([], stdin=lambda: b""))

        assert plan.changes == ()
        assert not any(outcome.edited for outcome in plan.outcomes)


KINDS = ["yaml", "template", "python", "text", "source"]
ANY_TEXT = st.one_of(
    st.text(max_size=200),
    st.text(alphabet="10.:@[]{}#'\"\\-=,/ \n\r\tabcé\ufffc|>&*!%$()", max_size=200),
)


@settings(max_examples=300, deadline=None)
@given(kind=st.sampled_from(KINDS), text=ANY_TEXT)
def test_no_input_crashes_a_scanner(kind: str, text: str) -> None:
    scanned = scanners.scan(kind, text, wanted)

    for literal in scanned.literals:
        for at, source, length in literal.view.pieces:
            assert literal.view.text[at : at + length] == text[source : source + length]


@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(KINDS), file=files(), cut=st.integers(0, 200), noise=st.text(max_size=3)
)
def test_findings_stand_where_they_say(
    kind: str, file: tuple[str, bytes], cut: int, noise: str
) -> None:
    name, data = file
    text = Source(name, data).text
    source = Source(name, (text[:cut] + noise + text[cut:]).encode("utf-8", "surrogatepass"))
    scan = scan_source(source, kind, NOTHING)

    for finding in scan.findings:
        held = finding.host_span.of(source.text)
        assert finding.host_text == held
        if finding.kept is None:
            assert finding.host in held
        if finding.port_span and finding.kept is None:
            assert finding.port_span.of(source.text) == str(finding.port) == finding.port_text
    assert len({f.fingerprint for f in scan.findings}) == len(scan.findings)
