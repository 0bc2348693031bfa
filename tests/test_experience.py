"""What people meet: plain words, places that can be given back, extras that are missing, hints."""

from __future__ import annotations

import ast
import datetime
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from refactor.cli import main
from refactor.inventory import load
from refactor.inventory.misfit import misfit
from refactor.model import Basis, Origin, Plan
from refactor.report.origin import facts
from tests.shop import write_cluster, write_repository

ROOT = Path(__file__).parent.parent
NOON = datetime.datetime(2026, 11, 30, 12, tzinfo=datetime.UTC)

# --- plain English --------------------------------------------------------------------------------

RIDDLES = re.compile(
    r"(?<!there )\bis none\b|\bwhat of\b|\b(?:no|some)body\b|\bwhoever\b|needs a human|bug of refactor's own"
    r"|\bpassed over\b|\bunasked\b|(?<!there )\bis no (?:YAML|TOML|plan|address|port|Service|inventory)\b"
    r"|table for people|proof says"
)


def texts(path: Path) -> Iterator[str]:
    """Yield the texts of a module that a user can meet: all but docstrings and single words."""
    tree = ast.parse(path.read_text("utf-8"))
    silent = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        value = node.value if isinstance(node, ast.Constant) and id(node) not in silent else None
        if isinstance(value, str) and " " in value:
            yield value


@pytest.mark.parametrize("room", ["cli", "report", "gate", "settings", "plan", "apply", "inventory", "resolve", "model", "campaign", "verify", "repository", "helm", "scan", "yaml", "secret", "files"])  # fmt: skip
def test_messages_hold_no_riddles(room: str) -> None:
    found = {
        (path.name, text)
        for path in (ROOT / "refactor" / room).rglob("*.py")
        for text in texts(path)
        if RIDDLES.search(text) and not text.startswith("UPDATE ")  # what older files say
    }
    assert found == set()


PAGES = ["README.md", "SECURITY.md", "CONTRIBUTING.md", "RELEASING.md", *(f"docs/{p.relative_to(ROOT / 'docs')}" for p in sorted((ROOT / "docs").rglob("*.md")) if p.name != "semantics.md")]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_pages_hold_no_riddles(page: str) -> None:
    assert RIDDLES.findall((ROOT / page).read_text("utf-8")) == []


WORDS = [
    ("this is none", True),
    ("somebody waits", True),
    ("x is no YAML", True),
    ("no body was sent", False),
    ("what offers a port", False),
    ("there is no YAML here", False),
]


@pytest.mark.parametrize(("text", "found"), WORDS)
def test_the_patterns_find_riddles_and_nothing_else(text: str, found: bool) -> None:
    assert bool(RIDDLES.search(text)) == found


# --- what a report rests on -----------------------------------------------------------------------

AGES = [
    (Origin("c.json", NOON, stated=True), "c.json, taken 2026-11-30 12:00 UTC", False),
    (Origin("c.json", NOON - datetime.timedelta(hours=5)),
     "c.json, file of 2026-11-30 07:00 UTC (5 hours old)", False),
    (Origin("c.json", NOON - datetime.timedelta(days=60)),
     "c.json, file of 2026-10-01 12:00 UTC (60 days old): export it again before you apply; pod IPs change", True),
    (Origin("-"), "-, age unknown", False),
]  # fmt: skip


@pytest.mark.parametrize(("origin", "told", "care"), AGES, ids=[row[1] for row in AGES])
def test_the_age_of_an_inventory_is_told(origin: Origin, told: str, care: bool) -> None:
    assert next(facts(Plan(basis=Basis(NOON, (origin,))))) == ("inventory", told, care)


CLUSTERS = [
    (["10.244.0.1", "10.244.0.2", "10.244.9.9"], "none of the 3 addresses is in this inventory; its pods are in 10.42.0.0/16, most addresses here in 10.244.0.0/16: is it the right cluster?"),
    (["10.42.200.1", "10.42.200.2", "10.42.200.3"], "none of the 3 addresses is in this inventory: is it the right cluster?"),
    (["10.244.0.1", "10.244.0.2", "10.42.1.11"], ""),
    (["10.244.0.1", "10.244.0.2"], ""),
    ([], ""),
]  # fmt: skip


