"""One picture, the report of one format, as bytes."""

from __future__ import annotations

import msgspec

from refactor.campaign.picture import Picture


def render(picture: Picture, style: str) -> bytes:
    """Return a picture as a document."""
    if style == "html":
        from refactor.campaign.picture_html import html

        return html(picture).encode("utf-8", "backslashreplace")
    if style == "markdown":
        from refactor.campaign.picture_text import markdown

        return markdown(picture).encode("utf-8", "backslashreplace")
    return msgspec.json.format(msgspec.json.encode(picture), indent=1) + b"\n"
