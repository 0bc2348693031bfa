"""Whether a place keeps its address whatever that stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from msgspec.structs import replace

from refactor.kept_rules import KEY_RULE, RULES, Rule, fold
from refactor.model import Literal
from refactor.stems import spelled

# What of an object is somebody else's: a ConfigMap's data, the values of a chart, an environment.
_FREE = frozenset({"data", "stringdata", "values", "valuesobject", "valuesinline", "env"})
_LONGEST = 400
"""Code points; no rule asks for the whole of a longer text."""


def kept(literal: Literal) -> Rule | None:
    """Return the rule by which a literal's address stays, or None where it may change.

    Args:
        literal: where the address stands.
    """
    if literal.kind == "key":
        return KEY_RULE
    path = frozenset(fold(name) for name in literal.path)
    if _is_objects(literal, path):
        literal = replace(literal, tags=literal.tags | {"object"})
    whole = fold(literal.key).lstrip("/")
    # `metallb.io/loadBalancerIPs`: the prefix is the owner's, the name is what comes behind.
    keys = (whole, whole.rpartition("/")[2])
    named = frozenset((*keys, *_listed(literal)))
    return next((rule for rule in RULES if _holds(rule, literal, keys[0], named, path)), None)


def _is_objects(literal: Literal, path: frozenset[str]) -> bool:
    """Say whether it is a field of an object, as the API types it: no text, no values in it."""
    document = literal.document
    if document is None or not (document.kind and document.api_version):
        return False
    return "embedded" not in literal.tags and path.isdisjoint(_FREE)


def _holds(
    rule: Rule, literal: Literal, key: str, named: frozenset[str], path: frozenset[str]
) -> bool:
    return not (
        (rule.keys and rule.keys.isdisjoint(named))
        or (rule.ends and not key.endswith(rule.ends))
        or (rule.under and rule.under.isdisjoint(path))
        or (rule.kinds and (not literal.document or literal.document.kind not in rule.kinds))
        or (rule.tags and rule.tags.isdisjoint(literal.tags))
        or (rule.calls and not _called(rule.calls, literal.tags))
        or (rule.top and (not literal.path or fold(literal.path[0]) not in rule.top))
        or (rule.text and not _is(rule.text, literal.view.text))
        or (rule.named and not re.search(rule.named, spelled(literal.key)))
    )


def _is(pattern: str, text: str) -> bool:
    return len(text) <= _LONGEST and re.fullmatch(pattern, text.strip()) is not None


def _listed(literal: Literal) -> Iterator[str]:
    """Yield the key under which the literal is an item of a list."""
    if "item" in literal.tags:
        yield from islice((fold(name) for name in reversed(literal.path) if not name.isdigit()), 1)


def _called(calls: tuple[str, ...], tags: frozenset[str]) -> bool:
    return any(tag.startswith("call:") and _is_call(tag[5:], calls) for tag in tags)


def _is_call(name: str, calls: tuple[str, ...]) -> bool:
    return any(name == call or name.endswith("." + call.lstrip(".")) for call in calls)