@pytest.mark.parametrize(("hosts", "told"), CLUSTERS)
def test_an_inventory_of_another_cluster_is_doubted(
    tmp_path: Path, hosts: list[str], told: str
) -> None:
    inventory = load([str(write_cluster(tmp_path / "cluster.json"))], stdin=bytes)
    assert misfit(hosts, inventory) == told


# --- commands -------------------------------------------------------------------------------------


def run(capsys: pytest.CaptureFixture[str], *args: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main([str(arg) for arg in args])
    return (int(ended.value.code or 0), *capsys.readouterr())


PLACES = [
    ("a.yaml:2:13", 0, "Service shop/orders"),
    ("a.yaml:2", 0, "Service shop/orders"),
    ("a.yaml:2:14", 0, "Service shop/orders"),
    ("a.yaml:1:1", 2, "no address was found there"),
    ("b.yaml:1:1", 2, "there is no file b.yaml here"),
]


@pytest.mark.parametrize(("place", "code", "told"), PLACES)
def test_a_place_can_be_given_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    place: str, code: int, told: str,
) -> None:  # fmt: skip
    root = write_repository(tmp_path / "repo", {"a.yaml": "b: 1\nurl: http://10.42.1.11:8080\n"})
    monkeypatch.chdir(root)
    ended, out, err = run(capsys, "explain", place, "-i", write_cluster(tmp_path / "c.json"))
    assert ended == code
    assert told in out + err


_WITHOUT = """
import sys
sys.modules.update(dict.fromkeys({gone!r}))
from refactor.cli import main
main({args!r})
"""
EXTRAS = ("kubernetes", "urllib3", "helm_python", "pebble", "github", "gitlab", "requests", "stamina", "distributed")  # fmt: skip
COMMANDS = [
    (["inventory"], 2, "live"),
    (["plan", "--context", "x", "."], 2, "live"),
    (["plan", "--live", "."], 2, "live"),
    (["scan", "."], 0, ""),
    (["plan", "."], 0, ""),
    (["check", "."], 1, ""),
    (["doctor"], 0, ".[live]"),
]


@pytest.mark.parametrize(("args", "code", "told"), COMMANDS, ids=[" ".join(r[0]) for r in COMMANDS])
def test_a_missing_extra_is_named(tmp_path: Path, args: list[str], code: int, told: str) -> None:
    root = write_repository(tmp_path / "repo", {"a.yaml": "url: http://10.42.1.11:8080\n"})
    program = _WITHOUT.format(gone=set(EXTRAS), args=args)
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}, check=False,
    )  # fmt: skip
    assert ran.returncode == code, ran.stderr
    assert told in ran.stdout + ran.stderr
    assert "internal error" not in ran.stderr


