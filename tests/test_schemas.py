"""The published JSON Schemas of what people write, and the manual page.

Schemas are written anew by `UPDATE_GOLDEN=1 pytest tests/test_schemas.py`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from refactor.campaign.spec import Campaign
from refactor.cli import cli
from refactor.cli.man import page
from refactor.cli.schema import SCHEMAS, text_of
from refactor.settings import site
from refactor.settings.load import load
from refactor.settings.schema import FILE
from refactor.settings.types import Settings
from refactor.settings.yaml import read_yaml
from tests.test_settings import YAML

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


@pytest.mark.parametrize("kind", SCHEMAS)
def test_what_is_published_is_what_the_types_say(kind: str) -> None:
    file, now = DOCS / f"{kind}.schema.json", text_of(SCHEMAS[kind]())
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(now, "utf-8")
    assert file.read_text("utf-8") == now, "stale: see this file's first lines"
    assert CliRunner().invoke(cli, ["schema", kind]).output == now


def published(kind: str) -> Any:
    found = json.loads((DOCS / f"{kind}.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found)


def faults(kind: str, text: str) -> list[str]:
    data = read_yaml("x.yaml", text).data
    return [error.message for error in published(kind).iter_errors(data)]


def fences(page: str) -> list[str]:
    text = (DOCS / page).read_text("utf-8")
    return list(re.findall(r"```yaml[^\n]*\n(.*?)```", text, re.DOTALL))


CAMPAIGN = "name: a\nrepositories: {list: [shop/web, {url: 'https://x.example/y', base: main}]}\n"
ACCEPTED = [
    ("settings", "{}"),
    ("settings", YAML),
    ("settings", (ROOT / "samples" / "shop" / ".refactor.yaml").read_text("utf-8")),
    ("settings", fences("reference/settings.md")[0]),
    ("settings", "places: [{id: a, why: b, role: policy, path: spec.x}]\n"),
    ("campaign", CAMPAIGN),
    ("campaign", CAMPAIGN + "settings: {namespace: shop}\nhomes: [{settings: {tests: true}}]\n"),
    *(("campaign", text) for text in fences("how-to/campaigns.md") if "\nrepositories:" in text),
]


@pytest.mark.parametrize(("kind", "text"), ACCEPTED)
def test_a_schema_accepts_what_is_read(kind: str, text: str) -> None:
    assert faults(kind, text) == []


REFUSED = [
    ("settings", "namespaces: shop", "an unknown name"),
    ("settings", "inventory_max_age: 3", "a name in Python's spelling"),
    ("settings", "ignore: a", "text for a list"),
    ("settings", "names: long", "an unknown choice"),
    ("settings", "mappings: [{address: 10.0.0.1}]", "a missing name"),
    ("settings", "environments: [{name: a, valeus: []}]", "an unknown name within"),
    ("settings", "places: [{id: a, why: b, before: x}]", "a pattern in a row of the settings"),
    ("campaign", "name: a", "no repositories"),
    ("campaign", CAMPAIGN + "setings: {}", "an unknown name"),
    ("campaign", CAMPAIGN + "settings: {namespaces: x}", "an unknown setting of repositories"),
    ("campaign", CAMPAIGN + "homes: [{settings: {tests: maybe}}]", "a setting of another type"),
    ("campaign", "name: a\nrepositories: [a, b]", "a list for a mapping"),
]


@pytest.mark.parametrize(("kind", "text", "what"), REFUSED, ids=[row[2] for row in REFUSED])
def test_a_schema_refuses_what_is_not_read(kind: str, text: str, what: str) -> None:
    assert faults(kind, text) != []


@pytest.mark.parametrize(("kind", "struct"), [("settings", Settings), ("campaign", Campaign)])
def test_every_name_is_explained(kind: str, struct: type) -> None:
    parts = published(kind).schema["$defs"]
    assert struct.__name__ in parts
    for part in parts.values():
        assert part["description"]
        assert part["additionalProperties"] is False
        assert all(one["description"] for one in part["properties"].values())


# --- what `init` writes for editors ---------------------------------------------------------------


def written(root: Path, *args: str) -> str:
    done = CliRunner().invoke(cli, ["init", *args, str(root)])
    assert done.exit_code == 0
    return done.output


def test_init_names_a_schema_that_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "_published", str)
    told = written(tmp_path)
    first = (tmp_path / ".refactor.yaml").read_text().splitlines()[0]
    assert first == f"# yaml-language-server: $schema={FILE}"
    assert (tmp_path / FILE).read_text() == (DOCS / "settings.schema.json").read_text()
    assert FILE in told
    assert load(tmp_path) == Settings()


def test_init_names_the_sites_where_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(site.VARIABLE, "https://docs.acme.dev")
    written(tmp_path)
    first = (tmp_path / ".refactor.yaml").read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=https://docs.acme.dev/settings.schema.json"
    assert not (tmp_path / FILE).exists()


def test_printed_settings_name_no_file_that_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "_published", str)
    assert "$schema" not in written(tmp_path, "--print")
    assert list(tmp_path.iterdir()) == []


def test_the_schema_is_not_looked_into(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"a": "http://10.42.1.11:8080"}')
    told = CliRunner().invoke(cli, ["scan", str(tmp_path)]).output
    assert "Skipped: 1 settings file." in told
    assert "Found 0 addresses" in told


# --- the manual page ------------------------------------------------------------------------------


def test_the_manual_has_every_command_and_option() -> None:
    told = "\n".join(page()).replace("\\-", "-")
    for name in cli.list_commands(None):  # type: ignore[arg-type]
        assert f'.SS "refactor {name}' in told
    for option in ("--wrap-tpl", "--write-baseline", "--canary", "--diff-base"):
        assert option in told


REQUEST = re.compile(r"\.(?:TH|SH|SS|TP|PP|B|nf|fi)\b")


def test_no_line_of_the_manual_is_a_request_by_chance() -> None:
    lines = [line for part in page() for line in part.splitlines()]
    assert [line for line in lines if line[:1] in (".", "'") and not REQUEST.match(line)] == []
    assert any(line.startswith(r"\&.refactor") or r"\fB.refactor" in line for line in lines)


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not on the PATH")
def test_groff_formats_the_manual_without_a_warning() -> None:
    command = ["groff", "-man", "-Tutf8", "-ww"]
    done = subprocess.run(command, input="\n".join(page()), capture_output=True, text=True, check=True)  # fmt: skip
    assert done.stderr == ""
