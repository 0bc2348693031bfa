"""Input that means harm gets an answer, in bounded time and memory, and does none."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile import CONTROLS, HOSTILE, TOP, Hostile, _change, _odd_text, faults


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_harm_is_answered(hostile: Hostile, tmp_path: Path) -> None:
    ran, wrong = faults(hostile, tmp_path, hostile.sizes[0], timeout=120)

    assert wrong == []
    assert ran.seconds < 60


@pytest.mark.parametrize(
    "make", [_odd_text, _change("\x1b]0;owned\x07\nmore")], ids=["text", "error"]
)
def test_a_terminal_gets_no_control_characters_of_others(make, tmp_path: Path) -> None:
    """Click takes escape sequences out for pipes, so only a terminal shows what is let through."""
    root = tmp_path / "repo"
    root.mkdir()
    arguments = make(root, 1)
    outer, inner = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(TOP), "NO_COLOR": "1", "TERM": "dumb"}  # no progress bar
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


def _some(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # Linux says so when the other end has gone
        return b""
