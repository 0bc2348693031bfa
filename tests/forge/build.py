"""Builds Gitea from its sources, once, into a cache folder, with the templates it needs to run.

    python -m tests.forge.build && pytest -n 0 tests/forge

Needs Go (see gitea/go.mod for its version), its module proxy, and a C compiler for SQLite; on two
cores it takes two minutes. The folder is $REFACTOR_FORGE_BIN, else `refactor-forge/bin` in the
user's cache.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent / "gitea"
MODULE = "code.gitea.io/gitea"
FILES = ("options", "templates", "public")


def folder() -> Path:
    """Where the program is, beside the files that it reads."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("REFACTOR_FORGE_BIN") or Path(cache, "refactor-forge/bin"))


def missing() -> list[str]:
    """What is not built yet."""
    return [] if os.access(folder() / "gitea", os.X_OK) else ["gitea"]


def build() -> None:
    """Build what is missing."""
    if not missing():
        return
    folder().mkdir(parents=True, exist_ok=True)
    go = {**os.environ, "CGO_ENABLED": "1"}
    # Its module comes without the packed files, so it reads them from the disk.
    where = ["go", "list", "-m", "-f", "{{.Dir}}", MODULE]
    subprocess.run(["go", "mod", "download", MODULE], cwd=HERE, check=True)
    sources = subprocess.run(where, cwd=HERE, check=True, capture_output=True, text=True).stdout
    for name in FILES:
        target = folder() / "share" / name
        shutil.copytree(Path(sources.strip(), name), target, dirs_exist_ok=True)
    subprocess.run(["chmod", "-R", "u+w", folder() / "share"], check=True)
    print("building gitea", flush=True)
    argv = ["go", "build", "-buildvcs=false", "-trimpath", "-ldflags=-s -w"]
    tags = ["-tags=sqlite,sqlite_unlock_notify"]
    subprocess.run([*argv, *tags, "-o", folder() / "gitea", MODULE], cwd=HERE, check=True, env=go)


if __name__ == "__main__":
    build()
