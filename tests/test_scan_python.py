"""Every Python form in which an address is written: its text, its names, its tags, its place."""

from __future__ import annotations

import re

import libcst as cst
import pytest

from refactor.model import Literal, Scanned
from refactor.scan import scan
from refactor.text.view import HOLE

IP = re.compile(r"\d+\.\d+\.\d+\.\d+")


def read(source: str) -> Scanned:
    return scan("python", source, lambda text: bool(IP.search(text)))


def shown(literal: Literal) -> str:
    """`text < key < path < tags`; `#` before a number, `key:` before what is looked up by."""
    mark = {"number": "#", "key": "key:", "text": ""}[literal.kind]
    text = literal.view.text.replace(HOLE, "□")
    names = (literal.key, "/".join(literal.path), " ".join(sorted(literal.tags)))
    return " < ".join((mark + text, *names)).rstrip(" <")


def check_pieces(source: str, literals: tuple[Literal, ...]) -> None:
    for literal in literals:
        for at, start, length in literal.view.pieces:
            assert source[start : start + length] == literal.view.text[at : at + length]


ENV = "call:os.environ.get default environ"
FOUND = {
    # strings
    "row 87: literal": ("HOST = '10.0.0.1'", ["10.0.0.1 < HOST < HOST"]),
    "row 92: bytes": ('H = b"10.0.0.1"', ["10.0.0.1 < H < H"]),
    "row 92: raw": (r"H = r'\d 10.0.0.1'", [r"\d 10.0.0.1 < H < H"]),
    "row 92: raw bytes": (r"H = Rb'\x 10.0.0.1'", [r"\x 10.0.0.1 < H < H"]),
    "row 92: u": ("H = u'10.0.0.1'", ["10.0.0.1 < H < H"]),
    "row 92: triple-quoted": ("H = '''10.0.0.1'''", ["10.0.0.1 < H < H"]),
    "quotes inside": ("H = '''a'b''10.0.0.1'''", ["a'b''10.0.0.1 < H < H"]),
    "row 88: f-string": ("U = f'http://10.0.0.1:{p}/x'", ["http://10.0.0.1:□/x < U < U"]),
    "f-string, conversion": ("U = f'{p!r} 10.0.0.1'", ["□ 10.0.0.1 < U < U"]),
    "f-string, format": ("U = f'{p:>{w}.2f} 10.0.0.1'", ["□ 10.0.0.1 < U < U"]),
    "f-string, =": ("U = f'{p = } 10.0.0.1'", ["□ 10.0.0.1 < U < U"]),
    "f-string, !=": ("U = f'{p != q} 10.0.0.1'", ["□ 10.0.0.1 < U < U"]),
    "f-string, dict in a hole": ("U = f'{ {a: b}[c] } 10.0.0.1'", ["□ 10.0.0.1 < U < U"]),
    "f-string, braces": ("U = f'{{10.0.0.1}}'", ["{10.0.0.1} < U < U"]),
    "f-string, raw": (r"U = rf'\{p} 10.0.0.1'", ["\\□ 10.0.0.1 < U < U"]),
    "f-string, name of a character": (r"U = f'\N{DASH} 10.0.0.1'", ["\ufffd 10.0.0.1 < U < U"]),
    "f-string, a backslash before a hole": (r"U = f'\{p} 10.0.0.1'", ["\\□ 10.0.0.1 < U < U"]),
    "f-string, triple-quoted": ("U = f'''{\np\n} 10.0.0.1'''", ["□ 10.0.0.1 < U < U"]),
    "f-string, the same quotes in a hole": ("U = f'{d['a']}10.0.0.1'", ["□10.0.0.1 < U < U"]),
    "f-string, a comment in a hole": ("U = f'''{p # }\n}10.0.0.1'''", ["□10.0.0.1 < U < U"]),
    "f-string, address in a hole": ("U = f\"{'10.0.0.1'}:80\"", ["10.0.0.1 < U < U < format-args"]),
    "f-string, default in a hole": (
        "U = f\"{os.environ.get('H', '10.0.0.1')}:80\"",
        [f"10.0.0.1 < H < U/H < {ENV} format-args"],
    ),
    "f-string in an f-string": ("U = f'{f\"{a}10.0.0.1\"}'", ["□10.0.0.1 < U < U < format-args"]),
    "row 89: implicit concatenation": ("U = 'http://' '10.0.0.1'", ["http://10.0.0.1 < U < U"]),
    "implicit, over lines": ("U = ('10.0' # x\n  '.0.1')", ["10.0.0.1 < U < U"]),
    "implicit, one part an f-string": ("U = f'{s}://' '10.0.0.1'", ["□://10.0.0.1 < U < U"]),
    "row 90: concatenation": ("H = '10.0.' + '0.1'", ["10.0.0.1 < H < H"]),
    "concatenation, unknown operand": (
        "U = 'http://' + '10.0.0.1' + path",
        ["http://10.0.0.1□ < U < U"],
    ),
    "concatenation, a known name is no less a hole": (
        "P = '/x'\nU = '10.0.0.1' + P",
        ["10.0.0.1□ < U < U"],
    ),
    "concatenation, begins unknown": ("U = scheme + ('://' + '10.0.0.1')", ["□://10.0.0.1 < U < U"]),
    "concatenation, default in an operand": (
        "U = os.environ.get('H', '10.0.0.1') + ':80'",
        [f"10.0.0.1 < H < U/H < {ENV} format-args"],
    ),
    "row 91: %": (
        "U = '%s:%d' % ('10.0.0.1', 80)",
        ["10.0.0.1 < U < U/0 < format-args item", "#80 < U < U/1 < format-args item"],
    ),
    "%, one argument": ("U = 'http://%s/' % '10.0.0.1'", ["10.0.0.1 < U < U < format-args"]),
    "%, by name": (
        "U = '%(h)s:%(p)d' % {'h': '10.0.0.1', 'p': 80}",
        [
            f"10.0.0.1 < h < U/h < format-args within:{HOLE * 2}:{HOLE}",
            f"#80 < p < U/p < format-args within:{HOLE}:{HOLE * 2}",
        ],
    ),
    "%, address in the template": ("U = '10.0.0.1:%d' % p", ["10.0.0.1:%d < U < U"]),
    "row 91: format": (
        "U = 'http://{0}:{1}'.format('10.0.0.1', 8080)",
        ["10.0.0.1 < U < U < format-args", "#8080 < U < U < format-args"],
    ),
    "format, by name": (
        "U = '{h}:{p}'.format(h='10.0.0.1', p=80)",
        ["10.0.0.1 < h < U/h < format-args", "#80 < p < U/p < format-args"],
    ),
    "format, address in the template": ("U = '10.0.0.1:{}'.format(p)", ["10.0.0.1:{} < U < U"]),
    "method of a literal": ("H = '10.0.0.1,10.0.0.2'.split(',')", ["10.0.0.1,10.0.0.2 < H < H"]),
    # documents
    "YAML": (
        "C = '''\ndb:\n  host: 10.0.0.1\n  port: 5432\n'''",
        ["10.0.0.1 < host < C/db/host < embedded", "#5432 < port < C/db/port < embedded"],
    ),
    "JSON": (
        """C = '{"host": "10.0.0.1", "port": 80}'""",
        ["10.0.0.1 < host < C/host < embedded", "#80 < port < C/port < embedded"],
    ),
    # lexing
    "CRLF": ("A = 1\r\nH = '10.0.0.1'\r\n", ["#1 < A < A", "10.0.0.1 < H < H"]),
    "lone CR": ("x = 'a'\rH = '10.0.0.1'\r", ["10.0.0.1 < H < H"]),
    "form feed": ("\x0cA = 1\n\x0cH = '10.0.0.1'\n", ["#1 < A < A", "10.0.0.1 < H < H"]),
    "line separators": ("x = 'a\u2028b\x1c'\nH = '10.0.0.1'", ["10.0.0.1 < H < H"]),
    "tabs": ("if x:\n\tH\t=\t'10.0.0.1'", ["10.0.0.1 < H < H"]),
    "non-ASCII before": ("é = '日本', 'e\u0301 10.0.0.1'", ["e\u0301 10.0.0.1 < é < é/1 < item"]),
    "line continuation": ("H = \\\n  '10.0.0.1'", ["10.0.0.1 < H < H"]),
    "parentheses": ("H = (('10.0.0.1'))", ["10.0.0.1 < H < H"]),
    "quote in a comment": ("# don't\nH = '10.0.0.1'", ["10.0.0.1 < H < H"]),
    "numbers of all kinds": (
        "x = [0x10, 1.5, .5e-3, 1e5, 5j, 1_000, 100000, a1, 7, 0]\nH = '10.0.0.1'",
        ["#7 < x < x/8 < item", "#0 < x < x/9 < item", "10.0.0.1 < H < H"],
    ),
    "undecodable bytes": ("# \udcff\nH = '\udcff 10.0.0.1'", ["\udcff 10.0.0.1 < H < H"]),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), FOUND.values(), ids=FOUND)
def test_found(source: str, expected: list[str]) -> None:
    scanned = read(source)

    assert [shown(literal) for literal in scanned.literals] == expected
    assert not scanned.unparsable
    check_pieces(source, scanned.literals)


@pytest.mark.parametrize("source", [row[0] for row in FOUND.values()], ids=FOUND)
def test_an_address_is_located_whole_or_split_between_pieces(source: str) -> None:
    for literal in read(source).literals:
        for address in IP.finditer(literal.view.text):
            span = literal.view.locate(*address.span())
            joined = "'10.0.' + '0.1'" in source or "'10.0' #" in source
            assert (span is None) == joined
            assert span is None or span.of(source) == address[0]


@pytest.mark.skipif(not hasattr(cst, "TemplatedString"), reason="this libcst knows no t-strings")
def test_a_template_string_reads_as_a_formatted_one() -> None:
    (literal,) = read("U = t'10.0.0.1 {x}'").literals

    assert shown(literal) == "10.0.0.1 □ < U < U"


def test_text_and_bytes_put_together_are_read_as_text() -> None:
    assert read("x = b'a' '10.0.0.1'\n").unparsable
