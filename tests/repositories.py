"""Real git repositories for tests."""

from __future__ import annotations

import subprocess
from pathlib import Path

_WHO = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")


def git(root: Path, *arguments: str) -> str:
    """Run git, and return what it prints."""
    command = ["git", "-C", str(root), *_WHO, "-c", "init.defaultBranch=main", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def commit(root: Path, message: str = "change") -> None:
    """Commit all that stands there."""
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", message)
