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


def _tell(event: dict[str, Any]) -> None:
    """Print an event for people; those that only programs count are left out."""
    from refactor.cli.printing import show
    from refactor.report.text import ReportLine
    from refactor.report.words import count

    name = event.get("repository", "")
    match event["event"]:
        case "state":
            about = " ".join(part for part in (event["url"], event["reason"]) if part)
            style = {"failed": "remove", "needs a human": "warn", "open": "good"}
            show(
                [
                    ReportLine(
                        f"{name}: {event['state']} {about}".rstrip(), style.get(event["state"], "")
                    )
                ]
            )
        case "moved":
            show([ReportLine(f"{name}: its base has moved, planning it again", "dim")])
        case "left":
            show([ReportLine(f"{name}: not merged: {event['reason']}", "dim")])
        case "commented":
            show([ReportLine(f"{name}: commented on {event['url']}", "good")])
        case "canary":
            told = ", ".join(event["repositories"]) or "no repository has anything to do"
            show(
                [
                    ReportLine(
                        f"the canary ends here: {told}; run it without --canary to go on", "warn"
                    )
                ]
            )
        case "patch":
            show([ReportLine(f"{name}: wrote {event['file']}", "good")])
        case "unmatched":
            show([ReportLine(f"`{event['pattern']}` under `homes` matches no repository", "warn")])
        case "cycle":
            show([ReportLine(f"wait for one another: {', '.join(event['repositories'])}", "warn")])
        case "parked":
            # Rounded up: a run that comes a moment too early is one for nothing.
            minutes = -int(-event["seconds"] // 60)
            time_told = f" for {count(minutes, 'minute')}" if minutes else ""
            show([ReportLine(f"the forge is left alone{time_told}: {event['reason']}", "warn")])


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
