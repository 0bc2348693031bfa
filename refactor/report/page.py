"""What every page has: its assets inline, its values escaped, and nothing else that works."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from refactor.report import receivers
from refactor.report.words import clean, count


def page(template: str, styles: Sequence[str], scripts: Sequence[str], **values: Any) -> str:
    """Return a page that needs nothing else: no network, no server, no second file."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    shown = cache(lambda text: receivers.page(clean(text)))  # a page says much again and again
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: (
            value if isinstance(value, Markup) or not isinstance(value, str) else shown(value)
        ),
    )
    environment.globals["count"] = count
    # A path may be broken at its slashes; a name alone would leave the line before it empty.
    environment.filters["path"] = lambda text: Markup("/<wbr>").join(clean(text).split("/"))
    style, script = "".join(map(_asset, styles)), "".join(map(_asset, scripts))
    return environment.from_string(_asset(template)).render(
        style=Markup(style),  # noqa: S704 - of this package
        script=Markup(script),  # noqa: S704 - of this package
        policy=_policy(style, script),
        **values,
    )


def _policy(style: str, script: str) -> str:
    """Return a Content-Security-Policy under which nothing but this style and script work."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}';"
        " base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _asset(name: str) -> str:
    return (files("refactor.report") / "assets" / name).read_text("utf-8")
