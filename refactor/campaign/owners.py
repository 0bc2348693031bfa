"""Who owns the changed files: CODEOWNERS, as GitHub, GitLab and Gitea read it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from refactor.disk import read
from refactor.gitignore import Patterns

# In the order in which the forges look.
_PLACES = (".github", ".gitlab", ".gitea", ".forgejo", "", "docs")
_LIMIT = 3_000_000
"""Bytes; GitHub's own limit of the file."""


def owners(tree: Path, paths: Sequence[str]) -> tuple[str, ...]:
    """Return the owners of some files: names without `@`, groups as `organisation/team`.

    Addresses of mail are left out: no forge can ask them for a review by it.

    Args:
        tree: the repository's files.
        paths: relative to it.
    """
    rules = _rules(tree)
    found: dict[str, None] = {}
    for path in paths:
        # The last pattern that matches counts, and it may name nobody.
        named = next((names for pattern, names in reversed(rules) if pattern.covers(path)), ())
        found |= dict.fromkeys(name[1:] for name in named if name.startswith("@"))
    return tuple(found)


def _rules(tree: Path) -> list[tuple[Patterns, tuple[str, ...]]]:
    for place in _PLACES:
        if place and (tree / place).is_symlink():
            continue
        data = read(tree / place / "CODEOWNERS", _LIMIT)
        if isinstance(data, bytes):
            lines = data.decode("utf-8", "replace").splitlines()
            return [rule for line in lines if (rule := _rule(line))]
    return []


def _rule(line: str) -> tuple[Patterns, tuple[str, ...]] | None:
    words = line.partition(" #")[0].split()
    # GitLab's sections (`[Docs][2] @team`) group rules; their default owners are not read.
    if not words or words[0].startswith(("#", "[", "^[", "!")):
        return None
    return Patterns([words[0]]), tuple(words[1:])
