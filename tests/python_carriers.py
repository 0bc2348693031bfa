"""Carriers and sinks of `test_python_flow`.

A carrier is (module, host expression, port expression), its `USE` where the sink goes. A sink is
("edits" or "keeps", statement), `H` and `P` where the expressions go.
"""

from __future__ import annotations

CARRIERS = {
    "names": ("HOST = '<ip>'\nPORT = <port>\ndef f():\n    USE\n", "HOST", "PORT"),
    "names of a function": ("def f():\n    host, port = '<ip>', <port>\n    USE\n", "host", "port"),
    "quoted port": ("HOST = '<ip>'\nPORT = '<port>'\ndef f():\n    USE\n", "HOST", "int(PORT)"),
    "alias": ("HOST = '<ip>'\nPORT = <port>\ndef f():\n    h, p = HOST, PORT\n    USE\n", "h", "p"),
    "two targets": ("A = HOST = '<ip>'\nPORT = <port>\ndef f():\n    USE\n", "HOST", "PORT"),
    "global": ("HOST = None\nPORT = <port>\ndef s():\n    global HOST\n    HOST = '<ip>'\ndef f():\n    USE\n", "HOST", "PORT"),
    "class fields": ("class C:\n    host = '<ip>'\n    port = <port>\ndef f():\n    USE\n", "C.host", "C.port"),
    "fields of a class by self": ("class C:\n    host = '<ip>'\n    port = <port>\n    def f(self):\n        USE\n", "self.host", "self.port"),
    "attributes": ("class C:\n    def __init__(self):\n        self.host = '<ip>'\n        self.port = <port>\n    def f(self):\n        USE\n", "self.host", "self.port"),
    "inherited": ("class B:\n    host = '<ip>'\n    port = <port>\nclass C(B):\n    def f(self):\n        USE\n", "self.host", "self.port"),
    "object of a class": ("class S(BaseSettings):\n    host: str = '<ip>'\n    port: int = <port>\nsettings = S()\ndef f():\n    USE\n", "settings.host", "settings.port"),
    "pydantic fields": ("class S(BaseSettings):\n    host: str = Field('<ip>', env='H')\n    port: int = Field(default=<port>)\nsettings = S()\ndef f():\n    USE\n", "settings.host", "settings.port"),
    "dataclass": ("@dataclass\nclass S:\n    host: str = '<ip>'\n    port: int = <port>\ndef f(s: S):\n    s = S()\n    USE\n", "s.host", "s.port"),
    "constructor": ("class C:\n    def __init__(self, host, port):\n        self.host = host\n        self.port = port\n    def f(self):\n        USE\nc = C('<ip>', <port>)\n", "self.host", "self.port"),
    "constructor, keywords": ("class C:\n    def __init__(self, host, port):\n        self.h, self.p = host, port\n    def f(self):\n        USE\nc = C(host='<ip>', port=<port>)\n", "self.h", "self.p"),
    "defaults of a constructor": ("class C:\n    def __init__(self, host='<ip>', port=<port>):\n        self.host = host\n        self.port = port\n    def f(self):\n        USE\n", "self.host", "self.port"),
    "dict": ("CFG = {'host': '<ip>', 'port': <port>}\ndef f():\n    USE\n", "CFG['host']", "CFG['port']"),
    "dict call": ("CFG = dict(host='<ip>', port=<port>)\ndef f():\n    USE\n", "CFG['host']", "CFG['port']"),
    "dict.get": ("CFG = {'host': '<ip>', 'port': <port>}\ndef f():\n    USE\n", "CFG.get('host')", "CFG.get('port')"),
    "dict in a dict": ("CFG = {'db': {'host': '<ip>', 'port': <port>}}\ndef f():\n    c = CFG['db']\n    USE\n", "c['host']", "c['port']"),
    "keys": ("CFG = {}\nCFG['host'] = '<ip>'\nCFG['port'] = <port>\ndef f():\n    USE\n", "CFG['host']", "CFG['port']"),
    "tuple": ("ADDR = ('<ip>', <port>)\ndef f():\n    USE\n", "ADDR[0]", "ADDR[1]"),
    "unpacked": ("ADDR = ('<ip>', <port>)\ndef f():\n    host, port = ADDR\n    USE\n", "host", "port"),
    "parameters": ("def f(host='<ip>', port=<port>):\n    USE\n", "host", "port"),
    "arguments": ("def f(host, port):\n    USE\nf('<ip>', <port>)\n", "host", "port"),
    "arguments, keywords": ("def f(*, host, port):\n    USE\nf(host='<ip>', port=<port>)\n", "host", "port"),
    "getenv": ("import os\nHOST = os.getenv('DB_HOST', '<ip>')\nPORT = int(os.getenv('DB_PORT', '<port>'))\ndef f():\n    USE\n", "HOST", "PORT"),
    "environ.get": ("from os import environ\nHOST = environ.get('DB_HOST', '<ip>')\nPORT = int(environ.get('DB_PORT', <port>))\ndef f():\n    USE\n", "HOST", "PORT"),
    "or": ("HOST = given or '<ip>'\nPORT = other or <port>\ndef f():\n    USE\n", "HOST", "PORT"),
    "argparse": ("p = argparse.ArgumentParser()\np.add_argument('--db-host', default='<ip>')\np.add_argument('--db-port', default=<port>, type=int)\ndef f():\n    args = p.parse_args()\n    USE\n", "args.db_host", "args.db_port"),
    "click": ("@click.command()\n@click.option('--host', default='<ip>')\n@click.option('--port', default=<port>)\ndef f(host, port):\n    USE\n", "host", "port"),
    "typer": ("def f(host: str = typer.Option('<ip>'), port: int = typer.Option(<port>)):\n    USE\n", "host", "port"),
    "loop over pairs": ("def f():\n    for host, port in [('<ip>', <port>)]:\n        USE\n", "host", "port"),
    "loop over a list of pairs": ("NODES = [('<ip>', <port>)]\ndef f():\n    for host, port in NODES:\n        USE\n", "host", "port"),
    "loop over dicts": ("NODES = [{'host': '<ip>', 'port': <port>}]\ndef f():\n    for node in NODES:\n        USE\n", "node['host']", "node['port']"),
    "returned": ("def address():\n    return '<ip>', <port>\ndef f():\n    host, port = address()\n    USE\n", "host", "port"),
    "namespace": ("cfg = SimpleNamespace(host='<ip>', port=<port>)\ndef f():\n    USE\n", "cfg.host", "cfg.port"),
}  # fmt: skip

