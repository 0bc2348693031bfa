"""Who calls whom, before and after: the plan as calls, few enough to be looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from refactor.model import Outcome
from refactor.report.groups import IndexedPlan, State
from refactor.report.words import address, clean

OPEN = "?"
"""Stands for the Service of an address that needs review."""


class Call(NamedTuple):
    """Addresses in one caller that stand for one Service.

    Attributes:
        address: what is dialled now.
        caller: the workload, or the file, that dials.
        service: what will be dialled; `OPEN` where that is not known yet.
        number: how often it stands there.
    """

    address: str
    caller: str
    service: str
    number: int


class Folded(NamedTuple):
    """Calls of which each column has few enough names.

    Attributes:
        calls: between the names that are shown.
        names: what each name stands for, where it is several: how many.
    """

    calls: tuple[Call, ...]
    names: Mapping[str, int]


def calls(reading: IndexedPlan) -> tuple[Call, ...]:
    """Return every call of a plan that changes or needs review, the most frequent first."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for outcome in reading.plan.outcomes:
        state = reading.state(outcome)
        if state != "kept":
            key = (clean(address(outcome)), _caller(outcome), _service(reading, outcome, state))
            counts[key] += 1
    return tuple(Call(*key, number) for key, number in counts.most_common())


def fold(found: Sequence[Call], most: int) -> Folded:
    """Return calls with no more names in a column than can be read.

    Addresses are put together by the Service they stand for, callers by their namespace or
    directory; what is still too many is put together as the rest.
    """
    names: dict[str, int] = {}
    for column, group in (
        ("address", _by_service(found)),
        ("caller", _by_place),
        ("service", None),
    ):
        found = _fold_column(found, column, most, group, names)
    merged: Counter[tuple[str, str, str]] = Counter()
    for call in found:
        merged[call[:3]] += call.number
    return Folded(tuple(Call(*key, number) for key, number in merged.most_common()), names)


def _caller(outcome: Outcome) -> str:
    """Return who dials: the workload that a chart's value reaches, the object, or the file."""
    if outcome.reaches:
        return clean(outcome.reaches[0].partition(",")[0])
    document = outcome.finding.document
    if document and document.kind and document.name:
        place = f"{document.namespace}/" if document.namespace else ""
        return clean(f"{document.kind} {place}{document.name}")
    return clean(outcome.finding.file)


def _service(reading: IndexedPlan, outcome: Outcome, state: State) -> str:
    return clean(reading.service(outcome) if state == "changed" else "") or OPEN


def _by_service(found: Iterable[Call]) -> Callable[[str], str]:
    homes = {call.address: call.service for call in reversed([*found])}
    return lambda address: homes.get(address, address)


def _by_place(caller: str) -> str:
    """`Deployment shop/web` goes to `shop`, `services/web/app.py` to `services/web`."""
    _, space, name = caller.partition(" ")
    if space and "/" in name:
        return f"namespace {name.partition('/')[0]}"
    return f"{caller.rpartition('/')[0]}/" if "/" in caller else caller


def _fold_column(
    found: Sequence[Call],
    column: str,
    most: int,
    group: Callable[[str], str] | None,
    names: dict[str, int],
) -> Sequence[Call]:
    weights: Counter[str] = Counter()
    for call in found:
        weights[getattr(call, column)] += call.number
    if len(weights) <= most:
        return found
    new = {name: name for name in weights}
    if group is not None:
        members: dict[str, list[str]] = {}
        for name in weights:
            members.setdefault(group(name), []).append(name)
        for key, each in members.items():
            title = _title(each) if column == "address" else key
            if len(each) > 1:
                names[title] = len(each)
                new.update(dict.fromkeys(each, title))
    new = _with_rest(new, weights, most, names)
    renamed = ((call, new[str(getattr(call, column))]) for call in found)
    return [call._replace(**{column: name}) for call, name in renamed]  # type: ignore[arg-type]


def _title(members: Sequence[str]) -> str:
    return f"{members[0]} and {len(members) - 1} more"


def _with_rest(
    new: dict[str, str], weights: Mapping[str, int], most: int, names: dict[str, int]
) -> dict[str, str]:
    """Put the lightest names together, where there are still too many."""
    heavy: Counter[str] = Counter()
    for name, shown in new.items():
        heavy[shown] += weights[name]
    if len(heavy) <= most:
        return new
    kept = {shown for shown, _ in heavy.most_common(most - 1)} | ({OPEN} & heavy.keys())
    rest = [name for name, shown in new.items() if shown not in kept]
    title = f"{len(rest)} others"
    names[title] = len(rest)
    return {name: title if name in set(rest) else shown for name, shown in new.items()}
