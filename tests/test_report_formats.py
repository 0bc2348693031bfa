"""The plan for other programs: a patch, Markdown, SARIF, GitLab's Code Quality.

Golden files are written anew by `UPDATE_GOLDEN=1 pytest tests/test_report_formats.py`; look at the
difference before it is kept.
"""

from __future__ import annotations

import json
import lzma
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from refactor.apply.run import apply
from refactor.cli.arguments import Arguments
from refactor.cli.job import job_of
from refactor.errors import RefactorError
from refactor.model import (
    Check,
    FileChange,
    Finding,
    Note,
    Outcome,
    Plan,
    Unresolved,
)
from refactor.plan import make_plan
from refactor.report.formats import render
from refactor.report.gitlab import code_quality
from refactor.report.html import html
from refactor.report.markdown import LIMIT, markdown
from refactor.report.patch import patch
from refactor.report.sarif import sarif
from refactor.report.words import clean, rule
from refactor.text.source import Source
from refactor.text.view import Span
from tests.many import BASIS, many_plan
from tests.plans import plan_of
from tests.shop import contents, write_cluster, write_repository

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
SHOP = HERE.parent / "samples" / "shop"
OLD, NEW = "10.42.1.11:8080", "orders:80"


def real_plan(root: Path, cluster: Path | None = None) -> Plan:
    plan = make_plan(job_of(Arguments((root,), (cluster,) if cluster else (), "", None, {})))
    checks = (
        Check("names", "f1", "passed", "orders:80 leads to what it led to"),
        Check("syntax", "a.py", "failed", "it does not compile"),
        Check("render", "charts/storefront", "unasked", "no Helm engine"),
    )
    # What the proof asks is told by its own tests; here it is how its answers read.
    told = {"tool_version": "1.2.3", "checks": checks, "inventory": {}, "basis": BASIS}
    return msgspec.structs.replace(plan, **told)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Path]:
    root = tmp_path_factory.mktemp("shop") / "shop"
    shutil.copytree(SHOP, root)
    return real_plan(root), root


@pytest.fixture(scope="module")
def again(shop: tuple[Plan, Path]) -> Plan:
    return real_plan(shop[1])


def as_json(value: object) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def bare(plan: Plan, root: Path) -> bytes:
    """The page without its style, its script and what both hash to."""
    page = re.sub(r"(<(style|script)>).*?(</\2>)", r"\1\3", html(plan, root), flags=re.DOTALL)
    return re.sub(r"'sha256-[^']*'", "'sha256-'", page).encode()


FORMATS: dict[str, Callable[[Plan, Path], bytes]] = {
    "shop.txt": lambda plan, root: render(plan, root, "text"),
    "shop.semantic.txt": lambda plan, root: render(plan, root, "semantic"),
    "shop.json": lambda plan, root: render(plan, root, "json"),
    "shop.html": bare,
    "shop.patch": patch,
    "shop.md": lambda plan, root: markdown(plan, root).encode(),
    "shop.sarif.json": lambda plan, root: as_json(sarif(plan, root)),
    "shop.gitlab.json": lambda plan, root: as_json(code_quality(plan)),
}


@pytest.mark.parametrize("name", FORMATS)
def test_golden(shop: tuple[Plan, Path], again: Plan, name: str) -> None:
    plan, root = shop
    given = FORMATS[name](plan, root)
    if os.environ.get("UPDATE_GOLDEN"):
        (GOLDEN / name).write_bytes(given)

    assert given == (GOLDEN / name).read_bytes()
    assert given == FORMATS[name](again, root)
    assert os.fsencode(root) not in given


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Path]:
    top = tmp_path_factory.mktemp("estate")
    return many_plan(top / "estate", top / "cluster.json"), top / "estate"


