"""Whether a place keeps its address whatever that stands for."""

from __future__ import annotations

from refactor.kept_rules import KEY_RULE, RULES, Rule, fold
from refactor.model import Literal


def kept(literal: Literal) -> Rule | None:
    """Return the rule by which a literal's address stays, or None where it may change.

    Args:
        literal: where the address stands.
    """
    if literal.kind == "key":
        return KEY_RULE
    path = frozenset(fold(name) for name in literal.path)
    return next((rule for rule in RULES if _holds(rule, literal, fold(literal.key), path)), None)


def _holds(rule: Rule, literal: Literal, key: str, path: frozenset[str]) -> bool:
    return not (
        (rule.keys and key.lstrip("/") not in rule.keys and not _item_of(rule.keys, literal))
        or (rule.ends and not key.endswith(rule.ends))
        or (rule.under and rule.under.isdisjoint(path))
        or (rule.kinds and (not literal.document or literal.document.kind not in rule.kinds))
        or (rule.tags and rule.tags.isdisjoint(literal.tags))
        or (rule.calls and not _called(rule.calls, literal.tags))
        or (rule.top and (not literal.path or fold(literal.path[0]) not in rule.top))
    )


def _item_of(keys: frozenset[str], literal: Literal) -> bool:
    """Say whether the literal is an item of a list under one of the keys."""
    names = [fold(name) for name in literal.path if not name.isdigit()]
    return "item" in literal.tags and bool(names) and names[-1] in keys


def _called(calls: tuple[str, ...], tags: frozenset[str]) -> bool:
    return any(tag.startswith("call:") and _is_call(tag[5:], calls) for tag in tags)


def _is_call(name: str, calls: tuple[str, ...]) -> bool:
    return any(name == call or name.endswith("." + call.lstrip(".")) for call in calls)
