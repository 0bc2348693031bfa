"""Mappings of the settings to Services that nothing makes: docs/semantics.md, section 6, step 1."""

from __future__ import annotations

import re
from collections.abc import Iterable

from refactor.inventory import Inventory
from refactor.model import ServiceRef
from refactor.plan.charts.session import Charts
from refactor.plan.job import PlanJob
from refactor.plan.reading import with_readers
from refactor.settings.document import SettingsDocument

_SERVICE = re.compile(rb"\bkind[\"']?\s*:\s*[\"']?Service\b")


def refuse_unmade(
    document: SettingsDocument, job: PlanJob, inventories: Iterable[Inventory]
) -> None:
    """Refuse a mapping to a Service that neither a cluster nor the repository has.

    Raises:
        RefactorError: there is one, with its line.
    """
    known = [one for one in inventories if one.services]
    if not known:  # there are mappings alone: they are all that is known
        return
    for number, mapping in enumerate(job.settings.mappings):
        ref = ServiceRef.read(mapping.service)
        if any(one.has_service(ref) for one in known) or _is_made(job, ref):
            continue
        message = f"Service `{mapping.service}` is neither in the inventory nor in the repository"
        document.refuse(("mappings", number, "service"), message, "correct its name")


def _is_made(job: PlanJob, ref: ServiceRef) -> bool:
    """Say whether the repository makes a Service; what a chart makes depends on its release."""
    with Charts(job.root, job.settings, job.homes.of("").namespace) as charts:
        if charts.all:
            return True
        made = with_readers(job, charts).homes.repository.deployed(_SERVICE)
        return any(
            one.kind == "Service" and (one.namespace, one.name) == (ref.namespace, ref.name)
            for one in made
        )
