"""Where a forge shows a file's line, by the address of the repository's remote."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote

from refactor.model import Basis

_SSH = re.compile(
    r"(?:ssh://)?(?:[\w.-]+@)(?P<host>[\w.-]+)(?::\d+(?=/))?[:/]/*(?P<path>.+)", re.ASCII
)
_WEB = re.compile(
    r"(?P<scheme>https?)://(?:[^/@]*@)?(?P<host>[\w.-]+(?::\d+)?)/+(?P<path>.+)", re.ASCII
)
_PATH = re.compile(r"[\w.~-]+(?:/[\w.~-]+)+", re.ASCII)


class _Forge(NamedTuple):
    """How a kind of forge names a line.

    Attributes:
        host: what its hosts are called.
        file: a file at a commit.
        line: what follows for a line.
    """

    host: re.Pattern[str]
    file: str
    line: str = "#L{line}"


_FORGES = (
    _Forge(re.compile(r"(?:^|\.)github\."), "/blob/{commit}/{file}"),
    _Forge(re.compile(r"(?:^|[.-])gitlab\b"), "/-/blob/{commit}/{file}"),
    _Forge(re.compile(r"(?:^|[.-])(?:gitea|forgejo|codeberg)\b"), "/src/commit/{commit}/{file}"),
    _Forge(re.compile(r"^bitbucket\.org$"), "/src/{commit}/{file}", "#lines-{line}"),
)


def web_address(remote: str) -> str:
    """Return the page of a remote, without credentials; "" where it has none that is known."""
    found = _WEB.fullmatch(remote.strip()) or _SSH.fullmatch(remote.strip())
    if found is None:
        return ""
    path = found["path"].rstrip("/").removesuffix(".git")
    if not _PATH.fullmatch(path) or ".." in path.split("/"):
        return ""
    return f"{found.groupdict().get('scheme') or 'https'}://{found['host']}/{path}"


def file_link(basis: Basis, file: str, line: int = 0) -> str:
    """Return the address of a file, or of a line of it, on the repository's forge; "" for none."""
    host = basis.web.partition("://")[2].partition("/")[0].lower()
    forge = next((each for each in _FORGES if each.host.search(host)), None)
    if forge is None or not basis.commit or web_address(basis.web) != basis.web:
        return ""
    path = quote(f"{basis.within}{file}")
    place = forge.file.format(commit=quote(basis.commit), file=path)
    return basis.web + place + (forge.line.format(line=line) if line else "")
