"""What an apply is about to do, on the disk before it does it.

A journal is written to `.refactor/` and goes from one state to the next by being renamed, which
happens whole or not at all:

    preparing.json     copies are made; nothing has been changed, and nothing will be
    committed.json     every new content is on the disk; the files change places
    undo/<n>/record.json    done; `undo` can take it back
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from refactor.errors import RefactorError
from refactor.files.disk import Unread, read
from refactor.files.names import draft_name, is_draft
from refactor.files.ours import is_ours, mark_of
from refactor.files.paths import is_direct

_DIGEST = re.compile(r"[0-9a-f]{64}|")
_TEMPORARY = re.compile(r"[0-9]{1,9}\.new")


class Write(NamedTuple):
    """One file as it is to become.

    Attributes:
        before: SHA-256 of what stands there; "" where nothing does.
        after: SHA-256 of what will; "" where nothing will.
        mode: permission bits; None for those of any new file.
        content: what will stand there; None to remove the file.
    """

    path: str
    before: str
    after: str
    mode: int | None
    content: bytes | None


class JournalStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of a journal."""

    path: str
    before: str
    after: str
    temporary: str
    mode: int | None = None


class Journal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that one apply, or one undo, does.

    Attributes:
        undoes: the number of the apply that this takes back; 0 for an apply.
    """

    number: int
    steps: tuple[JournalStep, ...]
    made: tuple[str, ...] = ()
    undoes: int = 0
    mark: str = ""


def journal_of(
    number: int,
    writes: Sequence[Write],
    made: Sequence[str] = (),
    undoes: int = 0,
    *,
    beside: bool = False,
) -> Journal:
    """Return the journal of some writes, each with a temporary name of its own."""
    token = secrets.token_hex(4)
    name = draft_name(token, "%d") if beside else "%d.new"
    steps = tuple(
        JournalStep(write.path, write.before, write.after, name % index, write.mode)
        for index, write in enumerate(writes)
    )
    return Journal(number, steps, tuple(made), undoes)


def encode(journal: Journal, root: Path) -> bytes:
    """Return a journal of a tree as JSON, with our mark.

    Names that are no text survive as escaped surrogates.

    Raises:
        RefactorError: we cannot mark it.
    """
    marked = msgspec.structs.replace(journal, mark=mark_of(_said(journal), root))
    return json.dumps(msgspec.to_builtins(marked), indent=1).encode("ascii")


def _said(journal: Journal) -> bytes:
    """Return what a journal says, its mark apart, in bytes of which there is one form."""
    return json.dumps(msgspec.to_builtins(msgspec.structs.replace(journal, mark=""))).encode()


def load(file: Path, root: Path) -> Journal | None:
    """Read a journal; None where there is none.

    Raises:
        RefactorError: it is damaged, is not about files of this tree, or not of our making.
    """
    data = read(file)
    if data == "vanished":
        return None
    try:
        journal = msgspec.convert(json.loads(data), Journal)
        sound = all(_is_sound(step, root) for step in journal.steps)
        sound = sound and all(is_direct(root, path) for path in journal.made)
    except (ValueError, RecursionError, msgspec.ValidationError):
        sound = False
    if not sound:
        message = "is not a journal of this tree"
        remedy = "compare the files with git, then remove it"
        raise RefactorError(message, where=str(file), remedy=remedy)
    if not is_ours(_said(journal), journal.mark, root):
        message = "is a journal that you have not made here, and is not obeyed"
        remedy = "it came with the repository, or from another user or machine: remove it"
        raise RefactorError(message, where=str(file), remedy=remedy)
    return journal


def _is_sound(step: JournalStep, root: Path) -> bool:
    return (
        is_direct(root, step.path)
        and all(_DIGEST.fullmatch(digest) for digest in (step.before, step.after))
        and (_TEMPORARY.fullmatch(step.temporary) is not None or is_draft(step.temporary))
        and step.mode in (None, *range(0o1000))
    )


def digest(data: bytes | Unread) -> str:
    """Return the SHA-256 of what was read, in hexadecimal; "" where no file is.

    What cannot be read gives the reason, which is the digest of nothing.
    """
    if isinstance(data, bytes):
        return hashlib.sha256(data).hexdigest()
    return "" if data == "vanished" else data
