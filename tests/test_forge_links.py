"""Links to a repository's file and line: only to a forge that is known, never with credentials."""

from __future__ import annotations

import pytest

from refactor.model import Basis
from refactor.report.forge_links import file_link, web_address

REMOTES = [
    ("https://github.com/acme/shop.git", "https://github.com/acme/shop"),
    ("https://bot:hunter2@gitlab.acme.dev:8443/a/b/shop.git", "https://gitlab.acme.dev:8443/a/b/shop"),
    ("git@github.com:acme/shop.git", "https://github.com/acme/shop"),
    ("ssh://git@gitea.acme.dev:2222/acme/shop/", "https://gitea.acme.dev/acme/shop"),
    ("http://gitlab.local/acme/shop", "http://gitlab.local/acme/shop"),
    ("/srv/git/shop.git", ""),
    ("file:///srv/git/shop.git", ""),
    ("ext::sh -c evil", ""),
    ("javascript://github.com/acme/shop", ""),
    ("https://github.com/acme/../evil", ""),
    ('https://github.com/acme/shop"onclick=x', ""),
    ("https://github.com/acme", ""),
    ("", ""),
]  # fmt: skip


@pytest.mark.parametrize(("remote", "expected"), REMOTES, ids=[row[0] for row in REMOTES])
def test_a_remote_has_a_page_without_credentials(remote: str, expected: str) -> None:
    assert web_address(remote) == expected


LINKS = [
    ("https://github.com/acme/shop", "", 3, "https://github.com/acme/shop/blob/c0ffee/a%20b.yaml#L3"),
    ("https://github.com/acme/shop", "deploy/", 0, "https://github.com/acme/shop/blob/c0ffee/deploy/a%20b.yaml"),
    ("https://gitlab.acme.dev/x/y/shop", "", 3, "https://gitlab.acme.dev/x/y/shop/-/blob/c0ffee/a%20b.yaml#L3"),
    ("https://codeberg.org/acme/shop", "", 3, "https://codeberg.org/acme/shop/src/commit/c0ffee/a%20b.yaml#L3"),
    ("https://bitbucket.org/acme/shop", "", 3, "https://bitbucket.org/acme/shop/src/c0ffee/a%20b.yaml#lines-3"),
    ("https://git.acme.dev/acme/shop", "", 3, ""),
    ("https://notgithub.com.evil.dev/acme/shop", "", 3, ""),
    ("javascript:alert(1)//github.com/a/b", "", 3, ""),
    ("", "", 3, ""),
]  # fmt: skip


@pytest.mark.parametrize(("web", "within", "line", "expected"), LINKS)
def test_a_line_is_linked_on_a_forge_that_is_known(
    web: str, within: str, line: int, expected: str
) -> None:
    assert file_link(Basis(commit="c0ffee", web=web, within=within), "a b.yaml", line) == expected


def test_nothing_is_linked_without_a_commit() -> None:
    assert file_link(Basis(web="https://github.com/acme/shop"), "a.yaml", 1) == ""
