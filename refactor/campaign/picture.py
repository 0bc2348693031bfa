"""One picture of a campaign: who stands where, what needs review, who dials whom."""

from __future__ import annotations

import time
from collections import Counter, defaultdict

from refactor.campaign.dependencies import links_of
from refactor.campaign.load import Loaded
from refactor.campaign.order import order
from refactor.campaign.rows import RepositoryRow
from refactor.campaign.state import States
from refactor.campaign.values import Result
from refactor.model import Value


class Member(Value, frozen=True, omit_defaults=False):
    """A repository in the picture.

    Attributes:
        name, url: the repository's.
        state, reason: where it stands, and why.
        since: when it came to stand there, ISO 8601.
        pull: its pull request's address.
        branch: ours.
        found, edited, human: addresses found, rewritten, left for review.
        places: the first of what needs review.
        waits_for: repositories whose Services it needs.
        provides, uses: Services that it makes, and that its programs dial.
        notes: what a report must say.
        review, checks, mergeable: what the forge said of the pull request, `refreshed` when.
        opened: when we opened it, ISO 8601; "" for never.
        failure: why the last try failed.
        owners: of the changed files, by CODEOWNERS.
    """

    name: str
    url: str
    state: str
    reason: str
    since: str
    pull: str = ""
    branch: str = ""
    found: int = 0
    edited: int = 0
    human: int = 0
    places: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()
    provides: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    review: str = ""
    checks: str = ""
    mergeable: str = ""
    refreshed: str = ""
    opened: str = ""
    failure: str = ""
    owners: tuple[str, ...] = ()


class StateChange(Value, frozen=True, omit_defaults=False):
    """A repository came to stand somewhere, at a time in ISO 8601."""

    at: str
    name: str
    state: str
    reason: str


class Picture(Value, frozen=True, omit_defaults=False):
    """A campaign at one moment.

    Attributes:
        campaign: its name.
        at: when, ISO 8601.
        states: how many repositories stand where.
        found, edited, human: addresses of all repositories.
        reasons: addresses that are left, by reason.
        members: the repositories, by name.
        services: who dials a Service, by its name, the most dialled first.
        cycles: repositories that wait for one another.
        unmet: Services that are needed and that no repository makes, by repository.
        latest: the last transitions, the newest first.
    """

    campaign: str
    at: str
    states: dict[str, int]
    found: int
    edited: int
    human: int
    reasons: dict[str, int]
    members: tuple[Member, ...]
    services: dict[str, tuple[str, ...]]
    cycles: tuple[tuple[str, ...], ...] = ()
    unmet: dict[str, tuple[str, ...]] = {}  # noqa: RUF012 - msgspec copies it
    latest: tuple[StateChange, ...] = ()


_LATEST = 25
"""Transitions that the picture shows."""

STATES = (
    *("failed", "needs review", "modified by others", "planned", "pushed", "open"),
    *("closed", "merged", "nothing to do", "new"),
)
"""Every state, in the order in which a person wants to read them."""


def picture(loaded: Loaded, states: States) -> Picture:
    """Return a campaign as its state file has it."""
    rows = [row for row in states.rows() if row.selected]
    found = order(links_of(loaded.campaign, states).asks())
    outlines = states.outlines()
    results = {row.name: outlines.get(row.name) or Result(row.name) for row in rows}
    waits = {name: {wait.provider for wait in of} for name, of in found.waits.items()}
    members = tuple(_member(row, results[row.name], waits.get(row.name, set())) for row in rows)
    reasons: Counter[str] = Counter()
    for result in results.values():
        reasons.update(result.reasons)
    counts = states.counts()
    return Picture(
        campaign=loaded.campaign.name,
        at=moment(time.time()),
        states={state: counts[state] for state in STATES if state in counts},
        found=sum(member.found for member in members),
        edited=sum(member.edited for member in members),
        human=sum(member.human for member in members),
        reasons=dict(reasons.most_common()),
        members=members,
        services=_services(members),
        cycles=found.cycles,
        unmet={
            name: tuple(service.rpartition("\t")[2] for service in of)
            for name, of in found.unmet.items()
        },
        latest=tuple(
            StateChange(moment(change.at), change.name, change.state, change.reason)
            for change in states.latest(_LATEST)
        ),
    )


def moment(seconds: float) -> str:
    """Return a time, in seconds since 1970, as ISO 8601."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def _member(row: RepositoryRow, result: Result, waits: set[str]) -> Member:
    return Member(
        name=row.name,
        url=row.url,
        state=row.shown,
        reason=row.why,
        since=moment(row.since),
        pull=row.pull,
        branch=row.branch,
        found=result.found,
        edited=result.edited,
        human=result.human,
        places=result.human_places,
        waits_for=tuple(sorted(waits)),
        provides=result.provides,
        uses=result.uses,
        notes=result.notes,
        review=row.review,
        checks=row.checks,
        mergeable=row.mergeable,
        refreshed=moment(row.refreshed) if row.refreshed else "",
        opened=moment(row.opened) if row.opened else "",
        failure=row.failure,
        owners=result.owners,
    )


def _services(members: tuple[Member, ...]) -> dict[str, tuple[str, ...]]:
    dialled: defaultdict[str, list[str]] = defaultdict(list)
    for member in members:
        for service in member.uses:
            dialled[service].append(member.name)
    most = sorted(dialled.items(), key=lambda item: (-len(item[1]), item[0]))
    return {service: tuple(names) for service, names in most}
