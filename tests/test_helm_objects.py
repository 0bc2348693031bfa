"""Rendered text to objects, and how two renders differ."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refactor.helm.changes import ORDER, Change, compare
from refactor.helm.engine import Manifest
from refactor.helm.noise import Noise, differences, noise
from refactor.helm.objects import (
    BadManifestError,
    Identity,
    Object,
    identified,
    identify,
    leaves,
    parse,
    step,
)
from tests.helm_bench import case, rendering


def objects(text: str, namespace: str = "shop") -> tuple[Object, ...]:
    manifest = Manifest("c/templates/a.yaml", text)
    return identified(((manifest.source, item) for item in parse(manifest)), namespace)


IDENTITIES = {
    "the release's namespace": (
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}},
        Identity("", "Service", "shop", "a"),
    ),
    "its own namespace": (
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a", "namespace": "b"}},
        Identity("", "Service", "b", "a"),
    ),
    "the group, not the version": (
        {"apiVersion": "apps/v1beta1", "kind": "Deployment", "metadata": {"name": "a"}},
        Identity("apps", "Deployment", "shop", "a"),
    ),
    "no namespace": (
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a"}},
        Identity("", "Namespace", "", "a"),
    ),
    "a generated name": (
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"generateName": "a-"}},
        Identity("", "Pod", "shop", "a-"),
    ),
    "nothing said": ({}, Identity("", "", "shop", "")),
    "nonsense": ({"apiVersion": 1, "kind": None, "metadata": [1]}, Identity("", "", "shop", "")),
}  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), IDENTITIES.values(), ids=IDENTITIES)
def test_identity(content: dict[str, Any], expected: Identity) -> None:
    assert identify(content, "shop") == expected


def test_documents_become_objects() -> None:
    """Empty documents are none; a List is its items; twins are told apart."""
    found = objects(
        "# a comment\n---\n---\nkind: A\nmetadata: {name: a}\n---\nkind: A\nmetadata: {name: a}\n"
        "---\nkind: List\nitems:\n- {kind: B, metadata: {name: b}}\n- no object\n---\njust text\n"
    )

    assert [str(item.identity) for item in found] == ["A shop/a", "A shop/a (2)", "B shop/b"]


def test_a_manifest_that_is_no_yaml_is_said_as_helm_says_it() -> None:
    with pytest.raises(BadManifestError, match=r"^YAML parse error on c/templates/a\.yaml: "):
        objects("a: b: c\n")


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(BadManifestError, match="nests deeper than 100"):
        objects("a: " + "[" * 200_000 + "]" * 200_000)


def test_leaves_have_readable_paths() -> None:
    content = {
        "spec": {
            "containers": [
                {"name": "web", "args": ["a", "b"], "env": [{"name": "URL", "value": "x"}]},
                {"name": "side", "ports": [{"containerPort": 80}]},
            ],
            "ports": [{"port": 53}, {"port": 53, "protocol": "UDP"}],
            "twice": [{"name": "a"}, {"name": "a"}],
            "empty": [],
        },
        "data": {"nginx.conf": "y"},
    }

    assert [path for path, _ in leaves(content)] == [
        "spec.containers[web].name",
        "spec.containers[web].args[0]",
        "spec.containers[web].args[1]",
        "spec.containers[web].env[URL].name",
        "spec.containers[web].env[URL].value",
        "spec.containers[side].name",
        "spec.containers[side].ports[80].containerPort",
        "spec.ports[53/TCP].port",
        "spec.ports[53/UDP].port",
        "spec.ports[53/UDP].protocol",
        "spec.twice[0].name",
        "spec.twice[1].name",
        'data["nginx.conf"]',
    ]


BEFORE = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  template:
    spec:
      containers:
      - name: web
        args: [serve, http://10.0.0.1]
        env:
        - {name: A, value: "1"}
        - {name: B, value: "2"}
      - name: side
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{name: http, port: 80}]}
"""
ENV = "spec.template.spec.containers[web].env"
WEB = "Deployment shop/web"
DIFFERENCES = {
    "nothing": ("", "", []),
    "a scalar": ("replicas: 1", "replicas: 2", [f"{WEB}, spec.replicas: 1 becomes 2"]),
    "a string that was a number": (
        "replicas: 1",
        'replicas: "1"',
        [f"{WEB}, spec.replicas: 1 becomes '1'"],
    ),
    "a boolean is no number": (
        "replicas: 1",
        "replicas: true",
        [f"{WEB}, spec.replicas: 1 becomes True"],
    ),
    "an item of a plain list": (
        "http://10.0.0.1",
        "http://orders",
        [f"{WEB}, spec.template.spec.containers[web].args[1]: 'http://10.0.0.1' becomes 'http://orders'"],
    ),
    "an inserted item is one change": (
        '- {name: A, value: "1"}',
        '- {name: N, value: "0"}\n        - {name: A, value: "1"}',
        [f"{WEB}, {ENV}[N] is added"],
    ),
    "an inserted port is one change": (
        "{name: http, port: 80}",
        "{name: grpc, port: 90}, {name: http, port: 80}",
        ["Service shop/web, spec.ports[grpc] is added"],
    ),
    "a removed item is one change": ('- {name: A, value: "1"}\n', "\n", [f"{WEB}, {ENV}[A] is removed"]),
    "order counts, as of env it does": (
        '- {name: A, value: "1"}\n        - {name: B, value: "2"}',
        '- {name: B, value: "2"}\n        - {name: A, value: "1"}',
        [f"{WEB}, {ENV}: {ORDER!r} becomes 'another'"],
    ),
    "a removed object": (
        "kind: Service",
        "kind: Other",
        ["Other shop/web is added", "Service shop/web is removed"],
    ),
    "another version of the API is the same object": (
        "apps/v1",
        "apps/v2",
        [f"{WEB}, apiVersion: 'apps/v1' becomes 'apps/v2'"],
    ),
    "comments and styles do not count": ("replicas: 1", "replicas:   1 # one", []),
    "keys in another order are the same": ("{name: http, port: 80}", "{port: 80, name: http}", []),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), DIFFERENCES.values(), ids=DIFFERENCES)
