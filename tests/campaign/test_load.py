"""The campaign file: typed, and every fault told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.campaign.load import load, overridden, url_fault
from refactor.errors import RefactorError
from refactor.settings.types import Settings

GOOD = "name: shop\nrepositories:\n  list: [https://git.example/shop/web.git]\n"


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "shop.yaml"
    path.write_text(text)
    return path


def test_everything_has_its_default(tmp_path: Path) -> None:
    campaign = load(write(tmp_path, GOOD)).campaign

    assert campaign.name == "shop"
    assert campaign.forge.kind == "git"
    assert campaign.branch == "refactor/{{ campaign }}"
    assert campaign.limits.per_hour == 60


def test_everything_can_be_said(tmp_path: Path) -> None:
    (tmp_path / "cluster.json").write_text("{}")
    text = """\
name: shop
repositories:
  list:
    - shop/web
    - {url: "git@git.example:shop/orders.git", base: develop}
  file: more.txt
  groups:
    - {name: shop, topics: [k8s], languages: [Python], archived: true, forks: true, names: ["shop/*"]}
  exclude: ["*/sandbox"]
forge: {kind: gitlab, url: "https://git.example", token: TOKEN, git-token: GIT, user: bot, fork: needed}
homes:
  - {repositories: ["shop/*"], inventories: [cluster.json], namespace: shop, settings: {names: fqdn}}
