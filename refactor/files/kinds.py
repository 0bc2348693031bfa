"""Which scanner reads a file, told by its name or its shebang."""

from __future__ import annotations

import re
from functools import cache

from refactor.errors import RefactorError
from refactor.files.extensions import Registry

SCANNERS = Registry(
    "refactor.scanners",
    {
        "yaml": "refactor.scan.yaml.scanner",
        "template": "refactor.scan.template.scanner",
        "python": "refactor.scan.python.scanner",
        "text": "refactor.scan.text.scanner",
        "source": "refactor.scan.source",
        "notebook": "refactor.scan.notebook",
    },
)
"""Modules with a `scan` (`refactor.scan.base.Scanner`); an added one says its `SUFFIXES`, too."""
_SUFFIXES = {
    "yaml": "yaml yml json",
    "template": "tpl gotmpl tmpl",
    "python": "py pyw",
    "notebook": "ipynb",
    "text": (
        "env envrc properties ini cfg toml conf cnf sh bash zsh ksh service dockerfile"
        " containerfile mk j2 jinja jinja2"
    ),
    "source": (
        "go java kt kts scala groovy gradle js mjs cjs jsx ts mts cts tsx vue svelte rb erb php cs"
        " fs vb rs c h cc cpp cxx hpp hh m mm swift dart ex exs erl clj lua pl pm r jl tf tfvars"
        " hcl proto ps1 psm1 bat cmd xml jsonnet libsonnet cue alloy river sql"
    ),
}
_KIND_OF_SUFFIX = {
    suffix: kind for kind, suffixes in _SUFFIXES.items() for suffix in suffixes.split()
}
_CHART_SUFFIXES = (".yaml", ".yml", ".tpl", ".txt", ".json")
_TEXT_NAME = re.compile(
    r"\.?env(?:[._-].*)?|(?:docker|container)file(?:[._-].*)?|(?:gnu)?makefile|procfile|caddyfile"
)
_SOURCE_NAME = re.compile(r"(?:jenkins|vagrant|rake|gem|fast)file(?:\..*)?")
_SHEBANG = re.compile(
    r"#!.*?\b(?:(?P<text>(?:ba|da|a|k|z)?sh)|(?P<python>python[0-9.]*)"
    r"|(?P<source>node|deno|ruby|perl|php))\b"
)
_PROSE = frozenset({"md", "rst", "adoc", "txt"})


def kind_of(path: str, head: str) -> str | None:
    """Return the scanner for a file; None for prose, and where no scanner reads it.

    Args:
        head: the beginning of its text, for the shebang; "" where only the name is known.
    """
    lowered = path.lower()
    name = lowered.rpartition("/")[2]
    if "/templates/" in f"/{lowered}" and name.endswith(_CHART_SUFFIXES):
        return "template"
    suffix = name.rpartition(".")[2] if "." in name else ""
    if added := _added().get(suffix):
        return added
    if suffix in _PROSE:
        return None
    return _KIND_OF_SUFFIX.get(suffix) or _kind_of_name(name) or _kind_of_shebang(head)


@cache
def _added() -> dict[str, str]:
    """Return the kinds of installed scanners, by suffix; they come before the built-in ones."""
    kinds: dict[str, str] = {}
    for kind in SCANNERS.added():
        suffixes = getattr(SCANNERS.load(kind), "SUFFIXES", ())
        if kind in SCANNERS.built_in or isinstance(suffixes, str) or not suffixes:
            message = f"extension {kind} needs SUFFIXES, a tuple, and a name of its own"
            raise RefactorError(message, where=SCANNERS.group)
        kinds |= {suffix.lower().removeprefix("."): kind for suffix in suffixes}
    return kinds


def _kind_of_name(name: str) -> str | None:
    if _TEXT_NAME.fullmatch(name):
        return "text"
    return "source" if _SOURCE_NAME.fullmatch(name) else None


def _kind_of_shebang(head: str) -> str | None:
    shebang = _SHEBANG.match(head)
    return shebang.lastgroup if shebang else None
