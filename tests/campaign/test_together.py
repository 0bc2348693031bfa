"""A Service that one repository lacks is made in the one that has its workload, and waited for."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.campaign.service_requests import asks_of
from refactor.model import NewService, ServiceRef, WorkloadRef
from tests.campaign.farm import commit, git
from tests.campaign.scene import Scene
from tests.clusters import deployed, port, service, text

BRANCH = "refactor/services"
CLUSTER = text(
    *deployed("ledger", "10.42.1.10", port(8080, "http")),
    *deployed("quotes", "10.42.1.11", port(9000, "http")),
    *deployed("rates", "10.42.1.12", port(7000, "http"), port(7001, "admin")),
    service("rates", "10.43.0.12", {"app": "rates"}, {"port": 7000, "targetPort": 7000, "name": "http", "protocol": "TCP"}),
)  # fmt: skip


def deployment(name: str, number: int, calls: str = "") -> bytes:
    env = f"\n          env: [{{name: PEER_URL, value: '{calls}'}}]" if calls else ""
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  namespace: shop
spec:
  selector:
    matchLabels: {{app: {name}}}
  template:
    metadata:
      labels: {{app: {name}}}
    spec:
      containers:
        - name: {name}
          image: {name}:1
          ports: [{{name: http, containerPort: {number}}}]{env}
""".encode()


def values(address: str) -> dict[str, bytes]:
    return {"config/values.yaml": f"url: http://{address}/api\n".encode()}


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    made = Scene(tmp_path)
    (tmp_path / "cluster.json").write_bytes(CLUSTER)
    monkeypatch.setenv("T", "token")
    monkeypatch.setattr("refactor.campaign.start.connect", lambda spec, _: made.forge)
    return made


def begin(scene: Scene) -> None:
    scene.write()
    file = scene.file.read_text()
    scene.file.write_text(
        file.replace(file.partition("inventories: [")[2].partition("]")[0], "cluster.json")
    )


def pull(scene: Scene, name: str) -> dict[str, object]:
    return next(p for p in scene.forge.pulls() if p["repository"] == name)


@pytest.fixture
def pair(scene: Scene) -> Scene:
    scene.add("shop/a-web", values("10.42.1.10:8080"))
    scene.add("shop/ledger", {"deploy/ledger.yaml": deployment("ledger", 8080)})
    scene.add("shop/other", {"deploy/quotes.yaml": deployment("quotes", 9000)})
    begin(scene)
    assert scene.do() == {
        "shop/a-web": "open",
        "shop/ledger": "open",
        "shop/other": "nothing to do",
    }
    return scene


def test_the_owner_makes_it_and_comes_first(pair: Scene) -> None:
    made = git("show", f"{BRANCH}:deploy/ledger-service.yaml", at=pair.remote("shop/ledger"))

    assert "name: ledger\n" in made
    assert [p["repository"] for p in pair.forge.pulls()] == ["shop/ledger", "shop/a-web"]
    assert (
        git("show", f"{BRANCH}:config/values.yaml", at=pair.remote("shop/a-web"))
        == "url: http://ledger:8080/api"
    )


def test_who_needs_it_is_a_draft_and_links_it(pair: Scene) -> None:
    assert (pull(pair, "shop/ledger")["draft"], pull(pair, "shop/a-web")["draft"]) == (0, 1)
    assert (
        "Needs the Service `shop/ledger` of shop/ledger: http://forge.example/shop/ledger/pulls/1. A draft"
        in str(pull(pair, "shop/a-web")["body"])
    )
    assert "wait for this one: shop/a-web" in str(pull(pair, "shop/ledger")["body"])
    assert pair.row("shop/a-web").reason == "waits for shop/ledger"


def test_a_second_run_plans_nothing_again(pair: Scene) -> None:
    pair.do()

    assert pair.inline.planned == []
    assert len(pair.forge.pulls()) == 2


def test_made_ready_too_early_it_is_a_draft_again(pair: Scene) -> None:
    pair.forge.by_hand(2, "ready")

    pair.do()

    assert pull(pair, "shop/a-web")["draft"] == 1


