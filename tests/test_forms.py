"""Form by form, the exact bytes: docs/semantics.md, section 1 to 3, from a text to the text after.

A row is (rule, before, after); `after` None says that nothing may change. The cluster is that of
`tests/shop.py`: 10.42.1.11:8080 is a pod behind Service orders, port 80, in the namespace shop;
10.42.1.20:5432 is the database's only pod; 10.43.0.10 is the cluster IP of orders.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.inventory import Inventory
from refactor.plan.edit import edit_file
from refactor.plan.job import PlanJob
from refactor.plan.proof.file import own_edits
from refactor.plan.proof.syntax import differs
from refactor.repository.environments import Environments
from refactor.scan.file import scan_source
from refactor.scan.tree import ScannedFile
from refactor.settings.types import Settings
from refactor.text.source import Source, splice
from tests.forms import inventory
from tests.rows import rows_of, world

Row = tuple[str, str, str | None]
SETTINGS = Settings(namespace="shop")

PYTHON: list[Row] = [
    ("assignment", "H = '10.42.1.11:8080'", "H = 'orders:80'"),
    ("double quotes", 'H = "10.42.1.11:8080"', 'H = "orders:80"'),
    ("url", "U = 'http://10.42.1.11:8080/x?y=1'", "U = 'http://orders:80/x?y=1'"),
    ("url, port implied, equal", "U = 'http://10.43.0.10/x'", "U = 'http://orders/x'"),
    ("url, port implied by the scheme", "U = 'postgresql://10.42.1.20/x'", "U = 'postgresql://db/x'"),
    ("user info stays", "U = 'amqp://u:p@10.42.1.11:8080/v'", "U = 'amqp://u:p@orders:80/v'"),
    ("nested scheme", "U = 'jdbc:postgresql://10.42.1.20:5432/x'", "U = 'jdbc:postgresql://db:5432/x'"),
    ("driver scheme", "U = 'postgresql+asyncpg://10.42.1.20:5432/x'", "U = 'postgresql+asyncpg://db:5432/x'"),
    ("gRPC prefix", "T = 'ipv4:10.42.1.11:8080'", "T = 'dns:///orders:80'"),
    ("gRPC dns", "T = 'dns:///10.42.1.11:8080'", "T = 'dns:///orders:80'"),
    ("annotated", "H: str = '10.42.1.11:8080'", "H: str = 'orders:80'"),
    ("attribute", "self.h = '10.42.1.11:8080'", "self.h = 'orders:80'"),
    ("constants HOST and PORT", "HOST = '10.42.1.11'\nPORT = 8080", "HOST = 'orders'\nPORT = 80"),
    ("prefixed constants", "ORDERS_HOST = '10.42.1.11'\nORDERS_PORT = 8080\nWEB_PORT = 8080", "ORDERS_HOST = 'orders'\nORDERS_PORT = 80\nWEB_PORT = 8080"),
    ("port as text stays text", "HOST = '10.42.1.11'\nPORT = '8080'", "HOST = 'orders'\nPORT = '80'"),
    ("keywords", "f(host='10.42.1.11', port=8080)", "f(host='orders', port=80)"),
    ("keywords, others between", "f(host='10.42.1.11', db=0, port=8080)", "f(host='orders', db=0, port=80)"),
    ("positionals", "f('10.42.1.11', 8080)", "f('orders', 80)"),
    ("tuple", "f(('10.42.1.11', 8080))", "f(('orders', 80))"),
    ("list of tuples", "L = [('10.42.1.11', 8080), ('10.42.1.20', 5432)]", "L = [('orders', 80), ('db', 5432)]"),
    ("list of addresses", "L = ['10.42.1.11:8080', '10.42.2.10:9092']", "L = ['orders:80', 'kafka-0.kafka-headless.data.svc.cluster.local:9092']"),
    ("comma list", "L = '10.42.2.10:9092,10.42.2.11:9092'", "L = 'kafka-0.kafka-headless.data.svc.cluster.local:9092,kafka-1.kafka-headless.data.svc.cluster.local:9092'"),
    ("dict", "D = {'host': '10.42.1.11', 'port': 8080}", "D = {'host': 'orders', 'port': 80}"),
    ("nested dict", "D = {'a': {'HOST': '10.42.1.11', 'PORT': '8080'}}", "D = {'a': {'HOST': 'orders', 'PORT': '80'}}"),
    ("dict call", "D = dict(host='10.42.1.11', port=8080)", "D = dict(host='orders', port=80)"),
    ("environ default", "H = os.environ.get('H', '10.42.1.11:8080')", "H = os.environ.get('H', 'orders:80')"),
    ("getenv default", "H = os.getenv('H', '10.42.1.11:8080')", "H = os.getenv('H', 'orders:80')"),
    ("environ pair", "H = os.environ.get('DB_HOST', '10.42.1.11')\nP = int(os.environ.get('DB_PORT', '8080'))", "H = os.environ.get('DB_HOST', 'orders')\nP = int(os.environ.get('DB_PORT', '80'))"),
    ("or default", "h = x or 'http://10.42.1.11:8080'", "h = x or 'http://orders:80'"),
    ("ternary", "h = 'http://10.42.1.11:8080' if x else y", "h = 'http://orders:80' if x else y"),
    ("parameter default", "def f(u='http://10.42.1.11:8080'): pass", "def f(u='http://orders:80'): pass"),
    ("parameters host and port", "def f(host='10.42.1.11', port=8080): pass", "def f(host='orders', port=80): pass"),
    ("class fields", "class C:\n    host = '10.42.1.11'\n    port = 8080", "class C:\n    host = 'orders'\n    port = 80"),
    ("dataclass fields", "@dataclass\nclass C:\n    host: str = '10.42.1.11'\n    port: int = 8080", "@dataclass\nclass C:\n    host: str = 'orders'\n    port: int = 80"),
    ("argparse", "p.add_argument('--host', default='10.42.1.11')\np.add_argument('--port', default=8080)", "p.add_argument('--host', default='orders')\np.add_argument('--port', default=80)"),
    ("click", "@click.option('--url', default='http://10.42.1.11:8080')\ndef f(url): pass", "@click.option('--url', default='http://orders:80')\ndef f(url): pass"),
    ("f-string, port inside", "u = f'http://10.42.1.11:8080/{x}'", "u = f'http://orders:80/{x}'"),
    ("f-string, hole before", "u = f'{s}://10.42.1.11:8080/'", "u = f'{s}://orders:80/'"),
    ("f-string, port open, port maps to another", "u = f'http://10.42.1.11:{port}/'", None),
    ("f-string, port open, the same port", "u = f'postgres://10.42.1.20:{port}/'", "u = f'postgres://db:{port}/'"),
    ("f-string, part of the host open", "u = f'http://10.42.1.{x}:8080/'", None),
    ("doubled braces", "u = f'{{a}} http://10.42.1.11:8080 {x}'", "u = f'{{a}} http://orders:80 {x}'"),
    ("percent template", "u = 'http://10.42.1.11:8080/%s' % x", "u = 'http://orders:80/%s' % x"),
    ("percent arguments", "u = 'http://%s:%d/' % ('10.42.1.11', 8080)", "u = 'http://%s:%d/' % ('orders', 80)"),
    ("format template", "u = 'http://10.42.1.11:8080/{}'.format(x)", "u = 'http://orders:80/{}'.format(x)"),
    ("format arguments", "u = 'http://{}:{}/'.format('10.42.1.11', 8080)", "u = 'http://{}:{}/'.format('orders', 80)"),
    ("implicit concatenation", "u = 'http://' '10.42.1.11:8080' '/x'", "u = 'http://' 'orders:80' '/x'"),
    ("implicit, over lines", "u = ('http://10.42.1.11'\n     ':8080/x')", "u = ('http://orders'\n     ':80/x')"),
    ("plus", "u = 'http://' + '10.42.1.11:8080' + '/x'", "u = 'http://' + 'orders:80' + '/x'"),
    ("plus a name", "u = 'http://10.42.1.11:8080/' + path", "u = 'http://orders:80/' + path"),
    ("plus a port that is open", "u = 'http://10.42.1.11:' + port", None),
    ("split host", "u = '10.42.' + '1.11:8080'", None),
    ("bytes", "b = b'http://10.42.1.11:8080'", "b = b'http://orders:80'"),
    ("raw", "r = r'\\d http://10.42.1.11:8080'", "r = r'\\d http://orders:80'"),
    ("unicode prefix", "r = u'10.42.1.11:8080'", "r = u'orders:80'"),
    ("escapes before", "e = '\\té\\u00e9 http://10.42.1.11:8080\\n'", "e = '\\té\\u00e9 http://orders:80\\n'"),
    ("escaped host", "e = 'http://1\\x30.42.1.11:8080'", None),
    ("triple-quoted text", "T = '''\nupstream 10.42.1.11:8080;\n'''", "T = '''\nupstream orders:80;\n'''"),
    ("YAML in triple quotes", "T = '''\norders:\n  host: 10.42.1.11\n  port: 8080\n'''", "T = '''\norders:\n  host: orders\n  port: 80\n'''"),
    ("JSON in a string", "T = '{\"host\": \"10.42.1.11\", \"port\": 8080}'", "T = '{\"host\": \"orders\", \"port\": 80}'"),
    ("lambda", "f = lambda: '10.42.1.11:8080'", "f = lambda: 'orders:80'"),
    ("return", "def f():\n    return '10.42.1.11:8080'", "def f():\n    return 'orders:80'"),
    ("yield", "def f():\n    yield 'http://10.42.1.11:8080'", "def f():\n    yield 'http://orders:80'"),
    ("walrus", "if (u := 'http://10.42.1.11:8080'): pass", "if (u := 'http://orders:80'): pass"),
    ("decorator", "@route('http://10.42.1.11:8080')\ndef f(): pass", "@route('http://orders:80')\ndef f(): pass"),
    ("DSN", "d = 'host=10.42.1.11 port=8080 dbname=x'", "d = 'host=orders port=80 dbname=x'"),
    ("ADO DSN", "d = 'Server=10.42.1.11,8080;Database=x'", "d = 'Server=orders,80;Database=x'"),
    ("flags in a list", "run(['psql', '-h', '10.42.1.11', '-p', '8080'])", "run(['psql', '-h', 'orders', '-p', '80'])"),
    ("flags in a string", "run('psql -h 10.42.1.11 -p 8080')", "run('psql -h orders -p 80')"),
    ("pod record", "h = 'http://10-42-1-11.shop.pod.cluster.local:8080'", "h = 'http://orders:80'"),
    ("node and node port", "h = 'http://node-1:8080'", None),
    ("CRLF", "A = '10.42.1.11:8080'\r\nB = 1\r\n", "A = 'orders:80'\r\nB = 1\r\n"),
    ("no newline at the end", "x = 1\nA = '10.42.1.11:8080'", "x = 1\nA = 'orders:80'"),
    ("tabs", "if x:\n\tA = '10.42.1.11:8080'", "if x:\n\tA = 'orders:80'"),
    ("form feed", "x = 1\n\x0c\nA = '10.42.1.11:8080'\n", "x = 1\n\x0c\nA = 'orders:80'\n"),
    ("https", "requests.get('https://10.42.3.9:8443', verify=False)", "requests.get('https://billing.billing.svc.cluster.local:443', verify=False)"),
    ("subscript", "cfg['url'] = 'http://10.42.1.11:8080'", "cfg['url'] = 'http://orders:80'"),
    ("async call", "async def f():\n    await c('10.42.1.11', port=8080)", "async def f():\n    await c('orders', port=80)"),
    ("set", "S = {'10.42.1.11:8080'}", "S = {'orders:80'}"),
    ("comprehension", "L = [u for u in ('http://10.42.1.11:8080',)]", "L = [u for u in ('http://orders:80',)]"),
    ("environ setdefault", "os.environ.setdefault('U', 'http://10.42.1.11:8080')", "os.environ.setdefault('U', 'http://orders:80')"),
    ("Python 2 is read as text", "print 'http://10.42.1.11:8080/'", "print 'http://orders:80/'"),
    ("docstring", '"""http://10.42.1.11:8080"""', None),
    ("function docstring", 'def f():\n    """10.42.1.11:8080"""', None),
    ("comment", "# http://10.42.1.11:8080", None),
    ("trailing comment", "x = 1  # 10.42.1.11:8080", None),
    ("marker", "H = '10.42.1.11:8080'  # refactor: ignore", None),
    ("marker with a reason", "H = '10.42.1.11:8080'  # refactor: ignore[legacy]", None),
    ("comparison", "if h == '10.42.1.11': pass", None),
    ("membership", "if h in ('10.42.1.11',): pass", None),
    ("assertion", "assert h == '10.42.1.11:8080'", None),
    ("dict key", "D = {'10.42.1.11': 1}", None),
    ("needs an IP", "ipaddress.ip_address('10.42.1.11')", None),
    ("network", "ipaddress.ip_network('10.42.1.11/32')", None),
    ("bind", "sock.bind(('10.42.1.11', 8080))", None),
    ("pattern", "re.compile('10.42.1.11')", None),
    ("version", "__version__ = '10.42.1.11'", None),
    ("requirement", "R = 'thing==10.42.1.11'", None),
    ("allowed hosts", "ALLOWED_HOSTS = ['10.42.1.11']", None),
    ("help", "p.add_argument('--h', help='e.g. 10.42.1.11:8080')", None),
    ("wrong port", "U = 'http://10.42.1.11:9999'", None),
    ("nobody owns it", "U = 'http://10.99.0.1:8080'", None),
    ("loopback", "U = 'http://127.0.0.1:8080'", None),
    ("service lacks the port", "U = 'http://10.43.0.10:9999'", None),
    ("any", "H = '0.0.0.0:8080'", None),
    ("public", "D = '8.8.8.8:53'", None),
    ("inequality", "if h != '10.42.1.11': pass", None),
    ("a case", "match h:\n    case '10.42.1.11': pass", None),
    ("a beginning", "if h.startswith('10.42.1.11'): pass", None),
    ("replaced in a text", "s = t.replace('10.42.1.11', h)", None),
    ("looked up", "n = names['10.42.1.11']", None),
    ("logged", "log.info('asks http://10.42.1.11:8080')", None),
    ("raised", "raise ValueError('no answer from 10.42.1.11:8080')", None),
    ("served", "app.run(host='10.42.1.11', port=8080)", None),
    ("trusted", "FORWARDED_ALLOW_IPS = ['10.42.1.11']", None),
    ("range", "R = '10.42.1.11-10.42.1.20'", None),
    ("part of a name", "U = 'http://10.42.1.11.nip.io'", None),
    ("named port", "U = '10.42.1.11:http'", None),
]  # fmt: skip

