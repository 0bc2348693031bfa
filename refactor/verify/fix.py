"""A plan of what is certain: the namespace to add, the port that has moved; proven as any other."""

from __future__ import annotations

from refactor.inventory import Inventory
from refactor.inventory.parts import Meta
from refactor.inventory.records import Service, ServicePort, ServiceSpec
from refactor.model import Plan, ServiceRef
from refactor.plan.charts.names import ChosenName
from refactor.plan.charts.session import Charts
from refactor.plan.driver import plan_of, proven
from refactor.plan.job import PlanJob
from refactor.plan.row import Row
from refactor.plan.world import RunFiles, World
from refactor.scan.tree import TreeScan
from refactor.verify.model import KnownService, Verified
from refactor.verify.run import VerifyResult


def fix(job: PlanJob, charts: Charts, looked: VerifyResult) -> Plan:
    """Return the plan that mends the names whose mending is certain; nothing is written."""
    rows = tuple(_row(one) for one in looked.verification.names if one.fix and _is_editable(one))
    job = job._replace(homes=job.homes.replaced(_with_services(job, looked.services)))
    world = World(job, RunFiles(job.root, looked.files), {}, charts)
    world, rows, proofs = proven(world, rows)
    tree = TreeScan(looked.files, looked.verification.notes, {}, looked.verification.files_read)
    return plan_of(world, tree, rows, proofs)


def _is_editable(one: Verified) -> bool:
    return one.finding.kept is None


def _row(one: Verified) -> Row:
    host = one.host or one.finding.host
    return Row(one.finding, resolution=one.fix, name=ChosenName(host))


def _with_services(job: PlanJob, known: tuple[KnownService, ...]) -> dict[Inventory, Inventory]:
    """Return the inventories with what the repository deploys, which counts as there."""
    own = [_service(one) for one in known if one.ref.namespace and not one.live]
    return {
        inventory: inventory.with_services(
            service for service in own if service.ref not in inventory.services
        )
        for inventory in job.homes.inventories
    }


def _service(one: KnownService) -> Service:
    ports = tuple(
        ServicePort(port.number, port.name, port.protocol, port.target) for port in one.ports
    )
    spec = ServiceSpec(
        cluster_ip="None" if one.headless else "", selector=one.selector, ports=ports
    )
    ref: ServiceRef = one.ref
    return Service("v1", Meta(ref.name, ref.namespace), spec)
