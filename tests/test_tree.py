"""A tree to its findings: what a file's path says, and what the settings leave out."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from refactor.addresses.known import NOTHING
from refactor.cli import cli
from refactor.report.formats import REPORTS
from refactor.scan import tree
from refactor.scan.tree import scan_tree
from refactor.settings.types import Settings

URL = "http://10.0.0.1:80"
ROWS = [
    ("a.yaml", f"u: {URL}", Settings(), [None]),
    ("chart/templates/tests/t.yaml", f"u: {URL}", Settings(), ["read-only-source"]),
    ("chart/templates/NOTES.txt", f"curl {URL}", Settings(), ["read-only-source"]),
    ("chart/values.schema.json", f'{{"default": "{URL}"}}', Settings(), ["shape"]),
    ("main.go", f'u := "{URL}"', Settings(), ["read-only-source"]),
    ("main.go", f'u := "{URL}"', Settings(include=("*.go",)), [None]),
    ("pyproject.toml", f'[tool.other]\nu = "{URL}"', Settings(), [None]),
    ("pyproject.toml", f'[[tool.refactor.mappings]]\naddress = "{URL}"', Settings(), ["ignored"]),
    ("a.yaml", f"u: {URL}", Settings(ignore_addresses=("10.0.0.0/24",)), ["ignored"]),
    ("a.yaml", f"u: {URL}", Settings(ignore_addresses=("10.0.0.1",)), ["ignored"]),
    ("a.yaml", f"u: {URL}", Settings(ignore_addresses=("10.1.0.0/16",)), [None]),
    ("a.yaml", f"u: {URL}", Settings(ignore=("*.yaml",)), []),
    ("a.md", URL, Settings(), []),
    ("test_a.py", f"U = '{URL}'", Settings(), []),
    ("test_a.py", f"U = '{URL}'", Settings(tests=True), [None]),
    ("node_modules/a.yaml", f"u: {URL}", Settings(), []),
    ("poetry.lock", URL, Settings(), []),
    ("picture.yaml", "\0" + URL, Settings(), []),
    ("unknown.xyz", URL, Settings(), []),
    ("plan.json", f'{{"format_version": 1, "tool_version": "9", "u": "{URL}"}}', Settings(), []),
    ("x.sarif", f'{{"version": "2.1.0", "runs": ["{URL}"]}}', Settings(), []),
    ("x.json", f'[{{"description": "{URL}", "check_name": "hard-coded-ip"}}]', Settings(), []),
    ("x.xml", f'<?xml version="1.0"?>\n<testsuites a="{URL}"/>', Settings(), []),
    ("x.xml", f'<hosts a="{URL}"/>', Settings(), ["read-only-source"]),
    ("x.json", f'{{"source": {{"name": "other"}}, "u": "{URL}"}}', Settings(), [None]),
    ("x.json", f'{{"version": "2.1.0", "u": "{URL}"}}', Settings(), [None]),
    ("x.json", f'[{{"description": "{URL}", "check_name": "other"}}]', Settings(), [None]),
    (
        "dump.json",
        f'{{"apiVersion":"v1","kind":"List","items":[{{"podIP":"{URL}"}}]}}',
        Settings(),
        [],
    ),
    (
        "list.json",
        f'{{"apiVersion": "v1", "kind": "List", "items": ["{URL}"]}}',
        Settings(),
        [None],
    ),
    ("list.yaml", f'{{"apiVersion": "v1", "items": ["{URL}", "podIP"]}}', Settings(), [None]),
]


@pytest.mark.parametrize(("name", "text", "settings", "kept"), ROWS)
def test_standing(
    tmp_path: Path, name: str, text: str, settings: Settings, kept: list[str | None]
) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    scan = scan_tree(tmp_path, [tmp_path], settings, lambda _: NOTHING)

    assert [finding.kept for file in scan.files for finding in file.findings] == kept
    assert bool(scan.passed_over) is (kept == [])


@pytest.mark.parametrize("style", REPORTS.built_in)
def test_reports_that_lie_there_are_no_part_of_it(tmp_path: Path, style: str) -> None:
    shop = Path(__file__).parent.parent / "samples" / "shop"
    suffix = {
        "html": "html",
        "markdown": "md",
        "text": "txt",
        "semantic": "txt",
        "patch": "patch",
        "junit": "xml",
    }.get(style, "json")
    argv = ["plan", str(shop), "--format", style, "--output", str(tmp_path / f"report.{suffix}")]
    assert CliRunner().invoke(cli, argv).exit_code == 0
    scan = scan_tree(tmp_path, [tmp_path], Settings(), lambda _: NOTHING)

    assert scan.files == ()


def test_a_file_in_utf_16_is_looked_into(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xff\xfe" + f"u: {URL}".encode("utf-16-le"))
    scan = scan_tree(tmp_path, [tmp_path], Settings(), lambda _: NOTHING)

    assert [finding.host for file in scan.files for finding in file.findings] == ["10.0.0.1"]


def test_copies_of_the_process_find_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(40):
        (tmp_path / f"f{n}.yaml").write_text(f"a{n}: {URL}\nb: [127.0.0.1, 10.1.0.{n}]\n")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff: " + URL.encode())  # no message can carry it
    (tmp_path / "clean.yaml").write_text("u: 127.0.0.1:80\n")
    (tmp_path / "x.sarif").write_text(f'{{"version": "2.1.0", "runs": ["{URL}"]}}')
    monkeypatch.setattr(tree, "_ALONE", 0)  # these files are small, and would be read here
    told = []
    for workers in (1, 2, 5):
        monkeypatch.setattr(tree, "processes", lambda workers=workers: workers)
        found = scan_tree(tmp_path, [], Settings(), lambda _: NOTHING)
        files = [(one.source.digest, one.kind, one.findings) for one in found.files]
        told.append((files, found.notes, found.passed_over, found.files_read))

    assert told[0] == told[1] == told[2]
    assert [len(findings) for _, _, findings in told[0][0]] == [1, *[2] * 40]


@pytest.mark.parametrize(
    ("name", "text", "hosts"),
    [
        ("a.yaml", "u: 127.0.0.1:80\nv: 8.8.8.8\n", []),
        ("a.yaml", "u: 127.0.0.1:80\nv: fd00::1\n", ["fd00::1"]),
        ("a.yaml", 'u: 127.0.0.1\nv: "\\x310.0.0.9"\n', ["10.0.0.9"]),
        ("a.json", '{"u": "127.0.0.1", "v": "\\u0031\\u0030.0.0.9"}', ["10.0.0.9"]),
        ("a.json", '{"u": "127.0.0.1", "v": "at\\nfd00::1 it"}', ["fd00::1"]),
        ("a.json", '{"u": "127.0.0.1", "v": "at\\n10.0.0.9 it"}', ["10.0.0.9"]),
        ("a.py", 'U = "127.0.0.1"\nV = "10.0." + "0.9"\n', ["10.0.0.9"]),
        (
            "a.yaml",
            "apiVersion: v1\nkind: Secret\nu: 127.0.0.1\ndata: {v: MTAuMC4wLjk=}\n",
            ["10.0.0.9"],
        ),
    ],
)
def test_a_file_without_hosts_that_count_is_not_read_and_loses_nothing(
    tmp_path: Path, name: str, text: str, hosts: list[str]
) -> None:
    (tmp_path / name).write_text(text)
    found = scan_tree(tmp_path, [], Settings(), lambda _: NOTHING)

    assert [one.host for file in found.files for one in file.findings] == hosts
