"""Our part of a pull request's body: between two marks, the first of which says what it was.

The marks are definitions of links that nothing uses (CommonMark 0.31, 4.7): no forge shows them.
What stands outside of them is never touched; what stands inside is ours as long as it is as we
wrote it, which the digest tells also after the state was lost.
"""

from __future__ import annotations

import hashlib
import re

from refactor.campaign.forge.pull_text import fitted

BOX = "**Give this branch back to the campaign**"
"""The label of the box by which an owner has the branch made again."""

_END = "[//]: # (refactor: end)"
_PART = re.compile(
    r"\[//\]: # \(refactor: ([0-9a-f]{12})\)\n\n?(.*?)\n*" + re.escape(_END), re.DOTALL
)
_TICKED = re.compile(r"^(\s*[-*] \[)[xX](\] " + re.escape(BOX) + ")", re.MULTILINE)


def marked(text: str) -> str:
    """Return our part of a body, between its marks."""
    inner = text.strip()
    return f"[//]: # (refactor: {_digest(inner)})\n\n{inner}\n\n{_END}\n"


def within(body: str, limit: int) -> str:
    """Return a body of so many characters at most, its marks kept."""
    found = _PART.search(body)
    if len(body) <= limit or not found:
        return fitted(body, limit)
    return marked(fitted(found[2], limit - (len(body) - len(found[2])) - 16))


def joined(now: str, wanted: str) -> str | None:
    """Return a body with our part brought up to date; None where a person has changed that part."""
    now = now.replace("\r\n", "\n")
    found = _PART.search(now)
    if not found or _digest(found[2]) != found[1]:
        return None
    if not (ours := _PART.search(wanted)):
        return None
    if ours[1] == found[1] and not handed_back(now):
        return now
    return now[: found.start()] + ours[0] + now[found.end() :]


def handed_back(body: str) -> bool:
    """Say whether the owner has ticked the box by which the branch is given back."""
    return bool(_TICKED.search(body))


def _digest(inner: str) -> str:
    text = _TICKED.sub(r"\1 \2", inner.replace("\r\n", "\n")).strip()
    return hashlib.sha256(text.encode()).hexdigest()[:12]