def test_check_points_at_the_address(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_repository(tmp_path / "repo", {"a.yaml": "url: http://10.42.1.11:8080\n"})
    _, out, _ = run(capsys, "check", root)
    assert out.splitlines()[:3] == [
        "a.yaml:1:13: 10.42.1.11:8080 is hard-coded",
        "     1| url: http://10.42.1.11:8080",
        "      |             ^^^^^^^^^^",
    ]


def test_a_password_is_masked_in_a_source_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "url: postgres://app:hunter2secret@10.9.9.9:5432/db\n"
    root = write_repository(tmp_path / "repo", {"a.yaml": text})
    _, out, _ = run(capsys, "plan", root, "-i", write_cluster(tmp_path / "c.json"))
    assert "^^^^^^^^" in out
    assert "hunter2secret" not in out


HELP = [("plan", True), ("apply", True), ("scan", False), ("explain", False), ("check", False)]


@pytest.mark.parametrize(("command", "shown"), HELP)
def test_options_are_in_groups_and_only_where_they_matter(
    capsys: pytest.CaptureFixture[str], command: str, shown: bool
) -> None:
    _, out, _ = run(capsys, command, "--help")
    assert "What runs in the cluster:" in out
    assert ("--wrap-tpl" in out) == shown


def test_a_wrong_values_file_is_one_error_at_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_repository(tmp_path / "repo", {"a.yaml": "url: http://10.42.1.11:8080\n"})
    settings = "environments:\n- name: a\n  values:\n  - values-prd.yaml\n"
    (root / ".refactor.yaml").write_text(settings)
    cluster = write_cluster(tmp_path / "c.json")
    code, out, err = run(capsys, "plan", root, "-i", cluster)
    assert (code, out) == (2, "")
    assert err == "refactor: .refactor.yaml:4: `values-prd.yaml` does not exist; correct the path\n"
    (root / "values-prd.yaml").write_text("a: 1\n")
    assert run(capsys, "plan", root, "-i", cluster)[0] == 0


@pytest.mark.parametrize(("number", "errors", "last"), [(3, 3, "10.9.0.2"), (10, 10, "10.9.0.9"), (14, 10, "5 more hard-coded addresses in 1 file")])  # fmt: skip
def test_annotations_are_summed_up_past_githubs_limit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], number: int, errors: int, last: str
) -> None:
    text = "".join(f"k{n}: http://10.9.0.{n}:80\n" for n in range(number))
    root = write_repository(tmp_path / "repo", {"a.yaml": text})
    _, out, _ = run(capsys, "check", root, "--format", "github")
    assert len(out.splitlines()) == errors
    assert last in out.splitlines()[-1]


DOUBTS = [
    ('ignore: ["chrats/**"]', ".refactor.yaml:1: `chrats/**` matches nothing: there is no chrats"),
    ('include:\n- src/*.go\n- charts/invoces/*.go', ".refactor.yaml:2: `src/*.go` matches nothing: there is no src"),
    ('environments:\n- name: a\n  files: ["charts/invoces/**"]', ".refactor.yaml:3: `charts/invoces/**` matches nothing: there is no charts/invoces"),
    ("namespace: shopp", ".refactor.yaml:1: namespace shopp is not in the inventory; did you mean shop?"),
    ('mappings:\n- {address: "10.9.9.9:80", service: shop/nope}', ".refactor.yaml:2: Service shop/nope is not in the inventory"),  # a chart may make it
    ('ignore: ["charts/**", "*.lock", "**/gen/**", "generated/", "/charts/"]', ""),
    ("namespace: batch", ""),
    ("namespace: shop", ""),
    ('mappings:\n- {address: "10.9.9.9:80", service: shop/orders}', ""),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "told"), DOUBTS, ids=[row[0] for row in DOUBTS])
def test_a_setting_that_is_about_nothing_is_one_note_at_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: str, told: str
) -> None:
    files = {
        "a.yaml": "url: http://10.42.1.11:8080\n",
        "charts/x.yaml": "a: 1\n",
        "charts/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
    }
    root = write_repository(tmp_path / "repo", files)
    (root / ".refactor.yaml").write_text(settings + "\n")
    code, out, _ = run(capsys, "plan", root, "-i", write_cluster(tmp_path / "c.json"))
    assert code == 0
    assert out.count(told) == 1 if told else ".refactor.yaml:" not in out


@pytest.mark.parametrize(("name", "doubted"), [("nowhere", True), ("shop", False)])
def test_a_namespace_of_the_command_line_is_looked_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, doubted: bool
) -> None:
    root = write_repository(tmp_path / "repo", {"a.yaml": "url: http://10.42.1.11:8080\n"})
    _, out, _ = run(capsys, "plan", root, "-n", name, "-i", write_cluster(tmp_path / "c.json"))
    assert ("-n: namespace nowhere is not in the inventory" in out) == doubted
