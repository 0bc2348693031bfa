"""What a Service that is gone is called now, by the repository's own history."""

from __future__ import annotations

import re
import time
from collections.abc import Container, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from refactor.files.git import UnsureError, answer
from refactor.verify.model import Verified

_MOST = 20
"""Names that git is asked about in one run."""
_SECONDS = 10.0
"""That git may take for all of them: what history shows is a help, and no more."""
_LOG = ("log", "--max-count=1", "--format=%x00%h", "--patch", "--unified=3", "--find-renames")
_PLAIN = ("--no-color", "--no-ext-diff", "--no-textconv", "--pickaxe-regex")
_NAME = r"""^[ +-] *"?name"? *: *["']?{}["']?,? *\r?$"""
_LABEL = "([a-z][a-z0-9-]*)"


class Renamed(NamedTuple):
    """What a name has become, and the commit that says so."""

    now: str
    commit: str


def with_history(
    root: Path, names: Iterable[Verified], known: Container[str]
) -> tuple[Verified, ...]:
    """Return verdicts whose missing Services are told by their new names, where git knows them."""
    listed = tuple(names)
    gone = dict.fromkeys(_gone(listed))
    if not gone:
        return listed
    found = dict(_found(root, [*gone][:_MOST], known))
    return tuple(_told(one, found) for one in listed)


def _gone(names: Iterable[Verified]) -> Iterator[str]:
    for one in names:
        if one.verdict == "no-such-service":
            yield _first(one)


def _first(one: Verified) -> str:
    return one.finding.host.partition(".")[0].lower()


def _told(one: Verified, found: dict[str, Renamed]) -> Verified:
    renamed = found.get(_first(one)) if one.verdict == "no-such-service" else None
    if renamed is None:
        return one
    why = f"{one.why}; commit {renamed.commit} renamed it to {renamed.now}"
    return msgspec.structs.replace(one, why=why, remedy=f"write {renamed.now}")


def _found(
    root: Path, names: Iterable[str], known: Container[str]
) -> Iterator[tuple[str, Renamed]]:
    end = time.monotonic() + _SECONDS
    for name in names:
        left = end - time.monotonic()
        if left > 0 and (one := renamed(root, name, known, left)):
            yield name, one


def renamed(root: Path, name: str, known: Container[str], seconds: float) -> Renamed | None:
    """Return what the last commit that took a name away put in its place, if that still exists."""
    asked = rf"name\"? *: *[\"']?{re.escape(name)}[\"']?,? *$"
    try:
        told = answer(root, *_LOG, *_PLAIN, f"-S{asked}", "HEAD", "--", seconds=seconds)
    except UnsureError:
        return None
    if not told or not told.startswith(b"\0"):
        return None
    head, _, patch = told[1:].decode("utf-8", "replace").partition("\n")
    for hunk in re.split(r"^@@.*$", patch, flags=re.MULTILINE)[1:]:
        now = _in_place_of(name, hunk.split("\n"))
        if now and now in known:
            return Renamed(now, head)
    return None


def _in_place_of(name: str, lines: list[str]) -> str:
    """Return the name that a hunk has in the place of another one; "" for none."""
    gone = re.compile(_NAME.format(re.escape(name)))
    new = re.compile(_NAME.format(_LABEL))
    at = next((i for i, text in enumerate(lines) if text.startswith("-") and gone.match(text)), -1)
    added = [match[1] for text in lines[at:] if text.startswith("+") and (match := new.match(text))]
    return added[0] if at >= 0 and added else ""
