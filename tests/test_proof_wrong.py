"""docs/semantics.md, section 6: a wrong edit is caught, by the step that is there for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from refactor.inventory import Inventory
from refactor.model import Check, Edit, FileChange, Refusal, ServiceRef, Target
from refactor.plan import PlanJob, scan
from refactor.plan.blame import prove_alone, to_blame
from refactor.plan.charts.names import ChosenName
from refactor.plan.charts.session import Charts
from refactor.plan.edit import edit_file
from refactor.plan.edited import EditedFile
from refactor.plan.proof.charts import prove_charts
from refactor.plan.proof.file import own_edits, prove_file, prove_syntax
from refactor.plan.stages import Rows
from refactor.repository.environments import Environments
from refactor.scan.tree import ScannedFile
from refactor.settings.types import Settings
from refactor.text.source import Source, splice
from refactor.text.view import Span
from tests.chart_shop import WEB, shop
from tests.forms import inventory
from tests.rows import failed, reasons, rows_of, world

MANIFEST = "# 10.42.1.11 was here\nkind: ConfigMap\ndata:\n  url: http://10.42.1.11:8080/x\n  other: http://10.42.1.11:8080/y\n"


def job(root: Path, known: Inventory) -> PlanJob:
    settings = Settings(namespace="shop")
    return PlanJob(root, (root,), settings, Environments(settings, {"": known}))


def scanned(
    tmp_path: Path, text: str = MANIFEST, known: Inventory | None = None
) -> tuple[Any, ScannedFile]:
    (tmp_path / "a.yaml").write_text(text)
    made = job(tmp_path, known or inventory())
    (file,) = scan(made).files
    return made, file


def edited(made: PlanJob, file: ScannedFile) -> Rows:
    return edit_file(world(made, file), file, rows_of(made, file))


def checks(made: PlanJob, file: ScannedFile, rows: Rows) -> list[Check]:
    """The checks of edited rows: that of each, and those of the file once."""
    proven = prove_file(world(made, file), file, rows)
    return list(dict.fromkeys(check for row in proven for check in row.checks))


def test_the_right_edits_pass(tmp_path: Path) -> None:
    made, file = scanned(tmp_path)

    assert failed(checks(made, file, edited(made, file))) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"port": 5432}, "does not lead to shop/orders-7f9c6d5b8-abcde port 8080"),
        ({"service": ("shop", "db")}, "does not lead to shop/orders-7f9c6d5b8-abcde port 8080"),
        ({"service": ("shop", "ghost")}, "Service shop/ghost is not in the inventory"),
        ({"pod": "orders-1", "port": 8080}, "does not lead to"),
    ],
    ids=[
        "1: a wrong port",
        "1: a wrong Service",
        "1: no such Service",
        "1: a name that no pod has",
    ],
)
def test_step_1(tmp_path: Path, change: dict[str, Any], told: str) -> None:
    made, file = scanned(tmp_path)
    wrong = []
    for row in rows_of(made, file):
        assert isinstance(row.resolution, Target)
        service = row.resolution.service
        if "service" in change:
            service = type(service)(*change["service"])
        rest = {key: value for key, value in change.items() if key != "service"}
        target = msgspec.structs.replace(row.resolution, service=service, **rest)
        wrong.append(row._replace(resolution=target, name=ChosenName(service.name)))
    what = edit_file(world(made, file), file, wrong)

    problems = failed(checks(made, file, what))

    assert len(problems) == 2
    assert all(problem.startswith("names: ") and told in problem for problem in problems)


def edit(text: str, old: str, new: str, nth: int = 0) -> Edit:
    at = -1
    for _ in range(nth + 1):
        at = text.index(old, at + 1)
    return Edit("a.yaml", Span(at, at + len(old)), old, new, "x")


WRONG = {
    "2: a changed comment": (edit(MANIFEST, "10.42.1.11", "orders"), "changes no value"),
    "2: a changed key": (edit(MANIFEST, "other", "another"), ""),
    "2: a changed structure": (edit(MANIFEST, "http://10.42.1.11:8080/x", "{a: b}"), "type"),
    "2: what does not parse": (edit(MANIFEST, "http://10.42.1.11:8080/x", "a: b: c"), "does not parse"),
    "2: a text that became a number": (edit(MANIFEST, "http://10.42.1.11:8080/x", "80"), "type"),
}  # fmt: skip


@pytest.mark.parametrize(("wrong", "told"), WRONG.values(), ids=WRONG)
def test_step_2(tmp_path: Path, wrong: Edit, told: str) -> None:
    made, file = scanned(tmp_path)
    # An edit of a key is accounted for by that very edit: only one that nothing states is caught.
    problems = failed([syntax(file, (*apart(edited(made, file), wrong), wrong))])

    if told:
        assert len(problems) == 1
        assert problems[0].startswith("syntax: ")
        assert told in problems[0]
    else:
        assert problems == []


def test_step_2_in_python(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("# 10.42.1.11\nURL = 'http://10.42.1.11:8080'\n")
    made = job(tmp_path, inventory())
    (file,) = scan(made).files
    comment = Edit("a.py", Span(2, 12), "10.42.1.11", "orders", "x")
    edits = (*own_edits("a.py", edited(made, file)), comment)

    assert failed([syntax(file, edits)]) == ["syntax: the edit of 10.42.1.11 changes no value"]


def apart(rows: Rows, wrong: Edit) -> tuple[Edit, ...]:
    """The edits that do not meet a wrong one."""
    return tuple(
        e
        for e in own_edits("a.yaml", rows)
        if not (e.span.start < wrong.span.end and wrong.span.start < e.span.end)
    )


def syntax(file: ScannedFile, edits: Sequence[Edit]) -> Check:
    placed = tuple(sorted(edits, key=lambda edit: edit.span))
    text = splice(file.source.text, [(*edit.span, edit.new) for edit in placed])
    return prove_syntax(file, Source(file.source.path, file.source.encode(text)), placed)


def test_step_3_a_value_that_feeds_two_workloads(tmp_path: Path) -> None:
    """The port is edited for the one that dials, and would move what the other listens on."""
    template = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  at: '{{ .Values.host }}:{{ .Values.port }}'\n  half: '{{ div .Values.port 2 }}'\n"
    root = shop(
        tmp_path, {"templates/extra.yaml": template, "values.yaml": f"host: {WEB}\nport: 8080\n"}
    )
    plan = file_plan(root, "charts/shop/values.yaml", [(WEB, "shop-orders"), ("8080", "80")])
    with Charts(root, job(root, inventory()).settings) as charts:
        (proof,) = prove_charts(charts, [plan], {})

    assert proof.check.state == "failed"
    assert "ConfigMap" in proof.check.message
    assert "data.half" in proof.check.message


def test_step_3_what_an_edit_brings_in_besides(tmp_path: Path) -> None:
    template = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  at: http://" + WEB + "\n"
    )
    root = shop(tmp_path, {"templates/extra.yaml": template})
    swaps = [(WEB, "shop-orders\n  more: x")]
    plan = file_plan(root, "charts/shop/templates/extra.yaml", swaps)
    with Charts(root, job(root, inventory()).settings) as charts:
        (proof,) = prove_charts(charts, [plan], {})

    assert (
        proof.check.state,
        "ConfigMap refactor" in proof.check.message or "data.at" in proof.check.message,
    ) == ("failed", True)


def file_plan(root: Path, path: str, swaps: list[tuple[str, str]]) -> EditedFile:
    source = Source(path, (root / path).read_bytes())
    edits = tuple(
        msgspec.structs.replace(edit(source.text, old, new), file=path) for old, new in swaps
    )
    after = splice(source.text, [(*e.span, e.new) for e in edits])
    made = Source(path, after.encode())
    change = FileChange(path, source.digest, made.digest, edits)
    return EditedFile(ScannedFile(source, "yaml", ()), change, made, after.encode())


def proven(made: PlanJob, file: ScannedFile, rows: Rows | None = None) -> Rows:
    return prove_alone(world(made, file), file, rows_of(made, file) if rows is None else rows)


def told(rows: Rows) -> list[str]:
    return failed(dict.fromkeys(check for row in rows for check in row.checks))


def test_step_4_what_a_second_run_would_still_change(tmp_path: Path) -> None:
    """A name that is itself an address of the inventory is no end of it."""
    made, file = scanned(tmp_path, "url: http://10.42.1.11:8080\n")
    (row,) = rows_of(made, file)

    rows = proven(made, file, (row._replace(name=ChosenName("10.43.0.10")),))

    assert told(rows) == ["again: a second run would still change line 1"]
    assert reasons(rows) == ["unproven"]


def test_step_4_what_only_the_edit_beside_it_lets_a_second_run_edit(tmp_path: Path) -> None:
    """Before it the port beside the first address is none; after it the action is not looked into."""
    text = 'url: 10.43.0.10:80{{ "http://10.43.0.10" }}\n'
    (tmp_path / "Chart.yaml").write_text("name: c\nversion: 1.0.0\n")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.yaml").write_text(text)
    made = job(tmp_path, inventory())
    file = next(file for file in scan(made).files if file.kind == "template")

    rows = proven(made, file)

    assert told(rows) == ["again: a second run would still change line 1"]
    assert reasons(rows) == ["shape", "unproven"]


def test_step_4_what_stays_for_a_reason_outside_of_the_file(tmp_path: Path) -> None:
    """What a chart refuses is refused again, and is no work left."""
    made, file = scanned(tmp_path)
    first, second = rows_of(made, file)

    rows = proven(made, file, (first, second.refused(Refusal("name", "unproven", "no engine"))))

    assert told(rows) == []
    assert reasons(rows) == [None, "unproven"]


def test_one_edit_that_fails_takes_back_itself(tmp_path: Path) -> None:
    made, file = scanned(tmp_path)
    first, second = rows_of(made, file)
    assert isinstance(first.resolution, Target)
    ghost = msgspec.structs.replace(first.resolution, service=ServiceRef("shop", "ghost"))

    rows = proven(made, file, (first._replace(resolution=ghost), second))

    assert told(rows) == ["names: Service shop/ghost is not in the inventory"]
    assert reasons(rows) == ["unproven", None]
    assert rows[0].refusals[0].why == "names: Service shop/ghost is not in the inventory"


def test_one_edit_after_which_a_file_does_not_parse_takes_back_itself(tmp_path: Path) -> None:
    made, file = scanned(tmp_path)
    first, second = rows_of(made, file)

    rows = proven(made, file, (first, second._replace(name=ChosenName("b: c: d"))))

    assert reasons(rows) == [None, "unproven"]
    assert rows[1].refusals[0].why.startswith("syntax: does not parse any more")


def test_bytes_that_would_read_in_another_encoding(tmp_path: Path) -> None:
    """A mark of UTF-16 before an odd number of bytes is none; before an even one it would be."""
    (tmp_path / "a.conf").write_bytes(b"\xff\xfekafka = 10.42.2.10:9092")
    made = job(tmp_path, inventory())
    (file,) = scan(made).files

    rows = proven(made, file)

    assert told(rows) == ["syntax: its bytes would read in another encoding"]
    assert [row.edits for row in rows] == [()]


BLAMED = {
    # the edits that fail alone, those that fail only together: those that are taken back
    "one": ("abcdefgh", {"c"}, set(), {"c"}),
    "two apart": ("abcdefgh", {"a", "h"}, set(), {"a", "h"}),
    "all": ("abc", {"a", "b", "c"}, set(), {"a", "b", "c"}),
    "the last": ("abcde", {"e"}, set(), {"e"}),
    "only together": ("abcd", set(), {"a", "d"}, {"a", "b", "c", "d"}),
    "neighbours together": ("abcd", set(), {"a", "b"}, {"a", "b"}),
    "one by itself": ("a", {"a"}, set(), {"a"}),
}


@pytest.mark.parametrize(("marks", "bad", "pair", "blamed"), BLAMED.values(), ids=BLAMED)
def test_which_edits_are_to_blame(
    marks: str, bad: set[str], pair: set[str], blamed: set[str]
) -> None:
    def fails(part: Collection[str]) -> str:
        told = bad.intersection(part)
        return "it fails" if told or (pair and pair <= set(part)) else ""

    assert set(to_blame(list(marks), "it fails", fails, 64)) == blamed


def test_trials_have_an_end() -> None:
    asked = []

    def fails(part: Collection[str]) -> str:
        asked.append(part)
        return "it fails"

    marks = [str(number) for number in range(1000)]

    assert set(to_blame(marks, "it fails", fails, 8)) == set(marks)
    assert len(asked) <= 8
