"""Renames that overwrite nothing: what the system offers beside rename(2)."""

from __future__ import annotations

import ctypes
import errno
import os
from functools import cache
from typing import Any

_NO_REPLACE, _EXCHANGE = 1, 2  # renameat2(2)
LACKING = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM})
"""What a system, or a file system, answers that does not know the call."""


def exchange(source: int, old: str, target: int, new: str) -> None:
    """Let two files change places, in one step.

    Raises:
        OSError: one of them is not there; one of `LACKING` where it cannot be done here.
    """
    _rename(source, old, target, new, _EXCHANGE)


def into_gap(source: int, old: str, target: int, new: str) -> None:
    """Rename a file to where nothing stands.

    Raises:
        OSError: something does; one of `LACKING` where it cannot be done here.
    """
    _rename(source, old, target, new, _NO_REPLACE)


def _rename(source: int, old: str, target: int, new: str, flags: int) -> None:
    call = _call()
    if call is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if call(source, os.fsencode(old), target, os.fsencode(new), flags):
        failed = ctypes.get_errno()
        raise OSError(failed, os.strerror(failed))


@cache
def _call() -> Any:
    """Return renameat2(2); None where the C library has none (macOS, old ones)."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is not None:
        call.argtypes = (
            ctypes.c_int,
            ctypes.c_char_p,
            ctypes.c_int,
            ctypes.c_char_p,
            ctypes.c_uint,
        )
    return call
