"""What exists: Services of the inventory, of manifests and of charts, and their pods."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

import msgspec

from refactor.helm.charts import Chart, renderers
from refactor.helm.engine import NoEngine
from refactor.helm.tree import Tree
from refactor.inventory import Inventory
from refactor.inventory.policies import NetworkPolicy
from refactor.inventory.ports import target_of
from refactor.inventory.records import Service
from refactor.model import ServiceRef, WorkloadRef
from refactor.plan.charts.session import Charts
from refactor.repository.model import Deployed
from refactor.repository.repository import Repository
from refactor.verify.claims import Claims
from refactor.verify.model import KnownService, Offered
from refactor.yaml.plain import down, maps, text
from refactor.yaml.pods import pod_template

_MOST_CHARTS = 40
"""Charts that Helm is asked about; of the others only what can be read is known."""
_SERVICE = re.compile(rb"\bkind[\"']?\s*:\s*[\"']?Service\b")
_POLICY = re.compile(rb"\bkind[\"']?\s*:\s*[\"']?NetworkPolicy\b")
_PODS = re.compile(rb"\bcontainers[\"']?\s*:")
_LITERAL = re.compile(
    rb"^metadata:[ \t]*\n(?:[ \t]+[^\n]*\n)*?[ \t]+name:[ \t]*[\"']?([a-z][a-z0-9-]*)[\"']?[ \t]*$",
    re.MULTILINE,
)


class DeployedWorkload(NamedTuple):
    """What makes pods: where, with which labels, listening on which ports."""

    kind: str
    name: str
    namespace: str
    labels: Mapping[str, str]
    ports: Mapping[str, int]
    numbers: tuple[int, ...]


class Truth:
    """What a repository deploys, each part read when it is first asked for."""

    def __init__(self, repository: Repository, charts: Charts, *, repository_only: bool) -> None:
        """Take the repository."""
        self._repository = repository
        self._charts = charts
        self._read = Tree(charts.root).read
        self._only = repository_only
        self.claims = Claims(repository, charts)
        self._live: dict[int, dict[str, list[KnownService]]] = {}

    @property
    def own(self) -> tuple[KnownService, ...]:
        """The Services that the repository deploys."""
        return tuple(one for held in self._own.values() for one in held)

    def named(self, name: str, inventory: Inventory) -> list[KnownService]:
        """Return the Services of a name, in any namespace."""
        return [*self._own.get(name, ()), *self._of(inventory).get(name, ())]

    def names(self, inventory: Inventory) -> frozenset[str]:
        """Return the names of all Services."""
        return frozenset(self._own) | frozenset(self._of(inventory))

    def spaces(self, inventory: Inventory) -> frozenset[str]:
        """Return the namespaces that have Services."""
        found = (*self._own.values(), *self._of(inventory).values())
        return frozenset(one.ref.namespace for held in found for one in held) - {""}

    def _of(self, inventory: Inventory) -> dict[str, list[KnownService]]:
        if self._only or not hasattr(inventory, "services"):
            return {}
        key = id(inventory)
        if key not in self._live:
            found: defaultdict[str, list[KnownService]] = defaultdict(list)
            for service in inventory.services.values():
                found[service.name].append(_live(service, inventory))
            self._live[key] = dict(found)
        return self._live[key]

    @cached_property
    def _own(self) -> dict[str, list[KnownService]]:
        found: defaultdict[str, list[KnownService]] = defaultdict(list)
        for one in (*self._written(), *self._rendered()):
            found[one.ref.name].append(one)
        return dict(found)

    def _written(self) -> Iterator[KnownService]:
        for one in self._repository.deployed(_SERVICE):
            if one.kind == "Service" and _is_core(one.content):
                yield _known(one.content, ServiceRef(one.namespace, one.name), one.file)

    def _rendered(self) -> Iterator[KnownService]:
        """Yield the Services of charts that can be named: by literals, or by release."""
        renders = self._charts.renders if self._telling else None
        if renders is None or isinstance(renders, NoEngine):
            return
        for chart in self._telling[:_MOST_CHARTS]:
            for case in self._charts.cases(chart):
                assumed = self._charts.assumes(case)
                for item in renders.render(case).objects:
                    if item.identity.kind != "Service" or item.identity.group:
                        continue
                    stated = text(down(item.content, "metadata"), "namespace")
                    space = item.identity.namespace if stated or not assumed else ""
                    ref = ServiceRef(space, item.identity.name)
                    yield _known(item.content, ref, f"chart {chart.path or '.'}")

    @cached_property
    def _telling(self) -> list[Chart]:
        tops = dict.fromkeys(
            top
            for chart in self._charts.all
            for top in renderers(self._charts.all, chart.file("x"))
        )
        return [one for one in tops if not one.library and self._is_telling(one)]

    def _is_telling(self, chart: Chart) -> bool:
        if self._charts.installs(chart.path):
            return True
        templates = (p for p in self._charts.files if chart.holds(p) and "/templates/" in f"/{p}")
        return any(
            _SERVICE.search(data) and _LITERAL.search(data)
            for data in map(self._read, templates)
            if data
        )

    @cached_property
    def _workloads(self) -> list[DeployedWorkload]:
        return [made for one in self._repository.deployed(_PODS) if (made := _workload(one))]

    def workloads(self, inventory: Inventory) -> Iterator[DeployedWorkload]:
        """Yield what makes pods."""
        yield from self._workloads
        for ref, held in () if self._only else inventory.workloads.items():
            ports = held.template.spec.ports
            yield DeployedWorkload(
                ref.kind,
                ref.name,
                ref.namespace,
                held.template.metadata.labels or {},
                {port.name: port.container_port for port in ports if port.name},
                tuple(port.container_port for port in ports),
            )

    def behind(self, service: KnownService, inventory: Inventory) -> list[DeployedWorkload]:
        """Return the workloads whose pods a Service selects."""
        wanted, space = service.selector.items(), service.ref.namespace
        if not wanted:
            return []
        return [
            one
            for one in self.workloads(inventory)
            if one.namespace in ("", space) or not space
            if wanted <= one.labels.items()
        ]

    def reading(self, ref: WorkloadRef, inventory: Inventory) -> DeployedWorkload | None:
        """Return a workload by its identity."""
        return next(
            (
                one
                for one in self.workloads(inventory)
                if (one.kind, one.name, one.namespace) == (ref.kind, ref.name, ref.namespace)
            ),
            None,
        )

    @cached_property
    def _policies(self) -> list[NetworkPolicy]:
        found = []
        for one in self._repository.deployed(_POLICY):
            if one.kind == "NetworkPolicy" and one.namespace:
                meta = {"name": one.name, "namespace": one.namespace}
                try:
                    spec = {"kind": one.kind, "metadata": meta, "spec": one.content.get("spec")}
                    found.append(msgspec.convert(spec, NetworkPolicy))
                except msgspec.ValidationError:
                    continue
        return found

    def policies(self, inventory: Inventory) -> list[NetworkPolicy]:
        """Return the NetworkPolicies; of one that both have, the repository's."""
        own = {(one.namespace, one.name) for one in self._policies}
        live = () if self._only else inventory.objects.policies
        return [
            *self._policies,
            *(one for one in live if (one.namespace, one.name) not in own),
        ]


