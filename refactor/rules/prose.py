"""What is written for people: sentences, translations, the texts of settings' pages."""

from __future__ import annotations

import re

from refactor.model import Literal
from refactor.text.key_words import spelled

_SAID = frozenset(
    {"title", "description", "desc", "label", "hint", "tooltip", "placeholder", "summary", "help"}
)
_COMMANDS = frozenset({"command", "cmd", "args", "run", "script", "exec", "entrypoint", "shell"})
_BLANK = re.compile(r"\S\s+\S")
_WORD = re.compile(r"[^\W\d_][^\W\d_'’-]*[.,:;!?()`\"]*\Z")
_OF_A_MACHINE = re.compile(r"[$=|&;{}]|(?:^|\s)-{1,2}\w")
# Scripts that part no words: a run of letters beyond Latin, Greek and Cyrillic.
_UNPARTED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{3}")
_LEAST = 4  # words


def is_prose(literal: Literal) -> bool:
    """Say whether a text is for people: it goes by such a name, or it is a sentence."""
    text, last = literal.view.text, spelled(literal.key).rpartition("_")[2]
    if not _BLANK.search(text) or ("line" in literal.tags and last not in _SAID):
        return bool(_UNPARTED.search(text))
    if last in _COMMANDS or _OF_A_MACHINE.search(text):
        return last in _SAID
    words = text.split()
    plain = sum(bool(_WORD.match(word.lstrip("(`\"'"))) for word in words)
    is_sentence = plain >= _LEAST and plain * 5 >= len(words) * 3
    return last in _SAID or is_sentence or bool(_UNPARTED.search(text))
