"""The cage that Helm runs in: what it may open, start, send and use up.

It holds as far as the system has means. A process enters for itself, before it loads what it does
not trust, and there is no way back. Only the standard library is imported here: each caged process
reads it again.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from refactor.helm import landlock, seccomp

SECONDS = 20
"""That one render may take; the slowest real charts make certificates and need two."""
MEMORY = 2 << 30
"""Bytes of data; rendering the largest real charts takes a tenth of it."""
_PROCESSOR = 3 * SECONDS
"""Seconds of processor time, of all threads: for where the clock outside has been stopped."""
_OPEN_FILES = 256
_THREADS = 4
"""Processors that Go's runtime uses: it may not read how many the container has."""

_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/nix/store")
_ZONES = ("/etc/localtime", "/usr/share/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo")
"""Charts may ask for the time in a zone (`dateInZone`)."""
_SYSTEM = ("/bin", "/usr/bin", "/usr/local", "/sbin", "/usr/sbin", "/opt")
_KEPT = ("TZ", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "HELM_C_LIB")
_DEATH_OF_PARENT = 1  # PR_SET_PDEATHSIG
_GO = {"GOGC": "400", "GOMEMLIMIT": f"{MEMORY * 3 // 4}"}
"""Go's collector: rarely, while memory is far from its end; a render makes rubbish and is over."""
_TRIAL = Path(__file__).with_name("trial.py")


class CageLimits(NamedTuple):
    """What holds in this process.

    Attributes:
        landlock: the ABI, 0 for no Landlock.
        seccomp: system calls are filtered.
        limits: the names of the resource limits that were set.
    """

    landlock: int = 0
    seccomp: bool = False
    limits: tuple[str, ...] = ()


class Facility(NamedTuple):
    """One thing that the cage keeps a chart from, tried on this machine.

    Attributes:
        name: such as `connections`.
        held: it was tried, and refused.
        by: what refuses it, or that nothing does.
    """

    name: str
    held: bool
    by: str

    def __str__(self) -> str:
        return f"{self.name}: {'refused by' if self.held else 'NOT refused:'} {self.by}"


def enter(reads: Iterable[Path], runs: Iterable[Path] = (), *, starts: bool = False) -> CageLimits:
    """Confine this process, which has one thread, for good."""
    limits = _set_limits()
    confined = landlock.confine([*reads, *map(Path, _ZONES)], runs)
    filtered = seccomp.refuse(forks=not starts, execs=not starts)
    return CageLimits(confined, filtered, limits)


def settle() -> None:
    """Keep this process, which was started within the cage, from starting others."""
    seccomp.refuse(world=False, execs=False)


def end_with_parent() -> None:
    """Be killed when the parent, which has one thread, ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DEATH_OF_PARENT, signal.SIGKILL, 0, 0, 0)


def allow_seconds() -> None:
    """Count the processor time that may be used from now on."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        allowed = int(used.ru_utime + used.ru_stime) + _PROCESSOR
        resource.setrlimit(
            resource.RLIMIT_CPU, (allowed, resource.getrlimit(resource.RLIMIT_CPU)[1])
        )


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """Return all that a caged process learns of our environment: no home, no tokens, no proxies."""
    kept = {name: given[name] for name in _KEPT if given.get(name)}
    processors = min(_THREADS, os.cpu_count() or 1)
    return {**kept, **_GO, "GOMAXPROCS": str(processors), "PYTHONDONTWRITEBYTECODE": "1"}


def python() -> tuple[Path, ...]:
    """Return where Python's own library and the system's lie."""
    names = ("stdlib", "platstdlib")
    own = {Path(path).resolve() for name in names if (path := sysconfig.get_path(name))}
    return (*own, *map(Path, _LIBRARIES))


def program(path: Path) -> tuple[bool, tuple[Path, ...]]:
    """Say whether a program is a script, which starts others, and what it has to execute."""
    with path.open("rb") as file:
        head = file.read(1 << 12)
    if head.startswith(b"#!"):
        return True, (path, *map(Path, (*_LIBRARIES, *_SYSTEM)))
    linked = b"ld-linux" in head or b"ld-musl" in head or b"ld.so" in head
    return False, (path, *(map(Path, _LIBRARIES) if linked else ()))


def status() -> tuple[Facility, ...]:
    """Try the cage of this machine: a small program in it tries each thing."""
    with tempfile.TemporaryDirectory(prefix="refactor-cage-") as folder:
        inside, outside = Path(folder, "inside"), Path(folder, "outside")
        inside.mkdir()
        outside.write_text("a secret")
        try:
            ran = subprocess.run(
                [sys.executable, "-P", "-B", str(_TRIAL), str(inside), str(outside)],
                env=environment(os.environ),
                cwd="/",
                capture_output=True,
                timeout=SECONDS,
                check=True,
            )
            tried = json.loads(ran.stdout)
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            return (Facility("the cage", False, f"it cannot be tried: {type(error).__name__}"),)
    return tuple(Facility(*one) for one in tried)


def _set_limits() -> tuple[str, ...]:
    try:
        import resource
    except ImportError:  # no Unix
        return ()
    bounds = {"DATA": MEMORY, "FSIZE": 0, "CORE": 0, "NOFILE": _OPEN_FILES}
    return tuple(name for name, most in bounds.items() if _bound(resource, name, most))


def _bound(resource: object, name: str, most: int) -> bool:
    which = getattr(resource, f"RLIMIT_{name}", None)
    if which is None:
        return False
    try:
        hard = resource.getrlimit(which)[1]  # type: ignore[attr-defined]
        allowed = most if hard < 0 else min(most, hard)
        resource.setrlimit(which, (allowed, allowed))  # type: ignore[attr-defined]
    except (OSError, ValueError):
        return False
    return True
