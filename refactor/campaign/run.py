"""`plan`, `run`, `close` and `retry`, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from refactor.campaign.branches import place_of, remove, write_patch
from refactor.campaign.clone import refs
from refactor.campaign.commit import Branch
from refactor.campaign.executors import Executor
from refactor.campaign.forge.base import ForgeError
from refactor.campaign.git import GitError
from refactor.campaign.order import Order
from refactor.campaign.planning import fail, order_of, plan_all
from refactor.campaign.publish import publish
from refactor.campaign.session import Session
from refactor.campaign.state import Row
from refactor.campaign.texts import texts
from refactor.campaign.values import Repository
from refactor.errors import RefactorError

_ROUNDS = 3
"""How often a plan is made again in one run because its base has moved."""


def plan(session: Session, repositories: list[Repository], executor: Executor) -> None:
    """Plan every repository; push nothing.

    Args:
        session: the run.
        repositories: of the campaign.
        executor: does the work.
    """
    planned = plan_all(session, _due(session, repositories), executor)
    order = order_of(session)
    if session.options.patches:
        _each(session, planned, lambda name: _patch(session, name, order))


def run(session: Session, repositories: list[Repository], executor: Executor) -> None:
    """Plan every repository, push branches, and open or update pull requests.

    Args:
        session: the run.
        repositories: of the campaign.
        executor: does the work.
    """
    _run(session, _due(session, repositories), executor)


def retry(session: Session, repositories: list[Repository], executor: Executor) -> None:
    """Run what has failed, parked or not, and what the options say to begin anew.

    Args:
        session: the run.
        repositories: of the campaign.
        executor: does the work.
    """
    session.states.select(repositories)
    wanted = {r.name for r in session.chosen() if r.state == "failed" or session.may_reopen(r.name)}
    due = [repository for repository in repositories if repository.name in wanted]
    for name in wanted:
        if session.may_reopen(name):
            session.move(name, "new", "begun anew", number=0, pull="", head="", key="")
    if due:
        _run(session, due, executor)


def close(session: Session) -> None:
    """Close every pull request of the campaign that nobody else has changed."""
    rows = [row for row in session.chosen() if row.state in ("pushed", "open")]
    _each(session, [row.name for row in rows], lambda name: _close(session, name))


def _run(session: Session, due: list[Repository], executor: Executor) -> None:
    for _ in range(_ROUNDS):
        planned = {*plan_all(session, due, executor)}
        order = order_of(session)
        moved: set[str] = set()

        def bring(name: str, order: Order = order, moved: set[str] = moved) -> None:
            if not publish(session, name, order):
                session.tell("moved", repository=name)
                moved.add(name)

        _each(session, [name for name in order.names if name in planned], bring)
        due = [repository for repository in due if repository.name in moved]
        if not due:
            return


def _due(session: Session, repositories: Iterable[Repository]) -> list[Repository]:
    """Return the repositories that are to be planned: those whose story has not ended."""
    session.states.select(list(repositories))
    rows = {row.name: row for row in session.chosen()}
    chosen = [repository for repository in repositories if repository.name in rows]
    return [r for r in chosen if not _has_ended(session, rows[r.name])]


def _has_ended(session: Session, row: Row) -> bool:
    if session.may_reopen(row.name) or row.state not in ("merged", "closed"):
        return False
    if row.state == "merged" or session.forge is None:
        return True
    # Somebody may have opened it again.
    try:
        found = session.forge.ask(
            lambda forge: forge.find(row.name, row.branch, row.base, row.fork)
        )
    except ForgeError:
        return True
    return found is None or found.state != "open"


def _patch(session: Session, name: str, order: Order) -> None:
    result = session.states.result(name)
    if result is not None:
        said = texts(session.campaign, result, (), order)
        write_patch(session, session.states.row(name), result, said)


def _close(session: Session, name: str) -> None:
    row, forge = session.states.row(name), session.forge
    found = None
    if forge is not None:
        found = forge.ask(lambda one: one.find(name, row.branch, row.base, row.fork))
    if found and found.state == "merged":
        session.move(name, "merged")
        return
    place = place_of(session, row)
    head = refs(session.git, place.url, "", row.branch).head
    if head and not remove(session, row, place, Branch(row.branch, head)):
        session.move(name, "changed by others", f"others have pushed to {row.branch}")
        return
    if forge is not None and found and found.state == "open":
        pull, comment = found, f"The campaign `{session.campaign.name}` is closed."
        forge.change(lambda one: one.close(name, pull, comment))
    session.move(name, "closed", "by `refactor campaign close`", head="")


def _each(session: Session, names: Iterable[str], work: Callable[[str], None]) -> None:
    """Do something for each repository; one that fails is written down, and the next one done."""
    for name in names:
        try:
            work(name)
        except GitError as error:
            fail(session, name, str(error), transient=error.transient)
        except ForgeError as error:
            wait = error.wait or 0
            fail(session, name, error.message, transient=error.wait is not None, wait=wait)
            if error.limited:
                # Asking on would only make the forge wait longer: the rest stays as it stands.
                session.tell("parked", reason=error.message, seconds=wait)
                return
        except RefactorError as error:
            fail(session, name, str(error), transient=False)
