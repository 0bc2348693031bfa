"""What a campaign tells while it works, and its table: for people, and as lines for programs."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import click

_REFRESH = 2.0
"""Seconds between two looks at the state, of `status --watch`."""

_AROUND = 6
"""Lines of a terminal that the table's head and caption take."""


def listener(*, json_lines: bool) -> Callable[[dict[str, Any]], None]:
    """Return what takes a run's events, and prints them."""
    if not json_lines:
        return _tell

    def write(event: dict[str, Any]) -> None:
        import msgspec

        click.echo(msgspec.json.encode(event))

    return write


_LINES = {
    "moved": ("{repository}: its base has moved, planning it again", "dim"),
    "dashboard": ("Dask's dashboard: {url}", "dim"),
    "left": ("{repository}: not merged: {reason}", "dim"),
    "commented": ("{repository}: commented on {url}", "good"),
    "patch": ("{repository}: wrote {file}", "good"),
    "unmatched": ("`{pattern}` under `homes` matches no repository", "warn"),
}
"""Events that are told as they are, and how they look."""


def _tell(event: dict[str, Any]) -> None:
    """Print an event for people; those that only programs count are left out."""
    from refactor.cli.printing import show
    from refactor.report.text import ReportLine

    name = event["event"]
    if name in _LINES:
        text, style = _LINES[name]
        show([ReportLine(text.format(**event), style)])
    elif name in _TOLD:
        text, style = _TOLD[name](event)
        if text:
            show([ReportLine(text, style)])


def _state(event: dict[str, Any]) -> tuple[str, str]:
    about = " ".join(part for part in (event["url"], event["reason"]) if part)
    style = {"failed": "remove", "needs review": "warn", "open": "good"}
    told = f"{event['repository']}: {event['state']} {about}".rstrip()
    return told, style.get(event["state"], "")


def _verified(event: dict[str, Any]) -> tuple[str, str]:
    """Tell of names that hold; those that do not are told by the state."""
    from refactor.report.words import count

    told = f"{event['repository']}: {count(event['names'], 'Service name')}, 0 broken"
    return "" if event["broken"] else told, "good"


def _canary(event: dict[str, Any]) -> tuple[str, str]:
    told = ", ".join(event["repositories"]) or "no repository has anything to do"
    return f"the canary ends here: {told}; run it without --canary to go on", "warn"


def _cycle(event: dict[str, Any]) -> tuple[str, str]:
    return f"wait for one another: {', '.join(event['repositories'])}", "warn"


def _parked(event: dict[str, Any]) -> tuple[str, str]:
    from refactor.report.words import count

    # Rounded up: a run that comes a moment too early is one for nothing.
    minutes = -int(-event["seconds"] // 60)
    time_told = f" for {count(minutes, 'minute')}" if minutes else ""
    return f"the forge is left alone{time_told}: {event['reason']}", "warn"


_TOLD: dict[str, Callable[[dict[str, Any]], tuple[str, str]]] = {
    "state": _state,
    "verified": _verified,
    "canary": _canary,
    "cycle": _cycle,
    "parked": _parked,
}


def table(look: Callable[[], Any], *, watch: bool) -> None:
    """Print the table of a campaign."""
    from refactor.campaign import picture_text
    from refactor.campaign.extra import needed

    console = needed("rich.console").Console()
    plain = {"markup": False, "highlight": False, "soft_wrap": True, "emoji": False}
    if not watch:
        picture = look()
        console.print(picture_text.table(picture))
        for line in picture_text.links(picture):
            console.print(line, **plain)
        console.print(picture_text.caption(picture), **plain)
        return

    def now() -> Any:
        picture, most = look(), max(1, console.height - _AROUND)
        shown = picture_text.table(picture, most)
        shown.caption = needed("rich.text").Text(picture_text.caption(picture, most))
        return shown

    live = needed("rich.live").Live(now(), console=console, auto_refresh=False)
    with suppress(KeyboardInterrupt), live:
        while True:
            live.update(now(), refresh=True)
            time.sleep(_REFRESH)


def teams(picture: Any) -> None:
    """Print a campaign as a table with a row a team."""
    from refactor.campaign import picture_text
    from refactor.campaign.extra import needed

    needed("rich.console").Console().print(picture_text.teams(picture))
