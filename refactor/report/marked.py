"""Texts of users as GitHub Flavored Markdown that shows them as they are, and does nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from refactor.mask import mask
from refactor.report.words import clean, code_spans, readable

_MARKUP = re.compile(r"([\\`*_\[\]~$])")
_CALL = re.compile(r"([@#])(?=\w)")
_FENCE = re.compile(r"`+")


def line(text: str) -> str:
    """Return a text as one line, without secrets."""
    return " ".join(clean(text).split())


def code(text: str) -> str:
    """Return a text as inline code, in which no forge looks for mentions, links or markup."""
    text = line(text)
    if not {"`", "|", "\\"}.intersection(text):
        return f"`{text}`" if text else ""
    # Neither a backtick nor, in a table, a bar can stand in a code span unharmed.
    marked = re.sub(r"[^\w\s./-]", lambda odd: f"&#{ord(odd[0])};", text)
    return f"<code>{marked.replace('_', '&#95;')}</code>"


def prose(text: str) -> str:
    """Return a text that shows as it is: no markup, no HTML, no cell, no mention, no issue."""
    # Forges look for mentions in what Markdown has become: only a zero-width space helps.
    called = _CALL.sub("\\1\u200b", line(text))
    return _MARKUP.sub(r"\\\1", escape(called, quote=False)).replace("|", "&#124;")


def spans(text: str) -> str:
    """Return a text of our own, what stands between backticks as code, the rest as prose."""
    return "".join(code(part) if is_code else _spaced(part) for is_code, part in code_spans(text))


def _spaced(text: str) -> str:
    """Return a part of a sentence as prose, with the space that parts it from its neighbours."""
    after = " " if text[-1:].isspace() else ""
    before = " " if text[:1].isspace() and text.strip() else ""
    return f"{before}{prose(text)}{after}"


def details(name: str, body: str, told: Iterable[str] = (), language: str = "diff") -> str:
    """Return something to unfold: a text in a fence that it cannot leave, and lines below it.

    Args:
        name: what it is folded to.
        body: the text; it may hold anything.
        told: lines of Markdown.
        language: by which a forge colours the text.
    """
    body = "\n".join(readable(one) for one in mask(body).split("\n"))
    longest = max((len(run) for run in _FENCE.findall(body)), default=0)
    fence = "`" * max(3, longest + 1)
    below = "\n".join(told)
    # An empty line ends the HTML block, so that what follows is Markdown again.
    return (
        f"\n<details><summary><code>{escape(line(name))}</code></summary>\n\n"
        f"{fence}{language}\n{body}\n{fence}\n\n{below}\n\n</details>\n"
    )
