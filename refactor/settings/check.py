"""From plain data to settings: every name known, every value within its bounds."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

from refactor.files.globs import is_pattern
from refactor.rules.row import CONDITIONS, PlaceSetting, Role
from refactor.settings.document import Place, SettingsDocument
from refactor.settings.read import is_inside
from refactor.settings.typed import convert
from refactor.settings.types import Environment, MappingSetting, Settings
from refactor.text.dns import LABEL, is_label, is_port

# These names are written into users' files, so nothing else may stand in them.
_DOMAIN = re.compile(rf"{LABEL}(?:\.{LABEL})*")
_SERVICE = re.compile(rf"{LABEL}/{LABEL}")

_Fault = tuple[Place, str]


def is_domain(name: str) -> bool:
    """Say whether a name can be a cluster domain (RFC 1123)."""
    return bool(_DOMAIN.fullmatch(name))


def checked(document: SettingsDocument, root: Path) -> Settings:
    """Return the settings that a document holds.

    Raises:
        RefactorError: a setting is unknown, ill-typed or out of bounds.
    """
    settings = convert(document, Settings)
    for place, message in _faults(settings, root):
        document.refuse(place, message)
    return settings


def refuse_missing(document: SettingsDocument, settings: Settings, root: Path) -> None:
    """Refuse a values file that is not there, or each chart of its environment fails to render.

    Raises:
        RefactorError: one is not there, with its line.
    """
    for number, environment in enumerate(settings.environments):
        for index, path in enumerate(environment.values):
            if not (root / path).exists():
                place = ("environments", number, "values", index)
                document.refuse(place, f"`{path}` does not exist", "correct the path")


def _faults(settings: Settings, root: Path) -> Iterator[_Fault]:
    """Name every setting that is of its type and still makes no sense."""
    yield from _inventories(("inventories",), settings.inventories, root)
    if settings.services_dir and not is_inside(root, settings.services_dir):
        yield ("services-dir",), f"`{settings.services_dir}` leads out of the repository"
    yield from _globs(("ignore",), settings.ignore)
    yield from _globs(("include",), settings.include)
    yield from _name(("namespace",), settings.namespace)
    if not _DOMAIN.fullmatch(settings.cluster_domain):
        yield ("cluster-domain",), f"`{settings.cluster_domain}` is not a DNS domain"
    if settings.inventory_max_age < 0:
        yield ("inventory-max-age",), f"{settings.inventory_max_age} is not a number of hours"
    for index, address in enumerate(settings.ignore_addresses):
        if not _is_address(address):
            yield ("ignore-addresses", index), f"`{address}` is not an address or a CIDR block"
    for index, mapping in enumerate(settings.mappings):
        yield from _mapping(("mappings", index), mapping)
    ids: set[str] = set()
    for index, row in enumerate(settings.places):
        yield from _place(("places", index), row, ids)
    seen: set[str] = set()
    for index, environment in enumerate(settings.environments):
        yield from _environment(("environments", index), environment, seen, root)


def _environment(
    place: Place, environment: Environment, seen: set[str], root: Path
) -> Iterator[_Fault]:
    if not environment.name or environment.name in seen:
        yield (*place, "name"), f"environment `{environment.name}`: its name is empty or taken"
    seen.add(environment.name)
    yield from _globs((*place, "files"), environment.files)
    yield from _inventories((*place, "inventories"), environment.inventories, root)
    yield from _paths((*place, "values"), environment.values, root)
    yield from _name((*place, "namespace"), environment.namespace)
    yield from _name((*place, "release"), environment.release)


def _mapping(place: Place, mapping: MappingSetting) -> Iterator[_Fault]:
    if not mapping.address or re.search(r"\s", mapping.address):
        yield (*place, "address"), f"`{mapping.address}` is not an address"
    if not _SERVICE.fullmatch(mapping.service):
        yield (*place, "service"), f"`{mapping.service}` must be NAMESPACE/NAME"
    if mapping.port is not None and not is_port(mapping.port):
        yield (*place, "port"), f"{mapping.port} is not a port (1 to 65535)"
    if mapping.pod and not _DOMAIN.fullmatch(mapping.pod):
        yield (*place, "pod"), f"`{mapping.pod}` is not the name of a pod"


def _place(place: Place, row: PlaceSetting, ids: set[str]) -> Iterator[_Fault]:
    if not row.id or row.id in ids:
        yield (*place, "id"), f"place `{row.id}`: its id is empty or taken"
    ids.add(row.id)
    if row.role is None:
        roles = ", ".join(get_args(Role))
        yield place, f"place `{row.id}`: say its `role`: one of {roles}"
    if not any(getattr(row, name) for name in CONDITIONS):
        yield place, f"place `{row.id}`: say where it is: one of {', '.join(CONDITIONS)}"
    if row.call and not row.call.function:
        yield (*place, "call"), f"place `{row.id}`: `call` names no function"


def _name(place: Place, name: str) -> Iterator[_Fault]:
    if name and not is_label(name):
        yield place, f"`{name}` is not a valid {place[-1]}: lower-case letters, digits and `-`"


def _globs(place: Place, globs: Sequence[str]) -> Iterator[_Fault]:
    for index, glob in enumerate(globs):
        if not is_pattern(glob):
            yield (*place, index), f"`{glob}` matches nothing"


def _inventories(place: Place, paths: Sequence[str], root: Path) -> Iterator[_Fault]:
    """They come with the repository: a FIFO, which a user may well name, would never end."""
    yield from _paths(place, paths, root)
    for index, path in enumerate(paths):
        named = root / path
        if is_inside(root, path) and named.exists() and not (named.is_file() or named.is_dir()):
            yield (*place, index), f"`{path}` is neither a file nor a directory"


def _paths(place: Place, paths: Sequence[str], root: Path) -> Iterator[_Fault]:
    for index, path in enumerate(paths):
        if not is_inside(root, path):
            yield (*place, index), f"`{path}` leads out of the repository"


def _is_address(text: str) -> bool:
    """Say whether a text is an address, a block of them, or a host's name."""
    if "/" not in text and not re.fullmatch(r"[0-9.]+", text):
        return bool(text) and not re.search(r"\s", text)
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True
