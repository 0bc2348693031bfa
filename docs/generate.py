"""The generated parts of the pages: `<!-- generated: NAME -->` gives way to what NAME makes.

mkdocs calls `on_page_markdown` for each page (`hooks` in mkdocs.yml). What is made comes from the
programs themselves (commands, settings) and from the tables of the tests (rules), so that no page
says what the programs do not do. There are no copies to keep.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import click  # noqa: E402

from docs import messages, reasons, rules, screens  # noqa: E402
from docs.tables import code, table  # noqa: E402
from refactor.cli import cli  # noqa: E402
from refactor.model import Plan  # noqa: E402
from refactor.settings.described import Described, described, texts  # noqa: E402
from refactor.settings.types import Settings  # noqa: E402

MARK = re.compile(r"^<!-- generated: ([\w./-]+) -->$", re.MULTILINE)


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Return a page with its generated parts in place (called by mkdocs)."""
    return MARK.sub(lambda mark: made(mark[1]), markdown)


def on_files(files: Any, config: Any) -> Any:
    """Add the pages of reasons and rules, and sample reports, to the site (called by mkdocs)."""
    from mkdocs.structure.files import File

    for path, text in reasons.pages().items():
        files.append(File.generated(config, path, content=text))
    for path, data in screens.reports().items():
        files.append(File.generated(config, path, content=data))
    return files


def made(name: str) -> str:
    """Return what stands in place of a mark.

    Args:
        name: of a part, or the path of a file of the repository that is shown whole.
    """
    if name in PARTS:
        return PARTS[name]()
    kind = name.rpartition(".")[2]
    return f"```{kind}\n{(ROOT / name).read_text('utf-8').rstrip()}\n```"


def commands() -> str:
    """Return a section for each command: usage, what it does, options, examples."""
    return "\n".join(_command(found, f"refactor {name}") for name, found in all_commands())


def all_commands() -> Iterable[tuple[str, click.Command]]:
    """Yield every command by the words that call it, those of groups after their group."""
    left: list[tuple[str, click.Command]] = [("", cli)]
    while left:
        name, found = left.pop(0)
        if name:
            yield name, found
        if isinstance(found, click.Group):
            context = click.Context(found)
            inner = ((n, found.get_command(context, n)) for n in found.list_commands(context))
            left += [(f"{name} {n}".strip(), one) for n, one in inner if one]


def _command(found: click.Command, name: str) -> str:
    context = click.Context(found, info_name=name)
    shown = [param for param in found.params if isinstance(param, click.Option)]
    rows = [_option(option, context) for option in shown]
    lines = [
        f"## {name}\n",
        f"```text\n{' '.join(found.get_usage(context).split()).removeprefix('Usage: ')}\n```\n",
        _prose(found.help or ""),
    ]
    lines += [table(("option", "what it does"), rows)] if rows else []
    if examples := getattr(found, "examples", ""):
        lines.append(f"```sh\n{examples}\n```\n")
    return "\n".join(lines)


def _option(option: click.Option, context: click.Context) -> tuple[str, str]:
    record = option.get_help_record(context)
    names, text = record or ("", "")
    return code(names), _prose(text)


def _prose(text: str) -> str:
    """Return a help text as Markdown: a line a paragraph, brackets and globs as they are."""
    paragraphs = re.split(r"\n\s*\n", text.replace("\b", ""))
    plain = (re.sub(r"([*<\[])", r"\\\1", " ".join(p.split())) for p in paragraphs)
    return "\n\n".join(plain) + "\n"


def settings() -> str:
    """Return the settings, with the keys of those that are lists of mappings after them."""
    top = described(Settings)
    parts = [_settings(top, "")]
    parts += [_settings(one.parts, one.name) for one in top if one.parts]
    return "\n".join(parts)


def _settings(found: Iterable[Described], of: str) -> str:
    """Return a section for each setting, so that it can be linked to."""
    head = f"## Each item of `{of}`\n\n" if of else "## All settings\n\n"
    anchor = f"{of}-" if of else ""
    return head + "".join(
        f"### `{one.name}` {{#{anchor}{one.name}}}\n\n*{one.kind}.* {_cell(one.text)}\n\n"
        for one in found
    )


def _cell(text: str) -> str:
    return (text[:1].upper() + text[1:]).replace("|", "\\|")


def plan_fields() -> str:
    """Return what a plan holds, by the words of its own type."""
    rows = [(f"`{name}`", _cell(text)) for name, text in texts(Plan)]
    return table(("key", "holds"), rows)


def promises() -> str:
    """Return what SECURITY.md promises, without its notes on tests, linked from within the site."""
    text = (ROOT / "SECURITY.md").read_text("utf-8").partition("\n## ")[2]
    text = re.sub(r"\s*<!--.*?-->", "", text, flags=re.DOTALL)
    return "## " + text.replace("(docs/", "(")


PARTS: dict[str, Callable[[], str]] = {
    "commands": commands,
    "settings": settings,
    "plan": plan_fields,
    "promises": promises,
    **rules.PARTS,
    **messages.PARTS,
    **screens.PARTS,
}
