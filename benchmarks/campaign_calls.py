"""Requests that a campaign sends to a forge: when it opens pull requests, and when nothing moved.

    python -m benchmarks.campaign_calls [REPOSITORIES]

Real git repositories on this disk, and the servers of the tests, which keep state and count. The
plans are made once; each forge then gets the same state.
"""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from refactor.campaign import run as commands
from refactor.campaign import start
from refactor.campaign.campaign_run import RunOptions
from tests.campaign.farm import CLUSTER, bare
from tests.forge.stand_in import TOKEN, serving

_FORGES = {
    "github": ("tests.forge.github_stand_in", "GitHubStandIn"),
    "gitlab": ("tests.forge.gitlab_stand_in", "GitLabStandIn"),
    "gitea": ("tests.forge.gitea_stand_in", "GiteaStandIn"),
    "bitbucket": ("tests.forge.bitbucket_stand_in", "BitbucketStandIn"),
}


class Counted(NamedTuple):
    """Requests of one run, those that write apart."""

    reads: int
    writes: int

    def __str__(self) -> str:
        return f"{self.reads + self.writes} ({self.writes} write)"


class _Pushed(dict[str, str]):
    """Branches of a server that sees no git: whatever is asked for was pushed."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return "a" * 40


def main(number: int) -> None:
    """Print the table for so many repositories."""
    print("| forge | first run | nothing moved | state, bytes a repository |")
    print("| --- | --: | --: | --: |")
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        names = [f"shop/svc-{n:04}" for n in range(number)]
        for n, name in enumerate(names):
            values = f"# {n}\nurl: http://10.42.1.11:8080/api\n".encode()
            bare(root / f"{name}.git", {"config/values.yaml": values})
        _run(root, _file(root, names, "git", ""), "plan")
        shutil.copy(root / "services.state.db", root / "planned.db")
        for kind in _FORGES:
            print(f"| {kind} | {' | '.join(map(str, _of(root, names, kind)))} |", flush=True)


def _of(root: Path, names: list[str], kind: str) -> Iterator[Any]:
    module, name = _FORGES[kind]
    try:
        server = getattr(importlib.import_module(module), name)()
    except ImportError:
        yield from ("-", "-", "-")
        return
    shutil.copy(root / "planned.db", root / "services.state.db")
    with ExitStack() as stack:
        url = stack.enter_context(serving(server))
        for name in names:
            server.add(name)
            server.branches[name] = _Pushed(main="")
        file = _file(root, names, kind, url)
        for _ in range(2):
            server.requests.clear()
            _run(root, file, "run")
            methods = Counter(request.method for request in server.requests)
            reads = methods["GET"]
            yield Counted(reads, methods.total() - reads)
    yield (root / "services.state.db").stat().st_size // len(names)


def _file(root: Path, names: list[str], kind: str, url: str) -> Path:
    listed = "".join(f"{root}/{name}.git\n" for name in names)
    (root / "list.txt").write_text(listed)
    path = root / "services.yaml"
    path.write_text(
        f"name: services\nrepositories: {{file: list.txt}}\n"
        f"forge: {{kind: {kind}{f', url: {url}, token: T' if url else ''}}}\n"
        f"homes: [{{inventories: [{CLUSTER}], namespace: shop}}]\n"
        "pull-request: {labels: [bug]}\nlimits: {per-hour: 0, pause: 0}\n"
    )
    return path


def _run(root: Path, file: Path, command: str) -> None:
    with start.session(file, RunOptions(cache=str(root / "cache")), lambda _: None) as session:
        chosen = start.repositories(session)
        pool = start.executor(session.loaded, "local", "", 2)
        getattr(commands, command)(session, chosen, pool)
        assert not session.states.counts().get("failed"), session.states.rows()[0]


if __name__ == "__main__":
    os.environ["T"] = TOKEN
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
