"""Which report goes where: `--format` and `--output`, of a plan and of the gate alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.cli import main
from refactor.cli.reports import paired
from refactor.errors import RefactorError
from tests.shop import write_cluster, write_repository

A, B = Path("a"), Path("b")
PAIRS = [
    ((), (), [("text", None)]),
    (("html",), (A,), [("html", A)]),
    (("json",), (), [("json", None)]),
    (("json",), (Path("-"),), [("json", None)]),
    (("html", "text"), (A,), [("html", A), ("text", None)]),
    (("text", "html"), (Path("-"), A), [("text", None), ("html", A)]),
    ((), (A,), [("text", A)]),
    ((), (Path("plan.html"),), [("html", Path("plan.html"))]),
    (
        (),
        (Path("plan.MD"), Path("x.sarif")),
        [("markdown", Path("plan.MD")), ("sarif", Path("x.sarif"))],
    ),
    (("text",), (Path("plan.html"),), [("text", Path("plan.html"))]),
]
REFUSED = [
    (("html", "text"), (), "2 --format and 0 --output"),
    (("html",), (A, B), "1 --format and 2 --output"),
    (("html", "json"), (A, A), "two reports would be written to the same file"),
    (("html", "json"), (Path("-"), Path("-")), "two reports would be written to the same file"),
    (("html", "json"), (Path("-"),), "two reports would be written to the same file"),
]


@pytest.mark.parametrize(("styles", "outputs", "expected"), PAIRS, ids=str)
def test_each_format_has_its_place(
    styles: tuple[str, ...], outputs: tuple[Path, ...], expected: list[tuple[str, Path | None]]
) -> None:
    assert paired(styles, outputs) == expected


@pytest.mark.parametrize(("styles", "outputs", "told"), REFUSED, ids=str)
def test_what_does_not_fit_is_refused(
    styles: tuple[str, ...], outputs: tuple[Path, ...], told: str
) -> None:
    with pytest.raises(RefactorError, match=told):
        paired(styles, outputs)


def run(capsys: pytest.CaptureFixture[str], *args: object) -> tuple[str, str]:
    with pytest.raises(SystemExit):
        main([str(arg) for arg in args])
    return capsys.readouterr()


FILES = {
    "changes": ({"a.yaml": "a: http://10.42.1.11:8080\n"}, "Plan: 1 to change in 1 file."),
    "somebody": ({"a.yaml": "a: 10.9.9.9:1\nb: 10.9.9.8:1\n"}, "Plan: nothing to change, 2 need review."),
    "nothing": ({"a.yaml": "a: 1\n"}, "Plan: 0 to change."),
}  # fmt: skip


@pytest.mark.parametrize(("files", "told"), FILES.values(), ids=list(FILES))
def test_who_gets_it_as_a_file_is_told_what_it_comes_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], files: dict[str, str], told: str
) -> None:
    root = write_repository(tmp_path / "repo", files)
    cluster = write_cluster(tmp_path / "cluster.json")
    to = tmp_path / "plan.html"

    assert run(capsys, "plan", root, "-i", cluster, "--format", "html", "--output", to) == (
        "",
        f"refactor: {told}\n",
    )
    assert to.read_text().startswith("<!doctype html>")
    out, err = run(capsys, "plan", root, "-i", cluster, "--format", "html", "--output", to, "--format", "text")  # fmt: skip
    assert (err, out.splitlines()[-1] != "") == ("", True)


def test_one_file_is_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_repository(tmp_path / "repo", {"a.yaml": "a: http://10.42.1.11:8080\n"})
    cluster = write_cluster(tmp_path / "cluster.json")

    assert "wrote 1 file;" in run(capsys, "apply", root, "-i", cluster, "--yes")[0]
    assert run(capsys, "undo", root)[0] == "took back 1 file\n"
