"""What must not be found in a Python program."""

from __future__ import annotations

import pytest

from refactor.model import Scanned
from tests.test_scan_python import read

NOTHING = {
    "row 93: module docstring": "'''10.0.0.1'''\nx = 'a'",
    "row 93: class docstring": "class C:\n  '10.0.0.1'",
    "row 93: function docstring": "def f():\n  '''\n  10.0.0.1\n  '''\n",
    "row 93: docstring on the line of its function": "def f(): '10.0.0.1'",
    "row 93: f-string for its own sake": "f'10.0.0.1 {x}'",
    "row 93: docstring of two parts": "def f():\n  'a'  '10.0.0.1'\n",
    "row 93: remark after an assignment": "x = 1\n'10.0.0.1'",
    "row 93: docstring and a statement on one line": "'10.0.0.1'; x = 'a'",
    "row 93: comment": "x = 'a'  # 10.0.0.1",
    "row 93: comment with a quote": "# '10.0.0.1'\nx = 'a'",
    "comment in brackets": "x = ['a', # '10.0.0.1'\n]",
    "comment in an f-string's hole": "x = f'''{a # 10.0.0.1\n}'''",
    "docstring, CRLF": "def f():\r\n  '''\r\n  10.0.0.1\r\n  '''\r\n",
    "docstring in a program with another candidate's shape": "'10.0.0.1'\nx = 'b' + 'c'",
    "annotation": "x: Literal['10.0.0.1'] = y",
    "annotation of a parameter": "def f(a: '10.0.0.1'): pass",
    "annotation of a result": "def f() -> '10.0.0.1': pass",
    "type parameter": "def f[T: '10.0.0.1'](): pass",
    "__all__": "__all__ = ['10.0.0.1']",
    "__all__, longer": "__all__ += ['10.0.0.1']",
    "no string": "x = 10.01 + 0.1",
    "numbers alone": "x = 8080",
    "port without a host": "x = '8080'",
    "empty": "",
    "blank": " \n\t\n\x0c",
    "no address": "x = 'http://localhost'",
    "three parts": "x = '10.0.0'",
    "parts that do not touch": "x = ['10.0.', '0.1']",
    "parts on two lines": "x = '10.0.'\ny = '0.1'",
    "parts of a sum with another between": "x = '10.0.' + y + '0.1'",
    "parts of an f-string": "x = f'10.0.{y}.1'",
    "format specification": "x = f'{y:10.0.0.1}'",
    "escaped backslashes": r"x = '10\.0\.0\.1'",
    "name": "x = a10.b0.c0.d1",
    "imported": "from a import b",
    "Python 2 without an address": "print 'x'",
    "bytes for their own sake": "b'10.0.0.1'",
    "raw docstring": "def f():\n  r'''10.0.0.1\\d'''\n",
    "docstring in parentheses": "def f():\n  ('10.0.0.1')\n",
    "docstring that is a sum": "'10.0.' + '0.1'",
    "docstring of an async function": "async def f():\n  '10.0.0.1'\n  await g()",
    "docstring of a nested function": "def f():\n  def g():\n    '''10.0.0.1'''\n",
    "docstring after a comment with brackets": "# ([{\n'''10.0.0.1'''\n",
    "docstring after strings with brackets": "x = '([{'\n'''10.0.0.1'''\n",
    "remark in a branch": "if x:\n  '10.0.0.1'\n",
    "remark after a docstring": "'''a'''\n'''10.0.0.1'''\n",
    "remark right after an assignment": "x = '10.0.'\n'0.1'",
    "remarks on one line": "'10.0.'; '0.1'",
    "shebang": "#!/usr/bin/x 10.0.0.1\nx = 'a'",
    "comment that begins a string": "# ''' 10.0.0.1\nx = 'a' # '''",
    "comment, lone CR": "# 10.0.0.1\rx = 'a'\r",
    "comment after a continued line": "x = 'a' \\\n  # 10.0.0.1\n",
    "variable without a value": "class C:\n  x: '10.0.0.1'",
    "annotation of all arguments": "def f(*a: '10.0.0.1', **k: '10.0.0.1'): pass",
    "annotation in a lambda's neighbour": "x: Callable[['10.0.0.1'], y] = lambda a: a",
    "type alias": "type X = Literal['10.0.0.1']",
    "type parameter of a class": "class C[T: '10.0.0.1']: pass",
    "__all__, annotated": "__all__: list[str] = ['10.0.0.1']",
    "numbers that fill a template": "x = '%s.%s.%s.%s' % (10, 0, 0, 1)",
    "floats that fill a template": "x = '{}.{}'.format(10.0, 0.1)",
    "numbers joined": "x = '.'.join(['10', '0', '0', '1'])",
    "parts with a hole between": "x = '10.0.' f'{0}.1'",
    "parts of a call's name and argument": "f('10.0.')('0.1')",
    "parts in two tuples": "x = ('10.0.',) + ('0.1',)",
    "fraction in a hole": "x = f'{10.0}.0.1'",
    "ill-formed, yet no address": "def f(:\n  x = 'a'",
    "NUL without an address": "x = 'a' \0",
    "deep without an address": "(" * 5000 + "'a'",
    "no Python, no address": "x = 'a",
    "no Python, no address in its strings": "{{ x }} don't",
}  # fmt: skip


@pytest.mark.parametrize("source", NOTHING.values(), ids=NOTHING)
def test_nothing_found(source: str) -> None:
    assert read(source) == Scanned(())


NOT_BESIDE = {
    "row 93: docstring beside a find": "'''10.9.9.9'''\nH = '10.0.0.1'",
    "comment beside a find": "H = '10.0.0.1'  # 10.9.9.9",
    "annotation beside a find": "H: '10.9.9.9' = '10.0.0.1'",
    "annotation of a parameter beside a find": "def f(a: 'x' = '10.0.0.1') -> '10.9.9.9': pass",
    "dict's number as a key": "H = {8080: '10.0.0.1'}",
    "subscript's number": "H = x[80], '10.0.0.1'",
    "negative number": "H = -80, '10.0.0.1'",
    "sum of numbers": "H = 8000 + 80, '10.0.0.1'",
    "number in a sum": "H = port + 80, '10.0.0.1'",
    "number of six digits": "H = 100000, '10.0.0.1'",
    "float": "H = 80.0, '10.0.0.1'",
    "hexadecimal": "H = 0x50, '10.0.0.1'",
    "grouped digits": "H = 8_080, '10.0.0.1'",
    "number in a name": "H = p80, '10.0.0.1'",
    "number in an annotation": "H: Annotated[int, 80] = '10.0.0.1'",
    "digits of a format": "H = f'{x:80}', '10.0.0.1'",
    "port with a sign": "H = '+80', '10.0.0.1'",
    "part of a concatenation": "H = '80' + x, '10.0.0.1'",
}


@pytest.mark.parametrize("source", NOT_BESIDE.values(), ids=NOT_BESIDE)
def test_only_the_address_is_found(source: str) -> None:
    assert [literal.view.text for literal in read(source).literals] == ["10.0.0.1"]
