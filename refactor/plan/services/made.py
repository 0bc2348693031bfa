"""A Service that a plan makes, placed: its files, the edits that list it, its record."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from refactor.inventory.parts import Meta
from refactor.inventory.records import Service, ServicePort, ServiceSpec
from refactor.model import Edit, NewFile, NewService
from refactor.plan.services.draft import Draft, DraftPort
from refactor.plan.services.text import manifest


class Placed(NamedTuple):
    """Where a drafted Service goes.

    Attributes:
        service: for the plan.
        record: the Service as the cluster will have it.
        files: to add.
        edits: of files that are there, such as the entry in a kustomization.
    """

    service: NewService
    record: Service
    files: tuple[NewFile, ...] = ()
    edits: tuple[Edit, ...] = ()


def placed(
    draft: Draft,
    file: str,
    text: str,
    findings: tuple[str, ...],
    edits: tuple[Edit, ...] = (),
    record: Service | None = None,
) -> Placed:
    """Return a Service with the file it goes to."""
    record = record or record_of(draft)
    ports = tuple(port.port for port in draft.ports)
    new = NewService(record.ref, draft.workload, file, text, ports, False, findings, draft.warnings)
    purpose = f"Service {record.ref} for {draft.workload}"
    files = (NewFile(file, text, purpose, findings),) if file else ()
    return Placed(new, record, files, edits)


def reported(draft: Draft, findings: tuple[str, ...], why: str = "") -> Placed:
    """Return a Service that goes to no file, and why."""
    found = placed(draft, "", manifest(draft), findings)
    return found._replace(service=msgspec.structs.replace(found.service, elsewhere=why))


def record_of(draft: Draft, name: str = "") -> Service:
    """Return the Service that a draft becomes in the cluster."""
    return Service(
        metadata=Meta(name=name or draft.service.name, namespace=draft.service.namespace),
        spec=ServiceSpec(
            cluster_ip="None" if draft.headless else "",
            selector=draft.selector,
            ports=tuple(_port(port) for port in draft.ports),
        ),
    )


def extended(service: Service, ports: tuple[DraftPort, ...]) -> Service:
    """Return a Service with more ports."""
    more = (*service.ports, *(_port(port) for port in ports))
    return msgspec.structs.replace(service, spec=msgspec.structs.replace(service.spec, ports=more))


def _port(port: DraftPort) -> ServicePort:
    return ServicePort(
        port=port.port, name=port.name, protocol=port.protocol, target_port=port.target
    )
