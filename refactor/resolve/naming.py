"""The name a Service is called by: docs/semantics.md, section 4, first rule."""

from __future__ import annotations

from typing import Literal as OneOf
from typing import TypeAlias

from refactor.model import Target

Form: TypeAlias = OneOf["auto", "short", "qualified", "fqdn"]


def service_name(target: Target, consumer: str, form: Form, domain: str) -> str:
    """Return the DNS name by which a consumer reaches a target.

    Args:
        consumer: the namespace of the program that dials; "" where it is not known.
    """
    name, namespace = target.service.name, target.service.namespace
    same = bool(consumer) and consumer == namespace
    base = f"{target.pod}.{name}" if target.pod else name
    if target.domain:  # no search domain of a pod ends so
        return f"{base}.{namespace}.svc.{target.domain}"
    if form == "short":
        return base if same else f"{base}.{namespace}"
    if form == "qualified":
        return f"{base}.{namespace}.svc"
    # A stateful pod's name is written out: clients hand it on to peers in other namespaces.
    if form == "auto" and same and not target.pod:
        return base
    return f"{base}.{namespace}.svc.{domain}"
