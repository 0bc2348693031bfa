"""Which pull request is the one, what one can do without, and waiting for a forge's own work."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Literal as OneOf
from typing import Protocol

from refactor.campaign.forge.base import ForgeError, PullRequest, WantedPull

PAUSE = 1.0
"""Seconds between two looks at what a forge does in its own time."""


_ADDRESS = re.compile(r"https?://[!#$%&'+,./0-9:;=?@A-Z_a-z~()*\[\]-]{1,2000}", re.IGNORECASE)


def page(url: object) -> str:
    """Return the address of a pull request as a forge told it; "" for what is no such address."""
    return url if isinstance(url, str) and _ADDRESS.fullmatch(url) else ""


def state_of(*, merged: bool, opened: bool) -> OneOf["open", "merged", "closed"]:
    """Return how a pull request stands."""
    if merged:
        return "merged"
    return "open" if opened else "closed"


def chosen(candidates: Iterable[PullRequest], base: str) -> PullRequest | None:
    """Return the open pull request, else the latest to the wanted base.

    An open one whose base a person has changed counts too: no second one is opened.
    """
    found = list(candidates)
    same = [pull for pull in found if pull.base == base]
    opened = [pull for pull in found if pull.state == "open"]
    for pulls in ([p for p in same if p.state == "open"], opened, same):
        if pulls:
            return max(pulls, key=lambda pull: pull.number)
    return None


class _Finds(Protocol):
    """The part of a forge that is needed to bring another pull request up to date."""

    def find(self, name: str, head: str, base: str, fork: str = "") -> PullRequest | None:
        """Find it."""

    def update(
        self, name: str, found: PullRequest, wanted: WantedPull, *, fresh: bool = False
    ) -> PullRequest:
        """Update it."""


def instead(forge: _Finds, name: str, wanted: WantedPull, error: ForgeError) -> PullRequest:
    """Return the open pull request that kept another from being made, brought up to date.

    It was made a moment ago, by a run that died or over a connection that broke off, and the list
    did not have it yet.
    """
    if error.status not in (409, 422):
        raise error
    found = forge.find(name, wanted.head, wanted.base, wanted.fork)
    if found is None or found.state != "open":
        raise error
    return forge.update(name, found, wanted, fresh=True)


@contextmanager
def optional(notes: list[str], what: str, *, once: bool = False) -> Iterator[None]:
    """Note a part of a pull request that the forge refuses; the rest is kept."""
    try:
        yield
    except ForgeError as error:
        if error.wait is not None and not once:
            raise
        notes.append(f"{what}: {error.message}")


def until(ready: Callable[[], bool], looks: int) -> bool:
    """Look so many times whether a forge is ready, and say whether it is."""
    for look in range(looks):
        if look:
            time.sleep(PAUSE)
        if ready():
            return True
    return False
