"""The campaign file to its types: every fault with its line, before anything is done."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import msgspec

from refactor.campaign.forge import FORGES, kind_of
from refactor.campaign.spec import Campaign, Home
from refactor.campaign.template import SAMPLE, fault, render
from refactor.settings.check import checked
from refactor.settings.document import Place, SettingsDocument
from refactor.settings.read import read_named
from refactor.settings.typed import convert
from refactor.settings.types import Settings
from refactor.text.dns import is_label

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?")
# By git-check-ref-format(1); what a repository's own values make of it is looked at then.
_NO_BRANCH = re.compile(r"[\0-\x20~^:?*\[\\\x7f]|\.\.|@\{|//|/\.|^[-/.]|[/.]$|\.lock(?:/|$)|^@$")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# What git, curl and ssh take for a scheme, and for the part with user and host (RFC 3986, 3.2);
# a backslash or one slash is a slip, with the same secret in it.
_AUTHORITY = re.compile(r"([a-z][a-z0-9+.-]*):[/\\]+([^/\\?#]*)", re.IGNORECASE)
_SCP_PASSWORD = re.compile(r"[^/@:]+:[^/@]*@")

_Fault = tuple[Place, str]


class Loaded(NamedTuple):
    """A campaign file, read.

    Attributes:
        path: of the file, absolute.
        campaign: what it says.
    """

    path: Path
    campaign: Campaign

    def beside(self, suffix: str) -> Path:
        """Return the path of a file that lies beside the campaign file."""
        return self.path.with_name(self.path.stem + suffix)


def load(path: Path) -> Loaded:
    """Read a campaign file."""
    document = read_named(path)
    campaign = convert(document, Campaign)
    for place, message in _faults(campaign):
        document.refuse(place, message)
    _check_settings(document, ("settings",), campaign.settings, path.parent)
    for index, home in enumerate(campaign.homes):
        _check_settings(document, ("homes", index, "settings"), home.settings, path.parent)
        _check_inventories(document, index, home, path.parent)
    return Loaded(path.absolute(), campaign)


def overridden(settings: Settings, *layers: Mapping[str, Any]) -> Settings:
    """Return settings with others laid over them, the last one winning."""
    for layer in layers:
        given = msgspec.convert(dict(layer), Settings)
        names = {field.encode_name: field.name for field in msgspec.structs.fields(Settings)}
        changes = {names[key]: getattr(given, names[key]) for key in layer}
        settings = msgspec.structs.replace(settings, **changes)
    return settings


def _check_settings(
    document: SettingsDocument, place: Place, given: Mapping[str, Any], root: Path
) -> None:
    """Check settings by the rules of a repository's own."""
    if "inventories" in given:
        document.refuse(
            (*place, "inventories"), "inventories go by repository", "name them under `homes`"
        )
    lines = document.line_of
    checked(SettingsDocument(document.file, given, lambda inner: lines((*place, *inner))), root)


def _check_inventories(document: SettingsDocument, index: int, home: Home, root: Path) -> None:
    for number, name in enumerate(home.inventories):
        if not (root / name).exists():
            document.refuse(("homes", index, "inventories", number), f"`{name}` does not exist")


def _faults(campaign: Campaign) -> Iterator[_Fault]:
    """Name everything that is of its type and still makes no sense."""
    if not _NAME.fullmatch(campaign.name):
        yield (
            ("name",),
            f"`{campaign.name}` is not a valid name: use lower-case letters, digits, `.`, `_`, `-`",
        )
    yield from _repositories(campaign)
    yield from _forge(campaign)
    yield from _templates(campaign)
    for index, home in enumerate(campaign.homes):
        if home.namespace and not is_label(home.namespace):
            yield ("homes", index, "namespace"), f"`{home.namespace}` is not a namespace"
    for name in ("open", "per_hour", "pause", "workers"):
        if getattr(campaign.limits, name) < 0:
            yield ("limits", name.replace("_", "-")), f"`{name}` cannot be less than 0"
    for name in ("minutes", "megabytes"):
        if getattr(campaign.limits, name) < 1:
            yield ("limits", name), f"`{name}` cannot be less than 1"


