"""Diffs as HTML: each line once per side, its words coloured, what changes marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from markupsafe import Markup, escape

from refactor.report.diff_lines import Hunk, Side
from refactor.report.lines import ReportLine, cut
from refactor.report.syntax import words
from refactor.text.view import Span

_LONGEST = 1200
"""Characters of a line that are shown: minified files are one line of a megabyte."""


def rows(path: str, hunk: Hunk, *, plain: bool = False) -> Markup:
    """Return the rows of a hunk; a line that stays is there once, and the script doubles it."""
    path = "" if plain else path
    old = _coloured(path, (row.old for row in hunk.rows if row.old))
    new = _coloured(path, (row.new for row in hunk.rows if row.new))
    made = []
    for row in hunk.rows:
        before = next(old) if row.old else ""
        after = next(new) if row.new else ""
        if row.changed:
            sides = _side("del", "o", row.old, before) + _side("ins", "n", row.new, after)
            made.append(f'<div class="r c">{sides}</div>')
        else:
            shift = row.old.number if row.old and row.old != row.new else 0
            told = f" data-o={shift}" if shift else ""
            made.append(f'<div class="r"{told}>{_side("span", "n", row.new, after)}</div>')
    return Markup("".join(made))  # noqa: S704 - of escaped pieces


def added(path: str, lines: Sequence[str]) -> Markup:
    """Return the rows of a text that is new."""
    sides = [Side(number, line) for number, line in enumerate(lines, 1)]
    shown = zip(sides, _coloured(path, sides), strict=True)
    made = "".join(f'<div class="r a">{_side("ins", "n", *line)}</div>' for line in shown)
    return Markup(made)  # noqa: S704 - of escaped pieces


def _side(tag: str, name: str, side: Side | None, code: str) -> str:
    if side is None:
        return f'<span class="{name} x"></span>'
    return f"<{tag} class={name} data-n={side.number}>{code or ' '}</{tag}>"


def _coloured(path: str, sides: Iterable[Side]) -> Iterator[str]:
    """Yield the code of each line."""
    cuts = [
        cut(ReportLine(f" {side.text}", marks=_shift(side.marks, 1)), _LONGEST) for side in sides
    ]
    lines = [(line.text[1:], _shift(line.marks, -1)) for line in cuts]
    if not path:
        yield from (_plain(text, marks) for text, marks in lines)
        return
    names = _names(path, "\n".join(text for text, _ in lines))
    start = 0
    for text, marks in lines:
        own = names[start : start + len(text)]
        for mark in marks:
            own[mark.start : mark.end] = ["!"] * (mark.end - mark.start)
        yield "".join(_pieces(text, own))
        start += len(text) + 1


def _plain(text: str, marks: Iterable[Span]) -> str:
    """Return a line of code with nothing but its marks."""
    made, at = "", 0
    for mark in marks:
        made += f"{escape(text[at : mark.start])}<mark>{escape(text[mark.start : mark.end])}</mark>"
        at = mark.end
    return made + str(escape(text[at:]))


def _names(path: str, text: str) -> list[str]:
    names = [""] * len(text)
    for start, end, name in words(path, text):
        names[start:end] = [name] * (end - start)
    return names[: len(text)]


def _pieces(text: str, names: Sequence[str]) -> Iterator[str]:
    at = 0
    for name, run in groupby(names):
        end = at + len(list(run))
        piece = escape(text[at:end])
        at = end
        if name == "!":
            yield f"<mark>{piece}</mark>"
        else:
            yield f"<i class={name}>{piece}</i>" if name else str(piece)


def _shift(marks: Iterable[Span], by: int) -> tuple[Span, ...]:
    return tuple(mark.shift(by) for mark in marks)
