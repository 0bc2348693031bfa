"""The first half of a run: every repository planned, what it gave kept, who waits for whom."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from refactor.campaign.campaign_run import CampaignRun
from refactor.campaign.dependencies import links_of
from refactor.campaign.executors import Executor
from refactor.campaign.order import Order, order
from refactor.campaign.rows import LONGEST, RepositoryRow, is_ahead
from refactor.campaign.values import Repository, Result, State, Task
from refactor.errors import RefactorError

# Where a repository stands by its pull request, not by its plan.
_ENDED = ("merged", "closed")
_PULLED = ("pushed", "open", "modified by others", *_ENDED)

_ROUNDS = 4
"""How often repositories are planned again in one run because of what others need or make."""

REFUSALS = 3
"""Refused passwords in a row after which no more repositories are tried."""

_PARKED = 900.0
"""Seconds for which a failure that may pass is left alone."""


def plan_all(
    session: CampaignRun, repositories: Iterable[Repository], executor: Executor
) -> list[str]:
    """Plan repositories, and write down what each gave.

    A plan may show that a Service is missing whose workload another repository owns: that one is
    planned again, to make it, and then those that lack it, to name it.
    """
    due = {r.name: r for r in repositories if not _is_parked(session, r.name)}
    planned: dict[str, None] = {}
    for number in range(_ROUNDS):
        tasks = _tasks(session, due.values(), anew=number == 0)
        if not tasks:
            break
        for result in _accepted(session, executor.run(tasks.values())):
            if _take(session, result, session.key(tasks[result.name])):
                planned[result.name] = None
            else:
                planned.pop(result.name, None)
                del due[result.name]
    _tell_withheld(session, planned)
    return [*planned]


def _tell_withheld(session: CampaignRun, names: Iterable[str]) -> None:
    """Say why a Service that is lacking is not made in the repository that has its workload."""
    links = links_of(session.campaign, session.states)
    for name in names:
        row = session.states.row(name)
        if row.state in _PULLED or not (told := links.withheld_of(name)):
            continue
        reason = "; ".join(dict.fromkeys(filter(None, (row.reason, *told))))
        session.move(name, row.state, reason)


def _accepted(session: CampaignRun, results: Iterator[Result]) -> Iterator[Result]:
    """Yield results, those whose password was refused last: where it is refused for all, none."""
    refused, others = list[Result](), 0
    for result in results:
        if not result.refused:
            others += 1
            yield result
            continue
        refused.append(result)
        if len(refused) >= REFUSALS and not others:
            raise no_access(session, result.failed)
    yield from refused


def no_access(session: CampaignRun, reason: str) -> RefactorError:
    """Return the error that ends a run whose token or password is refused."""
    forge = session.campaign.forge
    names = dict.fromkeys(filter(None, (forge.token, forge.git_token)))
    told = f"put one that is valid into {' and '.join(names)}, and run it again"
    message = f"access is refused: {reason}"
    return RefactorError(message, where="forge", remedy=told if names else "look at git's access")


def _tasks(session: CampaignRun, due: Iterable[Repository], *, anew: bool) -> dict[str, Task]:
    """Return what is to be asked: of everybody at first, then of those for whom it has changed."""
    links = links_of(session.campaign, session.states)
    rows = {row.name: row for row in session.states.rows()}
    tasks = {r.name: session.task(r, rows[r.name], links) for r in due}
    return {n: t for n, t in tasks.items() if anew or session.key(t) != rows[n].key}


def _take(session: CampaignRun, result: Result, key: str) -> bool:
    """Write down what planning a repository gave, and say whether there is a plan."""
    if result.failed:
        fail(session, result.name, result.failed, transient=result.transient)
        return False
    if result.unchanged:
        session.states.note(result.name, key=key)
    else:
        session.states.keep(result, key)
    row, kept = session.states.row(result.name), session.states.outline(result.name)
    if kept is None:
        return False
    session.tell("planned", repository=result.name, edited=kept.edited, human=kept.human)
    session.move(result.name, *_standing(row, kept), parked=0, failure="")
    return True


def fail(session: CampaignRun, name: str, reason: str, *, transient: bool, wait: float = 0) -> None:
    """Write down why a repository failed, beside its state; what may pass is parked.

    Args:
        wait: seconds that the forge asked for.
    """
    parked = time.time() + min(wait or _PARKED, LONGEST) if transient else 0
    session.fail(name, reason, parked)


def _is_parked(session: CampaignRun, name: str) -> bool:
    return not session.options.again and is_ahead(session.states.row(name).parked)


def _standing(row: RepositoryRow, result: Result) -> tuple[State, str]:
    """Return where a repository stands after planning, and why."""
    ours = row.state in _ENDED or result.changes or row.number or row.branch
    if row.state in _PULLED and ours:
        return row.state, row.reason
    if row.broken and not result.changes:
        return "needs review", row.broken
    return of_plan(result)


def of_plan(result: Result) -> tuple[State, str]:
    """Return where a repository stands by its plan alone, and why."""
    left = ", ".join(f"{count} {reason}" for reason, count in sorted(result.reasons.items()))
    if result.files or result.changes:
        return "planned", f"needs review: {left}" if left else ""
    return ("needs review", left) if result.human else ("nothing to do", "")


def order_of(session: CampaignRun) -> Order:
    """Return the order of the campaign; circles are told."""
    found = order(links_of(session.campaign, session.states).asks())
    for cycle in found.cycles:
        session.tell("cycle", repositories=list(cycle))
    return found
