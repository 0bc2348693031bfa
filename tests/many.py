"""A repository of 500 addresses, and its plan, with everything in it that a report has to show."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec

from refactor.cli.arguments import Arguments
from refactor.cli.job import job_of
from refactor.model import (
    Basis,
    Check,
    NewFile,
    NewService,
    Note,
    ObjectChange,
    Origin,
    Outcome,
    Plan,
    ServiceRef,
    WorkloadRef,
)
from refactor.plan import make_plan
from tests.shop import pod, service, workload, write_cluster, write_repository

_MADE = datetime.datetime(2026, 11, 30, 12, tzinfo=datetime.UTC)
BASIS = Basis(
    _MADE,
    (Origin("cluster.json", _MADE - datetime.timedelta(days=3)),),
    "shop",
    "0123456789abcdef" * 2,
    ".refactor.yaml",
)
"""What a golden report says that a plan was made from."""

SHOP = Path(__file__).parent.parent / "samples" / "shop"
NAMES = [f"{team}-{kind}" for team in ("orders", "billing", "search", "stock", "mail", "users")
         for kind in ("api", "worker", "cache", "db", "gateway")]  # fmt: skip


def address(number: int) -> str:
    """One of a Service's two pods; every ninth belongs to nobody."""
    if number % 9 == 8:
        return f"10.99.{number % 7}.{number % 250}:8080"
    at = number % len(NAMES)
    return f"10.42.{at}.{11 + number % 2}:8080"


def cluster_items() -> Iterator[dict]:
    for at, name in enumerate(NAMES):
        labels, set_ = {"app": name}, f"{name}-5d9c8b7f64"
        yield service(name, f"10.43.0.{at + 10}", labels, 80, 8080)
        yield workload("Deployment", name, labels, 2)
        replicas = workload("ReplicaSet", set_, labels, 2)
        owner = {"kind": "Deployment", "name": name, "controller": True, "apiVersion": "apps/v1"}
        yield replicas | {"metadata": replicas["metadata"] | {"ownerReferences": [owner]}}
        for n in (0, 1):
            yield pod(f"{set_}-{n}abcd", f"10.42.{at}.{11 + n}", labels, 8080, ("ReplicaSet", set_))


def files() -> dict[str, str]:
    """40 manifests of 8 addresses, 12 settings of 10, 6 programs of 5 and 5 dotenv files of 6."""
    numbers = iter(range(1000))
    found = {}
    for n in range(40):
        name = NAMES[n % len(NAMES)]
        env = "".join(
            f"            - name: UPSTREAM_{i}_URL\n              value: http://{address(next(numbers))}/v{i}\n"
            for i in range(8)
        )
        found[f"deploy/{name.partition('-')[0]}/{name}-{n}.yaml"] = (
            f"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}-{n}\n  namespace: shop\nspec:\n"
            "  template:\n    spec:\n      containers:\n        - name: main\n          image: shop/app:1.2.3.4\n"
            f"          env:\n{env}"
        )
    for n in range(12):
        lines = (
            f"upstream{i}:\n  url: http://{address(next(numbers))}\n  timeout: {i}\n"
            for i in range(10)
        )
        found[f"config/settings-{n:02}.yaml"] = "".join(lines)
    for n in range(6):
        lines = (f'URL_{i} = "http://{address(next(numbers))}/x"\n\n' for i in range(5))
        found[f"services/app{n}/settings.py"] = "".join(lines)
    for n in range(5):
        lines = (f"PEER_{i}={address(next(numbers))}\n" for i in range(6))
        found[f"env/stage-{n}.env"] = "".join(lines)
    return found


def many_plan(root: Path, cluster: Path) -> Plan:
    """Write the repository and its cluster; return its plan, with parts of the proof missing."""
    write_repository(root, files())
    write_cluster(cluster, list(cluster_items()))
    plan = make_plan(job_of(Arguments((root,), (str(cluster),), "", None, {})))
    return msgspec.structs.replace(dressed(plan), tool_version="1.2.3", inventory={}, basis=BASIS)


def shop_plan(root: Path) -> Plan:
    """Copy the sample shop; return its plan, dressed up."""
    shutil.copytree(SHOP, root)
    plan = make_plan(job_of(Arguments((root,), (), "", None, {})))
    return msgspec.structs.replace(dressed(plan), tool_version="1.2.3", inventory={}, basis=BASIS)


def dressed(plan: Plan) -> Plan:
    """Add to a plan what its repository does not give it: new files, and a proof with gaps."""
    marks = [outcome.finding.fingerprint for outcome in plan.outcomes if not outcome.edited][:2]
    edited = [outcome for outcome in plan.outcomes if outcome.edited]
    warned = {edited[3].finding.fingerprint: "https goes to another name: look at the certificate"}
    new = NewService(
        ServiceRef("shop", "recommender"), WorkloadRef("Deployment", "shop", "recommender"),
        file="deploy/recommender-service.yaml", manifest=MANIFEST, ports=(7000,), findings=tuple(marks),
        warnings=("pods that start later get RECOMMENDER_PORT",),
    )  # fmt: skip
    return msgspec.structs.replace(
        plan,
        outcomes=tuple(_warned(outcome, warned) for outcome in plan.outcomes),
        files=(*plan.files, NewFile(new.file, MANIFEST, "Service for Deployment shop/recommender", new.findings)),
        services=(*plan.services, new),
        objects=(
            *plan.objects,
            ObjectChange("charts/web, release web in shop", "Deployment shop/web", "spec.template.spec.containers[web].env[ORDERS_URL].value", "http://10.42.1.11:8080", "http://orders:80"),
            ObjectChange(new.file, "Service shop/recommender", "", "", '{"kind":"Service"}'),
            ObjectChange("charts/web, release web in shop", "ConfigMap shop/old", "", '{"kind":"ConfigMap"}', ""),
        ),
        checks=(
            *plan.checks,
            Check("syntax", edited[0].finding.file, "failed", "line 3 differs"),
            Check("names", edited[-1].finding.fingerprint, "unasked", "no inventory of that cluster"),
        ),
        notes=(*plan.notes, Note("config/broken.yaml", "unparsable", "a mapping is not closed", 7)),
    )  # fmt: skip


MANIFEST = """apiVersion: v1
kind: Service
metadata:
  name: recommender
  namespace: shop
spec:
  selector:
    app: recommender
  ports:
    - name: grpc
      port: 7000
      targetPort: grpc
"""


def _warned(outcome: Outcome, warnings: dict[str, str]) -> Outcome:
    told = warnings.get(outcome.finding.fingerprint)
    return msgspec.structs.replace(outcome, warnings=(told,)) if told else outcome
