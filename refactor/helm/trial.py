"""A program that tries to break out of the cage; run as a file by `cage.status`, never imported."""

from __future__ import annotations

import json
import mmap
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))

from refactor.helm import cage


def main() -> None:
    """Enter, try, and tell: a list of names, whether each is refused, and what refuses it."""
    inside, outside = map(Path, sys.argv[1:])
    libraries = cage.python()
    held = cage.enter([inside, *libraries], [])
    cage.allow_seconds()
    files = f"Landlock ABI {held.landlock}" if held.landlock else ""
    calls = "seccomp" if held.seccomp else ""
    limits = {name: f"a limit on {told}" for name, told in _LIMITS.items() if name in held.limits}
    tried = (
        ("reading files outside the chart", outside.read_bytes, (files,)),
        ("writing files", lambda: _writes(inside), (files, calls, limits.get("FSIZE", ""))),
        ("connections", _connects, (calls, files if held.landlock >= _TCP_SINCE else "")),
        ("new processes", _forks, (calls,)),
        (f"more than {cage.MEMORY >> 20} MB of memory", _allocates, (limits.get("DATA", ""),)),
    )
    told = [(name, _refused(attempt), _by(means)) for name, attempt, means in tried]
    told.append((f"more than {cage.SECONDS} seconds a render", True, "a clock outside"))
    sys.stdout.write(json.dumps(told))


_LIMITS = {"FSIZE": "the size of files", "DATA": "data"}
_TCP_SINCE = 4


def _by(means: tuple[str, ...]) -> str:
    return ", ".join(one for one in means if one) or "this system has no means that serve"


def _refused(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except (OSError, MemoryError):
        return True
    return False


def _writes(inside: Path) -> None:
    (inside / "new").write_text("x")


def _connects() -> None:
    socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", ("127.0.0.1", 9))


def _forks() -> None:
    if os.fork() == 0:
        os._exit(0)


def _allocates() -> None:
    mmap.mmap(-1, 2 * cage.MEMORY, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()


if __name__ == "__main__":
    main()
