"""The first look at a tree: the same answers from one process and from many, and nothing lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from refactor.addresses.known import NOTHING
from refactor.files import parallel as shares
from refactor.files.disk import Room
from refactor.files.walk import listed
from refactor.scan import prefilter as sift
from refactor.settings.types import Settings

MANY = 2000


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Many files, of which every fifth holds an address, and one of each kind passed over."""
    root = tmp_path_factory.mktemp("many")
    for n in range(MANY):
        directory = root / f"d{n % 37}" / f"e{n % 5}"
        directory.mkdir(parents=True, exist_ok=True)
        text = "url: http://10.0.0.1:80\n" if n % 5 == 0 else "url: http://orders\n"
        (directory / f"f{n}.yaml").write_text(text)
    (root / "odd.xyz").write_text("10.0.0.1")
    (root / "huge.yaml").write_bytes(b"x" * 5_000_001 + b"10.0.0.1")
    (root / "binary.yaml").write_bytes(b"\0 10.0.0.1")
    (root / "link.yaml").symlink_to(root / "binary.yaml")
    os.mkfifo(root / "fifo.yaml")
    return root


def found(root: Path) -> sift.Prefiltered:
    return sift.sift(listed(root, [root], Settings()), lambda _: NOTHING)


SCRIPT = """
import json, sys
from pathlib import Path
from refactor.files import parallel as shares
from refactor.scan import prefilter as sift
from refactor.addresses.known import NOTHING
from refactor.settings.types import Settings
from refactor.files.walk import listed
forks = []
copy = shares._copy
shares._copy = lambda *args: forks.append(1) or copy(*args)
shares.processes = sift.processes = lambda: int(sys.argv[2])
root = Path(sys.argv[1])
answer = sift.sift(listed(root, [root], Settings()), lambda _: NOTHING)
print(json.dumps([len(forks), *answer]))
"""


@pytest.mark.parametrize("processes", [1, 2, 5])
def test_as_many_processes_as_you_like(tree: Path, processes: int) -> None:
    command = [sys.executable, "-c", SCRIPT, str(tree), str(processes)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    forks, *answer = json.loads(run.stdout)

    assert forks == processes - 1
    assert sift.Prefiltered(*answer) == found(tree)
    assert len(answer[0]) == MANY // 5
    assert answer[1] == MANY
    assert answer[2] == {"binary": 1, "huge": 1, "link": 1, "special": 1, "unknown-kind": 1}


DYING = """
import os, sys
from refactor.files.parallel import shared
me = os.getpid()
def work(numbers):
    found = [n for n in numbers]
    if os.getpid() != me:
        os.kill(os.getpid(), 9) if sys.argv[1] == "killed" else {}["no such key"]
    return found
print(shared(100, work, 2))
print(len(os.listdir("/proc/self/fd")) < 10)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked elsewhere")
@pytest.mark.parametrize("how", ["killed", "raises"])
def test_a_copy_that_dies_is_told(how: str) -> None:
    command = [sys.executable, "-c", DYING, how]
    run = subprocess.run(command, capture_output=True, text=True, check=True)

    assert run.stdout.split() == ["None", "True"]


SHARING = """
from refactor.files.parallel import TURNS, shared
parts = shared(TURNS, list, 3)
print(sorted(n for part in parts for n in part) == list(range(TURNS)), len(parts))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked elsewhere")
def test_each_turn_is_taken_once() -> None:
    run = subprocess.run(
        [sys.executable, "-c", SHARING], capture_output=True, text=True, check=True
    )

    assert run.stdout.split() == ["True", "4"]


def test_what_fails_here_takes_the_copies_along() -> None:
    script = (
        "import os\nfrom refactor.files.parallel import shared\nme = os.getpid()\n"
        "def work(numbers):\n"
        "    if os.getpid() == me:\n        raise KeyError('here')\n"
        "    import time; time.sleep(60)\n"
        "try:\n    shared(10, work, 2)\nexcept KeyError:\n    print('told')\n"
        "try:\n    os.waitpid(-1, os.WNOHANG)\nexcept ChildProcessError:\n    print('alone')\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=50
    )

    assert run.stdout.split() == ["told", "alone"]


def test_a_process_with_threads_is_not_forked() -> None:
    script = (
        "import threading\nfrom refactor.files.parallel import processes\nprint(processes())\n"
        "threading.Thread(target=threading.Event().wait, daemon=True).start()\nprint(processes())\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    alone, accompanied = map(int, run.stdout.split())

    assert accompanied == 1
    assert alone == (min(8, len(os.sched_getaffinity(0))) if sys.platform == "linux" else 1)


@pytest.fixture
def room() -> Iterator[Room]:
    yield Room(10)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", b""),
        (b"short", b"short"),
        (b"0123456789", b"0123456789"),
        (b"0123456789a", "huge"),
        (b"x" * 9_000_000, "huge"),
    ],
)
def test_a_room_holds_what_fits(
    tmp_path: Path, room: Room, data: bytes, expected: bytes | str
) -> None:
    (tmp_path / "a").write_bytes(b"0123456789")
    (tmp_path / "b").write_bytes(data)
    room.read(str(tmp_path / "a"))
    answer = room.read(str(tmp_path / "b"))

    assert (answer if isinstance(answer, str) else bytes(answer)) == expected


def test_a_room_takes_large_files_too(tmp_path: Path) -> None:
    data = os.urandom(1 << 20)
    (tmp_path / "a").write_bytes(data)
    answer = Room(1 << 20).read(str(tmp_path / "a"))

    assert not isinstance(answer, str)
    assert bytes(answer) == data


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda path: None, "vanished"),
        (lambda path: path.symlink_to("/etc/passwd"), "link"),
        (os.mkfifo, "special"),
        (Path.mkdir, "special"),
    ],
)
def test_a_room_takes_regular_files_only(tmp_path: Path, room: Room, make, why: str) -> None:  # type: ignore[no-untyped-def]
    make(tmp_path / "a")

    assert room.read(str(tmp_path / "a")) == why
    assert shares.TURNS * 4 <= 4096