settings: {python: env}
branch: "bot/{{ campaign }}"
commit: {message: "{{ summary }}", name: Bot, email: b@c, sign-off: true, signing: {format: ssh, key: ~/.ssh/id}}
pull-request: {title: t, body: b, labels: [a], reviewers: [CODEOWNERS, ann], draft: true, auto-merge: true}
limits: {open: 1, per-hour: 2, pause: 0.5, workers: 3, minutes: 4, megabytes: 5}
"""
    campaign = load(write(tmp_path, text)).campaign

    assert campaign.repositories.groups[0].topics == ("k8s",)
    assert campaign.pull_request.reviewers == ("CODEOWNERS", "ann")
    assert campaign.limits.pause == 0.5


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        pytest.param("nam: shop\n" + GOOD, 1, "unknown setting `nam`; did you mean `name`?", id="unknown"),
        pytest.param(GOOD + "limits:\n  opne: 3\n", 5, "unknown setting `opne`; did you mean `open`?", id="unknown-below"),
        pytest.param(GOOD + "limits:\n  open: many\n", 5, "`open`: expected a whole number, got text", id="ill-typed"),
        pytest.param(GOOD + "forge:\n  kind: svn\n", 5, "`kind` cannot be `svn`; known: github, gitlab, gitea, forgejo, bitbucket, git", id="no-such-kind"),
        pytest.param(GOOD + "settings:\n  nmaes: short\n", 5, "unknown setting `nmaes`; did you mean `names`?", id="unknown-setting"),
        pytest.param(GOOD + "settings:\n  inventories: [a]\n", 5, "inventories go by repository; name them under `homes`", id="inventories"),
        pytest.param(GOOD + "homes:\n  - inventories:\n      - gone.json\n", 6, "`gone.json` does not exist", id="no-inventory"),
        pytest.param(GOOD + "homes:\n  - settings: {names: long}\n", 5, "`names` cannot be `long`", id="home-setting"),
        pytest.param("repositories: {list: [a/b]}\n", 1, "`name` is missing", id="no-name"),
        pytest.param("name: Shop!\nrepositories: {list: [a/b]}\n", 1, "`Shop!` is not a valid name", id="odd-name"),
        pytest.param("name: shop\nrepositories: {}\n", 2, "names no repository", id="nothing"),
        pytest.param("name: shop\nrepositories:\n  list:\n    - https://u:p@git.example/a/b\n", 4, "holds a user or a password", id="password"),
        pytest.param("name: shop\nrepositories:\n  list:\n    - 'ext::sh -c touch% /tmp/x'\n", 4, "is not the address", id="helper-spaces"),
        pytest.param("name: shop\nrepositories:\n  list:\n    - ext::sh\n", 4, "names a remote helper", id="helper"),
        pytest.param("name: shop\nrepositories:\n  list:\n    - --upload-pack=x\n", 4, "is not the address", id="option"),
        pytest.param("name: shop\nrepositories:\n  groups: [{name: shop}]\n", 3, "groups need a forge", id="group-without-forge"),
        pytest.param(GOOD + "forge: {kind: gitea}\n", 4, "`gitea` needs its `url`", id="gitea-url"),
        pytest.param(GOOD + "forge:\n  kind: github\n  token: ghp_abc-def\n", 6, "is the name of an environment variable", id="token"),
        pytest.param(GOOD + "branch: '{{ nobody }}'\n", 4, "is not a valid template: 'nobody' is undefined", id="template-name"),
        pytest.param(GOOD + "branch: '{{ campaign'\n", 4, "is not a valid template", id="template-syntax"),
        pytest.param(GOOD + "pull-request:\n  title: '{{ ().__class__.__mro__ }}'\n", 5, "is not a valid template", id="template-escape"),
        pytest.param(GOOD + "limits: {pause: -1}\n", 4, "`pause` cannot be less than 0", id="negative"),
        pytest.param(GOOD + "commit: {email: 'a>b'}\n", 4, "`a>b` is no email", id="email"),
        pytest.param(GOOD + "forge: {kind: github}\n", 4, "`github` needs a `token`: the name of the environment", id="no-token"),
        pytest.param(GOOD + "forge:\n  kind: gitlab\n  url: git.example\n", 6, "`git.example` is not a web address", id="url"),
        pytest.param(GOOD + "branch: ''\n", 4, "`` is not a valid branch name", id="no-branch"),
        pytest.param(GOOD + "branch: 'x {{ campaign }}'\n", 4, "`x sample` is not a valid branch name", id="odd-branch"),
        pytest.param("name: shop\nrepositories: {list: [3]}\n", 2, "expected text or a mapping, got a whole number", id="no-repository"),
        pytest.param("name: shop\nname: shop\n", 2, "`name` is set twice", id="twice"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line(tmp_path: Path, text: str, line: int, told: str) -> None:
    path = write(tmp_path, text)

    with pytest.raises(RefactorError) as raised:
        load(path)

    assert str(raised.value).startswith(f"{path}:{line}: ")
    assert told in str(raised.value)


@pytest.mark.parametrize(
    "url",
    ["https://git.example/shop/web.git", "git@git.example:shop/web.git", "ssh://git@git.example/shop/web", "shop/web", "/srv/git/web.git", "../web.git", "http://127.0.0.1:3000/a/b", "HTTPS://git.example:8443/@shop/web", "https://[2001:db8::1]:8443/a/b", "git://git.example/a", "ssh://git@[2001:db8::1]:22/a", "file:///srv/git/a@b.git", "git.example:shop/web.git", "git@[2001:db8::1]:a/b", "/srv/git/what?.git"],
)  # fmt: skip
def test_addresses_that_are_taken(url: str) -> None:
    assert url_fault(url) == ""


SECRET = "canary77"


@pytest.mark.parametrize(
    "url",
    [
        f"https://u:{SECRET}@h/a/b",
        f"HTTPS://u:{SECRET}@h/a/b",
        f"Http://{SECRET}@h/a/b",
        f"https://{SECRET}@h",
        f"https://:{SECRET}@h/a",
        f"https:/u:{SECRET}@h/a",
        f"https:\\\\u:{SECRET}@h\\a",
        f"https://u:x/{SECRET}@h/a/b",
        f"https://u%3A{SECRET}%40h/a",
        f"https://u:{SECRET}@[2001:db8::1]:8443/a",
        f"ssh://u:{SECRET}@h/a/b",
        f"SSH://u:{SECRET}@h/a/b",
        f"git+ssh://u:{SECRET}@h/a/b",
        f"ssh://u@{SECRET}@h/a",
        f"git://u:{SECRET}@h/a/b",
        f"ftps://u:{SECRET}@h/a/b",
        f"file://u:{SECRET}@h/a/b",
        f"https://h/a/b?private_token={SECRET}",
        f"https://h/a/b.git?access_token={SECRET}",
        f"https://h/a/b#{SECRET}",
        f"u:{SECRET}@h:a/b.git",
        f"u:{SECRET}@h/a/b.git",
    ],
)
def test_an_address_with_a_secret_is_refused_without_it(tmp_path: Path, url: str) -> None:
    listed = f"name: shop\nrepositories: {{list: ['{url}']}}\n"
    forge = GOOD + f"forge: {{kind: gitlab, token: T, url: '{url}'}}\n"

    for text in (listed, forge):
        with pytest.raises(RefactorError, match="holds a user or a password") as raised:
            load(write(tmp_path, text))
        assert SECRET not in str(raised.value)


def test_only_what_is_said_is_overridden() -> None:
    own = Settings(namespace="shop", names="short", tests=True)

    laid = overridden(own, {"names": "fqdn"}, {"tests": False, "python": "env"})

    assert laid == Settings(namespace="shop", names="fqdn", tests=False, python="env")
