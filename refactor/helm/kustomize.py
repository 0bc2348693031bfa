"""`kustomize build`, by the program on the PATH or by kubectl, in the same cage as Helm's."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping

from refactor.files.rooted import DISK
from refactor.helm.binary import NOTHING, output_of
from refactor.helm.process import Process

# What a generator adds to a name: ten characters of a hash (kustomize, api/hasher).
_HASH = re.compile(r"(?<=[a-z0-9])-[2456789bcdfghkmt]{10}(?![\w.-])")


# Where the copies lie, however the program writes it; another run has them elsewhere.
_OURS = re.compile(r"[^\s'\"]*refactor-helm-\w+(?:/(?:before|after)/?)?")


_CLOCK = re.compile(r"[EWIF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ ")
"""What kubectl begins its complaints with."""


class Kustomize:
    """Builds kustomizations from copies: no network, no plugins, none of the user's settings."""

    def __init__(self) -> None:
        """Find the program, and start what runs it.

        Raises:
            LookupError: this machine has none.
        """
        found = [(name, path) for name in ("kustomize", "kubectl") if (path := shutil.which(name))]
        if not found:
            message = "neither kustomize nor kubectl is on the PATH"
            raise LookupError(message)
        self.name, path = found[0]
        self._command = "build" if self.name == "kustomize" else "kustomize"
        self._process = Process("runner.py", os.path.realpath(path), more=NOTHING)

    def put(self, tree: str, files: Mapping[str, bytes]) -> None:
        """Write files as the tree of this name, in place of the one before."""
        with DISK.below(self._process.folder) as disk:
            disk.remove_tree(self._process.folder / tree)
            disk.lay(self._process.folder / tree, files)

    def build(self, tree: str, folder: str) -> str:
        """Return what a directory of a tree builds to; what went wrong starts with `Error: `."""
        place = self._process.folder / tree / folder
        said = output_of(self._process.ask({"arguments": [self._command, str(place)]}))
        return _CLOCK.sub("", _OURS.sub("", said))

    def close(self) -> None:
        """End what runs it."""
        self._process.end()


def without_hashes(text: str) -> str:
    """Return a build's text with the names of what generators make as their authors wrote them."""
    return _HASH.sub("", text)
