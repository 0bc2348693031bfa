"""docs/semantics.md, section 4: what replaces an address."""

from __future__ import annotations

import pytest

from refactor.model import (
    Ambiguous,
    Finding,
    MissingService,
    Resolution,
    ServiceRef,
    Target,
    Unresolved,
    WorkloadRef,
)
from refactor.plan.edits import edits_for, warnings_for, written
from refactor.resolve.naming import Form, service_name
from refactor.text.source import splice
from refactor.text.view import Span
from tests.rows import after, edited, reasons, row

ORDERS = Target(ServiceRef("shop", "orders"), 80)
KAFKA = Target(ServiceRef("data", "kafka-headless"), 9092, pod="kafka-0", headless=True)

NAMES: list[tuple[str, Target, str, Form, str]] = [
    ("the consumer's namespace equals", ORDERS, "shop", "auto", "orders"),
    ("it differs", ORDERS, "web", "auto", "orders.shop.svc.cluster.local"),
    ("it is not known", ORDERS, "", "auto", "orders.shop.svc.cluster.local"),
    ("a stateful pod is written out", KAFKA, "data", "auto", "kafka-0.kafka-headless.data.svc.cluster.local"),
    ("a stateful pod from elsewhere", KAFKA, "shop", "auto", "kafka-0.kafka-headless.data.svc.cluster.local"),
    ("short in its namespace", ORDERS, "shop", "short", "orders"),
    ("short from elsewhere stays right", ORDERS, "web", "short", "orders.shop"),
    ("short, namespace not known", ORDERS, "", "short", "orders.shop"),
    ("short stateful pod", KAFKA, "data", "short", "kafka-0.kafka-headless"),
    ("qualified", ORDERS, "shop", "qualified", "orders.shop.svc"),
    ("fqdn", ORDERS, "shop", "fqdn", "orders.shop.svc.cluster.local"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("target", "consumer", "form", "name"),
    [row[1:] for row in NAMES],
    ids=[row[0] for row in NAMES],
)
def test_names(target: Target, consumer: str, form: Form, name: str) -> None:
    assert service_name(target, consumer, form, "cluster.local") == name


def test_the_cluster_domain_is_a_setting() -> None:
    assert service_name(ORDERS, "", "auto", "k8s.corp") == "orders.shop.svc.k8s.corp"


def finding(
    text: str, host: str, port: str = "", *, scheme: str = "", origin: str = "", **more: object
) -> Finding:
    at = text.index(host)
    port_at = text.rindex(port) if port else 0
    span = Span(port_at, port_at + len(port)) if port else None
    number = int(port) if port else more.pop("implied", None)
    origin = origin or ("written" if port else "implied" if number else "none")
    return Finding(
        "f", 1, 1, host.strip("[]"), Span(at, at + len(host)), host, f"{at:016x}",
        port=number, port_from=origin, port_span=span, port_text=port, scheme=scheme, **more,
    )  # fmt: skip


EDITED = [
    ("port written and changed", "http://10.0.4.17:8080/x", "10.0.4.17", "8080", 80, "http://orders:80/x"),
    ("port written and equal", "10.0.4.17:80", "10.0.4.17", "80", 80, "orders:80"),
    ("port in a sibling", "h: 10.0.4.17\np: 8080 # c", "10.0.4.17", "8080", 80, "h: orders\np: 80 # c"),
    ("quoted sibling stays quoted", "h: 10.0.4.17\np: '8080'", "10.0.4.17", "8080", 80, "h: orders\np: '80'"),
    ("IPv6 brackets go", "http://[fd00::17]:8080/", "[fd00::17]", "8080", 80, "http://orders:80/"),
    ("no port known, none needed", "h: 10.0.4.17", "10.0.4.17", "", None, "h: orders"),
    ("user info and path stay", "amqp://u:p@10.0.4.17:5672/v?x=1", "10.0.4.17", "5672", 5673, "amqp://u:p@orders:5673/v?x=1"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "host", "port", "new_port", "expected"),
    [row[1:] for row in EDITED],
    ids=[row[0] for row in EDITED],
)
def test_edits(text: str, host: str, port: str, new_port: int | None, expected: str) -> None:
    target = Target(ServiceRef("shop", "orders"), new_port)
    edits = edits_for(finding(text, host, port), target, "orders", text)

    assert all(edit.span.of(text) == edit.old for edit in edits)
    assert splice(text, [(*edit.span, edit.new) for edit in edits]) == expected


def test_a_url_without_a_port_gains_one_where_the_service_port_is_not_the_schemes() -> None:
    text = "http://10.0.4.17/x"
    found = finding(text, "10.0.4.17", scheme="http", implied=80)

    assert edits_for(found, Target(ORDERS.service, 8000), "orders", text)[0].new == "orders:8000"
    assert edits_for(found, Target(ORDERS.service, 80), "orders", text)[0].new == "orders"
    assert written(found, Target(ORDERS.service, 8000), "orders") == "orders:8000"
    assert written(found, Target(ORDERS.service, 80), "orders") == "orders"


def test_grpc_prefix_becomes_dns() -> None:
    text = "ipv4:10.0.4.17:50051"
    found = finding(text, "10.0.4.17", "50051", prefix_span=Span(0, 5))
    edits = edits_for(found, Target(ORDERS.service, 50051), "orders", text)

    assert splice(text, [(*e.span, e.new) for e in edits]) == "dns:///orders:50051"


@pytest.mark.parametrize(("scheme", "told"), [("https", 1), ("wss", 1), ("http", 0), ("", 0)])
def test_tls_is_told(scheme: str, told: int) -> None:
    text = f"{scheme}://10.0.4.17"

    assert len(warnings_for(finding(text, "10.0.4.17", scheme=scheme), ORDERS)) == told


TWO_HOSTS = "a: 10.0.0.1\nb: 10.0.0.2\nport: 8080\n"


def shared(*resolutions: Resolution) -> tuple[list[str | None], str]:
    rows = edited(
        TWO_HOSTS,
        (
            row(finding(TWO_HOSTS, host, "8080", origin="sibling"), resolution)
            for host, resolution in zip(("10.0.0.1", "10.0.0.2"), resolutions, strict=True)
        ),
    )
    return reasons(rows), after(TWO_HOSTS, rows)


A, B = ServiceRef("shop", "a"), ServiceRef("shop", "b")
UNKNOWN = Unresolved("unknown-address", "nobody owns it")


def test_one_port_literal_that_all_change_alike_is_edited_once() -> None:
    assert shared(Target(A, 80), Target(B, 80)) == ([None, None], "a: a\nb: b\nport: 80\n")


def test_one_port_literal_whose_new_ports_differ_keeps_the_whole_group() -> None:
    assert shared(Target(A, 80), Target(B, 81)) == (["shared-port"] * 2, TWO_HOSTS)
    assert shared(Target(A, 80), Target(B, 8080)) == (["shared-port"] * 2, TWO_HOSTS)


def test_one_port_literal_with_a_host_that_stays_is_not_changed() -> None:
    assert shared(Target(A, 80), UNKNOWN) == (["shared-port", "unknown-address"], TWO_HOSTS)
    assert shared(Target(A, 8080), UNKNOWN)[0] == [None, "unknown-address"]


REFUSED: list[tuple[Resolution, str, str]] = [
    (UNKNOWN, "unknown-address", "nobody owns it"),
    (Unresolved("port-mismatch", "no such port"), "port-mismatch", "no such port"),
    (Ambiguous((A, B)), "ambiguous", "several Services fit: shop/a, shop/b"),
    (MissingService(WorkloadRef("Deployment", "shop", "a"), 80), "missing-service", "no Service leads to Deployment shop/a"),
    (MissingService(WorkloadRef("Deployment", "shop", "a"), 80, extend=A), "missing-service", "Service shop/a lacks port 80 of Deployment shop/a"),
]  # fmt: skip


@pytest.mark.parametrize(("resolution", "reason", "why"), REFUSED)
def test_what_is_not_resolved_is_not_edited(resolution: Resolution, reason: str, why: str) -> None:
    text = "10.0.0.1:80"
    (found,) = edited(text, [row(finding(text, "10.0.0.1", "80"), resolution)])

    assert found.edits == ()
    assert [(r.stage, r.reason, r.why) for r in found.refusals] == [("resolve", reason, why)]


def test_the_first_refusal_decides_and_all_are_kept() -> None:
    text = "10.0.0.1:80"
    kept = finding(text, "10.0.0.1", "80", kept="kept-field", kept_why="why")
    (found,) = edited(text, [row(kept, UNKNOWN)])

    assert found.edits == ()
    assert [r.reason for r in found.refusals] == ["kept-field", "unknown-address"]


def test_two_findings_of_one_text_are_a_conflict() -> None:
    text = "10.0.0.1:80"
    first, second = finding(text, "10.0.0.1", "80"), finding(text, "10.0.0.1:80")
    second = Finding(
        **{f: getattr(second, f) for f in second.__struct_fields__} | {"fingerprint": "2"}
    )
    rows = edited(text, [row(first, ORDERS), row(second, Target(B, 80))])

    assert [found.edits for found in rows] == [(), ()]
    assert reasons(rows) == ["conflict", "conflict"]
