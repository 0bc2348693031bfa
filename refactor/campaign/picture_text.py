"""The picture as Markdown, and as a table for terminals."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from refactor.campaign.extra import needed
from refactor.campaign.picture import STATES, Member, Picture
from refactor.report.marked import code, prose
from refactor.report.receivers import clean

if TYPE_CHECKING:
    from rich.table import Table

_COLOURS = {
    "failed": "red",
    "needs a human": "yellow",
    "changed by others": "magenta",
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
        "| repository | changed | left | pull request | why |",
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
    lines = ["", "## Services that nobody makes", ""]
    lines += ["| Service | needed by |", "| --- | --- |"]
    for service, names in sorted(needed.items(), key=lambda item: (-len(item[1]), item[0])):
        more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
        lines.append(f"| {code(service)} | {', '.join(map(code, names[:_NAMES]))}{more} |")
    return lines


def headline(picture: Picture) -> str:
    """Return a picture in one line."""
    return (
        f"{len(picture.members)} repositories, {picture.found} addresses found, "
        f"{picture.edited} changed, {picture.human} left for a human"
    )


def table(picture: Picture, most: int | None = None) -> Table:
    """Return a picture as a table for a terminal.

    Args:
        picture: the campaign.
        most: rows; what needs a human comes first. Default: all.
    """
    shown: Any = needed("rich.table").Table(title=None, box=None, pad_edge=False, expand=True)
    for name, options in (
        ("repository", {"max_width": 44, "overflow": "fold"}),
        ("state", {"no_wrap": True}),
        ("changed", {"justify": "right"}),
        ("left", {"justify": "right"}),
        ("pull request or reason", {"ratio": 1, "overflow": "fold"}),
    ):
        shown.add_column(name, **options)
    text = needed("rich.text").Text
    ranks = {state: rank for rank, state in enumerate(STATES)}
    members = sorted(picture.members, key=lambda m: (ranks.get(m.state, 0), m.name))
    for member in members[:most]:
        about = " ".join(part for part in (member.pull, member.reason) if part)
        shown.add_row(
            text(clean(member.name)),
            text(member.state, style=_COLOURS.get(member.state, "")),
            str(member.edited),
            str(member.human),
            text(clean(about)),
        )
    counts = ", ".join(f"{count} {state}" for state, count in picture.states.items())
    left = len(members) - len(members[:most])
    more = f"{left} more; " if left else ""
    shown.caption = text(f"{more}{headline(picture)}\n{counts}")
    result: Table = shown
    return result
