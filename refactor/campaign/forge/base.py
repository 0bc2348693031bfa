"""What a campaign asks of a forge, and how a forge says no."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal as OneOf
from typing import NamedTuple, Protocol

from refactor.campaign.spec import Group
from refactor.campaign.values import Repository
from refactor.model import Value

REVIEWER = "reviewer "
"""What a note on a reviewer who could not be asked begins with."""


class ForgeError(Exception):
    """A request that the forge did not answer, or refused.

    Attributes:
        message: what it said, without secrets.
        status: HTTP's; 0 where there was no answer.
        wait: seconds after which it may be asked again; None where that would not help.
        limited: whether it was a limit of rate, which is about every request.
    """

    def __init__(
        self, message: str, *, status: int = 0, wait: float | None = None, limited: bool = False
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.wait = wait
        self.limited = limited


class PullRequest(NamedTuple):
    """A pull request as the forge has it.

    Attributes:
        number: by which the repository knows it.
        url: its page.
        state: `closed` is without a merge.
        title: without the forge's own mark of a draft.
        body: its text.
        draft: whether it is one.
        labels: that it carries.
        notes: what of it could not be made as wanted, and why.
        base: the branch that it goes to.
        head: the commit of its branch; "" where the forge does not say.
        branch: its branch.
        fork: `owner/name` of the fork that has the branch; "" where there is none.
        mergeable: whether it merges without a conflict; None where the forge does not say.
        auto_merge: whether the forge is to merge it by itself.
        edited: its fields that a person wrote, which were left as they are.
    """

    number: int
    url: str
    state: OneOf["open", "merged", "closed"]
    title: str = ""
    body: str = ""
    draft: bool = False
    labels: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    base: str = ""
    head: str = ""
    branch: str = ""
    fork: str = ""
    mergeable: bool | None = None
    auto_merge: bool = False
    edited: tuple[str, ...] = ()


class Health(NamedTuple):
    """What reviews and checks say of a pull request.

    Attributes:
        pull: the pull request.
        review: of those that count now.
        checks: of its last commit.
    """

    pull: PullRequest
    review: OneOf["approved", "changes asked for", "none"]
    checks: OneOf["passed", "failed", "running", "none"]


class WrittenFields(Value, frozen=True):
    """Fields of a pull request as we wrote them last; None for never.

    The body needs none: our part of it says by itself whether it is as we wrote it.
    """

    title: str | None = None
    base: str | None = None
    labels: tuple[str, ...] = ()


class WantedPull(NamedTuple):
    """A pull request as it is to be.

    Attributes:
        head: our branch.
        base: the branch it goes to.
        title, body: its texts.
        draft: whether it is one.
        labels: that it has to carry; others stay.
        reviewers: names, and `organisation/team`; asked when it is opened.
        auto_merge: whether the forge merges it once it may.
        fork: `owner/name` of the fork that has the branch; "" where there is none.
        assignees: names; assigned when it is opened.
        before: what we wrote last: what differs from it was written by a person, and is left.
            None for what is ours whatever it says.
    """

    head: str
    base: str
    title: str
    body: str
    draft: bool = False
    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    auto_merge: bool = False
    fork: str = ""
    assignees: tuple[str, ...] = ()
    before: WrittenFields | None = None


class Forge(Protocol):
    """A forge. Every method may raise `ForgeError`; none of them tries twice."""

    def repositories(self, group: Group) -> Iterator[Repository]:
        """Return the repositories of an organisation or group that its filters let through."""

    def search(self, text: str, owner: str) -> set[str]:
        """Return the repositories of an organisation or group whose files hold a text."""

    def clone_url(self, name: str) -> str:
        """Return what git clones for `owner/name`."""

    def find(self, name: str, head: str, base: str, fork: str = "") -> PullRequest | None:
        """Return the pull request of a branch: the open one, else the latest."""

    def create(self, name: str, wanted: WantedPull) -> PullRequest:
        """Open a pull request."""

    def update(
        self, name: str, found: PullRequest, wanted: WantedPull, *, fresh: bool = False
    ) -> PullRequest:
        """Make an open pull request as wanted; the reviewers of a fresh one are asked too."""

    def get(self, name: str, number: int) -> PullRequest:
        """Return a pull request as it is now."""

    def health(self, name: str, number: int) -> Health:
        """Return what reviews and checks say of a pull request."""

    def merge(self, name: str, found: PullRequest) -> None:
        """Merge a pull request, if its branch is where it was found."""

    def comment(self, name: str, number: int, text: str) -> None:
        """Say something to a pull request."""

    def close(self, name: str, found: PullRequest, comment: str) -> None:
        """Close a pull request, and say why."""

    def may_push(self, name: str) -> bool:
        """Say whether the token may push to a repository."""

    def fork(self, name: str) -> str:
        """Return `owner/name` of our fork of a repository, made where it is missing."""


class ForgeKind(NamedTuple):
    """A kind of forge, as a campaign file names it: what an entry point of `refactor.forges` is.

    Attributes:
        connect: takes the address of the forge's web pages ("" for `url`), the token of its API,
            and the seconds between two writes; may raise `RefactorError`.
        url: the address of its web pages where there is one for all; "" where the campaign file
            has to name it.
        user: the user name that goes with the token for git over HTTP.
    """

    connect: Callable[[str, str, float], Forge | None]
    url: str = ""
    user: str = "git"
