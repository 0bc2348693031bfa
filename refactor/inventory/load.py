"""The rim: files, standard input and directories to an `Inventory`."""

from __future__ import annotations

import gc
import hashlib
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from refactor.errors import RefactorError
from refactor.files.disk import real
from refactor.files.parallel import aside
from refactor.inventory import cache as kept
from refactor.inventory.index import Inventory
from refactor.inventory.mapped import Mapping
from refactor.inventory.objects import InventoryObjects
from refactor.inventory.read import EXPORT
from refactor.inventory.records import Pod, Record
from refactor.inventory.snapshot import Snapshot

if TYPE_CHECKING:
    from refactor.inventory.gathered import Records

_SUFFIXES = (".yaml", ".yml", ".json")


def load(
    paths: Sequence[str | Path],
    *,
    mappings: Sequence[Mapping] = (),
    stdin: Callable[[], bytes],
    given: dict[str, bytes] | None = None,
    past: Sequence[Inventory] = (),
    indexes: Path | None = None,
) -> Inventory:
    """Return one inventory of all that some inputs hold.

    Args:
        stdin: gives the bytes of standard input.

    Raises:
        RefactorError: an input cannot be read, or is no inventory.
    """
    with _no_collection():
        file = None if given or indexes is None else _large(paths)
        if file is None or indexes is None:
            return _read(given or {}, paths, mappings, stdin, past)
        then = kept.look(file)
        if then and (packed := kept.recall(indexes, file, then)):
            from refactor.inventory.unpacked import Unpacked

            digests = {str(paths[0]): packed.digest}
            held = Unpacked(packed)
            return Inventory((), mappings, digests, packed.remarks, packed.snapshots, past, held)
        found = _read({}, paths, mappings, stdin, past)
        if then:
            digest = found.digests[str(paths[0])]
            aside(partial(kept.keep, indexes, file, then, found, digest))
        return found


def _large(paths: Sequence[str | Path]) -> Path | None:
    """Return the one file that is the input, if it is so large that an index pays."""
    if len(paths) != 1 or str(paths[0]) == "-":
        return None
    now = kept.look(file := Path(paths[0]))
    return file if now and now.size >= kept.LEAST else None


def _read(
    given: dict[str, bytes],
    paths: Sequence[str | Path],
    mappings: Sequence[Mapping],
    stdin: Callable[[], bytes],
    past: Sequence[Inventory],
) -> Inventory:
    found = _Found()
    _take(found, given, paths, stdin)
    remarks, snapshots = found.remarks(), found.snapshots
    objects = InventoryObjects(found.records)
    objects.hosts.index()
    return Inventory((), mappings, found.digests, remarks, snapshots, past, objects)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the collector of cycles away: hundreds of thousands of objects come, and none goes."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _take(
    found: _Found, given: dict[str, bytes], paths: Sequence[str | Path], stdin: Callable[[], bytes]
) -> None:
    for name, data in given.items():
        found.file(name, data)
    for path in dict.fromkeys(map(str, paths)):
        if path == "-":
            found.file(path, stdin())
        elif Path(path).is_dir():
            found.directory(Path(path))
        else:
            found.file(path, _bytes(Path(path)))


@contextmanager
def _digest(data: bytes) -> Iterator[hashlib._Hash]:
    """Hash data beside what is done in the block: it lets go of the interpreter's lock."""
    digest = hashlib.sha256()
    other = threading.Thread(target=digest.update, args=(data,))
    other.start()
    try:
        yield digest
    finally:
        other.join()


class _Found:
    def __init__(self) -> None:
        self.records: list[Record] = []
        self.digests: dict[str, str] = {}
        self.snapshots: list[Snapshot] = []
        self._passed: Counter[str] = Counter()
        self._unread: list[str] = []

    def file(self, name: str, data: bytes) -> None:
        """Take one input in."""
        from refactor.inventory.read import UnreadableError, read

        where = "standard input" if name == "-" else name
        with _digest(data) as digest:
            try:
                self._add(read(data))
            except UnreadableError as error:
                raise RefactorError(str(error), where=where, remedy=error.remedy) from error
        self.digests[name] = digest.hexdigest()

    def directory(self, root: Path) -> None:
        """Take the manifests under a directory in; those that cannot be read are remarked."""
        from refactor.inventory.read import UnreadableError, read

        total = hashlib.sha256()
        before = len(self.records)
        inside = real(root)
        for path in _manifests(root):
            if not real(path).is_relative_to(inside):
                self._unread.append(f"{_shown(path)} leads out of the directory")
                continue
            data = _bytes(path)
            total.update(os.fsencode(path.relative_to(root).as_posix()) + b"\0")
            total.update(hashlib.sha256(data).digest())
            try:
                self._add(read(data))
            except UnreadableError as error:
                self._unread.append(f"{_shown(path)} {error}")
        if len(self.records) == before:
            message = "is a directory without manifests of Services, pods or workloads"
            raise RefactorError(message, where=str(root), remedy="name the files, or another one")
        self.digests[str(root)] = total.hexdigest()

    def _add(self, found: Records) -> None:
        self.records += found.used
        self.snapshots += found.snapshots
        self._passed += found.passed

    def remarks(self) -> tuple[str, ...]:
        """Return what was passed over, a line each."""
        bare = sum(not r.status.phase and not r.ips for r in self.records if type(r) is Pod)
        passed = [
            f"{count} {'object' if count == 1 else 'objects'} skipped: {what}"
            for what, count in sorted(self._passed.items())
        ]
        missing = (f"pods without a status, so without an address: {bare}",) * bool(bare)
        return (*passed, *missing, *(f"file skipped: {line}" for line in self._unread))


def _manifests(root: Path) -> Iterator[Path]:
    """Yield the manifests under a directory in order; hidden directories are not entered."""
    for directory, names, files in os.walk(root):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for file in sorted(files):
            path = Path(directory, file)
            if file.endswith(_SUFFIXES) and path.is_file():
                yield path


def _shown(path: Path) -> str:
    """Return a path as text that can be printed: names of files may be no UTF-8."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise RefactorError(message, where=str(path), remedy=EXPORT) from error
