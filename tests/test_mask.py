"""Secrets never leave in a report."""

from __future__ import annotations

import pytest

from refactor.mask import mask

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
]
UNTOUCHED = [
    "http://10.0.0.1:8080/x",
    "http://orders:80/a@b",
    "user@10.0.0.1",
    "host: orders",
    "image: a/b:1.2@sha256:ff",
    "passwords are rotated",
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
