"""Whether a chart's version fits what a dependency asks for, loosely: by the major number.

A sibling directory is where the next release is made, so its minor number may well be ahead of
(or behind) what was last published and asked for.
"""

from __future__ import annotations

import re

# `>=1.2.0`, `^2`, `~1.4`, `1.x.x`, `*`: github.com/Masterminds/semver, "Checking Version
# Constraints".
_TERM = re.compile(r"(?P<sign>[<>=!~^]*)\s*v?(?P<major>\d+|[xX*])[\w.+*-]*")
_HYPHEN = re.compile(r"(\S+)\s+-\s+(\S+)")


def fits(version: str, asked: str) -> bool:
    """Say whether a version fits a constraint as far as major numbers tell.

    Args:
        asked: the dependency's constraint, `^18.0.0 || >=20`; "" asks for any.
    """
    found = re.match(r"\s*v?(\d+)", version)
    if not asked.strip() or found is None:
        return True
    major = int(found[1])
    return any(_fits_all(major, terms) for terms in asked.split("||"))


def _fits_all(major: int, terms: str) -> bool:
    terms = _HYPHEN.sub(r">=\1 <=\2", terms)
    return all(_fits(major, term["sign"], term["major"]) for term in _TERM.finditer(terms))


def _fits(major: int, sign: str, wanted: str) -> bool:
    if not wanted.isdigit() or sign == "!=":
        return True
    if sign.startswith(">"):
        return major >= int(wanted)
    if sign.startswith("<"):
        return major <= int(wanted)
    return major == int(wanted)
