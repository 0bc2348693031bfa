"""Input that means harm gets an answer, in bounded time and memory, and does none."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import threading
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from fuzz.sources import job
from refactor.apply.run import apply
from refactor.errors import RefactorError
from refactor.plan import make_plan
from tests.hostile import CONTROLS, HOSTILE, TOP, Hostile, _change, _odd_text, faults


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_harm_is_answered(hostile: Hostile, tmp_path: Path) -> None:
    _, wrong = faults(hostile, tmp_path, hostile.sizes[0], timeout=120)

    assert wrong == []


@pytest.mark.parametrize(
    "make", [_odd_text, _change("\x1b]0;owned\x07\nmore")], ids=["text", "error"]
)
def test_a_terminal_gets_no_control_characters_of_others(make, tmp_path: Path) -> None:
    """Click takes escape sequences out for pipes, so only a terminal shows what is let through."""
    root = tmp_path / "repo"
    root.mkdir()
    arguments = make(root, 1)
    outer, inner = pty.openpty()
    environment = {
        **os.environ,
        "PYTHONPATH": str(TOP),
        "NO_COLOR": "1",
        "TERM": "dumb",
    }  # no progress bar
    process = subprocess.Popen(
        [sys.executable, "-m", "refactor", *arguments],
        cwd=root, env=environment, stdin=subprocess.DEVNULL, stdout=inner, stderr=inner,
    )  # fmt: skip
    os.close(inner)
    said = b""
    while chunk := _some(outer):
        said += chunk
    os.close(outer)
    process.wait()

    own = said.decode().replace("\r\n", "\n").replace("\x1b[31m", "", 1).replace("\x1b[0m", "")
    assert own.count("\n") > 0
    assert "owned" in own or "10.42.1.11" in own
    assert {*map(ord, own)} & CONTROLS == set()


def test_a_file_that_changes_while_it_is_read_planned_and_written(tmp_path: Path) -> None:
    """Somebody writes it over and over; what is applied is an edit of what stood there whole."""
    root, file = tmp_path / "repo", tmp_path / "repo/a.conf"
    root.mkdir()
    olds = [f"# {number}\nurl = http://10.0.0.2:80/{'x' * number * 5000}\n" for number in range(3)]
    news = [old.replace("10.0.0.2:80", "two.data.svc.cluster.local:81") for old in olds]
    file.write_text(olds[0])
    made_of, over = job()._replace(root=root, paths=(root,)), threading.Event()

    def disturb() -> None:
        for number in count():
            if over.is_set():
                return
            beside = tmp_path / "beside"
            beside.write_text(olds[number % 3])
            beside.replace(file)

    other = threading.Thread(target=disturb)
    other.start()
    try:
        for _ in range(40):
            with suppress(RefactorError):
                apply(make_plan(made_of), root)
            assert file.read_text() in (*olds, *news)
    finally:
        over.set()
        other.join()
    (change,) = make_plan(made_of).changes or (None,)
    assert (change is None) == (file.read_text() in news)


def _some(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # Linux says so when the other end has gone
        return b""
