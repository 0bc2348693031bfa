"""Where pull requests are made: one module per forge, one protocol."""

from __future__ import annotations

import os

from refactor.campaign.extra import needed
from refactor.campaign.forge.base import Forge
from refactor.campaign.spec import ForgeSpec
from refactor.errors import RefactorError


def connect(spec: ForgeSpec, pause: float = 0) -> Forge | None:
    """Return the forge that a campaign file names; None for plain git.

    Args:
        spec: what the file says of it.
        pause: seconds between two writes, whichever repository they are about.

    Raises:
        RefactorError: its token is not in the environment, or its client is not installed.
    """
    if spec.kind == "git":
        return None
    token = os.environ.get(spec.token, "").strip() if spec.token else ""
    if not token:
        message = f"{spec.kind} needs a token"
        told = "name its variable: `forge.token`"
        if spec.token:
            told = f"put it into the environment, as {spec.token}"
        raise RefactorError(message, where="forge", remedy=told)
    if spec.kind == "github":
        needed("github")
        from refactor.campaign.forge.github import GitHub

        return GitHub(spec.url, token, pause)
    if spec.kind == "gitlab":
        needed("gitlab")
        from refactor.campaign.forge.gitlab import GitLab

        return GitLab(spec.url, token, pause)
    needed("requests")
    if spec.kind == "bitbucket":
        from refactor.campaign.forge.bitbucket import Bitbucket

        return Bitbucket(spec.url, token, pause)
    from refactor.campaign.forge.gitea import Gitea

    return Gitea(spec.url, token, pause)
