"""The command line in which an address stands: its words, and the flag right before it."""

from __future__ import annotations

import re
from typing import NamedTuple

_PARTS = re.compile(r"&&|\|\||[;|&\n`]|\$\(")
_WORD = re.compile(r"[^\s\"'\[\],]+")
# What is glued to the address: `http://`, `db:` in `--add-host db:10.0.4.17`, `-b`.
_GLUED = re.compile(r"[^\s\"'=\[]*\Z")
# What may stand before a program in its own command.
_RUNS = frozenset(
    [
        "sudo",
        "exec",
        "nohup",
        "env",
        "time",
        "xargs",
        "then",
        "do",
        "else",
        "if",
        "while",
        "until",
        "!",
        "RUN",
        "CMD",
        "ENTRYPOINT",
        "tini",
        "--",
        "sh",
        "bash",
        "dumb-init",
        "run",
        "poetry",
        "pipenv",
        "uv",
        "python",
        "python3",
        "gosu",
        "su-exec",
        "nice",
        "setsid",
        "timeout",
        "eval",
        "command",
        "watch",
    ]
)
_PASSES = re.compile(r"[-@!]\S*|[\w-]+\.(?:py|sh|js|rb)|[A-Za-z_]\w*=\S*|\d+[smh]?")


class CommandLine(NamedTuple):
    """A command up to an address.

    Attributes:
        flag: the flag that the address follows, "" for none.
        attached: the flag that the address is glued to, "" for none.
    """

    words: tuple[str, ...] = ()
    flag: str = ""
    attached: str = ""

    def runs(self, spec: tuple[str, ...], *, anywhere: bool) -> bool:
        """Say whether a program, with the words that must follow it, is what runs here."""
        if spec[0] not in self.words:
            return False
        at = self.words.index(spec[0])
        if not anywhere and not all(w in _RUNS or _PASSES.fullmatch(w) for w in self.words[:at]):
            return False
        rest = iter(self.words[at + 1 :])
        return all(word in rest for word in spec[1:])


def command_line(before: str) -> CommandLine:
    """Read the command in which something stands."""
    text = _PARTS.split(before)[-1]
    glued = _GLUED.search(text)
    rest = text[: glued.start()] if glued else text
    found = [word.lstrip("({!") for word in _WORD.findall(rest)]
    words = tuple(word.rpartition("/")[2] or word for word in found if word)
    # `kubectl exec x -- psql`: a new command; `npx vite -- --host`: more of the same one.
    begin = max((i for i, word in enumerate(words[:-1], 1) if word == "--"), default=0)
    words = words[0 if words[begin : begin + 1] and words[begin].startswith("-") else begin :]
    last = words[-1].removesuffix("=") if words else ""
    return CommandLine(words, last, glued[0] if glued and glued[0].startswith("-") else "")
