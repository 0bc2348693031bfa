"""Where the work is done: processes of this machine, or workers of a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from refactor.campaign.values import Result, Task


class Executor(Protocol):
    """Plans repositories, several at once, in any order."""

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """Yield the result of each task as it comes, one for each; a lost one says so."""