YAML: list[Row] = [
    ("plain", "a: 10.42.1.11:8080", "a: orders:80"),
    ("single-quoted", "a: '10.42.1.11:8080'", "a: 'orders:80'"),
    ("double-quoted", 'a: "10.42.1.11:8080"', 'a: "orders:80"'),
    ("comment stays", "a: http://10.42.1.11:8080 # 10.42.1.11:8080", "a: http://orders:80 # 10.42.1.11:8080"),
    ("siblings", "host: 10.42.1.11\nport: 8080", "host: orders\nport: 80"),
    ("quoted port", "host: 10.42.1.11\nport: '8080'", "host: orders\nport: '80'"),
    ("camel case", "ordersHost: 10.42.1.11\nordersPort: 8080\nport: 8080", "ordersHost: orders\nordersPort: 80\nport: 8080"),
    ("own port is not the host's", "ordersHost: 10.42.1.11\nport: 8080", None),
    ("flow mapping", "db: {host: 10.42.1.11, port: 8080}", "db: {host: orders, port: 80}"),
    ("flow list", "l: [10.42.1.11:8080, '10.42.1.20:5432']", "l: [orders:80, 'db:5432']"),
    ("block list", "l:\n- 10.42.1.11:8080\n- http://10.43.0.10", "l:\n- orders:80\n- http://orders"),
    ("hosts and one port", "hosts:\n- 10.42.1.20\nport: 5432", "hosts:\n- db\nport: 5432"),
    ("one port, two hosts that differ", "a:\n  hosts: [10.42.1.11, 10.42.9.9]\n  port: 8080", None),
    ("env pair", "- name: DB_HOST\n  value: 10.42.1.11\n- name: DB_PORT\n  value: '8080'", "- name: DB_HOST\n  value: orders\n- name: DB_PORT\n  value: '80'"),
    ("args in a list", "args: [-h, 10.42.1.11, -p, '8080']", "args: [-h, orders, -p, '80']"),
    ("args with equals", "args:\n- --redis-host=10.42.1.11\n- --redis-port=8080", "args:\n- --redis-host=orders\n- --redis-port=80"),
    ("shell in args", "args: ['a 10.42.1.11:8080 && b http://10.42.1.20:5432']", "args: ['a orders:80 && b http://db:5432']"),
    ("literal block", "a: |\n  x http://10.42.1.11:8080;\n  y\n", "a: |\n  x http://orders:80;\n  y\n"),
    ("folded block", "a: >-\n  x http://10.42.1.11:8080\n  y\n", "a: >-\n  x http://orders:80\n  y\n"),
    ("plain over lines", "a: x\n  http://10.42.1.11:8080\n  y", "a: x\n  http://orders:80\n  y"),
    ("escaped fold", 'a: "x \\\n  http://10.42.1.11:8080"', 'a: "x \\\n  http://orders:80"'),
    ("escape in the host", 'a: "1\\x30.42.1.11:8080"', None),
    ("anchor once", "a: &h http://10.42.1.11:8080\nb: *h", "a: &h http://orders:80\nb: *h"),
    ("tag", "a: !!str 10.42.1.11:8080", "a: !!str orders:80"),
    ("merge key", "x: &x {host: 10.42.1.11, port: 8080}\ny:\n  <<: *x", "x: &x {host: orders, port: 80}\ny:\n  <<: *x"),
    ("documents", "a: 10.42.1.11:8080\n---\nb: 10.42.1.11:8080\n", "a: orders:80\n---\nb: orders:80\n"),
    ("CRLF", "a: 10.42.1.11:8080\r\nb: 1\r\n", "a: orders:80\r\nb: 1\r\n"),
    ("non-ASCII before", "é: 'ü 10.42.1.11:8080'", "é: 'ü orders:80'"),
    ("JSON in YAML", "a: '{\"host\": \"10.42.1.11\", \"port\": 8080}'", "a: '{\"host\": \"orders\", \"port\": 80}'"),
    ("properties in a block", "app.properties: |\n  db.host=10.42.1.11\n  db.port=8080\n", "app.properties: |\n  db.host=orders\n  db.port=80\n"),
    ("YAML in YAML", "values: |\n  db:\n    host: 10.42.1.11\n    port: 8080\n", "values: |\n  db:\n    host: orders\n    port: 80\n"),
    ("nginx in a block", "nginx.conf: |\n  location / {\n    proxy_pass http://10.42.1.11:8080; # x\n  }\n", "nginx.conf: |\n  location / {\n    proxy_pass http://orders:80; # x\n  }\n"),
    ("prometheus targets", "targets: ['10.42.1.11:8080']", "targets: ['orders:80']"),
    ("envoy", "socket_address:\n  address: 10.42.1.11\n  port_value: 8080", "socket_address:\n  address: orders\n  port_value: 80"),
    ("compose default", "U: ${U:-http://10.42.1.11:8080}", "U: ${U:-http://orders:80}"),
    ("broken YAML is read as text", "a: [1\nb: http://10.42.1.11:8080\n", "a: [1\nb: http://orders:80\n"),
    ("another namespace", "metadata: {namespace: web}\nkind: ConfigMap\napiVersion: v1\ndata:\n  u: http://10.42.1.11:8080", "metadata: {namespace: web}\nkind: ConfigMap\napiVersion: v1\ndata:\n  u: http://orders.shop.svc.cluster.local:80"),
    ("zookeeper line", "s: server.1=10.42.2.10:9092:3888", "s: server.1=kafka-0.kafka-headless.data.svc.cluster.local:9092:3888"),
    ("comment only", "# 10.42.1.11:8080", None),
    ("key", "10.42.1.11: x", None),
    ("image", "image: 10.42.1.11:8080/app", None),
    ("version key", "appVersion: 10.42.1.11", None),
    ("tag key", "image:\n  tag: '10.42.1.11'", None),
    ("clusterIP", "kind: Service\napiVersion: v1\nspec:\n  clusterIP: 10.43.0.10", None),
    ("cidr", "x: 10.42.1.11/32", None),
    ("range", "x: 10.42.1.11-10.42.1.20", None),
    ("nip.io", "x: http://10.42.1.11.nip.io", None),
    ("load balancer", "kind: Service\napiVersion: v1\nspec:\n  loadBalancerIP: 10.42.1.11", None),
    ("endpoints", "kind: Endpoints\napiVersion: v1\nsubsets:\n- addresses:\n  - ip: 10.42.1.11\n  ports:\n  - port: 8080", None),
    ("hosts of a pod", "kind: Pod\napiVersion: v1\nspec:\n  hostAliases:\n  - ip: 10.42.1.11\n    hostnames: [a]", None),
    ("allow list", "whitelist: [10.42.1.11]", None),
    ("named port", "x: 10.42.1.11:http", None),
    ("bind", "bind: 10.42.1.11:8080", None),
    ("no proxy", "NO_PROXY: 10.42.1.11,10.43.0.10", None),
    ("host network", "kind: Pod\napiVersion: v1\nspec:\n  hostNetwork: true\n  containers:\n  - env:\n    - {name: U, value: 'http://10.42.1.11:8080'}", None),
]  # fmt: skip

