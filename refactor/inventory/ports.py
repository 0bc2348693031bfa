"""From a Service's port to a container's."""

from __future__ import annotations

from refactor.inventory.records import Pod, ServicePort


def target_of(port: ServicePort, pod: Pod) -> int | None:
    """Return the container port that a Service's port leads to on this very pod.

    A named targetPort means what the pod's own containers call so, with the same protocol; pods
    of one Service may differ. Source: Service API, `spec.ports[].targetPort`.

    Returns:
        A number from 1 to 65535; None where the pod has no port of that name.
    """
    target = port.target_port
    if not target:
        return port.port
    if isinstance(target, int):
        return target
    for declared in pod.ports:
        if declared.name == target and declared.protocol == port.protocol:
            return declared.container_port
    return int(target) if target.isdecimal() and len(target) <= 5 else None
