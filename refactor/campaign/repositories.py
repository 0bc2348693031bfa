"""Which repositories a campaign is for: by hand, from a file, from a forge."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from refactor.campaign.forge.base import Forge
from refactor.campaign.load import Loaded, url_fault
from refactor.campaign.retries import Steady
from refactor.campaign.spec import Group, Home, Listed
from refactor.campaign.values import Repository
from refactor.errors import RefactorError
from refactor.files.names import stays_inside


def choose(
    loaded: Loaded, forge: Steady | None, stdin: Callable[[], str] | None = None
) -> list[Repository]:
    """Return the repositories of a campaign, by name, each once.

    Args:
        forge: of the campaign; None for none.
    """
    chosen = loaded.campaign.repositories
    found: dict[str, Repository] = {}
    for repository in _all(loaded, forge, stdin or sys.stdin.read):
        if any(fnmatchcase(repository.name, glob) for glob in chosen.exclude):
            continue
        other = found.setdefault(repository.name, repository)
        if _place(other.url) != _place(repository.url):
            message = f"{other.url} and {repository.url} are both called {other.name}"
            raise RefactorError(message, where=str(loaded.path))
    if not found:
        message = "no repository is left to work on"
        raise RefactorError(message, where=str(loaded.path), remedy="check its filters")
    return [found[name] for name in sorted(found)]


def _all(loaded: Loaded, steady: Steady | None, stdin: Callable[[], str]) -> Iterator[Repository]:
    chosen, forge = loaded.campaign.repositories, steady.forge if steady else None
    for item in chosen.list:
        listed = Listed(item) if isinstance(item, str) else item
        yield repository(listed.url, listed.base, forge)
    if chosen.file:
        yield from _of_file(loaded, forge, stdin)
    for group in chosen.groups:
        if steady is not None:
            yield from steady.ask(partial(_listed, group=group))


def _listed(forge: Forge, group: Group) -> list[Repository]:
    found = list(forge.repositories(group))
    for one in found:
        given_name(one.name)
    if not group.search:
        return found
    holds = forge.search(group.search, group.name)
    return [repository for repository in found if repository.name in holds]


def given_name(name: str) -> str:
    """Return a repository's name that a forge gave: of a listing, or of a fork."""
    if not stays_inside(name) or not name.isprintable() or " " in name:
        message = "the forge returned an invalid repository name"
        raise RefactorError(message, where=repr(name))
    return name


def _of_file(loaded: Loaded, forge: Forge | None, stdin: Callable[[], str]) -> Iterator[Repository]:
    name = loaded.campaign.repositories.file
    path = loaded.path.parent / name
    try:
        text = stdin() if name == "-" else path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not valid UTF-8"
        message = f"the list of repositories cannot be read: {why}"
        raise RefactorError(message, where=str(path)) from error
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        problem = url_fault(words[0]) or (
            "holds more than a URL and a base" if len(words) > 2 else ""
        )
        if problem:
            where = "standard input" if name == "-" else str(path)
            raise RefactorError(problem, where=f"{where}:{number}")
        yield repository(words[0], words[1] if len(words) > 1 else "", forge)


def repository(url: str, base: str, forge: Forge | None) -> Repository:
    """Return a repository by its address, or by its short name on the forge."""
    if forge is not None and (name := _on(forge, url)):
        return Repository(name, url, base)
    path = Path(url).expanduser()
    short = url.count("/") >= 1 and "://" not in url and ":" not in url and not path.is_absolute()
    if short and forge is not None and not url.startswith((".", "~")):
        name = url.rstrip("/").removesuffix(".git")
        return Repository(name, forge.clone_url(name), base)
    if "://" not in url and ":" not in url:
        url = str(path.absolute())
    return Repository(name_of(url), url, base)


def _on(forge: Forge, url: str) -> str:
    """Return `owner/name` of an address of the forge's own, which may lie below a path; else ""."""
    top = forge.clone_url("").removesuffix(".git")
    return url.removeprefix(top).rstrip("/").removesuffix(".git") if url.startswith(top) else ""


def _place(url: str) -> tuple[str, str]:
    """Return host and path of an address: the same however git gets there."""
    parts = urlsplit(url)
    host, path = (parts.hostname or "", parts.path) if "://" in url else ("", url)
    if not host and not url.startswith("/"):
        host, _, path = url.rpartition("@")[2].partition(":")
    return host.lower(), path.strip("/").removesuffix(".git")


def name_of(url: str) -> str:
    """Return `owner/name` of an address: all of its path on a server, two parts on a disk."""
    if "://" in url:
        parts = urlsplit(url)
        path, local = parts.path, parts.scheme == "file"
    else:
        # git's short form of SSH: `git@host:owner/name.git`.
        local = url.startswith("/")
        path = url if local else url.partition(":")[2]
    names = [name for name in path.removesuffix("/").removesuffix(".git").split("/") if name]
    return "/".join(names[-2:] if local else names) or url


def unmatched(globs: Iterable[str], names: Sequence[str]) -> str:
    """Say which pattern matches no repository; "" where each matches one."""
    for glob in globs:
        if not any(fnmatchcase(name, glob) for name in names):
            near = get_close_matches(glob, names, n=1)
            mean = f"; did you mean `{near[0]}`?" if near else ""
            return f"`{glob}` matches no repository of the campaign{mean}"
    return ""


def home_of(homes: tuple[Home, ...], name: str) -> Home:
    """Return what a repository runs against: the first whose pattern matches, else nothing."""
    for home in homes:
        if any(fnmatchcase(name, glob) for glob in home.repositories):
            return home
    return Home()


def lets_through(
    group: Group, repository: str, topics: list[str], language: str, *, archived: bool, fork: bool
) -> bool:
    """Say whether a group's filters let a repository of the forge through."""
    return (
        (group.archived or not archived)
        and (group.forks or not fork)
        and (not group.names or any(fnmatchcase(repository, glob) for glob in group.names))
        and (not group.topics or bool({*group.topics} & {*topics}))
        and (not group.languages or language.lower() in {n.lower() for n in group.languages})
    )
