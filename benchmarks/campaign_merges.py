"""Kill a campaign over a real Gitea many times, then merge all of it by `campaign merge`.

    python -m benchmarks.campaign_merges [REPOSITORIES [KILLS [SEED [DIRECTORY]]]]

To the repositories of `benchmarks.campaign_kills` it adds pairs: a consumer that lacks a Service,
and the provider that has its workload. When nobody kills it any more, a second person approves each
pull request and a status says that its checks have passed. Then each has to be merged once, as it
was planned, and each provider before its consumer. With a DIRECTORY, pages of Gitea are kept there
as pictures before anything is merged, where Chromium is at hand.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.campaign_kills import ROOT, GiteaPlace, _directories, trial
from tests.campaign.farm import bare, git
from tests.campaign.test_together import deployment
from tests.clusters import deployed, port, text
from tests.forge.gitea_server import GiteaServer, gitea

_PAIRS = 6
_ROUNDS = 4
"""Merges with a run before each: a consumer is made ready once its provider is merged."""


def paired(place: GiteaPlace, server: GiteaServer, root: Path) -> None:
    """Add pairs of a provider and its consumer, on a cluster of their own."""
    objects = [
        one
        for number in range(_PAIRS)
        for one in deployed(f"ledger-{number}", f"10.44.1.{number + 1}", port(8080, "http"))
    ]
    (root / "pairs.json").write_bytes(text(*objects))
    homes = f'homes: [{{repositories: ["*/pair-*"], inventories: [{root}/pairs.json], namespace: shop}}, '
    place.file.write_text(place.file.read_text().replace("homes: [", homes, 1))
    for number in range(_PAIRS):
        url = f"url: http://10.44.1.{number + 1}:8080/api\n".encode()
        made = {
            f"pair-{number}-a-consumer": {"config/values.yaml": url},
            f"pair-{number}-provider": {"deploy/ledger.yaml": deployment(f"ledger-{number}", 8080)},
        }
        for name, files in made.items():
            path = bare(root / "pairs" / f"{name}.git", files)
            told = {"name": name, "default_branch": "main"}
            server.ask("POST", f"/orgs/{root.name}/repos", told)
            git("push", "-q", server.remote(f"{root.name}/{name}"), "main", at=path)


def approve(server: GiteaServer, group: str, names: list[str]) -> None:
    """Approve each open pull request as a second person, and let its checks have passed."""
    for name in names:
        for pull in server.ask("GET", f"/repos/{group}/{name}/pulls?state=open"):
            path, sha = f"/repos/{group}/{name}", pull["head"]["sha"]
            told = {"event": "APPROVED", "body": "Fine.", "commit_id": sha}
            server.ask("POST", f"{path}/pulls/{pull['number']}/reviews", told, user="ann")
            status = {"state": "success", "context": "tests"}
            server.ask("POST", f"{path}/statuses/{sha}", status)


def carried(place: GiteaPlace, command: str) -> list[dict[str, Any]]:
    """Run a command of the campaign, and return its events."""
    words = ["campaign", command, str(place.file), "--json-lines"]
    ran = subprocess.run(
        [sys.executable, "-m", "refactor", *words, "--cache", str(place.file.parent / "cache")],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True, capture_output=True, check=False,
    )  # fmt: skip
    return [json.loads(line) for line in ran.stdout.splitlines()]


def faults(server: GiteaServer, group: str, names: list[str]) -> Iterator[str]:
    """Say what is not as it has to be when all is merged."""
    merged: dict[str, str] = {}
    for name in names:
        pulls = server.ask("GET", f"/repos/{group}/{name}/pulls?state=all")
        states = Counter("merged" if pull["merged"] else pull["state"] for pull in pulls)
        if pulls and states != {"merged": 1}:
            yield f"{name}: {dict(states)}"
        if pulls:
            merged[name] = pulls[0]["merged_at"] or ""
            remote = server.home / "data" / "gitea-repositories" / group / f"{name}.git"
            if git("rev-parse", "main^{tree}", at=remote) != git(
                "rev-parse", f"{pulls[0]['head']['sha']}^{{tree}}", at=remote
            ):
                yield f"{name}: its base is not what was planned"
            if git("rev-list", "--count", "--merges", "main", at=remote) not in ("0", "1"):
                yield f"{name}: merged more than once"
    for number in range(_PAIRS):
        provider, consumer = f"pair-{number}-provider", f"pair-{number}-a-consumer"
        if not "" < merged.get(provider, "") <= merged.get(consumer, ""):
            yield f"{consumer} was merged before {provider}"


def order(events: list[dict[str, Any]]) -> list[str]:
    """Return the repositories in the order in which they were merged."""
    return [e["repository"] for e in events if e["event"] == "state" and e["state"] == "merged"]


def pictures(server: GiteaServer, group: str, folder: Path) -> None:
    """Keep what the owners of a provider, a consumer and a plain repository see."""
    from tests.chromium import browser

    with browser() as opened:
        page = opened.new_page(viewport={"width": 1100, "height": 1500})
        for name in ("pair-0-provider", "pair-0-a-consumer", "svc-0000"):
            page.goto(f"{server.url}/{group}/{name}/pulls/1", wait_until="load")
            page.screenshot(path=str(folder / f"{name}.png"), full_page=True)
            (folder / f"{name}.txt").write_text(page.inner_text("body"))


def told(root: Path, repositories: int, kills: int, seed: int, folder: str) -> list[str]:
    """Do it, and return what is not as it has to be."""
    (root / "gitea").mkdir()
    with gitea(root / "gitea") as server:
        os.environ["T"] = server.tokens["root-user"]
        server.user("ann", "--admin")
        places = []
        for name in _directories(root):
            place = GiteaPlace(server, root / name, repositories)
            paired(place, server, root / name)
            places.append(place)
        found = trial(places[0], places[1], repositories + 2 * _PAIRS, kills, seed)
        print(f"killed {dict(found.kills)}, {found.changed} pull requests, {found.seconds:.0f} s")
        group = (root / "killed").name
        names = [path.stem for path in sorted(places[0].remotes.glob("*.git"))]
        if folder:
            pictures(server, group, Path(folder))
        events = []
        for _ in range(_ROUNDS):
            approve(server, group, names)
            events += carried(places[0], "merge") + carried(places[0], "run")
        listed = order(events)
        print(
            f"merged {len(listed)} in order: {', '.join(n.partition('/')[2] for n in listed[:14])}, ..."
        )
        return [*found.faults, *faults(server, group, names)]


def main() -> None:
    """Print what came of it."""
    words = sys.argv[1:]
    numbers = [int(word) for word in words[:3]]
    repositories, kills, seed = (*numbers, *(60, 20, 1)[len(numbers) :])
    with tempfile.TemporaryDirectory() as directory:
        wrong = told(Path(directory), repositories, kills, seed, "".join(words[3:4]))
    print("\n".join(wrong) or "each was merged once, as it was planned, providers first")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
