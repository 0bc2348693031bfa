"""Who stands beside whom in a Python program: docs/semantics.md, section 1, a host with its port."""

from __future__ import annotations

import re

import pytest

from refactor.model import Literal
from refactor.scan import scan
from refactor.scan.pairing import Siblings

IP = re.compile(r"\d+\.\d+\.\d+\.\d+")
ARGUMENTS = "p.add_argument('--host', default='10.0.0.1'); p.add_argument('--port', default=80)"

# What shares a scope, group by group. A number that nothing calls a port may stand anywhere.
TOGETHER = {
    "module": ("HOST = '10.0.0.1'\nPORT = 80", "10.0.0.1 80"),
    "module, over functions": ("HOST = '10.0.0.1'\ndef f(): pass\nPORT = 80", "10.0.0.1 80"),
    "keywords": ("f(host='10.0.0.1', port=80)", "10.0.0.1 80"),
    "arguments": ("f('10.0.0.1', 80)", "10.0.0.1 80"),
    "keywords after another call": ("f(host='10.0.0.1', x=g(1, 2), port=80)", "10.0.0.1 80 | 1 2"),
    "two calls": ("f('10.0.0.1', 80); f('10.0.0.2', 90)", "10.0.0.1 80 | 10.0.0.2 90"),
    "call in a call": ("f('10.0.0.1', g('10.0.0.2', 90))", "10.0.0.1 | 10.0.0.2 90"),
    "dict": ("d = {'host': '10.0.0.1', 'port': 80}", "10.0.0.1 80"),
    "dict in a dict": (
        "d = {'a': {'host': '10.0.0.1', 'port': 80}, 'b': {'host': '10.0.0.2', 'port': 90}}",
        "10.0.0.1 80 | 10.0.0.2 90",
    ),
    "pair": ("s.connect(('10.0.0.1', 80))", "10.0.0.1 80"),
    "list of pairs": ("x = [('10.0.0.1', 80), ('10.0.0.2', 90)]", "10.0.0.1 80 | 10.0.0.2 90"),
    "unpacked": ("HOST, PORT = '10.0.0.1', 80", "10.0.0.1 80"),
    "class": ("class C:\n  host = '10.0.0.1'\n  port: int = 80", "10.0.0.1 80"),
    "two classes": (
        "class C:\n  host = '10.0.0.1'\nclass D:\n  port = 80",
        "10.0.0.1 | 80",
    ),
    "class and method": (
        "class C:\n  host = '10.0.0.1'\n  def f(self):\n    port = 80",
        "10.0.0.1 | 80",
    ),
    "dataclass fields": (
        "class C:\n  host: str = field(default='10.0.0.1')\n  port: int = field(default=80)",
        "10.0.0.1 80",
    ),
    "function": ("def f():\n  host = '10.0.0.1'\n  port = 80", "10.0.0.1 80"),
    "two functions": ("def f():\n  host = '10.0.0.1'\ndef g():\n  port = 80", "10.0.0.1 | 80"),
    "module and function": ("host = '10.0.0.1'\ndef g():\n  port = 80", "10.0.0.1 | 80"),
    "parameters": ("def f(host='10.0.0.1', *, port=80): pass", "10.0.0.1 80"),
    "parameters and body": ("def f(host='10.0.0.1'):\n  port = 80", "10.0.0.1 | 80"),
    "self": ("def f(self):\n  self.host = '10.0.0.1'\n  self.port = 80", "10.0.0.1 80"),
    "two objects": ("a.host = '10.0.0.1'; b.port = 80", "10.0.0.1 | 80"),
    "subscripts": ("d['host'] = '10.0.0.1'; d['port'] = 80", "10.0.0.1 80"),
    "subscripts of two": ("d['host'] = '10.0.0.1'; e['port'] = 80", "10.0.0.1 | 80"),
    "subscripts, deep": ("d['a']['host'] = '10.0.0.1'; d['b']['port'] = 80", "10.0.0.1 | 80"),
    "nameless targets": ("x[0] = '10.0.0.1'\nport = 80", "10.0.0.1 | 80"),
    "environment": (
        "H = os.environ.get('DB_HOST', '10.0.0.1')\nP = int(os.environ.get('DB_PORT', '80'))",
        "10.0.0.1 80",
    ),
    "environment beside a constant": (
        "H = os.getenv('HOST', '10.0.0.1')\nPORT = 80",
        "10.0.0.1 80",
    ),
    "environment, in a call": (
        "f(host=os.getenv('DB_HOST', '10.0.0.1'), port=int(os.getenv('DB_PORT', 80)))",
        "10.0.0.1 80",
    ),
    "argparse": (ARGUMENTS, "10.0.0.1 80"),
    "argparse, two parsers": (
        ARGUMENTS + "; " + ARGUMENTS.replace("p.", "q.").replace("10.0.0.1", "10.0.0.2"),
        "10.0.0.1 80 | 10.0.0.2 80",
    ),
    "argparse, two bodies": (
        f"def f():\n  {ARGUMENTS}\ndef g():\n  {ARGUMENTS}",
        "10.0.0.1 80 | 10.0.0.1 80",
    ),
    "click": (
        "@click.option('--host', default='10.0.0.1')\n@click.option('--port', default=80)\n"
        "def f(): pass",
        "10.0.0.1 80",
    ),
    "click, two functions": (
        "@click.option('--host', default='10.0.0.1')\ndef f(): pass\n"
        "@click.option('--port', default=80)\ndef g(): pass",
        "10.0.0.1 | 80",
    ),
    "%": ("x = '%s:%d' % ('10.0.0.1', 80)", "10.0.0.1 80"),
    "format": ("x = '{}:{}'.format('10.0.0.1', 80)", "10.0.0.1 80"),
    "holes": ("x = f\"{'10.0.0.1'}:{80}\"", "10.0.0.1 80"),
    "operands": ("x = 'a' + str('10.0.0.1') + ':' + str(80)", "10.0.0.1 80"),
    "branches": (
        "if x:\n  HOST = '10.0.0.1'; PORT = 80\nelse:\n  HOST = '10.0.0.2'; PORT = 90",
        "10.0.0.1 80 | 10.0.0.2 90",
    ),
    "branches without a port": (
        "if x:\n  HOST = '10.0.0.1'\nelif y:\n  HOST = '10.0.0.2'\nPORT = 80",
        "10.0.0.1 10.0.0.2 80",
    ),
    "branches without a port, on an object": (
        "if x:\n  if y:\n    s.host = '10.0.0.1'\ns.port = 80",
        "10.0.0.1 80",
    ),
    "a branch's port serves nobody outside": (
        "HOST = '10.0.0.1'\nif x:\n  PORT = 80",
        "10.0.0.1 | 80",
    ),
    "cases": (
        "match x:\n  case 'a':\n    host, port = '10.0.0.1', 80\n  case _:\n    host, port = '10.0.0.2', 9",
        "10.0.0.1 80 | 10.0.0.2 9",
    ),
    "exception": (
        "try:\n  host, port = '10.0.0.1', 80\nexcept E:\n  host, port = '10.0.0.2', 90",
        "10.0.0.1 80 | 10.0.0.2 90",
    ),
    "with and for are no branches": (
        "with a:\n  HOST = '10.0.0.1'\nfor b in c:\n  PORT = 80",
        "10.0.0.1 80",
    ),
    "YAML in two strings": (
        "A = '''\nhost: 10.0.0.1\nport: 80\n'''\nB = '''\nhost: 10.0.0.2\nport: 90\n'''",
        "10.0.0.1 80 | 10.0.0.2 90",
    ),
    "compared": ("if host == '10.0.0.1' and port == 80: pass", "10.0.0.1 | 80"),
}


def literals(source: str) -> tuple[Literal, ...]:
    return scan("python", source, lambda text: bool(IP.search(text))).literals


@pytest.mark.parametrize(("source", "expected"), TOGETHER.values(), ids=TOGETHER)
def test_scopes(source: str, expected: str) -> None:
    groups: dict[int, list[str]] = {}
    for literal in literals(source):
        groups.setdefault(literal.scope, []).append(literal.view.text)

    assert " | ".join(map(" ".join, groups.values())) == expected


@pytest.mark.parametrize(("source", "expected"), TOGETHER.values(), ids=TOGETHER)
def test_hosts_find_the_ports_beside_them(source: str, expected: str) -> None:
    ports = {
        host: next((text for text in group.split() if text.isdigit()), None)
        for group in expected.split(" | ")
        for host in group.split()
        if not host.isdigit()
    }
    found = literals(source)
    siblings = Siblings(found)
    paired = {
        literal.view.text: port and port.view.text
        for literal in found
        if IP.fullmatch(literal.view.text)
        for port in [siblings.port_of(literal).port]
    }

    assert paired == ports
