"""The forges that come with the package; each client is imported when it is connected to."""

from __future__ import annotations

from refactor.campaign.extra import needed
from refactor.campaign.forge.base import Forge, ForgeKind


def _github(url: str, token: str, pause: float) -> Forge:
    needed("github")
    from refactor.campaign.forge.github import GitHub

    return GitHub(url, token, pause)


def _gitlab(url: str, token: str, pause: float) -> Forge:
    needed("gitlab")
    from refactor.campaign.forge.gitlab import GitLab

    return GitLab(url, token, pause)


def _gitea(url: str, token: str, pause: float) -> Forge:
    needed("requests")
    from refactor.campaign.forge.gitea import Gitea

    return Gitea(url, token, pause)


def _bitbucket(url: str, token: str, pause: float) -> Forge:
    needed("requests")
    from refactor.campaign.forge.bitbucket import Bitbucket

    return Bitbucket(url, token, pause)


GITHUB = ForgeKind(_github, "https://github.com", "x-access-token")
GITLAB = ForgeKind(_gitlab, "https://gitlab.com", "oauth2")
GITEA = ForgeKind(_gitea)
BITBUCKET = ForgeKind(_bitbucket, "https://bitbucket.org", "x-token-auth")
