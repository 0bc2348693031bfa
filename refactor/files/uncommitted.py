"""Which files differ from the last commit, submodules' and other inner repositories' too."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from refactor.errors import RefactorError
from refactor.files.git import UnsureError, answer, top_of

_STATUS = (
    *("status", "--porcelain=v1", "-z", "--untracked-files=no", "--ignore-submodules=all"),
    *("--no-renames", "--", "."),
)
_LINKED = b"160000 "
"""The mode of a submodule in an index."""

_MOST_INNER = 100
"""Inner repositories that are looked into, and how deep they may lie in each other."""

_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n[^\0]*?oid sha256:(\w{64})\nsize (\d+)\n"
)
_POINTER_SIZE = 1024
"""Bytes that a pointer of Git LFS has at most, by its specification."""


def dirty(root: Path, inner: Iterable[str] = ()) -> tuple[str, ...] | None:
    """Return the tracked files below a directory that differ from the last commit.

    Returns:
        Their paths from the top of the repository; untracked files do not count. None where there
        is no repository, or no git.

    Raises:
        RefactorError: git cannot tell (another user's repository, a damaged one, a time-out).
    """
    try:
        return _dirty(root, inner)
    except UnsureError as error:
        message = f"git cannot say whether anything is uncommitted: {error}"
        remedy = "see `git status`, or --allow-dirty"
        raise RefactorError(message, where=str(root), remedy=remedy) from error


def _dirty(root: Path, inner: Iterable[str]) -> tuple[str, ...] | None:
    found = _changed(root)
    places = sorted({*islice(_places(root, inner), _MOST_INNER + 1)})
    if len(places) > _MOST_INNER:
        message = f"more than {_MOST_INNER} repositories lie inside of this one"
        raise UnsureError(message)
    above = os.path.relpath(root, top_of(root.absolute()) or root)
    for path in places:
        own = os.path.normpath(f"{above}/{path}")
        found = (*(found or ()), *(f"{own}/{name}" for name in _changed(root / path) or ()))
    return found


def _places(root: Path, inner: Iterable[str], depth: int = 0) -> Iterator[str]:
    """Give the inner repositories that are there, by their paths from the root."""
    staged = answer(root, "ls-files", "--stage", "-z", "--", ".") or b""
    links = (os.fsdecode(e.partition(b"\t")[2]) for e in staged.split(b"\0") if e[:7] == _LINKED)
    for path in {*links, *inner}:
        place = root / path
        # A name in an index, or a link on the way, may lead out of the tree.
        if os.path.realpath(place) != f"{os.path.realpath(root)}/{path}":
            continue
        if os.path.lexists(place / ".git") and top_of(place.absolute()) == place.absolute():
            yield path
            if depth < _MOST_INNER:
                yield from (f"{path}/{below}" for below in _places(place, (), depth + 1))


def _changed(root: Path) -> tuple[str, ...] | None:
    status = answer(root, *_STATUS)
    if status is None:
        return None
    entries = [entry for entry in status.split(b"\0") if entry]
    held = _held(root) if any(entry[:2] == b" M" for entry in entries) else frozenset()
    return tuple(os.fsdecode(entry[3:]) for entry in entries if entry[3:] not in held)


def _held(root: Path) -> frozenset[bytes]:
    """Return the files that are what Git LFS has for them: its filter is off, and would say so."""
    told = (answer(root, "diff-files", "--raw", "-z", "--ignore-submodules=all") or b"").split(
        b"\0"
    )
    oids = {path: about.split(b" ")[2] for about, path in zip(told[::2], told[1::2], strict=False)}
    small = {
        line.split(b" ")[0]
        for line in _cat(root, "--batch-check", oids.values()).splitlines()
        if line.split(b" ")[-1].isdigit() and int(line.split(b" ")[-1]) <= _POINTER_SIZE
    }
    kept = {path: oid for path, oid in oids.items() if oid in small}
    texts = {oid: _cat(root, "--batch", [oid]).partition(b"\n")[2] for oid in set(kept.values())}
    top = top_of(root.absolute()) or root
    return frozenset(p for p, oid in kept.items() if _is_held(top / os.fsdecode(p), texts[oid]))


def _cat(root: Path, how: str, oids: Iterable[bytes]) -> bytes:
    data = b"".join(oid + b"\n" for oid in oids)
    return answer(root, "cat-file", how, data=data) or b"" if data else b""


def _is_held(path: Path, text: bytes) -> bool:
    pointer = _POINTER.match(text)
    if pointer is None or os.path.realpath(path) != str(path) or not path.is_file():
        return False
    if path.stat().st_size != int(pointer[2]):
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == pointer[1].decode()
