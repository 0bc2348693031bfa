"""What must hold of every Python text, written by people, made up or broken."""

from __future__ import annotations

import re
import sysconfig
import warnings
from pathlib import Path

import libcst as cst
import pytest
from hypothesis import given
from hypothesis import strategies as st

from refactor.model import Scanned
from refactor.scan import scan
from refactor.scan.python.lexer import lex
from refactor.scan.python.strings import view_of
from refactor.scan.python.walk import walk
from refactor.text.source import Source
from refactor.text.view import HOLE

IP = re.compile(r"\d+\.\d+\.\d+\.\d+")

FORMS = [
    "HOST = '@'\nPORT = 5432\n",
    "url = f'http://@:{port!r:>{width}}/{{x}}'\n",
    "url = f\"{os.environ.get('H', '@')}:{80}\"\n",
    "url = 'http://' '@' + path + r'\\d'\n",
    "url = '%s:%d' % ('@', 80)\n",
    "url = '{}:{}'.format('@', 80)\n",
    "conf = '''\ndb:\n  host: @\n  port: 80\n'''\n",
    'conf = \'{"host": "@", "port": 80}\'\n',
    "'''doc @'''\n",
    "data = b'\\x00 @ \\\n more'\n",
    "c = redis.Redis(host='@', port=6379, **{'@': [1, '@']})\n",
    "p.add_argument('--db-host', default='@', help=\"it's @\")\n",
    "class C(B):\n    host: str = field(default='@')\n    def f(self, a='@') -> 'x':\n"
    "        '''doc'''\n        self.b = a or '@'\n        return a == '@'\n",
    "if a:\n    h = ('@',  # '@'\n         80)\nelif b:\n\th = '@'\nelse:\n  pass\n",
    "match h:\n    case {'a': '@', **r} if r: pass\n",
    "for h in ['@', 'é日😀']: print(f'{h}', file=x)\n",
    "x = [a if b else '@' for a in (lambda q='@': q)()]\n",
    "\x0cimport os, re as r\nfrom os import environ as e\n",
    "d['a']['b'] = e['H'] = '@'; A, B = '@', 80\n",
    "raise X('@') from None\n",
    "def f[T: '@'](*a, k='@', **b): yield await '@'\n",
]
DAMAGE = ["'", '"', "'''", "{", "}", "(", ")", "[", "\\", "\n", "\r", "\t", "#", "f'", ":", "\0"]
DAMAGE += ["\x0c", "é", "\udcff", "=", ",", " ", "0", "else:", "import "]
LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@st.composite
def programs(draw: st.DrawFn) -> str:
    forms = draw(st.lists(st.sampled_from(FORMS), min_size=1, max_size=6))
    addresses = iter(range(1, 200))
    text = re.sub("@", lambda _: f"10.0.0.{next(addresses)}", "".join(forms))
    return text.replace("\n", draw(LINE_ENDS))


@st.composite
def damaged(draw: st.DrawFn) -> str:
    text = draw(programs())
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = start + draw(st.integers(0, 6))
        text = text[:start] + draw(st.sampled_from(["", *DAMAGE])) + text[end:]
    return text


def read(source: str) -> Scanned:
    return scan("python", source, lambda text: bool(IP.search(text)))


def check_places(source: str, scanned: Scanned) -> None:
    for literal in scanned.literals:
        for at, start, length in literal.view.pieces:
            assert source[start : start + length] == literal.view.text[at : at + length]


@given(programs())
def test_each_address_outside_docstrings_is_found_once_in_its_place(source: str) -> None:
    scanned = read(source)
    places = [
        literal.view.locate(*address.span())
        for literal in scanned.literals
        for address in IP.finditer(literal.view.text)
    ]
    comment = r"#[^\r\n]*"
    silent = [comment, r"'''doc [^']*'''", r"\[T: [^]]*\]"]
    told = re.sub("|".join(silent), lambda m: " " * len(m[0]), source)

    assert not scanned.unparsable
    check_places(source, scanned)
    assert [tuple(place or ()) for place in places] == [m.span() for m in IP.finditer(told)]


