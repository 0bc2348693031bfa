"""`plan`, `run`, `close` and `retry`, in order."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from refactor.campaign.branches import place_of, remove, write_patch
from refactor.campaign.campaign_run import CampaignRun
from refactor.campaign.clone import refs
from refactor.campaign.commit import Branch
from refactor.campaign.executors import Executor
from refactor.campaign.forge.base import Forge, ForgeError, PullRequest
from refactor.campaign.git import GitError
from refactor.campaign.names import verify_all
from refactor.campaign.operate import Merging, comment_all, merge_all, refresh
from refactor.campaign.order import Order
from refactor.campaign.planning import REFUSALS, fail, no_access, order_of, plan_all
from refactor.campaign.publish import publish
from refactor.campaign.rows import LONGEST, RepositoryRow
from refactor.campaign.texts import texts
from refactor.campaign.values import Repository
from refactor.errors import RefactorError

_ROUNDS = 3
"""How often a plan is made again in one run because its base has moved."""

_SILENT = 3
"""Repositories in a row for which a forge does not answer, after which nothing more is asked."""


_UNAUTHORIZED = 401


def plan(session: CampaignRun, repositories: list[Repository], executor: Executor) -> None:
    """Plan every repository; push nothing."""
    planned = plan_all(session, _due(session, repositories), executor)
    order = order_of(session)
    if session.options.patches:
        _each(session, planned, lambda name: _patch(session, name, order))


def run(session: CampaignRun, repositories: list[Repository], executor: Executor) -> None:
    """Plan every repository, push branches, and open or update pull requests."""
    _run(session, _due(session, repositories), executor)


def retry(session: CampaignRun, repositories: list[Repository], executor: Executor) -> None:
    """Run what has failed, parked or not, and what the options say to begin anew."""
    session.states.select(repositories)
    session.states.pause(0, "")
    wanted = {r.name for r in session.chosen() if r.failure or session.may_reopen(r.name)}
    due = [repository for repository in repositories if repository.name in wanted]
    for name in wanted:
        if session.may_reopen(name):
            past = session.states.row(name).number
            forgotten = {"number": 0, "pull": "", "branch": "", "head": "", "key": ""}
            session.move(name, "new", "begun anew", past=past, **forgotten)
    if due:
        _run(session, due, executor)


def verify(session: CampaignRun, repositories: list[Repository], executor: Executor) -> None:
    """Check the Service names of what was merged; see `verify_all`."""
    verify_all(session, repositories, executor)


def close(session: CampaignRun) -> None:
    """Close every pull request of the campaign that no one else has changed."""
    session.check_globs([row.name for row in session.states.rows() if row.selected])
    rows = [row for row in session.chosen() if _is_up(row)]
    _each(session, [row.name for row in rows], lambda name: _close(session, name))


def merge(session: CampaignRun, wanted: Merging) -> None:
    """Merge what is approved and green; see `merge_all`."""
    merge_all(session, wanted, _each)


def comment(session: CampaignRun, text: str) -> None:
    """Say a text to every open pull request; see `comment_all`."""
    comment_all(session, text, _each)


def look_again(session: CampaignRun) -> None:
    """Ask the forge how each pull request stands; see `refresh`."""
    refresh(session, _each)


def _is_up(row: RepositoryRow) -> bool:
    """Say whether there may be a branch of ours that `close` has to look at."""
    return row.state in ("pushed", "open") or (row.state == "planned" and bool(row.branch))


def _run(session: CampaignRun, due: list[Repository], executor: Executor) -> None:
    """Plan and publish; of a canary, the first few, and those they wait for before them."""
    sent: list[str] = []
    for _ in range(_ROUNDS):
        planned = {*plan_all(session, due, executor)}
        order = order_of(session)
        until, reason = session.states.paused()
        if until:
            session.tell("parked", reason=reason, seconds=round(until - time.time()))
            return
        moved: set[str] = set()

        def bring(name: str, order: Order = order, moved: set[str] = moved) -> None:
            if _is_past_canary(session, name, sent):
                return
            if not publish(session, name, order):
                session.tell("moved", repository=name)
                moved.add(name)

        _each(session, [name for name in order.names if name in planned], bring)
        due = [repository for repository in due if repository.name in moved]
        if not due:
            break
    if session.options.canary:
        session.tell("canary", repositories=sent)


def _is_past_canary(session: CampaignRun, name: str, sent: list[str]) -> bool:
    """Say whether a repository comes after the first few that a canary is limited to."""
    outline = session.states.outline(name)
    if not session.options.canary or not (outline and outline.changes) or name in sent:
        return False
    if len(sent) >= session.options.canary:
        return True
    sent.append(name)
    return False


def _due(session: CampaignRun, repositories: Iterable[Repository]) -> list[Repository]:
    """Return the repositories that are to be planned: those whose story has not ended."""
    session.states.select(list(repositories))
    rows = {row.name: row for row in session.chosen()}
    chosen = [repository for repository in repositories if repository.name in rows]
    closed = [rows[r.name] for r in chosen if rows[r.name].state == "closed"]
    reopened = {*_reopened(session, closed)}
    return [
        r for r in chosen if r.name in reopened or rows[r.name].state not in ("merged", "closed")
    ]


def _reopened(session: CampaignRun, closed: Iterable[RepositoryRow]) -> Iterator[str]:
    """Return the repositories whose pull request was opened again."""
    if session.forge is None or session.states.paused()[0]:
        return
    for row in closed:
        try:
            found = session.forge.ask(partial(_pull_of, row=row))
        except ForgeError as error:
            if error.wait is not None:  # It is asked again soon enough.
                return
        else:
            if found and found.state == "open":
                yield row.name


def _pull_of(forge: Forge, row: RepositoryRow) -> PullRequest | None:
    return forge.find(row.name, row.branch, row.base, row.fork)


def _patch(session: CampaignRun, name: str, order: Order) -> None:
    result = session.states.result(name)
    if result is not None:
        said = texts(session.campaign, result, (), order)
        write_patch(session, session.states.row(name), result, said)


def _close(session: CampaignRun, name: str) -> None:
    row, forge = session.states.row(name), session.forge
    found = None
    if forge is not None:
        found = forge.ask(partial(_pull_of, row=row))
    if found and found.state == "merged":
        session.move(name, "merged")
        return
    place = place_of(session, row)
    head = refs(session.git, place.url, "", row.branch).head
    if head and not remove(session, row, place, Branch(row.branch, head)):
        session.move(name, "modified by others", f"others have pushed to {row.branch}")
        return
    if forge is not None and found and found.state == "open":
        pull, comment = found, f"The campaign `{session.campaign.name}` is closed."
        forge.ask(lambda one: one.close(name, pull, comment))
    if found or head or row.state in ("pushed", "open"):
        session.move(name, "closed", "by `refactor campaign close`", head="")


def _each(session: CampaignRun, names: Iterable[str], work: Callable[[str], None]) -> None:
    """Do something for each repository; one that fails is written down, and the next one done."""
    silent = refused = 0
    for name in names:
        try:
            work(name)
        except GitError as error:
            refused = refused + 1 if error.refused else 0
            if refused == REFUSALS:
                raise no_access(session, str(error)) from error
            fail(session, name, str(error), transient=error.transient)
        except ForgeError as error:
            if error.status == _UNAUTHORIZED:
                raise no_access(session, error.message) from error
            wait = error.wait or 0
            fail(session, name, error.message, transient=error.wait is not None, wait=wait)
            silent = 0 if error.wait is None else silent + 1
            if error.limited or silent == _SILENT:
                _park(session, error)
                return
        except RefactorError as error:
            fail(session, name, str(error), transient=False)
        else:
            silent = refused = 0
            session.states.note(name, failure="")


def _park(session: CampaignRun, error: ForgeError) -> None:
    """Stop asking the forge: the rest stays as it stands, also for runs that come too soon.

    Asking on would only make a limit last longer, and a forge that is down as slow as can be.
    """
    wait = error.wait or 0
    if error.limited and wait:
        session.states.pause(time.time() + min(wait, LONGEST), error.message)
    session.tell("parked", reason=error.message, seconds=wait)
