"""Linux's Landlock: from here on, this thread and what it starts open only what is listed.

https://docs.kernel.org/userspace-api/landlock.html; no privilege is needed, and none gets round it.
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable
from pathlib import Path

# The numbers of its system calls are the same on every architecture.
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_PATH_BENEATH = 1
_EXECUTE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 2, 1 << 3
_FILE_RIGHTS = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15
_FS_BITS = {1: 13, 2: 14, 3: 15, 5: 16}
"""How many rights over files an ABI knows; all of them are taken, and given back by the rules."""
_TCP_SINCE, _SCOPES_SINCE = 4, 6
_TCP = 1 << 0 | 1 << 1
_SCOPES = 1 << 0 | 1 << 1
"""Abstract Unix sockets and signals of processes outside."""
_NO_NEW_PRIVS = 38


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("fs", ctypes.c_uint64),
        ("net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def abi() -> int:
    """Return the version that this kernel offers; 0 for none."""
    with_kernel = _library()
    return max(0, with_kernel.syscall(_CREATE, None, 0, 1)) if with_kernel else 0


def confine(reads: Iterable[Path], runs: Iterable[Path]) -> int:
    """Allow reading some paths and executing others; return the ABI, 0 where nothing holds."""
    version, library = abi(), _library()
    if not version or library is None:
        return 0
    known = 1 << max(bits for since, bits in _FS_BITS.items() if since <= version)
    asked = _Ruleset(
        known - 1, _TCP * (version >= _TCP_SINCE), _SCOPES * (version >= _SCOPES_SINCE)
    )
    size = 24 if version >= _SCOPES_SINCE else 16 if version >= _TCP_SINCE else 8
    rules = library.syscall(_CREATE, ctypes.byref(asked), size, 0)
    if rules < 0:
        return 0
    try:
        for path in reads:
            _allow(library, rules, path, _READ_FILE | _READ_DIR)
        for path in runs:
            _allow(library, rules, path, _READ_FILE | _READ_DIR | _EXECUTE)
        library.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0)
        return 0 if library.syscall(_RESTRICT, rules, 0) else version
    finally:
        os.close(rules)


def _allow(library: ctypes.CDLL, rules: int, path: Path, rights: int) -> None:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no leave
    try:
        if not stat.S_ISDIR(os.fstat(parent).st_mode):
            rights &= _FILE_RIGHTS
        rule = _Beneath(rights, parent)
        library.syscall(_ADD, rules, _PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(parent)


def _library() -> ctypes.CDLL | None:
    return ctypes.CDLL(None, use_errno=True) if hasattr(os, "O_PATH") else None
