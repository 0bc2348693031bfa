"""Strings of a program that a name says are secret: assigned, passed, compared, a default."""

# ruff: noqa: E501 - a pattern is a row

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from refactor.secret.code_tokens import Token, tokens_of
from refactor.secret.names import Strength, set_of, strength
from refactor.secret.values import secret_of
from refactor.text.view import Span

_ASSIGNS = set_of(": ?: = := => == != === !== += ||= ??= <-")
_OPENERS, _CLOSERS = "([{", ")]}"
_GOES_ON = set_of("+ - | & = ( [ { , . \\ ? : || ?? && := => == ||= ??= or and")
_GETS = re.compile(
    r"(?:getenv|get|env|environ|lookup|fetch|config|read\w*|open|load\w*|require|get_?secret\w*|getstring"
    r"|get_?password\w*|file|include|Path|join|getproperty|value|parameter|variable|find\w*)\Z",
    re.IGNORECASE,
)
_TAKES_PAIR = re.compile(
    r"(?:getenv|get|set|env|put|add|setproperty|setenv|config|header|setheader|append|setdefault|lookup"
    r"|property|insert|bind|of|entry|pair|define|getproperty|addheader|withenv|setattr|default|option|pop"
    r"|environ|getattr|putenv|getordefault|getstring|string|stringp|fetch|param|setvalue|register|parameter|value|addproperty|arg)\Z",
    re.IGNORECASE,
)
_SETS = re.compile(
    r"(?:set|with|add|use|default)?_?(?:secretstr|password|passwd|pass|token|api_?key|secret|bearer"
    r"|access_?token|auth_?token|client_?secret|secret_?key|bearer_?auth|passphrase)(?:auth)?\Z",
    re.IGNORECASE,
)
_TAKES_BOTH = re.compile(
    r"(?:\w*basic_?auth\w*|login|usernamepassword\w*|passwordauthentication|digestauth|plainauth|signin"
    r"|authenticate|networkcredential)\Z",
    re.IGNORECASE,
)
_CONNECTS = re.compile(r"(?:get|create|open)connection\Z", re.IGNORECASE)
_POSITIONS = (
    (re.compile(r"(?:jwt|jsonwebtoken|jws)\.(?:sign|encode|verify|decode)\Z|signWith\Z"), 1),
    (re.compile(r"(?:(?:py|aio)?mysql\w*|MySQLdb)\.connect\Z|PDO\Z|mysqli(?:_connect)?\Z"), 2),
    (re.compile(r"(?:[\w.]+\.)?(?:FTP|FTP_TLS|URL\.create|set_password)\Z"), 2),
    (re.compile(r"hmac\.(?:new|digest)\Z"), 0),
    (re.compile(r"(?:[\w.]+\.)?(?:Fernet|URLSafe\w*Serializer|TimestampSigner)\Z"), 0),
)
"""Which argument, by its place, is a secret of what is called."""
_ENCODES = re.compile(r"(?:base64\.)?b64encode\Z|btoa\Z")
_WORDS_OF_ONE = 3
"""Of a declaration: `password const string =`."""
_VARIABLE = set_of("envvar env validation_alias")
_ELSE = re.compile(r"unwrap_or\w*|or_?else\w*|get_?or_?(?:else|default)\Z", re.IGNORECASE)
_OTHERWISE = frozenset(("or", "||", "??", "if", "?:"))
_DEFAULTS = set_of("default value fallback defaultvalue default_value const const_value")
_TOLD = set_of(
    "description help title name env alias metavar dest type choices label placeholder message example"
    " examples username user host path url validation_alias json field key section"
)


def named(text: str, *, hashes: bool) -> Iterator[Span]:
    """Yield the strings of a program, in whatever language, that are secret by a name."""
    tokens = list(tokens_of(text, hashes=hashes))
    for at, token in enumerate(tokens):
        content = _content(text, token)
        if token.kind == "word":
            yield from _word(text, tokens, at, content)
        elif token.kind == "string" and len(content) < 100 and (found := strength(content)):
            yield from _key(text, tokens, at, found)


def _content(text: str, token: Token) -> str:
    return token.body.of(text) if token.body else token.text


def _word(text: str, tokens: Sequence[Token], at: int, name: str) -> Iterator[Span]:
    following = _following(tokens, at)
    last = re.split(r"\.|->|::", name.rstrip("?!"))[-1]
    if following < len(tokens) and tokens[following].text == "(":
        yield from _called(text, tokens, following, name)
    if last.lower() in ("sensitive", "secret") and _is_true(tokens, following):
        yield from _defaults(text, tokens, max(0, _opener(tokens, at)) + 1, "named")
    if found := strength(last):
        yield from _after_name(text, tokens, at, following, last, found)


