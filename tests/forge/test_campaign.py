"""A campaign from the command line over a real Gitea: its organisation listed, pushed to, kept."""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("github")
pytest.importorskip("gitlab")
pytest.importorskip("stamina")
pytest.importorskip("pebble")

from tests.campaign.farm import CLUSTER, variation
from tests.forge.worlds import GiteaWorld
from tests.repositories import commit, git

ROOT = Path(__file__).parent.parent.parent
FILE = """
name: services
repositories: {{groups: [{{name: {group}, topics: [shop]}}]}}
forge: {{kind: gitea, url: "{url}", token: SHOP_TOKEN, user: bot, fork: {fork}}}
homes:
  - inventories: [{cluster}]
    namespace: shop
commit: {{name: bot, email: bot@shop.example}}
pull-request: {{labels: [refactor], title: "{title}"}}
limits: {{per-hour: 0, pause: 0, workers: 1}}
"""
OPEN = ("open", "Call Services by name")
Run = Callable[..., dict[str, str]]


def fill(world: GiteaWorld, number: int, **fields: Any) -> str:
    """Make a repository from the sample, by real git."""
    name = world.add(f"{world.group}/svc-{number}", topics=["shop"], **fields)
    tree = world.home / name
    git(world.home, "clone", "-q", world.server.remote(name), str(tree))
    for path, data in variation(number).items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_bytes(data)
    commit(tree, "Add the sample")
    git(tree, "push", "-q", "origin", "HEAD:main")
    return name


@pytest.fixture
def run(real: GiteaWorld, tmp_path: Path) -> Run:
    """Run the campaign, and return where each repository stands; its token shows up nowhere."""
    file = tmp_path / "services.yaml"
    wrapped = tmp_path / "bin" / "git"
    wrapped.parent.mkdir()
    wrapped.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" >> {tmp_path}/words\nexec {shutil.which("git")} "$@"\n'
    )
    wrapped.chmod(0o755)

    def ran(
        command: str = "run",
        *words: str,
        fork: str = "never",
        title: str = OPEN[1],
        token: str = "",
        room: int = 0,
        refused: str = "",
    ) -> dict[str, str]:
        told = FILE.format(group=real.group, url=real.url, cluster=CLUSTER, fork=fork, title=title)
        file.write_text(told)
        argv = [sys.executable, "-m", "refactor", "campaign", command, str(file), *words]
        env = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "HOME": str(tmp_path),
            "PATH": f"{wrapped.parent}:{os.environ['PATH']}",
            "SHOP_TOKEN": token or real.server.tokens[real.me],
        }
        argv += ["--cache", str(tmp_path / "cache"), "--json-lines"]
        done = subprocess.run(
            argv, env=env, capture_output=True, text=True, check=False,
            preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))) if room else None,
        )  # fmt: skip
        assert done.returncode in ((2,) if refused else (0, 1)), done.stderr
        if refused:
            assert (refused in done.stderr, "Traceback" in done.stderr) == (True, False), (
                done.stderr
            )
        token = real.server.tokens[real.me]
        assert token not in done.stdout + done.stderr
        written = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert tmp_path / "words" in written
        assert [path for path in written if token.encode() in path.read_bytes()] == []
        for line in done.stdout.splitlines():
            json.loads(line)
        status = [
            sys.executable,
            "-m",
            "refactor",
            "campaign",
            "status",
            str(file),
            "--format",
            "json",
        ]
        seen = json.loads(
            subprocess.run(status, env=env, capture_output=True, text=True, check=True).stdout
        )
        return {r["name"].partition("/")[2]: r["state"] for r in seen["members"]}

    return ran


def stand(world: GiteaWorld, name: str) -> list[tuple[str, str]]:
    return [(s.state, s.title) for s in world.seen(name)]


def test_opened_kept_updated_closed_and_merged(real: GiteaWorld, run: Run) -> None:
    names = [fill(real, number) for number in (0, 2, 3)]
    real.add(f"{real.group}/other", topics=["else"])

    assert run("plan") == {"svc-0": "planned", "svc-2": "planned", "svc-3": "nothing to do"}
    assert [stand(real, name) for name in names] == [[], [], []]
    assert run() == {"svc-0": "open", "svc-2": "open", "svc-3": "nothing to do"}
    first = [real.seen(name) for name in names]
    assert [[(s.state, s.title, s.labels) for s in pulls] for pulls in first] == [
        [(*OPEN, frozenset({"refactor"}))]
    ] * 2 + [[]]
    assert run() == {"svc-0": "open", "svc-2": "open", "svc-3": "nothing to do"}
    assert [real.seen(name) for name in names] == first
    # What it changes is the same after a push of others to its base; its title is not.
    real.push(names[0], "main")
    assert run(title="Dial Services") == {
        "svc-0": "open",
        "svc-2": "open",
        "svc-3": "nothing to do",
    }
    assert real.seen(names[0]) == [first[0][0]._replace(title="Dial Services")]

    real.close(names[0], first[0][0].number)
    real.merge(names[1], first[1][0].number)
    assert run() == {"svc-0": "closed", "svc-2": "merged", "svc-3": "nothing to do"}
    assert run() == {"svc-0": "closed", "svc-2": "merged", "svc-3": "nothing to do"}
    assert [stand(real, name) for name in names] == [
        [("closed", "Dial Services")],
        [("merged", "Dial Services")],
        [],
    ]


