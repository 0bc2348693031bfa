"""The lines that a branch changed, as git tells them; nothing of the repository's own runs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from refactor.errors import RefactorError
from refactor.files.git import ask
from refactor.gate.git_diff import changed_lines

_DIFF = (
    *("diff", "--no-color", "--no-ext-diff", "--no-textconv", "--find-renames", "--relative"),
    *("--ignore-submodules=all", "-O/dev/null"),
)
_PATCH = ("--unified=0", "--inter-hunk-context=0", "--src-prefix=a/", "--dst-prefix=b/")
_REMEDY = "is it fetched, with its history? (`git fetch origin main`; a shallow clone lacks it)"


class Changed(NamedTuple):
    """What differs from the base.

    Attributes:
        lines: the numbers, from 1, of new or other lines, by relative path.
    """

    lines: Mapping[str, list[range]]
    whole: frozenset[str]

    @property
    def files(self) -> frozenset[str]:
        """Every file that has a new or another line."""
        return self.whole.union(self.lines)

    def touches(self, file: str, line: int) -> bool:
        """Say whether a line of a file is new or another."""
        return file in self.whole or any(line in held for held in self.lines.get(file, ()))


def changed(root: Path, base: str) -> Changed:
    """Return what the working tree has that the branch did not start with.

    Raises:
        RefactorError: there is no git, no repository, no such base, or no common commit.
    """
    if not base or base.startswith("-"):
        message = f"{base!r} is not a branch, tag or commit"
        raise RefactorError(message, where="--diff-base")
    commit = _text(root, base, "rev-parse", "--verify", f"{base}^{{commit}}")
    start = _text(root, base, "merge-base", commit, "HEAD")
    patch = _ask(root, base, *_DIFF, *_PATCH, start, "--")
    numbers = _ask(root, base, *_DIFF, "--numstat", "-z", start, "--")
    untracked = _ask(root, base, "ls-files", "--others", "--exclude-standard", "-z")
    whole = {*_untold(numbers), *(os.fsdecode(name) for name in untracked.split(b"\0") if name)}
    return Changed(changed_lines(patch), frozenset(whole))


def _text(root: Path, base: str, *question: str) -> str:
    return _ask(root, base, *question).decode().strip()


def _ask(root: Path, base: str, *question: str) -> bytes:
    answer = ask(root, *question, about=f"what changed since {base!r}", remedy=_REMEDY)
    if answer is None:
        message = "no git repository, or no git: --diff-base needs both"
        raise RefactorError(message, where=str(root))
    return answer


def _untold(numbers: bytes) -> Iterator[str]:
    """Give the changed files that git takes for binary, and so tells no lines of."""
    fields = iter(numbers.split(b"\0"))
    for field in fields:
        counts, _, name = field.rpartition(b"\t")
        if field and not name:  # a rename: the old name and the new one follow
            next(fields)
            name = next(fields)
        if counts.startswith(b"-"):
            yield os.fsdecode(name)
