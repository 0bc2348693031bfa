"""The values of one line, under the names that many formats and languages give them."""

from __future__ import annotations

import re

from refactor.scan.base import Wanted
from refactor.scan.text.value import QUOTED, LineValue, value_at

_KEY = r"(?P<quote>[\"']?)(?P<key>-{0,2}(?:[^\W\d]|[$@])[\w.\-/$]*+)(?P=quote)"
_ASSIGNS = r"(?:(?<=[\"']):\s*|\s*(?:=>|[:?+]?=(?![=~>])|:(?=[\s\"'\[{]|\Z))\s*)"
# `key = v`, `key: v`, `"key": v`, `const key = v`, `String key = v`, `--key=v`, `x["key"] = v`
_LEAD = re.compile(
    r"\s*(?:-\s+)?(?:[A-Za-z_*&<][\w.$@<>\[\]*&?,]*+\s++){0,6}"
    rf"(?:[\w.$]++\[)?{_KEY}\]?{_ASSIGNS}"
)
# The name before its type: `let key: string = v`, `val key: String = v`, `var key string = v`.
_TYPED = re.compile(
    r"\s*(?:\w+\s+){0,3}?(?:let|const|var|val|private|public|readonly)\s+(?P<key>\w+)"
    r"(?:\s*:[^=:]{1,60}|\s+string\s*)=(?!=)\s*"
)
# Older Dockerfiles, csh, C.
_SPACED = re.compile(r"\s*(?:ENV|ARG|setenv|#\s*define)\s+(?P<key>[A-Za-z_]\w*)\s+(?!=)")
_INSTRUCTION = re.compile(r"\s*(?P<key>FROM|COPY|ADD)\s+(?=\S)")
# Several in one line, set apart by blanks alone.
_MANY = re.compile(
    r"\s*(?:-\s+)?(?:(?:ENV|ARG|LABEL|export|env)\s+|Environment=)(?=[\"']?[\w.]+=)"
    r"|\s*(?=[A-Z_][A-Z0-9_]*+=\S+\s+[A-Z_][A-Z0-9_]*+=)|\s*-\s+(?=[\"'][A-Z_][A-Z0-9_]*+=)"
)
_OPTIONS = re.compile(r"(?:\A|(?<=\s))(?=(?:(?:-e|--env|--build-arg)[\s=]|-D)[\"']?[\w.]+=)")
_ONE_OF_MANY = re.compile(
    r"(?:(?<![^\s=])|(?<=-D))(?:"
    r"(?P<whole>[\"'])(?P<name>[A-Za-z_][\w.]*+)=(?P<inner>[^\"']*)(?P=whole)"
    r"|(?P<key>[A-Za-z_][\w.]*+)=(?P<value>(?>(?:\"(?>(?:[^\"\\]|\\.)*)\"|'[^']*'|[^\s\"'])*)))"
)
# `{"host": "h", "port": 80}`, `f(host="h", port=80)`; a bare one ends at a comma or bracket.
_PAIR = re.compile(
    rf"(?<![\w.$\-/]){_KEY}{_ASSIGNS}"
    rf"(?P<value>{QUOTED}|[^\s,;(){{}}\[\]\"'`]++(?=\s*(?:[,;)}}\]]|\Z|\w+\s*=>)))"
)
_BEFORE_BARE = re.compile(r"(?:\A|[{(\[,;])\s*\Z|[\"']\s+\Z")
_HASH = re.compile(r"=>\s*\Z")  # Logstash parts its settings by blanks alone
_NEAR = 40  # code points
_BLANK = re.compile(r"\s(?=\S)")
_BRACKET = re.compile(r"[\[\](){}]")
_STRUCTURE = re.compile(r"[\[({\"'`]")
# nginx and its like; a block may stand in one line.
_DIRECTIVE = re.compile(
    r"(?:^|[{;}])\s*(?P<key>[A-Za-z_]\w*)\s+(?:\$(?P<name>\w+)\s+)?(?P<value>[^\s;{}][^;{}]*)(?=;)"
)
# The first word is a name where one word follows, or where more do and the address is kept by it.
_WORD = re.compile(
    r"\s*(?P<key>(?:nameserver|resolver|bind|listen|allow|deny)(?=\s)|[A-Za-z][\w.\-]*(?=\s+\S+\s*\Z))\s+"
)
_LONE = re.compile(rf"\s*(?:-\s+(?=\S)|(?={QUOTED}[\s,]*\Z))")


