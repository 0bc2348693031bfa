"""What a shell offers for an option's value: files, and names that are cheap to know.

A completion that cannot be made is left out: it never fails, and never waits for a large inventory.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_QUICK = 5_000_000
"""Bytes of inventories that are read while a user waits for a completion."""

# A repository may be a stranger's, and what is offered ends up on a command line.
_HARMLESS = re.compile(r"[\w.:@/+-]+")


def files(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer files."""
    return [_item(incomplete, "file")]


def directories(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer directories."""
    return [_item(incomplete, "dir")]


def contexts(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the contexts of the kubeconfig."""
    return _offered(_contexts(ctx.params), incomplete)


def namespaces(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the namespaces of the inventories."""
    found = {service.namespace: "" for one in _inventories(ctx.params) for service in one.services}
    return _offered(found.items(), incomplete)


def subjects(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the addresses of Services and pods, with whose they are."""
    return _offered(_addresses(ctx.params), incomplete)


def _offered(found: Iterable[tuple[str, str]], incomplete: str) -> list[CompletionItem]:
    from refactor.report.words import readable

    kept = {
        name: told
        for name, told in found
        if name.startswith(incomplete) and _HARMLESS.fullmatch(name)
    }
    return [_item(name, told=readable(kept[name])) for name in sorted(kept)]


def _addresses(params: dict[str, Any]) -> Iterable[tuple[str, str]]:
    for one in _inventories(params):
        yield from (
            (ip, f"Service {ref}") for ref, s in one.services.items() for ip in s.cluster_ips
        )
        yield from ((ip, f"pod {key}") for key, pod in one.pods.items() for ip in pod.ips)


def _inventories(params: dict[str, Any]) -> list[Any]:
    """Return the inventory that a command line, or else the settings, name; none if it is large."""
    from refactor import inventory
    from refactor.errors import RefactorError
    from refactor.files.walk import find_root
    from refactor.settings import load as settings

    try:
        root = find_root(Path.cwd())
        said = settings.load(root, params.get("config"))
        lists = (said.inventories, *(one.inventories for one in said.environments))
        named = [root / path for paths in lists for path in paths]
        paths = [Path(p) for p in params.get("inventories") or () if p != "-"] or named
        if sum(path.stat().st_size for path in paths) > _QUICK:
            return []
        return [inventory.load(paths, stdin=bytes)]
    except (RefactorError, OSError):
        return []


def _contexts(params: dict[str, Any]) -> Iterable[tuple[str, str]]:
    from refactor.helm.charts import description

    named = params.get("kubeconfig") or os.environ.get("KUBECONFIG") or "~/.kube/config"
    for path in map(Path, named.split(os.pathsep)):
        try:
            said, _ = description(path.expanduser().read_bytes())
        except OSError:
            continue
        listed = said.get("contexts")
        items = listed if isinstance(listed, list) else []
        yield from ((str(i["name"]), "") for i in items if isinstance(i, dict) and "name" in i)


def _item(value: str, kind: str = "plain", told: str | None = None) -> CompletionItem:
    from click.shell_completion import CompletionItem  # only now: most runs complete nothing

    return CompletionItem(value, type=kind, help=told)
