"""What the owner of a repository is told in its pull request: one comment for each thing, once."""

from __future__ import annotations

from refactor.campaign.campaign_run import CampaignRun
from refactor.campaign.forge.base import PullRequest
from refactor.campaign.forge.parts import BOX

_BACK = f"""\
To hand the branch back, tick the box "{BOX.strip("*")}" in the description: at its next run the \
campaign makes the branch again from its base, and drops the commits of others on it."""
_TEXTS = {
    "edited": """\
There are commits by others on this branch, so the campaign `{campaign}` leaves the branch as it \
is: {why}.

"""
    + _BACK,
    "conflict": """\
This branch conflicts with its base, and the campaign `{campaign}` does not resolve the conflict, \
because there are commits by others on the branch. Resolve it, or hand the branch back.

"""
    + _BACK,
    "blocked": """\
This pull request {why}. It cannot be merged until that Service is made in another way. To go on \
without it, close this pull request; to try again, open the other one again.""",
}


def tell(session: CampaignRun, name: str, pull: PullRequest, kind: str, why: str = "") -> None:
    """Say something to a pull request, where it was not said before."""
    text = _TEXTS[kind].format(campaign=session.campaign.name, why=why)
    say(session, name, pull, kind, text)


def say(session: CampaignRun, name: str, pull: PullRequest, mark: str, text: str) -> bool:
    """Say a text to a pull request, where its mark is not written down yet.

    It is written down first: a comment that is lost costs less than one that is made twice.
    """
    mark, told = f"{mark}@{pull.number}", session.states.row(name).told
    if session.forge is None or mark in told.split():
        return False
    session.states.note(name, told=f"{told} {mark}".strip())
    session.forge.ask(lambda forge: forge.comment(name, pull.number, text))
    return True
