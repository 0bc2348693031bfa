"""What every test stands on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How fast a machine is at the moment proves nothing about the program.
settings.register_profile("any-speed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-speed")

QUICK = frozenset({
    "test_addresses", "test_addresses_bars", "test_addresses_pairs", "test_floors", "test_judge",
    "test_matcher", "test_pairing", "test_resolve", "test_resolve_services", "test_rewrite",
    "test_roles", "test_rules", "test_scan_kinds", "test_scan_python", "test_scan_template",
    "test_scan_text", "test_scan_yaml", "test_settings", "test_source", "test_style", "test_view",
})  # fmt: skip
"""Files of tests without git, Helm or a browser: `pytest -m quick` runs them within a minute."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With `-m quick`, leave the other files alone: to import them all takes half a minute."""
    stem = collection_path.stem
    asked = config.option.markexpr == "quick" and collection_path.suffix == ".py"
    return True if asked and stem.startswith("test_") and stem not in QUICK else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of the quick files."""
    for item in items:
        if item.path.stem in QUICK:
            item.add_marker(pytest.mark.quick)


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports read as in a pipe, whatever terminal, or pipeline, the tests are run in."""
    for name in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True, scope="session")
def own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The key of journals lies in the tests' own directory, not in the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield
