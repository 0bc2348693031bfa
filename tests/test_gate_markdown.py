"""The gate's comment on a pull request."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.gate.markdown import markdown
from refactor.gate.select import GateFindings
from refactor.model import Note, Outcome, Plan
from tests.shop import write_cluster
from tests.test_gate import repo, run
from tests.test_report_formats import finding

__all__ = ["repo", "run"]

TOLD = """\
## refactor: 2 new hard-coded addresses

### New

| place | address | write instead |
| --- | --- | --- |
| `a|b.yaml:1:4` | `10.99.0.1:80` | no object in the inventory has this address<br>→ if it is an external machine, create a Service without a selector and an EndpointSlice |
| `values.yaml:2:19` | `10.42.1.11:8080` | `orders.shop.svc.cluster.local:80` |

### Notes

- `values.yaml:3`: \\`refactor: ignore\\` silences nothing: a comment counts on the line of the address

To let one stay: `refactor: ignore[why]` on its line; to let all: `--write-baseline`

2 new hard-coded addresses; 2 files read
""".replace("`a|b.yaml:1:4`", "<code>a&#124;b.yaml&#58;1&#58;4</code>")


def test_what_is_new_and_what_to_write_instead(repo: Path, run, tmp_path: Path) -> None:
    cluster = write_cluster(tmp_path / "cluster.json")
    (repo / "values.yaml").write_text(
        "a: 1\nordersUrl: http://10.42.1.11:8080\n# refactor: ignore\n"
    )
    (repo / "a|b.yaml").write_text("x: 10.99.0.1:80\n")
    ran = run("-i", cluster, "--format", "markdown")

    assert (ran.code, ran.out) == (1, TOLD)


def test_nothing_new(repo: Path, run) -> None:
    (repo / "values.yaml").write_text("a: http://10.42.1.11 # refactor: ignore[a box]\n")

    assert run("--format", "markdown").out == (
        "## refactor: no new hard-coded addresses\n\n0 new hard-coded addresses, 1 ignored; 1 file read\n"
    )  # fmt: skip


@pytest.mark.parametrize("limit", [300, 1_000, 10_000, 65_000])
def test_it_is_never_longer_than_its_limit(limit: int) -> None:
    found = tuple(finding(file=f"f{n:04}.yaml", fingerprint=str(n)) for n in range(2000))
    plan = Plan(
        outcomes=tuple(Outcome(f, reason="new", why="é" * 100) for f in found),
        notes=tuple(Note(f"n{n}.yaml", "unparsable", "broken " * 9) for n in range(500)),
    )
    told = markdown(plan, GateFindings(found), limit)
    rows = told.count("| `f")

    assert len(told) <= limit
    assert told.endswith("2000 new hard-coded addresses; 0 files read\n")
    assert f"\n{2000 - rows} addresses left out.\n" in told