def test_differences(old: str, new: str, expected: list[str]) -> None:
    assert old in BEFORE
    after = BEFORE.replace(old, new) if old else BEFORE

    assert [str(change) for change in compare(objects(BEFORE), objects(after))] == expected


scalar = st.none() | st.booleans() | st.integers(-5, 5) | st.text("ab.[", max_size=3)
items = st.fixed_dictionaries({"name": st.text("abc", max_size=2)}, optional={"value": scalar})
data = st.recursive(
    scalar,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(items, max_size=3)
        | st.dictionaries(st.text("abn", max_size=2), inner, max_size=3)
    ),
    max_leaves=12,
)
things = st.lists(
    st.fixed_dictionaries(
        {
            "apiVersion": st.sampled_from(["v1", "apps/v1"]),
            "kind": st.sampled_from(["Service", "Namespace"]),
            "metadata": st.fixed_dictionaries({"name": st.sampled_from("abc")}),
            "spec": data,
        }
    ),
    max_size=5,
    unique_by=lambda content: (content["apiVersion"], content["kind"], content["metadata"]["name"]),
)


@given(things)
def test_a_render_does_not_differ_from_itself(contents: list[dict[str, Any]]) -> None:
    one = identified((("s", content) for content in contents), "n")
    two = identified((("s", copy.deepcopy(content)) for content in contents), "n")

    assert compare(one, two) == ()


@given(things, st.randoms())
def test_the_order_of_documents_does_not_matter(
    contents: list[dict[str, Any]], random: Any
) -> None:
    shuffled = contents.copy()
    random.shuffle(shuffled)
    one = identified((("s", content) for content in contents), "n")
    two = identified((("s", content) for content in shuffled), "n")

    assert compare(one, two) == ()