def _repositories(campaign: Campaign) -> Iterator[_Fault]:
    chosen = campaign.repositories
    if not (chosen.list or chosen.file or chosen.groups):
        yield ("repositories",), "names no repository: give `list`, `file` or `groups`"
    for index, item in enumerate(chosen.list):
        if problem := url_fault(item if isinstance(item, str) else item.url):
            yield ("repositories", "list", index), problem
    if chosen.groups and campaign.forge.kind == "git":
        yield ("repositories", "groups"), "groups need a forge: set `forge.kind`"


def _forge(campaign: Campaign) -> Iterator[_Fault]:
    forge = campaign.forge
    if forge.kind not in (known := (*FORGES.names(), "git")):
        yield ("forge", "kind"), f"`kind` cannot be `{forge.kind}`; known: {', '.join(known)}"
    elif forge.kind != "git" and not (forge.url or kind_of(forge).url):
        yield ("forge",), f"`{forge.kind}` needs its `url`"
    if problem := url_fault(forge.url):
        yield ("forge", "url"), problem
    elif forge.url and not forge.url.startswith(("https://", "http://")):
        yield (
            ("forge", "url"),
            f"`{forge.url}` is not a web address such as https://git.example.com",
        )
    if forge.kind == "git" and forge.fork != "never":
        yield ("forge", "fork"), "forks need a forge: set `forge.kind`"
    for name in ("token", "git_token"):
        variable = getattr(forge, name)
        if variable and not _VARIABLE.fullmatch(variable):
            message = "is the name of an environment variable, never the token itself"
            yield ("forge", name.replace("_", "-")), f"`{name.replace('_', '-')}` {message}"
    if forge.kind != "git" and not forge.token:
        message = "the name of the environment variable that holds it"
        yield ("forge",), f"`{forge.kind}` needs a `token`: {message}"


def _templates(campaign: Campaign) -> Iterator[_Fault]:
    templates = {
        ("branch",): campaign.branch,
        ("commit", "message"): campaign.commit.message,
        ("pull-request", "title"): campaign.pull_request.title,
        ("pull-request", "body"): campaign.pull_request.body,
    }
    for place, text in templates.items():
        if problem := fault(text):
            yield place, problem
    branch = render(campaign.branch, SAMPLE).strip()
    if _NO_BRANCH.search(branch) or not branch:
        yield ("branch",), f"`{branch}` is not a valid branch name"
    for name in ("name", "email"):
        value = getattr(campaign.commit, name)
        if not value.strip() or re.search(r"[<>\n\0]", value):
            yield ("commit", name), f"`{value}` is no {name}"


def url_fault(url: str) -> str:
    """Say why a repository's address is not taken, without any part of it; "" where it is."""
    if url.startswith("-") or re.search(r"[\0-\x20\x7f]", url):
        return "is not the address of a repository"
    if _holds_secret(url):
        return "holds a user or a password; those go into the environment (`forge.token`)"
    if "::" in url.partition("/")[0] and "[" not in url.partition("::")[0]:
        return "names a remote helper, which would be a command to run"
    return ""


def _holds_secret(url: str) -> bool:
    """Say whether an address holds more than where a repository is; over ssh a user is a place."""
    parts = _AUTHORITY.match(url)
    if parts is None:
        return bool(_SCP_PASSWORD.match(url))
    scheme, authority = parts[1].lower(), unquote(parts[2])
    user, at, host = authority.rpartition("@")
    port = host.rpartition("]")[2].partition(":")[2]
    over_ssh = scheme in ("ssh", "git+ssh", "ssh+git", "sftp")
    named = bool(at) and (":" in user or "@" in user or not over_ssh)
    # A password with a slash ends the host early: `u:p/w@h` has the "port" `p`.
    odd_port = bool(port) and not port.isdigit()
    return named or odd_port or any(mark in url[parts.end() :] for mark in "?#")
