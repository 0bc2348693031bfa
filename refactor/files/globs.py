"""The patterns of `.gitignore`, which are also the globs of the settings.

Follows gitignore(5) and what git does with it, one name at a time as a walk meets them: a
directory that is ignored is never entered, so no pattern below it counts. `?` is one letter, where
git takes it for one byte.

Each pattern becomes a regular expression that never goes back over what it has passed (a `*` or
`**` takes the first fit, which is as good as any later one), so that no pattern of a stranger's
repository can stall it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"(?P<deep>(?:^|(?<=/))\*\*+/)"
    r"|(?P<tail>(?:^|(?<=/))\*\*+\Z)"
    r"|(?P<star>\*+)"
    r"|(?P<any>\?)"
    r"|\[(?P<not>[!^]?)(?P<set>\]?+(?>(?:\\.|\[:[a-z]+:\]|[^\]\\])*))\]"
    r"|\\(?P<escaped>.)"
    r"|(?P<plain>[^\\\[*?])",
    re.DOTALL,
)
_MEMBER = re.compile(r"\[:([a-z]+):\]|\\?(.)(?:-\\?(.))?", re.DOTALL)
_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": r" \t",
    "digit": "0-9",
    "lower": "a-z",
    "punct": r"!-\/:-@\[-`{-~",
    "space": r" \t\n\r\f\v",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
_LONGEST = 4096
"""Letters of a pattern; Linux has no longer paths (PATH_MAX)."""

_STAR, _DEEP = "*", "**/"


class _Pattern(NamedTuple):
    regex: re.Pattern[str]
    ignores: bool
    directories: bool
    by_name: bool

    def fits(self, path: str, *, directory: bool) -> bool:
        if self.directories and not directory:
            return False
        return bool(self.regex.fullmatch(path.rpartition("/")[2] if self.by_name else path))


class Patterns:
    """The patterns of one file, relative to the directory that holds it."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._last_first = [pattern for pattern in map(_parse, lines) if pattern][::-1]
        # One look at all of them at once settles most names, which none of them fits.
        self._name = _any_of(p.regex.pattern for p in self._last_first if p.by_name)
        self._path = _any_of(p.regex.pattern for p in self._last_first if not p.by_name)

    def __bool__(self) -> bool:
        """Say whether there is a pattern at all."""
        return bool(self._last_first)

    def verdict(self, path: str, *, directory: bool = False) -> bool | None:
        """Say whether the last pattern that fits ignores a path; None where none fits."""
        if not (self._name.fullmatch(path.rpartition("/")[2]) or self._path.fullmatch(path)):
            return None
        fitting = (p.ignores for p in self._last_first if p.fits(path, directory=directory))
        return next(fitting, None)

    def covers(self, path: str) -> bool:
        """Say whether these patterns, as globs, choose a file: by itself or with a directory.

        The last one that fits decides; one with `!` takes files out that an earlier one chose.
        """
        above = [path[:at] for at, letter in enumerate(path) if letter == "/"]
        for pattern in self._last_first:
            if pattern.fits(path, directory=False) or any(
                pattern.fits(head, directory=True) for head in above
            ):
                return pattern.ignores
        return False


def is_pattern(line: str) -> bool:
    """Say whether a line can ever match (a comment, `!`, `/` and an open `[` cannot)."""
    return _parse(line) is not None


def _parse(line: str) -> _Pattern | None:
    text = _trimmed(line)
    if text.startswith("#") or len(text) > _LONGEST:
        return None
    ignores = not text.startswith("!")
    text = text if ignores else text[1:]
    directories = text.endswith("/")
    text = text.removesuffix("/")
    by_name = "/" not in text
    regex = _translate(text.removeprefix("/"))
    return _Pattern(_compile(regex), ignores, directories, by_name) if regex else None


def _trimmed(line: str) -> str:
    """Leave out the line's end and the spaces before it, but for one after a backslash."""
    line = line.removesuffix("\n").removesuffix("\r")
    text = line.rstrip(" ")
    escapes = len(text) - len(text.rstrip("\\"))
    return text + " " if escapes % 2 and text != line else text


def _translate(text: str) -> str:
    """Return the regular expression of a pattern, "" where it matches nothing."""
    tokens, at = [], 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            return ""
        tokens.append(_piece(token))
        at = token.end()
    first, *rest = (_segments(block) for block in _split(tokens, _DEEP))
    if not rest:
        return first
    passed = "".join(f"(?>(?:[^/]+/)*?{block})" for block in rest[:-1] if block)
    return f"{first}{passed}(?:[^/]+/)*{rest[-1]}"


def _piece(token: re.Match[str]) -> str:
    kind = token.lastgroup
    if kind == "deep":
        return _DEEP
    if kind == "star":
        return _STAR
    if kind == "tail":
        return ".*"
    if kind == "any":
        return "[^/]"
    if kind == "set":
        return _set(token["set"], negated=bool(token["not"]))
    return re.escape(token["escaped"] or token["plain"])


def _set(text: str, *, negated: bool) -> str:
    members = "".join(_members(text))
    if negated:
        return f"[^/{members}]"
    return f"(?!/)[{members}]" if members else "(?!)"


def _members(text: str) -> Iterator[str]:
    for name, low, high in _MEMBER.findall(text):
        if name:
            yield _CLASSES.get(name, "")
        elif not high:
            yield re.escape(low)
        else:
            yield re.escape(low)
            yield f"{re.escape(low)}-{re.escape(high)}" if low < high else ""


def _segments(tokens: list[str]) -> str:
    """Join the tokens between two `**`; only the last `*` of a segment may take what it likes."""
    first, *rest = _split(tokens, _STAR)
    joined = "".join(first)
    for index, piece in enumerate(rest, start=1):
        free = index == len(rest) or "/" in piece
        joined += f"[^/]*{''.join(piece)}" if free else f"(?>[^/]*?{''.join(piece)})"
    return joined


def _split(tokens: list[str], mark: str) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token == mark:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _any_of(regexes: Iterable[str]) -> re.Pattern[str]:
    return _compile("|".join(f"(?:{regex})" for regex in regexes) or "(?!)")


def _compile(regex: str) -> re.Pattern[str]:
    return re.compile(regex, re.DOTALL)
