"""Workers of a Dask cluster: tasks go there, results come back, and a worker keeps nothing.

The inventories are scattered: they go to each worker once, however many repositories it plans. A
worker that dies costs its task a retry on another one (Dask's own `allowed-failures`). What opens
private repositories is looked up in the worker's own environment; it is never part of a task.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from msgspec.structs import replace

from refactor import __version__
from refactor.campaign.campaign_run import files_of
from refactor.campaign.extra import needed
from refactor.campaign.values import Result, Task
from refactor.campaign.work import plan_repository
from refactor.errors import RefactorError
from refactor.files.disk import real
from refactor.files.rooted import DISK

_AHEAD = 3
"""Tasks a thread of a worker has waiting, the one it works on included."""

_TRIES = 3
_PATIENCE = 60
"""Seconds that the scheduler, and then the first worker, may take to answer."""


class Supplies(NamedTuple):
    """The inventories of some tasks.

    Attributes:
        digest: tells them from others.
        names: of the inventories, as a task on a worker calls them.
        files: their bytes, by relative path.
    """

    digest: str
    names: tuple[str, ...]
    files: dict[str, bytes]


class DaskPool:
    """A Dask cluster that runs already."""

    def __init__(
        self, root: Path, scheduler: str, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        """Take what every task has in common."""
        if not scheduler:
            message = "Dask's scheduler has to be named"
            raise RefactorError(message, remedy="pass --scheduler tcp://HOST:8786")
        self._root = root
        self._scheduler = scheduler
        self._tell = tell

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """See `Executor`."""
        client = self._client()
        try:
            yield from _TaskFlow(client, self._root).results(iter(tasks))
        except OSError as error:  # No scheduler any more, or no worker for a minute.
            message = (
                f"Dask's cluster is lost, and may come back: {str(error) or type(error).__name__}"
            )
            raise RefactorError(message, where=self._scheduler, remedy="run it again") from error
        finally:
            client.close()

    def _client(self) -> Any:
        distributed = needed("distributed")
        _silence()
        try:
            client = distributed.Client(self._scheduler, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            message = f"Dask's scheduler does not answer: {error}"
            raise RefactorError(message, where=self._scheduler) from error
        if link := _dashboard(client):
            self._tell(link)
        # An adaptive cluster without workers starts one for a task, and only then.
        first = client.submit(bool, pure=False)
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            client.close()
            message = "Dask's scheduler has no worker"
            raise RefactorError(message, where=self._scheduler) from error
        first.release()
        return client


def _dashboard(client: Any) -> str:
    try:
        return str(client.dashboard_link or "")
    except KeyError:  # the scheduler has none
        return ""


def _silence() -> None:
    """Keep Dask from telling of each connection that breaks; what matters is told by us."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)


class _TaskFlow:
    """Tasks on their way through a cluster: few at once, so that nothing piles up anywhere."""

    def __init__(self, client: Any, root: Path) -> None:
        self._client = client
        self._root = root
        self._scattered: dict[tuple[str, ...], Any] = {}
        self._done = needed("distributed").as_completed(loop=client.loop)
        self._under_way: dict[str, tuple[Task, int]] = {}

    def results(self, tasks: Iterator[Task]) -> Iterator[Result]:
        while True:
            while len(self._under_way) < self._room() and (task := next(tasks, None)):
                self._submit(task, 1)
            if not self._under_way:
                return
            future = next(self._done)
            task, tries = self._under_way.pop(future.key)
            if future.status != "finished" and tries < _TRIES:
                # The only worker with the inventories may be gone: they are scattered anew.
                self._scattered.pop(task.inventories, None)
                self._submit(task, tries + 1)
            else:
                yield _result(future, task)
            future.release()

    def _submit(self, task: Task, tries: int) -> None:
        if task.inventories not in self._scattered:
            given = supplies(self._root, task.inventories)
            self._scattered[task.inventories] = self._client.scatter(given, broadcast=True)
        given = self._scattered[task.inventories]
        future = self._client.submit(plan_remotely, task, given, __version__, pure=False)
        self._under_way[future.key] = (task, tries)
        self._done.add(future)

    def _room(self) -> int:
        """Return how many tasks the cluster takes at once, as large as it is just now."""
        threads: dict[str, int] = self._client.nthreads()
        return max(1, sum(threads.values())) * _AHEAD


def _result(future: Any, task: Task) -> Result:
    if future.status == "finished":
        result: Result = future.result()
        return result
    name = type(future.exception()).__name__ if future.status == "error" else "cancelled"
    why = "the workers that planned it died (out of memory?)" if name == "KilledWorker" else ""
    failed = why or f"the cluster did not plan it: {name}"
    return Result(task.repository.name, failed=failed, transient=True)


def supplies(root: Path, inventories: Iterable[str]) -> Supplies:
    """Return inventories with their bytes."""
    names, files = [], {}
    for number, inventory in enumerate(inventories):
        path = root / inventory
        names.append(f"{number}/{path.name}")
        for file in files_of(path):
            inner = file.relative_to(path.parent)
            files[f"{number}/{inner}"] = file.read_bytes()
    total = hashlib.sha256()
    for name, data in files.items():
        total.update(f"{name}\0{len(data)}\0".encode() + data)
    return Supplies(total.hexdigest(), tuple(names), files)


def plan_remotely(task: Task, given: Supplies, version: str) -> Result:
    """Plan one repository on a worker, with inventories that came with the task."""
    if version != __version__:
        failed = f"a worker has version {__version__}, this is {version}"
        return Result(task.repository.name, failed=failed)
    home = Path(needed("distributed").get_worker().local_directory)
    return plan_repository(replace(task, inventories=given.names), unpacked(home, given))


def unpacked(home: Path, given: Supplies) -> Path:
    """Return the directory with the files of some inventories, made where it is missing."""
    directory = real(home) / f"refactor-{given.digest}"
    if directory.exists():
        return directory
    # Threads of one worker may do this at once: the first to be done counts.
    draft = directory.with_name(f"{directory.name}-{secrets.token_hex(4)}")
    with DISK.below(directory.parent) as files:
        files.lay(draft, given.files)
        try:
            files.rename(draft, directory)
        except OSError:
            files.remove_tree(draft)
            if not directory.exists():
                raise
    return directory
