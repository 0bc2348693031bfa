"""The documentation's pages as something to run: their blocks, and a place to run them in.

A comment right before a block says what is special about it:

    <!-- not run: REASON -->    it is not run
    <!-- exits 1 -->            its last command exits so
    <!-- in: shop -->           this page's commands run in a copy of samples/shop, in git;
                                `, without settings` leaves its own out
    <!-- in: campaign -->       they run beside a campaign over three repositories
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.campaign.farm import campaign_file, farm
from tests.live_server import TOKEN
from tests.repositories import commit, git

HERE = Path(__file__).parent.parent
SHOP = HERE / "samples" / "shop"
PAGES = sorted([HERE / "README.md", *(HERE / "docs").rglob("*.md")])
ANYTHING = "[...]"
"""A line of a shown output that stands for any number of lines."""

_BLOCK = re.compile(
    r"(?:^<!-- (?P<said>[^\n]*?) -->\n)?(?:^<!-- [\w-]+ -->\n)?"
    r"^(?P<indent> *)```(?P<info>[^\n`]+)\n(?P<body>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
_IN = re.compile(r"^<!-- in: (\w+)(?P<bare>, without settings)? -->$", re.MULTILINE)
_CONTEXTS = ("prod", "prod-eu", "dev", "dev-eu")

_KUBECTL = """#!/bin/sh
case "$*" in
"get "*" -A -o json") cat "{shop}/cluster.json" ;;
*) echo "the stand-in for kubectl does not know: $*" >&2; exit 1 ;;
esac
"""
# docker run --rm -v DIR:/src[:ro] kube-refactor ARGUMENTS
_DOCKER = """#!/bin/sh
[ "$1 $2 $3 $5" = "run --rm -v kube-refactor" ] || exit 1
cd "${{4%%:*}}" && shift 5 && exec refactor "$@"
"""
# pip install '.[EXTRA,...]', in a checkout: only extras that there are.
_PIP = """#!{python}
import re, sys, tomllib
known = tomllib.load(open("{root}/pyproject.toml", "rb"))["project"]["optional-dependencies"]
asked = re.fullmatch(r"install \\.\\[([a-z,]+)\\]", " ".join(sys.argv[1:]))
sys.exit(not asked or not set(asked[1].split(",")) <= set(known))
"""
_REFACTOR = """#!/bin/sh
PYTHONPATH="{root}" exec "{python}" -m refactor "$@"
"""


class Block(NamedTuple):
    """A fenced block of a page.

    Attributes:
        line: where it begins, from 1.
        info: its language, and what else its first line says.
        body: its text, without the fence's indentation.
        said: the comment before it.
    """

    line: int
    info: str
    body: str
    said: str

    @property
    def is_run(self) -> bool:
        """It holds commands, and nothing says that they are not run."""
        return self.info in ("sh", "console") and not self.said.startswith("not run: ")

    @property
    def code(self) -> int:
        """What its last command exits with."""
        return int(self.said.removeprefix("exits ")) if self.said.startswith("exits ") else 0


def blocks(text: str) -> Iterator[Block]:
    """Yield a page's fenced blocks."""
    for found in _BLOCK.finditer(text):
        body = re.sub(rf"^{found['indent']}", "", found["body"], flags=re.MULTILINE)
        line = text.count("\n", 0, found.start("info")) + 1
        yield Block(line, found["info"].strip(), body, found["said"] or "")


def commands(block: Block) -> list[tuple[str, str | None]]:
    """Return a block's commands, each with the output shown; None where none is."""
    if block.info == "sh":
        return [(block.body, None)]
    found: list[tuple[str, str]] = []
    for line in block.body.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], ""))
        elif found[-1][0].endswith("\\") and not found[-1][1]:
            found[-1] = (f"{found[-1][0]}\n{line}", "")
        else:
            found[-1] = (found[-1][0], f"{found[-1][1]}{line}\n")
    return list(found)


def fits(shown: str, real: str) -> bool:
    """Say whether an output is what a page shows of it."""
    parts = re.split(rf"^{re.escape(ANYTHING)}\n", shown, flags=re.MULTILINE)
    pattern = "(?:.*\n)*?".join(map(re.escape, parts))
    return re.fullmatch(pattern, real) is not None


class Room:
    """A throwaway place to run a page's commands in, as a reader has it before him."""

    def __init__(self, path: Path, cluster: str, page: str) -> None:
        """Prepare it.

        Args:
            path: an empty directory.
            cluster: URL of a cluster's API.
            page: the page's text.
        """
        self._path = path
        checkout = path / "checkout"
        for name in ("samples", "ci", "Dockerfile", "action.yml", ".pre-commit-hooks.yaml"):
            copy = shutil.copytree if (HERE / name).is_dir() else shutil.copy
            checkout.mkdir(exist_ok=True)
            copy(HERE / name, checkout / name)
        found = _IN.search(page)
        self.here = self._place(found[1], bare=bool(found["bare"])) if found else checkout
        self._environment = self._tools() | self._kubeconfig(cluster)

    def run(self, command: str) -> tuple[int, str]:
        """Run a command where the last one left off; return its code, and all that it said."""
        ended = self._path / "ended"
        script = f"trap 'pwd > \"{ended}\"' EXIT\n{command}\n"
        ran = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eu", "-c", script],
            cwd=self.here,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )
        self.here = Path(ended.read_text().strip())
        return ran.returncode, ran.stdout

    def _place(self, name: str, *, bare: bool) -> Path:
        root = self._path / name
        if name == "campaign":
            root.mkdir()
            campaign_file(root, farm(root, [1, 2, 4]))
            return root
        shutil.copytree(HERE / "samples" / name, root)
        if bare:
            (root / ".refactor.yaml").unlink()
        git(root, "init", "-q")
        commit(root)
        git(root, "update-ref", "refs/remotes/origin/main", "HEAD")
        return root

    def _tools(self) -> dict[str, str]:
        tools = self._path / "bin"
        tools.mkdir()
        stand_ins = {"refactor": _REFACTOR, "kubectl": _KUBECTL, "docker": _DOCKER, "pip": _PIP}
        for name, text in stand_ins.items():
            (tools / name).write_text(text.format(shop=SHOP, root=HERE, python=sys.executable))
            (tools / name).chmod(0o755)
        home = self._path / "home"
        home.mkdir()
        (home / ".gitconfig").write_text("[user]\nname=a\nemail=a@example.org\n[init]\ndefaultBranch=main\n")  # fmt: skip
        path = f"{tools}:{Path(sys.executable).parent}:{os.environ['PATH']}"
        return {"PATH": path, "HOME": str(home), "COLUMNS": "88", "LANG": "C.UTF-8"}

    def _kubeconfig(self, cluster: str) -> dict[str, str]:
        told = {
            "apiVersion": "v1", "kind": "Config", "current-context": "prod",
            "clusters": [{"name": "c", "cluster": {"server": cluster}}],
            "users": [{"name": "u", "user": {"token": TOKEN}}],
            "contexts": [{"name": n, "context": {"cluster": "c", "user": "u"}} for n in _CONTEXTS],
        }  # fmt: skip
        path = self._path / "kubeconfig"
        path.write_text(json.dumps(told))
        return {"KUBECONFIG": str(path)}
