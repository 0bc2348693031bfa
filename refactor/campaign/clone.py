"""One repository as files: a bare, shallow, partial clone in a cache, and a tree for one run.

Nothing is checked out by git's own porcelain: the tree gets the regular files and links that are
small enough, byte for byte as they are committed. Attributes are overruled (gitattributes(5):
`info/attributes` has the highest precedence), so no filter, no line end and no encoding changes
them, and submodules stay empty.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from refactor.campaign.git import Git, GitError
from refactor.files.disk import real
from refactor.files.whole import lock_file, make_directory, remove, write
from refactor.report.words import readable

LARGE = 5_000_000
"""Bytes: larger files are passed over by every scan, so they are not even fetched."""

MOST_FILES = 250_000
"""Files of a repository; the Linux kernel has 90,000."""

_DEEPEST = 100
_LISTED = 64_000_000
"""Bytes of the list of them."""

_ATTRIBUTES = "* -text -eol -ident -filter -working-tree-encoding !diff !merge\n"
_BASE = "refs/refactor/base"


class EmptyError(GitError):
    """A repository that has no commit yet."""


class CommitFile(NamedTuple):
    """A file of a commit.

    Attributes:
        mode: as git writes it: 100644, 100755, 120000.
        oid: of its blob.
        path: its bytes.
    """

    mode: bytes
    oid: bytes
    path: bytes


class Refs(NamedTuple):
    """What a remote answers.

    Attributes:
        base: the branch that was asked for, or the remote's own.
        sha: where it is.
        head: where the other branch that was asked for is; "" where there is none.
    """

    base: str
    sha: str
    head: str = ""


def refs(git: Git, url: str, base: str = "", head: str = "") -> Refs:
    """Ask a remote where its branches are.

    Args:
        base: the branch to plan on; "" for the remote's own.
    """
    wanted = [f"refs/heads/{name}" for name in (base, head) if name]
    answer = os.fsdecode(git("ls-remote", "--symref", "--", url, "HEAD", *wanted))
    lines = [line.partition("\t")[::2] for line in answer.splitlines()]
    at = {name: sha for sha, name in lines if not sha.startswith("ref: ")}
    if not base:
        base = next((s.removeprefix("ref: refs/heads/") for s, n in lines if n == "HEAD"), "")
        if f"refs/heads/{base}" not in at:
            at[f"refs/heads/{base}"] = at.get("HEAD", "")
    sha = at.get(f"refs/heads/{base}", "")
    if not base or not sha:
        if not git("ls-remote", "--heads", "--", url):
            message = "is empty: it has no branch"
            raise EmptyError(message)
        message = f"has no branch {base}" if base else "its HEAD names no branch; set `base`"
        raise GitError(message)
    return Refs(base, sha, at.get(f"refs/heads/{head}", "") if head else "")


def bare_of(cache: Path, url: str) -> Path:
    """Return where the clone of a repository lies in a cache."""
    slug = re.sub(r"[^a-z0-9]+", "-", url.lower()).strip("-")[-40:]
    return cache / f"{slug}-{hashlib.sha256(url.encode()).hexdigest()[:12]}.git"


@contextmanager
def held(bare: Path) -> Iterator[None]:
    """Keep others from a clone; what a process left that died in it is cleared away.

    A clone that git cannot use is cleared away too: the next run makes it anew.
    """
    make_directory(bare.parent)
    descriptor = lock_file(bare.with_name(f"{bare.name}.lock"))
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        for stale in (*bare.glob("*.lock"), *bare.glob("refs/**/*.lock")):
            remove(stale)
        for tree in bare.parent.glob(f"{bare.stem}-*"):
            remove(tree)
        yield
    except GitError as error:
        if error.broken:
            remove(bare)
        raise
    finally:
        os.close(descriptor)


def fetch(git: Git, bare: Path, url: str, branch: str, sha: str, ref: str = _BASE) -> str:
    """Bring one commit and its small files into a clone, made where it is missing."""
    if _holds(git, bare, sha):
        git("update-ref", ref, sha, at=bare)
        return sha
    try:
        return _fetch(git, bare, url, branch, ref)
    except GitError as error:
        if error.transient or not bare.exists():
            raise
        # A clone that git can no longer use is worth less than the time to make it anew.
        remove(bare)
        return _fetch(git, bare, url, branch, ref)


def _holds(git: Git, bare: Path, sha: str) -> bool:
    """Say whether a commit has been fetched whole: its ref is set when it has."""
    if not (bare / "HEAD").exists():
        return False
    known = git("for-each-ref", "--format=%(objectname)", "refs/refactor", at=bare, none=(128,))
    return sha.encode() in known.split()


def begin(git: Git, bare: Path) -> None:
    """Make an empty clone, whose attributes overrule those of any commit."""
    remove(bare)
    git("init", "--quiet", "--bare", "--template=", str(bare))
    make_directory(bare / "info")
    write(real(bare) / "info" / "attributes", _ATTRIBUTES.encode())


def _fetch(git: Git, bare: Path, url: str, branch: str, ref: str) -> str:
    if not (bare / "HEAD").exists():
        begin(git, bare)
    git("config", "remote.origin.url", url, at=bare)
    options = ("--quiet", "--depth=1", "--no-tags", "--no-write-fetch-head", "--no-auto-gc")
    # git-rev-list(1): the limit is the first size that is left out.
    filtered = f"--filter=blob:limit={LARGE + 1}"
    git("fetch", *options, filtered, "origin", f"+refs/heads/{branch}:{ref}", at=bare)
    return git.text("rev-parse", "--verify", f"{ref}^{{commit}}", at=bare)


def entries(git: Git, bare: Path, sha: str) -> list[CommitFile]:
    """Return the files of a commit, without submodules.

    A few hundred trees, each ten times in the one above, list as a thousand million files: the
    list is read as it comes, and no further than the limits.
    """
    found: list[CommitFile] = []
    for line in git.records("ls-tree", "-r", "-z", "--full-tree", sha, at=bare, most=_LISTED):
        about, _, path = line.partition(b"\t")
        mode, kind, oid = about.split(b" ")
        if len(found) >= MOST_FILES:
            message = f"holds more than {MOST_FILES:,} files, the limit"
            raise GitError(message)
        if path.count(b"/") > _DEEPEST:
            message = f"holds a file more than {_DEEPEST} directories deep, the limit"
            raise GitError(message)
        if kind == b"blob":
            found.append(CommitFile(mode, oid, path))
    return found


class CheckedOut(NamedTuple):
    """The part of a commit that is on the disk.

    Attributes:
        files: every file of the commit, by path.
        large: those that were too large to be written.
    """

    files: dict[bytes, CommitFile]
    large: tuple[bytes, ...]


def check_out(git: Git, bare: Path, sha: str, tree: Path, limit: int) -> CheckedOut:
    """Write a commit's files into an empty directory.

    Args:
        limit: bytes that all files together may have.
    """
    files = entries(git, bare, sha)
    sizes = _sizes(git, bare, sha, files)
    small = [file for file in files if sizes.get(file.oid, LARGE + 1) <= LARGE]
    total = sum(sizes[file.oid] for file in small)
    if total > limit:
        message = f"holds {total // 1_000_000} MB of files, the limit is {limit // 1_000_000}"
        raise GitError(message)
    index = {"GIT_INDEX_FILE": str(tree.with_name(tree.name + ".index"))}
    lines = b"".join(b"%s %s\t%s\0" % (f.mode, f.oid, f.path) for f in small)
    git("update-index", "-z", "--index-info", at=bare, data=lines, env=index)
    _refuse_paths(small, git("ls-files", "-z", at=bare, env=index))
    place = f"--work-tree={tree}"
    git(place, "checkout-index", "--all", "--force", "--quiet", at=bare, env=index)
    large = {file.path for file in files} - {file.path for file in small}
    return CheckedOut({file.path: file for file in files}, tuple(sorted(large)))


def _refuse_paths(files: list[CommitFile], taken: bytes) -> None:
    """Refuse a commit with paths that git leaves out of an index: `.git/config`, `../x`."""
    left = {file.path for file in files}.difference(taken.split(b"\0"))
    if left:
        message = f"holds a path that git does not check out: {readable(os.fsdecode(min(left)))}"
        raise GitError(message)


def _sizes(git: Git, bare: Path, sha: str, files: list[CommitFile]) -> dict[bytes, int]:
    """Return the size of each blob that was fetched; asking for another would fetch it."""
    listed = git("rev-list", "--objects", "--no-object-names", "--missing=print", sha, at=bare)
    missing = {line[1:] for line in listed.split(b"\n") if line.startswith(b"?")}
    here = {file.oid for file in files} - missing
    asked = b"".join(oid + b"\n" for oid in sorted(here))
    said = git("cat-file", "--batch-check=%(objectname) %(objectsize)", at=bare, data=asked)
    pairs = (line.split(b" ") for line in said.split(b"\n") if line)
    return {oid: int(size) for oid, size in pairs if size != b"missing"}
