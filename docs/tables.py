"""Markdown tables whose cells may hold any text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; cells are Markdown of one line."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cell.strip() for cell in line)} |\n" for line in lines)


def code(text: str) -> str:
    """Return a text as code for a cell: line by line, and nothing in it is markup."""
    lines = text.removesuffix("\n").split("\n")
    return f"<code>{'<br>'.join(map(_escaped, lines))}</code>"


def _escaped(line: str) -> str:
    indent = len(line) - len(line.lstrip(" "))
    body = re.sub(r"[^A-Za-z0-9 .,/-]", lambda letter: f"&#{ord(letter[0])};", line[indent:])
    return "&nbsp;" * indent + body
