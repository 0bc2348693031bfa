"""A campaign on this machine, as a user would run it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.campaign.scene import Scene

ROOT = Path(__file__).parent.parent.parent


class Ran(NamedTuple):
    code: int
    events: list[dict[str, Any]]
    out: str
    err: str

    def states(self) -> dict[str, str]:
        return {e["repository"]: e["state"] for e in self.events if e["event"] == "state"}


@pytest.fixture
def campaign(tmp_path: Path) -> Callable[..., Ran]:
    """Run `refactor campaign COMMAND FILE`, with its clones below the test's directory."""

    def run(command: str, file: Path, *words: str, json_lines: bool = True, **env: str) -> Ran:
        cache = ("--cache", str(tmp_path / "cache")) if command != "status" else ()
        lines = ("--json-lines",) if json_lines and command != "status" else ()
        ran = subprocess.run(
            [sys.executable, "-m", "refactor", "campaign", command, str(file), *cache, *lines, *words],
            env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path), **env},
            capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        events = (
            [json.loads(line) for line in ran.stdout.splitlines()]
            if lines and ran.returncode != 2
            else []
        )
        return Ran(ran.returncode, events, ran.stdout, ran.stderr)

    return run


def standing(file: Path, why: str = "reason") -> dict[str, tuple[str, str]]:
    """Where each repository stands, and why, from the state file."""
    with sqlite3.connect(file.with_name(file.stem + ".state.db")) as db:
        return {
            name: (state, reason)
            for name, state, reason in db.execute(
                f"SELECT name, state, {why} FROM repositories ORDER BY name"
            )
        }


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setenv("T", "canary-7c1f3a9e")
    made = Scene(tmp_path)
    monkeypatch.setattr(
        "refactor.campaign.start.connect",
        lambda spec, _: None if spec.kind == "git" else made.forge,
    )
    return made


@pytest.fixture
def web(scene: Scene) -> Scene:
    """One repository whose pull request is open."""
    scene.add("shop/web")
    scene.write()
    assert scene.do() == {"shop/web": "open"}
    return scene