def _is_core(content: Mapping[str, Any]) -> bool:
    return bool(content.get("apiVersion", "v1") == "v1")


def _known(content: Mapping[str, Any], ref: ServiceRef, source: str) -> KnownService:
    spec = down(content, "spec")
    selector = {str(key): str(value) for key, value in down(spec, "selector").items()}
    alias = text(spec, "externalName") if spec.get("type") == "ExternalName" else ""
    ports = tuple(one for item in maps(spec.get("ports")) if (one := _offered(item)))
    return KnownService(ref, ports, source, spec.get("clusterIP") == "None", alias, selector)


def _offered(item: Mapping[str, Any]) -> Offered | None:
    number, target = _number(item.get("port")), item.get("targetPort")
    if number is None:
        return None
    goal = _number(target) or (target if isinstance(target, str) and target else number)
    return Offered(number, text(item, "name"), text(item, "protocol") or "TCP", goal)


def _number(value: Any) -> int | None:
    told = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return int(told) if told.isdecimal() and len(told) <= 5 else None


def _live(service: Service, inventory: Inventory) -> KnownService:
    pods = inventory.selection.pods_of(service)
    ports = tuple(
        Offered(
            port.port,
            port.name,
            port.protocol,
            port.target_port or port.port,
            tuple({number for pod in pods if (number := target_of(port, pod))}),
        )
        for port in service.ports
    )
    alias = service.spec.external_name if service.external else ""
    return KnownService(
        service.ref,
        ports,
        "the inventory",
        service.headless,
        alias,
        service.selector,
        _is_ready(service, inventory),
        live=True,
    )


def _is_ready(service: Service, inventory: Inventory) -> bool | None:
    """Say whether something answers; None where the inventory does not show it."""
    if service.external or service.spec.publish_not_ready_addresses:
        return None
    held = inventory.hosts.endpoints_of.get(service.ref)
    if held is not None:
        return any(endpoint.ready for endpoint in held)
    if inventory.objects.each_slice:
        return False if service.selector else None
    if not service.selector or not inventory.objects.each_pod:
        return None
    return any(pod.ready for pod in inventory.selection.pods_of(service))


def _workload(one: Deployed) -> DeployedWorkload | None:
    template = pod_template(one.content)
    spec = down(template, "spec")
    if "containers" not in spec:
        return None
    labels = down(template, "metadata", "labels")
    ports = [port for box in maps(spec.get("containers")) for port in maps(box.get("ports"))]
    numbers = {text(port, "name"): _number(port.get("containerPort")) for port in ports}
    return DeployedWorkload(
        one.kind,
        one.name,
        one.namespace,
        {str(key): str(value) for key, value in labels.items()},
        {name: number for name, number in numbers.items() if name and number},
        tuple(n for port in ports if (n := _number(port.get("containerPort")))),
    )
