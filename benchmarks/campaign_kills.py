"""Kill a campaign at random moments, and see that in the end each repository has one pull request.

    python -m benchmarks.campaign_kills [REPOSITORIES [KILLS [SEED]]]

Real git repositories, made from the sample with variations, on bare remotes of a forge that keeps
its state on disk. Each run is killed (SIGKILL, half of the times with its workers and its git) some
milliseconds after a random one of its events; the last runs to its end. What is there then is
compared with a campaign over the same repositories that nobody killed.
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
from typing import NamedTuple

from tests.campaign.disk_forge import DiskForge
from tests.campaign.farm import branches, campaign_file, farm, git

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


def trial(root: Path, repositories: int, kills: int, seed: int) -> Outcome:
    """Run a campaign to its end over many deaths, and say what came of it."""
    started, luck = time.monotonic(), random.Random(seed)
    (root / "killed").mkdir()
    (root / "whole").mkdir()
    killed = _campaign(root / "killed", repositories)
    whole = _campaign(root / "whole", repositories)
    died: Counter[str] = Counter()
    _die(killed, "plan", luck, luck.randint(1, repositories), died)
    while died.total() < kills:
        # As many of the pull requests as one death's share, or somewhere among the plans.
        share = max(1, 2 * repositories // kills)
        late = repositories + luck.randint(0, share)
        _die(
            killed,
            "run",
            luck,
            late if luck.random() < 0.7 else luck.randint(1, repositories),
            died,
        )
    for file in (killed, whole):
        process = _start(file, "run")
        process.communicate()
        if process.returncode:
            return Outcome(repositories, 0, died, [f"{file}: ended with {process.returncode}"], 0)
    faults = list(_faults(killed.parent, whole.parent))
    return Outcome(
        repositories, len(DiskForge(whole.parent).pulls()), died, faults, time.monotonic() - started
    )


def _campaign(root: Path, repositories: int) -> Path:
    return campaign_file(root, farm(root, range(repositories)), FORGE)


def _start(file: Path, command: str) -> subprocess.Popen[str]:
    words = [
        "campaign",
        command,
        str(file),
        "--json-lines",
        "--cache",
        str(file.parent / "cache"),
        "--workers",
        "2",
    ]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.campaign.disk_forge", str(file.parent), *words],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
        stdout=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def _die(file: Path, command: str, luck: random.Random, after: int, died: Counter[str]) -> None:
    """Run until so many events have been told, and a moment longer; then kill it."""
    process = _start(file, command)
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


def _faults(killed: Path, whole: Path) -> Iterator[str]:
    mine, other = DiskForge(killed), DiskForge(whole)
    pulls = Counter(pull["repository"] for pull in mine.pulls())
    wanted = Counter(pull["repository"] for pull in other.pulls())
    if set(wanted.values()) != {1}:
        yield "even the campaign that nobody killed did not open one each"
    for name in sorted(pulls | wanted):
        if pulls[name] != wanted[name]:
            yield f"{name}: {pulls[name]} pull requests instead of {wanted[name]}"
    if any(pull["state"] != "open" for pull in mine.pulls()):
        yield "a pull request is not open"
    for path in sorted((killed / "shop").glob("*.git")):
        twin = whole / "shop" / path.name
        if branches(path) != branches(twin):
            yield f"{path.name}: branches {branches(path)} instead of {branches(twin)}"
        elif _trees(path) != _trees(twin):
            yield f"{path.name}: its branch holds something else"
        elif int(git("rev-list", "--count", "--branches", at=path)) != len(branches(path)):
            yield f"{path.name}: its branch has more than one commit"


def _trees(path: Path) -> str:
    return git("for-each-ref", "--format=%(refname) %(tree) %(parent)", "refs/heads", at=path)


def main() -> None:
    numbers = [int(word) for word in sys.argv[1:]]
    repositories, kills, seed = (*numbers, *(200, 20, 1)[len(numbers) :])
    with tempfile.TemporaryDirectory() as directory:
        found = trial(Path(directory), repositories, kills, seed)
    print(
        f"{found.repositories} repositories, {found.changed} with something to change, killed {dict(found.kills)}, {found.seconds:.0f} s"
    )
    print(
        "\n".join(found.faults) or "each has one branch with one commit and one open pull request"
    )
    sys.exit(bool(found.faults))


if __name__ == "__main__":
    main()
