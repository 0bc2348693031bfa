"""The texts of a campaign: its branch, commits and pull requests, from their templates."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from refactor.campaign import template
from refactor.campaign.order import Order
from refactor.campaign.spec import Campaign
from refactor.campaign.values import Result
from refactor.report.receivers import message

_TITLE = 250
_BODY = 65_000
"""Characters that every forge takes: GitHub's limits are 256 and 65,536."""


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
    """Return the texts for one repository.

    Args:
        campaign: its templates.
        result: its plan.
        waits_for: the repositories that it waits for.
        order: of the campaign.

    Raises:
        RefactorError: a template fails with these values.
    """
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
    title = template.render(pull.title or template.TITLE, values)
    return Texts(
        branch=template.render(campaign.branch, values).strip(),
        message=template.render(campaign.commit.message or template.COMMIT, values),
        title=" ".join(title.split())[:_TITLE] or template.TITLE,
        body=template.render(pull.body or template.BODY, values).strip()[:_BODY] + "\n",
    )


def _values(campaign: Campaign, result: Result) -> dict[str, Any]:
    files = [message(os.fsdecode(file.path)) for file in result.files]
    addresses = "address" if result.found == 1 else "addresses"
    return {
        "campaign": campaign.name,
        "repository": result.name,
        "base": message(result.base),
        "summary": f"{result.edited} of {result.found} {addresses}, {len(files)} "
        f"{'file' if len(files) == 1 else 'files'}.",
        "report": result.report,
        "found": result.found,
        "edited": result.edited,
        "human": result.human,
        "files": files,
    }