@pytest.mark.parametrize("name", FORMATS)
def test_golden_of_500_findings(estate: tuple[Plan, Path], name: str) -> None:
    """Held compressed, but for the one that people read: as a whole they are 3 MB of likes."""
    given = FORMATS[name](*estate)
    packed = GOLDEN / (name.replace("shop", "estate") + ".xz")
    file = packed if name != "shop.md" else packed.with_suffix("")
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_bytes(given if file != packed else lzma.compress(given))

    assert len(estate[0].outcomes) == 500
    held = file.read_bytes() if file != packed else lzma.decompress(file.read_bytes())
    assert given == held


# --- patch ---------------------------------------------------------------------------------------

LINES = f"a: 1\nurl: http://{OLD}/x\n"
ODD_FILES: dict[str, bytes] = {
    "plain.yaml": LINES.encode(),
    "crlf.yaml": LINES.replace("\n", "\r\n").encode(),
    "mixed-ends.yaml": f"a\r\nb\nc\rd {OLD}\r\ne\n".encode(),
    "no-final-newline.yaml": LINES.rstrip().encode(),
    "edit-above-an-unended-last-line.yaml": (OLD + "\nx" * 9 + "\nlast").encode(),
    "bom.yaml": b"\xef\xbb\xbf" + LINES.encode(),
    "form-feed.py": f"A = 1\n\f\nB = '{OLD}'\x0b\x1c\u2028\n".encode(),
    "latin-1.txt": b"caf\xe9 " + LINES.encode() + b"\xff\xfe\n",
    "utf-16-le.yaml": b"\xff\xfe" + (LINES + "\u010a \u0a0a end").encode("utf-16-le"),
    "utf-16-be.yaml": b"\xfe\xff" + (LINES + "\u010a \u0a0a end").encode("utf-16-be"),
    "a space.yaml": LINES.encode(),
    'a "quote" and \\.yaml': LINES.encode(),
    "tab\tand\nfeed \x7f.yaml": LINES.encode(),
    "ünïcode.yaml": LINES.encode(),
    "bytes-\udcff.yaml": LINES.encode(),
    "sub dir/-- b/x.yaml": LINES.encode(),
    "looks-like-a-patch.txt": f"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-{OLD}\n\\ No newline\n".encode(),
    "far-apart.txt": (OLD + "\nline" * 40 + f"\n{OLD}\n").encode(),
}  # fmt: skip
NEW_FILES = {
    "new/service one.yaml": "kind: Service\n",
    "new/unended.yaml": "kind: Service\r\nx: é",
    "new/empty.yaml": "",
}


