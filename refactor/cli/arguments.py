"""What a command line asks for, before any file is read; without click, which takes long."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple


class Sources(NamedTuple):
    """Where inventories come from besides files.

    Attributes:
        context: of the kubeconfig, for all files; "" for none.
        live: whether clusters are read at all.
        kubeconfig: a file; "" for those that kubectl would read.
        histories: earlier inventories.
    """

    context: str = ""
    live: bool = False
    kubeconfig: str = ""
    histories: tuple[str, ...] = ()


class Arguments(NamedTuple):
    """What a command line asks for, before any file is read."""

    paths: tuple[Path, ...] = ()
    inventories: tuple[str, ...] = ()
    namespace: str = ""
    config: Path | None = None
    overrides: Mapping[str, Any] = {}
    sources: Sources = Sources()
