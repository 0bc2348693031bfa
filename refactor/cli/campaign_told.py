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
    """Return what takes a run's events, and prints them.

    Args:
        json_lines: whether each becomes a line of JSON; else a line for people, where it is news.
    """
    if not json_lines:
        return _tell

    def write(event: dict[str, Any]) -> None:
        import msgspec

        click.echo(msgspec.json.encode(event))

    return write


def _tell(event: dict[str, Any]) -> None:
    """Print an event for people; those that only programs count are left out."""
    from refactor.cli.printing import show
    from refactor.report.text import Line
    from refactor.report.words import count

    name = event.get("repository", "")
    match event["event"]:
        case "state":
            about = " ".join(part for part in (event["url"], event["reason"]) if part)
            style = {"failed": "remove", "needs a human": "warn", "open": "good"}
            show(
                [Line(f"{name}: {event['state']} {about}".rstrip(), style.get(event["state"], ""))]
            )
        case "moved":
            show([Line(f"{name}: its base has moved, planning it again", "dim")])
        case "patch":
            show([Line(f"{name}: wrote {event['file']}", "good")])
        case "unmatched":
            show([Line(f"`{event['pattern']}` under `homes` matches no repository", "warn")])
        case "cycle":
            show([Line(f"wait for one another: {', '.join(event['repositories'])}", "warn")])
        case "parked":
            # Rounded up: a run that comes a moment too early is one for nothing.
            minutes = -int(-event["seconds"] // 60)
            time_told = f" for {count(minutes, 'minute')}" if minutes else ""
            show([Line(f"the forge is left alone{time_told}: {event['reason']}", "warn")])


def table(look: Callable[[], Any], *, watch: bool) -> None:
    """Print the table of a campaign.

    Args:
        look: gives its picture.
        watch: whether it is kept up to date until it is stopped by hand.
    """
    from refactor.campaign import picture_text
    from refactor.campaign.extra import needed

    console = needed("rich.console").Console()
    if not watch:
        console.print(picture_text.table(look()))
        return

    def now() -> Any:
        return picture_text.table(look(), max(1, console.height - _AROUND))

    live = needed("rich.live").Live(now(), console=console, auto_refresh=False)
    with suppress(KeyboardInterrupt), live:
        while True:
            live.update(now(), refresh=True)
            time.sleep(_REFRESH)
