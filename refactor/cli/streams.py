"""Standard streams as all commands print to them: for any encoder, any runner, and where none is.

Whatever is printed goes through here, so that nothing of a repository goes round it.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from refactor.errors import RefactorError

_REMEDY = "send it to a file, a pipe or a terminal that takes it"
_T = TypeVar("_T")
_ASCII = str.maketrans({"✓": "ok", "✗": "x", "→": "->", "…": "...", "─": "-", "━": "-", "│": "|", "—": "-", "•": "*"})  # fmt: skip # noqa: E501
# What moves a terminal's cursor or colours it, and is ours: reports spell out those of others.
_OURS = re.compile(r"(\x1b\[[\d;?]*[A-Za-z]|\r)")


class ReaderGoneError(Exception):
    """The reader of standard output (`| head`) has gone."""


@contextmanager
def guarded() -> Iterator[None]:
    """Guard the standard streams while the block runs; one that is closed becomes none."""
    before = sys.stdin, sys.stdout, sys.stderr
    _occupy()
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - a device, to the end
    sys.stdout = _Stream(sys.stdout, _raised)
    sys.stderr = _Stream(sys.stderr, _forgotten)
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = before


def _occupy() -> None:
    """Take the numbers of closed streams, or the next file that is opened gets what is printed."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _raised(write: Callable[[], _T], stream: Any) -> _T | None:
    """Write to standard output, which has to hold what it was given."""
    try:
        if stream is None:
            message = "standard output is closed"
            raise RefactorError(message, remedy=_REMEDY)
        return write()
    except BrokenPipeError as error:
        _drop(stream)
        raise ReaderGoneError from error
    except OSError as error:
        _drop(stream)
        message = f"standard output cannot be written ({error.strerror})"
        raise RefactorError(message, remedy=_REMEDY) from error


def _drop(stream: Any) -> None:
    """Let what is left in a buffer go nowhere, or the interpreter fails on it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _forgotten(write: Callable[[], _T], stream: Any) -> _T | None:
    """Write to standard error, where there is one: there is no other place to say that it fails."""
    try:
        return None if stream is None else write()
    except OSError:
        return None


class _Stream:
    """A text stream that prints for its receiver, and whose faults are ours to tell."""

    def __init__(self, stream: Any, doing: Callable[[Callable[[], Any], Any], Any]) -> None:
        self._stream = stream
        self._do = doing
        self._encoding = getattr(stream, "encoding", None) or "utf-8"
        self._terminal = self.isatty() or os.environ.get("FORCE_COLOR", "0") not in ("", "0")
        # click would go round a stream that says it is ASCII.
        unknown = self._encoding.lower() in ("ascii", "us-ascii", "ansi_x3.4-1968", "646")
        self.encoding = "utf-8" if unknown else self._encoding
        self.errors = "backslashreplace"

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            message = "a text stream takes text"
            raise TypeError(message)
        if text:
            self._do(lambda: self._stream.write(self._fit(text)), self._stream)
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        if self._stream is not None:
            self._do(self._stream.flush, self._stream)

    def isatty(self) -> bool:
        return self._stream is not None and bool(self._stream.isatty())

    def fileno(self) -> int:
        if self._stream is None:
            message = "closed"
            raise OSError(message)
        return int(self._stream.fileno())

    @property
    def buffer(self) -> _Bytes:
        return _Bytes(self._stream, self._do)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def _fit(self, text: str) -> str:
        from refactor.report.receivers import log, readable

        if not (text.isascii() and text.rstrip("\n").isprintable()):
            text = "".join(
                part if number % 2 else readable(part)
                for number, part in enumerate(_OURS.split(text) if self._terminal else (text,))
            )
        text = log(text)
        if text.isascii() or self._encoding.lower() in ("utf-8", "utf8"):
            return text
        try:
            text.encode(self._encoding)
        except (UnicodeError, LookupError):
            text = text.translate(_ASCII)
            text = text.encode(self._encoding, "backslashreplace").decode(self._encoding)
        return text


class _Bytes:
    """The bytes below such a stream: for reports, which are fit for their receivers already."""

    def __init__(self, stream: Any, doing: Callable[[Callable[[], Any], Any], Any]) -> None:
        self._stream = stream
        self._do = doing

    def write(self, data: bytes) -> int:
        if isinstance(data, str):
            message = "a stream of bytes takes bytes"
            raise TypeError(message)
        if data:
            self._do(lambda: self._stream.buffer.write(data), self._stream)
        return len(data)

    def flush(self) -> None:
        if self._stream is not None:
            self._do(self._stream.buffer.flush, self._stream)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream.buffer, name)
