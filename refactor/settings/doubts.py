"""What settings name and nothing has: one note for each, at its line."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from refactor.inventory import Inventory
from refactor.model import Note, ServiceRef
from refactor.settings.document import Place, SettingsDocument
from refactor.settings.types import Settings

_REASON = "settings"
_WILD = re.compile(r"[*?\[]")


def doubts(
    document: SettingsDocument, settings: Settings, root: Path, inventories: Mapping[str, Inventory]
) -> tuple[Note, ...]:
    """Return a note for each glob, namespace and mapping that is about nothing.

    Args:
        document: the file that the settings were read from.
        settings: what it says.
        root: the repository's root.
        inventories: by environment.
    """
    told = [*_globs(settings, root), *_namespaces(settings, inventories)]
    told += _mapped(settings, inventories)
    return tuple(
        Note(document.file, _REASON, message, document.line_of(place)) for place, message in told
    )


def unknown_namespace(
    namespace: str, inventories: Mapping[str, Inventory], *, only_slips: bool = False
) -> str:
    """Return why a namespace is doubted; "" where an inventory has it, or none is there.

    Args:
        namespace: its name.
        inventories: by environment.
        only_slips: whether one that is like no other is left alone: nothing may run there yet.
    """
    there = [one for one in inventories.values() if not one.is_empty]
    if not namespace or not there or any(_has(one, namespace) for one in there):
        return ""
    from difflib import get_close_matches

    known = {service.namespace for one in there for service in one.services}
    near = get_close_matches(namespace, known, n=1)
    if not near and only_slips:
        return ""
    remedy = f"did you mean {near[0]}?" if near else "names will be written in full"
    return f"namespace {namespace} is not in the inventory; {remedy}"


def _has(inventory: Inventory, namespace: str) -> bool:
    if any(service.namespace == namespace for service in inventory.services):
        return True
    return any(key.startswith(f"{namespace}/") for key in inventory.pods)


def _globs(settings: Settings, root: Path) -> Iterator[tuple[Place, str]]:
    """Yield the globs whose directory, up to its first wildcard, is not there."""
    lists: list[tuple[Place, tuple[str, ...]]] = [
        (("ignore",), settings.ignore),
        (("include",), settings.include),
    ]
    lists += [(("environments", n, "files"), e.files) for n, e in enumerate(settings.environments)]
    for place, globs in lists:
        for index, glob in enumerate(globs):
            if missing := _missing(glob, root):
                message = f"`{glob}` matches nothing: there is no {missing}"
                yield (*place, index), message


def _missing(glob: str, root: Path) -> str:
    """Return the first part of a glob that is not there; "" where that cannot be said."""
    plain = glob.removeprefix("!").removeprefix("/")
    if "\\" in plain or "/" not in glob.removeprefix("!").rstrip("/"):
        return ""  # it matches at any depth, or holds an escape
    parts: list[str] = []
    for part in filter(None, plain.split("/")):
        if _WILD.search(part) or part == "..":
            return ""
        parts.append(part)
        if not os.path.lexists(root.joinpath(*parts)):
            return "/".join(parts)
    return ""


def _namespaces(
    settings: Settings, inventories: Mapping[str, Inventory]
) -> Iterator[tuple[Place, str]]:
    if problem := unknown_namespace(settings.namespace, inventories, only_slips=True):
        yield ("namespace",), problem
    for number, environment in enumerate(settings.environments):
        own = {name: one for name, one in inventories.items() if name == environment.name}
        if problem := unknown_namespace(environment.namespace, own, only_slips=True):
            yield ("environments", number, "namespace"), problem


def _mapped(
    settings: Settings, inventories: Mapping[str, Inventory]
) -> Iterator[tuple[Place, str]]:
    if not settings.mappings or all(one.is_empty for one in inventories.values()):
        return
    for index, mapping in enumerate(settings.mappings):
        ref = ServiceRef.read(mapping.service)
        if not any(one.has_service(ref) for one in inventories.values()):
            message = f"Service {mapping.service} is not in the inventory"
            yield ("mappings", index, "service"), message
