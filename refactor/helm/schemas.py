"""A chart's schemas of values, without what leads out of them.

Helm validates while it renders, and fetches what a schema refers to, from the network and from
any file. What a schema says by itself is kept: an edit that it forbids could not be installed.
"""

from __future__ import annotations

import gzip
import io
import json
import posixpath
import tarfile
import zlib
from functools import lru_cache
from typing import NamedTuple

_SCHEMA = "values.schema.json"
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_DIALECTS = ("http://json-schema.org/", "https://json-schema.org/")
"""Known to Helm by heart."""
_DEEPEST = 3
"""Archives within archives; real ones hold one."""
_MOST_BYTES = 32 << 20
"""Of one archive and those within it, unpacked; the largest real ones have a tenth of it."""
_KEPT = 128


class Harmless(NamedTuple):
    """A file that may be handed to Helm.

    Attributes:
        data: its bytes.
        note: what was left out, "" for nothing.
    """

    data: bytes
    note: str = ""


def harmless(path: str, data: bytes) -> Harmless:
    """Return a chart's file with no reference in it that Helm would follow out of it.

    Args:
        data: its bytes.
    """
    if _is_schema(path):
        return _schema(path, data)
    if _is_archive(path):
        return _archive(path, data)
    return Harmless(data)


def _is_schema(path: str) -> bool:
    return _name(path) == _SCHEMA


def _is_archive(path: str) -> bool:
    """Say whether Helm takes a file for a packed dependency."""
    folder = posixpath.dirname(posixpath.normpath(path.replace("\\", "/")))
    return path.endswith(".tgz") and posixpath.basename(folder) == "charts"


def _name(path: str) -> str:
    """The last part of a path, which an archive may write with backslashes, or as `b/.`."""
    return posixpath.basename(posixpath.normpath(path.replace("\\", "/"))).casefold()


@lru_cache(_KEPT)
def _schema(path: str, data: bytes) -> Harmless:
    try:
        said = json.loads(data.decode("utf-8", "replace"))
        kept = _without(said)
        note = "" if kept == said else f"{path}: its references to other documents are left out"
        # Written anew: another reader of JSON may see other keys in the same bytes.
        return Harmless(json.dumps(kept, allow_nan=False).encode(), note)
    except (ValueError, RecursionError):
        return Harmless(b"{}", f"{path} is left out: it is not valid JSON")


def _without(said: object) -> object:
    """Take out references to other documents; what is left of such a place allows anything."""
    if isinstance(said, list):
        return [_without(one) for one in said]
    if not isinstance(said, dict):
        return said
    return {key: _without(value) for key, value in said.items() if not _leads_out(key, value)}


def _leads_out(key: str, value: object) -> bool:
    if not isinstance(value, str):
        return False
    if key == "$schema":
        return not value.startswith(_DIALECTS)
    return key in _REFERENCES and not value.startswith("#")


@lru_cache(_KEPT)
def _archive(path: str, data: bytes) -> Harmless:
    """Pack an archive anew; what cannot be read within bounds becomes one that Helm refuses."""
    try:
        return _Packing().again(path, data, _DEEPEST)
    except (tarfile.TarError, OSError, EOFError, ValueError, zlib.error) as error:
        return Harmless(b"", f"{path} is left out: {error}")


class _Packing:
    """One archive, with those within it; their size is counted together."""

    def __init__(self) -> None:
        self._left = _MOST_BYTES

    def again(self, path: str, data: bytes, deepest: int) -> Harmless:
        packed, notes = io.BytesIO(), []
        with (
            tarfile.open(fileobj=io.BytesIO(self._unpacked(data)), mode="r:") as source,
            tarfile.open(fileobj=packed, mode="w:", format=tarfile.PAX_FORMAT) as target,
        ):
            for member in source:
                if member.issparse():  # a few bytes that stand for any number
                    message = "it holds a file with gaps"
                    raise ValueError(message)
                if not member.isreg() or (file := source.extractfile(member)) is None:
                    continue  # a link in a chart's archive is nothing to Helm either
                made = self._member(f"{path}/{member.name}", file.read(), deepest)
                plain = tarfile.TarInfo(member.name)
                plain.size = len(made.data)
                target.addfile(plain, io.BytesIO(made.data))
                notes.append(made.note)
        note = next((note for note in notes if note), "")
        return Harmless(gzip.compress(packed.getvalue(), 1, mtime=0), note)

    def _member(self, path: str, data: bytes, deepest: int) -> Harmless:
        if not _is_archive(path):
            return harmless(path, data)
        if not deepest:
            message = "it holds archives within archives within archives"
            raise ValueError(message)
        return self.again(path, data, deepest - 1)

    def _unpacked(self, data: bytes) -> bytes:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            whole = file.read(self._left + 1)
        self._left -= len(whole)
        if self._left < 0:
            message = f"it unpacks to more than {_MOST_BYTES >> 20} MB"
            raise ValueError(message)
        return whole
