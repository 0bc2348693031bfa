"""What a newcomer gets wrong: each mistake ends with one line that says what, where and what to do."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import pytest

from refactor.cli import main
from tests.repositories import commit, git
from tests.shop import write_cluster, write_repository

TABLE = "NAMESPACE   NAME     READY   STATUS\nshop        orders   1/1     Running\n"
KUBECONFIG = "apiVersion: v1\nkind: Config\nclusters: []\ncontexts: []\nusers: []\n"
MAPPED = 'mappings:\n- {address: "10.42.1.11:8080", service: %s}\n'
CLUSTER = ("-i", "../cluster.json")


class Mistake(NamedTuple):
    """A command, what its standard error says, what lies in the settings, and how it ends."""

    args: tuple[str, ...]
    told: str
    settings: str = ""
    code: int = 2


MISTAKES = [
    # The inventory.
    Mistake(("plan", "-i", "../table.txt"), "looks like kubectl's table output; run it again with -o json"),
    Mistake(("plan", "-i", "../error.txt"), "contains a kubectl error, not objects: error: You must be logged in"),
    Mistake(("plan", "-i", "../empty.json"), "is empty: kubectl wrote nothing; fix its error and run kubectl again"),
    Mistake(("plan", "-i", "../cut.json"), "is truncated: its JSON does not end; export it again"),
    Mistake(("plan", "-i", "../kubeconfig"), "looks like a kubeconfig; pass it with --kubeconfig"),
    Mistake(("plan", "-i", "../none.json"), "none.json: cannot be read: No such file or directory; export one with `refactor inventory`"),
    Mistake(("plan", "-i"), "Option '-i' requires an argument"),
    Mistake(("plan",), "`inventories` in the settings names none.json, which does not exist; export one", "inventories: [none.json]\n"),
    Mistake(("plan", "--live"), "no kubeconfig was found", "inventories: [none.json]\n"),
    # Commands and options.
    Mistake(("paln",), "did you mean `refactor plan`?"),
    Mistake(("help",), "did you mean `refactor --help`?"),
    Mistake(("plan", "--inventry", "x"), "Did you mean one of: '--inventory'"),
    Mistake(("plan", "nothere", *CLUSTER), "nothere: does not exist"),
    Mistake(("plan", ".", "../outside", *CLUSTER), "lies outside of"),
    Mistake(("plan", *CLUSTER, "--format", "html", "--format", "json"), "give each format its output"),
    Mistake(("plan", *CLUSTER, "--format", "pdf"), "'pdf' is not one of 'text'"),
    Mistake(("plan", *CLUSTER, "--cluster-domain", ""), "is not a cluster domain; such as cluster.local"),
    Mistake(("plan", *CLUSTER, "-n", "Shop_"), "is not a namespace; use lower-case letters"),
    Mistake(("explain", "foo", *CLUSTER), "is not an address, a name in the inventory, or FILE:LINE:COLUMN"),
    Mistake(("explain", "none.yaml:3", *CLUSTER), "there is no file none.yaml here"),
    # Settings.
    Mistake(("plan", *CLUSTER), ".refactor.yaml:1: unknown setting `namespce`; did you mean `namespace`?", "namespce: shop\n"),
    Mistake(("plan", *CLUSTER), ".refactor.yaml:1: `mappings`: expected a list, got a mapping", "mappings: {a: b}\n"),
    Mistake(("plan", *CLUSTER), ".refactor.yaml:2: `orders` must be NAMESPACE/NAME", MAPPED % "orders"),
    Mistake(("plan", *CLUSTER), ".refactor.yaml:2: Service `shop/nope` is neither in the inventory nor in the repository", MAPPED % "shop/nope"),
    Mistake(("plan", *CLUSTER), ".refactor.yaml:2: is not valid YAML", "a: [\n"),
    Mistake(("init",), ".refactor.yaml: exists already; --force overwrites it", "namespace: shop\n"),
    # Plans, the gate, applying.
    Mistake(("report", "../cluster.json"), "is not a plan file (expected format 1); make one with `refactor plan --out FILE`"),
    Mistake(("report",), "Missing argument 'PLAN'"),
    Mistake(("apply", "--plan", "../stale.json", "--yes"), "the plan is stale: this file has changed since; make the plan again"),
    Mistake(("apply", *CLUSTER), "standard input is not a terminal; pass --yes to skip the prompt"),
    Mistake(("apply", *CLUSTER, "--yes"), "git has uncommitted changes: a.yaml; commit or stash them"),
    Mistake(("undo",), "nothing has been applied here that could be taken back"),
    Mistake(("check", "--baseline", "none.json"), "this baseline does not exist; make one with `refactor check --write-baseline`"),
    Mistake(("check", "--baseline", "../table.txt"), "is not a baseline file"),
    Mistake(("check", "--diff-base", "nosuch"), "git cannot say what changed since 'nosuch'"),
    # What is right says nothing of the kind.
    Mistake(("plan", *CLUSTER), "", "namespace: shop\n", 0),
    Mistake(("plan", *CLUSTER, "--output", "../plan.html"), "refactor: Plan: 1 to change in 1 file", "", 0),
    Mistake(("explain", "a.yaml:1", *CLUSTER), "", "", 0),
    Mistake(("scan",), "", "", 0),
]  # fmt: skip


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = write_repository(tmp_path / "repo", {"a.yaml": "url: http://10.42.1.11:8080\n"})
    cluster = write_cluster(tmp_path / "cluster.json")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("KUBECONFIG", "KUBERNETES_SERVICE_HOST"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "table.txt").write_text(TABLE)
    (tmp_path / "error.txt").write_text("error: You must be logged in to the server\n")
    (tmp_path / "empty.json").write_text("")
    (tmp_path / "cut.json").write_bytes(cluster.read_bytes()[:2000])
    (tmp_path / "kubeconfig").write_text(KUBECONFIG)
    (tmp_path / "outside").mkdir()
    monkeypatch.chdir(root)
    return root


@pytest.mark.parametrize("row", MISTAKES, ids=[f"{' '.join(row.args)}: {row.told[:40]}" for row in MISTAKES])  # fmt: skip
def test_a_mistake_has_its_line(
    work: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, row: Mistake
) -> None:
    if row.settings:
        (work / ".refactor.yaml").write_text(row.settings)
    if "../stale.json" in row.args:
        run(capsys, "plan", *CLUSTER, "--out", "../stale.json")
        (work / "a.yaml").write_text("url: http://10.42.1.11:8081\n")
    if row.args[-1] == "--yes" or "--diff-base" in row.args:
        git(work, "init", "-q")
        commit(work)
    if "uncommitted" in row.told:
        (work / "a.yaml").write_text("other: http://10.42.1.11:8080\n")
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        code, out, err = run(capsys, *row.args)

    assert code == row.code, out + err
    assert row.told in err
    assert "internal error" not in err
    if code == 2:
        last = err.strip().splitlines()[-1]
        assert row.told in last
        assert last.startswith(("refactor: ", "Error: "))


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(list(args))
    return (int(ended.value.code or 0), *capsys.readouterr())
