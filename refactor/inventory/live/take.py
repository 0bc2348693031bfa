"""The snapshot of a cluster, written as it is read: a page is in memory at a time."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Sequence
from typing import BinaryIO, NamedTuple

import msgspec

from refactor.errors import RefactorError
from refactor.inventory.kinds import KINDS, Kind
from refactor.inventory.live.api import Api, RefusedError
from refactor.inventory.live.listing import ExpiredError, pages, served
from refactor.inventory.parts import Part
from refactor.inventory.records import Record
from refactor.inventory.snapshot import ListMeta, Snapshot, Unread

_BEGINNINGS = 4  # of one kind's list, before its state is taken to change too fast
_ROLE = "grant it what docs/how-to/live-cluster.md lists"


class TakenInventory(NamedTuple):
    """What was read."""

    snapshot: Snapshot
    counts: dict[str, int]


class Version(Part, frozen=True):
    """What `/version` answers."""

    git_version: str = ""


Tell = Callable[[str, int], None]
"""Hears the resource that is being read, and how many of it have been."""


def take(
    api: Api,
    out: BinaryIO,
    *,
    now: datetime.datetime,
    namespaces: Sequence[str] = (),
    tell: Tell = lambda _resource, _count: None,
) -> TakenInventory:
    """Write what an inventory reads of a cluster, as one List.

    Only the fields that the inventory's own structs have are written: no annotations, no values
    of variables, no managedFields, no Secrets.

    Raises:
        RefactorError: the API cannot be read, or does not show its Services.
    """
    version = _version(api)
    listing = _WrittenList(api, out, namespaces, tell)
    for kind, served_as in served(api, KINDS):
        listing.add(kind, served_as)
    snapshot = Snapshot(
        api.server, api.context, version, now, tuple(namespaces), tuple(listing.unread)
    )
    listing.end(snapshot)
    return TakenInventory(snapshot, dict(listing.counts))


def _version(api: Api) -> str:
    try:
        return msgspec.json.decode(api.get("/version"), type=Version).git_version
    except RefusedError:
        return ""
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        message = f"the server at {api.server} is not a Kubernetes API"
        raise RefactorError(message, where=api.title) from error


class _WrittenList:
    """A List that is being written, an object a line."""

    def __init__(self, api: Api, out: BinaryIO, namespaces: Sequence[str], tell: Tell) -> None:
        self.counts: Counter[str] = Counter()
        self.unread: list[Unread] = []
        self._api = api
        self._out = out
        self._namespaces = namespaces
        self._tell = tell
        self._encoder = msgspec.json.Encoder()
        self._between = b"\n"
        out.write(b'{"apiVersion":"v1","kind":"List","items":[')

    def add(self, kind: Kind, version: str) -> None:
        """Write all objects of a kind, and note those that may not be read."""
        for namespace in (self._namespaces if kind.namespaced else ()) or ("",):
            try:
                self._add_whole(kind, version, namespace)
            except RefusedError as error:
                self._refused(kind, namespace, error)

    def _add_whole(self, kind: Kind, version: str, namespace: str) -> None:
        """Write a list, from its beginning again where its state expires on the way."""
        mark = (self._out.tell(), self._between, self.counts[kind.resource])
        for _ in range(_BEGINNINGS):
            try:
                lost = self._add_pages(kind, version, namespace)
            except (ExpiredError, RefusedError) as error:
                self._wind_back(kind, *mark)
                if isinstance(error, RefusedError):
                    raise
            else:
                if lost:
                    self.unread.append(Unread(kind.resource, f"{lost} could not be understood"))
                return
        message = f"the list of {kind.resource} expired {_BEGINNINGS} times before its end (410)"
        remedy = "run this nearer to the cluster, or for fewer namespaces (-n)"
        raise RefactorError(message, where=self._api.title, remedy=remedy)

    def _add_pages(self, kind: Kind, version: str, namespace: str) -> int:
        lost = 0
        for batch in pages(self._api, kind, version, namespace):
            self._write(batch.records)
            self.counts[kind.resource] += len(batch.records)
            lost += batch.lost
            self._tell(kind.resource, self.counts[kind.resource])
        return lost

    def _write(self, records: Sequence[Record]) -> None:
        for record in records:
            self._out.write(self._between + self._encoder.encode(record))
            self._between = b",\n"

    def _wind_back(self, kind: Kind, offset: int, between: bytes, count: int) -> None:
        self._out.seek(offset)
        self._out.truncate()
        self._between, self.counts[kind.resource] = between, count

    def _refused(self, kind: Kind, namespace: str, error: RefusedError) -> None:
        """Take note of what may not be read; without Services nothing could be resolved."""
        if error.status == 404:
            return
        if error.status != 403:
            what = f"the list of {kind.resource}"
            message = f"the API answers {error.status} to {what} ({error.message})"
            raise RefactorError(message, where=self._api.title)
        if kind.resource == "services":
            message = f"the API does not show its Services (403: {error.message})"
            raise RefactorError(message, where=self._api.title, remedy=_ROLE)
        inside = f" in namespace {namespace}" if namespace else ""
        self.unread.append(Unread(kind.resource, f"403, may not be listed{inside}"))

    def end(self, snapshot: Snapshot) -> None:
        """Write the end of the List, with what it says of itself."""
        meta = self._encoder.encode(ListMeta(snapshot))
        self._out.write(b'\n],"metadata":' + meta + b"}\n")
