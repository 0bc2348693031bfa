"""Which workloads read a field: Kubernetes API, PodSpec."""

from __future__ import annotations

from typing import Any

import pytest

from refactor.helm.objects import Identity, Object, identified
from refactor.helm.workloads import readers

CONFIG = Identity("", "ConfigMap", "shop", "c")
SECRET = Identity("", "Secret", "shop", "s")


def deployment(spec: dict[str, Any], **more: Any) -> tuple[Object, ...]:
    container = {"name": "web", **more}
    content = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "d"},
        "spec": {"template": {"spec": {"containers": [container, {"name": "idle"}], **spec}}},
    }
    return identified([("s", content)], "shop")


def mounted(volume: dict[str, Any]) -> tuple[Object, ...]:
    return deployment(
        {"volumes": [{"name": "v", **volume}]}, volumeMounts=[{"name": "v", "mountPath": "/v"}]
    )


def env(source: dict[str, Any]) -> tuple[Object, ...]:
    return deployment({}, env=[{"name": "URL", "valueFrom": source}])


READ = {
    "env, its key": (env({"configMapKeyRef": {"name": "c", "key": "k"}}), CONFIG),
    "env, a Secret": (env({"secretKeyRef": {"name": "s", "key": "k"}}), SECRET),
    "envFrom": (deployment({}, envFrom=[{"configMapRef": {"name": "c"}}]), CONFIG),
    "envFrom, a Secret": (deployment({}, envFrom=[{"secretRef": {"name": "s"}}]), SECRET),
    "a volume": (mounted({"configMap": {"name": "c"}}), CONFIG),
    "a volume of a Secret": (mounted({"secret": {"secretName": "s"}}), SECRET),
    "a volume, its key": (mounted({"configMap": {"name": "c", "items": [{"key": "k"}]}}), CONFIG),
    "a projected volume": (mounted({"projected": {"sources": [{"secret": {"name": "s"}}]}}), SECRET),
}  # fmt: skip
NOT_READ = {
    "env, another key": (env({"configMapKeyRef": {"name": "c", "key": "other"}}), CONFIG),
    "env, another ConfigMap": (env({"configMapKeyRef": {"name": "x", "key": "k"}}), CONFIG),
    "a Secret of a ConfigMap's name": (env({"secretKeyRef": {"name": "c", "key": "k"}}), CONFIG),
    "a volume, another key": (mounted({"configMap": {"name": "c", "items": [{"key": "o"}]}}), CONFIG),
    "a volume nobody mounts": (
        deployment({"volumes": [{"name": "v", "configMap": {"name": "c"}}]}),
        CONFIG,
    ),
    "another namespace": (
        mounted({"configMap": {"name": "c"}}),
        CONFIG._replace(namespace="elsewhere"),
    ),
    "a Service is read by nobody": (deployment({}), Identity("", "Service", "shop", "c")),
    "nonsense": (
        deployment({"volumes": [5, {"name": {}}]}, env="x", envFrom=[None], volumeMounts=[{"name": []}]),
        CONFIG,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("objects", "identity"), READ.values(), ids=READ)
def test_what_reads_a_key(objects: tuple[Object, ...], identity: Identity) -> None:
    (reader,) = readers(objects, identity, "data.k")

    assert (str(reader.workload), reader.container) == ("Deployment shop/d", "web")
    assert reader.how == f"{identity.kind} {identity.name}, key k"


@pytest.mark.parametrize(("objects", "identity"), NOT_READ.values(), ids=NOT_READ)
def test_what_reads_no_such_key(objects: tuple[Object, ...], identity: Identity) -> None:
    assert readers(objects, identity, "data.k") == ()


OWN = {
    "env": ("spec.template.spec.containers[web].env[URL].value", "web", "env URL"),
    "args": ("spec.template.spec.containers[web].args[1]", "web", "args"),
    "a probe": ("spec.template.spec.containers[web].livenessProbe.httpGet.host", "web", "livenessProbe.httpGet.host"),
    "an init container": ("spec.template.spec.initContainers[wait].command[2]", "wait", "command"),
    "the pod's": ("spec.template.spec.hostAliases[0].ip", "", "spec.template.spec.hostAliases[0].ip"),
}  # fmt: skip


@pytest.mark.parametrize(("path", "container", "how"), OWN.values(), ids=OWN)
def test_a_workloads_own_field(path: str, container: str, how: str) -> None:
    objects = deployment({})
    (reader,) = readers(objects, objects[0].identity, path)

    assert (reader.container, reader.how) == (container, how)
    assert str(reader) == f"Deployment shop/d, {how}"


KINDS = {
    "Pod": ("v1", ("spec",), 1),
    "CronJob": ("batch/v1", ("spec", "jobTemplate", "spec", "template", "spec"), 1),
    "Rollout": ("argoproj.io/v1alpha1", ("spec", "template", "spec"), 1),
    "Certificate": ("cert-manager.io/v1", ("spec", "secretTemplate"), 0),
}


@pytest.mark.parametrize(("kind", "row"), KINDS.items(), ids=KINDS)
def test_what_makes_pods(kind: str, row: tuple[str, tuple[str, ...], int]) -> None:
    version, path, expected = row
    spec: Any = {"containers": [{"name": "a", "envFrom": [{"configMapRef": {"name": "c"}}]}]}
    for key in reversed(path):
        spec = {key: spec}
    objects = identified(
        [("s", {"apiVersion": version, "kind": kind, "metadata": {"name": "x"}, **spec})], "shop"
    )

    assert len(readers(objects, CONFIG, 'data["k"]')) == expected
    assert len(readers(objects, objects[0].identity, "spec.x")) == expected
