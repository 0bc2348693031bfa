"""No receiver of a report takes what a repository holds for a command, a link or markup."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from refactor.report import receivers
from refactor.report.marked import code, details, prose

BS = "\\"
COMMANDS = {
    "Azure": "##vso[task.setvariable variable=x]y",
    "Azure, in a line": "x ##VSO[task.x]y",
    "Azure, colours": "##[section]x",
    "GitHub, old": "a ##[add-mask]x",
    "GitHub": "::stop-commands::x",
    "GitHub, after blanks": " \t ::add-mask::x",
    "GitHub, a second line": "a\n::error::x",
    "GitHub, another blank": "\u3000::add-mask::x",
    "TeamCity": "##teamcity[buildStop]",
    "GitLab": "section_start:1:x\r\x1b[0K",
    "GitLab, end": "section_end:1:x",
    "Buildkite": "--- x",
    "Buildkite, open": "+++ x",
    "a title": "\x1b]0;x\x07",
    "a colour": "\x1b[31mx",
    "one byte": "\x9b31mx",
    "back to the start": "a\rb",
    "right to left": "a\u202eb",
}
A_COMMAND = re.compile(
    r"##(?:\[|vso\[|teamcity\[)|^\s*::[^\n]*::|section_(?:start|end):\d|^(?:---|\+\+\+|~~~) |[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]",
    re.IGNORECASE | re.MULTILINE,
)
NO_COMMANDS = [
    "::1 localhost", "a::b::c", "std::string", "# title", "## title", "### [x]", "---", "--- ", "-- x", "a --- b",
    "section: a", "#[derive(Debug)]", "array##index", "10.0.0.1:80 → orders", "- - -", "é 中文 ✓", "a\tb", "subsection_start: x",
]  # fmt: skip


@pytest.mark.parametrize("text", COMMANDS.values(), ids=list(COMMANDS))
def test_a_log_gets_no_command(text: str) -> None:
    assert A_COMMAND.search(text)
    shown = receivers.log(receivers.readable(text))

    assert not A_COMMAND.search(shown)
    assert BS in shown
    assert receivers.log(receivers.readable(shown)) == shown


@pytest.mark.parametrize("text", NO_COMMANDS)
def test_what_is_no_command_stays(text: str) -> None:
    assert receivers.log(receivers.readable(text)) == text


@pytest.mark.parametrize("text", COMMANDS.values(), ids=list(COMMANDS))
def test_json_says_the_same_without_a_command(text: str) -> None:
    shown = receivers.json(json.dumps({"a": text}, ensure_ascii=False))

    assert json.loads(shown) == {"a": text}
    assert not A_COMMAND.search(shown)


@pytest.mark.parametrize("text", COMMANDS.values(), ids=list(COMMANDS))
def test_an_annotation_is_one_command_and_ours(text: str) -> None:
    told = receivers.command("error", {"file": text, "line": "1"}, text)

    assert told.startswith("::error file=")
    assert not re.search(r"##(?:\[|vso\[|teamcity\[)|[\x00-\x08\x0a-\x1f]", told, re.IGNORECASE)
    assert told.split("::")[1].count(",") == 1


LIVE = [
    "Fixes #1", "closes GH-1", "resolves owner/repo#1", "fixes https://github.com/o/r/issues/1", "see http://evil/beacon",
    "www.evil.example", "@everyone", "mail a@b.example", "!1", "&1", "~bug", "%v1", "$1", "ABC-123", "2fb9af8e",
    "2fb9af8e1c0f5d6b7a8c9d0e1f2a3b4c5d6e7f80", "/close", ":tada:", "Fixes: #1.", "(#1)", "a,#1", "fixes\n#1",
]  # fmt: skip
MARKUP = {
    "image": "![x](y)", "link": "[x](y)", "HTML": "<img src=x>", "details": "</details>", "comment": "<!-- x -->",
    "heading": "# x", "list": "- x", "number": "1. x", "quote": "> x", "emphasis": "*x* _y_", "strike": "~~x~~", "code": "`x`",
    "cell": "a | b", "rule": "---", "math": "$x$", "footnote": "[^1]",
}  # fmt: skip


def text_of(markdown: str) -> str:
    """Return what stands in Markdown outside of code, where a forge looks for references."""
    return re.sub(r"<code>.*?</code>|(`+).*?\1", "", markdown)


@pytest.mark.parametrize("text", LIVE)
def test_prose_holds_no_reference(text: str) -> None:
    outside = text_of(prose(text))

    assert not re.search(
        r"[@#!&~%$:]\w(?!\d*;)|GH-\d|://|www\.|[A-Z]+-\d|[0-9a-f]{7,}|^/\w", outside
    )
    assert not text.isascii() or prose(text).isascii(), "nothing invisible"


@pytest.mark.parametrize("text", MARKUP.values(), ids=list(MARKUP))
def test_prose_holds_no_markup(text: str) -> None:
    made = prose(text)

    assert not re.search(r"(?<!\\)[\[\]*_~`|](?!x`|\[)|<(?!code|/code)", text_of(made))
    assert not re.match(r"#|[-+>] |\d+[.)] |---", made)


@pytest.mark.parametrize(
    "text", ["nothing is left", "a 1.5 b", "10.0.0.1 is taken", "x = y", "1234 of 12"]
)
def test_a_sentence_stays(text: str) -> None:
    assert prose(text) == text


@pytest.mark.parametrize("text", ["a``b", "`", "a|b", "\\", "```\n# x", "</code>@a", "x`@a`"])
def test_code_cannot_be_left(text: str) -> None:
    assert not re.search(r"@a", text_of(code(text)))


@pytest.mark.parametrize("run", ["```", "````", "~~~", "`" * 20])
def test_a_fence_cannot_be_left(run: str) -> None:
    made = details("x", f"a\n{run}\n@a ::error::x\n::error::x")
    fence = re.search(r"^`{3,}", made, re.MULTILINE)

    assert fence is not None
    assert made.count(f"\n{fence[0]}\n") == 1
    assert not re.search(r"^::", made, re.MULTILINE)


@pytest.mark.parametrize(
    "text", ["Fixes #1", "GH-1", "o/r#1", "https://h/o/r/issues/1", "@a", "!1", "ABC-1"]
)
def test_a_message_of_a_commit_closes_nothing(text: str) -> None:
    assert not re.search(r"[#@!]\w|GH-\d|://\w|[A-Z]-\d", receivers.message(text))


@pytest.mark.parametrize("text", ["charts/web/values.yaml", "2 of 3 addresses, 1 file.", "a - b"])
def test_a_message_without_references_stays(text: str) -> None:
    assert receivers.message(text) == text


NAME = "##vso[task.x]y"
SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "orders", "namespace": "shop"},
    "spec": {"clusterIP": "10.1.2.3", "ports": [{"port": 80}], "selector": {"a": "b"}},
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("hostile")
    (root / ".git").mkdir()
    (root / NAME).mkdir()
    text = f"# {NAME}\nx: http://10.1.2.3:80\n::stop-commands::x: 1\n'##[add-mask]x': 10.9.9.9\n"
    for name in (f"{NAME}/a.yaml", "::error::x.yaml", "a\nb::error::.yaml"):
        (root / name).write_text(text)
    (root / "i.json").write_text(
        json.dumps({"kind": "List", "apiVersion": "v1", "items": [SERVICE]})
    )
    return root


FORMATS = ("text", "semantic", "json", "markdown", "html", "sarif", "gitlab", "rdjson", "junit")
PRINTED = [
    ("scan",), ("scan", "--format", "json"), ("check",), ("check", "--format", "markdown"), ("check", "--format", "sarif"),
    ("init", "--print"), ("explain", NAME), ("plan", f"{NAME}/none"), ("plan", "-c", NAME), ("report", NAME), ("apply", "-i", NAME),
    *(("plan", "-i", "i.json", "--format", style) for style in FORMATS), ("apply", "-i", "i.json"), ("undo",), (NAME,),
]  # fmt: skip


def ran(root: Path, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "refactor", *args],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), **more},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("args", PRINTED, ids=" ".join)
def test_no_command_prints_a_command(args: tuple[str, ...], hostile: Path) -> None:
    done = ran(hostile, *args)

    assert done.returncode in (0, 1, 2)
    for said in (done.stdout, done.stderr):
        assert not re.search(r"##(?:\[|vso\[)|^\s*::[^\n]*::", said, re.IGNORECASE | re.MULTILINE)


def test_annotations_are_ours_alone(hostile: Path) -> None:
    done = ran(hostile, "check", "--format", "github")

    assert done.stdout
    for line in done.stdout.splitlines():
        assert re.match(r"::(?:error|warning) file=", line)
        assert "##" not in line


def test_a_patch_keeps_its_bytes(hostile: Path) -> None:
    assert f" # {NAME}" in ran(hostile, "plan", "-i", "i.json", "--format", "patch").stdout
