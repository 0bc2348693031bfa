"""What runs where: the answer to "who is 10.0.4.17:8080?"."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from refactor.addresses import pod_record
from refactor.inventory import mapped
from refactor.inventory.names import is_ip, normal
from refactor.inventory.objects import InventoryObjects
from refactor.inventory.ports import target_of
from refactor.inventory.records import Pod, Record, Service, ServicePort
from refactor.inventory.selection import Selection
from refactor.inventory.snapshot import Snapshot, Unread
from refactor.inventory.workloads import Workload
from refactor.model import ServiceRef, WorkloadRef

_Answer = TypeVar("_Answer")


class Inventory:
    """The objects of one cluster, and the indexes over them, each made when it is first asked.

    Attributes:
        objects: what it was made from.
        services: Services by identity.
        nodes: nodes by name.
        imports: Services of other clusters, by identity.
        mappings: the user's own, by normal form of the host, and port.
        digests: SHA-256 of each input, in hexadecimal, by the name it was given.
        remarks: what was passed over, a line each.
        snapshots: what the inputs say of themselves: whose state they are, and of when.
        past: earlier states of the cluster, for addresses that have no owner any more.
        hosts: who has an address.
        selection: who selects whom.
    """

    def __init__(
        self,
        records: Iterable[Record] = (),
        mappings: Sequence[mapped.Mapping] = (),
        digests: Mapping[str, str] | None = None,
        remarks: Sequence[str] = (),
        snapshots: Sequence[Snapshot] = (),
        past: Sequence[Inventory] = (),
        objects: InventoryObjects | None = None,
    ) -> None:
        held = objects or InventoryObjects(records)
        self.services = held.services
        self.nodes = held.nodes
        self.imports = held.imports
        self.objects = held
        self.mappings = mapped.by_address(mappings)
        self.digests = dict(digests or {})
        twice = (f"objects seen twice; the newest counts: {held.twice}",) * bool(held.twice)
        self.remarks = (*remarks, *twice)
        self.snapshots = tuple(snapshots)
        self.past = tuple(past)
        self.hosts = held.hosts
        self.selection = held.selection
        self._answers: dict[object, Any] = {}

    def with_services(self, services: Iterable[Service]) -> Inventory:
        """Return the cluster as it will be once it has some more, or other, Services.

        Args:
            services: what will be there; one that is there already is replaced.
        """
        other = copy.copy(self)
        for name in ("names", "node_ports"):
            other.__dict__.pop(name, None)
        other.services = {**self.services, **{service.ref: service for service in services}}
        other.selection = Selection(other.services.values(), self.objects.each_pod)
        other._answers = {}
        return other

    @property
    def pods(self) -> Mapping[str, Pod]:
        """Pods, finished ones too, by `namespace/name`."""
        return self.objects.pods

    @property
    def workloads(self) -> Mapping[WorkloadRef, Workload]:
        """Workloads by identity."""
        return self.objects.workloads

    def remembered(self, key: object, make: Callable[[], _Answer]) -> _Answer:
        """Return the answer to a question, made when it is first asked.

        Args:
            key: the question; other questions have other keys.
            make: works the answer out, from this inventory alone.
        """
        if key not in self._answers:
            self._answers[key] = make()
        answer: _Answer = self._answers[key]
        return answer

    def has_service(self, service: ServiceRef) -> bool:
        """Say whether the cluster has a Service, or imports it."""
        return service in self.services or service in self.imports

    @property
    def is_empty(self) -> bool:
        """Nothing but mappings is in it."""
        return not (
            self.services or self.objects.each_pod or self.nodes or self.objects.each_workload
        )

    @cached_property
    def names(self) -> frozenset[str]:
        """The lower-case names, no IP addresses, by which machines may be written.

        Names of nodes, pods, load balancers, external hosts and ingress hosts; a Service's own
        name, and a stateful pod's name under it, are what such names give way to.
        """
        mapped_names = {host for host, _ in self.mappings if not is_ip(host)}
        gone = frozenset[str]().union(*(past.names for past in self.past))
        names = self.hosts.names(self.services.keys(), gone)
        return names | mapped_names if mapped_names else names

    def knows(self, host: str) -> bool:
        """Say whether this very address, or name, is in the inventory.

        Args:
            host: as written; a pod's DNS record counts as the pod's address.
        """
        key = normal(host)
        if not is_ip(key):
            record = pod_record(key)
            return key in self.names or (record is not None and self._held(record.ip))
        return self._held(key) or key in self._mapped_hosts

    def _held(self, ip: str) -> bool:
        return self.hosts.holds(ip) or any(past.hosts.holds(ip) for past in self.past)

    @cached_property
    def unread(self) -> Mapping[str, Unread]:
        """What the cluster would not show, by the kind as the API's paths have it."""
        return {lack.resource: lack for shot in self.snapshots for lack in shot.unread}

    @cached_property
    def _mapped_hosts(self) -> frozenset[str]:
        return frozenset(host for host, _ in self.mappings)

    def pods_at(self, host: str) -> frozenset[str]:
        """Return the pods, as `namespace/name`, that have this address, or record, to themselves.

        Finished pods and those on their node's network are left out.
        """
        record = pod_record(host)
        held = self.hosts.pods.get(record.ip if record else normal(host), ())
        return frozenset(pod.key for pod in held if not pod.finished)

    def owners_of(self, pod: Pod) -> tuple[WorkloadRef, ...]:
        """Return what made a pod, nearest first; the last is its workload.

        A pod that nothing made is its own workload.
        """
        owners: list[WorkloadRef] = []
        owner = pod.controller
        while owner and len(owners) < 8:
            ref = WorkloadRef(owner.kind, pod.namespace, owner.name)
            owners.append(ref)
            if record := self.workloads.get(ref):
                owner = record.controller
            elif maker := _maker(ref, pod):
                owners.append(maker)
                break
            else:
                break
        return tuple(owners) or (WorkloadRef("Pod", pod.namespace, pod.name),)

    @cached_property
    def takers(self) -> Mapping[tuple[str, str], Sequence[int]]:
        """The pods that mount or import a ConfigMap or a Secret, by its kind and name."""
        found: dict[tuple[str, str], list[int]] = {}
        for number, pod in enumerate(self.objects.each_pod):
            for taken in dict.fromkeys(pod.spec.takes):
                found.setdefault(taken, []).append(number)
        return found

    @cached_property
    def replicas(self) -> Mapping[WorkloadRef, int]:
        """How many pods that have not finished each controller has, by the controller."""
        return {WorkloadRef(*owner): count for owner, count in self.hosts.of_pods.owned}

    @cached_property
    def node_ports(self) -> Mapping[int, list[tuple[Service, ServicePort]]]:
        """Services and their ports by nodePort."""
        found: dict[int, list[tuple[Service, ServicePort]]] = {}
        for service in self.services.values():
            for port in service.ports if not service.external else ():
                if port.node_port:
                    found.setdefault(port.node_port, []).append((service, port))
        return found

    def mapping(self, host: str, port: int | None) -> mapped.Mapping | None:
        """Return what the settings say of an address: with its port first, then on any.

        Args:
            host: as written, or in normal form.
            port: that is dialled; None where none is known.
        """
        host = normal(host)
        return self.mappings.get((host, port)) or self.mappings.get((host, None))

    def leads_to(
        self, service: ServiceRef, port: int, *, pod: str = ""
    ) -> frozenset[tuple[str, int]]:
        """Return the pods that a Service's name leads to on a port: what the proof rests on.

        Args:
            service: the Service.
            port: what is dialled at its name.
            pod: the pod whose own name under the Service is dialled; "" for the Service's name.

        Returns:
            Pairs of `namespace/name` and container port.
        """
        return self.remembered(
            ("leads_to", service, port, pod), lambda: frozenset(self._reached(service, port, pod))
        )

    def _reached(self, ref: ServiceRef, port: int, name: str) -> Iterable[tuple[str, int]]:
        service = self.services.get(ref)
        if service is None:
            return []
        if not service.selector:
            return [] if name else self._listed(service, port)
        pods = self.selection.pods_of(service)
        if name:
            return [(p.key, port) for p in pods if service.headless and _is_named(p, name, service)]
        if service.headless:
            return [(p.key, port) for p in pods]
        ports = [declared for declared in service.ports if declared.port == port]
        reached = ((p.key, target_of(declared, p)) for p in pods for declared in ports)
        return [(pod, number) for pod, number in reached if number]

    def _listed(self, service: Service, port: int) -> Iterable[tuple[str, int]]:
        """What a Service without selector leads to, where that is a pod."""
        names = {declared.name for declared in service.ports if declared.port == port}
        for endpoint in self.hosts.endpoints_of.get(service.ref, ()):
            numbers = {p.port or port for p in endpoint.ports if (p.name or "") in names}
            for pod in self.pods_at(endpoint.address):
                yield from ((pod, n) for n in ({port} if service.headless else numbers))


def _is_named(pod: Pod, name: str, service: Service) -> bool:
    """Whether a headless Service gives this pod a name of its own (DNS specification, 2.4.1)."""
    spec = pod.spec
    return (spec.hostname or pod.name) == name and spec.subdomain in ("", service.name)


def _maker(ref: WorkloadRef, pod: Pod) -> WorkloadRef | None:
    """A ReplicaSet that is not in the inventory is named `<deployment>-<pod-template-hash>`."""
    name, dash, mark = ref.name.rpartition("-")
    if ref.kind != "ReplicaSet" or not dash or pod.labels.get("pod-template-hash") != mark:
        return None
    return WorkloadRef("Deployment", ref.namespace, name)
