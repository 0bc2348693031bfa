"""A drafted Service as a manifest."""

from __future__ import annotations

import json
import re

from refactor.plan.services.draft import Draft, DraftPort
from refactor.yaml.plain import BOOLEANS_AND_NULLS

# What any YAML reader, 1.1 or 1.2, takes for text when it stands bare.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9./_-]*\Z")


def manifest(draft: Draft, *, namespace: bool = True, newline: str = "\n") -> str:
    """Return the Service's manifest, a YAML document without a marker before it."""
    lines = [
        f"# For {draft.workload}, which had no Service.",
        "apiVersion: v1",
        "kind: Service",
        "metadata:",
        f"  name: {draft.service.name}",
        *([f"  namespace: {draft.service.namespace}"] if namespace else []),
        "spec:",
        *kind_lines(draft),
        "  selector:",
        *(f"    {scalar(key)}: {scalar(value)}" for key, value in sorted(draft.selector.items())),
        *(["  ports:"] if draft.ports else []),
        *(line for port in draft.ports for line in port_lines(port, "    ")),
    ]
    return newline.join(lines) + newline


def kind_lines(draft: Draft) -> list[str]:
    """Return what makes a Service another than the usual kind, as lines of its `spec`.

    Source: Kubernetes, "IPv4/IPv6 dual-stack": without a policy a Service has the first family of
    its cluster alone.
    """
    headless = ["  clusterIP: None"] if draft.headless else []
    return headless + (["  ipFamilyPolicy: PreferDualStack"] if draft.dual_stack else [])


def port_lines(port: DraftPort, indent: str, number: str = "") -> list[str]:
    """Return one entry of `spec.ports`."""
    target = number if number and port.target == port.number else scalar(port.target)
    lines = [
        f"{indent}- name: {scalar(port.name)}",
        f"{indent}  port: {number or port.port}",
        f"{indent}  targetPort: {target}",
    ]
    if port.protocol != "TCP":
        lines.append(f"{indent}  protocol: {port.protocol}")
    return lines


def scalar(value: str | int) -> str:
    """Return a value as a YAML scalar that every reader takes for the same."""
    if isinstance(value, int):
        return str(value)
    plain = _PLAIN.match(value) and value.lower() not in BOOLEANS_AND_NULLS
    return value if plain else json.dumps(value)
