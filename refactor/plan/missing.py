"""The Services that findings lack: drafted, placed, and counted on from then on (section 4)."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from refactor import addresses
from refactor.charted.session import Charts
from refactor.helm.tree import Tree
from refactor.inventory import Inventory
from refactor.inventory.records import Service
from refactor.model import (
    Finding,
    MissingService,
    NewFile,
    NewService,
    Refusal,
    ServiceRef,
    WorkloadRef,
)
from refactor.plan.job import Job, rests_on
from refactor.plan.row import Row
from refactor.plan.services.chart import place_in_chart
from refactor.plan.services.draft import Draft, draft, draft_ports
from refactor.plan.services.made import Placed, record_of, reported
from refactor.plan.services.manifests import Manifests
from refactor.plan.services.ports import add_ports
from refactor.plan.services.raw import place_raw

ASKED = "asked"
"""Stands for the findings of other repositories among the fingerprints that need a Service."""


class Filled(NamedTuple):
    """What a plan does about Services that are missing.

    Attributes:
        job: the plan's, whose inventories have the Services now.
        services: to make, or to extend, each with its files and edits.
        refused: why none can be made, by fingerprint.
    """

    job: Job
    services: tuple[Placed, ...] = ()
    refused: Mapping[str, str] = {}


class _Wanted(NamedTuple):
    finding: Finding | None
    missing: MissingService
    inventory: Inventory


def fill(job: Job, wanting: Iterable[Row], charts: Charts) -> Filled:
    """Return the Services that rows lack, and where they go."""
    groups: defaultdict[tuple[int, WorkloadRef, ServiceRef | None], list[_Wanted]]
    groups = defaultdict(list)
    asked = [(None, missing, job.homes.of("").inventory) for missing in job.asked]
    found = [
        (row.finding, row.resolution, job.homes.of(row.finding.file).inventory)
        for row in wanting
        if isinstance(row.resolution, MissingService)
    ]
    for want in (_Wanted(*given) for given in (*found, *asked)):
        key = (id(want.inventory), want.missing.workload, want.missing.extend)
        groups[key].append(want)
    if not groups:
        return Filled(job)
    filler = _Filler(job, charts)
    for group in groups.values():
        filler.add(group)
    return filler.filled()


class _Filler:
    def __init__(self, job: Job, charts: Charts) -> None:
        self._job = job
        self._charts = charts
        self._tree = Tree(job.root)
        files = charts.files
        rested = rests_on(job)
        self._manifests = Manifests(
            (f for f in files if f not in rested and not charts.tops(f)), self._tree.read
        )
        self._placed: list[Placed] = []
        self._records: dict[Inventory, list[Service]] = {}
        self._refused: dict[str, str] = {}

    def add(self, group: Sequence[_Wanted]) -> None:
        """Draft and place what one workload lacks."""
        inventory = group[0].inventory
        now = inventory.with_services(self._records.get(inventory, ()))
        marks = tuple(
            dict.fromkeys(want.finding.fingerprint if want.finding else ASKED for want in group)
        )
        asked = [want.missing for want in group]
        if asked[0].extend:
            found = self._extend(asked, now, marks)
        else:
            drafted = draft(asked, now)
            if isinstance(drafted, Refusal):
                self._refused |= dict.fromkeys(marks, drafted.why)
                return
            second = any(_second_family(want) for want in group)
            found = self._place(replace(drafted, dual_stack=second), now, marks)
        if found is None or (marks == (ASKED,) and not found.service.file):
            return
        assumed = self._job.settings.assume_services or found.record.ref in self._job.assumed
        there = found.service.file or assumed
        if there:
            self._records.setdefault(inventory, []).append(found.record)
        self._placed.append(found)

    def filled(self) -> Filled:
        """Return all of it."""
        moved = {old: old.with_services(records) for old, records in self._records.items()}
        return Filled(
            self._job._replace(homes=self._job.homes.replaced(moved)),
            tuple(self._placed),
            self._refused,
        )

    def _extend(
        self, asked: Sequence[MissingService], inventory: Inventory, marks: tuple[str, ...]
    ) -> Placed | None:
        service = inventory.services.get(asked[0].extend or ServiceRef("", ""))
        workload = inventory.workloads.get(asked[0].workload)
        if service is None or workload is None:
            self._refused |= dict.fromkeys(marks, "the inventory does not hold the workload")
            return None
        dialled = {(want.port, want.protocol) for want in asked}
        ports = tuple(p for p in draft_ports(workload, asked) if (p.number, p.protocol) in dialled)
        taken = {(port.port, port.protocol) for port in service.ports}
        if any((port.port, port.protocol) in taken for port in ports):
            why = f"port {ports[0].port} of Service {service.ref} leads elsewhere"
            self._refused |= dict.fromkeys(marks, why)
            return None
        names = {port.name for port in service.ports}
        ports = tuple(
            replace(p, name=p.name if p.name not in names else f"tcp-{p.port}") for p in ports
        )
        if service.ports and not all(names):
            why = f"the one port of Service {service.ref} has no name, and two ports need names"
            self._refused |= dict.fromkeys(marks, why)
            return None
        where = (self._manifests, self._charts, self._tree.read)
        return add_ports(service, workload.ref, ports, where, marks)

    def _place(self, drafted: Draft, inventory: Inventory, marks: tuple[str, ...]) -> Placed:
        if there := self._there(drafted, marks):
            return there
        workload = inventory.workloads[drafted.workload]
        found = place_in_chart(drafted, self._charts, workload.labels, marks)
        if found is None:
            found = place_raw(drafted, self._manifests, self._tree.read, marks)
        if isinstance(found, Placed):
            return found
        told = reported(drafted, marks, found)
        folder = self._job.settings.services_dir
        if not folder:
            return told
        name = f"{drafted.service.namespace}-{drafted.service.name}-service.yaml"
        path = posixpath.join(folder, name)
        if self._tree.read(path) is not None:
            return told
        purpose = f"Service {drafted.service} for {drafted.workload}"
        file = NewFile(path, told.service.manifest, purpose, marks)
        # A file of its own makes nothing: whoever applies it does.
        return told._replace(files=(file,))

    def _there(self, drafted: Draft, marks: tuple[str, ...]) -> Placed | None:
        """The repository may hold the Service, which the inventory does not know yet."""
        service = drafted.service
        for manifest in self._manifests.service(service.name, service.namespace):
            selector = manifest.spec.get("selector")
            if isinstance(selector, dict) and selector.items() <= drafted.selector.items():
                record = record_of(drafted)
                new = NewService(
                    record.ref,
                    drafted.workload,
                    manifest.file,
                    ports=tuple(port.port for port in drafted.ports),
                    extends=True,
                    findings=marks,
                    warnings=("its manifest is here already, and not yet in the cluster",),
                )
                return Placed(new, record)
        return None


def _second_family(want: _Wanted) -> bool:
    """Whether an address is of another family than the first of its pod's, which is the cluster's.

    Source: Kubernetes API, PodStatus: `podIP` is the first of `podIPs`.
    """
    pod = want.inventory.pods.get(f"{want.missing.workload.namespace}/{want.missing.pod}")
    if pod is None or want.finding is None or addresses.zone(want.finding.host) == "name":
        return False
    return any((":" in ip) != (":" in want.finding.host) for ip in pod.ips[:1])
