"""Where a shell script, a Makefile or a Dockerfile reads the variables it sets: `$PORT`, `${PORT}`.

A port that is also read where its host is not serves more than that host; what `FROM` reads is part
of an image's name.
"""

from __future__ import annotations

import re
from collections import defaultdict

from msgspec.structs import replace

from refactor.model import Literal

_READ = re.compile(r"\$[({]?(?P<name>[A-Za-z_]\w*)(?!\w*[:}]?[-=]\d)")
_LINE = re.compile(r"[^\r\n]+")
# What only looks at a variable, tells of it, hands it on, or says what it is itself.
_IDLE = re.compile(r"\s*(?:#|\[|if\b|elif\b|while\b|test\b|echo\b|printf\b|log\b|logger\b|:\s)")
_FROM = re.compile(r"\s*FROM\s", re.IGNORECASE)
_RUN = re.compile(r"\s*(?:RUN|ADD|COPY|ARG)\s")
_IMAGE = "image"
_BUILD = frozenset({"build"})


def read_tags(text: str, literals: tuple[Literal, ...]) -> tuple[Literal, ...]:
    """Return literals with the tags of the places that read the variables they are bound to.

    That is "read:<line>" for each line, "image" where that line is a `FROM`, and "build" for an
    argument of a Dockerfile that nothing in the image's own life reads.
    """
    keys = {literal.key for literal in literals if literal.key.isidentifier()}
    reads, living = _reads(text, keys) if keys and "$" in text else ({}, set())
    if not reads:
        return literals
    return tuple(
        replace(literal, tags=literal.tags | reads[literal.key] | _built(literal, living))
        if literal.key in reads
        else literal
        for literal in literals
    )


def _built(literal: Literal, living: set[str]) -> frozenset[str]:
    return _BUILD if "argument" in literal.tags and literal.key not in living else frozenset()


def _reads(text: str, keys: set[str]) -> tuple[dict[str, set[str]], set[str]]:
    """Return the tags of each name that is read, and the names that are read after a build."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    living: set[str] = set()
    for number, line in enumerate(_LINE.findall(text)):
        if "$" not in line or _IDLE.match(line):
            continue
        for match in _READ.finditer(line):
            name = match["name"]
            if name in keys and not re.match(rf"\s*(?:\w+\s+)?{name}\s*[:?+]?=", line):
                found[name].add(_IMAGE if _FROM.match(line) else f"read:{number}")
                living |= {name} if not _RUN.match(line) else set()
    return found, living
