"""Lists, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec
from msgspec import field

from refactor.errors import RefactorError
from refactor.inventory.kinds import Kind, group_path
from refactor.inventory.live.api import Api, RefusedError
from refactor.inventory.parts import Part
from refactor.inventory.read import UnreadableError, read
from refactor.inventory.records import Record

PAGE = 500
"""Objects in a page, as for kubectl; a page of large pods is some 10 MB."""

_R = TypeVar("_R", bound=Record)
_GONE = 410
_REFUSALS = (msgspec.MsgspecError, ValueError, RecursionError)


class PageMeta(Part, frozen=True):
    """`metadata` of a page: where the next one begins; "" after the last."""

    next: str = field(name="continue", default="")


class Page(Part, Generic[_R], frozen=True):
    """A page of a list. Its items do not say their kind."""

    kind: str = ""
    metadata: PageMeta = PageMeta()
    items: tuple[_R, ...] | None = None


class Resource(Part, frozen=True):
    """`resources[]`."""

    name: str = ""


class Resources(Part, frozen=True):
    """What a version of an API group serves."""

    resources: tuple[Resource, ...] | None = None


class ExpiredError(Exception):
    """The state that is being listed has been compacted away (410): begin again."""


class Batch(NamedTuple):
    """What a page holds."""

    records: list[Record]
    lost: int = 0


def served(api: Api, kinds: Iterable[Kind]) -> list[tuple[Kind, str]]:
    """Return the kinds that a cluster serves, each with the version.

    Whether one may see what is served is not always granted: then the first version counts.

    Raises:
        RefactorError: the API cannot be read.
    """
    seen: dict[str, frozenset[str] | None] = {}
    found = []
    for kind in kinds:
        for version in kind.versions:
            path = group_path(kind.group, version)
            if path not in seen:
                seen[path] = _names(api, path)
            names = seen[path]
            if names is None or kind.resource in names:
                found.append((kind, version))
                break
    return found


def _names(api: Api, path: str) -> frozenset[str] | None:
    try:
        listed = msgspec.json.decode(api.get(path), type=Resources).resources
    except RefusedError as error:
        return None if error.status == 403 else frozenset()
    except _REFUSALS as error:
        message = f"the server at {api.server} is not a Kubernetes API"
        raise RefactorError(message, where=api.title) from error
    return frozenset(resource.name for resource in listed or ())


def pages(api: Api, kind: Kind, version: str, namespace: str = "") -> Iterator[Batch]:
    """Yield a kind's objects, a page at a time.

    Args:
        namespace: the only one to list; "" for all.

    Raises:
        ExpiredError: the pages that are left are of a state that is gone.
        RefusedError: the list is refused.
        RefactorError: the API cannot be read.
    """
    path, after = kind.path(version, namespace), ""
    while True:
        try:
            data = api.get(path, limit=PAGE, **{"continue": after})
        except RefusedError as error:
            if error.status == _GONE:
                raise ExpiredError from error
            raise
        following, batch = _decoded(data, kind, api)
        stamp = kind.api_version(version)
        stamped = [msgspec.structs.replace(r, api_version=stamp) for r in batch.records]
        yield Batch(stamped, batch.lost)
        if not following:
            return
        if following == after:
            message = f"the list of {kind.resource} does not end: a page follows itself"
            raise RefactorError(message, where=api.title)
        after = following


def _decoded(data: bytes, kind: Kind, api: Api) -> tuple[str, Batch]:
    """Decode what the structs have room for, and return where the next page begins."""
    page: Page[Any]
    try:
        page = _decoder(kind.record).decode(data)
        batch = Batch(list(page.items or ()))
    except _REFUSALS:
        page, batch = _decoded_loosely(data, kind, api)
    if not page.kind.endswith("List"):
        raise _no_list(kind, api)
    return page.metadata.next, batch


def _decoded_loosely(data: bytes, kind: Kind, api: Api) -> tuple[Page[Any], Batch]:
    """Take from a page in which some object does not fit those that do."""
    try:
        page = msgspec.json.decode(data, type=Page[msgspec.Raw])  # type: ignore[type-var]
        records = [record for record in read(data).used if type(record) is kind.record]
    except (*_REFUSALS, UnreadableError) as error:
        raise _no_list(kind, api) from error
    return page, Batch(records, len(page.items or ()) - len(records))


def _no_list(kind: Kind, api: Api) -> RefactorError:
    message = f"the server at {api.server} to the list of {kind.resource} is not a list"
    return RefactorError(
        message, where=api.title, remedy="look for a proxy that answers in its place"
    )


@cache
def _decoder(record: type[Record]) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(Page[record])  # type: ignore[valid-type]
