"""A campaign made ready: file, lock, state, forge, executor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from refactor.campaign.campaign_run import CampaignRun, Listener, RunOptions
from refactor.campaign.executors import Executor
from refactor.campaign.forge import connect
from refactor.campaign.forge.base import ForgeError
from refactor.campaign.load import Loaded, load
from refactor.campaign.lock import locked
from refactor.campaign.picture import Picture, picture
from refactor.campaign.repositories import choose, unmatched
from refactor.campaign.retries import Steady
from refactor.campaign.state import States
from refactor.campaign.values import Repository
from refactor.errors import RefactorError

STATE, LOCK = ".state.db", ".lock"


@contextmanager
def session(file: Path, options: RunOptions, listen: Listener) -> Iterator[CampaignRun]:
    """Give a campaign that no other run holds."""
    loaded = load(file)
    with locked(loaded.beside(LOCK)), closing(States(loaded.beside(STATE))) as states:
        forge = connect(loaded.campaign.forge, loaded.campaign.limits.pause)
        steady = Steady(forge) if forge else None
        yield CampaignRun(loaded, states, steady, options, listen)


def executor(
    loaded: Loaded,
    kind: str,
    scheduler: str,
    workers: int,
    tell: Callable[[str], None] = lambda _: None,
) -> Executor:
    """Return what does the work."""
    limits, root = loaded.campaign.limits, loaded.path.parent
    if kind == "dask":
        from refactor.campaign.executors.dask import DaskPool

        return DaskPool(root, scheduler, tell)
    from refactor.campaign.executors.local import LocalPool

    return LocalPool(root, workers or limits.workers, limits.minutes * 60)


def look(file: Path) -> Picture:
    """Return a campaign's picture, whether or not a run is under way."""
    loaded = load(file)
    with closing(States(loaded.beside(STATE), readonly=True)) as states:
        return picture(loaded, states)


def repositories(session: CampaignRun) -> list[Repository]:
    """Return the repositories of a campaign."""
    try:
        found = choose(session.loaded, session.forge)
    except ForgeError as error:
        message = f"the forge does not list its repositories: {error.message}"
        raise RefactorError(message, where=str(session.loaded.path)) from error
    names = [repository.name for repository in found]
    session.check_globs(names)
    for home in session.campaign.homes:
        for glob in home.repositories:
            # A group may grow into it; still, those that it was meant for have no inventory.
            if glob != "*" and unmatched([glob], names):
                session.tell("unmatched", pattern=glob)
    return found
