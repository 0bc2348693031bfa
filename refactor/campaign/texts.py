"""The texts of a campaign: its branch, commits and pull requests, from their templates."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple

from refactor.campaign import template
from refactor.campaign.forge.parts import BOX, marked
from refactor.campaign.forge.pull_text import fitted
from refactor.campaign.order import Order
from refactor.campaign.repositories import home_of
from refactor.campaign.spec import Campaign
from refactor.campaign.values import Added, Result
from refactor.report.markdown import parted
from refactor.report.receivers import message

_TITLE = 250
_BODY = 65_000
"""Characters that every forge takes: GitHub's limits are 256 and 65,536."""
_GAPS = 4
"""Characters of the blank lines between the parts of a body."""


class Other(NamedTuple):
    """A repository whose Service another one waits for.

    Attributes:
        repository: its name.
        service: `namespace/name`.
        url: of its pull request; "" where there is none yet.
        merged: whether that is merged, or the Service was there before.
    """

    repository: str
    service: str
    url: str
    merged: bool


class Texts(NamedTuple):
    """What one repository's branch, commit and pull request say."""

    branch: str
    message: str
    title: str
    body: str


def texts(campaign: Campaign, result: Result, waits_for: tuple[Other, ...], order: Order) -> Texts:
    """Return the texts for one repository."""
    values = _values(campaign, result) | {
        "waits_for": [other._asdict() for other in waits_for],
        "cycle": list(order.cycle_of(result.name)),
        "needed_by": sorted(
            name
            for name, waits in order.waits.items()
            if result.name in {wait.provider for wait in waits}
        ),
    }
    pull = campaign.pull_request
    told = (
        values | {"report": _changes_of(result)} if values["adds"] and not result.edited else values
    )
    about = template.render(template.ABOUT, values | {"box": BOX}) if pull.footer else ""
    if pull.body:
        first, rest = template.render(pull.body, told), ""
    else:
        top, rest = parted(told["report"])
        first = f"{template.render(template.BODY, told)}\n{top}"
    title = template.render(pull.title or template.TITLE, values)
    return Texts(
        branch=template.render(campaign.branch, values).strip(),
        message=template.render(campaign.commit.message or template.COMMIT, values),
        title=" ".join(title.split())[:_TITLE] or template.CHANGES,
        body=marked(_body(first.strip(), about.strip(), rest.strip())),
    )


def _body(first: str, about: str, rest: str) -> str:
    """Return a body that fits: what a reviewer needs first, what the campaign is, the details."""
    head = "\n\n".join(filter(None, (fitted(first, _BODY - len(about) - _GAPS), about)))
    room = _BODY - len(head) - _GAPS
    return "\n\n".join(filter(None, (head, fitted(rest, room) if rest and room > 0 else "")))


def _values(campaign: Campaign, result: Result) -> dict[str, Any]:
    files = [message(os.fsdecode(file.path)) for file in result.files]
    return {
        "campaign": campaign.name,
        "repository": result.name,
        "base": message(result.base),
        "summary": _summary(result, len(files)),
        "report": result.report,
        "headline": headline(result),
        "adds": [
            {
                "service": message(added.service),
                "ports": _ports(added),
                "extends": added.extends,
                "workload": message(added.workload),
            }
            for added in result.adds
        ],
        "contact": campaign.pull_request.contact,
        # By name: an absolute path tells of the machine that runs the campaign, and helps no owner.
        "inventories": [Path(p).name for p in home_of(campaign.homes, result.name).inventories],
        "found": result.found,
        "edited": result.edited,
        "human": result.human,
        "files": files,
    }


_SHOWN = 3
"""Services that a title names."""


def headline(result: Result) -> str:
    """Return in a line what a pull request does: what it changes, else what it adds."""
    if result.edited or not result.adds:
        return template.CHANGES
    adds = [added for added in result.adds if not added.extends] or [*result.adds]
    if not adds[0].extends and len(adds) == 1:
        return f"Add Service {_name(adds[0])} ({_ports(adds[0])})"
    if len(adds) == 1:
        return f"Add {_ports(adds[0])} to Service {_name(adds[0])}"
    names = ", ".join(_name(added) for added in adds[:_SHOWN])
    more = f" and {len(adds) - _SHOWN} more" if len(adds) > _SHOWN else ""
    return f"Add {'ports to ' if adds[0].extends else ''}Services {names}{more}"


def _name(added: Added) -> str:
    return message(added.service).rpartition("/")[2]


def _ports(added: Added) -> str:
    if not added.ports:
        return "headless"
    return ("ports " if len(added.ports) > 1 else "port ") + ", ".join(map(str, added.ports))


def _summary(result: Result, files: int) -> str:
    many = f"{files} {'file' if files == 1 else 'files'}"
    adds = "; ".join(
        f"Service {message(a.service)} {'gains' if a.extends else 'with'} {_ports(a)}"
        for a in result.adds
    )
    if adds and not result.edited:
        return f"{adds}; {many}."
    addresses = "address" if result.found == 1 else "addresses"
    return f"{result.edited} of {result.found} {addresses}, {many}." + (
        f"\n{adds}." if adds else ""
    )


def _changes_of(result: Result) -> str:
    """Return the report without its counts of addresses, of which there are none."""
    top, rest = parted(result.report)
    parts = (part[start:] for part in (top, rest) if (start := part.find("### ", 1)) > 0)
    return "\n".join(parts)
