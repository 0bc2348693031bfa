"""The way of a finding to an edit that is proven: stages, the driver, Services that are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from refactor.plan.driver import make_plan
    from refactor.plan.job import PlanJob, query_of, scan

__all__ = ["PlanJob", "make_plan", "query_of", "scan"]


def __getattr__(name: str) -> Any:
    """Load what is asked for: a scan needs the job and none of the stages."""
    from importlib import import_module

    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(
        import_module(f"refactor.plan.{'driver' if name == 'make_plan' else 'job'}"), name
    )
