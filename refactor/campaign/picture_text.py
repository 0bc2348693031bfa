"""The picture as Markdown, and as a table for terminals."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from refactor.campaign.extra import needed
from refactor.campaign.picture import STATES, Member, Picture
from refactor.report.marked import code, prose
from refactor.report.receivers import clean

if TYPE_CHECKING:
    from rich.table import Table

_COLOURS = {
    "failed": "red",
    "needs review": "yellow",
    "modified by others": "magenta",
    "open": "green",
    "pushed": "cyan",
    "merged": "blue",
}
_ROWS = 200
"""Repositories of each state that Markdown shows one by one."""
_NAMES = 12
"""Repositories that it names in one cell."""


def markdown(picture: Picture) -> str:
    """Return a picture as GitHub Flavored Markdown."""
    lines = [f"# Campaign {prose(picture.campaign)}", "", headline(picture) + ".", ""]
    lines += ["| state | repositories |", "| --- | ---: |"]
    lines += [f"| {state} | {count} |" for state, count in picture.states.items()]
    for cycle in picture.cycles:
        lines += ["", f"**Wait for one another:** {', '.join(map(code, cycle))}."]
    for state in STATES:
        lines += _section(state, [m for m in picture.members if m.state == state])
    lines += _unmet(picture)
    return "\n".join(lines) + "\n"


def _section(state: str, members: list[Member]) -> list[str]:
    if not members:
        return []
    lines = ["", f"## {state.capitalize()}", ""]
    lines += [
        "| repository | to change | needs review | pull request | why |",
        "| --- | ---: | ---: | --- | --- |",
    ]
    for member in members[:_ROWS]:
        pull = f"<{member.pull}>" if member.pull else ""
        cells = (code(member.name), member.edited, member.human, pull, prose(member.reason))
        lines.append(f"| {' | '.join(map(str, cells))} |")
    if len(members) > _ROWS:
        lines += ["", f"{len(members) - _ROWS} more."]
    return lines


def _unmet(picture: Picture) -> list[str]:
    """Return the Services that no repository makes: one thing to do, many repositories."""
    needed: defaultdict[str, list[str]] = defaultdict(list)
    for name, services in picture.unmet.items():
        for service in services:
            needed[service].append(name)
    if not needed:
        return []
    lines = ["", "## Services that no repository makes", ""]
    lines += ["| Service | needed by |", "| --- | --- |"]
    for service, names in sorted(needed.items(), key=lambda item: (-len(item[1]), item[0])):
        more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
        lines.append(f"| {code(service)} | {', '.join(map(code, names[:_NAMES]))}{more} |")
    return lines


def headline(picture: Picture) -> str:
    """Return a picture in one line."""
    return (
        f"{len(picture.members)} repositories, {picture.found} addresses found, "
        f"{picture.edited} to change, {picture.human} need review"
    )


def table(picture: Picture, most: int | None = None) -> Table:
    """Return a picture as a table for a terminal of 80 columns and more.

    Each repository has a row, and below it, where there is something to say, its pull request on a
    line of its own, whole, so that it can be clicked.
    """
    shown: Any = needed("rich.table").Table(title=None, box=None, pad_edge=False, expand=False)
    for name, options in (
        ("repository", {"overflow": "fold", "max_width": 34}),
        ("state", {"no_wrap": True}),
        ("changed", {"justify": "right"}),
        ("to review", {"justify": "right"}),
        ("review", {"no_wrap": True}),
        ("checks", {"no_wrap": True}),
        ("age", {"justify": "right"}),
    ):
        shown.add_column(name, **options)
    text = needed("rich.text").Text
    members = _ranked(picture)
    for member in members[:most]:
        shown.add_row(
            text(clean(member.name)),
            text(member.state, style=_COLOURS.get(member.state, "")),
            str(member.edited),
            str(member.human),
            text(_SHORT.get(member.review, member.review)),
            text("conflict" if member.mergeable == "conflict" else member.checks),
            _age(member.opened, picture.at) if member.pull else "",
        )
    result: Table = shown
    return result


def links(picture: Picture, most: int | None = None) -> list[str]:
    """Return a line for each pull request and each reason, in the order of the table."""
    told = []
    for member in _ranked(picture)[:most]:
        if member.pull or member.reason:
            told.append(f"{clean(member.name)}: {clean(member.pull or member.state)}")
        if member.reason:
            told.append(f"  {clean(member.reason)}")
    return told


def caption(picture: Picture, most: int | None = None) -> str:
    """Return what stands below the table."""
    counts = ", ".join(f"{count} {state}" for state, count in picture.states.items())
    left = len(picture.members) - len(picture.members[:most])
    more = f"{left} more; " if left else ""
    asked = max((member.refreshed for member in picture.members), default="")
    fresh = f"\nreviews and checks as of {asked}" if asked else ""
    return f"{more}{headline(picture)}\n{counts}{fresh}"


_SHORT = {"changes asked for": "changes"}


def _ranked(picture: Picture) -> list[Member]:
    ranks = {state: rank for rank, state in enumerate(STATES)}
    return sorted(picture.members, key=lambda m: (ranks.get(m.state, 0), m.name))


def _age(opened: str, now: str) -> str:
    """Return how long a pull request is open, in its largest unit."""
    if not opened:
        return ""
    seconds = (datetime.fromisoformat(now) - datetime.fromisoformat(opened)).total_seconds()
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return "now"


def teams(picture: Picture) -> Table:
    """Return a table with a row for each owner that CODEOWNERS names, of where its work stands."""
    states = [state for state in STATES if state in picture.states]
    rows: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for member in picture.members:
        for owner in member.owners or ("no owner",):
            rows[owner][member.state] += 1
            rows[owner]["need review"] += member.human
    shown: Any = needed("rich.table").Table(title=None, box=None, pad_edge=False)
    shown.add_column("team", overflow="fold")
    for state in (*states, "need review"):
        shown.add_column(state, justify="right")
    text = needed("rich.text").Text
    for owner in sorted(rows, key=lambda name: (name == "no owner", name)):
        counts = rows[owner]
        shown.add_row(
            text(clean(owner)), *(str(counts[state] or "") for state in (*states, "need review"))
        )
    result: Table = shown
    return result
