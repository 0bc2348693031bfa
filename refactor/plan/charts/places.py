"""What a rendered field says about the address that ends up in it."""

from __future__ import annotations

import re

from refactor.helm.traced import PortUse, Trace, Use
from refactor.model import Document, Finding, Literal, Refusal, WorkloadRef
from refactor.rules.load import rules_with
from refactor.rules.place import AddressPlace
from refactor.rules.row import PlaceSetting
from refactor.text.view import View

_STEP = re.compile(r"""(?P<item>\[(?!")[^\]]*\])|\["(?P<quoted>[^"]*)"\]|(?P<plain>[^.\[]+)""")
# Fields that say what a program listens on, or how it is asked, and not what it dials.
_LISTENS = re.compile(r"containerPort|targetPort|hostPort|nodePort|[pP]robe\.|annotations")


def kept_place(use: Use, finding: Finding, users: tuple[PlaceSetting, ...] = ()) -> Refusal | None:
    """Return why an address in a rendered field stays an address; None where it may be a name.

    The same rows judge as for a manifest that is written so (docs/semantics.md, section 2).
    """
    path = steps(use.path)
    tags = frozenset({"item"}) if use.path.endswith("]") else frozenset()
    group = use.object.group
    version = f"{group}/v1" if group else "v1"
    document = Document(kind=use.object.kind, api_version=version, name=use.object.name)
    key = next((name for name in reversed(path) if not name.isdigit()), "")
    literal = Literal(View.plain(""), key, path, tags=tags, document=document)
    forms = _forms(finding) if use.whole else None
    rule = rules_with(users).row_for(AddressPlace(literal, forms=forms))
    if rule is None or rule.kept is None:
        return None
    return Refusal("readers", rule.kept, f"reaches {use.object}, {use.path}: {rule.why}")


def _forms(finding: Finding) -> frozenset[str]:
    has_port = finding.port_from in ("written", "open")
    return frozenset({"url" if finding.scheme else "pair" if has_port else "bare"})


def steps(path: str) -> tuple[str, ...]:
    """Return the names that lead to a field as a manifest's scanner has them.

    Args:
        path: `spec.containers[web].env[URL].value`, which is spec, containers, 0, env, URL.
    """
    found: list[str] = []
    for step in _STEP.finditer(path):
        if step["item"]:
            found.append(step["item"][1:-1] if found[-1:] == ["env"] else "0")
        else:
            found.append(step["quoted"] if step["quoted"] is not None else step["plain"])
    if len(found) > 2 and found[-1] == "value" and found[-3] == "env":
        found.pop()
    return tuple(found)


def port_places(told: Trace) -> tuple[str, ...]:
    """Return the fields that a change of the port would change besides what is dialled."""
    dialling = {reader.workload for use in told.uses for reader in use.readers}
    together = {use.object for use in told.uses}
    dialled = {(use.object, use.path) for use in told.uses}
    return tuple(
        f"{use.object}, {use.path}"
        for use in told.ports
        if (use.object, use.path) not in dialled
        and (
            _LISTENS.search(re.sub(r'\["[^"]*"\]', "", use.path))
            or (use.object not in together and not _read_by(use, dialling))
        )
    )


def _read_by(use: PortUse, workloads: set[WorkloadRef]) -> bool:
    readers = {reader.workload for reader in use.readers}
    return bool(readers) and readers <= workloads
