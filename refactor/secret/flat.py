"""Values behind a secret's name on one line, in any text: `password = x`, `--token x`."""
# ruff: noqa: E501 - a pattern is a row

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from refactor.secret.names import STEM, Strength, set_of, strength
from refactor.secret.values import secret_of
from refactor.text.view import Span

_QUOTED = r"\\[\"'](?P<escaped>[^\"'\n]*?)\\[\"']|[fFbBrRuU]{0,2}(?:\"(?P<double>(?:[^\"\\\n]|\\.)*)\"?|'(?P<single>(?:[^'\\\n]|\\.)*)'?|`(?P<tick>[^`\n]*)`?)"
_BARE = r"(?P<bare>\$\{[^\s{}]*\}|\{\{[^\n{}]*\}\}|[^\s;,&\"'`{}()$<>\[\]|][^\s;,&\"'`{}()<>|]*)"
_VALUE = rf"(?:{_QUOTED}|{_BARE})"
_NAME = (
    rf"(?:\\?[\"'](?=[^\"'\n]{{0,64}}?(?:{STEM}))(?P<quoted>[^\"'\n\\]{{1,128}})\\?[\"']"
    rf"|(?<![\w.-])(?=[\w.-]{{0,96}}?(?:{STEM}))(?P<name>[\w.-]{{1,128}}))"
)
_ASSIGNED = re.compile(
    rf"{_NAME}[ \t]*+\]?[ \t]*+(?:\?=|\+=|:=|=>|:(?=[\s\"'\\{{$]|\w[^:]*$)|=(?!=|~)|==(?=[ \t]*[\"']))[ \t]*{_VALUE}",
    re.IGNORECASE | re.MULTILINE,
)
_FLAG = re.compile(
    rf"(?<![\w}})\]-])--?(?=[\w-]{{0,64}}?(?:{STEM}))(?P<name>[a-z][\w-]{{1,64}})(?:[ \t\"',]|\r?\n[ \t]*-(?=[ \t])){{1,40}}(?!-){_VALUE}",
    re.IGNORECASE,
)
_ELEMENT = re.compile(
    rf"<(?:\w+:)?(?=[\w.-]{{0,64}}?(?:{STEM}))(?P<name>[\w.-]{{1,128}})(?:\s[^<>]{{0,200}})?>\s*+(?:<!\[CDATA\[)?(?P<bare>[^<>]{{1,4096}}?)(?:\]\]>\s*)?</",
    re.IGNORECASE,
)
_LABEL = r"(?:name|key|id|label|header|variable|parameterkey|field|option|property|k)"
_CONTENT = r"(?:value|default|content|parametervalue|val|v|data)"
_APART = r"(?:[ \t]*+[,;]?[ \t]*+(?:\r?\n[-+ \t]*+)?|\s{1,8})"
_PAIR = re.compile(
    rf"(?<![\w.-]){_LABEL}\\?[\"']?\s{{0,4}}[:=]\s{{0,4}}\\?[\"']?(?=[^\"'\n]{{0,64}}?(?:{STEM}))(?P<name>[\w. -]{{1,128}}?)\\?[\"']?{_APART}\\?[\"']?{_CONTENT}\\?[\"']?\s{{0,4}}[:=][ \t]*{_VALUE}",
    re.IGNORECASE,
)
_TURNED = re.compile(
    rf"(?<![\w.-]){_CONTENT}\\?[\"']?[ \t]{{0,4}}[:=][ \t]*{_VALUE}{_APART}\\?[\"']?{_LABEL}\\?[\"']?\s{{0,4}}[:=]\s{{0,4}}\\?[\"']?(?=[^\"'\n]{{0,64}}?(?:{STEM}))(?P<name>[\w.-]{{1,128}})",
    re.IGNORECASE,
)
_PROPERTY = re.compile(
    rf"(?:name|key)=[\"'](?=[^\"'\n]{{0,64}}?(?:{STEM}))(?P<name>[^\"'\n]{{1,128}})[\"'][^<>]{{0,200}}>\s*+(?:<value>\s*+)?(?:<!\[CDATA\[)?(?P<bare>[^<>]{{1,4096}}?)(?:\]\]>\s*)?</",
    re.IGNORECASE,
)
_QUERY = re.compile(r"[?&;](?P<name>[\w.-]{1,96})=(?P<bare>[^\s&;#\"'<>`\\]+)")
_QUERIED = set_of("key auth code sig signature pass pw sas pin otp jwt sid session hash")
_DEFAULT = re.compile(
    rf"\$\{{(?=[\w.]{{0,64}}?(?:{STEM}))(?P<name>[\w.]{{1,128}}):?[-=:](?P<bare>[^${{}}\n]{{1,4096}})\}}",
    re.IGNORECASE,
)
_LONG = re.compile(
    rf"(?<![\w.-])(?=[\w.-]{{0,96}}?(?:{STEM}))(?P<name>[\w.-]{{1,128}})[ \t]*=[ \t]*(?P<quote>\"\"\"|''')(?P<long>.{{1,20000}}?)(?P=quote)",
    re.IGNORECASE | re.DOTALL,
)
_DEFINED = re.compile(
    rf"\bdefine\s+\"(?=[^\"\n]{{0,64}}?(?:{STEM}))(?P<name>[^\"\n]{{1,128}})\"\s*-?\}}\}}\s*(?P<bare>[^\s{{}}][^{{}}\n]{{0,500}}?)\s*\{{\{{-?\s*end\b",
    re.IGNORECASE,
)
_ACTION = re.compile(
    rf"\{{\{{[^{{}}\n]{{0,200}}?[.$](?=[\w.]{{0,96}}?(?:{STEM}))(?P<name>[\w.]{{1,128}})(?:\s*\|\s*default)?\s+[\"`](?P<bare>[^\"`\n]{{1,500}})[\"`]",
    re.IGNORECASE,
)
_ACTION_TURNED = re.compile(
    rf"\bdefault\s+[\"`](?P<bare>[^\"`\n]{{1,500}})[\"`]\s+\(?[.$](?=[\w.]{{0,96}}?(?:{STEM}))(?P<name>[\w.]{{1,128}})",
    re.IGNORECASE,
)
_HANDED = re.compile(
    rf"\b(?:set|dict)\s[^{{}}\n]{{0,200}}?\"(?=[^\"\n]{{0,64}}?(?:{STEM}))(?P<name>[\w.-]{{1,128}})\"\s+\"(?P<bare>[^\"\n]{{1,500}})\"",
    re.IGNORECASE,
)
_ALL = (
    *(_ASSIGNED, _FLAG, _ELEMENT, _PAIR, _TURNED, _PROPERTY, _DEFAULT, _LONG, _DEFINED),
    *(_ACTION, _ACTION_TURNED, _HANDED),
)