def write(root: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def git(root: Path, *args: str, data: bytes = b"") -> None:
    done = subprocess.run(
        ["git", "-C", root, *args], input=data, capture_output=True, check=False,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()


def check_same_as_apply(plan: Plan, root: Path, twin: Path) -> None:
    """`git apply` in the one tree gives what `refactor apply` gives in the other."""
    shutil.copytree(root, twin)
    data = patch(plan, root)
    before = contents(root)
    git(root, "apply", "--whitespace=nowarn", data=data)
    apply(plan, twin, allow_dirty=True)

    assert contents(root) == contents(twin)
    assert contents(root) != before
    git(root, "apply", "-R", "--whitespace=nowarn", data=data)
    assert contents(root) == before


@pytest.mark.parametrize("name", ODD_FILES, ids=ascii)
def test_patch_of_an_odd_file(tmp_path: Path, name: str) -> None:
    root = write(tmp_path / "a", {name: ODD_FILES[name]})
    git(root, "init", "-q")
    check_same_as_apply(plan_of(root, {name: [(OLD, NEW)]}), root, tmp_path / "b")


@pytest.mark.parametrize("name", NEW_FILES)
def test_patch_of_a_new_file(tmp_path: Path, name: str) -> None:
    root = write(tmp_path / "a", {})
    root.mkdir()
    check_same_as_apply(plan_of(root, {}, {name: NEW_FILES[name]}), root, tmp_path / "b")


def test_patch_of_everything_at_once_and_outside_of_git(tmp_path: Path) -> None:
    root = write(tmp_path / "a", ODD_FILES)
    plan = plan_of(root, {name: [(OLD, NEW)] for name in ODD_FILES}, NEW_FILES)
    check_same_as_apply(plan, root, tmp_path / "b")


def test_patch_of_a_real_plan(tmp_path: Path) -> None:
    root = write_repository(tmp_path / "a")
    git(root, "init", "-q")
    plan = real_plan(root, write_cluster(tmp_path / "cluster.json"))
    check_same_as_apply(plan, root, tmp_path / "b")


def test_patch_of_a_root_below_the_top_of_its_repository(tmp_path: Path) -> None:
    top = write(tmp_path / "top", {"my charts/x.yaml": LINES.encode()})
    git(top, "init", "-q")
    root = top / "my charts"
    data = patch(plan_of(root, {"x.yaml": [(OLD, NEW)]}), root)
    git(root, "apply", data=data)

    assert (root / "x.yaml").read_text() == LINES.replace(OLD, NEW)


def test_patch_leaves_out_what_is_there_already(tmp_path: Path) -> None:
    root = write(tmp_path, {"new.yaml": b"kind: Service\n"})
    assert patch(plan_of(root, {}, {"new.yaml": "kind: Service\n"}), root) == b""


def test_patch_is_not_masked(tmp_path: Path) -> None:
    root = write(tmp_path, {".env": f"DB=postgres://u:s3cret@{OLD}/x\n".encode()})
    assert b"-DB=postgres://u:s3cret@" in patch(plan_of(root, {".env": [(OLD, NEW)]}), root)


def _stale(root: Path) -> None:
    (root / "x.yaml").write_text("other\n")


def _gone(root: Path) -> None:
    (root / "x.yaml").unlink()


def _taken(root: Path) -> None:
    (root / "new.yaml").write_text("mine\n")


@pytest.mark.parametrize("spoil", [_stale, _gone, _taken])
def test_patch_refuses_a_tree_that_has_changed(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    root = write(tmp_path, {"x.yaml": LINES.encode()})
    plan = plan_of(root, {"x.yaml": [(OLD, NEW)]}, {"new.yaml": "kind: Service\n"})
    spoil(root)
    with pytest.raises(RefactorError, match="make the plan again"):
        patch(plan, root)


def test_patch_refuses_a_damaged_plan(tmp_path: Path) -> None:
    root = write(tmp_path, {"x.yaml": LINES.encode()})
    plan = plan_of(root, {"x.yaml": [(OLD, NEW)]})
    damaged = msgspec.structs.replace(plan.changes[0], after="0" * 64)
    with pytest.raises(RefactorError, match="damaged"):
        patch(msgspec.structs.replace(plan, changes=(damaged,)), root)


# --- Markdown ------------------------------------------------------------------------------------


def finding(**more: object) -> Finding:
    start = {"file": "x.yaml", "line": 3, "column": 5, "host": "10.42.1.11", "fingerprint": "f1"}
    span = {"host_span": Span(0, 10), "host_text": "10.42.1.11", "port": 8080}
    return Finding(**{**start, **span, **more})


def unresolved(why: str, hint: str = "", **more: object) -> Outcome:
    resolution = Unresolved("unknown-address", why, hint)
    return Outcome(finding(**more), resolution, reason="unknown-address", why=why)


HOSTILE = [
    ("a | b", r"(?<!\\)\| b"),
    ("<img src=x onerror=alert(1)>", "<img"),
    ("ask @octocat", "@octocat"),
    ("closes #12", "#12"),
    ("![x](http://h/)", r"(?<!\\)\["),
    ("**bold** _it_ ~~gone~~", r"(?<!\\)\*bold|(?<!\\)[_~]"),
    ("`code`", r"(?<!\\)`code"),
    ("line\n\n# title\n- item", r"\n# title"),
    ("</details>", "</details>"),
    ("\x1b[31mred\u202edesrever", "[\x1b\u202e]"),
    ("postgres://u:s3cret@h/x", "s3cret"),
    ("not text \udcff", "\udcff"),
]


@pytest.mark.parametrize(("text", "never"), HOSTILE, ids=[ascii(row[0]) for row in HOSTILE])
def test_markdown_takes_no_markup_from_users(tmp_path: Path, text: str, never: str) -> None:
    plan = Plan(outcomes=(unresolved(text),), notes=(Note("n.yaml", "unparsable", text),))
    told = markdown(plan, tmp_path)

    prose = re.sub(r"`[^`\n]*`", "", told)  # in a code span nothing is markup
    assert not re.search(never, told if never.startswith("[") or "s3cret" in never else prose)
    assert len(re.findall(r"(?m)^\| unknown-address \|.*\|$", told)) == 1
    told.encode()


SHOWN = [
    ("a | b", "a &#124; b"),
    ("a & b &#124;", "a &amp; b `&#124`;"),
    ("ask @octocat", "ask `@octocat`"),
    ("closes #12", "closes `#12`"),
    ("C:\\x", "C:\\\\x"),
    ("\x1b[31m \u202e", "\\\\x1b\\[31m \\\\u202e"),
    ("a - b. 1.2.3.4:80 (c) é → d!", "a - b. 1.2.3.4:80 (c) é → d!"),
]


@pytest.mark.parametrize(("text", "shown"), SHOWN, ids=[ascii(row[0]) for row in SHOWN])
def test_markdown_shows_text_as_it_is(tmp_path: Path, text: str, shown: str) -> None:
    assert f"| {shown}<br>→ " in markdown(Plan(outcomes=(unresolved(text),)), tmp_path)


@pytest.mark.parametrize("name", ["a|b", "a`b", "a``|`b", "a\\|b", "a_b_|c", "a@b|<c>"])
def test_markdown_file_names_stay_in_their_cell(tmp_path: Path, name: str) -> None:
    told = markdown(Plan(outcomes=(unresolved("why", file=name),)), tmp_path)
    row = next(line for line in told.split("\n") if line.startswith("| unknown-address"))

    assert row.count("|") == 5 if "|" in name else row.count("|") <= 5
    assert f"{name}:3:5" in unescape(row)


def test_markdown_fence_is_longer_than_any_in_the_file(tmp_path: Path) -> None:
    text = f"````\n{OLD}\n```\n"
    root = write(tmp_path, {"README.yaml": text.encode()})
    told = markdown(plan_of(root, {"README.yaml": [(OLD, NEW)]}), root)

    assert told.count("`````") == 2
    assert "`````diff\n" in told
    assert f"-{OLD}\n+{NEW}\n" in told


def test_markdown_masks(tmp_path: Path) -> None:
    root = write(tmp_path, {".env": f"DB=postgres://u:s3cret@{OLD}/x\n".encode()})
    told = markdown(plan_of(root, {".env": [(OLD, NEW)]}), root)

    assert "s3cret" not in told
    assert f"+DB=postgres://u:***@{NEW}/x" in told


def test_markdown_of_nothing(tmp_path: Path) -> None:
    told = markdown(Plan(), tmp_path)

    assert "no hard-coded addresses" in told
    assert "###" not in told


def test_markdown_says_what_to_do(tmp_path: Path) -> None:
    told = markdown(Plan(outcomes=(unresolved("nobody owns it", "map it"),)), tmp_path)
    assert (
        "| unknown-address | `x.yaml:3:5` | `10.42.1.11:8080` | nobody owns it<br>→ map it |\n"
        in told
    )


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Path]:
    """500 edits in 100 files and 500 addresses that nobody owns."""
    root = write(
        tmp_path_factory.mktemp("big"),
        {f"f{n:03}.yaml": "".join(f"k{i}: {OLD}\n" for i in range(5)).encode() for n in range(100)},
    )
    changes = plan_of(root, {f"f{n:03}.yaml": [(OLD, NEW)] for n in range(100)}).changes
    edited = tuple(
        Outcome(finding(file=f"f{n % 100:03}.yaml"), edited=True, new=NEW, warnings=("w" * 300,))
        for n in range(500)
    )
    left = tuple(unresolved("nobody owns it", file=f"g{n}.yaml") for n in range(500))
    notes = tuple(Note(f"n{n}.yaml", "unparsable", "broken " * 20) for n in range(500))
    return Plan(outcomes=edited + left, changes=changes, notes=notes), root


def test_markdown_is_cut_between_files(big: tuple[Plan, Path]) -> None:
    told = markdown(*big)
    kept = told.count("<details>")
    rows = told.count("| unknown-address |")

    assert LIMIT * 0.9 < len(told) <= LIMIT
    assert told.count("</details>") == kept
    assert f"the diffs of {100 - kept} files are left out" in told
    assert f"\n{500 - rows} addresses left out.\n" in told
    assert "notes left out." in told


@pytest.mark.parametrize("limit", [0, 1, 100, 400, 700, 1_000, 3_000, 10_000, 40_000, 200_000])
def test_markdown_is_never_longer_than_its_limit(big: tuple[Plan, Path], limit: int) -> None:
    told = markdown(*big, limit=limit)

    assert len(told) <= limit
    assert told.count("<details>") == told.count("</details>")
    assert limit < 500 or told.endswith("\n")


# --- SARIF ---------------------------------------------------------------------------------------


def test_sarif_has_what_the_standard_requires(shop: tuple[Plan, Path]) -> None:
    plan, root = shop
    log = sarif(plan, root)
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]

    assert log["version"] == "2.1.0"
    assert len(run["results"]) == len(plan.outcomes)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("note", "warning")
        assert result["message"]["text"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
        assert (root / unquote(place["artifactLocation"]["uri"])).is_file()
        region = place["region"]
        assert (region["startLine"], region["startColumn"]) < (region["endLine"], region["endColumn"])  # fmt: skip
    marks = [result["partialFingerprints"]["address/v1"] for result in run["results"]]
    assert len(set(marks)) == len(marks)


def _offset(text: str, line: int, column: int) -> int:
    starts = [0, *(end.end() for end in re.finditer(r"\r\n|\r|\n", text))]
    return starts[line - 1] + column - 1


def _fixed(text: str, results: list[dict]) -> str:
    """Do what a viewer does that takes every fix, each replacement once."""
    edits = set()
    for result in results:
        for fix in result.get("fixes", ()):
            for change in fix["artifactChanges"]:
                for one in change["replacements"]:
                    region = one["deletedRegion"]
                    edits.add((
                        _offset(text, region["startLine"], region["startColumn"]),
                        _offset(text, region["endLine"], region["endColumn"]),
                        one["insertedContent"]["text"],
                    ))  # fmt: skip
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def test_sarif_fixes_give_what_apply_gives(tmp_path: Path) -> None:
    files = {
        "a b.yaml": "x: é\r\nu: http://10.42.1.11:8080\rv: 10.42.1.20:5432\r\ndb:\r\n  host: 10.42.1.11\r\n  port: 8080\r\n",
        "bom.yaml": "\ufeffu: http://10.42.1.11:8080\n",
        "deploy.py": "A = 'http://10.42.1.11:8080'\n",
    }  # fmt: skip
    root = write_repository(tmp_path / "a", files)
    plan = real_plan(root, write_cluster(tmp_path / "cluster.json"))
    results = sarif(plan, root)["runs"][0]["results"]
    texts = {name: Source(name, (root / name).read_bytes()).text for name in files}
    apply(plan, root, allow_dirty=True)

    for name, text in texts.items():
        mine = [r for r in results if unquote(_uri(r)) == name]
        assert _fixed(text, mine) == Source(name, (root / name).read_bytes()).text != text


def _uri(result: dict) -> str:
    return result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


def test_sarif_uris_are_encoded_bytes(tmp_path: Path) -> None:
    plan = Plan(outcomes=(unresolved("why", file="a b/ü:\udcff#?.yaml"),))
    log = sarif(plan, tmp_path)

    assert _uri(log["runs"][0]["results"][0]) == "a%20b/%C3%BC%3A%FF%23%3F.yaml"
    msgspec.json.encode(log)


STATES = [
    (unresolved("nobody owns it"), "warning", None),
    (Outcome(finding(), edited=True, new=NEW), "warning", None),
    (Outcome(finding(kept="kept-field"), reason="kept-field", why="an IP"), "note", None),
    (Outcome(finding(), reason="compared", why="compared"), "note", None),
    (Outcome(finding(), reason="ignored", why="the line says so"), "note", "inSource"),
    (Outcome(finding(), reason="ignored", why="the settings say so"), "note", "external"),
]


@pytest.mark.parametrize(("outcome", "level", "suppressed"), STATES)
def test_sarif_levels(tmp_path: Path, outcome: Outcome, level: str, suppressed: str | None) -> None:
    result = sarif(Plan(outcomes=(outcome,)), tmp_path)["runs"][0]["results"][0]

    assert result["level"] == level
    assert [s["kind"] for s in result.get("suppressions", [])] == ([suppressed] if suppressed else [])  # fmt: skip
    assert "fixes" not in result


@pytest.mark.parametrize(
    ("new", "told"), [(NEW, True), ('get("DB", "pg://u:s3cret@db/x")', False), ("\udcff", False)]
)
def test_sarif_fix_never_holds_a_secret_or_a_mask(tmp_path: Path, new: str, told: bool) -> None:
    root = write(tmp_path, {"x.yaml": LINES.encode()})
    (change,) = plan_of(root, {"x.yaml": [(OLD, "x")]}).changes
    edit = msgspec.structs.replace(change.edits[0], finding="f1", new=new)
    plan = Plan(
        outcomes=(Outcome(finding(), edited=True, new=NEW),),
        changes=(FileChange("x.yaml", change.before, "", (edit,)),),
    )
    result = sarif(plan, root)["runs"][0]["results"][0]

    assert ("fixes" in result) == told
    assert "s3cret" not in json.dumps(result)


def test_sarif_fingerprints_survive_line_shifts(tmp_path: Path) -> None:
    cluster = write_cluster(tmp_path / "cluster.json")
    marks = []
    for name, above in (("a", ""), ("b", "# one\n# two\n")):
        root = write_repository(tmp_path / name, {"x.yaml": f"{above}{LINES}"})
        (result,) = sarif(real_plan(root, cluster), root)["runs"][0]["results"]
        marks.append((result["partialFingerprints"], result["locations"]))

    assert marks[0][0] == marks[1][0]
    assert marks[0][1] != marks[1][1]


RULES = [
    ({"host": "10.0.0.1"}, "hard-coded-ip"),
    ({"host": "fd00::1", "form": "pair"}, "hard-coded-ip"),
    ({"host": "10.0.0.1", "form": "url"}, "hard-coded-url"),
    ({"host": "worker-3", "form": "url"}, "hard-coded-name"),
    ({"host": "10-42-1-12.shop.pod.cluster.local"}, "hard-coded-name"),
]


@pytest.mark.parametrize(("fields", "expected"), RULES, ids=[str(row[0]) for row in RULES])
def test_rules(fields: dict[str, str], expected: str) -> None:
    assert rule(finding(**fields)) == expected


# --- GitLab --------------------------------------------------------------------------------------


def test_code_quality() -> None:
    plan = Plan(
        outcomes=(
            unresolved("nobody owns it", "map it"),
            Outcome(finding(kept="kept-field"), reason="kept-field", why="an IP"),
            Outcome(finding(), reason="ignored", why="the line says so"),
        )
    )
    first, second = code_quality(plan)

    assert first == {
        "description": "10.42.1.11:8080 is hard-coded (unknown-address): nobody owns it; map it",
        "check_name": "hard-coded-ip",
        "fingerprint": "f1",
        "severity": "major",
        "location": {"path": "x.yaml", "lines": {"begin": 3}},
    }
    assert second["severity"] == "info"


@given(st.text(st.characters(codec=None)))
def test_clean_text_can_be_written_anywhere(text: str) -> None:
    told = clean(text)

    assert told.encode().decode() == told
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", told)
    assert clean(told) == told