TEXT: list[Row] = [
    ("dotenv", "U=http://10.42.1.11:8080/x", "U=http://orders:80/x"),
    ("dotenv pair", "DB_HOST=10.42.1.11\nDB_PORT=8080\n", "DB_HOST=orders\nDB_PORT=80\n"),
    ("export", 'export U="http://10.42.1.11:8080" # x', 'export U="http://orders:80" # x'),
    ("ini", "[db]\nhost = 10.42.1.11\nport = 8080\n[web]\nport = 8080", "[db]\nhost = orders\nport = 80\n[web]\nport = 8080"),
    ("ini, another section's port", "[db]\nhost = 10.42.1.11\n[web]\nport = 8080", None),
    ("toml", '[db]\nurl = "http://10.42.1.11:8080"', '[db]\nurl = "http://orders:80"'),
    ("properties", "a.url=jdbc:mysql://10.42.1.11:8080/x", "a.url=jdbc:mysql://orders:80/x"),
    ("shell", "curl -fsS http://10.42.1.11:8080/healthz | jq .", "curl -fsS http://orders:80/healthz | jq ."),
    ("shell flags", "psql -h 10.42.1.11 -p 8080 -c 'x'", "psql -h orders -p 80 -c 'x'"),
    ("Dockerfile", "ENV U=http://10.42.1.11:8080 V=1", "ENV U=http://orders:80 V=1"),
    ("nginx", "upstream o {\n  server 10.42.1.11:8080 max_fails=2;\n}", "upstream o {\n  server orders:80 max_fails=2;\n}"),
    ("Go DSN", "DSN=u:p@tcp(10.42.1.11:8080)/x", "DSN=u:p@tcp(orders:80)/x"),
    ("comment", "# U=http://10.42.1.11:8080", None),
    ("image", "FROM 10.42.1.11:8080/app", None),
    ("resolver", "nameserver 10.43.0.10", None),
    ("no proxy", "export no_proxy=10.42.1.11", None),
    ("loopback and any", "A=127.0.0.1:80\nB=0.0.0.0:8080", None),
]  # fmt: skip

