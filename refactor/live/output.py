"""An inventory's file: whole, or not there."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from refactor.disk import real
from refactor.errors import RefactorError
from refactor.places import output


@contextmanager
def whole(path: Path | None) -> Iterator[BinaryIO]:
    """Give an empty file; what is written there shows only when the block ends without error.

    Args:
        path: where it goes; None for standard output.

    Raises:
        RefactorError: it cannot be written.
    """
    try:
        if path is None or (path.exists() and not path.is_file()):
            with tempfile.TemporaryFile() as spool:
                yield spool
                spool.seek(0)
                _pour(spool, path)
        else:
            with _beside(real(output(path))) as file:
                yield file
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        message = f"the inventory cannot be written ({error.strerror})"
        raise RefactorError(message, where=str(path or "standard output")) from error


@contextmanager
def _beside(path: Path) -> Iterator[BinaryIO]:
    """Give a file that takes the place of another at the end."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("x+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _pour(spool: BinaryIO, path: Path | None) -> None:
    if path is None:
        sys.stdout.flush()
        shutil.copyfileobj(spool, sys.stdout.buffer)
        return
    with path.open("wb") as file:
        shutil.copyfileobj(spool, file)
