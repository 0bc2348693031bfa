"""Secrets never leave in a report."""

from __future__ import annotations

import pytest

from refactor.secret.mask import mask

MASKED = [
    ("postgres://app:s3cr3t@10.0.0.1/db", "postgres://app:***@10.0.0.1/db"),
    ("x=amqp://u:p%40ss@h:5672/ y", "x=amqp://u:***@h:5672/ y"),
    ("redis://:hunter2@10.0.0.1:6379", "redis://:***@10.0.0.1:6379"),
    ("host=h password=s3cr3t dbname=x", "host=h password=*** dbname=x"),
    ("Server=h;Password=s3cr3t;Database=x", "Server=h;Password=***;Database=x"),
    ('password: "s3 cr3t"', 'password: "***"'),
    ('{"password":"s3cr3t","host":"h"}', '{"password":"***","host":"h"}'),
    ("API_KEY=abc123", "API_KEY=***"),
    ("root:s3cr3t@tcp(10.0.0.1:3306)/db", "root:***@tcp(10.0.0.1:3306)/db"),
    ("mongodb://u:p@10.0.0.1,10.0.0.2/x", "mongodb://u:***@10.0.0.1,10.0.0.2/x"),
    ("- name: DB_PASSWORD\n  value: s3cr3t # x", "- name: DB_PASSWORD\n  value: *** # x"),
    (" - name: 'X_TOKEN'\n+  value: \"a b\"", " - name: 'X_TOKEN'\n+  value: \"***\""),
    ("https://h/?token=abc&x=1", "https://h/?token=***&x=1"),
    ("https://h/?a=1&sig=a%3D&b=1", "https://h/?a=1&sig=***&b=1"),
    ("https://h/?X-Amz-Signature=ab12&key=abc", "https://h/?X-Amz-Signature=***&key=***"),
    ("postgres://u:p@ss@h/x", "postgres://u:***@h/x"),
    ("https://ghp0123456789abcdefgh@h/x.git", "https://***@h/x.git"),
    ("-H 'Authorization: Bearer abc123.def' x", "-H 'Authorization: Bearer ***' x"),
    ("{name: DB_PASSWORD, value: 's3cr3t'}", "{name: DB_PASSWORD, value: '***'}"),
    ('{"name": "API_KEY", "value": "s3cr3t"}', '{"name": "API_KEY", "value": "***"}'),
]
UNTOUCHED = [
    "http://10.0.0.1:8080/x",
    "http://orders:80/a@b",
    "user@10.0.0.1",
    "host: orders",
    "image: a/b:1.2@sha256:ff",
    "passwords are rotated",
    "TOKEN_URL=http://10.0.0.1:80/token",
    "secretName: tls",
    "password_file: /run/secrets/db",
    "passwordServer: 10.0.0.1",
    "https://user@h/x",
    "https://a-very-long-user-name@h/x",
    "basic authentication of the bearer",
    "https://h/?keyword=a&monkey=b",
    "{name: TOKEN_HOST, value: 10.0.0.1}",
    "password: ''",
    "- name: DB_HOST\n  value: orders",
    "- name: DB_PASSWORD\n  valueFrom:\n    configMapKeyRef: x",
]


@pytest.mark.parametrize(("text", "expected"), MASKED, ids=[row[0] for row in MASKED])
def test_masked(text: str, expected: str) -> None:
    assert mask(text) == expected
    assert mask(expected) == expected


@pytest.mark.parametrize("text", UNTOUCHED)
def test_untouched(text: str) -> None:
    assert mask(text) == text


LONG = [("a.a", 300_000), ("x:", 200_000), ("name: ", 100_000), ("token", 100_000), ("bearer ", 100_000),
        ("?key", 100_000), ("password \t", 50_000), ("a", 500_000), ("://a:", 100_000), ("a://b:c", 100_000)]  # fmt: skip


@pytest.mark.parametrize(("text", "times"), LONG, ids=[row[0].strip() for row in LONG])
def test_long_lines_end(text: str, times: int) -> None:
    """Would take hours, were it quadratic."""
    assert mask(text * times) == text * times
