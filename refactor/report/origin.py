"""What a plan rests on, in words: inventories and their age, namespace, commit, settings."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from refactor.model import Origin, Plan

_OLD = datetime.timedelta(hours=24)
_COMMIT = 12


def facts(plan: Plan) -> Iterator[tuple[str, str, bool]]:
    """Yield each fact with its name, and whether it is a reason for care."""
    basis = plan.basis
    yield from (("inventory", *_origin(origin, plan)) for origin in basis.origins)
    if basis.made and not basis.origins:
        yield "inventory", "none: no address can be resolved", True
    if basis.namespace:
        yield "namespace", basis.namespace, False
    if basis.commit:
        yield "commit", basis.commit[:_COMMIT], False
    if basis.made:
        yield "settings", basis.settings or "none (defaults)", False
    made = f" on {moment(basis.made)}" if basis.made else ""
    yield "made by", f"refactor {plan.tool_version}{made}", False


def _origin(origin: Origin, plan: Plan) -> tuple[str, bool]:
    spaces = f", namespaces {', '.join(origin.namespaces)}" if origin.namespaces else ""
    if origin.taken is None:
        when = "" if origin.name.startswith("cluster ") else ", age unknown"
        return f"{origin.name}{when}{spaces}", False
    verb = "taken" if origin.stated else "file of"
    old = (plan.basis.made or origin.taken) - origin.taken
    told = f"{origin.name}, {verb} {moment(origin.taken)}{_age(old)}{spaces}"
    if old > _OLD:
        return f"{told}: export it again before you apply; pod IPs change", True
    return told, False


def _age(old: datetime.timedelta) -> str:
    hours = int(old.total_seconds() // 3600)
    if hours < 1:
        return ""
    number, unit = (hours, "hour") if hours < 48 else (hours // 24, "day")
    return f" ({number} {unit}{'' if number == 1 else 's'} old)"


def moment(time: datetime.datetime) -> str:
    """Return a time in UTC, to the minute."""
    return f"{time.astimezone(datetime.UTC):%Y-%m-%d %H:%M} UTC"