# Of files that are lines, where a value goes on to the end of its own.
_LINE = re.compile(
    rf"^[ \t]*(?:export[ \t]+|set[ \t]+|-[ \t]+|(?:ENV|ARG)[ \t]+)?[\"']?(?=[\w.-]{{0,96}}?(?:{STEM}))(?P<name>[\w.-]{{1,128}})[ \t]*(?::=|\?=|=)[ \t]*(?P<bare>[^\s\"'#$`(=][^\n]*?)[\"']?[ \t]{{0,99}}\r?$",
    re.IGNORECASE | re.MULTILINE,
)
_LINES = re.compile(
    rf"^[ \t]*(?:export[ \t]+)?(?=[\w.-]{{0,96}}?(?:{STEM}))(?P<name>[\w.-]{{1,128}})[ \t]*=[ \t]*(?P<quote>[\"'])(?P<bare>[^\"']{{1,20000}})(?P=quote)",
    re.IGNORECASE | re.MULTILINE,
)
_DIRECTIVE = re.compile(
    rf"^[ \t]*(?:ENV[ \t]+|set(?:env|x)?[ \t]+(?:-\w+[ \t]+){{0,3}}\$?|(?:http-\w+[ \t]+)?[\w-]+[_-](?:set_)?header[ \t]+|user[ \t]+\S+[ \t]+|define[ \t]+|enable[ \t]+)?(?=[\w.-]{{0,96}}?(?:{STEM}))(?P<name>[A-Za-z_][\w.-]{{1,127}})[ \t]+(?P<bare>\"[^\"\n]+\"|'[^'\n]+'|[^\s\"'=:|&;{{}}()<>]+)[ \t]*+;?[ \t]*+\r?$",
    re.IGNORECASE | re.MULTILINE,
)
_PROSE = set_of("pass key token auth secret cookie")
"""With a word behind it, each of these may begin a sentence."""
_FOLLOWED = re.compile(
    r"\s(?:#|;|//)|(?<!\s)(?:\s++(?:(?=[A-Za-z_]\w*=)|--?[a-z])|\s*+(?:&&|\|\||;\s))", re.IGNORECASE
)
_PROGRAM = re.compile(r"[\w.-]+[ \t]*=[ \t]*\S+[ \t]+[a-z][\w./-]*(?:[ \t]|$)")


def named(text: str, is_text: Callable[[int], bool] = lambda _: True) -> Iterator[Span]:
    """Yield the values that a name on their line, or a label beside them, says are secret."""
    for pattern in _ALL:
        for match in pattern.finditer(text):
            name = match.groupdict()
            if name.get("bare") and (not is_text(match.start("bare")) or _is_prose(match)):
                continue
            yield from _value(match, strength(name.get("quoted") or name.get("name") or ""))
    if "=" in text:
        for match in _QUERY.finditer(text):
            if match["name"].lower() in _QUERIED or strength(match["name"]):
                yield from secret_of(match["bare"], match.start("bare"), "password")


def lined(text: str, *, commands: bool) -> Iterator[Span]:
    """Yield the values of settings that are a line each, blanks and all."""
    for match in _LINE.finditer(text):
        value = match["bare"]
        if cut := _FOLLOWED.search(value):
            value = value[: cut.start()]
        if commands and " " in value and _PROGRAM.match(match[0].strip()):
            value = value.split()[0]
        yield from secret_of(value, match.start("bare"), strength(match["name"]))
    for match in _LINES.finditer(text):
        yield from secret_of(match["bare"], match.start("bare"), strength(match["name"]))
    for match in _DIRECTIVE.finditer(text):
        value, at = match["bare"], match.start("bare")
        if value[0] in "\"'":
            value, at = value[1:-1], at + 1
        if match["name"].lower() not in _PROSE or ";" in match[0] or any(map(str.isdigit, value)):
            yield from secret_of(value, at, strength(match["name"]))


def _is_prose(match: re.Match[str]) -> bool:
    """`what has to pass: the tests` is a sentence."""
    name, value = match.groupdict().get("name") or "", match.groupdict().get("bare") or ""
    line = match.string[match.start() - 2 : match.end() + 2]
    return (
        name in _PROSE
        and match[0][:1] != "-"
        and value.isalpha()
        and re.match(r"\w .*? \w\Z", line) is not None
    )


def _value(match: re.Match[str], found: Strength) -> Iterator[Span]:
    groups = match.groupdict()
    for group in ("escaped", "double", "single", "tick", "bare", "long"):
        if groups.get(group):
            yield from secret_of(groups[group], match.start(group), found)
            return
