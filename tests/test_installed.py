"""The names of the command, and an installation that another distribution has overwritten."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from refactor import __version__

ROOT = Path(__file__).parent.parent


def run(*words: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    code = "from refactor.cli import main; main()"
    places = [str(place) for place in (path, ROOT) if place]
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(places)},
        cwd="/", capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_every_name_of_the_command_is_the_same_program() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    assert project["scripts"] == dict.fromkeys(
        ("refactor", "kube-refactor", "kubectl-refactor"), "refactor.cli:main"
    )


@pytest.mark.parametrize(
    ("name", "version", "told"),
    [
        pytest.param("refactor", "0.6.3", "the distribution refactor 0.6.3 is installed too", id="rival"),
        pytest.param("kube-refactor", "0.0.9", f"pip installed version 0.0.9, and version {__version__} runs", id="other-version"),
        pytest.param("kube-refactor", __version__, "", id="the-same"),
        pytest.param("refactory", "1", "", id="other-name"),
    ],
)  # fmt: skip
def test_the_version_notices_what_is_not_its_own(
    tmp_path: Path, name: str, version: str, told: str
) -> None:
    metadata = tmp_path / f"{name.replace('-', '_')}-{version}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")

    ran = run("--version", path=tmp_path)

    assert (ran.returncode, ran.stdout) == (0, f"refactor, version {__version__}\n")
    assert told in ran.stderr
    assert bool(ran.stderr) == bool(told)


def test_an_overwritten_package_is_one_line(tmp_path: Path) -> None:
    package = tmp_path / "refactor"
    shutil.copytree(ROOT / "refactor", package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "__init__.py").write_text("from refactor.core import Session\n")
    (package / "core.py").write_text("class Session: ...\n")

    for words in (["--version"], ["scan"]):
        ran = run(*words, path=tmp_path)
        assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
        assert "another distribution's" in ran.stderr