TEMPLATE: list[Row] = [
    ("outside actions", "u: http://10.42.1.11:8080/{{ .Values.p }}", "u: http://orders:80/{{ .Values.p }}"),
    ("default", 'u: {{ .Values.u | default "http://10.42.1.11:8080" | quote }}', 'u: {{ .Values.u | default "http://orders:80" | quote }}'),
    ("default, port outside", 'u: "http://{{ .Values.h | default "10.42.1.11" }}:8080"', 'u: "http://{{ .Values.h | default "orders" }}:80"'),
    ("printf", 'u: {{ printf "%s:%d" "10.42.1.11" 8080 }}', 'u: {{ printf "%s:%d" "orders" 80 }}'),
    ("siblings", "{{- if .x }}\nhost: 10.42.1.11\nport: 8080\n{{- end }}", "{{- if .x }}\nhost: orders\nport: 80\n{{- end }}"),
    ("comment", "{{/* 10.42.1.11:8080 */}}", None),
    ("compared", 'u: {{ if eq .h "10.42.1.11" }}x{{ end }}', None),
    ("open port that maps to another", "u: http://10.42.1.11:{{ .Values.port }}", None),
    ("part of the host open", "u: http://10.42.1.{{ .Values.x }}:8080", None),
]  # fmt: skip