def test_renamed_archived_and_deleted(real: GiteaWorld, run: Run) -> None:
    names = [fill(real, number) for number in (0, 2, 12, 22)]
    assert run() == dict.fromkeys(("svc-0", "svc-2", "svc-12", "svc-22"), "open")
    opened = [real.seen(name) for name in names]

    real.server.ask("PATCH", f"/repos/{names[0]}", {"name": "renamed"})
    real.server.ask("PATCH", f"/repos/{names[1]}", {"archived": True})
    real.drop(names[2])

    # The state knows it by its new name: its pull request is found, none is opened. Who wrote the
    # title of one that is found is not known, so it stays.
    assert run(title="Dial Services") == {"renamed": "open", "svc-22": "open"}
    assert real.seen(f"{real.group}/renamed") == opened[0]
    assert real.seen(names[1]) == opened[1]


def test_by_a_fork_and_found_after_the_state_is_lost(
    real: GiteaWorld, run: Run, tmp_path: Path
) -> None:
    name = fill(real, 2)

    assert run(fork="always") == {"svc-2": "open"}
    (seen,) = real.seen(name)
    pull = real.server.ask("GET", f"/repos/{name}/pulls/{seen.number}")
    assert pull["head"]["repo"]["full_name"] == "bot/svc-2"
    for path in tmp_path.glob("services.state*"):
        path.unlink()

    assert run(fork="always") == {"svc-2": "open"}
    assert real.seen(name) == [seen]


def rewritten(world: GiteaWorld, name: str) -> None:
    """Make the base's commits anew and push them by force, as whoever purges a secret does."""
    tree = world.home / "rewritten"
    git(world.home, "clone", "-q", world.server.remote(name), str(tree))
    made = git(tree, "commit-tree", "-m", "Anew", "HEAD^{tree}").strip()
    git(tree, "push", "-q", "--force", "origin", f"{made}:refs/heads/main")


def test_what_owners_do_to_it(real: GiteaWorld, run: Run) -> None:
    """Fields edited, "Update branch" pressed, a base pushed by force: nothing of theirs is lost."""
    edited, pressed, forced = (fill(real, number) for number in (0, 2, 12))
    stands = dict.fromkeys(("svc-0", "svc-2", "svc-12"), "open")
    assert run() == stands
    body = real.seen(edited)[0].body
    real.edit(edited, 1, title="OPS-17: use names", body=f"See OPS-17.\n\n{body}")
    real.push(pressed, "main")
    real.server.ask("POST", f"/repos/{pressed}/pulls/1/update?style=merge")
    rewritten(real, forced)

    assert run(title="Dial Services") == stands

    titles = [real.seen(name)[0].title for name in (edited, pressed, forced)]
    assert titles == ["OPS-17: use names", "Dial Services", "Dial Services"]
    assert real.seen(edited)[0].body.startswith("See OPS-17.\n\n")
    tree = real.home / "forced"
    git(real.home, "clone", "-q", real.server.remote(forced), str(tree))
    assert git(tree, "merge-base", "origin/main", "origin/refactor/services") == git(
        tree, "rev-parse", "origin/main"
    )
    assert git(tree, "rev-list", "--count", "origin/refactor/services").strip() == "2"
    pulls = [real.server.ask("GET", f"/repos/{name}/pulls/1") for name in (pressed, forced)]
    assert [pull["mergeable"] for pull in pulls] == [True, True]
    assert [len(real.seen(name)) for name in (edited, pressed, forced)] == [1, 1, 1]


def test_what_goes_wrong_around_it(real: GiteaWorld, run: Run, tmp_path: Path) -> None:
    """A token that was revoked, a disk that is full, a clock that was ahead: states stay."""
    names = [fill(real, number) for number in (0, 2)]
    stands = {"svc-0": "open", "svc-2": "open"}
    assert run() == stands
    opened = [real.seen(name) for name in names]
    real.server.user(f"gone-{real.group}")
    revoked = real.server.tokens.pop(f"gone-{real.group}")
    real.server.command("admin", "user", "delete", "--username", f"gone-{real.group}")

    assert run(token=revoked, refused="password or token (401)") == stands
    assert run(title="Dial", room=4096, refused="the campaign's state cannot be") == stands
    with sqlite3.connect(tmp_path / "services.state.db") as state:
        ahead = time.time() + 400 * 86_400
        state.execute("UPDATE repositories SET parked = ?, opened = ?", (ahead, ahead))
        state.execute("INSERT INTO pauses VALUES (?, 'a limit of the forge')", (ahead,))
    state.close()

    assert [real.seen(name) for name in names] == opened
    assert run(title="Dial Services") == stands
    assert [real.seen(name)[0].title for name in names] == ["Dial Services"] * 2