def _called(text: str, tokens: Sequence[Token], opener: int, name: str) -> Iterator[Span]:
    """Yield the arguments that are secret by what is called."""
    last = re.split(r"\.|->|::", name)[-1]
    for after in (1,) * bool(_TAKES_BOTH.match(last)) + (2,) * bool(_CONNECTS.match(last)):
        yield from _later(text, tokens, opener, after)
    for pattern, at in _POSITIONS:
        if pattern.match(name):
            yield from _later(text, tokens, opener, at, only=True)
    if _ENCODES.match(name):
        yield from _later(text, tokens, opener, 0, "weak")


def _after_name(
    text: str, tokens: Sequence[Token], at: int, following: int, last: str, found: Strength
) -> Iterator[Span]:
    """Yield the strings that follow a secret's name: assigned to it, or passed."""
    sign = tokens[following].text if following < len(tokens) else ""
    if (place := _assigned(tokens, at)) >= 0:
        yield from _values(text, tokens, place + 1, found, commas=True)
    elif sign in _ASSIGNS:
        opens = "".join(token.text for token in tokens[following + 1 : following + 2])
        if found == "weak" and opens in ("(", "["):
            yield from _later(text, tokens, following + 1, 1)
        else:
            yield from _values(text, tokens, following + 1, found)
    elif sign == "(" and _SETS.match(last):
        yield from _values(text, tokens, following + 1, found)
    elif following == at + 1 and sign[:1] in "\"'" and tokens[at + 1 : at + 2]:
        yield from _string(text, tokens[following], found)


def _is_true(tokens: Sequence[Token], sign: int) -> bool:
    told = [token.text for token in tokens[sign : sign + 2]]
    return told in (["=", "true"], ["=", "True"], [":", "true"])


def _key(text: str, tokens: Sequence[Token], at: int, found: Strength) -> Iterator[Span]:
    """A string that is a name: of a mapping's value, of an argument, of a pair."""
    following = _following(tokens, at)
    sign = tokens[following].text if following < len(tokens) else ""
    if at > 1 and tokens[at - 1].text == "=" and tokens[at - 2].text in _VARIABLE:
        opener = _opener(tokens, at)
        if opener >= 0 and tokens[opener + 1].kind == "string":
            yield from _string(text, tokens[opener + 1], found)
        yield from _defaults(text, tokens, opener + 1, found)
    elif sign in _ASSIGNS:
        yield from _values(text, tokens, following + 1, found)
    elif sign == ")" and following + 1 < len(tokens) and tokens[following + 1].text in _OTHERWISE:
        yield from _values(text, tokens, following + 2, found)
    elif sign == ")" and _is_else(tokens[following + 1 : following + 3]):
        yield from _values(text, tokens, following + 4, found)
    elif sign == "{":
        yield from _defaults(text, tokens, following + 1, found)
    elif sign == ",":
        opener = _opener(tokens, at)
        called = tokens[opener - 1] if opener > 0 else None
        last = re.split(r"\.|->|::", called.text)[-1] if called and called.kind == "word" else ""
        pair = opener == at - 1 and _is_pair(tokens, opener, following)
        if (last and _TAKES_PAIR.match(last)) or pair:
            yield from _values(text, tokens, following + 1, found)
        if opener >= 0 and tokens[opener].text == "(":
            yield from _defaults(text, tokens, following + 1, found)


def _is_else(after: Sequence[Token]) -> bool:
    """`env::var("X").unwrap_or(...)` falls back, too."""
    return len(after) == 2 and after[0].text == "." and bool(_ELSE.match(after[1].text))


def _is_pair(tokens: Sequence[Token], opener: int, comma: int) -> bool:
    """`("password", x)`, and `[["password", x]]`; `["password", "email"]` are two names."""
    if comma + 2 >= len(tokens) or tokens[comma + 2].text not in _CLOSERS:
        return False
    return tokens[opener].text != "[" or (opener > 0 and tokens[opener - 1].text in ("[", ","))


def _following(tokens: Sequence[Token], at: int) -> int:
    """Return the place of what follows a name: the bracket that closes it is passed over."""
    at += 1
    while at < len(tokens) and tokens[at].text in ("]", "?", "!"):
        at += 1
    return at


