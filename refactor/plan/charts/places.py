"""What a rendered field says about the address that ends up in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from refactor.helm.objects import leaves
from refactor.helm.traced import PortUse, Trace, Use
from refactor.model import Document, Finding, Literal, Refusal, WorkloadRef
from refactor.rules.load import rules_with
from refactor.rules.place import AddressPlace
from refactor.rules.row import PlaceSetting
from refactor.text.view import View

_STEP = re.compile(r"""(?P<item>\[(?!")[^\]]*\])|\["(?P<quoted>[^"]*)"\]|(?P<plain>[^.\[]+)""")
# Fields that say what a program listens on, or how it is asked, and not what it dials.
_LISTENS = re.compile(r"containerPort|targetPort|hostPort|nodePort|[pP]robe\.|annotations")


_ITEM = re.compile(r"(?P<list>.*)\[(?P<index>\d+)\]\Z", re.DOTALL)
_FLAG = re.compile(r"(--?[A-Za-z][\w.-]*)(?:=|\Z)")


def kept_place(
    use: Use,
    finding: Finding,
    users: tuple[PlaceSetting, ...] = (),
    content: Mapping[str, Any] = MappingProxyType({}),
) -> Refusal | None:
    """Return why an address in a rendered field stays an address; None where it may be a name.

    The same rows judge as for a manifest that is written so (docs/semantics.md, section 2). An
    argument goes by its flag, also by one that is the item before it in the object's content.
    """
    path = steps(use.path)
    tags = frozenset({"item"}) if use.path.endswith("]") else frozenset()
    group = use.object.group
    version = f"{group}/v1" if group else "v1"
    document = Document(kind=use.object.kind, api_version=version, name=use.object.name)
    key = _flag(use.path, content) or next((n for n in reversed(path) if not n.isdigit()), "")
    literal = Literal(View.plain(""), key, path, tags=tags, document=document)
    forms = _forms(finding) if use.whole else None
    rule = rules_with(users).row_for(AddressPlace(literal, forms=forms))
    if rule is None or rule.kept is None:
        return None
    return Refusal("readers", rule.kept, f"reaches {use.object}, {use.path}: {rule.why}")


def _flag(path: str, content: Mapping[str, Any]) -> str:
    """Return the flag that an item of a list is given by; "" for none."""
    item = _ITEM.match(path) if content else None
    if item is None:
        return ""
    said = dict(leaves(content))
    own = _FLAG.match(str(said.get(path)))
    if own is None and int(item["index"]):
        before = str(said.get(f"{item['list']}[{int(item['index']) - 1}]"))
        return before if _FLAG.fullmatch(before) else ""
    return own[1] if own else ""


def _forms(finding: Finding) -> frozenset[str]:
    has_port = finding.port_from in ("written", "open")
    return frozenset({"url" if finding.scheme else "pair" if has_port else "bare"})


def steps(path: str) -> tuple[str, ...]:
    """Return the names that lead to a field as a manifest's scanner has them."""
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
