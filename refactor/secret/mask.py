"""Secrets never leave in what is shown: passwords and tokens become `***`."""

from __future__ import annotations

from refactor.text.view import Span

MASK = "***"


def mask(text: str) -> str:
    """Return a text with the passwords and tokens in it replaced by `***`."""
    from refactor.secret.spans import text_secrets

    return masked(text, text_secrets(text))


def mask_file(path: str, text: str) -> str:
    """Return a file's text with its secrets replaced by `***`."""
    from refactor.secret.spans import file_secrets

    return masked(text, file_secrets(path, text))


def masked(text: str, spans: tuple[Span, ...]) -> str:
    """Return a text with stretches of it, in order, replaced by `***`."""
    parts, at = [], 0
    for start, end in spans:
        parts += [text[at:start], MASK]
        at = end
    return "".join((*parts, text[at:]))
