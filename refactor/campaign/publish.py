"""The second half of a run: one repository's branch and pull request, as its plan wants them.

Whatever a run that died left behind is found again: the branch on the remote by who made it, the
pull request on the forge by its branch. So each step looks first and acts then, and none is done
twice.
"""

from __future__ import annotations

import time
from typing import NamedTuple

from refactor.campaign.branches import Place, place_of, put, remove
from refactor.campaign.clone import Refs, refs
from refactor.campaign.commit import Branch, is_branch
from refactor.campaign.forge.base import Forge, PullRequest, Wanted
from refactor.campaign.git import GitError
from refactor.campaign.order import Order
from refactor.campaign.session import Session
from refactor.campaign.state import Row
from refactor.campaign.texts import Other, Texts, texts
from refactor.campaign.values import Result, State
from refactor.errors import RefactorError

_HOUR = 3600


class Work(NamedTuple):
    """One repository on its way.

    Attributes:
        session: the run.
        row: where it stands.
        result: its plan.
        order: of the campaign.
        said: its texts.
        place: where its branch goes.
    """

    session: Session
    row: Row
    result: Result
    order: Order
    said: Texts
    place: Place


def publish(session: Session, name: str, order: Order) -> bool:
    """Bring one repository's branch and pull request to what its plan wants.

    Returns:
        False where the base has moved, and the plan has to be made again.

    Raises:
        GitError, ForgeError, RefactorError: it cannot be done, and why.
    """
    row, result = session.states.row(name), session.states.result(name)
    if result is None or not (result.files or row.number or row.head):
        return True
    said = texts(session.campaign, result, tuple(_others(session, name, order)), order)
    if not is_branch(session.git, said.branch) or said.branch == result.base:
        message = f"`{said.branch}` cannot be the name of a branch for it"
        raise RefactorError(message, remedy="look at `branch` of the campaign file")
    pull = _find(session, row, result, said, row.fork)
    if pull and pull.state != "open" and not session.may_reopen(name):
        session.move(name, pull.state, "", number=pull.number, pull=pull.url)
        return True
    at = refs(session.git, row.url, result.base)
    if at.sha != result.sha:
        return False
    if pull is None and not result.files:
        return True
    if pull is None and (held := _held_back(session, row)):
        session.move(name, "planned", held)
        return True
    work = Work(session, row, result, order, said, place_of(session, row))
    _bring(work, pull if pull and pull.state == "open" else None)
    return True


def _bring(work: Work, pull: PullRequest | None) -> None:
    """Put the branch, and then open or update the pull request."""
    session, row, said = work.session, work.row, work.said
    head = _head(work)
    if pull is not None and not work.result.files:
        _withdraw(work, pull, head)
        return
    if not put(session, row, work.place, work.result, said, head):
        known = {"number": pull.number, "pull": pull.url} if pull else {}
        session.move(row.name, "changed by others", f"others have pushed to {said.branch}", **known)
        return
    if pull is None:
        session.move(row.name, "pushed", branch=said.branch, fork=work.place.fork)
    if session.forge is None:
        session.states.note(row.name, opened=row.opened or time.time())
        return
    made = session.forge.change(lambda forge: _open(forge, work))
    if made.state != "open":
        session.move(row.name, made.state, "", number=made.number, pull=made.url)
        return
    known = {"number": made.number, "pull": made.url, "opened": row.opened or time.time()}
    session.move(row.name, "open", _waiting(work), branch=said.branch, **known)


def _open(forge: Forge, work: Work) -> PullRequest:
    """Look for the pull request once more, and open or update it."""
    wanted = _wanted(work)
    found = forge.find(work.row.name, wanted.head, wanted.base, wanted.fork)
    if found and found.state == "open":
        return forge.update(work.row.name, found, wanted)
    if found and not work.session.may_reopen(work.row.name):
        return found
    return forge.create(work.row.name, wanted)


def _wanted(work: Work) -> Wanted:
    pull, result, said = work.session.campaign.pull_request, work.result, work.said
    named = [name for name in pull.reviewers if name != "CODEOWNERS"]
    owners = result.owners if "CODEOWNERS" in pull.reviewers else ()
    return Wanted(
        head=said.branch,
        base=result.base,
        title=said.title,
        body=said.body,
        draft=pull.draft or bool(_waiting(work)),
        labels=pull.labels,
        reviewers=tuple(dict.fromkeys((*named, *owners))),
        auto_merge=pull.auto_merge,
        fork=work.place.fork,
    )


def _waiting(work: Work) -> str:
    names = {o.repository for o in _others(work.session, work.row.name, work.order) if not o.merged}
    return f"waits for {', '.join(sorted(names))}" if names else ""


def _others(session: Session, name: str, order: Order) -> list[Other]:
    """Return the repositories that one waits for, with their pull requests."""
    found = []
    for wait in order.waits.get(name, ()):
        row = session.states.row(wait.provider)
        service = wait.service.rpartition("\t")[2]
        provider = session.states.result(row.name)
        there = provider is not None and service in provider.holds
        found.append(Other(row.name, service, row.pull, there or row.state == "merged"))
    return found


def _find(session: Session, row: Row, result: Result, said: Texts, fork: str) -> PullRequest | None:
    if session.forge is None:
        return None
    return session.forge.ask(lambda forge: forge.find(row.name, said.branch, result.base, fork))


def _head(work: Work) -> str:
    """Return where our branch is on the remote that has it; "" where it is not."""
    try:
        at: Refs = refs(work.session.git, work.place.url, work.result.base, work.said.branch)
    except GitError:
        if not work.place.fork:
            raise
        # A fork may lack the base; what counts is our own branch.
        at = refs(work.session.git, work.place.url, "", work.said.branch)
    return at.head


def _withdraw(work: Work, pull: PullRequest, head: str) -> None:
    """Close a pull request whose base no longer holds what it changes."""
    session, row = work.session, work.row
    branch = Branch(work.said.branch, head)
    if head and not remove(session, row, work.place, branch):
        session.move(row.name, "changed by others", f"others have pushed to {branch.name}")
        return
    if session.forge is not None:
        comment = f"`{work.result.base}` holds nothing any more that this would change."
        session.forge.change(lambda forge: forge.close(row.name, pull, comment))
    state: State = "needs a human" if work.result.human else "nothing to do"
    session.move(row.name, state, f"closed {pull.url}: nothing is left to change", head="")


def _held_back(session: Session, row: Row) -> str:
    """Say why a new pull request has to wait; "" where it does not."""
    limits = session.campaign.limits
    counts = session.states.counts()
    if row.state == "pushed":
        return ""
    open_now = sum(counts.get(state, 0) for state in ("open", "pushed", "changed by others"))
    if limits.open and open_now >= limits.open:
        return f"waits: {open_now} pull requests are open"
    opened = session.states.opened_since(time.time() - _HOUR)
    if limits.per_hour and opened >= limits.per_hour:
        return f"waits: {opened} pull requests were opened within an hour"
    return ""
