"""Patterns of rules are asked only where the words stand that they need."""

from __future__ import annotations

import re

import pytest

from refactor.rules.load import outside_rules, rules_with
from refactor.rules.needle import needle
from refactor.rules.row import texts

NEEDS = {
    r"\bnameserver\s+\Z": (("nameserver",),),
    r"(?i)-addext": (("-addext",),),
    r"/etc/resolv\.conf\b": (("/etc/resolv.conf",),),
    r"(?:src|dst)\s[^{}]*\Z": (("src", "dst"),),
    r"\b(?:geo|map)\s+\$[^{}]*\{": (("geo", "map"), ("$",), ("{",)),
    # What may be missing is not needed.
    r"abc?d": (("ab",), ("d",)),
    r"ab*": (("a",),),
    r"ab{0,3}c": (("a",), ("c",)),
    r"(?:always)?set": (("set",),),
    r"(?:always\s+)?set": (("set",),),
    r"(?:a(?:b|c))?": (),
    # Alternatives outside all groups need nothing in common.
    r"abc|def": (),
    r"[abc]\w.": (),
}


@pytest.mark.parametrize(("pattern", "needs"), NEEDS.items(), ids=NEEDS)
def test_needs(pattern: str, needs: tuple[tuple[str, ...], ...]) -> None:
    assert needle(pattern).needs == needs


@pytest.mark.parametrize(
    "text", ["", "x", "redirect", "a nameserver ", "IP: ", "map $x {", "\u017fentinel x "]
)
def test_a_needle_answers_as_its_pattern(text: str) -> None:
    rows = (*rules_with(()).rows, *outside_rules().rows)
    for pattern in (p for row in rows for p in (*texts(row.before), *texts(row.line))):
        found = re.search(pattern, text) is not None

        assert needle(pattern).stands(text, text.casefold()) == found