@given(things, things)
def test_what_differs_is_found_from_both_sides(
    one: list[dict[str, Any]], two: list[dict[str, Any]]
) -> None:
    first, second = (identified((("s", c) for c in contents), "n") for contents in (one, two))
    there, back = compare(first, second), compare(second, first)

    assert {(c.object, c.path) for c in there} == {(c.object, c.path) for c in back}
    by_identity = {item.identity: repr(item.content) for item in first}
    same = by_identity == {item.identity: repr(item.content) for item in second}
    assert not (same and there)


def test_what_varies_by_itself_is_left_out() -> None:
    """A password, a date, and a Job of a random name; a change beside them is still seen."""
    after = b"host: orders\nport: 8080\n"
    with rendering() as renders:
        found = differences(renders, case("random"), {"random/values.yaml": after})

        assert renders.count == 3
    assert [str(change) for change in found.changes] == [
        "Secret store/password, data.host: 'MTAuMC44LjE=' becomes 'b3JkZXJz'",
        "Job store/*, spec.template.spec.containers[migrate].args[0]: '10.0.8.1' becomes 'orders'",
    ]
    assert found.left_out == (
        "Job store/*, metadata.name",
        "Job store/*, spec.template.spec.containers[migrate].args[1]",
        "Secret store/password, data.password",
    )


def test_two_renders_are_enough_where_nothing_differs() -> None:
    with rendering() as renders:
        found = differences(
            renders, case("plain"), {"plain/values.yaml": b"orders: {host: 10.0.4.17, port: 8080}"}
        )

        assert (found.changes, found.left_out, renders.count) == ((), (), 2)


def test_a_render_that_fails_after_the_changes_says_so() -> None:
    with rendering() as renders:
        broken = differences(renders, case("plain"), {"plain/values.yaml": b"a: [\n"})
        never = differences(
            renders, case("required"), {"required/values.yaml": b"host: 10.0.0.1\n"}
        )

    assert broken.error.startswith("after the changes: cannot load values.yaml")
    assert never.error.startswith("execution error at (required/templates/configmap.yaml")


COVERED = {
    "the field": ("data.password", True),
    "below the field": ("data.password.inner", True),
    "an item of the field": ("data.password[0]", True),
    "above the field": ("data", False),
    "a field that begins alike": ("data.passwords", False),
    "the object": ("", False),
}


@pytest.mark.parametrize(("path", "expected"), COVERED.values(), ids=COVERED)
def test_noise_covers_the_field_and_what_is_in_it(path: str, expected: bool) -> None:
    secret = Identity("", "Secret", "shop", "a")
    known = Noise(frozenset({(secret, "data.password")}))

    assert known.covers(Change(secret, path, 1, 2)) is expected
    assert not known.covers(Change(secret._replace(name="b"), path, 1, 2))


def test_an_object_that_comes_or_goes_is_no_random_name() -> None:
    one = objects("kind: A\nmetadata: {name: a}\n")
    two = objects("kind: A\nmetadata: {name: a}\n---\nkind: B\nmetadata: {name: b}\n")

    assert noise(one, two).unnamed == frozenset()
    assert noise(one, two).settled(one) == one


@pytest.mark.parametrize(
    ("path", "key", "expected"),
    [
        ("", "a", "a"),
        ("a", "b-c", "a.b-c"),
        ("a", "b/c", 'a["b/c"]'),
        ("a", "[web]", "a[web]"),
        ("a", 3, "a[3]"),
    ],
)
def test_steps(path: str, key: str | int, expected: str) -> None:
    assert step(path, key) == expected


def test_a_manifest_of_many_aliases_is_refused() -> None:
    """Nine lines that stand for a thousand million fields."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 7)]
    with pytest.raises(BadManifestError, match="aliases written out"):
        objects("\n".join(lines))
