"""What an address in a Python program goes by, and what is known of its place."""

from __future__ import annotations

import pytest

from tests.test_scan_python import check_pieces, read, shown

ENV = "call:os.environ.get default environ"
FOUND = {
    # assignments
    "attribute": ("def f(self):\n  self.host = '10.0.0.1'", ["10.0.0.1 < host < f/host"]),
    "attribute of another": ("conf.db.host = '10.0.0.1'", ["10.0.0.1 < host < db/host"]),
    "annotated": ("host: str = '10.0.0.1'", ["10.0.0.1 < host < host"]),
    "class field": ("class C:\n  host: str = '10.0.0.1'", ["10.0.0.1 < host < C/host"]),
    "row 103: dataclass field": (
        "class C:\n  host: str = field(default='10.0.0.1')",
        ["10.0.0.1 < host < C/host < call:field default"],
    ),
    "dataclass factory": (
        "class C:\n  hosts: list = field(default_factory=lambda: ['10.0.0.1'])",
        ["10.0.0.1 < hosts < C/hosts/0 < default item"],
    ),
    "pydantic field": (
        "class C:\n  host: str = Field('10.0.0.1', title='x')",
        ["10.0.0.1 < host < C/host < call:Field"],
    ),
    "two targets": ("A = B = '10.0.0.1'", ["10.0.0.1 < A < A"]),
    "unpacked": ("HOST, PORT = '10.0.0.1', 80", ["10.0.0.1 < HOST < HOST", "#80 < PORT < PORT"]),
    "unpacked, unequal": (
        "a, *b = '10.0.0.1', 80",
        ["10.0.0.1 <  < 0 < item", "#80 <  < 1 < item"],
    ),
    "augmented": ("hosts += '10.0.0.1'", ["10.0.0.1 < hosts < hosts"]),
    "walrus": ("f(a, h := '10.0.0.1')", ["10.0.0.1 < h < f()/h"]),
    "subscript": ("d['host'] = '10.0.0.1'", ["10.0.0.1 < host < d/host"]),
    "subscript, deep": ("c['db']['host'] = '10.0.0.1'", ["10.0.0.1 < host < db/host"]),
    "environment set": ("os.environ['H'] = '10.0.0.1'", ["10.0.0.1 < H < environ/H"]),
    "return": ("def db_host():\n  return '10.0.0.1'", ["10.0.0.1 < db_host < db_host"]),
    "lambda": ("host = lambda: '10.0.0.1'", ["10.0.0.1 < host < host"]),
    "either": ("H = x or '10.0.0.1'", ["10.0.0.1 < H < H"]),
    "conditional": (
        "H = '10.0.0.1' if p == '10.0.0.2' else '10.0.0.3'",
        ["10.0.0.1 < H < H", "10.0.0.2 < p < H/p < compare", "10.0.0.3 < H < H"],
    ),
    "loop": ("for host in ['10.0.0.1']: pass", ["10.0.0.1 < host < host/0 < item"]),
    "comprehension": ("x = [h for h in ('10.0.0.1',)]", ["10.0.0.1 < x < x/0 < item"]),
    # arguments
    "argument": ("connect('10.0.0.1')", ["10.0.0.1 <  < connect() < call:connect"]),
    "row 104: URL": (
        "requests.get('https://10.0.0.1', verify=False)",
        ["https://10.0.0.1 <  < get() < call:requests.get"],
    ),
    "keywords": (
        "c = redis.Redis(host='10.0.0.1', port=6379)",
        [
            "10.0.0.1 < host < c/Redis()/host < call:redis.Redis",
            "#6379 < port < c/Redis()/port < call:redis.Redis",
        ],
    ),
    "text port": ("f(port='8080', h='10.0.0.1')", ["8080 < port < f()/port < call:f",
                                                   "10.0.0.1 < h < f()/h < call:f"]),
    "address pair": (
        "s.connect(('10.0.0.1', 80))",
        ["10.0.0.1 <  < connect()/0 < item", "#80 <  < connect()/1 < item"],
    ),
    "one argument goes by the result's name": (
        "H = ip('10.0.0.1')", ["10.0.0.1 < H < H < call:ip"],
    ),
    "several do not": ("H = ip('10.0.0.1', x)", ["10.0.0.1 <  < H/ip() < call:ip"]),
    "imported as": (
        "import a.b as c\nc.f('10.0.0.1')", ["10.0.0.1 <  < f() < call:a.b.f"],
    ),
    "imported from": (
        "from a.b import f as g\ng('10.0.0.1')", ["10.0.0.1 <  < f() < call:a.b.f"],
    ),
    "called on a call": (
        "socket.socket().bind('10.0.0.1')", ["10.0.0.1 <  < bind() < call:socket.socket().bind listens"],
    ),
    "called on no name": ("(a or b).g('10.0.0.1')", ["10.0.0.1 <  < g() < call:.g"]),
    "row 95: bind": ("s.bind(('10.0.0.1', x))", ["10.0.0.1 <  < bind()/0 < item listens"]),
    "row 96: needs an IP": (
        "from ipaddress import ip_address as ip\nip('10.0.0.1')",
        ["10.0.0.1 <  < ip_address() < call:ipaddress.ip_address"],
    ),
    "row 97: version": ("m.__version__ = '1.2.3.4'", ["1.2.3.4 < __version__ < m/__version__"]),
    "row 101: list under a name": (
        "ALLOWED_HOSTS = ['10.0.0.1']", ["10.0.0.1 < ALLOWED_HOSTS < ALLOWED_HOSTS/0 < item"],
    ),
    "starred": ("f(*['10.0.0.1'])", ["10.0.0.1 <  < f()/0 < item"]),
    "decorator": ("@app(host='10.0.0.1')\ndef f(): pass", ["10.0.0.1 < host < f/app()/host < call:app"]),
    "class keyword": ("class C(B, host='10.0.0.1'): pass", ["10.0.0.1 < host < C/host"]),
    "flag after flag": (
        "run(['psql', '-h', '10.0.0.1', '-p', '5432'])",
        ["10.0.0.1 < -h < run()/2 < argv:psql -h item", "5432 < -p < run()/4 < argv:psql -h 10.0.0.1 -p item"],
    ),
    "flag, as arguments": ("sh('-h', '10.0.0.1')", ["10.0.0.1 < -h < sh() < call:sh"]),
    "flag with its value": (
        "run(['--host=10.0.0.1', '--port=80'])",
        ["10.0.0.1 < --host < run()/0 < item", "80 < --port < run()/1 < item"],
    ),
    "name with its value": (
        "env = ['DB_HOST=10.0.0.1', 'DB_PORT=80']",
        ["10.0.0.1 < DB_HOST < env/DB_HOST", "80 < DB_PORT < env/DB_PORT"],
    ),
    "dict": (
        "d = {'host': '10.0.0.1', PORT: 80, **{'x': '10.0.0.2'}}",
        ["10.0.0.1 < host < d/host", "#80 < PORT < d/PORT", "10.0.0.2 < x < d/x"],
    ),
    "row 99: dict key": ("d = {'10.0.0.1': 'x'}", ["key:10.0.0.1 < d < d/10.0.0.1"]),
    "subscript by address": ("x = d['10.0.0.1']", ["key:10.0.0.1 < x < x"]),
    "row 103: parameter": ("def f(host='10.0.0.1'): pass", ["10.0.0.1 < host < f/host < default"]),
    "keyword-only parameter": (
        "def f(*, host='10.0.0.1', **k): pass", ["10.0.0.1 < host < f/host < default"],
    ),
    "typer": (
        "def f(host: str = typer.Option('10.0.0.1', '--host')): pass",
        ["10.0.0.1 < host < f/host < call:typer.Option default"],
    ),
    # the environment, options
    "row 94: environ.get": ("D = os.environ.get('DB', '10.0.0.1')", [f"10.0.0.1 < DB < D/DB < {ENV}"]),
    "environ.get, same name": ("DB = os.environ.get('DB', '10.0.0.1')", [f"10.0.0.1 < DB < DB < {ENV}"]),
    "environ imported": (
        "from os import environ as e\ne.get('DB', '10.0.0.1')", [f"10.0.0.1 < DB < DB < {ENV}"],
    ),
    "getenv": (
        "from os import getenv\nf(host=getenv('DB', '10.0.0.1'))",
        ["10.0.0.1 < DB < f()/host/DB < call:f call:f(host) call:os.getenv default environ"],
    ),
    "setdefault": (
        "os.environ.setdefault('DB', '10.0.0.1')",
        ["10.0.0.1 < DB < DB < call:os.environ.setdefault default environ"],
    ),
    "conversion": (
        "P = int(os.environ.get('P', '80'))\nH = '10.0.0.1'",
        [f"80 < P < P < call:int {ENV}", "10.0.0.1 < H < H"],
    ),
    "decouple": (
        "H = config('DB', default='10.0.0.1', cast=str)",
        ["10.0.0.1 < DB < H/DB < call:config default environ"],
    ),
    "environs": ("H = env.str('DB', '10.0.0.1')", ["10.0.0.1 < DB < H/DB < call:env.str default environ"]),
    "dict.get": ("H = d.get('host', '10.0.0.1')", ["10.0.0.1 < host < H/host < call:d.get default"]),
    "getattr": (
        "H = getattr(settings, 'HOST', '10.0.0.1')",
        ["10.0.0.1 < HOST < H/HOST < call:getattr default"],
    ),
    "configparser": (
        "H = c.get('db', 'host', fallback='10.0.0.1')",
        ["10.0.0.1 < host < H/host < call:c.get default"],
    ),
    "argparse": (
        "p.add_argument('-d', '--db-host', default='10.0.0.1', help='as 10.0.0.2')",
        [
            "10.0.0.1 < --db-host < --db-host < call:p.add_argument default",
            "as 10.0.0.2 < help < add_argument()/help < call:p.add_argument help",
        ],
    ),
    "argparse, positional": (
        "p.add_argument('host', default='10.0.0.1')",
        ["10.0.0.1 < host < host < call:p.add_argument default"],
    ),
    "click": (
        "@click.option('--host', default='10.0.0.1')\ndef f(): pass",
        ["10.0.0.1 < --host < f/--host < call:click.option default"],
    ),
    # what is not to be edited
    "row 99: compared": ("if host == '10.0.0.1': pass", ["10.0.0.1 < host < host < compare"]),
    "compared the other way": ("x = '10.0.0.1' != self.host", ["10.0.0.1 < host < x/host < compare"]),
    "member": ("if h in ('10.0.0.1', x): pass", ["10.0.0.1 < h < h/0 < compare item"]),
    "row 99: asserted": ("assert x == '10.0.0.1'", ["10.0.0.1 < x < x < compare"]),
    "assertEqual": (
        "self.assertEqual(x, '10.0.0.1')",
        ["10.0.0.1 <  < assertEqual() < call:self.assertEqual compare"],
    ),
    "startswith": (
        "h.startswith('10.0.0.1')", ["10.0.0.1 <  < startswith() < call:h.startswith compare"],
    ),
    "case": ("match h:\n  case '10.0.0.1': pass", ["10.0.0.1 < h < h < compare"]),
    "case, deep": ("match h:\n  case {'a': ['10.0.0.1']}: pass", ["10.0.0.1 < h < h < compare"]),
    "row 100: pattern": (
        "import re\nre.sub(r'10.0.0.1', '10.0.0.2', x)",
        [
            "10.0.0.1 <  < sub() < call:re.sub pattern",
            "10.0.0.2 <  < sub() < call:re.sub",
        ],
    ),
    "row 102: log": ("self.log.info('at 10.0.0.1')", ["at 10.0.0.1 <  < info() < call:self.log.info log"]),
    "log, logger called": (
        "logging.getLogger(x).error('10.0.0.1')",
        ["10.0.0.1 <  < error() < call:logging.getLogger().error log"],
    ),
    "print": ("print(f'at 10.0.0.1 {x}')", ["at 10.0.0.1 □ <  < print() < call:print log"]),
    "print to a file": (
        "print('10.0.0.1', file=conf)", ["10.0.0.1 <  < print() < call:print"],
    ),
    "raise": ("raise Bad('10.0.0.1') from e", ["10.0.0.1 <  < Bad() < call:Bad log"]),
    "exception": ("e = ValueError('10.0.0.1')", ["10.0.0.1 < e < e < call:ValueError log"]),
    "assertion's message": ("assert x, '10.0.0.1'", ["10.0.0.1 <  <  < log"]),
    "a call inside a message": (
        "print(get('http://10.0.0.1'))", ["http://10.0.0.1 <  < print()/get() < call:get"],
    ),
    "row 102: help": ("f(description='10.0.0.1')", ["10.0.0.1 < description < f()/description < call:f help"]),
    "help, translated": ("f(help=_('10.0.0.1'))", ["10.0.0.1 < help < f()/help < call:_ call:f help"]),
    "row 102: SQL": (
        "q = \"select a from b where c = '10.0.0.1'\"",
        ["select a from b where c = '10.0.0.1' < q < q < compare"],
    ),
    "row 105: generated": ("# @generated by x\nH = '10.0.0.1'", ["10.0.0.1 < H < H < generated"]),
    "generated, too far down": ("\n" * 12 + "# @generated\nH = '10.0.0.1'", ["10.0.0.1 < H < H"]),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), FOUND.values(), ids=FOUND)
def test_names(source: str, expected: list[str]) -> None:
    scanned = read(source)

    assert [shown(literal) for literal in scanned.literals] == expected
    check_pieces(source, scanned.literals)
