"""docs/semantics.md, section 1: a bare host and the port next to it; a wrong pair is worse than none."""

from __future__ import annotations

import pytest

from refactor.model import Literal
from refactor.scan.pairing import Siblings
from refactor.text.key_words import stem
from refactor.text.view import View


def lit(
    text: str, key: str = "", scope: int = 0, *, number: bool = False, **more: object
) -> Literal:
    kind = "number" if number else "text"
    path = more.pop("path", (key,))
    tags = frozenset(more.pop("tags", ()))
    return Literal(View.plain(text), key=key, path=path, scope=scope, kind=kind, tags=tags)


def num(text: str, key: str = "", scope: int = 0, **more: object) -> Literal:
    return lit(text, key, scope, number=True, **more)


HOST = "10.0.4.17"

STEMS = [
    ("host", (), "host"),
    ("port", (), "port"),
    ("redisHost", ("redis",), "host"),
    ("redisPort", ("redis",), "port"),
    ("ORDERS_DB_HOST", ("orders", "db"), "host"),
    ("--orders-port", ("orders",), "port"),
    ("REDIS_IP", ("redis",), "host"),
    ("port_value", (), "port"),
    ("address", (), "host"),
    ("-h", (), "host"),
    ("-p", (), "port"),
    ("support", ("support",), ""),
    ("transport", ("transport",), ""),
    ("portal", ("portal",), ""),
    ("reports", ("reports",), ""),
    ("HTTPPort", ("http",), "port"),
    ("redis.host", ("redis",), "host"),
]


@pytest.mark.parametrize(("name", "words", "says"), STEMS, ids=[row[0] for row in STEMS])
def test_stem(name: str, words: tuple[str, ...], says: str) -> None:
    assert stem(name) == (words, says)


PAIRED = {
    "yaml siblings host/port": [lit(HOST, "host"), num("6379", "port")],
    "port before host": [lit(HOST, "host"), num("6379", "port")][::-1],
    "camel case": [lit(HOST, "redisHost"), num("6379", "redisPort"), num("80", "webPort")],
    "env items": [lit(HOST, "DB_HOST"), lit("5432", "DB_PORT"), lit("80", "WEB_PORT")],
    "flags": [lit(HOST, "--redis-host"), lit("6379", "--redis-port")],
    "short flags in a list": [lit(HOST, "-h", tags={"item"}), lit("5432", "-p", tags={"item"})],
    "name without host word": [lit(HOST, "redis"), num("6379", "redis_port")],
    "envoy": [lit(HOST, "address"), num("8080", "port_value")],
    "tuple": [lit(HOST, tags={"item"}), num("5432", tags={"item"})],
    "positional call": [lit(HOST, ""), num("5432", "")],
    "format arguments": [lit(HOST, "", tags={"format-args"}), num("80", "", tags={"format-args"})],
    "positional host, keyword port": [lit(HOST, ""), num("5432", "port")],
    "prefix: db_port serves db_primary_host": [
        lit(HOST, "db_primary_host"), num("5432", "db_port"), num("80", "port"),
    ],
    "list of hosts, port in their mapping": [
        lit(HOST, "hosts", 2, path=("redis", "hosts", "0"), tags={"item"}),
        num("6379", "port", 1, path=("redis", "port")),
    ],
}  # fmt: skip

ALONE = {
    "no sibling": [lit(HOST, "host")],
    "port in another scope": [lit(HOST, "host", 1), num("6379", "port", 2)],
    "another service's port": [lit(HOST, "redisHost"), num("80", "webPort")],
    "the program's own port": [lit(HOST, "redisHost"), num("8080", "port")],
    "two ports of one name": [lit(HOST, "host"), num("1", "port"), num("2", "port")],
    "no port but a timeout": [lit(HOST, "host"), num("30", "timeout")],
    "replicas": [lit(HOST, "host"), num("3", "replicas")],
    "port out of range": [lit(HOST, "host"), num("99999", "port")],
    "port with a zero before it": [lit(HOST, "host"), lit("08080", "port")],
    "port in digits of another script": [lit(HOST, "host"), lit("\u0668\u0660", "port")],
    "port zero": [lit(HOST, "host"), num("0", "port")],
    "tuple with the number first": [num("5432", tags={"item"}), lit(HOST, tags={"item"})],
    "list of another mapping": [
        lit(HOST, "hosts", 2, path=("redis", "hosts", "0"), tags={"item"}),
        num("6379", "port", 1, path=("web", "port")),
    ],
    "positional text that looks like a port": [lit(HOST, ""), lit("5432", "")],
}


@pytest.mark.parametrize("literals", PAIRED.values(), ids=PAIRED)
def test_certain_siblings_pair(literals: list[Literal]) -> None:
    host = next(item for item in literals if item.view.text == HOST)
    expected = {item.view.text for item in literals} & {"6379", "5432", "8080", "80"}
    pair = Siblings(literals).port_of(host)

    assert pair.port is not None
    assert pair.port.view.text == max(expected, key=lambda text: (len(text), text))


@pytest.mark.parametrize("literals", ALONE.values(), ids=ALONE)
def test_what_is_not_certain_stands_alone(literals: list[Literal]) -> None:
    host = next(item for item in literals if item.view.text == HOST)

    assert Siblings(literals).port_of(host).port is None


def test_an_uncertain_sibling_is_told() -> None:
    literals = [lit(HOST, "redisHost"), num("8080", "port")]

    paired = Siblings(literals).port_of(literals[0])
    assert paired.port is None
    assert paired.remark == "port 8080 stands beside it; not certain to be its port"
