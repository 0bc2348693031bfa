"""What the program that dials can reach: docs/semantics.md, section 2."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from refactor.model import Finding, Literal, Outcome, Refusal
from refactor.rules.load import outside_rules
from refactor.rules.place import AddressPlace
from refactor.text.key_words import spelled
from refactor.text.view import View

if TYPE_CHECKING:
    from refactor.inventory import Inventory

# What may be dialled without a port; a load balancer's address under another name is its own.
_DIALS = re.compile(
    r"(?:^|[._])(?:host|hostname|server|addr|address|endpoint|ur[il]|broker|node)s?$"
)
_OF_BALANCERS = re.compile(
    r"(?:^|[._])(?:load_balancers?|lb|metallb|vip|ingress|gateway|dns|external_dns|records?)(?:[._]|$)"
)
_PROXY = re.compile(r"\b(?:https?|all)_proxy\b", re.IGNORECASE)
# Blanks within a line only: what may also end lines would be tried again from each of them.
_NO_PROXY = re.compile(
    r"""\bno_proxy\b["']?[ \t]*(?:[=:]|\r?\n[ \t]*value[ \t]*:)\s*["']?([^"'\n]*)""",
    re.IGNORECASE,
)


# Objects whose programs run in their own namespace. What reads an Ingress, a ServiceMonitor or any
# other custom object may run in another one, and completes short names with that.
_READ_AT_HOME = frozenset(
    [
        "Pod",
        "PodTemplate",
        "Deployment",
        "StatefulSet",
        "DaemonSet",
        "ReplicaSet",
        "ReplicationController",
        "Job",
        "CronJob",
        "ConfigMap",
        "Secret",
        "SealedSecret",
        "Kustomization",
        "Component",
        "List",
        "Rollout",
        "CloneSet",
        "Workflow",
        "CronWorkflow",
        "WorkflowTemplate",
    ]
)
_READ_ELSEWHERE = ("toolkit.fluxcd.io",)


def read_at_home(kind: str, api_version: str = "") -> bool:
    """Say whether the programs that read an object run in its namespace.

    Args:
        kind: as the API spells it; "" for a file that is no object.
    """
    group = api_version.partition("/")[0]
    return not kind or (kind in _READ_AT_HOME and not group.endswith(_READ_ELSEWHERE))


def is_in_patch(path: tuple[str, ...]) -> bool:
    """Say whether a place is in a patch in an object's spec (`kustomize.patches`, `patches`)."""
    return path[:1] == ("spec",) and any(
        key == "patch" and above == "patches" for above, key in zip(path, path[2:], strict=False)
    )


def blocked(finding: Finding) -> Refusal | None:
    """Return why the consumer could not resolve a Service's name, or None where it can.

    Source: Kubernetes "DNS for Services and Pods", pod's DNS policy.
    """
    document = finding.document
    if document is None:
        return None
    why = without_names(host_network=document.host_network, dns_policy=document.dns_policy)
    return Refusal("name", "unproven", why) if why else None


def read_outside(finding: Finding, inventory: Inventory) -> Refusal | None:
    """Return why programs outside the cluster read an address, or None where nothing says so.

    A load balancer's or a node's address under a name of what browsers get is there for them; a
    pod's or a clusterIP is not, for no browser reaches it.
    """
    from refactor.inventory.names import normal

    host = normal(finding.host)
    if host not in inventory.hosts.outer and host not in inventory.hosts.nodes:
        return None
    name = spelled(finding.key)
    place = AddressPlace(Literal(View.plain(""), finding.key, finding.path))
    if row := outside_rules().row_for(place):
        return Refusal("name", "kept-field", f"{finding.key} {row.why}")
    of_balancer = _OF_BALANCERS.search(".".join(spelled(part) for part in finding.path))
    if finding.form == "bare" and finding.port is None and (of_balancer or not _DIALS.search(name)):
        why = "no port is dialled: it may be the load balancer's own address"
        return Refusal("name", "kept-field", why)
    return None


def without_names(*, host_network: bool, dns_policy: str) -> str:
    """Return why pods do not resolve Service names; "" where they do.

    Args:
        dns_policy: theirs, "" for the default.
    """
    if dns_policy in ("Default", "None"):
        return f"dnsPolicy {dns_policy} does not ask the cluster's DNS"
    if host_network and dns_policy != "ClusterFirstWithHostNet":
        return "on the host network Service names need dnsPolicy: ClusterFirstWithHostNet"
    return ""


def proxy_warnings(outcome: Outcome, text: str) -> tuple[str, ...]:
    """Return a warning where a proxied consumer's NO_PROXY does not cover the new name."""
    listed = _not_proxied(text) if outcome.finding.scheme.startswith("http") else None
    if listed is None:
        return ()
    host = _new_host(outcome)
    if covers(listed, host):
        return ()
    return (f"a proxy is set here and NO_PROXY does not cover {host}",)


@lru_cache(maxsize=4)
def _not_proxied(text: str) -> str | None:
    """Return what a text takes past its proxy; None where it sets none. Asked for every edit."""
    return ",".join(_NO_PROXY.findall(text)) if _PROXY.search(text) else None


def reader_warnings(outcome: Outcome, proxies: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return a warning for each reader whose NO_PROXY does not cover the new name."""
    if not outcome.finding.scheme.startswith("http"):
        return ()
    host = _new_host(outcome)
    return tuple(
        f"{reader} goes through a proxy, and its NO_PROXY does not cover {host}"
        for reader, listed in proxies
        if not covers(listed, host)
    )


def covers(no_proxy: str, host: str) -> bool:
    """Say whether a NO_PROXY list takes a host past the proxy."""
    items = (item.strip().lstrip("*").lstrip(".") for item in no_proxy.split(","))
    return any(item and (host == item or host.endswith("." + item)) for item in items)


def _new_host(outcome: Outcome) -> str:
    return re.sub(r":\d+\Z", "", outcome.new)
