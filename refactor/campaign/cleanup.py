"""What becomes of a branch and a pull request whose base needs them no more."""

from __future__ import annotations

from refactor.campaign.branches import BranchTarget, place_of, remove
from refactor.campaign.campaign_run import CampaignRun
from refactor.campaign.clone import refs
from refactor.campaign.commit import Branch
from refactor.campaign.forge.base import PullRequest
from refactor.campaign.planning import of_plan
from refactor.campaign.rows import RepositoryRow
from refactor.campaign.values import Result


def withdraw(
    session: CampaignRun, row: RepositoryRow, place: BranchTarget, pull: PullRequest, branch: Branch
) -> None:
    """Close a pull request whose base no longer holds what it changes.

    Args:
        branch: ours, and where it is on the remote; "" where it is not.
    """
    # First: a forge closes it by itself when its branch goes, and that is no human's doing.
    session.states.note(row.name, past=pull.number)
    if not _remove(session, row, place, branch):
        return
    result = session.states.result(row.name)
    if session.forge is not None:
        comment = f"`{row.base}` has nothing left to change."
        session.forge.ask(lambda forge: forge.close(row.name, pull, comment))
    if result is not None:
        _rest(session, row, result, f"closed {pull.url}: nothing is left to change")


def clear(session: CampaignRun, row: RepositoryRow, result: Result) -> None:
    """Remove the branch of a repository without a pull request and with nothing to change."""
    if row.branch:
        place = place_of(session, row)
        head = refs(session.git, place.url, "", row.branch).head
        if not _remove(session, row, place, Branch(row.branch, head)):
            return
    _rest(session, row, result, "")


def _remove(session: CampaignRun, row: RepositoryRow, place: BranchTarget, branch: Branch) -> bool:
    if not branch.sha or remove(session, row, place, branch):
        return True
    session.move(row.name, "modified by others", f"others have pushed to {branch.name}")
    return False


def _rest(session: CampaignRun, row: RepositoryRow, result: Result, reason: str) -> None:
    state, left = of_plan(result)
    session.move(row.name, state, left or reason, number=0, pull="", branch="", head="")
