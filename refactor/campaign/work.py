"""The work on one repository, in whatever process: a task to a result, which never raises."""

from __future__ import annotations

import os
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from refactor.apply.run import apply
from refactor.campaign.clone import (
    CheckedOut,
    CommitFile,
    EmptyError,
    Refs,
    bare_of,
    check_out,
    fetch,
    held,
    refs,
)
from refactor.campaign.git import Access, Git, GitError
from refactor.campaign.load import overridden
from refactor.campaign.owners import Owners, owners
from refactor.campaign.service_requests import asks_of, may_make, withheld
from refactor.campaign.values import Added, ChangedFile, Result, Task
from refactor.errors import RefactorError
from refactor.files.whole import make_directory, remove
from refactor.inventory import Inventory, Mapping, home
from refactor.inventory import load as load_inventory
from refactor.model import NewService, Outcome, Plan, Target
from refactor.plan import PlanJob, make_plan
from refactor.plan.missing import ASKED
from refactor.report.markdown import markdown
from refactor.report.text import address, place
from refactor.report.words import clean, needs_human
from refactor.repository.environments import Environments, inventory_files
from refactor.settings.load import load as load_settings
from refactor.settings.types import Settings
from refactor.verify.fix import fix as mended
from refactor.verify.run import look, opened, verify
from refactor.verify.sarif import sentence

ROOM = 60_000
"""Characters of a report: what forges take (65,536), less what goes around it."""

_PLACES = 50
"""Places that need a human which are told one by one."""


def plan_repository(task: Task, root: Path) -> Result:
    """Clone or update one repository, and plan it."""
    started = time.monotonic()
    name = task.repository.name
    try:
        result = _plan(task, root)
    except EmptyError:
        # An organisation has such ones: nothing to change, and nothing that went wrong.
        result = Result(name, notes=("is empty: it has no commit yet",))
    except GitError as error:
        result = Result(name, failed=str(error), transient=error.transient, refused=error.refused)
    except RefactorError as error:
        result = Result(name, failed=clean(str(error)))
    except OSError as error:
        result = Result(name, failed=f"{type(error).__name__}: {error.strerror}", transient=True)
    except Exception as error:  # noqa: BLE001 - one repository must not stop the others
        result = Result(name, failed=_bug(error))
    seconds = round(time.monotonic() - started, 3)
    return Result(
        **{f: getattr(result, f) for f in Result.__struct_fields__} | {"seconds": seconds}
    )


