"""What is known of each repository: a row of the state."""

from __future__ import annotations

import time
from typing import NamedTuple

from refactor.campaign.values import Shown
from refactor.campaign.values import State as Standing


class RepositoryRow(NamedTuple):
    """A repository's standing. Times are seconds since 1970.

    Attributes:
        name, url: the repository's.
        selected: whether the campaign file still names it.
        state: where it stands, for the `reason`, `since` when.
        base, sha: the branch it was planned on, and its commit.
        key: what else the plan rests on.
        branch, head, digest: ours, kept once it is to be pushed; the commit that was pushed last;
            what it changes.
        fork: address of the fork that has the branch; "" where there is none.
        number, pull: the pull request's, and its address.
        past: the number of one whose end counts no more: we closed it, or it was begun anew.
        refused: the parts of the pull request that the forge refused when it was opened.
        opened: when we opened it; 0 for never.
        parked: until when nothing is tried; 0 for not.
        failure: why the last try failed; "" where it did not. The state stays what it was.
        drafted: whether we made the pull request a draft, because it waits for another one.
        follows: the commit of the base that our branch is known to follow.
        written: title, base and labels of the pull request as we wrote them last, as JSON.
        told: what was said to its owner in a comment, once each; words with blanks between.
        review, checks, mergeable: what the forge said of it, `refreshed` when; "" for not asked.
        verified: when the Service names of its base were checked last; 0 for never.
        broken: the names that did not hold then; "" for none.
    """

    name: str
    url: str
    selected: bool
    state: Standing
    reason: str
    since: float
    base: str = ""
    sha: str = ""
    key: str = ""
    branch: str = ""
    head: str = ""
    digest: str = ""
    fork: str = ""
    number: int = 0
    pull: str = ""
    past: int = 0
    refused: str = ""
    opened: float = 0.0
    parked: float = 0.0
    failure: str = ""
    drafted: int = 0
    follows: str = ""
    written: str = ""
    told: str = ""
    review: str = ""
    checks: str = ""
    mergeable: str = ""
    refreshed: float = 0.0
    verified: float = 0.0
    broken: str = ""

    @property
    def shown(self) -> Shown:
        """What a person reads: `failed` where the failure is all there is to say."""
        return "failed" if self.failure and self.state not in PULLED else self.state

    @property
    def why(self) -> str:
        """The reason, with the names that do not hold, and with the failure of the last try."""
        failed = self.failure if self.shown == "failed" else ""
        last = f"the last try failed: {self.failure}" if self.failure and not failed else ""
        reason = "" if failed or self.reason == self.broken else self.reason
        return "; ".join(filter(None, (failed, reason, self.broken, last)))


PULLED = ("open", "modified by others", "merged", "closed")
"""States with a pull request, or a branch that a person works on: no failure hides them."""


class Transition(NamedTuple):
    """A repository came to stand somewhere, at a time in seconds since 1970."""

    at: float
    name: str
    state: str
    reason: str


LONGEST = 86_400
"""Seconds that anything waits."""


def is_ahead(moment: float) -> bool:
    """Say whether a time is still to come; one that no wait explains was told by a wrong clock."""
    return 0 < moment - time.time() <= LONGEST