@given(damaged())
def test_a_broken_program_raises_nothing(source: str) -> None:
    check_places(source, read(source))


@given(st.text(st.characters() | st.sampled_from("'\"{}()[]\\\n\r#:fb=.10")))
def test_any_text_raises_nothing(source: str) -> None:
    source += "10.0.0.1"

    check_places(source, read(source))


PARTS = st.sampled_from(
    ["a", "10.0.0.1", "é", "😀", "{{", "}}", "\\n", "\\\\", "\\'", '\\"', "\\x41", "\\101", "\\0",
     "\\u00e9", "\\U0001F600", "\\N{BULLET}", "\\\n", "\\\r\n", "\\q", "\\xff", "\t", "#"]
)  # fmt: skip
# In triple quotes only: an odd quote before another character, and line ends.
LONG_PARTS = PARTS | st.sampled_from(["'a", '"a', "\n", "\r\n", "\r"])


@st.composite
def strings(draw: st.DrawFn, prefixes: str) -> str:
    prefix = draw(st.sampled_from(prefixes.split(" ")))
    quote = draw(st.sampled_from(["'", '"', "'''", '"""']))
    body = "".join(draw(st.lists(LONG_PARTS if len(quote) == 3 else PARTS, max_size=8)))
    if "b" in prefix.lower():
        body = body.encode("ascii", "ignore").decode()
    return prefix + quote + body + quote


def evaluated(source: str) -> str | bytes | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value: str | bytes = eval(source, {"x": HOLE})
    except (SyntaxError, ValueError, NameError):
        return None
    return value


@given(strings(" r R u U b B br Rb f F fr Rf"))
def test_a_string_says_what_python_says(source: str) -> None:
    value = evaluated(source)
    if value is None:
        return
    (token,) = lex(source).tokens
    view = view_of(source, token)

    assert (token.start, token.end) == (0, len(source))
    assert view.text == (value.decode("latin-1") if isinstance(value, bytes) else value)


@given(strings("f F fr Rf"), st.sampled_from(["{x}", "{x!s}", "{x:>{1}}", "{ x }", "{('', x)[1]}"]))
def test_a_formatted_string_says_what_python_says(source: str, hole: str) -> None:
    source = source.replace("a", hole)
    value = evaluated(source)
    if value is None:
        return
    token = lex(source).tokens[0]

    assert (token.start, token.end) == (0, len(source))
    assert view_of(source, token).text == value


STDLIB = Path(sysconfig.get_path("stdlib"))
SAMPLE = "socket textwrap string ast tokenize json/decoder asyncio/streams http/client dataclasses"


@pytest.mark.parametrize("name", SAMPLE.split())
def test_the_standard_library(name: str) -> None:
    path = STDLIB / f"{name}.py"
    source = Source(path.name, path.read_bytes())

    scanned = scan("python", source.text, lambda text: True)

    assert not scanned.unparsable
    assert len(scanned.literals) > 50
    check_places(source.text, scanned)


class Visited(cst.CSTVisitor):
    def __init__(self) -> None:
        self.nodes: list[cst.CSTNode] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        number = isinstance(node, cst.Integer) and re.fullmatch("[0-9]{1,5}", node.value)
        if number or isinstance(node, cst.SimpleString | cst.FormattedString):
            self.nodes.append(node)
        return True


@pytest.mark.parametrize("text", [*FORMS, (STDLIB / "argparse.py").read_text("utf-8")])
def test_the_walk_goes_as_libcst_does(text: str) -> None:
    module = cst.parse_module(text.replace("@", "10.0.0.1"))
    visited = Visited()
    module.visit(visited)

    assert [id(node) for node in walk(module).leaves] == [id(node) for node in visited.nodes]
