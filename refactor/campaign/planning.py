"""The first half of a run: every repository planned, what it gave kept, who waits for whom."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from refactor.campaign.executors import Executor
from refactor.campaign.order import Ask, Order, order
from refactor.campaign.repositories import home_of
from refactor.campaign.session import Session
from refactor.campaign.spec import Campaign
from refactor.campaign.state import Row, States
from refactor.campaign.values import Repository, Result, State

# Where a repository stands by its pull request, not by its plan.
_PULLED = ("pushed", "open", "changed by others", "merged", "closed")

_PARKED = 900.0
"""Seconds for which a failure that may pass is left alone."""


def plan_all(session: Session, repositories: Iterable[Repository], executor: Executor) -> list[str]:
    """Plan repositories, and write down what each gave.

    Args:
        session: the run.
        repositories: to plan.
        executor: does the work.

    Returns:
        The names of those that have a plan.
    """
    tasks = {r.name: session.task(r, session.states.row(r.name)) for r in repositories}
    wanted = (task for name, task in tasks.items() if not _is_parked(session, name))
    planned = []
    for result in executor.run(wanted):
        row = session.states.row(result.name)
        if result.failed:
            fail(session, result.name, result.failed, transient=result.transient)
            continue
        if not result.unchanged:
            session.states.keep(result, session.key(tasks[result.name]))
        kept = session.states.result(result.name)
        if kept is not None:
            planned.append(result.name)
            session.tell("planned", repository=result.name, edited=kept.edited, human=kept.human)
            session.move(result.name, *_standing(row, kept), parked=0)
    return planned


def fail(session: Session, name: str, reason: str, *, transient: bool, wait: float = 0) -> None:
    """Write down why a repository failed; what may pass is parked.

    Args:
        session: the run.
        name: the repository's.
        reason: why.
        transient: whether another time may bring another answer.
        wait: seconds that the forge asked for.
    """
    parked = time.time() + (wait or _PARKED) if transient else 0
    session.move(name, "failed", reason, parked=parked)


def _is_parked(session: Session, name: str) -> bool:
    return not session.options.again and session.states.row(name).parked > time.time()


def _standing(row: Row, result: Result) -> tuple[State, str]:
    """Return where a repository stands after planning, and why."""
    if row.state in _PULLED:
        return row.state, row.reason
    if row.state == "failed" and row.number:
        return "open", ""
    left = ", ".join(f"{count} {reason}" for reason, count in sorted(result.reasons.items()))
    if result.files:
        return "planned", f"left for a human: {left}" if left else ""
    return ("needs a human", left) if result.human else ("nothing to do", "")


def asks(campaign: Campaign, states: States) -> Iterator[Ask]:
    """Return what each repository's plan makes and needs; Services are of one cluster each."""
    for row in states.rows():
        result = states.result(row.name)
        if result is not None and row.selected:
            cluster = "\n".join(home_of(campaign.homes, row.name).inventories)
            yield Ask(
                row.name,
                frozenset(f"{cluster}\t{service}" for service in result.provides),
                frozenset(f"{cluster}\t{service}" for service in result.needs),
            )


def order_of(session: Session) -> Order:
    """Return the order of the campaign; circles are told."""
    found = order(asks(session.campaign, session.states))
    for cycle in found.cycles:
        session.tell("cycle", repositories=list(cycle))
    return found
