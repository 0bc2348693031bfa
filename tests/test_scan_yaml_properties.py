"""What holds for every text: nothing raises, and what has a place stands there letter for letter."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import (
    DoubleQuotedScalarString,
    FoldedScalarString,
    LiteralScalarString,
    SingleQuotedScalarString,
)

from refactor.model import Scanned
from refactor.scan import scan

IP = re.compile(r"\d+\.\d+\.\d+\.\d+")
BITS = [
    *("10.0.0.1", "host: ", "- ", "---\n", "...\n", "? ", "&a ", "*a", "!!str ", "<<: ", "%YAML 1.2\n"),
    *("|", ">", "|-\n", ">2+\n", "'", '"', "''", "\\", "\\n", "\\x41", "\\\n", "{", "}", "[", "]", ","),
    *(": ", ":", "#", " # ", "\n", "\n  ", "\n    ", "\r\n", "\r", "\t", " ", "\f", "\0", "\ufeff"),
    *("é", "😀", "\udce9", "\x85", "\u2028", "{{ x }}", "kind: Secret\n", "data:\n", "8080", "a.yaml: "),
    *("MTAuMC4wLjE=", "a", "b.sh: |\n", "sops: {mac: x}\n", "env:\n", "{name: H, value: 10.0.0.2}"),
]  # fmt: skip
SOUP = st.lists(st.sampled_from(BITS), max_size=40).map("".join)


def read(source: str) -> Scanned:
    return scan("yaml", source, lambda text: bool(IP.search(text)))


def assert_in_place(source: str, scanned: Scanned) -> None:
    for literal in scanned.literals:
        text = literal.view.text
        for at, place, length in literal.view.pieces:
            assert text[at : at + length] == source[place : place + length]
        for found in IP.finditer(text):
            span = literal.view.locate(*found.span())
            assert span is None or span.of(source) == found[0]


@given(SOUP | st.text(max_size=200))
def test_any_text_is_read(source: str) -> None:
    scanned = read(source)

    assert_in_place(source, scanned)
    assert scanned.line <= source.count("\n") + 1
    assert bool(scanned.unparsable) == (scanned.line > 0)


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes) -> None:
    source = data.decode("utf-8", "surrogateescape")

    assert_in_place(source, read(source))


TEXTS = st.text("ab :-#'\"\\{}[],&*!|>%@`é😀\t\n", max_size=12)
ADDRESSED = st.tuples(TEXTS, TEXTS).map(lambda ends: f"{ends[0]}10.0.0.1{ends[1]}")
STYLES = (
    str,
    SingleQuotedScalarString,
    DoubleQuotedScalarString,
    LiteralScalarString,
    FoldedScalarString,
)
STYLED = st.tuples(ADDRESSED, st.sampled_from(STYLES)).map(lambda pair: pair[1](pair[0]))
TREES = st.recursive(
    STYLED | st.integers(0, 99999) | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def dumped(tree: Any, *, flow: bool, width: int) -> str:
    yaml = YAML()
    yaml.default_flow_style = flow
    yaml.width = width
    stream = io.StringIO()
    yaml.dump({"root": tree}, stream)
    return stream.getvalue()


def leaves(tree: Any) -> list[str]:
    if isinstance(tree, dict):
        return [leaf for child in tree.values() for leaf in leaves(child)]
    if isinstance(tree, list):
        return [leaf for child in tree for leaf in leaves(child)]
    return [str(tree)] if isinstance(tree, str) else []


@given(TREES, st.booleans(), st.sampled_from([20, 80, 4096]))
def test_every_dumped_address_is_found_in_place(tree: Any, flow: bool, width: int) -> None:
    source = dumped(tree, flow=flow, width=width)

    scanned = read(source)

    assert_in_place(source, scanned)
    if not scanned.unparsable:
        loaded = YAML(typ="safe", pure=True).load(source)  # the emitter is not always true
        plain = [text for text in leaves(loaded) if IP.search(text) and "\n" not in text.strip()]
        found = [item.view.text for item in scanned.literals if "embedded" not in item.tags]
        assert {text for text in plain if not re.search(r"[\[{]", text)} <= set(found)


@given(TREES, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_json_is_read(tree: Any, indent: int | str | None, ascii_only: bool) -> None:
    source = json.dumps({"root": tree}, indent=indent, ensure_ascii=ascii_only)

    scanned = read(source)

    assert scanned.unparsable == ""
    assert_in_place(source, scanned)


HOSTS = [f"10.0.{n}.{n}" for n in range(1, 9)]
WRITTEN = [
    "{key}: {host}",
    "{key}: '{host}' # comment",
    '{key}: "http://{host}:80/\\n"',
    "{key}: &a{key} {host}",
    "{key}: !!str '{host}'",
    "{key}: |\n  x\n  {host} y",
    "{key}: >-\n  x\n  {host}\n\n  z",
    "{key}: [a, {{b: {host}}}]",
    "{key}: x\n  {host}\n  y",
    '{key}: "é\\t😀\n  {host} \\\n  y"',
    "{key}:\n- name: X\n  value: {host}",
    "{key}.yaml: |\n  a: b\n  c: '{host}'",
    '{key}: \'{{"a": ["{host}"]}}\'',
    "- {host}",
]


@given(
    st.lists(st.sampled_from(WRITTEN[:-1]), min_size=1, max_size=8),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "# 日本 10.9.9.9\n", "---\n", "%YAML 1.2\n---\n", "\f\n", "\ufeff"]),
    st.booleans(),
)
def test_every_written_address_is_found_once(
    forms: list[str], end: str, head: str, bundle: bool
) -> None:
    parts = [form.format(key=f"k{n}", host=HOSTS[n]) for n, form in enumerate(forms)]
    source = head + ("\n---\n" if bundle else "\n").join(parts) + "\n"
    source = source.replace("\n", end)

    scanned = read(source)

    located = []
    for literal in scanned.literals:
        for found in IP.finditer(literal.view.text):
            span = literal.view.locate(*found.span())
            assert span is not None
            located.append((span.start, span.of(source)))
    assert scanned.unparsable == ""
    assert [text for _, text in located] == HOSTS[: len(forms)]
    assert located == sorted(located)


@given(st.lists(st.sampled_from(WRITTEN), min_size=1, max_size=4), st.data())
def test_cut_anywhere_it_is_read(forms: list[str], data: st.DataObject) -> None:
    whole = "\n".join(form.format(key=f"k{n}", host=HOSTS[n]) for n, form in enumerate(forms))
    start = data.draw(st.integers(0, len(whole)))
    source = whole[:start] + data.draw(st.sampled_from(BITS)) + whole[start:]

    assert_in_place(source, read(source))


@pytest.mark.parametrize("form", WRITTEN, ids=range(len(WRITTEN)))
def test_scanning_twice_gives_the_same(form: str) -> None:
    source = form.format(key="k", host=HOSTS[0])

    assert read(source) == read(source)
