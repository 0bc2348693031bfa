"""Reading a live cluster for a command, and telling how it went."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import click


def snapshot(context: str, kubeconfig: str, file: BinaryIO, namespaces: Sequence[str] = ()) -> Any:
    """Write a cluster's snapshot to a file; show progress on a terminal.

    Args:
        context: of the kubeconfig; "" for its own.
        kubeconfig: a file; "" for those that kubectl would read.
    """
    from refactor.inventory.live import Api, take

    watched = sys.stderr.isatty()

    def tell(resource: str, count: int) -> None:
        if watched:
            click.echo(f"\r\x1b[Kreading {resource} {count:,}", nl=False, err=True)

    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    try:
        return take(Api(context, kubeconfig), file, now=now, namespaces=namespaces, tell=tell)
    finally:
        if watched:
            click.echo("\r\x1b[K", nl=False, err=True)


def snapshot_bytes(context: str, kubeconfig: str) -> tuple[str, bytes]:
    """Return what reports call a cluster, and its snapshot."""
    import tempfile

    with tempfile.TemporaryFile() as spool:
        taken = snapshot(context, kubeconfig, spool)
        spool.seek(0)
        return f"cluster {taken.snapshot.title}", spool.read()


def report(taken: Any, path: Path | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what a snapshot holds and lacks, a line each with its style."""
    from refactor.files.disk import near

    told = ", ".join(f"{what} {count:,}" for what, count in taken.counts.items() if count)
    shot = taken.snapshot
    goal = f"{near(path)}: " if path else ""
    yield f"{goal}{shot.title} ({shot.version or 'version not told'}): {told or 'nothing'}", {}
    for lack in shot.unread:
        yield f"  not read: {lack.resource} ({lack.reason})", {"fg": "yellow"}
