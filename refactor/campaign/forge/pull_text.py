"""Titles and bodies as a forge takes them: not too long, marked as a draft."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_CUT = "\n_The rest is left out: it is longer than a pull request may be._\n"
_ROOM = len(_CUT) + 200
"""Characters for the note, and for what has to be closed before it."""
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$")


def fitted(text: str, limit: int) -> str:
    """Return a Markdown text of so many characters at most, cut at the end of a line."""
    if len(text) <= limit:
        return text
    kept = text[: limit - _ROOM]
    kept = kept[: kept.rfind("\n") + 1] or kept + "\n"
    return (kept + "".join(_closing(kept)) + _CUT)[:limit]


def _closing(text: str) -> Iterator[str]:
    """Return what ends the code and the folds that a cut text leaves open."""
    fence = ""
    for line in text.splitlines():
        found = _FENCE.match(line)
        if found and not fence:
            fence = found[1]
        elif found and found[1].startswith(fence) and not found[2].strip():
            fence = ""
    if fence:
        yield fence + "\n"
    folds = text.count("<details") - text.count("</details>")
    # Room is for twelve; a longer text is not ours.
    yield "\n</details>\n" * min(max(folds, 0), 12)


class DraftMarks(NamedTuple):
    """How a forge marks a draft in the title, where it has no other way.

    Attributes:
        mark: what a title begins with.
        known: a pattern for all that it takes for such a mark.
        limit: characters of a title.
    """

    mark: str
    known: re.Pattern[str]
    limit: int = 255

    def title(self, text: str, *, draft: bool) -> str:
        """Return a title with the mark where it is a draft, and without it otherwise."""
        mark = self.mark if draft else ""
        return mark + short(self.bare(text), self.limit - len(mark))

    def bare(self, text: str) -> str:
        """Return a title without its mark."""
        return self.known.sub("", text).strip() or text


def short(title: str, limit: int) -> str:
    """Return a title as one line of so many characters at most."""
    line = " ".join(title.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def same(one: str | None, other: str | None) -> bool:
    """Say whether two texts are the same to a forge, which changes line ends and outer blanks."""
    return _kept(one) == _kept(other)


def _kept(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()
