"""One run of a campaign at a time, on one machine."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from refactor.errors import RefactorError
from refactor.files.whole import lock_file


class BusyError(RefactorError):
    """Another run of the campaign is under way: EX_TEMPFAIL of sysexits(3), try again later."""

    exit_code = 75


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a campaign against other runs; the kernel lets go of it when the process ends."""
    try:
        descriptor = lock_file(path)
    except OSError as error:
        message = f"cannot be written: {error.strerror}"
        raise RefactorError(message, where=str(path)) from error
    try:
        _take(descriptor, path)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        message = "another run of this campaign is under way"
        raise BusyError(message, where=str(path), remedy="wait until it has ended") from error
    except OSError as error:
        message = f"this file system does not support locks ({error.strerror}), so nothing is run"
        remedy = "mount it with locks, or keep the campaign's files elsewhere"
        raise RefactorError(message, where=str(path), remedy=remedy) from error
