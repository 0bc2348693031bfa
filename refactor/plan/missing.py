"""The Services that findings lack: drafted, placed, and counted on from then on (section 4)."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from refactor import addresses
from refactor.helm.tree import Tree
from refactor.inventory import Inventory
from refactor.inventory.records import Service
from refactor.model import (
    Finding,
    MissingService,
    NewFile,
    NewService,
    Refusal,
    Resolution,
    ServiceRef,
    WorkloadRef,
)
from refactor.plan.charts.session import Charts
from refactor.plan.job import PlanJob, query_of, rests_on
from refactor.plan.row import Row
from refactor.plan.services.chart import place_in_chart
from refactor.plan.services.draft import Draft, also_selected, draft, draft_ports
from refactor.plan.services.made import Placed, reported
from refactor.plan.services.manifests import Manifests
from refactor.plan.services.own import names_in, own_services
from refactor.plan.services.ports import add_ports
from refactor.plan.services.raw import place_raw
from refactor.plan.services.twins import own_in_chart, switched_off
from refactor.resolve import Options, resolve

ASKED = "asked"
"""Stands for the findings of other repositories among the fingerprints that need a Service."""


class Filled(NamedTuple):
    """What a plan does about Services that are missing.

    Attributes:
        job: the plan's, whose inventories have the Services now.
        services: to make, or to extend, each with its files and edits.
        refused: why none can be made, by fingerprint.
    """

    job: PlanJob
    services: tuple[Placed, ...] = ()
    refused: Mapping[str, str] = {}


class _Wanted(NamedTuple):
    finding: Finding | None
    missing: MissingService
    inventory: Inventory


def fill(job: PlanJob, wanting: Iterable[Row], charts: Charts) -> Filled:
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
    def __init__(self, job: PlanJob, charts: Charts) -> None:
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
        if self._own(group, now, marks):
            return
        if asked[0].extend:
            found = self._extend(asked, now, marks)
        else:
            taken = names_in(self._manifests, asked[0].workload.namespace)
            drafted = draft(asked, now, taken)
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

    def _place(self, drafted: Draft, inventory: Inventory, marks: tuple[str, ...]) -> Placed | None:
        workload = inventory.workloads[drafted.workload]
        if off := switched_off(self._charts, workload):
            self._refused |= dict.fromkeys(marks, off)
            return None
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
        # A file alone creates nothing in the cluster: a person applies it.
        return told._replace(files=(file,))

    def _own(self, group: Sequence[_Wanted], now: Inventory, marks: tuple[str, ...]) -> bool:
        """Use the Services that the repository makes for the workload; say whether it does."""
        inventory, asked = group[0].inventory, group[0].missing
        workload = now.workloads.get(asked.workload)
        if workload is None or asked.extend:
            return False
        found = own_services(workload, self._manifests)
        found += own_in_chart(self._charts, workload)
        found = [
            own
            for own in found
            if own.record.ref not in now.services
            and not also_selected(own.record.selector, workload, now)
        ]
        if not found:
            return False
        records = [own.record for own in found]
        self._records.setdefault(inventory, []).extend(records)
        after = inventory.with_services(self._records[inventory])
        left = []
        for want in group:
            new = self._asked_again(want, after)
            if isinstance(new, MissingService):
                left.append(want._replace(missing=new))
        told = ("its manifest is here already, and not yet in the cluster",)
        self._placed += (
            Placed(
                NewService(
                    own.record.ref,
                    asked.workload,
                    own.file,
                    ports=tuple(port.port for port in own.record.ports),
                    extends=True,
                    findings=marks,
                    warnings=told,
                ),
                own.record,
            )
            for own in found
        )
        if left:
            self.add(left)
        return True

    def _asked_again(self, want: _Wanted, inventory: Inventory) -> Resolution | None:
        if want.finding is None:
            return None
        settings = self._job.settings
        options = Options(ingress=settings.ingress, daemonsets=settings.daemonsets)
        return resolve(query_of(self._job, want.finding), inventory, options)


def _second_family(want: _Wanted) -> bool:
    """Whether an address is of another family than the first of its pod's, which is the cluster's.

    Source: Kubernetes API, PodStatus: `podIP` is the first of `podIPs`.
    """
    pod = want.inventory.pods.get(f"{want.missing.workload.namespace}/{want.missing.pod}")
    if pod is None or want.finding is None or addresses.zone(want.finding.host) == "name":
        return False
    return any((":" in ip) != (":" in want.finding.host) for ip in pod.ips[:1])
