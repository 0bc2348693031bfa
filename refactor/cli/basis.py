"""What a plan is made from: inventories and their age, the commit, the settings."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from refactor.model import Basis, Origin
from refactor.report.forge_links import web_address


def basis(root: Path, settings: str, namespace: str, inventories: Mapping[str, Any]) -> Basis:
    """Return what a plan of a repository rests on."""
    distinct = {id(one): one for one in inventories.values()}.values()
    origins = dict.fromkeys(origin for one in distinct for origin in _origins(one))
    within, commit = _checkout(root)
    web = _web(root) if commit else ""
    return Basis(_now(), _within(root, origins), namespace, commit, settings, web, within)


def _now() -> datetime.datetime:
    """Return the time, to the second; SOURCE_DATE_EPOCH sets it for builds that must repeat."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    if fixed.isdecimal():
        return datetime.datetime.fromtimestamp(int(fixed), datetime.UTC)
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)


def _origins(inventory: Any) -> Iterator[Origin]:
    names, shots = list(inventory.digests), inventory.snapshots
    paired = len(names) == len(shots)
    for number, name in enumerate(names):
        shot = shots[number] if paired else None
        if shot is not None and shot.time is not None:
            yield Origin(name, shot.time, stated=True, namespaces=shot.namespaces)
        else:
            yield Origin(name, _written(name))


def _written(name: str) -> datetime.datetime | None:
    try:
        seconds = int(Path(name).stat().st_mtime)
    except (OSError, ValueError):
        return None
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC)


def _checkout(root: Path) -> tuple[str, str]:
    """Return where a directory lies in its repository, and the commit that is checked out."""
    within, _, commit = _asked(root, "rev-parse", "--show-prefix", "HEAD").partition("\n")
    return (within, commit.strip()) if commit.strip() != "HEAD" else ("", "")


def _web(root: Path) -> str:
    """Return the page of the remote: of origin, or of the only one."""
    said = _asked(root, "config", "--local", "--get-regexp", r"^remote\..*\.url$")
    remotes = dict(line.split(" ", 1) for line in said.splitlines() if " " in line)
    only = next(iter(remotes.values())) if len(remotes) == 1 else ""
    return web_address(remotes.get("remote.origin.url", only))


def _asked(root: Path, *question: str) -> str:
    from refactor.files.git import UnsureError, answer

    try:
        return (answer(root, *question) or b"").decode("utf-8", "replace")
    except UnsureError:
        return ""


def _within(root: Path, origins: Iterable[Origin]) -> tuple[Origin, ...]:
    """Return origins with names relative to the root, where they lie in it."""
    import msgspec

    top = root.resolve()
    return tuple(msgspec.structs.replace(one, name=_near(top, one.name)) for one in origins)


def _near(top: Path, name: str) -> str:
    path = Path(name).absolute()
    return path.relative_to(top).as_posix() if path.is_relative_to(top) else name
