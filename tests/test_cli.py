"""The commands as a user runs them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from refactor import __version__
from refactor.cli import main
from refactor.helm.engine import NoEngine
from refactor.plan.charts import session
from tests.shop import AFTER, FILES, contents, write_cluster, write_repository


class Ran(NamedTuple):
    code: int
    out: str
    err: str


class Repository(NamedTuple):
    root: Path
    cluster: Path


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    root = tmp_path / "repo"
    root.mkdir()
    write_repository(root)
    monkeypatch.chdir(root)
    return Repository(root, write_cluster(tmp_path / "cluster.json"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    def run(*args: object) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main([str(arg) for arg in args])
        out, err = capsys.readouterr()
        return Ran(stopped.value.code, out, err)

    return run


def user_files(root: Path) -> dict[str, str]:
    return {n: b.decode() for n, b in contents(root).items() if n != ".refactor.yaml"}


def test_plan_writes_nothing_and_tells_all(repo: Repository, run) -> None:
    ran = run("plan", "-i", repo.cluster)

    assert ran.code == 0
    assert user_files(repo.root) == FILES
    assert "+ordersUrl: http://orders:80/api  # keep" in ran.out
    assert (
        "\nPlan: 9 to change in 4 files, 1 needs review, 2 correct as they are; 1 warning.\n"
        in ran.out
    )
    assert "unknown-address (1)" in ran.out
    assert "10.99.0.1" in ran.out


def test_apply_then_plan_then_undo(repo: Repository, run) -> None:
    before = contents(repo.root)

    applied = run("apply", "-i", repo.cluster, "--yes")
    assert applied.code == 0
    assert user_files(repo.root) == AFTER

    assert run("plan", "-i", repo.cluster, "--exit-code").code == 0
    assert run("undo").code == 0
    assert contents(repo.root) == before


def test_a_saved_plan_is_what_is_applied(repo: Repository, run, tmp_path: Path) -> None:
    saved = tmp_path / "plan.json"

    assert run("plan", "-i", repo.cluster, "--out", saved, "--exit-code").code == 1
    assert run("apply", "--plan", saved, "--yes").code == 0
    assert user_files(repo.root) == AFTER


def test_a_stale_plan_is_refused_whole(repo: Repository, run, tmp_path: Path) -> None:
    saved = tmp_path / "plan.json"
    run("plan", "-i", repo.cluster, "--out", saved)
    (repo.root / "values.yaml").write_text("x: 1\n")
    before = contents(repo.root)
    ran = run("apply", "--plan", saved, "--yes")

    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert "values.yaml" in ran.err
    assert contents(repo.root) == before


def test_apply_asks_and_without_anybody_there_refuses(repo: Repository, run) -> None:
    ran = run("apply", "-i", repo.cluster)

    assert ran.code == 2
    assert "--yes" in ran.err
    assert user_files(repo.root) == FILES


def test_a_reader_that_has_gone_is_no_finding(repo: Repository) -> None:
    (repo.root / "many.yaml").write_text("- http://10.42.1.11:8080\n" * 5000)
    command = f"'{sys.executable}' -m refactor scan | head -n 1; echo ${{PIPESTATUS[0]}}"
    ran = subprocess.run(["bash", "-c", command], capture_output=True, text=True)

    assert ran.stdout.splitlines()[-1] == "141"
    assert ran.stderr == ""


def test_scan_needs_no_inventory(repo: Repository, run) -> None:
    ran = run("scan")

    assert ran.code == 0
    assert "values.yaml:2:19: 10.42.1.11:8080 (ordersUrl)" in ran.out
    assert "0.0.0.0" not in ran.out
    assert "is only named here" not in ran.out
    assert run("scan", "--exit-code").code == 1


@pytest.mark.parametrize(
    "paths",
    [[], ["."], ["charts", "app.py"], ["no-such-file"], [""], ["charts", "/"]],
    ids=["none", "here", "two", "missing", "empty", "outside"],
)
def test_a_scan_without_options_is_that_with_them(repo: Repository, run, paths: list[str]) -> None:
    """The one goes round click, which takes long to import; nobody may see that."""
    plain, by_click = run("scan", *paths), run("scan", "--format", "text", *paths)

    assert plain == by_click


def test_a_scan_tells_an_encoding_that_it_cannot_show(repo: Repository) -> None:
    (repo.root / "ä.yaml").write_text("url: http://10.42.1.11:8080/ü\n")
    command = [sys.executable, "-m", "refactor", "scan"]
    env = {**os.environ, "PYTHONIOENCODING": "ascii"}
    told = [
        subprocess.run([*command, *options], capture_output=True, env=env, check=True).stdout
        for options in ([], ["--format", "text"])
    ]

    assert told[0] == told[1]
    assert "\\xe4.yaml" in told[0].decode("ascii")


def test_explain_an_address_and_a_finding(repo: Repository, run) -> None:
    by_address = run("explain", "10.42.1.11:8080", "-i", repo.cluster)
    plan = json.loads(run("plan", "-i", repo.cluster, "--format", "json").out)
    mark = next(
        o["finding"]["fingerprint"]
        for o in plan["outcomes"]
        if o["edited"]
        if o["finding"]["file"] == "values.yaml"
    )
    by_mark = run("explain", mark, "-i", repo.cluster)

    for ran in (by_address, by_mark):
        assert ran.code == 0
        assert "shop/orders-7f9c6d5b8-abcde" in ran.out
        assert "Deployment shop/orders" in ran.out
        assert "shop/orders" in ran.out
    assert by_mark.out.startswith("values.yaml:2:19\n")


KEPT = {
    # a file that holds an address: all that `explain` says against its edit, the first decides
    "a place that stays": ("loadBalancerIP: 10.42.1.11\n", ["kept-field", "no-port"]),
    "a place that stays, and nobody's address": ("loadBalancerIP: 10.42.9.99\n", ["kept-field", "unknown-address"]),
    "nobody's address": ("url: http://10.42.9.99:8080\n", ["unknown-address"]),
    "a host without names, and nobody's address": ("kind: Pod\nmetadata: {name: p}\nspec:\n  hostNetwork: true\n  containers:\n  - env: [{name: U, value: 'http://10.42.9.99:8080'}]\n", ["unknown-address", "unproven"]),
    "what is edited": ("url: http://10.42.1.11:8080\n", []),
}  # fmt: skip


@pytest.mark.parametrize(("text", "reasons"), KEPT.values(), ids=KEPT)
def test_explain_tells_all_that_speaks_against_an_edit(
    repo: Repository, run, text: str, reasons: list[str]
) -> None:
    (repo.root / "one.yaml").write_text(text)
    host = "10.42.9.99" if "10.42.9.99" in text else "10.42.1.11"
    port = ":8080" if ":8080" in text else ""

    told = run("explain", f"{host}{port}", "one.yaml", "-i", repo.cluster).out

    assert ("a plan keeps it" in told) == bool(reasons)
    kept = told.partition("a plan keeps it:\n")[2].splitlines()
    assert [line.split(":")[0].strip() for line in kept if re.match("  [a-z]", line)] == reasons


def test_names_and_namespace_options(repo: Repository, run) -> None:
    run(
        "apply",
        "values.yaml",
        "-i",
        repo.cluster,
        "-n",
        "elsewhere",
        "--names",
        "qualified",
        "--yes",
    )

    assert "http://orders.shop.svc:80/api" in user_files(repo.root)["values.yaml"]


def test_python_env(repo: Repository, run) -> None:
    run("apply", "app", "-i", repo.cluster, "--python", "env", "--yes")
    text = user_files(repo.root)["app/settings.py"]

    assert 'CLUSTER = os.environ.get("ORDERS_URL", "http://orders")' in text
    assert text.count("import os") == 1
    compile(text, "settings.py", "exec")


BAD = [
    ("path that does not exist", ["plan", "nowhere"], "nowhere"),
    ("inventory that does not exist", ["plan", "-i", "nowhere.json"], "nowhere.json"),
    ("inventory that is none", ["plan", "-i", "values.yaml"], "values.yaml"),
    ("inventory cut off", ["plan", "-i", "cut.json"], "cut.json"),
    ("inventory empty", ["plan", "-i", "empty.json"], "empty.json"),
    ("inventory without objects", ["plan", "-i", "list.json"], "list.json"),
    ("settings with an unknown key", ["plan", "-c", "bad.yaml"], "bad.yaml:2"),
    ("plan that is none", ["apply", "--plan", "list.json", "--yes"], "list.json"),
    ("plan that does not exist", ["apply", "--plan", "nowhere", "--yes"], "nowhere"),
    ("plan of another repository", ["apply", "--plan", "foreign.json", "--yes"], "gone.yaml"),
    ("plan that climbs out", ["apply", "--plan", "climb.json", "--yes"], "../../etc/passwd"),
    ("nothing to undo", ["undo"], "taken back"),
    ("no address", ["explain", "hello"], "hello"),
    ("no such finding", ["explain", "0123456789abcdef"], "0123456789abcdef"),
    ("no such command", ["pln"], "pln"),
    ("no such option", ["plan", "--frobnicate"], "frobnicate"),
]  # fmt: skip


def change(path: str) -> str:
    edit = {"file": path, "span": [0, 1], "old": "x", "new": "y", "finding": "f"}
    changes = [{"path": path, "before": "0" * 64, "after": "1" * 64, "edits": [edit]}]
    return json.dumps({"format_version": 1, "tool_version": "0", "changes": changes})


@pytest.mark.parametrize(("args", "told"), [r[1:] for r in BAD], ids=[r[0] for r in BAD])
def test_bad_input_is_one_line_and_exit_2(
    repo: Repository, run, args: list[str], told: str
) -> None:
    given = {
        "cut.json": '{"kind": "List", "items": [{"kind": "Pod"',
        "empty.json": "",
        "list.json": '{"apiVersion": "v1", "kind": "List", "items": []}',
        "bad.yaml": "namespace: shop\nnamespaze: x\n",
        "foreign.json": change("gone.yaml"),
        "climb.json": change("../../etc/passwd"),
    }
    for name, text in given.items():
        (repo.root / name).write_text(text)
    before = contents(repo.root)
    ran = run(*args)

    assert ran.code == 2
    assert told in ran.err
    assert "Traceback" not in ran.err
    assert len(ran.err.strip().splitlines()) == 1 or "Usage:" in ran.err
    assert contents(repo.root) == before


def test_objects_without_status_are_tolerated(repo: Repository, run, tmp_path: Path) -> None:
    odd = [
        {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "x", "namespace": "y"}},
        {"kind": "Service", "apiVersion": "v1"},
    ]
    cluster = write_cluster(tmp_path / "odd.json", odd)

    assert run("plan", "-i", cluster).code == 0


def test_passwords_are_masked_in_the_report_and_not_in_the_file(repo: Repository, run) -> None:
    (repo.root / "dsn.env").write_text("DSN=postgres://app:s3cr3t@10.42.1.20:5432/x\n")
    ran = run("apply", "-i", repo.cluster, "--yes")

    assert "s3cr3t" not in ran.out + ran.err
    assert (repo.root / "dsn.env").read_text() == "DSN=postgres://app:s3cr3t@db:5432/x\n"


def test_standard_input_serves_as_inventory(repo: Repository) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "refactor", "plan", "-i", "-"],
        input=repo.cluster.read_bytes(), capture_output=True, check=True,
    )  # fmt: skip

    assert b"orders:80" in ran.stdout


@pytest.mark.parametrize("name", ["scan", "plan", "apply", "undo", "explain", "init", "check"])
def test_every_command_has_help_that_ends_with_examples(run, name: str) -> None:
    ran = run(name, "--help")

    assert ran.code == 0
    assert len(ran.out) > 200
    assert ran.out.rpartition("\n\nExamples:\n")[2].startswith(f"  refactor {name}")


@pytest.mark.parametrize("style", ["text", "json", "markdown", "sarif", "gitlab", "patch"])
def test_every_format_to_a_file_and_to_standard_output(
    repo: Repository, run, tmp_path: Path, style: str
) -> None:
    told = run("plan", "-i", repo.cluster, "--format", style)
    file = tmp_path / "report"
    written = run("plan", "-i", repo.cluster, "--format", style, "--output", file)

    assert (told.code, written.code, written.out) == (0, 0, "")
    clock = re.compile(r"\d\d:\d\d(:\d\d)?Z?")  # both say when they were made
    assert clock.sub("", file.read_bytes().decode().strip()) == clock.sub("", told.out.strip())
    assert "values.yaml" in told.out


def test_a_report_that_cannot_be_written_is_one_line(repo: Repository, run) -> None:
    ran = run("plan", "-i", repo.cluster, "--format", "json", "--output", "no/such/place")

    assert ran.code == 2
    assert "no/such/place" in ran.err


def test_the_version_in_full_tells_of_helm_and_its_cage(run) -> None:
    told = run("--version", "-v").out.splitlines()

    assert told[0] == f"refactor, version {__version__}"
    assert told[1].startswith("helm: ")
    assert len(told) == 8
    assert all(line.startswith("cage: ") for line in told[2:])


def test_verbose_is_of_the_version_only(run) -> None:
    ran = run("-v", "scan")

    assert ran.code == 2
    assert "refactor --version -v" in ran.err


def test_the_version_alone_is_a_line(run) -> None:
    assert run("--version") == (0, f"refactor, version {__version__}\n", "")


def test_helm_is_not_started_where_no_chart_is_touched(
    repo: Repository, run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repo.root / "alone.py").write_text('URL = "http://10.42.1.11:8080/x"\n')
    started: list[str] = []
    monkeypatch.setattr(session, "find_engine", lambda: NoEngine(str(started.append("Helm"))))

    ran = run("plan", "alone.py", "-i", repo.cluster)

    assert "Plan: 1 to change in 1 file." in ran.out
    assert started == []
