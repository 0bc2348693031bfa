"""A missing Service as a value: what it is named, what it selects, which ports it has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from refactor.inventory import Inventory
from refactor.inventory.parts import ContainerPort
from refactor.inventory.workloads import StatefulSet, Workload
from refactor.model import MissingService, Refusal, ServiceRef, Value, WorkloadRef
from refactor.plan.services.naming import environment_prefix, port_name, service_label

# What changes from one rollout to the next must not select: docs/semantics.md, section 5.
_CHANGING = frozenset(
    {
        "pod-template-hash",
        "controller-revision-hash",
        "pod-template-generation",
        "statefulset.kubernetes.io/pod-name",
        "apps.kubernetes.io/pod-index",
        "job-name",
        "helm.sh/chart",
        "chart",
        "heritage",
        "version",
        "app.kubernetes.io/version",
        "app.kubernetes.io/managed-by",
    }
)


class DraftPort(Value, frozen=True):
    """One port of a Service to make.

    Attributes:
        name: unique in the Service.
        port: what clients dial.
        target: the container port's name, or its number where it has none.
        number: the container port's number.
        protocol: "TCP", "UDP" or "SCTP".
    """

    name: str
    port: int
    target: str | int
    number: int
    protocol: str = "TCP"


class Draft(Value, frozen=True):
    """A Service to make.

    Attributes:
        service: its identity.
        workload: what it is for.
        selector: the labels of the workload's pods.
        ports: at least one, but for a headless Service.
        headless: it governs a StatefulSet (`clusterIP: None`).
        dual_stack: it is dialled by an address of the cluster's second family, and needs both.
        warnings: what a human should know of it.
    """

    service: ServiceRef
    workload: WorkloadRef
    selector: dict[str, str]
    ports: tuple[DraftPort, ...]
    headless: bool = False
    dual_stack: bool = False
    warnings: tuple[str, ...] = ()


def _refused(why: str) -> Refusal:
    return Refusal("services", "missing-service", why)


def draft(
    missing: Sequence[MissingService], inventory: Inventory, taken: Iterable[str] = ()
) -> Draft | Refusal:
    """Return the Service that a workload lacks, under none of the names taken."""
    ref = missing[0].workload
    workload = inventory.workloads.get(ref)
    if workload is None:
        return _refused("the inventory does not hold the workload, so not its labels either")
    selector = _selector(workload)
    if not selector:
        return _refused("its pods carry no labels that stay from one rollout to the next")
    others = also_selected(selector, workload, inventory)
    if others:
        return _refused(f"its labels select {others[0]} too; give it one of its own")
    ports = draft_ports(workload, missing)
    if not ports:
        return _refused("no container declares a port and none was dialled")
    return _assemble(workload, selector, ports, inventory, taken)


def draft_ports(workload: Workload, missing: Iterable[MissingService]) -> tuple[DraftPort, ...]:
    """Return the ports of a workload's Service: those its containers declare and those dialled."""
    declared = {(port.container_port, port.protocol): port for port in workload.template.spec.ports}
    for want in missing:
        key = (want.port or 0, want.protocol)
        if want.port and key not in declared:
            declared[key] = ContainerPort(container_port=want.port, protocol=want.protocol)
    ports: list[DraftPort] = []
    for (number, protocol), port in declared.items():
        name = port_name(number, port.name, protocol, {other.name for other in ports})
        ports.append(DraftPort(name, number, port.name or number, number, protocol))
    return tuple(ports)


def _assemble(
    workload: Workload,
    selector: dict[str, str],
    ports: tuple[DraftPort, ...],
    inventory: Inventory,
    also_taken: Iterable[str] = (),
) -> Draft:
    taken = {ref.name for ref in inventory.services if ref.namespace == workload.namespace}
    taken |= set(also_taken)
    governing = workload.spec.service_name if isinstance(workload, StatefulSet) else ""
    headless = bool(governing) and governing not in taken
    name = governing if headless else service_label(workload.name, taken)
    service = ServiceRef(workload.namespace, name)
    warnings = tuple(_collisions(name, workload.namespace, inventory))
    return Draft(service, workload.ref, selector, ports, headless, warnings=warnings)


def _selector(workload: Workload) -> dict[str, str]:
    """The workload's own matchLabels; of one that selects by expressions, its template's labels."""
    labels = workload.match_labels or workload.template.metadata.labels or {}
    return {name: value for name, value in labels.items() if name not in _CHANGING}


def also_selected(
    selector: dict[str, str], workload: Workload, inventory: Inventory
) -> list[WorkloadRef]:
    """The other workloads of the namespace whose pods the selector would catch."""
    owned = ("ReplicaSet", "Job")
    return [
        other.ref
        for other in inventory.workloads.values()
        if other.namespace == workload.namespace
        and other.ref != workload.ref
        and not (other.kind in owned and other.controller)
        and selector.items() <= (other.template.metadata.labels or {}).items()
    ]


def _collisions(name: str, namespace: str, inventory: Inventory) -> Iterable[str]:
    """Service links: `<NAME>_PORT` meets a variable that a program there declares itself."""
    prefix = environment_prefix(name)
    made = {f"{prefix}_SERVICE_HOST", f"{prefix}_SERVICE_PORT", f"{prefix}_PORT"}
    for workload in inventory.workloads.values():
        spec = workload.template.spec
        if workload.namespace != namespace or not spec.enable_service_links:
            continue
        containers = spec.containers or ()
        declared = {variable.name for c in containers for variable in c.env or ()}
        for variable in sorted(made & declared):
            yield (
                f"{workload.ref} declares {variable}, which this Service sets too:"
                " name the Service otherwise, or set enableServiceLinks: false"
            )
