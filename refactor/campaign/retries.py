"""Asking a forge again: with growing pauses, as long as it says, and not for ever."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from refactor.campaign.extra import needed
from refactor.campaign.forge.base import Forge, ForgeError

_T = TypeVar("_T")

_ATTEMPTS = 5
_PATIENCE = 60.0
"""Seconds that a run waits for a forge; what takes longer is parked until another run."""


class Steady:
    """A forge that is asked again where that helps.

    Attributes:
        forge: the forge.
    """

    def __init__(self, forge: Forge) -> None:
        self.forge = forge

    def ask(self, question: Callable[[Forge], _T]) -> _T:
        """Return a forge's answer; what writes first looks whether it was done before."""
        stamina = needed("stamina")
        # It would print a bare line for each wait; what matters is told at the end of it.
        stamina.instrumentation.set_on_retry_hooks([])
        for attempt in stamina.retry_context(
            on=_again, attempts=_ATTEMPTS, timeout=_PATIENCE * 3, wait_initial=0.2, wait_max=20
        ):
            with attempt:
                return question(self.forge)
        raise AssertionError


def _again(error: Exception) -> Any:
    """Say whether, or after how many seconds, a request is worth another try."""
    if not isinstance(error, ForgeError) or error.wait is None or error.wait > _PATIENCE:
        return False
    return error.wait or True
