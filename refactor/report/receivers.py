r"""What is fit for each receiver: a terminal, a CI log, Markdown, HTML, JSON.

Nothing that comes from a repository goes round these. A runner reads its commands off a step's
output, so they are spelled out everywhere, terminals too: a job may run in one. What is spelled out
shows as `\xNN`, the character's number.

Sources: actions/runner, `ActionCommand.cs` (`::cmd::` where a line begins, `##[cmd]` anywhere);
microsoft/azure-pipelines-agent, `Command.cs` (`##vso[` anywhere); TeamCity, "Service Messages"
(`##teamcity[`); GitLab, "Custom collapsible sections" (`section_start:`); Buildkite, "Managing log
output" (`---`, `+++`, `~~~`, `^^^` where a line begins).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# Control characters, and the bidirectional ones that let a line read otherwise than it is.
_CONTROLS = (*range(9), *range(11, 32), *range(127, 160))
_BIDIRECTIONAL = (0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A))
_SPELLED = {code: f"\\x{code:02x}" for code in _CONTROLS}
_SPELLED |= {code: f"\\u{code:04x}" for code in _BIDIRECTIONAL}

_ANYWHERE = re.compile(r"#(?=#(?:\[|vso\[|teamcity\[))|section_(?=(?:start|end):\d)", re.IGNORECASE)
_COMMAND = re.compile(r"^(?P<blank>\s*):(?=:[^\n]*::)", re.MULTILINE)
_GROUP = re.compile(r"^(?P<sign>[-+~^])(?P=sign)(?=(?P=sign)[ \t]+\S)", re.MULTILINE)
_ODD_IN_JSON = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Return a text without secrets, control characters and bytes that are no text."""
    from refactor.secret.mask import mask

    return readable(mask(text))


def readable(text: str) -> str:
    """Return a text that any encoder, terminal and runner takes, odd characters spelled out."""
    if text.isascii() and text.isprintable() and "##" not in text and "section_" not in text:
        return text
    text = text.translate(_SPELLED).encode("utf-8", "backslashreplace").decode()
    return _without_commands(text)


def one_line(text: str) -> str:
    """Return a text that is to be one line as one: names of files may hold line feeds."""
    return text.replace("\n", "\\n")


def log(text: str) -> str:
    """Return whole lines of output in which no runner of a CI finds a command."""
    text = page(text)
    if text[:1] not in "-+~^" and not any(
        sign in text for sign in ("\n---", "\n+++", "\n~~~", "\n^^^")
    ):
        return text
    # The second of the signs, for the first may be that of a diff.
    return _GROUP.sub(lambda found: f"{found['sign']}\\x{ord(found['sign']):02x}", text)


def page(text: str) -> str:
    """Return text that goes into a document, which may be printed into a log."""
    text = _without_commands(text)
    return _COMMAND.sub(r"\g<blank>\\x3a", text) if "::" in text else text


def _without_commands(text: str) -> str:
    if "##" not in text and "section_" not in text:
        return text
    return _ANYWHERE.sub(lambda found: f"\\x{ord(found[0][0]):02x}{found[0][1:]}", text)


# The escapes of GitHub's runner: actions/toolkit, `command.ts`.
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


def command(name: str, place: Mapping[str, str], message: str) -> str:
    """Return a workflow command of ours, whose values cannot make it another one."""
    told = ",".join(f"{key}={readable(value).translate(_PROPERTY)}" for key, value in place.items())
    return f"::{name} {told}::{clean(message).translate(_DATA)}"


# What a forge takes for a reference in a commit's message or a title, which are no Markdown.
_REFERENCE = re.compile(
    r"(?<=@)(?=\w)|(?<=[#!&$%~])(?=\w)|(?<=\bGH-)(?=\d)|(?<=://)(?=\S)|(?<=\bwww)(?=\.)"
    r"|(?-i:(?<=[A-Z]-))(?=\d)",
    re.IGNORECASE,
)


def message(text: str) -> str:
    """Return a text for a commit's message or a title, where no forge finds a reference."""
    return _REFERENCE.sub(" ", " ".join(clean(text).split()))


def json(text: str) -> str:
    """Return a JSON document that says the same, and that any terminal and runner takes."""
    text = _ODD_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    text = text.replace("section_start:", "section\\u005fstart:")
    return text.replace("section_end:", "section\\u005fend:").replace("##", "#\\u0023")
