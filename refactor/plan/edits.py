"""One finding and its target to the edits that swap the address for the name."""

from __future__ import annotations

from refactor import addresses
from refactor.model import Edit, Finding, Target
from refactor.text.view import Span


def edits_for(
    finding: Finding, target: Target, name: str, text: str, port: str = ""
) -> tuple[Edit, ...]:
    """Return the edits of one finding: its host, and its port where that changes.

    Args:
        port: the expression that gives the new port; "" for its number.
    """
    host, number = name, port or str(target.port)
    if finding.port_span is None and (port or _needs_port(finding, target)):
        host = f"{name}:{number}"
    edits = [Edit(finding.file, finding.host_span, finding.host_text, host, finding.fingerprint)]
    if finding.prefix_span:
        edits.append(_dns_scheme(finding, finding.prefix_span, text))
    if finding.port_span and (port or target.port not in (None, finding.port)):
        mark, old = finding.fingerprint, finding.port_text
        spans = (finding.port_span, *finding.more_port_spans)
        edits += (Edit(finding.file, span, old, number, mark, "port") for span in spans)
    return tuple(sorted(edits, key=lambda edit: edit.span))


def written(finding: Finding, target: Target, name: str, expression: str = "") -> str:
    """Return the new address in short, for reports: the name, and the port where one is dialled."""
    if expression:
        return f"{name}:{expression}"
    port = target.port if target.port is not None else finding.port
    if port is None or (finding.port_from == "implied" and port == finding.port):
        return name
    return f"{name}:{port}"


def warnings_for(finding: Finding, target: Target) -> tuple[str, ...]:
    """Return what a human should know although the edit is made."""
    told = list(target.warnings)
    if finding.scheme in ("https", "wss", "grpcs") and addresses.zone(finding.host) != "name":
        told.append("TLS: the certificate must carry the new name, and SNI changes to it")
    return tuple(told)


def _needs_port(finding: Finding, target: Target) -> bool:
    """A URL without a port gains one when the Service port is not the scheme's own."""
    return finding.port_from == "implied" and target.port not in (None, finding.port)


def _dns_scheme(finding: Finding, span: Span, text: str) -> Edit:
    """Swap the `ipv4:` scheme of gRPC, which takes addresses only; names go by `dns:///`."""
    return Edit(finding.file, span, span.of(text), "dns:///", finding.fingerprint, "scheme")
