"""Which repositories, by what name, and what each runs against."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.campaign.load import Loaded
from refactor.campaign.repositories import choose, home_of, lets_through, name_of
from refactor.campaign.spec import Campaign, Group, Home, Listed, Repositories
from refactor.errors import RefactorError


def chosen(tmp_path: Path, stdin: str = "", **given: object) -> list[tuple[str, str]]:
    campaign = Campaign("shop", Repositories(**given))  # type: ignore[arg-type]
    found = choose(Loaded(tmp_path / "shop.yaml", campaign), None, lambda: stdin)
    return [(one.name, one.base) for one in found]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://git.example/shop/web.git", "shop/web"),
        ("https://git.example/group/sub/web/", "group/sub/web"),
        ("git@git.example:shop/web.git", "shop/web"),
        ("ssh://git@git.example:2222/shop/web.git", "shop/web"),
        ("/srv/git/shop/web.git", "shop/web"),
        ("file:///srv/git/shop/web.git", "shop/web"),
    ],
)
def test_names(url: str, name: str) -> None:
    assert name_of(url) == name


def test_what_several_ways_name_is_taken_once(tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_text(
        "# ours\nhttps://h/shop/web.git\nhttps://h/shop/api.git develop # slow\n\n"
    )

    found = chosen(
        tmp_path,
        list=("https://h/shop/web.git", Listed("https://h/shop/z", "trunk"), "https://h/x/y"),
        file="more.txt",
        exclude=("x/*",),
    )

    assert found == [("shop/api", "develop"), ("shop/web", ""), ("shop/z", "trunk")]


def test_standard_input(tmp_path: Path) -> None:
    assert chosen(tmp_path, "https://h/a/b\n", file="-") == [("a/b", "")]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("https://u:p@h/a/b", "more.txt:2: holds a user or a password"),
        ("--upload-pack=x", "more.txt:2: is not the address"),
        ("ext::sh", "more.txt:2: names a remote helper"),
        ("https://h/a/b main extra", "more.txt:2: holds more than a URL and a base"),
    ],
)
def test_a_line_that_is_none_is_refused(tmp_path: Path, line: str, told: str) -> None:
    (tmp_path / "more.txt").write_text(f"https://h/a/b\n{line}\n")

    with pytest.raises(RefactorError) as raised:
        chosen(tmp_path, file="more.txt")

    assert told in str(raised.value)


@pytest.mark.parametrize(
    "other",
    ["https://h/a/b/", "https://H/a/b.git", "git@h:a/b.git", "ssh://git@h:2222/a/b"],
)
def test_one_by_several_addresses_is_taken_once(tmp_path: Path, other: str) -> None:
    assert chosen(tmp_path, list=("https://h/a/b", other)) == [("a/b", "")]


def test_two_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RefactorError, match="are both called a/b"):
        chosen(tmp_path, list=("https://h/a/b", "https://other/a/b"))


@pytest.mark.parametrize(
    "given", [{"list": ("https://h/a/b",), "exclude": ("a/*",)}, {"file": "gone.txt"}]
)
def test_none_at_all_is_refused(tmp_path: Path, given: dict[str, object]) -> None:
    with pytest.raises(RefactorError, match=r"no repository is left|cannot be read"):
        chosen(tmp_path, **given)


@pytest.mark.parametrize(
    ("name", "namespace"), [("shop/web", "first"), ("billing/x", "second"), ("other/x", "")]
)
def test_the_first_home_that_matches_counts(name: str, namespace: str) -> None:
    homes = (
        Home(("shop/*",), namespace="first"),
        Home(("billing/*", "shop/*"), namespace="second"),
    )

    assert home_of(homes, name).namespace == namespace


@pytest.mark.parametrize(
    ("group", "let"),
    [
        (Group("shop"), True),
        (Group("shop", names=("shop/w*",)), True),
        (Group("shop", names=("shop/a*",)), False),
        (Group("shop", topics=("db", "k8s")), True),
        (Group("shop", topics=("db",)), False),
        (Group("shop", languages=("python",)), True),
        (Group("shop", languages=("Go",)), False),
    ],
)
def test_filters(group: Group, let: bool) -> None:
    assert lets_through(group, "shop/web", ["k8s"], "Python", archived=False, fork=False) is let


@pytest.mark.parametrize(
    ("group", "archived", "fork", "let"),
    [
        (Group("a"), True, False, False),
        (Group("a", archived=True), True, False, True),
        (Group("a"), False, True, False),
        (Group("a", forks=True), False, True, True),
    ],
)
def test_archived_ones_and_forks_are_left_out(
    group: Group, archived: bool, fork: bool, let: bool
) -> None:
    assert lets_through(group, "a/b", [], "", archived=archived, fork=fork) is let
