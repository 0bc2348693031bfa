"""The campaign file's types; names are written in kebab-case, as in the settings."""

from __future__ import annotations

from typing import Any
from typing import Literal as OneOf

import msgspec


class _Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Base: immutable, and what is unknown is refused."""


class Listed(_Spec, frozen=True):
    """One repository by hand.

    Attributes:
        url: what git clones, without a password in it; or a short name (`shop/web`) of the forge.
        base: the branch to plan on and to merge into. Default: the remote's own.
    """

    url: str
    base: str = ""


class Group(_Spec, frozen=True):
    """Repositories of a forge's organisation or group.

    Attributes:
        name: the organisation, the group (its subgroups too) or the user.
        names: globs over `owner/name`, of which one has to match. Default: all.
        topics: of which the repository has at least one. Default: all.
        search: a text that one of its files has to hold (`10.42.`), where the forge searches code.
        languages: of which one is its main language. Default: all.
        archived: whether archived ones are taken. Default: no; they take no branch.
        forks: whether forks are taken. Default: no.
    """

    name: str
    names: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    search: str = ""
    languages: tuple[str, ...] = ()
    archived: bool = False
    forks: bool = False


class Repositories(_Spec, frozen=True):
    """Which repositories the campaign is for; what several ways name is taken once.

    Attributes:
        list: by hand.
        file: a file with one a line (`URL` or `URL BASE`, `#` begins a comment); `-` is standard
            input.
        groups: of the forge.
        exclude: globs over `owner/name` that are left out.
    """

    list: tuple[Listed | str, ...] = ()
    file: str = ""
    groups: tuple[Group, ...] = ()
    exclude: tuple[str, ...] = ()


class ForgeSpec(_Spec, frozen=True):
    """Where pull requests are made.

    Attributes:
        kind: `github`, `gitlab`, `gitea`, `forgejo`, `bitbucket`, or one that an installed package
            adds; `git` is any other forge: branches are pushed, or patches written.
        url: of the forge's web pages. Default: the public one of `github`, `gitlab`, `bitbucket`.
        token: the environment variable with the API's token.
        git-token: the one with the password for git over HTTP. Default: the same.
        user: the user name that goes with it. Default: as each forge wants it.
        fork: whether branches go to a fork: never, always, or where there is no push right.
    """

    kind: str = "git"
    url: str = ""
    token: str = ""
    git_token: str = ""
    user: str = ""
    fork: OneOf["never", "needed", "always"] = "never"


class Home(_Spec, frozen=True):
    """What some repositories run against; the first whose pattern matches counts.

    Attributes:
        repositories: globs over `owner/name`. Default: all.
        inventories: paths, relative to the campaign file, of kubectl's output. Default: what the
            repository's own settings name.
        namespace: of its programs, where a manifest does not say.
        settings: settings that override the repository's own, on top of the campaign's.
    """

    repositories: tuple[str, ...] = ("*",)
    inventories: tuple[str, ...] = ()
    namespace: str = ""
    settings: dict[str, Any] = {}


class Signing(_Spec, frozen=True):
    """How commits are signed, as git does it.

    Attributes:
        format: of the signature.
        key: GPG's key id, or the path of SSH's key (`~` is the home directory).
    """

    format: OneOf["openpgp", "ssh"]
    key: str


class Commit(_Spec, frozen=True):
    """What the one commit on each branch says, and who makes it.

    Attributes:
        message: a template.
        name: of author and committer.
        email: of author and committer; a commit by another committer is not the campaign's.
        sign-off: whether it ends in `Signed-off-by` (DCO).
        signing: how it is signed. Default: not.
    """

    message: str = ""
    name: str = "refactor"
    email: str = "refactor@localhost"
    sign_off: bool = False
    signing: Signing | None = None


class PullRequestSpec(_Spec, frozen=True):
    """What each pull request says.

    Attributes:
        title: a template, one line.
        body: a template.
        labels: that it carries.
        reviewers: names that are asked; `CODEOWNERS` stands for the owners of the changed files.
        random-reviewers: how many of those names are asked, by chance. Default: all.
        assignees: names that it is assigned to.
        contact: who runs the campaign, for its owners: a name, a channel, an address.
        footer: whether it says who runs the campaign, what happens on close, and how to opt out.
        draft: whether it is opened as a draft; a human may make it ready.
        auto-merge: whether the forge merges it once its checks pass.
    """

    title: str = ""
    body: str = ""
    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    random_reviewers: int = 0
    assignees: tuple[str, ...] = ()
    contact: str = ""
    footer: bool = True
    draft: bool = False
    auto_merge: bool = False


class Limits(_Spec, frozen=True):
    """What a campaign may take.

    Attributes:
        open: pull requests that are open at once; 0 for any number.
        per-hour: pull requests that are opened within an hour; 0 for any number.
        pause: seconds between two writes to the forge. GitHub asks for one at least.
        workers: processes that plan. Default: one a processor.
        minutes: that one repository may take.
        megabytes: a repository's files that are looked at, together, unpacked.
    """

    open: int = 0
    per_hour: int = 60
    pause: float = 1.0
    workers: int = 0
    minutes: int = 10
    megabytes: int = 1000


class Campaign(_Spec, frozen=True):
    """The campaign file.

    Attributes:
        name: the campaign's, in branch names, commits and reports.
        repositories: which ones.
        forge: where they are.
        homes: inventories and namespaces, by repository.
        settings: settings that override each repository's own.
        branch: a template.
        commit: the commit.
        pull-request: the pull request.
        limits: what it may take.
    """

    name: str
    repositories: Repositories
    forge: ForgeSpec = ForgeSpec()
    homes: tuple[Home, ...] = ()
    settings: dict[str, Any] = {}
    branch: str = "refactor/{{ campaign }}"
    commit: Commit = Commit()
    pull_request: PullRequestSpec = PullRequestSpec()
    limits: Limits = Limits()
