"""The report in a terminal: what stands in it, and how it is folded, cut and coloured."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from refactor.cli.fit import fit
from refactor.cli.printing import show
from refactor.model import Plan
from refactor.report.groups import IndexedPlan
from refactor.report.lines import ReportLine, cut, table
from refactor.report.tally import headline, tally
from refactor.report.text import ReportView, plan_lines
from refactor.text.view import Span
from tests.many import shop_plan
from tests.shop import write_cluster, write_repository

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def drawn(line: ReportLine) -> str:
    text = line.text
    for start, end in reversed(line.marks):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


WRAPS = [
    ("short", "+url: 1.2.3.4", (6, 13), ["+url: [1.2.3.4]"]),
    ("the end", "+url: 1.2.3.4 and so on and on", (6, 13), ["+url: [1.2.3.4] and so", "  on and on"]),
    ("a mark over the edge", "-" + "x" * 15 + "1.2.3.4", (16, 23),
     ["-" + "x" * 15 + "[1.2.]", " [3.4]"]),
    ("blanks are kept", "+    a" + " " * 20 + "b", None, ["+    a" + " " * 14, " " * 7 + "b"]),
    ("wide characters", "-" + "日" * 12, None, ["-" + "日" * 9, " " + "日" * 3]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "mark", "expected"), [r[1:] for r in WRAPS], ids=[r[0] for r in WRAPS])  # fmt: skip
def test_code_is_wrapped_and_never_cut(
    text: str, mark: tuple[int, int] | None, expected: list[str]
) -> None:
    made = fit(ReportLine(text, "add", (Span(*mark),) if mark else ()), 20)

    assert [drawn(line) for line in made] == expected
    assert text == made[0].text + "".join(line.text[1:] for line in made[1:])


FOLDS = [
    ("short", ReportLine("  10.0.0.1: why", hang=6), ["  10.0.0.1: why"]),
    ("folded under itself", ReportLine("  one two three four five", hang=6),
     ["  one two three", "      four five"]),
    ("a word longer than the line", ReportLine("  " + "x" * 30, hang=4), ["  " + "x" * 16, "    " + "x" * 14]),
    ("wide characters", ReportLine("日本 語の コメント です", hang=2), ["日本 語の コメント", "  です"]),
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), [r[1:] for r in FOLDS], ids=[r[0] for r in FOLDS])
def test_prose_is_folded(line: ReportLine, expected: list[str]) -> None:
    assert [made.text for made in fit(line, 20)] == expected


@given(
    st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=80),
    st.sampled_from(["add", "remove", "code", "warn", ""]),
    st.integers(20, 60),
    st.data(),
)
def test_nothing_is_wider_than_the_terminal(text: str, style: str, width: int, data) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    line = ReportLine("+" + text, style, (Span(start + 1, end + 1),) if start < end else (), hang=8)
    for made in fit(line, width):
        assert cell_len(made.text) <= width
        assert all(0 <= mark.start < mark.end <= len(made.text) for mark in made.marks)


def test_a_cut_line_keeps_what_changes() -> None:
    line = ReportLine("+" + "a" * 3000 + "web" + "b" * 3000, marks=(Span(3001, 3004),))
    (mark,) = (made := cut(line, 1200)).marks

    assert mark.of(made.text) == "web"


def test_a_table_has_columns() -> None:
    rows = [("name", "number"), ("a", "1"), ("longer", "100")]
    assert table(rows) == ["  name    number", "  a            1", "  longer     100"]


# --- what stands in it -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[ReportLine]:
    root = tmp_path_factory.mktemp("text") / "shop"
    return list(plan_lines(shop_plan(root), root))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[ReportLine]:
    root = tmp_path_factory.mktemp("text") / "shop"
    return list(plan_lines(shop_plan(root), root, ReportView(verbose=True, by="service")))


PARTS = [
    "Service shop/recommender is new, with port 7000, for Deployment shop/recommender: its manifest is not in this repository",
    "+  name: recommender",
    "ambiguous (1): settings: mappings: [{address: \"10.42.1.15:9200\", service: shop/search}]",
    "  https goes to another name: look at the certificate",
    "  config/broken.yaml:7: a mapping is not closed",
    "deploy/recommender-service.yaml (new)",
    "  charts/storefront/values.yaml:49:9: 10.42.1.15:9200: several Services fit: shop/search,"
    " shop/search-internal",
    "    49| host: 10.42.1.15",
    "      |       ^^^^^^^^^^",
    "  mappings:",
    '    - {address: "10.20.7.14:9411", service: NAMESPACE/NAME}',
]  # fmt: skip
ON_REQUEST = [
    "Service shop/orders: 14 changes in 12 files",
    "  ✓ 15: 10.42.1.11:8080 → orders:80  verified: names resolve, files parse, idempotent, charts"
    " render the same",
    "      reaches Deployment analytics/storefront, ConfigMap storefront, key ORDERS_URL",
    "    spec.template.spec.containers[web].env[ORDERS_URL].value",
    "Left as it is: compared (5)",
]


@pytest.mark.parametrize("part", PARTS)
def test_it_tells(lines: list[ReportLine], part: str) -> None:
    assert part in [line.text for line in lines]


@pytest.mark.parametrize("part", ON_REQUEST)
def test_the_rest_is_told_on_request_only(
    lines: list[ReportLine], whole: list[ReportLine], part: str
) -> None:
    assert part in [line.text for line in whole]
    assert part not in [line.text for line in lines]


def test_each_file_is_shown_once_as_it_will_be(lines: list[ReportLine]) -> None:
    files = [line.text for line in lines if line.style == "file"]
    assert len(files) == len(set(files)) > 10


def test_the_last_line_adds_up(lines: list[ReportLine], tmp_path: Path) -> None:
    plan = shop_plan(tmp_path / "shop")
    numbers = tally(IndexedPlan(plan))

    assert len(plan.outcomes) == numbers.found
    assert numbers.found == numbers.change + numbers.review + numbers.correct + numbers.unchecked
    assert lines[-1].text == headline(numbers)
    assert lines[-1].text.startswith("Plan: 72 to change in 18 files, ")


# The shop's own plan, without what `shop_plan` adds, has 446 lines at 80 columns.
@pytest.mark.parametrize(("width", "most"), [(80, 490), (120, 470)])
def test_the_default_is_short(lines: list[ReportLine], width: int, most: int) -> None:
    assert sum(len(fit(line, width)) for line in lines) <= most


def test_numbers_by_file_stand_in_place_of_the_diff(tmp_path: Path) -> None:
    root = tmp_path / "shop"
    texts = [line.text for line in plan_lines(shop_plan(root), root, ReportView(stat=True))]
    assert "  charts/storefront/values.yaml                      8" in texts
    assert not any(text.startswith("@@") for text in texts)


def test_evidence_is_told_once_per_file(whole: list[ReportLine]) -> None:
    texts = [line.text for line in whole]
    assert any("10.42.1.11 is pod shop/orders" in t for t in texts)
    assert any(t.startswith("  ✗ 11") and "not verified: syntax failed: line 3 differs" in t for t in texts)  # fmt: skip
    assert any("not verified: names not run: no inventory of that cluster" in t for t in texts)  # fmt: skip


def test_changed_words_are_marked(lines: list[ReportLine]) -> None:
    assert "-  url: http://[10.42.1.11]:[8080]/api/v1" in map(drawn, lines)
    assert "+  url: http://[orders]:[80]/api/v1" in map(drawn, lines)


ONLY = [
    ({"inventory": 1}, 0, True),
    ({"inventory": 1}, 1, False),
    ({"huge": 1}, 0, False),
    ({}, 0, False),
]


@pytest.mark.parametrize(("passed", "read", "told"), ONLY)
def test_an_inventory_in_place_of_a_path_is_told(
    tmp_path: Path, passed: dict[str, int], read: int, told: bool
) -> None:
    plan = Plan(passed_over=passed, files_read=read)
    assert any("`-i FILE`" in line.text for line in plan_lines(plan, tmp_path)) == told


# --- where it goes ---------------------------------------------------------------------------------


class Terminal:
    """Runs the command with a terminal for what it says; reads what a person would see."""

    def __init__(self, root: Path, cluster: Path) -> None:
        self.root, self.cluster = root, cluster

    def run(self, *args: str, **env: str) -> tuple[int, str]:
        master, slave = pty.openpty()
        told: list[bytes] = []
        names = ("NO_COLOR", "FORCE_COLOR", "COLUMNS")
        clean = {k: v for k, v in os.environ.items() if k not in names}
        running = subprocess.Popen(
            [sys.executable, "-m", "refactor", *args],
            cwd=self.root, stdin=subprocess.DEVNULL, stdout=slave,
            # No terminal: where the machine is slow a bar would come, and go, before the report.
            stderr=subprocess.PIPE,
            env={**clean, "TERM": "xterm-256color", "PYTHONPATH": str(Path(__file__).parent.parent), **env},
        )  # fmt: skip
        os.close(slave)
        reader = threading.Thread(target=_read, args=(master, told))
        reader.start()
        running.communicate()
        reader.join()
        os.close(master)
        return running.returncode, b"".join(told).decode()


def _read(master: int, told: list[bytes]) -> None:
    try:
        while data := os.read(master, 65536):
            told.append(data)
    except OSError:
        return  # Linux tells so that the other end has gone


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    root = write_repository(tmp_path / "repo")
    (root / "odd.yaml").write_text(
        "# \x1b]0;owned\x07\x1b[2J\nurl: http://10.42.1.11:8080 # \u202e\x9b31m "
        + "long " * 60
        + "\n"
    )
    return Terminal(root, write_cluster(tmp_path / "cluster.json"))


@pytest.mark.parametrize("width", [60, 80, 200])
def test_it_fits_the_terminal(terminal: Terminal, width: int) -> None:
    code, told = terminal.run("plan", "-i", str(terminal.cluster), COLUMNS=str(width))
    rows = [ESCAPE.sub("", row) for row in told.split("\n")]

    assert code == 0
    assert max(map(cell_len, rows)) <= width
    assert any("http://orders:80" in row for row in rows)
    assert COLOUR.search(told)


def test_what_kubernetes_sees_fits_the_terminal_too(terminal: Terminal) -> None:
    _, told = terminal.run(
        "plan", "-i", str(terminal.cluster), "--format", "semantic", COLUMNS="60"
    )
    rows = [ESCAPE.sub("", row) for row in told.split("\n")]

    assert max(map(cell_len, rows)) <= 60
    assert COLOUR.search(told)
    assert rows[0].startswith("As Kubernetes sees it")


@pytest.mark.parametrize("args", [["plan"], ["scan"]])
def test_a_file_cannot_command_the_terminal(terminal: Terminal, args: list[str]) -> None:
    _, told = terminal.run(*args, "-i", str(terminal.cluster), COLUMNS="100")

    assert set(re.findall(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e]", COLOUR.sub("", told))) == set()  # fmt: skip


ENVIRONMENTS = [
    ({"NO_COLOR": "1"}, False),
    ({"NO_COLOR": ""}, True),
    ({"TERM": "dumb"}, False),
    ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
    ({}, True),
]


@pytest.mark.parametrize(("env", "coloured"), ENVIRONMENTS, ids=[str(row[0]) for row in ENVIRONMENTS])  # fmt: skip
def test_colours(terminal: Terminal, env: dict[str, str], coloured: bool) -> None:
    _, told = terminal.run("plan", "-i", str(terminal.cluster), **env)
    assert bool(re.search("\x1b", told)) == coloured


PIPES = [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "0"}, False), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)]  # fmt: skip


@pytest.mark.parametrize(("env", "coloured"), PIPES, ids=[str(row[0]) for row in PIPES])
def test_a_pipe_gets_whole_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    env: dict[str, str], coloured: bool,
) -> None:  # fmt: skip
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TERM", "xterm-256color")
    show([ReportLine("+" + "x" * 500, "add", (Span(1, 5),)), ReportLine("word " * 100, "warn")])
    told = capsys.readouterr().out

    assert bool(COLOUR.search(told)) == coloured
    assert COLOUR.sub("", told) == "+" + "x" * 500 + "\n" + "word " * 100 + "\n"


def test_nothing_to_show_imports_nothing_to_show_it_with(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("host: 10.0.0.1\n")
    code = (
        "import sys, refactor.cli as c\ntry: c.main(['scan', sys.argv[1]])\nexcept SystemExit: pass\n"
        "print('LOADED', *sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True,
        env={**os.environ, "COLUMNS": "80", "FORCE_COLOR": "1"},
    )  # fmt: skip

    loaded = {name.split(".")[0] for name in ran.stdout.partition("LOADED")[2].split()}
    assert loaded.isdisjoint({"rich", "jinja2", "pygments", "markupsafe"})
