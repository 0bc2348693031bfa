"""The nouns of a campaign: small immutable values, which msgspec carries between processes."""

from __future__ import annotations

from typing import Any, TypeAlias
from typing import Literal as OneOf

import msgspec

from refactor.model import MissingService, ServiceRef, Value

State: TypeAlias = OneOf[
    "new",
    "planned",
    "nothing to do",
    "needs a human",
    "pushed",
    "open",
    "changed by others",
    "merged",
    "closed",
    "failed",
]
"""Where a repository stands; `new` is one that was not looked at yet."""


class Repository(Value, frozen=True):
    """A repository of the campaign.

    Attributes:
        name: `owner/name`; what patterns match, and what reports say.
        url: what git clones.
        base: the branch to plan on; "" for the remote's own.
    """

    name: str
    url: str
    base: str = ""


class Task(Value, frozen=True):
    """What a worker is asked: to plan one repository. It holds no secret.

    Attributes:
        repository: which.
        cache: the directory of clones, on the worker's machine; "" for its own default.
        inventories: names of supplies.
        namespace: of the programs, where a manifest does not say.
        settings: laid over the repository's own, in order.
        access: URL, user and environment variable of git's password.
        reviewers: whether the owners of the changed files are wanted.
        megabytes: of files, unpacked.
        seconds: that one git command may take.
        asked: Services that other repositories lack.
        assumed: Services that other repositories make.
        known: the base commit for which a plan is kept already; it is not made again.
        recheck: whether it is made again after all where something of what is asked is there.
    """

    repository: Repository
    cache: str = ""
    inventories: tuple[str, ...] = ()
    namespace: str = ""
    settings: tuple[dict[str, Any], ...] = ()
    access: tuple[str, str, str] = ("", "", "")
    reviewers: bool = False
    megabytes: int = 1000
    seconds: float = 600
    asked: tuple[MissingService, ...] = ()
    assumed: tuple[ServiceRef, ...] = ()
    known: str = ""
    recheck: bool = False


class ChangedFile(Value, frozen=True):
    """A file as the plan leaves it.

    Attributes:
        path: its bytes, from the repository's top.
        mode: as git writes it.
        content: its bytes.
    """

    path: bytes
    mode: bytes
    content: bytes


class Result(Value, frozen=True):
    """What planning one repository gave.

    Attributes:
        name: the repository's.
        base: the branch it was planned on.
        sha: where that branch was.
        failed: why there is no plan; "" where there is one.
        transient: whether another time may bring another answer.
        unchanged: whether the base is where it was, and the plan that is kept still holds.
        files: that the plan changes or adds.
        found, edited, human: addresses found, rewritten, left for a human.
        reasons: how many addresses are left, by reason.
        report: for the pull request, in Markdown.
        human_places: the first of what needs a human, a line each.
        provides: Services that the plan makes, `namespace/name`.
        holds: those of them that its base holds already, and the inventory does not know yet.
        needs: Services of other repositories that its edits rest on.
        asks: the same, as others are asked for them.
        gives: whether something is made because others asked.
        uses: Services that its programs dial, for the map.
        owners: that the repository names for the changed files.
        notes: what a report must say.
        seconds: that planning took.
    """

    name: str
    base: str = ""
    sha: str = ""
    failed: str = ""
    transient: bool = False
    unchanged: bool = False
    files: tuple[ChangedFile, ...] = ()
    found: int = 0
    edited: int = 0
    human: int = 0
    reasons: dict[str, int] = msgspec.field(default_factory=dict)
    report: str = ""
    human_places: tuple[str, ...] = ()
    provides: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    asks: tuple[MissingService, ...] = ()
    gives: bool = False
    uses: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