SINKS = {
    "positionals": ("edits", "connect(H, P)"),
    "address pair": ("edits", "s.connect((H, P))"),
    "keywords": ("edits", "r = Redis(host=H, port=P)"),
    "f-string": ("edits", "u = f\"http://{H}:{P}/x\""),
    "format": ("edits", "u = 'http://{}:{}'.format(H, P)"),
    "percent": ("edits", "u = 'http://%s:%s/' % (H, P)"),
    "sum": ("edits", "u = 'http://' + H + ':' + str(P)"),
    "port in the f-string, too": ("edits", "connect(H, P)\n    u = f\"http://{H}:<port>/x\""),
    "port in a sum, too": ("edits", "connect(H, P)\n    u = 'http://' + H + ':<port>/x'"),
    "bound": ("keeps", "sock.bind((H, P))"),
    "served": ("keeps", "httpd = HTTPServer((H, P), Handler)"),
    "run": ("keeps", "uvicorn.run(app, host=H, port=P)"),
    "compared": ("keeps", "ok = H == other"),
    "member": ("keeps", "ok = H in others"),
    "parsed": ("keeps", "ip = ipaddress.ip_address(H)"),
    "packed": ("keeps", "b = socket.inet_aton(H)"),
    "block": ("keeps", "net = f\"{H}/32\""),
    "block by a sum": ("keeps", "net = H + '/32'"),
    "sliced": ("keeps", "net = H[:5]"),
    "split": ("keeps", "last = H.split('.')[3]"),
    "prefix": ("keeps", "ok = H.startswith('10.')"),
    "key": ("keeps", "w = WEIGHTS[H]"),
    "another port": ("keeps", "connect(H, P)\n    u = f\"http://{H}:15672/api\""),
    "a port of run time, too": ("keeps", "u = f\"http://{H}:<port>/\"\n    v = f\"http://{H}:{other}/\""),
}  # fmt: skip

OTHERS = {
    "hosts with a port in their use only": (
        "edits",
        "HOST = '<ip>'\nu = f'http://{HOST}:<port>/x'\n",
    ),
}
