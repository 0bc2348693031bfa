"""A bar on standard error while something takes long: on a terminal, and nowhere else."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout

import pytest

from refactor.cli import progress
from refactor.cli.progress import shown
from refactor.files.progress import tell, track


class Stream(io.StringIO):
    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.fixture
def stderr(monkeypatch: pytest.MonkeyPatch) -> Stream:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    return Stream(terminal=True)


def test_it_appears_and_goes(stderr: Stream) -> None:
    # Here and not in the fixture: between the two pytest takes both streams again.
    with redirect_stderr(stderr), redirect_stdout(Stream(terminal=True)) as stdout:
        bar = progress._Bar()
        bar.step("scanning", 1, 8)
        bar.start()  # as its clock does
        bar.step("proving", 4, 8)
        bar._rich.refresh()
        bar.stop()
    told = stderr.getvalue()

    assert "scanning" in told
    assert "proving" in told
    assert "4/8" in told
    assert told.endswith(("\x1b[2K", "\x1b[?25h"))  # the line is taken away, the cursor given back
    assert stdout.getvalue() == ""


def work() -> None:
    tell("reading", 0, 2)
    assert list(track([1, 2], "scanning")) == [1, 2]


QUIET = [
    ("no terminal", False, "xterm", 0.0),
    ("a dumb one", True, "dumb", 0.0),
    ("soon over", True, "xterm", 3600.0),
]


@pytest.mark.parametrize(("terminal", "term", "patience"), [r[1:] for r in QUIET], ids=[r[0] for r in QUIET])  # fmt: skip
def test_it_stays_away(
    stderr: Stream, monkeypatch: pytest.MonkeyPatch, terminal: bool, term: str, patience: float
) -> None:
    stderr.terminal = terminal
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(progress, "_PATIENCE", patience)
    with redirect_stderr(stderr), shown():
        work()

    assert stderr.getvalue() == ""


def test_it_goes_when_the_work_fails(stderr: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped: list[bool] = []
    monkeypatch.setattr(progress._Bar, "stop", lambda _: stopped.append(True))
    message = "broken"
    with redirect_stderr(stderr), pytest.raises(ValueError, match=message), shown():
        raise ValueError(message)

    assert stopped == [True]
    work()  # nobody listens any more
