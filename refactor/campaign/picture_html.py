"""The picture as one page: progress, states, what needs review, the map of services."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from refactor.campaign.map import draw, fold
from refactor.campaign.picture import STATES, Member, Picture
from refactor.report.page import page

_HUMAN = ("failed", "modified by others", "needs review")
_ENDED = ("merged", "closed", "nothing to do")


def html(picture: Picture) -> str:
    """Return a campaign's picture as a page that needs nothing else."""
    made = {service: member.name for member in picture.members for service in member.provides}
    return page(
        "campaign.html",
        ["report.css", "campaign.css"],
        ["campaign.js"],
        picture=picture,
        total=len(picture.members),
        ended=sum(picture.states.get(state, 0) for state in _ENDED),
        bars=_bars(picture),
        human=_human(picture.members),
        waiting=[member for member in picture.members if member.waits_for],
        drawing=draw(fold(picture.services), made),
        services=_services(picture, made),
        members=sorted(picture.members, key=_rank),
        slug=slug,
    )


def slug(state: str) -> str:
    """Return a state as a class of the page's style."""
    return state.replace(" ", "-")


def _rank(member: Member) -> tuple[int, str]:
    return STATES.index(member.state), member.name


def _bars(picture: Picture) -> list[tuple[str, int, float]]:
    """Return states with their numbers and their share of a bar, in percent: done comes first."""
    order = ("merged", "nothing to do", "closed", "open", "pushed", "planned", "new", *_HUMAN[::-1])
    total = max(1, len(picture.members))
    counts = picture.states
    return [(s, counts[s], 100 * counts[s] / total) for s in order if counts.get(s)]


def _human(members: Sequence[Member]) -> list[tuple[str, str, list[Member]]]:
    """Return what waits for a person, by state and reason: one thing to do, many repositories."""
    groups: defaultdict[tuple[str, str], list[Member]] = defaultdict(list)
    for member in members:
        if member.state in _HUMAN:
            groups[member.state, _kind(member)].append(member)
    ordered = sorted(groups.items(), key=lambda item: (_HUMAN.index(item[0][0]), -len(item[1])))
    return [(state, kind, found) for (state, kind), found in ordered]


def _kind(member: Member) -> str:
    """Return a reason without what differs from one repository to the next."""
    if member.state == "needs review":
        return ", ".join(sorted(part.partition(" ")[2] for part in member.reason.split(", ")))
    return member.reason.replace(member.url, "URL").replace(member.name, "it")


def _services(picture: Picture, made: Mapping[str, str]) -> list[dict[str, Any]]:
    missing = {service for of in picture.unmet.values() for service in of}
    names = dict.fromkeys((*picture.services, *made, *sorted(missing)))
    return [
        {
            "name": name,
            "callers": picture.services.get(name, ()),
            "made": made.get(name, ""),
            "missing": name in missing,
        }
        for name in names
    ]