def cache_of(given: str) -> Path:
    """Return the directory of clones: the one given, or the user's own cache."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    found = Path(given) if given else Path(home, "refactor", "repositories")
    return found.absolute()  # git runs in directories of its own


def _plan(task: Task, root: Path) -> Result:
    git = Git(Access(*task.access), task.seconds)
    repository = task.repository
    bare = bare_of(cache_of(task.cache), repository.url)
    at = refs(git, repository.url, repository.base)
    kept = Result(repository.name, at.base, at.sha, unchanged=True)
    if at.sha == task.known and not task.recheck:
        return kept
    with held(bare):
        sha = fetch(git, bare, repository.url, at.base, at.sha)
        with tempfile.TemporaryDirectory(prefix=f"{bare.stem}-", dir=bare.parent) as directory:
            tree = Path(directory, "tree")
            make_directory(tree)
            held_files = check_out(git, bare, sha, tree, task.megabytes * 1_000_000)
            if task.verify:
                return _verified(task, root, Refs(at.base, sha), tree)
            if sha == task.known and not may_make(tree, task.asked):
                return kept
            return _planned(task, root, Refs(at.base, sha), tree, held_files)


def _verified(task: Task, root: Path, at: Refs, tree: Path) -> Result:
    """Check the Service names of a base, and plan nothing."""
    told = verify(_job(task, root, tree))
    broken = tuple(
        clean(f"{one.finding.file}:{one.finding.line}: {one.verdict}: {sentence(one)}")
        for one in told.broken
    )
    return Result(task.repository.name, at.base, at.sha, names=len(told.names), broken=broken)


def _planned(task: Task, root: Path, at: Refs, tree: Path, files: CheckedOut) -> Result:
    plan = _make(task, root, tree)
    report = markdown(plan, tree, ROOM)
    changed = tuple(_changed(plan, tree, files.files))
    paths = [os.fsdecode(file.path) for file in changed]
    asked = [outcome for outcome in plan.outcomes if needs_human(outcome)]
    named = owners(tree, paths) if paths else Owners()
    return Result(
        name=task.repository.name,
        base=at.base,
        sha=at.sha,
        files=changed,
        found=len(plan.outcomes),
        edited=sum(outcome.edited for outcome in plan.outcomes),
        human=len(asked),
        reasons=dict(Counter(str(outcome.reason) for outcome in asked)),
        report=report,
        human_places=tuple(map(_line, asked[:_PLACES])),
        provides=tuple(sorted({str(s.service) for s in plan.services if s.file})),
        adds=tuple(_added(s) for s in plan.services if s.file and s.manifest),
        withheld=withheld(tree, task.asked, plan.services),
        holds=tuple(sorted({str(s.service) for s in plan.services if s.file and not s.manifest})),
        needs=tuple(sorted({str(s.service) for s in plan.services if not s.file})),
        asks=tuple(ask for s in plan.services if not s.file for ask in asks_of(s)),
        gives=any(ASKED in service.findings for service in plan.services),
        uses=tuple(sorted({str(t.service) for t in _targets(plan)})),
        owners=named.names,
        notes=(*_notes(files.large), *named.notes),
    )


def _make(task: Task, root: Path, tree: Path) -> Plan:
    job = _job(task, root, tree)
    plan = make_plan(job)
    if not task.mend or plan.changes or plan.files:
        return plan
    with opened(job) as charts:
        return mended(job, charts, look(job, charts))


def _job(task: Task, root: Path, tree: Path) -> PlanJob:
    settings = overridden(load_settings(tree), *task.settings)
    homes = Environments(settings, _inventories(task, root, tree, settings), task.namespace)
    assumed = frozenset(task.assumed)
    return PlanJob(tree, (tree,), settings, homes, asked=task.asked, assumed=assumed)


def _inventories(task: Task, root: Path, tree: Path, settings: Settings) -> dict[str, Inventory]:
    mappings = tuple(Mapping(m.address, m.service, m.port, m.pod) for m in settings.mappings)
    given = tuple(str(root / name) for name in task.inventories)
    return {
        name: _campaign_inventory(given, mappings)
        if given
        else load_inventory([str(tree / f) for f in files], mappings=mappings, stdin=bytes)
        for name, files in inventory_files(settings).items()
    }


@lru_cache(4)
def _campaign_inventory(paths: tuple[str, ...], mappings: tuple[Mapping, ...]) -> Inventory:
    """Read the inventories of a campaign once a process, not once a repository."""
    return load_inventory(paths, mappings=mappings, stdin=bytes, indexes=home())


def _changed(plan: Plan, tree: Path, files: dict[bytes, CommitFile]) -> Iterator[ChangedFile]:
    """Apply a plan to the tree, by all the checks that an apply has, and read it back."""
    if not plan.changes and not plan.files:
        return
    applied = apply(plan, tree, allow_dirty=True)
    for name in applied.files:
        path = os.fsencode(name)
        entry = files.get(path)
        mode = entry.mode if entry else b"100644"
        yield ChangedFile(path, mode, (tree / name).read_bytes())
    remove(tree / ".refactor")


def _targets(plan: Plan) -> Iterator[Target]:
    for outcome in plan.outcomes:
        if isinstance(outcome.resolution, Target):
            yield outcome.resolution


def _added(new: NewService) -> Added:
    made = new.workload
    workload = f"{made.kind} {made.namespace}/{made.name}"
    return Added(str(new.service), new.ports, new.extends, workload)


def _line(outcome: Outcome) -> str:
    return clean(f"{place(outcome)}: {address(outcome)} ({outcome.reason}): {outcome.why}")


def _notes(large: tuple[bytes, ...]) -> Iterator[str]:
    if large:
        first = ", ".join(clean(os.fsdecode(path)) for path in large[:3])
        more = f" and {len(large) - 3} more" if len(large) > 3 else ""
        yield f"too large to be looked into: {first}{more}"


def _bug(error: Exception) -> str:
    """Name an error that should not be, without its text: that may hold secrets."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    file = last.filename.rpartition(os.sep)[2]
    return f"internal error (please report it): {type(error).__name__} at {file}:{last.lineno}"
