"""Reads what has no tree of its own: dotenv, properties, INI, TOML, shell, conf, other languages.

Line by line: comments go, `key = value` in its many spellings gives a literal under the key, and
what assigns nothing is a literal of its own. Lines of one section and one indentation share a
scope. It also serves YAML and Python that do not parse, so it takes any text at all.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from refactor.model import Literal, Scanned
from refactor.rules.place import ARGV
from refactor.scan.base import PORTISH, Wanted
from refactor.scan.text.lines import LogicalLine, logical_lines
from refactor.scan.text.reads import read_tags
from refactor.scan.text.scopes import Scopes
from refactor.scan.text.value import LineValue
from refactor.scan.text.values import values

_NONE: frozenset[str] = frozenset()
_ITEM = frozenset({"item"})
_LINE = frozenset({"line"})
_COMPARE = frozenset({"compare"})
_BUILD = frozenset({"build"})
_ARG = frozenset({"argument"})
_HOSTS_ENTRY = frozenset({"hosts-entry"})
# A line whose last value may be a port: worth its scope, for a host may stand beside it.
_ENDS_IN_PORT = re.compile(r"(?:[=:\s\"'(]|:-)\d{1,5}[\"'}]*[\s,;)\]}]*\Z")
_TAIL = 80  # code points
# `[ "$H" = 10.0.4.17 ]`, `if (h == "10.0.4.17")`: anywhere in a line, and right before a value.
_COMPARES = r"(?:[!=]==?|=~|(?:(?<!\S)\[\[?|\btest)\s[^\[\]]{1,200}\s=|\bif\s*\(\s*\$\w+\s+!?=)"
_COMPARISON = re.compile(rf"{_COMPARES}[\s\"']")
_COMPARED = re.compile(rf"{_COMPARES}\s*[\"']?\Z")
# PromQL: up{instance="10.0.4.17:9100"}
_QUERIED = re.compile(r"\w\{[^{}]*\w(?:[!=]~|!?=)[\"']\Z")
# `[ "$(curl http://10.0.4.17/)" = ok ]`: what is asked is not what is compared; the rules tell.
_ASKS = re.compile(r"\$\(|`")
# `source 10.0.4.17`, `acl in src 10.0.4.17`: a word and its arguments, nothing is assigned.
_SAYS = re.compile(r"[\w$)]\s+[\"']?\Z")
# Of a Dockerfile: `text_reads` tells what an argument is read by.
_BUILDS = re.compile(r"\s*(?:ONBUILD\s+)?(?:RUN|ADD)\s")
_ARGUMENT = re.compile(r"\s*ARG\s")
_REACH = 250  # code points
_BLOCK = re.compile(r"(?<![\w$])(?P<name>[A-Za-z_][\w.-]*+)\s*+\{|\}")
# Of /etc/hosts: `10.0.4.17 db db.example`.
_ENTRY = re.compile(r"[0-9A-Fa-f.:]++(?:\s+[A-Za-z][\w.\-]*+)+\Z")


def scan(text: str, wanted: Wanted) -> Scanned:
    """Return, in source order, what could hold an address or be a port (see `base.Scanner`).

    Tags: "line" for a whole line under no name, "item" for one of a list, "compare" for what is
    compared, "hosts-entry" for a line of /etc/hosts, which needs its address, "directive" for what
    follows a word without a sign between them, "build" for what a Dockerfile does while the image
    is built, "argument" for its arguments, and those of `text_reads`.
    """
    if not wanted(text):
        return Scanned(())
    return Scanned(read_tags(text, tuple(_literals(text, wanted))))


def _literals(text: str, wanted: Wanted) -> Iterator[Literal]:
    scopes = Scopes()
    for line in logical_lines(text):
        body = line.text
        scopes.enter(body)
        if wanted(body) or _ENDS_IN_PORT.search(body, max(0, len(body) - _TAIL)):
            yield from _of_line(line, scopes, wanted)


def _of_line(line: LogicalLine, scopes: Scopes, wanted: Wanted) -> Iterator[Literal]:
    groups: defaultdict[int, int] = defaultdict(scopes.new, {0: scopes.number})
    parents, whole = scopes.parents, line.view
    of_line = _BUILD if _BUILDS.match(line.text) else _NONE
    of_line |= _ARG if _ARGUMENT.match(line.text) else _NONE
    compares = _COMPARISON.search(line.text) is not None
    for value in values(line.text, wanted):
        view = value.decode(whole)
        is_port = bool(PORTISH.match(view.text))
        if not (wanted(view.text) or (is_port and value.key)):
            continue
        named = scopes.item or value.key
        within = (*parents, *_blocks(line.text, value.start)) if value.key else parents
        yield Literal(
            view,
            key=named or (parents[-1] if value.item and parents else ""),
            path=(*within, named) if named else parents,
            scope=groups[value.group],
            kind="number" if is_port and not value.mark else "text",
            tags=of_line | _tags(value, line.text, compares=compares),
        )


def _blocks(line: str, end: int) -> tuple[str, ...]:
    """Return the names of the blocks that a line has opened before a place: `tcp { host => `."""
    names: list[str] = []
    for match in _BLOCK.finditer(line, max(0, end - _REACH), end):
        if match["name"]:
            names.append(match["name"])
        elif names:
            names.pop()
    return tuple(names)


def _tags(value: LineValue, line: str, *, compares: bool) -> frozenset[str]:
    if value.key or value.item:
        before = line[max(0, value.start - _REACH) : value.start]
        tags = _NONE if value.key else _ITEM
        if value.key and _SAYS.search(before):
            tags |= {"directive", ARGV + before.strip()}
        is_compared = (compares and _COMPARED.search(before)) or _QUERIED.search(before)
        return tags | _COMPARE if is_compared else tags
    if compares and not _ASKS.search(line):
        return _LINE | _COMPARE
    return _LINE | _HOSTS_ENTRY if _ENTRY.match(line.strip()) else _LINE
