"""YAML's parser events, and the words of its core schema: what every reader of YAML begins with.

Each of the four readers needs what the others leave out. `yaml.nodes` keeps the place of scalars,
for edits; `yaml.data` counts what aliases stand for, and gives plain data; `settings.yaml` keeps
the line of each setting, and refuses what settings have no use for; `plan.proof.syntax` compares
the events of two texts and keeps none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]
from ruamel.yaml.error import YAMLError

MAX_DEPTH = 100
"""Collections inside collections; the deepest real objects have some thirty."""
REFUSALS = (
    YAMLError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RecursionError,
)
"""What the parsers let out on hostile text, besides their own family."""

# YAML 1.2 core schema, https://yaml.org/spec/1.2.2/#103-core-schema: `yes` and `on` are text.
_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}\Z")


def quick_events(text: str) -> Iterator[Any]:
    """Yield libyaml's events, ten times as fast as the others; it reads YAML 1.1.

    It refuses URLs in flow lists and the surrogate escapes of JSON.
    """
    parser = CParser(text)
    while (event := parser.get_event()) is not None:
        yield event


def pure_events(text: str) -> Iterator[Any]:
    """Yield the events of ruamel's own parser, which reads YAML 1.2."""
    yield from YAML(typ="safe", pure=True).parse(text)


def resolved(text: str) -> Any:
    """Return a plain scalar's value: null, a boolean, an integer, or the text itself."""
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INTEGER.match(text) else text


def problem_of(error: BaseException) -> str:
    """Return what a parser says against a text, on one line."""
    problem = str(getattr(error, "problem", None) or error) or type(error).__name__
    return " ".join(problem.split())
