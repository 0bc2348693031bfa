"""`campaign verify`: names of merged repositories are checked; what does not hold is begun anew."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from refactor.campaign import run as commands
from refactor.cli.campaign import command
from tests.campaign.farm import commit, git
from tests.campaign.scene import Scene
from tests.campaign.test_operate import GREEN, held
from tests.campaign.test_operate import merge as merge_all
from tests.campaign.test_together import deployment

FILE = "deploy/web.yaml"


def manifest(url: str) -> dict[str, bytes]:
    return {FILE: deployment("web", 8080, url)}


@pytest.fixture
def merged(scene: Scene) -> Scene:
    """One repository whose pull request is merged."""
    scene.add("shop/web", manifest("http://10.42.1.11:8080"))
    scene.write()
    assert scene.do() == {"shop/web": "open"}
    merge(scene)
    assert scene.row().state == "merged"
    return scene


def merge(scene: Scene) -> None:
    for pull in scene.forge.pulls():
        if pull["state"] == "open":
            scene.forge.edit(int(str(pull["number"])), **GREEN)
    merge_all(scene)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("", id="as-it-was-merged"),
        pytest.param("http://orders.shop:80", id="another-name-that-holds"),
        pytest.param("https://example.com", id="a-public-host"),
        pytest.param("http://ordes.other.example:80", id="another-clusters"),
    ],
)
def test_what_holds_stays_merged(merged: Scene, url: str) -> None:
    if url:
        commit(merged.remote(), manifest(url))

    assert merged.do("verify") == {"shop/web": "merged"}
    assert merged.row().broken == ""
    assert merged.row().verified > 0
    assert merged.do() == {"shop/web": "merged"}


def test_a_port_that_moved_is_told_and_mended_in_a_new_pull_request(merged: Scene) -> None:
    commit(merged.remote(), manifest("http://orders:8080"))

    assert merged.do("verify") == {"shop/web": "needs review"}
    assert f"{FILE}:17: no-such-port" in merged.row().why
    assert merged.do() == {"shop/web": "open"}
    assert len(merged.forge.pulls()) == 2
    assert "http://orders:80" in git("show", f"refactor/services:{FILE}", at=merged.remote())
    merge(merged)
    assert merged.do("verify") == {"shop/web": "merged"}
    assert merged.row().broken == ""


def test_what_is_not_certain_needs_a_human_until_it_holds(merged: Scene) -> None:
    commit(merged.remote(), manifest("http://ordres:80"))

    for what in ("verify", "run", "verify", "run"):
        assert merged.do(what) == {"shop/web": "needs review"}
        assert "no-such-service" in merged.row().why
        assert len(merged.forge.pulls()) == 1
    commit(merged.remote(), manifest("http://orders:80"))
    assert merged.do("verify") == {"shop/web": "merged"}
    assert merged.row().why == "its Service names hold again"


def test_what_is_open_is_not_asked(scene: Scene) -> None:
    scene.add("shop/web", manifest("http://10.42.1.11:8080"))
    scene.write()
    scene.do()

    assert scene.do("verify") == {"shop/web": "open"}
    assert scene.row().verified == 0
    assert scene.told("verified") == []


@pytest.mark.parametrize(
    ("url", "code", "told"),
    [
        ("http://orders:80", 0, "shop/web: 1 Service name, 0 broken"),
        ("http://ordres:80", 1, "shop/web: needs review"),
    ],
)
def test_the_command_tells_and_fails_where_names_are_broken(
    merged: Scene, url: str, code: int, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(merged.remote(), manifest(url))
    monkeypatch.setattr("refactor.campaign.start.executor", lambda *_: merged.inline)
    cache = str(merged.root / "cache")

    ran = CliRunner().invoke(command, ["verify", str(merged.file), "--cache", cache], standalone_mode=False)  # fmt: skip

    assert ran.return_value == code, ran.output
    assert told in ran.output


def test_a_service_that_another_repository_makes_is_no_broken_name(scene: Scene) -> None:
    """The inventory is of before the merge: what the provider makes is not in it yet."""
    from tests.campaign.test_together import CLUSTER, begin

    (scene.root / "cluster.json").write_bytes(CLUSTER)
    scene.add("shop/a-web", manifest("http://10.42.1.10:8080"))
    scene.add("shop/ledger", {"deploy/ledger.yaml": deployment("ledger", 8080)})
    begin(scene)
    scene.do()
    merge(scene)

    assert scene.do("verify") == {"shop/a-web": "merged", "shop/ledger": "merged"}
    assert [row.broken for row in scene.rows()] == ["", ""]
    with held(scene) as one:  # type: ignore[attr-defined]
        assert commands.verify
        assert one.states.row("shop/a-web").verified
