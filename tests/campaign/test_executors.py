"""Wherever the work is done, it gives the same; a worker that dies costs its repository a retry."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from refactor.campaign.executors.dask import DaskPool, plan_remotely, supplies, unpacked
from refactor.campaign.executors.local import LocalPool
from refactor.campaign.values import Repository, Result, Task
from refactor.campaign.work import plan_repository
from refactor.errors import RefactorError
from tests.campaign.conftest import Ran, standing
from tests.campaign.dask_cluster import Cluster, cluster
from tests.campaign.farm import CLUSTER, campaign_file, farm

pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return farm(tmp_path_factory.mktemp("farm"), range(5))


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(2, tmp_path_factory.mktemp("dask")) as made:
        yield made


def tasks(repositories: list[Path], cache: Path) -> list[Task]:
    return [
        Task(Repository(f"shop/{path.stem}", str(path)), str(cache), (str(CLUSTER),), "shop", seconds=60)
        for path in repositories
    ]  # fmt: skip


def told(results: Iterator[Result]) -> list[Result]:
    return sorted(
        (
            Result(**{f: getattr(r, f) for f in Result.__struct_fields__} | {"seconds": 0})
            for r in results
        ),
        key=lambda r: r.name,
    )


def test_every_executor_gives_the_same(
    repositories: list[Path], workers: Cluster, tmp_path: Path
) -> None:
    here = told(plan_repository(task, tmp_path) for task in tasks(repositories, tmp_path / "a"))

    assert [bool(result.files) for result in here] == [True, True, True, False, False]
    assert told(LocalPool(tmp_path, 2, 60).run(tasks(repositories, tmp_path / "b"))) == here
    assert (
        told(DaskPool(tmp_path, workers.scheduler).run(tasks(repositories, tmp_path / "c"))) == here
    )


def test_the_command_line_plans_on_a_cluster(
    repositories: list[Path], workers: Cluster, tmp_path: Path, campaign: Callable[..., Ran]
) -> None:
    file = campaign_file(tmp_path, repositories)

    ran = campaign("plan", file, "--executor", "dask", "--scheduler", workers.scheduler)

    assert (ran.code, ran.err) == (0, "")
    assert [state for state, _ in standing(file).values()] == [
        "planned",
        "planned",
        "planned",
        "nothing to do",
        "needs review",
    ]


def test_a_dask_worker_killed_half_way_costs_a_retry(
    repositories: list[Path], workers: Cluster, tmp_path: Path
) -> None:
    found = []
    for result in DaskPool(tmp_path, workers.scheduler).run(tasks(repositories, tmp_path)):
        if not found:
            os.kill(workers.workers[0], signal.SIGKILL)
        found.append(result)

    assert sorted(result.name for result in found) == [f"shop/{path.stem}" for path in repositories]
    assert [result.failed for result in found if result.failed] == []


def test_inventories_are_released_when_a_run_ends(
    repositories: list[Path], workers: Cluster, tmp_path: Path
) -> None:
    from distributed import Client

    list(DaskPool(tmp_path, workers.scheduler).run(tasks(repositories[:2], tmp_path)))

    with Client(workers.scheduler, set_as_default=False) as client:
        assert not any(client.has_what().values())


def test_an_adaptive_cluster_may_begin_without_a_worker(
    repositories: list[Path], tmp_path: Path
) -> None:
    links: list[str] = []
    with cluster(0, tmp_path / "dask", "adaptive") as made:
        assert made.workers == []
        pool = DaskPool(tmp_path, made.scheduler, links.append)
        found = list(pool.run(tasks(repositories[:2], tmp_path)))

    assert [result.failed for result in found] == ["", ""]
    assert [link.startswith("http://127.0.0.1:") for link in links] == [True]


def test_a_cluster_that_is_lost_says_so_and_leaves_what_is_planned(
    repositories: list[Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    many = [
        replace(task, repository=replace(task.repository, name=f"shop/{number}"))
        for number, task in enumerate(tasks(repositories, tmp_path) * 8)
    ]
    with cluster(1, tmp_path / "dask") as made:
        results = DaskPool(tmp_path, made.scheduler).run(many)
        first = next(results)
        os.kill(made.leader, signal.SIGKILL)

        with pytest.raises(RefactorError, match=r"Dask's cluster is lost.*; run it again"):
            list(results)

    assert first.failed == ""
    assert capfd.readouterr().err == ""


def test_without_a_scheduler_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(RefactorError, match="pass --scheduler"):
        DaskPool(tmp_path, "")


def test_an_address_that_is_none_says_so(tmp_path: Path) -> None:
    with pytest.raises(RefactorError, match="does not answer"):
        list(DaskPool(tmp_path, "gopher://nowhere").run([]))


def test_a_worker_of_another_version_plans_nothing(tmp_path: Path) -> None:
    result = plan_remotely(Task(Repository("a/b", "/gone")), supplies(tmp_path, ()), "0.0")

    assert "a worker has version" in result.failed


def test_inventories_keep_their_names_and_bytes(tmp_path: Path) -> None:
    (tmp_path / "many" / "deep").mkdir(parents=True)
    (tmp_path / "many" / "deep" / "a.yaml").write_text("a")
    (tmp_path / "one.json").write_text("{}")
    (tmp_path / "worker").mkdir()

    given = supplies(tmp_path, ("one.json", "many"))
    root = unpacked(tmp_path / "worker", given)

    assert given.names == ("0/one.json", "1/many")
    assert (root / "0/one.json").read_text() == "{}"
    assert (root / "1/many/deep/a.yaml").read_text() == "a"
    assert unpacked(tmp_path / "worker", given) == root


@pytest.fixture
def sleepy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git that hangs, or kills what runs it, the first time: by what the file beside it says."""
    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text(
        f'#!/bin/sh\nif [ -e {tmp_path}/kill ]; then rm {tmp_path}/kill; kill -9 $PPID; fi\nif [ -e {tmp_path}/always ]; then kill -9 $PPID; fi\n[ -e {tmp_path}/hang ] && sleep 30\nPATH=/usr/bin:/bin exec git "$@"\n'
    )
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(fake.parent), prepend=os.pathsep)
    return tmp_path


