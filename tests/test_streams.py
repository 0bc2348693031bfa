"""Streams that are closed, full, gone, or of another encoding: one line, and the right exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_receivers import SERVICE

COMMANDS = {
    "scan": 0,
    "scan --format json": 0,
    "check": 1,
    "check --format sarif": 1,
    "plan -i i.json": 0,
    "plan -i i.json --format markdown": 0,
    "plan -i i.json --format patch": 0,
    "apply -i i.json --yes": 0,
    "init --print": 0,
    "explain 10.1.2.3 -i i.json": 0,
    "--help": 0,
    "plan --help": 0,
    "--version": 0,
    "completion bash": 0,
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "a.yaml").write_text("x: http://10.1.2.3:80\n", encoding="utf-8")
    (tmp_path / "i.json").write_text(
        json.dumps({"kind": "List", "apiVersion": "v1", "items": [SERVICE]})
    )
    return tmp_path


def ran(root: Path, command: str, streams: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command as a shell gives it its streams."""
    return subprocess.run(
        ["bash", "-c", f'"{sys.executable}" -m refactor {command} {streams}'],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), **more},
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("streams", [">&-", ">/dev/full"])
@pytest.mark.parametrize("command", COMMANDS)
def test_standard_output_that_takes_nothing(command: str, streams: str, root: Path) -> None:
    done = ran(root, command, streams)

    assert done.returncode == 2
    assert done.stderr.decode().startswith("refactor: standard output ")
    assert done.stderr.count(b"\n") == 1
    assert (root / "a.yaml").read_text() == "x: http://10.1.2.3:80\n", "shown before it is written"


@pytest.mark.parametrize("streams", ["2>&-", "2>/dev/full", "<&-"])
@pytest.mark.parametrize("command", COMMANDS)
def test_no_standard_error_and_no_input_matter_to_nobody(
    command: str, streams: str, root: Path
) -> None:
    done = ran(root, command, streams)

    assert done.returncode == COMMANDS[command]
    assert done.stdout


@pytest.mark.parametrize("streams", ["2>&-", "2>/dev/full", ">&- 2>&-"])
def test_an_error_without_a_place_to_say_it(streams: str, root: Path) -> None:
    assert ran(root, "plan none", streams).returncode == 2


@pytest.mark.parametrize("command", ["plan -i i.json", "--help", "scan --format json"])
def test_a_reader_that_has_gone(command: str, root: Path) -> None:
    """Its end of the pipe is closed before anything is written."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "refactor", *command.split()],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)

    assert (done.returncode, done.stderr) == (141, b"")


def test_a_file_is_not_opened_as_the_stream_that_is_closed(root: Path) -> None:
    """Or what is said on standard error would go into it."""
    done = ran(root, "plan -i i.json --out p.json --format json --output r.json", ">&- 2>&-")

    assert done.returncode == 0
    json.loads((root / "p.json").read_text())
    json.loads((root / "r.json").read_text())


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp1252", "iso8859-15", "koi8-r"])
def test_any_encoding_prints(encoding: str, root: Path) -> None:
    (root / "b é 中.yaml").write_text("# é 中 ✓\nx: http://10.1.2.3:80\n", encoding="utf-8")
    done = ran(root, "plan -i i.json -v", "", PYTHONIOENCODING=encoding)

    assert (done.returncode, done.stderr) == (0, b"")
    said = done.stdout.decode(encoding)
    assert "10.1.2.3:80 -> orders.shop" in said
    assert "\\u4e2d" in said
    assert "Plan: 2 to change" in said


def test_utf_8_prints_its_marks(root: Path) -> None:
    said = ran(root, "plan -i i.json -v", "", PYTHONIOENCODING="utf-8").stdout.decode()

    assert "✓ 1: 10.1.2.3:80 → orders.shop" in said
