"""The campaign's branch on the remote: pushed and removed, if its one commit is ours."""

from __future__ import annotations

from typing import NamedTuple

from refactor.campaign import commit
from refactor.campaign.clone import bare_of, fetch, held
from refactor.campaign.commit import Branch
from refactor.campaign.git import GitError, MovedError
from refactor.campaign.session import Session
from refactor.campaign.state import Row
from refactor.campaign.texts import Texts
from refactor.campaign.values import Result
from refactor.errors import RefactorError
from refactor.files.disk import real
from refactor.files.names import file_name
from refactor.files.whole import make_directory, write


class Place(NamedTuple):
    """Where a branch goes.

    Attributes:
        url: of the repository that takes it.
        fork: `owner/name`, where that is a fork; else "".
    """

    url: str
    fork: str = ""


def place_of(session: Session, row: Row) -> Place:
    """Return where a repository's branch goes: to itself, or to our fork of it."""
    wanted, forge = session.campaign.forge.fork, session.forge
    if forge is None or wanted == "never":
        return Place(row.url)
    if not row.fork:
        if wanted == "needed" and forge.ask(lambda one: one.may_push(row.name)):
            return Place(row.url)
        name = forge.ask(lambda one: one.fork(row.name))
        session.states.note(row.name, fork=name)
        row = row._replace(fork=name)
    return Place(forge.forge.clone_url(row.fork), row.fork)


def put(session: Session, row: Row, place: Place, result: Result, said: Texts, head: str) -> bool:
    """Put the planned commit to our branch, unless it is there already.

    Args:
        session: the run.
        row: where the repository stands.
        place: where the branch goes.
        result: the plan.
        said: its texts.
        head: where the branch is on the remote; "" where it is not.

    Returns:
        False where others have pushed to the branch, which is left alone.

    Raises:
        MovedError: the base is not where the plan was made.
        GitError: the remote refuses it.
    """
    git, bare = session.git, bare_of(session.cache, row.url)
    digest = commit.digest(result.files, said.message)
    if head and head == row.head and row.digest == digest and row.branch == said.branch:
        return True
    with held(bare):
        _base(session, row, result)
        sha = commit.make(git, bare, result.sha, result.files, said.message, session.maker)
        if head and head != row.head:
            seen = commit.look(git, bare, place.url, Branch(said.branch, head), session.maker)
            if not seen.ours:
                return False
            if _same(session, sha, seen, row, result, said):
                sha = head
        if sha != head:
            # Before it is there: a run that dies after the push knows whose it may be.
            session.states.note(row.name, branch=said.branch)
            _push(session, row, place, Branch(said.branch, sha), head)
    session.states.note(row.name, head=sha, digest=digest, branch=said.branch)
    if sha != head:
        session.tell("pushed", repository=row.name, branch=said.branch, commit=sha)
    return True


def _same(
    session: Session, sha: str, seen: commit.Seen, row: Row, result: Result, said: Texts
) -> bool:
    """Say whether the branch holds what we would push: a run died between push and writing down."""
    bare = bare_of(session.cache, row.url)
    tree = session.git.text("rev-parse", f"{sha}^{{tree}}", at=bare)
    message = commit.with_trailers(said.message, tree, session.maker)
    return (seen.tree, seen.parent, seen.message) == (tree, result.sha, message)


def _push(session: Session, row: Row, place: Place, branch: Branch, expected: str) -> None:
    git, bare = session.git, bare_of(session.cache, row.url)
    try:
        commit.push(git, bare, place.url, branch, expected)
    except GitError as error:
        if "shallow update not allowed" not in str(error):
            raise
        # A fork that is behind lacks the base: give it the history that leads there.
        git("config", "remote.origin.url", row.url, at=bare)
        git("fetch", "--quiet", "--unshallow", "--no-tags", "origin", at=bare)
        commit.push(git, bare, place.url, branch, expected)


def remove(session: Session, row: Row, place: Place, branch: Branch) -> bool:
    """Remove our branch from the remote.

    Returns:
        False where others have pushed to it, and it is left alone.
    """
    git, bare = session.git, bare_of(session.cache, row.url)
    with held(bare):
        if branch.sha != row.head:
            seen = commit.look(git, bare, place.url, branch, session.maker)
            if not seen.ours:
                return False
        commit.push(git, bare, place.url, Branch(branch.name, ""), branch.sha)
    return True


def write_patch(session: Session, row: Row, result: Result, said: Texts) -> None:
    """Write a repository's commit as a mail for `git am`, and push nothing.

    Raises:
        RefactorError: the file cannot be written.
    """
    directory = session.options.patches
    if directory is None or not result.files:
        return
    git, bare = session.git, bare_of(session.cache, row.url)
    with held(bare):
        _base(session, row, result)
        sha = commit.make(git, bare, result.sha, result.files, said.message, session.maker)
        data = commit.patch(git, bare, sha)
    path = directory / f"{file_name(row.name)}.patch"
    try:
        make_directory(directory, 0o777)
        write(real(directory) / path.name, data)
    except OSError as error:
        message = f"the patch cannot be written: {error.strerror}"
        raise RefactorError(message, where=str(path)) from error
    session.tell("patch", repository=row.name, file=str(path))


def _base(session: Session, row: Row, result: Result) -> None:
    """Have the commit that the plan was made on in this machine's clone."""
    git, bare = session.git, bare_of(session.cache, row.url)
    if fetch(git, bare, row.url, result.base, result.sha) != result.sha:
        message = "the base has moved this very moment"
        raise MovedError(message, transient=True)
