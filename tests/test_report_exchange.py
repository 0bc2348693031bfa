"""The plan for reviewdog and as JUnit's XML, and the links that reports carry.

The two shapes here are written after the published ones: reviewdog's JSON Schema
(`proto/rdf/jsonschema/DiagnosticResult.json`), with nothing unknown allowed, and Jenkins'
`junit-10.xsd`.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as Tree
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from refactor.apply.run import apply
from refactor.model import REASONS, Outcome, Plan
from refactor.report.formats import render
from refactor.report.sarif import RULES
from refactor.settings import site
from refactor.text.source import Source
from refactor.verify.model import Verification
from refactor.verify.sarif import sarif as verify_sarif
from tests.many import shop_plan
from tests.shop import write_cluster, write_repository
from tests.test_report_formats import finding, real_plan


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Path]:
    root = tmp_path_factory.mktemp("exchange") / "shop"
    return shop_plan(root), root


# --- reviewdog ------------------------------------------------------------------------------------


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


TEXT, NUMBER = {"type": "string"}, {"type": "integer", "minimum": 1}
POSITION = _object(line=NUMBER, column=NUMBER) | {"required": ["line"]}
RANGE = _object(start=POSITION, end=POSITION) | {"required": ["start"]}
SUGGESTION = _object(range=RANGE, text=TEXT) | {"required": ["range", "text"]}
DIAGNOSTIC = _object(
    message=TEXT,
    location=_object(path=TEXT, range=RANGE),
    severity={"enum": ["UNKNOWN_SEVERITY", "ERROR", "WARNING", "INFO"]},
    source=_object(name=TEXT, url=TEXT),
    code=_object(value=TEXT, url=TEXT),
    suggestions={"type": "array", "items": SUGGESTION},
    original_output=TEXT,
)
RESULT = _object(
    diagnostics={"type": "array", "items": DIAGNOSTIC | {"required": ["message", "location"]}},
    source=_object(name=TEXT, url=TEXT),
    severity=DIAGNOSTIC["properties"]["severity"],
)


def faults(told: Any) -> list[str]:
    return [error.message for error in jsonschema.Draft4Validator(RESULT).iter_errors(told)]


def test_rdjson_holds_to_reviewdogs_schema(shop: tuple[Plan, Path]) -> None:
    plan, root = shop
    told = json.loads(render(plan, root, "rdjson"))
    assert faults(told) == []
    assert len(told["diagnostics"]) == sum(o.edited or o.reason not in QUIET for o in plan.outcomes)
    told["diagnostics"][0]["location"]["range"]["start"]["offset"] = 1
    assert faults(told) != []


QUIET = {"kept-field", "compared", "needs-ip", "shape", "ignored", "public", "locked"}

ONE_CLICK = {
    "host and port": "url: http://10.42.1.11:8080/x\n",
    "letters of several bytes before it": "ü: 𝔘 http://10.42.1.11:8080/x\n",
    "host and port in lines of their own": "db:\n  host: 10.42.1.11\n  port: 8080\n",
    "other line ends": "a: 1\r\nurl: http://10.42.1.11:8080/x\r\n",
}


def _suggested(text: str, told: Any) -> str:
    """Do what reviewdog does with each suggestion: columns are bytes of UTF-8."""
    lines = text.encode().split(b"\n")
    for diagnostic in reversed(told["diagnostics"]):
        for one in diagnostic.get("suggestions", ()):
            start, end = one["range"]["start"], one["range"]["end"]
            first, last = start["line"] - 1, end["line"] - 1
            new = lines[first][: start["column"] - 1] + one["text"].encode()
            lines[first : last + 1] = (new + lines[last][end["column"] - 1 :]).split(b"\n")
    return b"\n".join(lines).decode()


@pytest.mark.parametrize("text", ONE_CLICK.values(), ids=ONE_CLICK)
def test_a_suggestion_gives_what_apply_gives(tmp_path: Path, text: str) -> None:
    root = write_repository(tmp_path / "a", {"a.yaml": text})
    plan = real_plan(root, write_cluster(tmp_path / "cluster.json"))
    told = json.loads(render(plan, root, "rdjson"))
    apply(plan, root, allow_dirty=True)
    assert _suggested(text, told) == (root / "a.yaml").read_bytes().decode() != text


NO_SUGGESTION = {
    "far apart": "db:\n  host: 10.42.1.11\n  a: 1\n  b: 1\n  c: 1\n  d: 1\n  port: 8080\n",
    "a secret between them": "- [10.42.1.11, 'postgres://a:hunter2pass@x', 8080]\n",
    "nobody's address": "url: http://10.9.9.9:80\n",
}


@pytest.mark.parametrize("text", NO_SUGGESTION.values(), ids=NO_SUGGESTION)
def test_no_suggestion(tmp_path: Path, text: str) -> None:
    root = write_repository(tmp_path / "a", {"a.yaml": text})
    plan = real_plan(root, write_cluster(tmp_path / "cluster.json"))
    told = json.loads(render(plan, root, "rdjson"))
    assert faults(told) == []
    assert [one for one in told["diagnostics"] if "suggestions" in one] == []


# --- JUnit ----------------------------------------------------------------------------------------

COUNTS = {"tests", "failures", "errors"}
SHAPE = {
    "testsuites": ({"testsuite"}, COUNTS | {"name"}, {"name", "time", *COUNTS}),
    "testsuite": ({"testcase"}, COUNTS | {"name"}, {"name", "time", "skipped", *COUNTS}),
    "testcase": ({"failure", "skipped", "error"}, {"name"}, {"name", "time", "classname"}),
    "failure": (set(), set(), {"type", "message"}),
    "skipped": (set(), set(), {"type", "message"}),
}
"""Element: its children, the attributes it has to have, those that it may have."""


def unlike(element: Tree.Element) -> Iterator[str]:
    children, required, allowed = SHAPE[element.tag]
    if not required <= set(element.attrib) <= allowed:
        yield f"{element.tag}: {sorted(element.attrib)}"
    for child in element:
        yield from unlike(child) if child.tag in children else [f"{child.tag} in {element.tag}"]


def test_junit_is_as_jenkins_reads_it(shop: tuple[Plan, Path]) -> None:
    top = Tree.fromstring(render(*shop, "junit"))
    assert list(unlike(top)) == []
    top[0][0].set("line", "1")
    assert list(unlike(top)) != []


def test_junits_numbers_add_up(shop: tuple[Plan, Path]) -> None:
    top = Tree.fromstring(render(*shop, "junit"))
    for name, tag in (("tests", "testcase"), ("failures", "failure")):
        assert int(top.attrib[name]) == sum(int(suite.attrib[name]) for suite in top)
        assert all(int(suite.attrib[name]) == len(list(suite.iter(tag))) for suite in top)
    assert int(top.attrib["tests"]) == len(shop[0].outcomes)


CASES = [
    (Outcome(finding(), edited=True, new="orders:80"), "failure", "hard-coded-ip"),
    (Outcome(finding(), reason="unknown-address", why="w"), "failure", "unknown-address"),
    (Outcome(finding(), reason="new", why="w"), "failure", "hard-coded-ip"),
    (Outcome(finding(), reason="ignored", why="w"), "skipped", None),
    (Outcome(finding(), reason="compared", why="w"), None, None),
]


@pytest.mark.parametrize(("outcome", "tag", "kind"), CASES, ids=[str(row[0].reason) for row in CASES])  # fmt: skip
def test_a_case_fails_where_something_is_to_do(
    tmp_path: Path, outcome: Outcome, tag: str | None, kind: str | None
) -> None:
    (case,) = Tree.fromstring(render(Plan(outcomes=(outcome,)), tmp_path, "junit")).iter("testcase")
    assert [child.tag for child in case] == ([tag] if tag else [])
    assert [child.get("type") for child in case] == ([kind] if tag else [])


@pytest.mark.parametrize("odd", ["\x00", "\x1b[31m", "\udcff", "\ufffe", "]]>", "<x>&", "\x85"])
def test_junit_stays_xml_whatever_a_file_is_called(tmp_path: Path, odd: str) -> None:
    plan = Plan(outcomes=(Outcome(finding(file=f"a{odd}.yaml"), reason="shape", why=odd),))
    assert list(unlike(Tree.fromstring(render(plan, tmp_path, "junit")))) == []


# --- links ----------------------------------------------------------------------------------------

SITES = [
    ("https://docs.acme.dev/refactor", "https://docs.acme.dev/refactor/reference/reasons/own/"),
    ("https://docs.acme.dev/refactor/", "https://docs.acme.dev/refactor/reference/reasons/own/"),
    ("javascript:alert(1)", ""),
    ("docs.acme.dev", ""),
    ("", ""),
]


@pytest.mark.parametrize(("url", "told"), SITES)
def test_a_page_is_at_the_site_that_is_named(
    monkeypatch: pytest.MonkeyPatch, url: str, told: str
) -> None:
    monkeypatch.setenv(site.VARIABLE, url)
    monkeypatch.setattr(site, "_published", str)
    assert site.page("reference/reasons/own/") == told


def _urls(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from [item] if key in ("helpUri", "informationUri", "url") else _urls(item)
    elif isinstance(value, list):
        for item in value:
            yield from _urls(item)


@pytest.mark.parametrize("style", ["sarif", "rdjson"])
def test_reports_link_to_their_rules_where_a_site_is_known(
    shop: tuple[Plan, Path], monkeypatch: pytest.MonkeyPatch, style: str
) -> None:
    monkeypatch.setattr(site, "_published", str)
    assert list(_urls(json.loads(render(*shop, style)))) == []
    monkeypatch.setenv(site.VARIABLE, "https://docs.acme.dev")
    urls = set(_urls(json.loads(render(*shop, style))))
    assert "https://docs.acme.dev/" in urls
    assert len(urls) > 3
    known = {*REASONS, *RULES}
    linked = [
        re.fullmatch(r"https://docs\.acme\.dev/(?:reference/reasons/(.*)/)?", u) for u in urls
    ]
    assert all(found and (not found[1] or found[1] in known) for found in linked)


def test_every_rule_says_what_it_means_and_what_to_do(shop: tuple[Plan, Path]) -> None:
    logs = [json.loads(render(*shop, "sarif")), verify_sarif(Verification(tool_version="1"))]
    ids = [log["runs"][0]["automationDetails"]["id"] for log in logs]
    assert ids == ["refactor/addresses/", "refactor/names/"]
    for log in logs:
        for rule in log["runs"][0]["tool"]["driver"]["rules"]:
            assert rule["fullDescription"]["text"] != rule["shortDescription"]["text"]
            assert rule["help"]["markdown"].startswith(f"**{rule['id']}**: ")


def test_a_result_names_the_row_that_keeps_it(shop: tuple[Plan, Path]) -> None:
    results = json.loads(render(*shop, "sarif"))["runs"][0]["results"]
    rows = {o.finding.fingerprint: o.finding.rule for o in shop[0].outcomes}
    told = {r["partialFingerprints"]["address/v1"]: r["properties"].get("row", "") for r in results}
    assert told == rows
    assert any(rows.values())


def test_snippets_are_masked(tmp_path: Path) -> None:
    text = "url: postgres://app:hunter2pass@10.42.1.11:8080/x\n"
    root = write_repository(tmp_path / "a", {"a.yaml": text})
    plan = real_plan(root, write_cluster(tmp_path / "cluster.json"))
    told = render(plan, root, "sarif").decode()
    assert "snippet" in told
    assert "hunter2pass" not in told
    assert Source("a.yaml", (root / "a.yaml").read_bytes()).text == text
