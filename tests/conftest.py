"""What every test stands on."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

# How fast a machine is at the moment proves nothing about the program.
settings.register_profile("any-speed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-speed")


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports read as in a pipe, whatever terminal, or pipeline, the tests are run in."""
    for name in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
