"""Settings as a `.refactor.yaml` that explains itself."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from refactor.settings.described import Described, described
from refactor.settings.types import Settings

_WIDTH = 88
_HEAD = """\
What refactor is to know about this repository. Every key is optional: one that is commented out
shows its default. An unknown or ill-typed key is an error with its line."""
# Letters that YAML takes as they are, in words that mean nothing else to it.
_PLAIN = re.compile(
    r"(?!(?:true|false|null|yes|no|on|off|y|n)\Z)[A-Za-z_/][\w./-]*", re.IGNORECASE | re.ASCII
)


def text_of(settings: Settings, remarks: Mapping[str, str], schema: str = "") -> str:
    """Return a settings file: each setting with what it is for, and its value or its default.

    Args:
        settings: what it sets.
        remarks: what was seen, by setting.
        schema: the path or URL of the schema, for editors; "" for none.
    """
    blocks = (
        _block(one, getattr(settings, one.field), remarks.get(one.field, ""))
        for one in described(Settings)
    )
    line = f"# yaml-language-server: $schema={schema}\n" if schema else ""
    return line + "\n".join((_comment(_HEAD.replace("\n", " ")), *blocks))


def _block(one: Described, value: Any, remark: str) -> str:
    lines = [_comment(one.text[:1].upper() + one.text[1:])]
    lines += [_comment(f"{part.name}: {part.text}", "#   ") for part in one.parts]
    if remark:
        lines.append(_comment(f"Seen here: {remark}."))
    lines.append(_setting(one, value))
    return "".join(lines)


def _setting(one: Described, value: Any) -> str:
    if value == one.default:
        return f"# {one.name}: {_value(value)}\n"
    if one.parts:
        return f"{one.name}:\n{''.join(_item(one.parts, item) for item in value)}"
    return f"{one.name}: {_value(value)}\n"


def _item(parts: Iterable[Described], item: Any) -> str:
    keys = [(part.name, getattr(item, part.field), part.default) for part in parts]
    lines = [f"{name}: {_value(value)}\n" for name, value, default in keys if value != default]
    return f"  - {'    '.join(lines)}"


def _value(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) else _quoted(value)
    if isinstance(value, Struct):
        keys = [
            (part.name, getattr(value, part.field), part.default) for part in described(type(value))
        ]
        told = (f"{name}: {_value(held)}" for name, held, default in keys if held != default)
        return f"{{{', '.join(told)}}}"
    return json.dumps(value)


def _quoted(text: str) -> str:
    """Return a text in double quotes, all but printable ASCII escaped."""
    return f'"{"".join(_letters(text))}"'


def _letters(text: str) -> Iterator[str]:
    for letter in text:
        if letter in '"\\':
            yield f"\\{letter}"
        elif letter.isprintable():
            yield letter
        else:
            yield f"\\U{ord(letter):08x}"


def _comment(text: str, start: str = "# ") -> str:
    after = start if start == "# " else f"{start}  "
    lines = textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=start,
        subsequent_indent=after,
        break_on_hyphens=False,
        break_long_words=False,
    )
    return "".join(f"{line}\n" for line in lines)
