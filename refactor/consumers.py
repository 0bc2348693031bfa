"""What the program that dials can reach: SEMANTICS.md section 1, last paragraph."""

from __future__ import annotations

import re

from refactor.model import Finding, Outcome, Reason

_PROXY = re.compile(r"\b(?:https?|all)_proxy\b", re.IGNORECASE)
_NO_PROXY = re.compile(
    r"""\bno_proxy\b["']?\s*(?:[=:]|\n\s*value\s*:)\s*["']?([^"'\n]*)""", re.IGNORECASE
)


def blocked(finding: Finding) -> tuple[Reason, str] | None:
    """Return why the consumer could not resolve a Service's name, or None where it can.

    Source: Kubernetes "DNS for Services and Pods", pod's DNS policy.
    """
    document = finding.document
    if document is None:
        return None
    return without_names(host_network=document.host_network, dns_policy=document.dns_policy)


def without_names(*, host_network: bool, dns_policy: str) -> tuple[Reason, str] | None:
    """Return why pods do not resolve Service names; None where they do.

    Args:
        host_network: they share their node's network.
        dns_policy: theirs, "" for the default.
    """
    if dns_policy in ("Default", "None"):
        return "unproven", f"dnsPolicy {dns_policy} does not ask the cluster's DNS"
    if host_network and dns_policy != "ClusterFirstWithHostNet":
        why = "on the host network Service names need dnsPolicy: ClusterFirstWithHostNet"
        return "unproven", why
    return None


def proxy_warnings(outcome: Outcome, text: str) -> tuple[str, ...]:
    """Return a warning where a proxied consumer's NO_PROXY does not cover the new name.

    Args:
        outcome: an edited finding.
        text: its file's text.
    """
    if not outcome.finding.scheme.startswith("http") or not _PROXY.search(text):
        return ()
    host = outcome.new.partition(":")[0]
    covered = [
        item.strip().lstrip("*").lstrip(".")
        for m in _NO_PROXY.findall(text)
        for item in m.split(",")
    ]
    if any(item and (host == item or host.endswith("." + item)) for item in covered):
        return ()
    return (f"a proxy is set here and NO_PROXY does not cover {host}",)
