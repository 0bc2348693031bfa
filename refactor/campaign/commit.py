"""The one commit of a branch, made from blobs and trees: no work tree, no hook, no filter."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from refactor.campaign.git import Git, GitError
from refactor.campaign.spec import Commit
from refactor.campaign.values import ChangedFile

_CAMPAIGN, _TREE = "Refactor-Campaign", "Refactor-Tree"


class Maker(NamedTuple):
    """Who commits, for which campaign.

    Attributes:
        campaign: its name.
        commit: identity, sign-off and signing.
    """

    campaign: str
    commit: Commit


class Branch(NamedTuple):
    """A branch of the remote's, as it is to be.

    Attributes:
        name: without `refs/heads/`.
        sha: its one commit.
    """

    name: str
    sha: str


def make(
    git: Git, bare: Path, base: str, files: Sequence[ChangedFile], message: str, maker: Maker
) -> str:
    """Make the commit in the clone, and return its id."""
    tree = tree_of(git, bare, base, files)
    identity = maker.commit
    who = {"NAME": identity.name, "EMAIL": identity.email}
    env = {f"GIT_{role}_{k}": v for role in ("AUTHOR", "COMMITTER") for k, v in who.items()}
    signing = identity.signing
    settings = []
    if signing:
        settings = [
            ("gpg.format", signing.format),
            ("user.signingKey", os.path.expanduser(signing.key)),  # noqa: PTH111 - not only paths
        ]
    text = with_trailers(message, tree, maker)
    sign = ("-S",) if signing else ()
    command = ("commit-tree", *sign, "-p", base, tree)
    made = git(*command, at=bare, data=text.encode(), env=env, settings=settings)
    return made.decode().strip()


def tree_of(git: Git, bare: Path, base: str, files: Sequence[ChangedFile]) -> str:
    """Return the id of the tree of a commit with some files changed."""
    with tempfile.TemporaryDirectory(prefix="refactor-") as directory:
        index = {"GIT_INDEX_FILE": str(Path(directory, "index"))}
        git("read-tree", base, at=bare, env=index)
        lines = b"".join(
            b"%s %s\t%s\0" % (file.mode, _blob(git, bare, file.content), file.path)
            for file in files
        )
        git("update-index", "-z", "--index-info", at=bare, data=lines, env=index)
        return git("write-tree", "--missing-ok", at=bare, env=index).decode().strip()


def _blob(git: Git, bare: Path, content: bytes) -> bytes:
    return git("hash-object", "-w", "--stdin", "--no-filters", at=bare, data=content).strip()


def with_trailers(message: str, tree: str, maker: Maker) -> str:
    """Return a commit's message with the trailers by which it is known again."""
    body = "\n".join(line.rstrip() for line in message.strip().splitlines())
    body = body.replace("\0", "") or "Name Services instead of addresses"
    lines = [f"{_CAMPAIGN}: {maker.campaign}", f"{_TREE}: {tree}"]
    if maker.commit.sign_off:
        lines.append(f"Signed-off-by: {maker.commit.name} <{maker.commit.email}>")
    return body + "\n\n" + "\n".join(lines) + "\n"


class SeenCommit(NamedTuple):
    """A commit, and whose it is.

    Attributes:
        ours: whether this campaign made it, and its tree is the one that it promised.
        tree: its tree.
        parents: the commits it follows.
        message: in full.
    """

    ours: bool
    tree: str = ""
    parents: tuple[str, ...] = ()
    message: str = ""


def read_commit(git: Git, bare: Path, sha: str, maker: Maker) -> SeenCommit:
    """Read a commit, and whose it is: by committer, by campaign, by the tree that it promised."""
    head, _, message = os.fsdecode(git("cat-file", "commit", sha, at=bare)).partition("\n\n")
    fields = dict(line.partition(" ")[::2] for line in head.splitlines() if line[:1] != " ")
    tree, parents = fields.get("tree", ""), re.findall(r"(?m)^parent (\w+)$", head)
    by = f"{maker.commit.name} <{maker.commit.email}> "
    ours = (
        len(parents) == 1
        and fields.get("committer", "").startswith(by)
        and _trailer(message, _CAMPAIGN) == maker.campaign
        and _trailer(message, _TREE) == tree
    )
    return SeenCommit(ours, tree, tuple(parents), message)


def _trailer(message: str, name: str) -> str:
    found = re.findall(rf"(?m)^{name}: (\S+)$", message)
    return found[-1] if found else ""


def push(git: Git, bare: Path, url: str, branch: Branch, expected: str) -> None:
    """Put a branch to the remote, if it still is where it was.

    Args:
        expected: where the remote's branch is; "" where there must be none.
    """
    ref = f"refs/heads/{branch.name}"
    lease = f"--force-with-lease={ref}:{expected}"
    options = ("--quiet", "--no-verify", "--no-signed", "--recurse-submodules=no", lease)
    try:
        git("push", *options, "--", url, f"{branch.sha}:{ref}", at=bare)
    except GitError as error:
        if "stale info" in str(error):
            message = f"{branch.name} was moved by someone else at the same time"
            raise GitError(message, transient=True) from error
        raise


def digest(files: Sequence[ChangedFile], message: str) -> str:
    """Return what tells one change from another, whatever it is based on."""
    total = hashlib.sha256(message.encode())
    for file in sorted(files, key=lambda file: file.path):
        for part in (file.path, file.mode, file.content):
            total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


def is_branch(git: Git, name: str) -> bool:
    """Say whether git takes a text as a branch's name."""
    ref = f"refs/heads/{name}"
    normal = git("check-ref-format", "--normalize", ref, none=(1,))
    return not name.startswith("-") and normal == ref.encode() + b"\n"


def patch(git: Git, bare: Path, sha: str) -> bytes:
    """Return a commit as a mail that `git am` takes."""
    options = (
        "--stdout",
        "--no-signature",
        "--binary",
        "--full-index",
        "--no-renames",
        "--no-ext-diff",
    )
    return git("format-patch", *options, "-1", sha, at=bare)
