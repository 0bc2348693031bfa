"""Which Helm this machine has."""

from __future__ import annotations

from typing import Literal as OneOf

from refactor.helm import binary, package
from refactor.helm.engine import Engine, NoEngine


def find_engine(only: OneOf["package", "binary", ""] = "") -> Engine | NoEngine:
    """Return the Helm engine of this machine, or why there is none.

    The package comes first: who has it asked for it, and it renders in milliseconds.
    """
    reasons = []
    for name, start in (("package", package.start), ("binary", binary.start)):
        if only in (name, ""):
            engine = start()
            if not isinstance(engine, NoEngine):
                return engine
            reasons.append(engine.reason)
    return NoEngine("; ".join(reasons))


def engine_name() -> str:
    """Return which Helm this machine has, or why it has none, for people."""
    engine = find_engine()
    if isinstance(engine, NoEngine):
        return engine.reason
    engine.close()
    return engine.name
