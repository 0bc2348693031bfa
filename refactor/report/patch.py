"""The plan as a patch for `git apply`, which gives the very bytes that `refactor apply` gives.

Lines are cut at the byte 0x0A and nowhere else, as git does, so that any encoding goes through
untouched. Nothing is masked here: a patch that hides a password would not apply.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from refactor.errors import RefactorError
from refactor.files.disk import real
from refactor.files.paths import place
from refactor.model import FileChange, NewFile, Plan
from refactor.text.source import Source, splice

# git's quote.c: these, and every byte that is not printable ASCII, are written as in C.
_ODD = re.compile(rb"[\x00-\x1f\"\\\x7f-\xff]")
_ESCAPES = {
    **{code: b"\\%03o" % code for code in range(256)},
    **{ord(c): b"\\" + e.encode() for c, e in zip('\a\b\t\n\v\f\r"\\', 'abtnvfr"\\', strict=True)},
}
_NO_NEWLINE = b"\n\\ No newline at end of file\n"


def patch(plan: Plan, root: Path) -> bytes:
    """Return all edits and new files as one git patch, in order of path.

    Paths are relative to the top of the git working tree that holds the root (git looks at them
    so, wherever below it `git apply` is run); to the root where there is none.
    """
    root = real(root)
    top = next((path for path in (root, *root.parents) if (path / ".git").exists()), root)
    files = [*(_change(root, c) for c in plan.changes), *(_new(root, f) for f in plan.files)]
    named = ((os.fsencode(file.relative_to(top)), before, after) for file, before, after in files)
    return b"".join(_file(*file) for file in sorted(named, key=lambda file: file[0]))


def _change(root: Path, change: FileChange) -> tuple[Path, bytes, bytes]:
    file = place(root, change.path)
    data = _read(file, change.path)
    source = Source(change.path, data)
    if source.digest != change.before:
        message = "the plan is stale: this file is not what it was"
        raise RefactorError(message, where=change.path, remedy="make the plan again")
    try:
        after = source.encode(splice(source.text, [(*e.span, e.new) for e in change.edits]))
    except ValueError as error:
        raise _damaged(change.path) from error
    if hashlib.sha256(after).hexdigest() != change.after:
        raise _damaged(change.path)
    return file, data, after


def _new(root: Path, new: NewFile) -> tuple[Path, bytes | None, bytes]:
    file, content = place(root, new.path), new.content.encode()
    if not file.exists():
        return file, None, content
    if _read(file, new.path) != content:
        message = "the plan adds this file, and there is one already"
        raise RefactorError(message, where=new.path, remedy="make the plan again")
    return file, content, content


def _read(file: Path, path: str) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise RefactorError(message, where=path, remedy="make the plan again") from error


def _damaged(path: str) -> RefactorError:
    return RefactorError("the plan is damaged: its edits do not give what it promises", where=path)


def _file(path: bytes, before: bytes | None, after: bytes) -> bytes:
    if before == after:
        return b""
    old, new = _quoted(b"a/" + path), _quoted(b"b/" + path)
    head = b"diff --git %s %s\n" % (old, new)
    if before is None:
        old = b"/dev/null"
        # git takes an empty file by its header alone, and only with an index line.
        blob = hashlib.sha1(b"blob %d\0" % len(after) + after, usedforsecurity=False).hexdigest()
        head += b"new file mode 100644\nindex %s..%s\n" % (b"0" * 40, blob.encode())
    hunks = b"".join(_hunks(before or b"", after))
    names = b"--- %s\n+++ %s\n" % (_ended(old), _ended(new)) if hunks else b""
    return head + names + hunks


def _hunks(before: bytes, after: bytes) -> Iterator[bytes]:
    diff = difflib.diff_bytes(
        difflib.unified_diff, _lines(before), _lines(after), b"", b"", lineterm=b"\n"
    )
    for number, line in enumerate(diff):
        if number > 1:  # the first two are names
            yield line if line.endswith(b"\n") else line + _NO_NEWLINE


def _lines(data: bytes) -> list[bytes]:
    *lines, last = data.split(b"\n")
    return [*(line + b"\n" for line in lines), *([last] if last else [])]


def _quoted(name: bytes) -> bytes:
    if not _ODD.search(name):
        return name
    return b'"%s"' % _ODD.sub(lambda odd: _ESCAPES[odd[0][0]], name)


def _ended(name: bytes) -> bytes:
    # A tab ends a name with spaces in it, which would else run on into a time stamp.
    return name + b"\t" if b" " in name else name