@pytest.mark.parametrize(("way", "failed"), [("kill", False), ("always", True)])
def test_a_process_that_dies_costs_a_retry(
    sleepy: Path, repositories: list[Path], way: str, failed: bool
) -> None:
    (sleepy / way).touch()

    found = list(LocalPool(sleepy, 1, 60).run(tasks(repositories[2:3], sleepy / "cache")))

    assert [("died, twice" in result.failed, result.transient) for result in found] == [
        (failed, failed)
    ]


def test_a_pool_that_breaks_costs_each_task_a_retry(
    sleepy: Path, repositories: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pebble gives up a pool whose process dies before it has said what it works on."""
    from pebble.pool.process import BrokenProcessPool, PoolManager

    find, died = PoolManager.find_expired_task, []

    def broken(manager: PoolManager, worker: int) -> object:
        died.append(worker)
        if len(died) == 1:
            raise BrokenProcessPool
        return find(manager, worker)

    (sleepy / "kill").touch()
    monkeypatch.setattr(PoolManager, "find_expired_task", broken)
    found = list(LocalPool(sleepy, 2, 60).run(tasks(repositories, sleepy / "cache")))

    assert died
    assert sorted(result.name for result in found) == [f"shop/{path.stem}" for path in repositories]
    assert [result.failed for result in found if result.failed] == []


def test_a_process_that_takes_too_long_is_ended(sleepy: Path, repositories: list[Path]) -> None:
    (sleepy / "hang").touch()

    found = list(LocalPool(sleepy, 1, 1.5).run(tasks(repositories[2:3], sleepy / "cache")))

    assert [result.failed for result in found] == ["planning takes more than 0.025 minutes"]
