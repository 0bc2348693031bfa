"""What is installed is pinned: all of it, by version and by the hash of each file."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)")
_EXTRAS = ("campaign", "dask", "dev", "docs", "helm", "live")


def normal(name: str) -> str:
    """PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked() -> dict[str, list[str]]:
    """Return the pins with the lines that follow each."""
    found: dict[str, list[str]] = {}
    for line in (TOP / ".ci/requirements.lock").read_text().splitlines():
        if pin := _PIN.match(line):
            lines = found.setdefault(normal(pin[1]), [])
            lines.append(pin[2])
        elif not line.startswith("#"):
            lines.append(line)
    return found


def constrained() -> dict[str, str]:
    lines = (TOP / ".ci/constraints.txt").read_text().splitlines()
    return {normal(pin[1]): pin[2] for line in lines if (pin := _PIN.match(line))}


def required() -> list[str]:
    project = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    asked = [*project["dependencies"], *(one for name in _EXTRAS for one in extras[name])]
    return [one for one in asked if not one.startswith(project["name"])]


@pytest.mark.parametrize("requirement", required())
def test_each_requirement_is_locked(requirement: str) -> None:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)

    assert name
    assert normal(name[0]) in locked(), "run .ci/lock"


def test_each_pin_has_hashes() -> None:
    for name, lines in locked().items():
        assert any("--hash=sha256:" in line for line in lines), name


def test_the_lock_is_of_the_versions_that_the_tests_last_passed_with() -> None:
    lock = locked()

    for name, version in constrained().items():
        assert version in lock.get(name, [version]), f"{name}: run .ci/lock"


@pytest.mark.parametrize("requirement", required())
def test_the_package_itself_asks_for_ranges(requirement: str) -> None:
    """A floor, and nothing above it: a library that pins breaks those that it is installed with."""
    stubs = requirement.startswith("types-")
    assert stubs or re.fullmatch(
        r"[\w.-]+(?:\[[\w,]+\])?>=\d+(?:\.\d+)*", requirement.partition(";")[0]
    )


def test_nothing_is_fetched_from_elsewhere() -> None:
    text = (TOP / ".ci/requirements.lock").read_text()

    assert "://" not in text
    assert " @ " not in text
