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
    "needs review",
    "pushed",
    "open",
    "modified by others",
    "merged",
    "closed",
]
"""Where a repository stands; `new` is one that has not been planned yet."""

Shown: TypeAlias = State | OneOf["failed"]
"""The same as people read it; a failure is kept beside the state."""


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
        megabytes: of files, unpacked.
        seconds: that one git command may take.
        asked: Services that other repositories lack.
        assumed: Services that other repositories make.
        known: the base commit for which a plan is kept already; it is not made again.
        recheck: whether it is made again after all where something of what is asked is there.
        verify: whether the Service names of the base are checked, and nothing is planned.
        mend: whether names that do not hold are mended where that is certain.
    """

    repository: Repository
    cache: str = ""
    inventories: tuple[str, ...] = ()
    namespace: str = ""
    settings: tuple[dict[str, Any], ...] = ()
    access: tuple[str, str, str] = ("", "", "")
    megabytes: int = 1000
    seconds: float = 600
    asked: tuple[MissingService, ...] = ()
    assumed: tuple[ServiceRef, ...] = ()
    known: str = ""
    recheck: bool = False
    verify: bool = False
    mend: bool = False


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


class Added(Value, frozen=True):
    """A Service that a plan makes, or gives a port.

    Attributes:
        service: `namespace/name`.
        ports: that clients may dial from now on.
        extends: whether the Service is there and gains ports.
        workload: whose pods it selects, `Kind namespace/name`.
    """

    service: str
    ports: tuple[int, ...] = ()
    extends: bool = False
    workload: str = ""


class Result(Value, frozen=True):
    """What planning one repository gave.

    Attributes:
        name: the repository's.
        base: the branch it was planned on.
        sha: where that branch was.
        failed: why there is no plan; "" where there is one.
        transient: whether another time may bring another answer.
        refused: whether the server refused what git presented, which is about every repository.
        unchanged: whether the base is where it was, and the plan that is kept still holds.
        files: that the plan changes or adds.
        changes: how many they are, where they are left out.
        found, edited, human: addresses found, rewritten, left for review.
        reasons: how many addresses are left, by reason.
        report: for the pull request, in Markdown.
        human_places: the first of what needs review, a line each.
        provides: Services that the plan makes, `namespace/name`.
        adds: the same, with their ports.
        withheld: Services that were asked for and cannot be made here, by name, and why.
        holds: those of them that its base holds already, and the inventory does not know yet.
        needs: Services of other repositories that its edits rest on.
        asks: the same, as others are asked for them.
        gives: whether something is made because others asked.
        uses: Services that its programs dial, for the map.
        owners: that the repository names for the changed files.
        notes: what a report must say.
        names: how many Service names were checked.
        broken: those of them that do not hold, a line each.
        seconds: that planning took.
    """

    name: str
    base: str = ""
    sha: str = ""
    failed: str = ""
    transient: bool = False
    refused: bool = False
    unchanged: bool = False
    files: tuple[ChangedFile, ...] = ()
    changes: int = 0
    found: int = 0
    edited: int = 0
    human: int = 0
    reasons: dict[str, int] = msgspec.field(default_factory=dict)
    report: str = ""
    human_places: tuple[str, ...] = ()
    provides: tuple[str, ...] = ()
    adds: tuple[Added, ...] = ()
    withheld: dict[str, str] = msgspec.field(default_factory=dict)
    holds: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    asks: tuple[MissingService, ...] = ()
    gives: bool = False
    uses: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    names: int = 0
    broken: tuple[str, ...] = ()
    seconds: float = 0.0