def values(line: str, wanted: Wanted) -> tuple[LineValue, ...]:
    """Return the values of a line, in order; whatever is wanted in it stands in one of them."""
    for read in (_many, _assigned, _inline, _directives, _word, _lone):
        found = read(line)
        if found and not _misses(line, found, wanted):
            return found
    end = len(line.rstrip(" \t,;"))
    lead = _lead(line)
    if lead and not wanted(line[: lead.end()]):
        return (LineValue(lead["key"].lstrip("$@"), lead.end(), max(lead.end(), end)),)
    return (LineValue("", len(line) - len(line.lstrip()), end),)


def declared(line: str) -> str:
    """Return the name that a line assigns to; "" where it assigns nothing."""
    lead = _lead(line)
    return lead["key"].lstrip("$@") if lead else ""


def _lead(line: str) -> re.Match[str] | None:
    lead = _TYPED.match(line) or _LEAD.match(line)
    if lead is None or not lead["key"].startswith("-"):
        return lead
    # A flag names its value only where it stands alone: a command line is read as a whole.
    alone = not line[: lead.start("key")].strip("- \t\"'") and not _BLANK.search(line, lead.end())
    return lead if alone else None


def _misses(line: str, found: tuple[LineValue, ...], wanted: Wanted) -> bool:
    """Whether anything that is wanted stands beside the values."""
    ends = [0, *(value.end for value in found)]
    starts = [*(value.start for value in found), len(line)]
    return any(wanted(line[end:start]) for end, start in zip(ends, starts, strict=True))


def _many(line: str) -> tuple[LineValue, ...]:
    options = _OPTIONS.search(line)
    begin = options or _MANY.match(line)
    if begin is None:
        return ()
    return tuple(
        value_at(
            line,
            match["key"] or match["name"],
            *match.span("inner" if match["name"] else "value"),
            group=1 if options else 0,
        )
        for match in _ONE_OF_MANY.finditer(line, begin.end())
    )


def _assigned(line: str) -> tuple[LineValue, ...]:
    """Return the value of a line that is one assignment and nothing else."""
    lead = _SPACED.match(line) or _INSTRUCTION.match(line) or _lead(line)
    if lead is None:
        return ()
    value = value_at(line, lead["key"], lead.end(), len(line))
    if value.mark:
        is_all = not line[value.end :].strip("}\"'`,; \t")
    else:
        is_all = not _STRUCTURE.search(line, value.start, value.end)
    return (value,) if is_all else ()


def _inline(line: str) -> tuple[LineValue, ...]:
    """Return the pairs within brackets, those of one bracket as a group."""
    found: list[LineValue] = []
    groups, opened, cursor = [0], 0, 0
    for match in _PAIR.finditer(line):
        start, end = match.span()
        for bracket in _BRACKET.finditer(line, cursor, start):
            if bracket[0] in "([{":
                opened += 1
                groups.append(opened)
            elif len(groups) > 1:
                groups.pop()
        cursor = end
        value = value_at(line, match["key"], *match.span("value"), group=groups[-1])
        is_hash = _HASH.search(line, max(start, value.start - _NEAR), value.start)
        if value.mark or is_hash or _BEFORE_BARE.search(line, max(0, start - _NEAR), start):
            found.append(value)
    return tuple(found)


def _directives(line: str) -> tuple[LineValue, ...]:
    if ";" not in line:
        return ()
    return tuple(
        value_at(line, match["name"] or match["key"], *match.span("value"))
        for match in _DIRECTIVE.finditer(line)
    )


def _word(line: str) -> tuple[LineValue, ...]:
    match = _WORD.match(line)
    return (value_at(line, match["key"], match.end(), len(line)),) if match else ()


def _lone(line: str) -> tuple[LineValue, ...]:
    match = _LONE.match(line)
    if match is None:
        return ()
    value = value_at(line, "", match.end(), len(line))
    is_all = not value.mark or not line[value.end + 1 :].strip(" \t,")
    return (value._replace(item=True),) if is_all else ()