def _opener(tokens: Sequence[Token], at: int, most: int = 60) -> int:
    depth = 0
    for place in range(at - 1, max(-1, at - most), -1):
        if tokens[place].text in _CLOSERS and tokens[place].kind == "op":
            depth += 1
        elif tokens[place].text in _OPENERS and tokens[place].kind == "op":
            if not depth:
                return place
            depth -= 1
    return -1


def _values(
    text: str,
    tokens: Sequence[Token],
    at: int,
    found: Strength,
    most: int = 400,
    *,
    commas: bool = False,
) -> Iterator[Span]:
    """Yield the strings of one value, or of several with commas between them, to where it ends."""
    open_: list[bool] = []
    last = "="
    for place in range(at, min(len(tokens), at + most)):
        token = tokens[place]
        if token.kind == "op" and token.text in _OPENERS:
            open_.append(_is_name_next(tokens, place))
        elif token.kind == "op" and token.text in _CLOSERS:
            if not open_:
                return
            open_.pop()
        elif token.kind == "line":
            if not open_ and last not in _GOES_ON:
                return
            continue
        elif not open_ and (token.text == ";" or (token.text == "," and not commas)):
            return
        elif token.kind == "string" and not (open_ and _is_told(tokens, place, first=open_[-1])):
            yield from _string(text, token, found)
        last = token.text


def _is_name_next(tokens: Sequence[Token], place: int) -> bool:
    """Say whether what a bracket opens on begins with a name: `getenv(`, `environ[`."""
    before = tokens[place - 1] if place else None
    if before is None or before.kind != "word":
        return False
    last = re.split(r"\.|->|::", before.text)[-1]
    return tokens[place].text == "[" or (tokens[place].text == "(" and bool(_GETS.match(last)))


def _is_told(tokens: Sequence[Token], place: int, *, first: bool) -> bool:
    """Say whether a string within brackets is no value: a name that is asked for, a key, a help."""
    before = tokens[place - 1].text
    after = tokens[place + 1].text if place + 1 < len(tokens) else ""
    if first and before in _OPENERS:
        return True
    told = before in ("=", ":") and tokens[place - 2].text.strip("\"'").lower() in _TOLD
    return told or after in (":", "=>")


def _defaults(text: str, tokens: Sequence[Token], at: int, found: Strength) -> Iterator[Span]:
    """Yield what is called the default among the arguments after a name."""
    depth = 0
    for place in range(at, min(len(tokens) - 2, at + 200)):
        token = tokens[place]
        if token.kind == "op":
            depth += (token.text in _OPENERS) - (token.text in _CLOSERS)
        if depth < 0:
            return
        if token.text.lower() in _DEFAULTS and tokens[place + 1].text in ("=", ":"):
            yield from _values(text, tokens, place + 2, found)


def _assigned(tokens: Sequence[Token], at: int, most: int = 20) -> int:
    """Return where `user, password = ...` or `password string = ...` is assigned; -1 if it is not."""
    place = at + 1
    words = 1
    while place < min(len(tokens), at + most) and _is_listed(tokens[place]):
        words = words + 1 if tokens[place].kind == "word" else 0
        if words > _WORDS_OF_ONE:  # a sentence: `SELECT password FROM users WHERE name = 'a'`
            return -1
        place += 1
    if place >= len(tokens) or tokens[place].text != "=":
        return -1
    first = at - 1
    while first >= 0 and _is_listed(tokens[first]):
        first -= 1
    begins = first < 0 or tokens[first].kind == "line" or tokens[first].text == ";"
    alone = place == at + 1 and (at == 0 or tokens[at - 1].text != ",")
    return place if begins and not alone else -1


def _is_listed(token: Token) -> bool:
    return token.kind == "word" or token.text in (",", "*")


def _later(
    text: str,
    tokens: Sequence[Token],
    opener: int,
    after: int,
    found: Strength = "password",
    *,
    only: bool = False,
) -> Iterator[Span]:
    """Yield the strings of arguments after some others: a user, then a password."""
    depth = commas = 0
    for token in tokens[opener : opener + 60]:
        if token.kind == "op":
            depth += (token.text in _OPENERS) - (token.text in _CLOSERS)
            commas += token.text == "," and depth == 1
        if not depth or (only and commas > after):
            return
        if token.kind == "string" and commas >= after:
            yield from _string(text, token, found)


def _string(text: str, token: Token, found: Strength) -> Iterator[Span]:
    if token.body is None:
        return
    yield from secret_of(token.body.of(text), token.body.start, found)