def test_once_that_is_merged_it_is_no_draft(pair: Scene) -> None:
    pair.forge.by_hand(1, "merged")

    assert pair.do() == {
        "shop/a-web": "open",
        "shop/ledger": "merged",
        "shop/other": "nothing to do",
    }
    assert pull(pair, "shop/a-web")["draft"] == 0
    assert "shop/ledger/pulls/1, which has it." in str(pull(pair, "shop/a-web")["body"])
    assert pair.row("shop/a-web").reason == ""


def test_a_failure_on_the_way_does_not_keep_it_a_draft(pair: Scene) -> None:
    pair.remote("shop/a-web").rename(pair.root / "away")
    assert pair.do()["shop/a-web"] == "open"
    assert "last try failed" in pair.row("shop/a-web").why
    (pair.root / "away").rename(pair.remote("shop/a-web"))
    pair.forge.by_hand(1, "merged")

    assert pair.do(again=True)["shop/a-web"] == "open"
    assert pull(pair, "shop/a-web")["draft"] == 0
    assert pair.row("shop/a-web").why == ""


def test_a_commit_by_others_does_not_keep_it_a_draft(pair: Scene) -> None:
    commit(pair.remote("shop/a-web"), {"REVIEW": b"1"}, branch=BRANCH, who="ann <ann@x>")
    assert pair.do()["shop/a-web"] == "modified by others"
    assert pull(pair, "shop/a-web")["draft"] == 1
    pair.forge.by_hand(1, "merged")

    assert pair.do()["shop/a-web"] == "modified by others"
    assert pull(pair, "shop/a-web")["draft"] == 0
    assert "which has it." in str(pull(pair, "shop/a-web")["body"])
    assert "REVIEW" in git("ls-tree", "--name-only", BRANCH, at=pair.remote("shop/a-web"))


def test_a_draft_of_a_human_stays_one(pair: Scene) -> None:
    pair.forge.by_hand(1, "merged")
    pair.do()
    pair.forge.by_hand(2, "draft")

    pair.do()

    assert pull(pair, "shop/a-web")["draft"] == 1


def test_whose_base_has_it_already_is_waited_for_by_nobody(scene: Scene) -> None:
    there = b"apiVersion: v1\nkind: Service\nmetadata: {name: ledger, namespace: shop}\nspec:\n  selector: {app: ledger}\n  ports: [{port: 8080}]\n"
    scene.add("shop/a-web", values("10.42.1.10:8080"))
    scene.add(
        "shop/ledger",
        {"deploy/ledger.yaml": deployment("ledger", 8080), "deploy/service.yaml": there},
    )
    begin(scene)

    assert scene.do() == {"shop/a-web": "open", "shop/ledger": "nothing to do"}
    assert pull(scene, "shop/a-web")["draft"] == 0


def test_a_service_that_lacks_the_port_gains_it_where_it_is(scene: Scene) -> None:
    there = b"apiVersion: v1\nkind: Service\nmetadata:\n  name: rates\n  namespace: shop\nspec:\n  selector:\n    app: rates\n  ports:\n    - name: http\n      port: 7000\n"
    scene.add("shop/a-web", values("10.42.1.12:7001"))
    scene.add("shop/rates", {"deploy/service.yaml": there})
    begin(scene)

    assert scene.do() == {"shop/a-web": "open", "shop/rates": "open"}
    assert "port: 7001" in git(
        "show", f"{BRANCH}:deploy/service.yaml", at=scene.remote("shop/rates")
    )
    assert pull(scene, "shop/a-web")["draft"] == 1


def test_what_nobody_owns_is_left_for_a_human(scene: Scene) -> None:
    scene.add("shop/a-web", values("10.42.1.10:8080"))
    scene.add("shop/other", {"deploy/quotes.yaml": deployment("quotes", 9000)})
    begin(scene)

    assert scene.do() == {"shop/a-web": "needs review", "shop/other": "nothing to do"}
    assert scene.forge.pulls() == []


