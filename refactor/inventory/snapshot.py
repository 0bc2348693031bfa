"""What `refactor inventory` says of a snapshot in its List's metadata: whose it is, and of when.

kubectl and what reads its output look at no List's metadata, so the List stays what kubectl prints.
"""

from __future__ import annotations

import datetime
from typing import Annotated

import msgspec

from refactor.inventory.parts import Part


class Unread(Part, frozen=True):
    """Objects that the snapshot lacks."""

    resource: str
    reason: str


class Snapshot(Part, frozen=True):
    """The state of one cluster at one time.

    Attributes:
        context: the kubeconfig's name for it; "" inside the cluster.
    """

    cluster: str = ""
    context: str = ""
    version: str = ""
    time: Annotated[datetime.datetime, msgspec.Meta(tz=True)] | None = None
    namespaces: tuple[str, ...] = ()
    unread: tuple[Unread, ...] = ()

    @property
    def title(self) -> str:
        """What a person calls it: its context, else its cluster."""
        return self.context or self.cluster

    @property
    def taken(self) -> str:
        """When, in UTC, to the minute; "at an unknown time" where it does not say."""
        if self.time is None:
            return "at an unknown time"
        return f"{self.time.astimezone(datetime.UTC):%Y-%m-%d %H:%M} UTC"


class ListMeta(Part, frozen=True):
    """`metadata` of a List; `refactor` is this tool's own."""

    refactor: Snapshot | None = None
