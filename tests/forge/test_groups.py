"""Which repositories of a group a campaign gets."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("github")
pytest.importorskip("gitlab")

from refactor.campaign.spec import Group
from tests.forge.worlds import GitHubWorld, GitLabWorld, World

SHOP: dict[str, dict[str, Any]] = {
    "shop/web": {"topics": ["team-a", "go"], "language": "Go"},
    "shop/api": {"topics": ["team-b"], "language": "Python"},
    "shop/old": {"topics": ["team-a"], "archived": True},
    "shop/copy": {"fork": True},
    "shop/docs": {},
}


def listed(world: World, group: Group) -> list[str]:
    found = list(world.forge.repositories(group))
    assert all(r.url == f"{world.url}/{r.name}.git" and r.base == "" for r in found)
    return sorted(r.name.partition("/")[2] for r in found)


FILTERS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "all": ({}, ["api", "docs", "web"]),
    "topic": ({"topics": ("team-a",)}, ["web"]),
    "either topic": ({"topics": ("team-b", "go")}, ["api", "web"]),
    "no such topic": ({"topics": ("none",)}, []),
    "archived too": ({"archived": True, "topics": ("team-a",)}, ["old", "web"]),
    "forks too": ({"forks": True, "names": ("*/copy", "*/docs")}, ["copy", "docs"]),
    "no forks": ({"names": ("*/copy",)}, []),
    "names": ({"names": ("*/w*", "*/a*")}, ["api", "web"]),
    "names are full": ({"names": ("web",)}, []),
}


@pytest.fixture
def shop(world: World) -> World:
    for name, fields in SHOP.items():
        world.add(name, **fields)
    return world


def test_filters(shop: World) -> None:
    shop.add(f"{shop.me}/mine-{id(shop)}")

    found = {what: listed(shop, Group(shop.group, **told)) for what, (told, _) in FILTERS.items()}

    assert found == {what: names for what, (_, names) in FILTERS.items()}


@pytest.mark.parametrize("world", ["github", "gitlab"], indirect=True)
@pytest.mark.parametrize(
    ("languages", "names"),
    [(("go",), ["web"]), (("Python", "Go"), ["api", "web"]), (("CSS",), [])],
    ids=["case", "either", "not-the-main-one"],
)
def test_languages(shop: World, languages: tuple[str, ...], names: list[str]) -> None:
    assert listed(shop, Group("shop", languages=languages)) == names


def test_subgroups_are_the_groups_own(gitlab: GitLabWorld) -> None:
    gitlab.add("shop/web")
    gitlab.add("shop/tools/lint")
    gitlab.add("other/web")

    assert [r.name for r in gitlab.forge.repositories(Group("shop"))] == [
        "shop/web",
        "shop/tools/lint",
    ]
    assert [r.name for r in gitlab.forge.repositories(Group("shop/tools"))] == ["shop/tools/lint"]


def test_a_user_in_place_of_a_group(world: World) -> None:
    name = world.add(f"{world.me}/own-{id(world)}")
    other = world.add()

    found = [r.name for r in world.forge.repositories(Group(world.me))]

    assert name in found
    assert other not in found


def test_another_user_at_github(github: GitHubWorld) -> None:
    github.add("ann/web")

    assert [r.name for r in github.forge.repositories(Group("ann"))] == ["ann/web"]
    assert "/api/v3/user/repos" not in github.server.asked("GET")


def test_gitlab_asks_for_languages_only_of_what_is_left(gitlab: GitLabWorld) -> None:
    gitlab.add("shop/web", language="Go")
    gitlab.add("shop/api", language="Go")

    list(gitlab.forge.repositories(Group("shop", names=("*/web",), languages=("Go",))))

    assert [p for p in gitlab.server.asked("GET") if p.endswith("/languages")] == [
        "/api/v4/projects/100/languages"
    ]
