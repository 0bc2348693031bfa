"""Texts of users as GitHub Flavored Markdown that shows them as they are, and does nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from refactor.report import receivers
from refactor.report.words import clean, code_spans

_MARKUP = re.compile(r"([\\`*_\[\]~$])")
# What a forge makes a link, a mention or an order of, in the text that Markdown has become: only
# code is left alone. Addresses, issues, merge requests, epics, labels, milestones, commits, emoji.
_LIVE = re.compile(
    r"@|://|\bwww\.|[#!&~%^$]\w|:\w+:|\bGH-\d|\b(?-i:[A-Z][A-Z0-9]+)-\d|\b(?=[a-f]*\d)[0-9a-f]{7,40}\b|^/\w",
    re.IGNORECASE,
)
_WORD = re.compile(r"(?P<before>[(\"'\[]*)(?P<word>\S*?)(?P<after>[)\"'\],.;:]*)\Z", re.DOTALL)
_START = re.compile(r"[#>+=*/-]|\d+(?=[.)](?:\s|\Z))")
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
    """Return a text that shows as it is: no markup, no HTML, no cell, no link, no mention."""
    words = " ".join(map(_word, line(text).split(" ")))
    return _START.sub(_first, words, count=1) if _START.match(words) else words


def _first(start: re.Match[str]) -> str:
    """Return what would begin a heading, a list, a quote or a quick action, as a character."""
    return "".join(f"&#{ord(char)};" for char in start[0])


def _word(word: str) -> str:
    if not _LIVE.search(word):
        return _escaped(word)
    found = _WORD.match(word)
    if found is None or not found["word"]:
        return code(word)
    return _escaped(found["before"]) + code(found["word"]) + _escaped(found["after"])


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", escape(text, quote=False)).replace("|", "&#124;")


def spans(text: str) -> str:
    """Return a text of our own, what stands between backticks as code, the rest as prose."""
    return "".join(code(part) if is_code else _spaced(part) for is_code, part in code_spans(text))


def _spaced(text: str) -> str:
    """Return a part of a sentence as prose, with the space that parts it from its neighbours."""
    after = " " if text[-1:].isspace() else ""
    before = " " if text[:1].isspace() and text.strip() else ""
    return f"{before}{prose(text)}{after}"


def details(name: str, body: str, told: Iterable[str] = (), language: str = "diff") -> str:
    """Return something to unfold: a text in a fence that it cannot leave, and lines below it."""
    body = receivers.page(receivers.readable(body))
    longest = max((len(run) for run in _FENCE.findall(body)), default=0)
    fence = "`" * max(3, longest + 1)
    below = "\n".join(told)
    # An empty line ends the HTML block, so that what follows is Markdown again.
    return (
        f"\n<details><summary><code>{escape(line(name))}</code></summary>\n\n"
        f"{fence}{language}\n{body}\n{fence}\n\n{below}\n\n</details>\n"
    )