@pytest.fixture(scope="module")
def cluster() -> Inventory:
    return inventory()


ROWS = [
    (kind, *row)
    for kind, rows in (("python", PYTHON), ("yaml", YAML), ("text", TEXT), ("template", TEMPLATE))
    for row in rows
]


@pytest.mark.parametrize(
    ("kind", "rule", "before", "after"), ROWS, ids=[f"{r[0]}-{r[1]}" for r in ROWS]
)
def test_form(cluster: Inventory, kind: str, rule: str, before: str, after: str | None) -> None:
    source = Source("f", before.encode())
    job = PlanJob(Path(), (), SETTINGS, Environments(SETTINGS, {"": cluster}))
    file = ScannedFile(source, kind, scan_source(source, kind, cluster).findings)
    edits = own_edits("f", edit_file(world(job, file), file, rows_of(job, file)))
    result = splice(source.text, [(*edit.span, edit.new) for edit in edits])

    assert result == (before if after is None else after)
    assert not differs(kind, before, result, edits)


def test_there_are_enough_forms() -> None:
    assert len(PYTHON) >= 80
    assert len(YAML) + len(TEXT) >= 60
    assert (
        sum(row[2] is None for *_, row in [(0, r) for r in PYTHON + YAML + TEXT + TEMPLATE]) >= 45
    )
