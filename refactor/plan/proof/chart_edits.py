"""The edits of one chart as its proof sees them: what is written, and what Helm makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from refactor.helm.cases import Case
from refactor.helm.follow import rendered_texts
from refactor.helm.renders import Renders
from refactor.plan.charts.names import ChosenName
from refactor.plan.edited import EditedFile
from refactor.plan.quoting import readings


class ChartEdits(NamedTuple):
    """The edits of one chart.

    Attributes:
        after: the edited files' new bytes, by path.
        pairs: old text and the ways to read the new, and the finding's fingerprint.
        hosts: the new hosts that are templates, or of the same release, by fingerprint.
        places: the files of those, by fingerprint.
        new: the files that are added: templates of new Services.
        grown: the files in which a Service gains a port.
    """

    after: dict[str, bytes]
    pairs: tuple[tuple[str, str, str], ...]
    hosts: dict[str, ChosenName]
    places: dict[str, str]
    new: frozenset[str]
    grown: frozenset[str]


def edits_of(files: Sequence[EditedFile], new: Mapping[str, bytes]) -> ChartEdits:
    """Return the edits of a chart's files, and the files that are added to it."""
    hosts = {m: host for file in files for m, host in file.hosts.items() if _is_own(host)}
    edits = [edit for file in files for edit in file.change.edits if edit.old]
    return ChartEdits(
        {file.change.path: file.data for file in files} | dict(new),
        tuple((e.old, new, e.finding) for e in edits for new in readings(e.new)),
        hosts,
        {mark: file.change.path for file in files for mark in file.hosts if mark in hosts},
        frozenset(new),
        frozenset(
            file.change.path
            for file in files
            if any(edit.role == "service" for edit in file.change.edits)
        ),
    )


def follows(edited: ChartEdits) -> bool:
    """Whether anything that is written gives another text in another release."""
    templates = any(host.probe or host.port_probe for host in edited.hosts.values())
    return templates or bool(edited.new or edited.grown)


def _is_own(host: ChosenName) -> bool:
    return bool(host.probe or host.port_probe or host.offered)


def given_texts(renders: Renders, case: Case, edited: ChartEdits) -> dict[str, str]:
    """Return what the new templates give in one case."""
    asked = rendered_texts(renders, [case], sorted(_texts(edited)), edited.after)
    return {text: answers[0] for text, answers in asked.items()}


def _texts(edited: ChartEdits) -> set[str]:
    """The templates that are written, and those that name Services."""
    found = (
        text
        for host in edited.hosts.values()
        for text in (host.probe, host.service, host.port_probe)
    )
    return {text for text in found if text}


def lacks_port(
    host: ChosenName, given: Mapping[str, str], services: Mapping[str, tuple[int, ...]]
) -> str:
    """Return how a Service of the release lacks the port that is written; "" where it does not."""
    if host.offered is None:
        return ""
    plain, number = host.offered
    name = given.get(host.service, "") if host.service else plain
    port = given.get(host.port_probe, "") if host.port_probe else str(number)
    offered = [str(one) for one in services.get(name, ())]
    if name not in services or port in offered:
        return ""
    return f"Service {name} has no port {port or 'there'} (it has {', '.join(offered) or 'none'})"


def evaluated(new: str, host: ChosenName | None, given: Mapping[str, str]) -> str:
    """Return what an edit writes as Helm evaluates it."""
    if host is None:
        return new
    if host.probe:
        new = new.replace(host.text, given.get(host.probe, host.text))
    return new.replace(host.port, given.get(host.port_probe, host.port)) if host.port else new