def test_two_that_wait_for_one_another_are_told_and_are_no_drafts(scene: Scene) -> None:
    scene.add(
        "shop/ledger", {"deploy/ledger.yaml": deployment("ledger", 8080, "http://10.42.1.11:9000")}
    )
    scene.add(
        "shop/quotes", {"deploy/quotes.yaml": deployment("quotes", 9000, "http://10.42.1.10:8080")}
    )
    begin(scene)

    assert scene.do() == {"shop/ledger": "open", "shop/quotes": "open"}
    assert [p["draft"] for p in scene.forge.pulls()] == [0, 0]
    assert all(
        "merge them together: shop/ledger, shop/quotes" in str(p["body"])
        for p in scene.forge.pulls()
    )
    assert scene.told("cycle") == [
        {
            "event": "cycle",
            "at": scene.told("cycle")[0]["at"],
            "repositories": ["shop/ledger", "shop/quotes"],
        }
    ]


def test_who_comes_later_finds_who_makes_it(scene: Scene) -> None:
    scene.add("shop/ledger", {"deploy/ledger.yaml": deployment("ledger", 8080)})
    scene.add("shop/web", {"readme": b"1"})
    begin(scene)
    assert scene.do() == {"shop/ledger": "nothing to do", "shop/web": "nothing to do"}
    commit(scene.remote("shop/web"), values("10.42.1.10:8080"))

    assert scene.do() == {"shop/ledger": "open", "shop/web": "open"}


def test_one_that_needs_it_no_more_takes_it_back(pair: Scene) -> None:
    commit(pair.remote("shop/a-web"), values("ledger.example"))

    assert pair.do() == {
        "shop/a-web": "nothing to do",
        "shop/ledger": "nothing to do",
        "shop/other": "nothing to do",
    }
    assert [p["state"] for p in pair.forge.pulls()] == ["closed", "closed"]


def test_services_are_of_one_cluster(scene: Scene) -> None:
    scene.add("shop/a-web", values("10.42.1.10:8080"))
    scene.add("stage/ledger", {"deploy/ledger.yaml": deployment("ledger", 8080)})
    begin(scene)
    (scene.root / "stage.json").write_bytes(CLUSTER)
    homes = "homes:\n  - {repositories: ['stage/*'], inventories: [stage.json]}\n  - {inventories: [cluster.json], namespace: shop}\n"
    lines = [line for line in scene.file.read_text().splitlines() if not line.startswith("homes")]
    scene.file.write_text("\n".join(lines) + "\n" + homes)

    assert scene.do() == {"shop/a-web": "needs review", "stage/ledger": "nothing to do"}


PORTS = "    - name: dns\n      port: 53\n      targetPort: dns\n      protocol: UDP\n    - name: http\n      port: 8080\n      targetPort: 8080\n"
HEAD = "# For Deployment shop/dns, which had no Service.\napiVersion: v1\nkind: Service\nmetadata:\n  name: dns\nspec:\n"


@pytest.mark.parametrize(
    ("manifest", "extends", "asked"),
    [
        pytest.param(HEAD + "  ports:\n" + PORTS, False, [(53, "UDP", None), (8080, "TCP", None)], id="new"),
        pytest.param(PORTS, True, [(53, "UDP", ServiceRef("shop", "dns")), (8080, "TCP", ServiceRef("shop", "dns"))], id="more-ports"),
        pytest.param(HEAD + "  clusterIP: None\n", False, [(None, "TCP", None)], id="headless-without-ports"),
    ],
)  # fmt: skip
def test_what_is_asked_of_others(manifest: str, extends: bool, asked: list[object]) -> None:
    new = NewService(
        ServiceRef("shop", "dns"),
        WorkloadRef("Deployment", "shop", "dns"),
        "",
        manifest,
        (53, 8080),
        extends,
    )

    assert [(ask.port, ask.protocol, ask.extend) for ask in asks_of(new)] == asked
