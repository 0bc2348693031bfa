"""Where a place of a template stands: inside an action, or inside a block that moves the dot."""

from __future__ import annotations

import re

_ACTION = re.compile(r"\{\{-?\s*(?P<word>/\*|[a-z]+)?(?P<rest>.*?)\}\}", re.DOTALL)
_OPENS = frozenset({"if", "range", "with", "define", "block"})
_MOVES = frozenset({"range", "with"})


def in_action(text: str, place: int) -> bool:
    """Say whether a place is between `{{` and `}}`."""
    opened = text.rfind("{{", 0, place)
    return opened >= 0 and text.find("}}", opened) >= place


def in_block(text: str, place: int) -> bool:
    """Say whether a place is in a `range` or `with`, where the dot is not the root."""
    open_blocks: list[str] = []
    # Up to the last end of one: without an end each `{{` would be searched to the end of the text.
    for action in _ACTION.finditer(text, 0, text.rfind("}}", 0, place) + 2):
        word = action["word"]
        if word in _OPENS:
            open_blocks.append(word)
        elif word == "end" and open_blocks:
            open_blocks.pop()
        elif word == "else" and open_blocks and "with" in action["rest"].split():
            open_blocks[-1] = "with"
    return not _MOVES.isdisjoint(open_blocks)
