"""Secrets: base64 is seen and left alone; what is plain is plain."""

from __future__ import annotations

import base64
import re

import pytest

from refactor.model import Scanned
from refactor.scan import scan

IP = re.compile(r"\d+\.\d+\.\d+\.\d+")


def read(source: str) -> Scanned:
    return scan("yaml", source, lambda text: bool(IP.search(text)))


SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\n"


def test_base64_is_seen_and_cannot_be_edited() -> None:
    """Row 71: decode to see; nothing of it stands in the source."""
    url = "postgres://app:pw@10.244.2.9:5432/db"
    value = base64.b64encode(url.encode()).decode()
    source = f"{SECRET}data:\n  url: {value}\n  port: NTQzMg==\nstringData: {{host: 10.0.0.1}}\n"

    hidden, plain = read(source).literals

    assert (hidden.view.text, hidden.key, hidden.tags) == (url, "url", {"base64"})
    start = url.index("10.244")
    shown = hidden.view.around(start, start + 10)
    assert hidden.view.locate(start, start + 10) is None
    assert shown is not None
    assert base64.b64decode(shown.of(source)).decode() == "244.2."
    assert (plain.view.text, plain.tags) == ("10.0.0.1", set())


@pytest.mark.parametrize(
    "data",
    [
        "host: 10.0.0.1",
        "host: bm90aGluZyBoZXJl",
        "port: 8080",
        "host: '!!!10.0.0.1'",
        f"host: {base64.b64encode(b'10.0.0.1' + bytes([255, 0])).decode()}",
        "host: MTAuMC4wLjE",
        "host: [MTAuMC4wLjE=]",
    ],
    ids=["plain", "no address", "port", "no base64", "no text", "cut short", "no scalar"],
)
def test_base64_that_says_nothing(data: str) -> None:
    assert read(f"{SECRET}data:\n  {data}\n").literals == ()


@pytest.mark.parametrize("head", ["", "kind: ConfigMap\napiVersion: v1\n"], ids=["values", "other"])
def test_base64_is_decoded_in_secrets_only(head: str) -> None:
    assert read(f"{head}x: Secret\ndata: {{host: MTAuMC4wLjE=}}\n").literals == ()


def test_folded_base64() -> None:
    value = base64.b64encode(b"tcp://10.0.0.1:80").decode()
    source = f"{SECRET}data:\n  a: |\n    {value[:8]}\n    {value[8:]}\n"

    [literal] = read(source).literals

    assert literal.view.text == "tcp://10.0.0.1:80"
    assert literal.tags == {"base64", "block"}


def test_secret_in_a_block() -> None:
    """Row 70: what is plain in an embedded Secret is edited there."""
    source = "a: |\n  apiVersion: v1\n  kind: Secret\n  stringData:\n    u: tcp://10.0.0.1:80\n"

    [literal] = read(source).literals

    assert literal.path == ("a", "stringData", "u")
    assert literal.view.locate(0, 17) == (source.index("tcp"), source.index("tcp") + 17)
