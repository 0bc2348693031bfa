"""Kill a campaign at random moments, and see that in the end each repository has one pull request.

    python -m benchmarks.campaign_kills [--gitea] [REPOSITORIES [KILLS [SEED]]]

Real git repositories, made from the sample with variations, on bare remotes of a forge that keeps
its state on disk, or on a real Gitea. Each run is killed (SIGKILL, half of the times with its workers
and its git) some milliseconds after a random one of its events; the last runs to its end. What is
there then is compared with a campaign over the same repositories that nobody killed.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from tests.campaign.disk_forge import DiskForge
from tests.campaign.farm import CLUSTER, branches, campaign_file, farm, git
from tests.forge.gitea_server import GiteaServer, gitea

ROOT = Path(__file__).parent.parent
FORGE = 'forge: {kind: gitea, url: "http://forge.example", token: T}\n'


class Outcome(NamedTuple):
    """What was found in the end.

    Attributes:
        repositories: of the campaign.
        changed: that have something to change.
        kills: runs that were killed while they planned, and while they published.
        faults: what is not as it has to be.
        seconds: that all of it took.
    """

    repositories: int
    changed: int
    kills: Counter[str]
    faults: list[str]
    seconds: float


class Place(Protocol):
    """Repositories on a forge, and a campaign over them."""

    file: Path
    remotes: Path
    program: list[str]

    def pulls(self) -> list[tuple[str, str]]:
        """Return the repository, by its short name, and the state of each pull request."""


class DiskPlace:
    """On bare remotes of this disk."""

    def __init__(self, root: Path, repositories: int) -> None:
        self.file = campaign_file(root, farm(root, range(repositories)), FORGE)
        self.remotes = root / "shop"
        self.program = ["-m", "tests.campaign.disk_forge", str(root)]
        self._root = root

    def pulls(self) -> list[tuple[str, str]]:
        found = DiskForge(self._root).pulls()
        return [(pull["repository"].rpartition("/")[2], pull["state"]) for pull in found]


class GiteaPlace:
    """In an organisation of a real Gitea."""

    def __init__(self, server: GiteaServer, root: Path, repositories: int) -> None:
        self._server, self._group = server, root.name
        self.file = root / "services.yaml"
        self.file.write_text(
            f"name: services\nrepositories: {{groups: [{{name: {root.name}}}]}}\n"
            f'forge: {{kind: gitea, url: "{server.url}", token: T, user: root-user}}\n'
            f"homes: [{{inventories: [{CLUSTER}], namespace: shop}}]\n"
            "limits: {per-hour: 0, pause: 0}\n"
        )
        self.remotes = server.home / "data" / "gitea-repositories" / root.name
        self.program = ["-m", "refactor"]
        server.ask("POST", "/orgs", {"username": root.name})
        for path in farm(root, range(repositories)):
            told = {"name": path.stem, "default_branch": "main"}
            server.ask("POST", f"/orgs/{root.name}/repos", told)
            git("push", "-q", server.remote(f"{root.name}/{path.stem}"), "main", at=path)

    def pulls(self) -> list[tuple[str, str]]:
        found = []
        for path in sorted(self.remotes.glob("*.git")):
            name = f"{self._group}/{path.stem}"
            pulls = self._server.ask("GET", f"/repos/{name}/pulls?state=all")
            found += [(path.stem, "merged" if p["merged"] else p["state"]) for p in pulls]
        return found


def trial(killed: Place, whole: Place, repositories: int, kills: int, seed: int) -> Outcome:
    """Run a campaign to its end over many deaths, and say what came of it."""
    started, luck = time.monotonic(), random.Random(seed)
    died: Counter[str] = Counter()
    _die(killed, "plan", luck, luck.randint(1, repositories), died)
    while died.total() < kills:
        # As many of the pull requests as one death's share, or somewhere among the plans.
        late = repositories + luck.randint(0, max(1, 2 * repositories // kills))
        after = late if luck.random() < 0.7 else luck.randint(1, repositories)
        _die(killed, "run", luck, after, died)
    for place in (killed, whole):
        process = _start(place, "run")
        process.communicate()
        if process.returncode:
            fault = f"{place.file}: ended with {process.returncode}"
            return Outcome(repositories, 0, died, [fault], 0)
    changed, faults = len(whole.pulls()), list(_faults(killed, whole))
    return Outcome(repositories, changed, died, faults, time.monotonic() - started)


def _start(place: Place, command: str) -> subprocess.Popen[str]:
    words = ["campaign", command, str(place.file), "--json-lines", "--workers", "2"]
    cache = ["--cache", str(place.file.parent / "cache")]
    return subprocess.Popen(
        [sys.executable, *place.program, *words, *cache],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
        stdout=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def _die(place: Place, command: str, luck: random.Random, after: int, died: Counter[str]) -> None:
    """Run until so many events have been told, and a moment longer; then kill it."""
    process = _start(place, command)
    assert process.stdout is not None
    phase = "planning"
    for number, line in enumerate(process.stdout):
        if json.loads(line).get("state") in ("pushed", "open"):
            phase = "publishing"
        if number == after:
            time.sleep(luck.random() * 0.03)
            break
    if process.poll() is None:
        if luck.random() < 0.5:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        died[phase] += 1
    process.stdout.close()
    process.wait()


def _faults(killed: Place, whole: Place) -> Iterator[str]:
    pulls, wanted = (Counter(name for name, _ in place.pulls()) for place in (killed, whole))
    if set(wanted.values()) != {1}:
        yield "even the campaign that nobody killed did not open one each"
    for name in sorted(pulls | wanted):
        if pulls[name] != wanted[name]:
            yield f"{name}: {pulls[name]} pull requests instead of {wanted[name]}"
    if any(state != "open" for _, state in killed.pulls()):
        yield "a pull request is not open"
    for path in sorted(killed.remotes.glob("*.git")):
        twin = whole.remotes / path.name
        if branches(path) != branches(twin):
            yield f"{path.name}: branches {branches(path)} instead of {branches(twin)}"
        elif _trees(path) != _trees(twin):
            yield f"{path.name}: its branch holds something else"
        elif int(git("rev-list", "--count", "--branches", at=path)) != len(branches(path)):
            yield f"{path.name}: its branch has more than one commit"


def _trees(path: Path) -> str:
    return git("for-each-ref", "--format=%(refname) %(tree) %(parent)", "refs/heads", at=path)


def on_disk(root: Path, repositories: int, kills: int, seed: int) -> Outcome:
    """Do it on bare remotes of this disk."""
    os.environ["T"] = "token"
    killed, whole = (DiskPlace(root / name, repositories) for name in _directories(root))
    return trial(killed, whole, repositories, kills, seed)


def on_gitea(root: Path, repositories: int, kills: int, seed: int) -> Outcome:
    """Do it on a Gitea of its own; `python -m tests.forge.build` builds it."""
    (root / "gitea").mkdir()
    with gitea(root / "gitea") as server:
        os.environ["T"] = server.tokens["root-user"]
        names = _directories(root)
        killed, whole = (GiteaPlace(server, root / name, repositories) for name in names)
        return trial(killed, whole, repositories, kills, seed)


def _directories(root: Path) -> tuple[str, ...]:
    names = ("killed", "whole")
    for name in names:
        (root / name).mkdir()
    return names


def main() -> None:
    words = sys.argv[1:]
    way = on_gitea if words[:1] == ["--gitea"] else on_disk
    numbers = [int(word) for word in words if word != "--gitea"]
    repositories, kills, seed = (*numbers, *(200, 20, 1)[len(numbers) :])
    with tempfile.TemporaryDirectory() as directory:
        found = way(Path(directory), repositories, kills, seed)
    print(
        f"{found.repositories} repositories, {found.changed} with something to change, killed {dict(found.kills)}, {found.seconds:.0f} s"
    )
    print(
        "\n".join(found.faults) or "each has one branch with one commit and one open pull request"
    )
    sys.exit(bool(found.faults))


if __name__ == "__main__":
    main()
