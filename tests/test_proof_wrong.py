"""SEMANTICS.md section 5: a wrong edit is caught, by the step that is there for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from refactor.charted.session import Charts
from refactor.environments import Homes
from refactor.inventory import Inventory
from refactor.model import Check, Edit, FileChange, Target
from refactor.plan import Job, scan
from refactor.plan.edit import Decided, Resolved, decide
from refactor.plan.proof.charts import prove_charts
from refactor.plan.proof.names import prove_file
from refactor.plan.stages import FilePlan, plan_file, resolve_file
from refactor.settings import Settings
from refactor.source import Source, splice
from refactor.tree import ScannedFile
from refactor.view import Span
from tests.chart_shop import WEB, shop
from tests.forms import inventory

MANIFEST = "# 10.42.1.11 was here\nkind: ConfigMap\ndata:\n  url: http://10.42.1.11:8080/x\n  other: http://10.42.1.11:8080/y\n"


def job(root: Path, known: Inventory) -> Job:
    settings = Settings(namespace="shop")
    return Job(root, (root,), settings, Homes(settings, {"": known}))


def scanned(
    tmp_path: Path, text: str = MANIFEST, known: Inventory | None = None
) -> tuple[Any, ScannedFile]:
    (tmp_path / "a.yaml").write_text(text)
    made = job(tmp_path, known or inventory())
    (file,) = scan(made).files
    return made, file


def decided(made: Any, file: ScannedFile) -> Decided:
    return decide(
        resolve_file(made, file), file.source.text, lambda finding, target: target.service.name
    )


def checks(made: Any, file: ScannedFile, what: Decided) -> list[Check]:
    text = splice(file.source.text, [(*edit.span, edit.new) for edit in what.edits])
    after = Source(file.source.path, file.source.encode(text))
    return list(prove_file(file, after, what, made.homes.of(file.source.path).inventory))


def failed(found: list[Check]) -> list[str]:
    return [f"{check.name}: {check.message}" for check in found if check.state == "failed"]


def test_the_right_edits_pass(tmp_path: Path) -> None:
    made, file = scanned(tmp_path)

    assert failed(checks(made, file, decided(made, file))) == []


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
    for item in resolve_file(made, file):
        assert isinstance(item.resolution, Target)
        service = item.resolution.service
        if "service" in change:
            service = type(service)(*change["service"])
        rest = {key: value for key, value in change.items() if key != "service"}
        target = msgspec.structs.replace(item.resolution, service=service, **rest)
        wrong.append(Resolved(item.finding, target))
    what = decide(wrong, file.source.text, lambda finding, target: target.service.name)

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
    "2: a changed structure": (edit(MANIFEST, "http://10.42.1.11:8080/x", "{a: b}"), "nodes before"),
    "2: what does not parse": (edit(MANIFEST, "http://10.42.1.11:8080/x", "a: b: c"), "does not parse"),
    "2: a text that became a number": (edit(MANIFEST, "http://10.42.1.11:8080/x", "80"), "type"),
}  # fmt: skip


@pytest.mark.parametrize(("wrong", "told"), WRONG.values(), ids=WRONG)
def test_step_2(tmp_path: Path, wrong: Edit, told: str) -> None:
    made, file = scanned(tmp_path)
    right = decided(made, file)
    # An edit of a key is accounted for by that very edit: only one that nothing states is caught.
    edits = tuple(
        e
        for e in right.edits
        if not (e.span.start < wrong.span.end and wrong.span.start < e.span.end)
    )
    problems = failed(
        checks(
            made,
            file,
            Decided(right.outcomes, tuple(sorted((*edits, wrong), key=lambda e: e.span))),
        )
    )

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
    right = decided(made, file)
    comment = Edit("a.py", Span(2, 12), "10.42.1.11", "orders", "x")

    (problem,) = failed(checks(made, file, Decided(right.outcomes, (comment, *right.edits))))
    assert problem == "syntax: the edit of 10.42.1.11 changes no value"


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


def file_plan(root: Path, path: str, swaps: list[tuple[str, str]]) -> FilePlan:
    source = Source(path, (root / path).read_bytes())
    edits = tuple(
        msgspec.structs.replace(edit(source.text, old, new), file=path) for old, new in swaps
    )
    after = splice(source.text, [(*e.span, e.new) for e in edits])
    change = FileChange(path, source.digest, Source(path, after.encode()).digest, edits)
    return FilePlan(ScannedFile(source, "yaml", ()), (), change, (), after.encode())


def test_step_4_what_a_second_run_would_still_change(tmp_path: Path) -> None:
    """A name that is itself an address of the inventory is no end of it."""
    made, file = scanned(tmp_path, "url: http://10.42.1.11:8080\n")

    class Again:
        def of(self, finding: Any, target: Target) -> Any:
            from refactor.charted.names import NewHost

            return NewHost("10.43.0.10")

    plan = plan_file(made, file, resolve_file(made, file), Again())  # type: ignore[arg-type]

    assert failed(list(plan.checks)) == ["again: a second run would still change line 1"]
    assert [o.reason for o in plan.outcomes] == ["unproven"]


def test_step_4_what_only_the_edit_beside_it_lets_a_second_run_edit(tmp_path: Path) -> None:
    """Before it the port beside the first address is none; after it the action is not looked into."""
    text = 'url: 10.43.0.10:80{{ "http://10.43.0.10" }}\n'
    (tmp_path / "Chart.yaml").write_text("name: c\nversion: 1.0.0\n")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.yaml").write_text(text)
    made = job(tmp_path, inventory())
    file = next(file for file in scan(made).files if file.kind == "template")

    plan = plan_file(made, file, resolve_file(made, file))

    assert failed(list(plan.checks)) == ["again: a second run would still change line 1"]
    assert [o.reason for o in plan.outcomes] == ["shape", "unproven"]


def test_step_4_what_stays_for_a_reason_outside_of_the_file(tmp_path: Path) -> None:
    """What a chart refuses is refused again, and is no work left."""
    made, file = scanned(tmp_path)
    first, second = file.findings

    class Refuses:
        def of(self, finding: Any, target: Target) -> Any:
            from refactor.charted.names import NewHost

            refused = ("unproven", "no engine") if finding == second else None
            return NewHost("orders", refused=refused)

    plan = plan_file(made, file, resolve_file(made, file), Refuses())  # type: ignore[arg-type]

    assert failed(list(plan.checks)) == []
    assert [(o.finding, o.edited) for o in plan.outcomes] == [(first, True), (second, False)]


def test_bytes_that_would_read_in_another_encoding(tmp_path: Path) -> None:
    """A mark of UTF-16 before an odd number of bytes is none; before an even one it would be."""
    (tmp_path / "a.conf").write_bytes(b"\xff\xfekafka = 10.42.2.10:9092")
    made = job(tmp_path, inventory())
    (file,) = scan(made).files

    planned = plan_file(made, file, resolve_file(made, file))

    assert failed(list(planned.checks)) == ["syntax: its bytes would read in another encoding"]
    assert planned.change is None
