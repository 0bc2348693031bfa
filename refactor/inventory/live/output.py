"""An inventory's file: whole, or not there."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from refactor.errors import RefactorError
from refactor.files.whole import output

_CHUNK = 1 << 20


@contextmanager
def whole(path: Path | None) -> Iterator[BinaryIO]:
    """Give an empty file; what is written there shows only when the block ends without error.

    Args:
        path: where it goes; None for standard output.

    Raises:
        RefactorError: it cannot be written.
    """
    try:
        with _printed() if path is None else output(path) as file:
            yield file
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        message = f"the inventory cannot be written ({error.strerror})"
        raise RefactorError(message, where=str(path or "standard output")) from error


@contextmanager
def _printed() -> Iterator[BinaryIO]:
    with tempfile.TemporaryFile() as spool:
        yield spool
        spool.seek(0)
        sys.stdout.flush()
        while data := spool.read(_CHUNK):
            sys.stdout.buffer.write(data)
