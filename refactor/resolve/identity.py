"""A pod that has a name of its own keeps it: docs/semantics.md, section 3, "Identity"."""

from __future__ import annotations

from collections.abc import Iterable

from refactor.inventory import Service, Workload, target_of
from refactor.model import Resolution, ServiceRef, Target
from refactor.resolve.pod_port import PodPort
from refactor.resolve.ports import declares
from refactor.resolve.services import family_warning
from refactor.resolve.words import selector_text

_FIXED = (
    "serviceName cannot be changed: recreate the StatefulSet (`kubectl delete --cascade=orphan`)"
)


def keeps_identity(held: PodPort) -> bool:
    """Say whether the pod is one of several that each have a name of their own."""
    if held.workload.kind != "StatefulSet":
        return _is_named(held)
    if held.case.query.peer:
        return True
    stateful = held.inventory.workloads.get(held.workload)
    asked = stateful.spec.replicas if stateful else None
    count = held.inventory.replicas.get(held.workload, 0) if asked is None else asked
    return count > 1


def _is_named(held: PodPort) -> bool:
    """Say whether an operator gave names to this pod and to others under one headless Service.

    The pods of a Deployment that sets `hostname` share one name, which then names none of them.
    """
    hostname, subdomain = held.pod.spec.hostname, held.pod.spec.subdomain
    service = held.inventory.services.get(ServiceRef(held.pod.namespace, subdomain))
    if not (hostname and service and service.headless):
        return False
    siblings = [
        pod.spec.hostname
        for pod in held.inventory.selection.pods_of(service)
        if pod.spec.subdomain == subdomain
    ]
    return len(siblings) > 1 and siblings.count(hostname) == 1


def by_identity(held: PodPort) -> Resolution:
    """Return the pod's own name under its governing Service.

    That name exists where the Service is headless, selects the pod, and is the one that the pod
    was created with as its subdomain. Source: StatefulSet API, `spec.serviceName`; Kubernetes DNS
    specification 2.4.1.
    """
    name = _governing(held)
    stateful = held.workload
    if not name:
        why = f"{stateful} names no governing Service, so its pods have no names of their own"
        return held.refused("identity", why, _FIXED)
    subdomain = held.pod.spec.subdomain
    if subdomain not in ("", name):
        why = f"pod {held.pod.key} was created under {subdomain}, and {stateful} names {name} now"
        return held.refused("identity", why, "recreate the pods")
    service = held.inventory.services.get(ServiceRef(held.pod.namespace, name))
    if service is None:
        return held.saw(f"its governing Service {name} does not exist").missing()
    if not service.headless:
        why = f"governing Service {service.ref} of {stateful} is not headless: pods have no names"
        return held.refused("identity", why, f"{_FIXED}, or map the address to {service.ref}")
    if not service.selector or not service.selector.items() <= held.pod.labels.items():
        why = f"governing Service {service.ref} of {stateful} does not select pod {held.pod.key}"
        return held.refused("identity", why, "mend its selector")
    return _target(held, service)


def _governing(held: PodPort) -> str:
    if held.workload.kind != "StatefulSet":
        return held.pod.spec.subdomain
    stateful: Workload | None = held.inventory.workloads.get(held.workload)
    return stateful.spec.service_name if stateful else held.pod.spec.subdomain


def _target(held: PodPort, service: Service) -> Resolution:
    pod, port = held.pod, held.port
    name = pod.spec.hostname or pod.name
    why = "a peer of its own set" if held.case.query.peer else "one of several"
    line = (
        f"{why}, so it keeps its name under headless Service {service.ref}, "
        f"which selects {selector_text(service)}"
    )
    warnings = tuple(_warnings(held, service))
    return Target(service.ref, port, name, True, held.saw(line).chain, warnings)


def _is_open(held: PodPort, port: int) -> bool:
    selecting = held.inventory.selection.services_of(held.pod)
    return declares(held.case, held.pod, port) or any(
        target_of(p, held.pod) == port and held.case.speaks(p.protocol)
        for service in selecting
        for p in service.ports
    )


def _warnings(held: PodPort, service: Service) -> Iterable[str]:
    if not held.pod.ready and not service.spec.publish_not_ready_addresses:
        yield f"pod {held.pod.key} is not Ready: it has no DNS record until it is"
    targets = {target_of(port, held.pod) for port in service.ports}
    if held.port is not None and not _is_open(held, held.port):
        yield f"no container of pod {held.pod.key} declares port {held.port}, nor does a Service"
    elif held.port is not None and targets and held.port not in targets:
        yield f"headless Service {service.ref} does not declare port {held.port}"
    yield from family_warning(held.case, service)
