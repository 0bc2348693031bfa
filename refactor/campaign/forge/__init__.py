"""Where pull requests are made: one module per forge, one protocol."""

from __future__ import annotations

import os

from refactor.campaign.forge.base import Forge, ForgeKind
from refactor.campaign.spec import ForgeSpec
from refactor.errors import RefactorError
from refactor.files.extensions import Registry

FORGES = Registry(
    "refactor.forges",
    {
        "github": "refactor.campaign.forge.built_in:GITHUB",
        "gitlab": "refactor.campaign.forge.built_in:GITLAB",
        "gitea": "refactor.campaign.forge.built_in:GITEA",
        "forgejo": "refactor.campaign.forge.built_in:GITEA",
        "bitbucket": "refactor.campaign.forge.built_in:BITBUCKET",
    },
)
"""Kinds of forge, each a `ForgeKind`; plain git, `git`, is not one."""
_GIT = ForgeKind(lambda *_: None)


def kind_of(spec: ForgeSpec) -> ForgeKind:
    """Return the kind of forge that a campaign file names, which `load` has checked."""
    if spec.kind == "git":
        return _GIT
    kind = FORGES.load(spec.kind)
    if not isinstance(kind, ForgeKind):
        message = f"extension {spec.kind} is not a ForgeKind"
        raise RefactorError(message, where=FORGES.group)
    return kind


def connect(spec: ForgeSpec, pause: float = 0) -> Forge | None:
    """Return the forge that a campaign file names; None for plain git.

    Args:
        pause: seconds between two writes, whichever repository they are about.
    """
    if spec.kind == "git":
        return None
    token = os.environ.get(spec.token, "").strip() if spec.token else ""
    if not token:
        message = f"{spec.kind} needs a token"
        told = "set `forge.token` to the name of its variable"
        if spec.token:
            told = f"put it into the environment, as {spec.token}"
        raise RefactorError(message, where="forge", remedy=told)
    return kind_of(spec).connect(spec.url, token, pause)
