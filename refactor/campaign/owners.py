"""Who owns the changed files: CODEOWNERS, as GitHub, GitLab and Gitea read it.

The file comes with the repository, and each owner is a request to the forge: its size, its rules
and the owners that are asked are bounded, and a name that no forge would give is left out.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from refactor.campaign.spec import PullRequestSpec
from refactor.campaign.values import Result
from refactor.files.disk import read
from refactor.files.globs import Patterns

# In the order in which the forges look.
_PLACES = (".github", ".gitlab", ".gitea", ".forgejo", "", "docs")
_LIMIT = 1_000_000
"""Bytes of the file; the last rule that matches decides, so a part of one would say wrong names."""

_MOST_RULES = 5_000
MOST = 20
"""Owners that are asked for one pull request."""

_NAME = re.compile(r"@[A-Za-z0-9_][\w.-]{0,99}(?:/[A-Za-z0-9_][\w.-]{0,99}){0,20}", re.ASCII)


class Owners(NamedTuple):
    """Whom to ask, and what was left out: names without `@`, groups as `organisation/team`."""

    names: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class _Rule(NamedTuple):
    pattern: Patterns
    names: tuple[str, ...]


def owners(tree: Path, paths: Sequence[str]) -> Owners:
    """Return the owners of some files; mail addresses are left out, no forge can ask by them."""
    text = _text(tree)
    lines = [line for line in text.splitlines() if _is_rule(line)]
    if len(text) > _LIMIT or len(lines) > _MOST_RULES:
        return Owners(notes=("CODEOWNERS is too large: it is not read",))
    rules = [_rule(line) for line in reversed(lines)]
    found: dict[str, None] = {}
    for path in paths:
        # The last pattern that matches counts, and it may name no one.
        named = next((rule.names for rule in rules if rule.pattern.covers(path)), ())
        found |= dict.fromkeys(named)
        if len(found) > MOST:
            told = f"CODEOWNERS names more than {MOST} owners: the first {MOST} are asked"
            return Owners(tuple(found)[:MOST], (told,))
    return Owners(tuple(found))


def _text(tree: Path) -> str:
    """Return the first file of owners that there is, one byte more than the limit at most."""
    for place in _PLACES:
        if place and (tree / place).is_symlink():
            continue
        data = read(tree / place / "CODEOWNERS", _LIMIT + 1)
        if isinstance(data, bytes):
            return data.decode("latin-1") if len(data) > _LIMIT else data.decode("utf-8", "replace")
    return ""


def _is_rule(line: str) -> bool:
    # GitLab's sections (`[Docs][2] @team`) group rules; their default owners are not read.
    return bool(line.strip()) and not line.lstrip().startswith(("#", "[", "^[", "!"))


def _rule(line: str) -> _Rule:
    pattern, *words = line.partition(" #")[0].split() or ["#"]
    names = (word[1:] for word in words if _NAME.fullmatch(word))
    return _Rule(Patterns([pattern]), tuple(dict.fromkeys(names))[: MOST + 1])


def reviewers_of(pull: PullRequestSpec, result: Result) -> tuple[str, ...]:
    """Return who is asked for a review of one repository's pull request.

    Chosen by the repository's name, so that every run asks the same.
    """
    named = [name for name in pull.reviewers if name != "CODEOWNERS"]
    if pull.random_reviewers:
        chance = random.Random(result.name)
        named = sorted(chance.sample(sorted(named), min(pull.random_reviewers, len(named))))
    owners = result.owners if "CODEOWNERS" in pull.reviewers else ()
    return tuple(dict.fromkeys((*named, *owners)))
