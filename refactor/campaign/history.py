"""What a branch holds that is neither the campaign's own nor of its base, as it is now.

A shallow clone cannot tell: the answer is read from a clone of its own, with as much history of the
base as is younger than what the branch follows. Where a clock was wrong that is too little, and the
branch is taken for one that does not follow its base, which only means that it is made again.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from refactor.campaign.clone import begin
from refactor.campaign.commit import Branch, Maker, SeenCommit, read_commit
from refactor.campaign.git import Git, GitError

_HEAD, _BASE = "refs/refactor/head", "refs/refactor/base"
_FIRST, _MORE, _MERGES = 3, 2, 10
"""Commits that are fetched at first and then more, and merges of the base that are looked into."""

_OLDER = "no commits selected"
"""What git says where everything there is older."""

_DAY = 86_400
"""Seconds that clocks may differ by."""


class Where(NamedTuple):
    """A branch and its base on their remotes.

    Attributes:
        url: of the repository that has the branch.
        branch: the branch, and where it is.
        base_url, base: of the repository and the branch that it goes to.
    """

    url: str
    branch: Branch
    base_url: str
    base: str


class Story(NamedTuple):
    """How a branch came to be.

    Attributes:
        ours: whether the campaign made it, and at most the base was merged into it, as git does it.
        follows: whether it holds no commit but ours that its base does not hold.
        tree: of its head.
        first: the campaign's own commit.
    """

    ours: bool
    follows: bool
    tree: str = ""
    first: SeenCommit = SeenCommit(ours=False)


def story(git: Git, beside: Path, where: Where, maker: Maker) -> Story:
    """Read how a branch came to be."""
    with tempfile.TemporaryDirectory(prefix=f"{beside.stem}-", dir=beside.parent) as directory:
        bare = Path(directory, "story.git")
        begin(git, bare)
        git("config", "remote.head.url", where.url, at=bare)
        git("config", "remote.base.url", where.base_url, at=bare)
        return _read(git, bare, where, maker)


def _read(git: Git, bare: Path, where: Where, maker: Maker) -> Story:
    _fetch(git, bare, f"--depth={_FIRST}", "head", f"{where.branch.name}:{_HEAD}")
    if git.text("rev-parse", _HEAD, at=bare) != where.branch.sha:
        return Story(ours=False, follows=True)
    commits = [*_first_parents(git, bare, where.branch, maker)]
    (_, head), (_, first) = commits[0], commits[-1]
    known = bool(first.parents) and _has(git, bare, first.parents[0])
    if not known or not _base(git, bare, where.base, first.parents[0]):
        return Story(len(commits) == 1 and first.ours, follows=False, tree=head.tree, first=first)
    own = {sha for sha, _ in commits}
    strange = {*git.text("rev-list", _HEAD, f"^{_BASE}", at=bare).split()} - own
    merges = [merge for _, merge in commits[:-1]]
    # What was merged has to be of the base: another branch is a person's work.
    ours = (
        first.ours and (not merges or not strange) and all(_is_gits(git, bare, m) for m in merges)
    )
    return Story(ours, not strange, head.tree, first)


def _first_parents(
    git: Git, bare: Path, branch: Branch, maker: Maker
) -> Iterator[tuple[str, SeenCommit]]:
    """Yield the head, and what it merged the base into, down to a commit that is no such merge."""
    sha = branch.sha
    for _ in range(_MERGES):
        seen = read_commit(git, bare, sha, maker)
        yield sha, seen
        if len(seen.parents) != 2:
            return
        sha = seen.parents[0]
        _fetch(git, bare, f"--deepen={_MORE}", "head", f"{branch.name}:{_HEAD}")


def _base(git: Git, bare: Path, base: str, since: str) -> bool:
    """Fetch the base with its history since a commit; say whether there is any."""
    date = int(git.text("log", "-1", "--format=%ct", since, at=bare))
    depth = f"--shallow-since=@{max(0, date - _DAY)}"
    try:
        _fetch(git, bare, depth, "base", f"{base}:{_BASE}")
    except GitError as error:
        if _OLDER not in str(error):
            raise
        return False
    return True


def _fetch(git: Git, bare: Path, depth: str, remote: str, branch: str) -> None:
    options = ("--quiet", depth, "--no-tags", "--no-write-fetch-head", "--no-auto-gc")
    git("fetch", *options, remote, f"+refs/heads/{branch}", at=bare)


def _has(git: Git, bare: Path, sha: str) -> bool:
    found: bytes = git("cat-file", "--batch-check", at=bare, data=sha.encode() + b"\n")
    return not re.search(rb" missing$", found.strip())


def _is_gits(git: Git, bare: Path, merge: SeenCommit) -> bool:
    """Say whether a merge holds the tree that git itself makes of its parents."""
    try:
        made = git("merge-tree", "--write-tree", *merge.parents, at=bare, none=(1,))
    except GitError:  # A git before 2.38 cannot say.
        return False
    return os.fsdecode(made).partition("\n")[0] == merge.tree
