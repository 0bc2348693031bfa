"""What has been read of inputs, as it comes in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from refactor.inventory.records import Record
from refactor.inventory.snapshot import ListMeta, Snapshot

WORD = re.compile(r"[A-Za-z][\w./-]{0,99}\Z")
"""What may be said of an object in a message."""


class Records:
    """What has been read."""

    def __init__(self) -> None:
        self.used: list[Record] = []
        self.passed: Counter[str] = Counter()
        self.listed = False
        self.snapshots: list[Snapshot] = []
        self._fits: dict[tuple[type[Record], str], bool] = {}

    def begin(self, meta: ListMeta | None) -> None:
        """Take note of a List, by its metadata."""
        self.listed = True
        if meta and meta.refactor:
            self.snapshots.append(meta.refactor)

    def add_all(self, records: Iterable[Record]) -> None:
        """Take objects in; see `add`."""
        fits, used = self._fits, self.used
        for record in records:
            if fits.get((type(record), record.api_version)) and record.metadata.name:
                used.append(record)
            else:
                self.add(record)

    def add(self, record: Record) -> None:
        """Take an object in, unless it has no name or only shares its kind's name with ours."""
        mark = (type(record), record.api_version)
        if (fits := self._fits.get(mark)) is None:
            group, _, _ = record.api_version.rpartition("/")
            fits = self._fits[mark] = group in record.groups or not record.api_version
        if not fits:
            where = record.api_version if WORD.match(record.api_version) else "another group"
            self.passed[f"of kind {record.kind} in {where}"] += 1
        elif not record.metadata.name:
            self.passed[f"of kind {record.kind} without a name"] += 1
        else:
            self.used.append(record)
