"""The campaign's branch on the remote: pushed and removed, if its one commit is ours."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from refactor.campaign import commit
from refactor.campaign.campaign_run import CampaignRun
from refactor.campaign.clone import bare_of, fetch, held
from refactor.campaign.commit import Branch
from refactor.campaign.git import GitError, MovedError
from refactor.campaign.history import Story, Where, story
from refactor.campaign.repositories import given_name
from refactor.campaign.rows import RepositoryRow
from refactor.campaign.texts import Texts
from refactor.campaign.values import Result
from refactor.errors import RefactorError
from refactor.files.disk import real
from refactor.files.names import file_name
from refactor.files.whole import make_directory, write


class BranchTarget(NamedTuple):
    """Where a branch goes.

    Attributes:
        url: of the repository that takes it.
        fork: `owner/name`, where that is a fork; else "".
    """

    url: str
    fork: str = ""


def place_of(session: CampaignRun, row: RepositoryRow) -> BranchTarget:
    """Return where a repository's branch goes: to itself, or to our fork of it."""
    wanted, forge = session.campaign.forge.fork, session.forge
    if forge is None or wanted == "never":
        return BranchTarget(row.url)
    if not row.fork:
        if wanted == "needed" and forge.ask(lambda one: one.may_push(row.name)):
            return BranchTarget(row.url)
        name = given_name(forge.ask(lambda one: one.fork(row.name)))
        session.states.note(row.name, fork=name)
        row = row._replace(fork=name)
    return BranchTarget(forge.forge.clone_url(row.fork), row.fork)


class Put(NamedTuple):
    """A planned commit on its way to our branch.

    Attributes:
        row: where the repository stands.
        place: where the branch goes.
        result: the plan.
        said: its texts.
        head: where the branch is on the remote; "" where it is not.
        handed: whether the owner handed the branch back: it is made again, whatever is on it.
    """

    row: RepositoryRow
    place: BranchTarget
    result: Result
    said: Texts
    head: str
    handed: bool = False


def put(session: CampaignRun, one: Put) -> str:
    """Put the planned commit to our branch, unless it is there already.

    Returns:
        Why the branch is left alone, which others have pushed to; "" where it is as planned.
    """
    row, head, said = one.row, one.head, one.said
    digest = commit.digest(one.result.files, said.message)
    same = head == row.head and row.digest == digest and row.branch == said.branch
    if head and same and row.follows == one.result.sha and not one.handed:
        return ""
    with held(bare_of(session.cache, row.url)):
        known = None
        if head and not one.handed and (same or head != row.head):
            known = _story(session, row, one.place, Branch(said.branch, head), one.result.base)
            if head != row.head and not known.ours:
                return _left_alone(said.branch, known)
        if known is None or not (same and known.follows):
            head = _replace(session, one, known)
    fields = {"digest": digest, "branch": said.branch, "follows": one.result.sha}
    session.states.note(row.name, head=head, **fields)
    if head not in (one.head, row.head):
        session.tell("pushed", repository=row.name, branch=said.branch, commit=head)
    return ""


def _story(
    session: CampaignRun, row: RepositoryRow, place: BranchTarget, branch: Branch, base: str
) -> Story:
    where = Where(place.url, branch, row.url, base)
    return story(session.git, bare_of(session.cache, row.url), where, session.maker)


def _left_alone(branch: str, known: Story) -> str:
    told = f"others have pushed to {branch}"
    if known.follows:
        return told
    return f"{told}; it holds commits that its base no longer has: a merge would bring them back"


def _replace(session: CampaignRun, one: Put, known: Story | None) -> str:
    """Make the commit and push it, and return where the branch is then."""
    git, row, said = session.git, one.row, one.said
    bare, files = bare_of(session.cache, row.url), one.result.files
    _base(session, row, one.result)
    sha = commit.make(git, bare, one.result.sha, files, said.message, session.maker)
    if known and known.ours and known.follows and _holds(session, bare, sha, known, said):
        return one.head
    # Before it is there: a run that dies after the push knows whose it may be.
    session.states.note(row.name, branch=said.branch)
    _push(session, row, one.place, Branch(said.branch, sha), one.head)
    return sha


def _holds(session: CampaignRun, bare: Path, sha: str, known: Story, said: Texts) -> bool:
    """Say whether the branch holds what we would push.

    A run died between push and writing down, or the owner had the forge merge the base into it.
    """
    tree = session.git.text("rev-parse", f"{sha}^{{tree}}", at=bare)
    message = commit.with_trailers(said.message, known.first.tree, session.maker)
    return (known.tree, known.first.message) == (tree, message)


def _push(
    session: CampaignRun, row: RepositoryRow, place: BranchTarget, branch: Branch, expected: str
) -> None:
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


def remove(session: CampaignRun, row: RepositoryRow, place: BranchTarget, branch: Branch) -> bool:
    """Remove our branch from the remote."""
    git, bare = session.git, bare_of(session.cache, row.url)
    with held(bare):
        if branch.sha != row.head and not _story(session, row, place, branch, row.base).ours:
            return False
        commit.push(git, bare, place.url, Branch(branch.name, ""), branch.sha)
    return True


def write_patch(session: CampaignRun, row: RepositoryRow, result: Result, said: Texts) -> None:
    """Write a repository's commit as a mail for `git am`, and push nothing."""
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


def _base(session: CampaignRun, row: RepositoryRow, result: Result) -> None:
    """Have the commit that the plan was made on in this machine's clone."""
    git, bare = session.git, bare_of(session.cache, row.url)
    if fetch(git, bare, row.url, result.base, result.sha) != result.sha:
        message = "the base was moved at the same time"
        raise MovedError(message, transient=True)
