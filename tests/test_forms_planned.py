"""Forms met in the field, each a file of one repository that is planned as a whole.

A row is (rule, file's suffix, before, after); `after` None says that nothing may change. `<W>` and
its like stand for addresses of the cluster, `<w>` and its like for the names that replace them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from refactor.inventory import Inventory
from refactor.plan import PlanJob, make_plan
from refactor.repository.environments import Environments
from refactor.settings.types import Settings
from refactor.text.source import splice
from tests.clusters import cluster, deployed, node, pod, port, service, sport, stateful

Row = tuple[str, str, str, str | None]
_POD = "{0}.{1}.shop.svc.cluster.local"
HERE: dict[str, str] = {
    "W": "10.42.1.11", "w": "web", "W6": "fd00:42::11", "C": "10.43.0.10",
    "D": "10.42.1.20", "d": "db",
    "R": "10.42.1.40", "r": "redis",
    "E0": "10.42.1.30", "E1": "10.42.1.31", "e": "es",
    "T": "10.42.1.60", "t": "two",
    "A": "10.42.1.70", "a": "agg",
    "S": "10.42.2.50", "s": "solo",
    "WD": "10-42-1-11",
    **{f"K{n}": f"10.42.2.1{n}" for n in range(3)},
    **{f"k{n}": _POD.format(f"kafka-{n}", "kafka-hl") for n in range(3)},
    **{f"Z{n}": f"10.42.2.2{n}" for n in range(3)},
    **{f"z{n}": _POD.format(f"zk-{n}", "zk") for n in range(3)},
    **{f"X{n}": f"10.42.2.3{n}" for n in range(3)},
    **{f"x{n}": _POD.format(f"etcd-{n}", "etcd") for n in range(3)},
}  # fmt: skip

CLUSTER = cluster(
    deployed("web", "10.42.1.11,fd00:42::11", port(8080, "http")),
    service("web", "10.43.0.10,fd00:43::10", {"app": "web"}, sport(80, "http", "http")),
    deployed("db", "10.42.1.20", 5432),
    service("db", "10.43.0.20", {"app": "db"}, (5432, 5432)),
    deployed("redis", "10.42.1.40", 6379),
    service("redis", "10.43.0.40", {"app": "redis"}, (6380, 6379)),
    deployed("es", "10.42.1.30", 9200),
    pod("es-7f9c-fghij", "10.42.1.31", {"app": "es", "pod-template-hash": "7f9c"}, [9200], "ReplicaSet/es-7f9c"),
    service("es", "10.43.0.30", {"app": "es"}, (9201, 9200)),
    deployed("two", "10.42.1.60", 8333),
    service("two", "10.43.0.60", {"app": "two"}, sport(443, 8333, "https"), sport(80, 8333, "http")),
    deployed("agg", "10.42.1.70", 24224, 5044),
    service("agg", "10.43.0.70", {"app": "agg"}, sport(24225, 24224, "fwd"), sport(5045, 5044, "beats")),
    stateful("solo", ["10.42.2.50"], 2888, 3888, 2181, governing="solo-hl"),
    service("solo", "10.43.0.50", {"app": "solo"}, sport(12888, 2888, "peer"), sport(3888, 3888, "elect"), sport(2181, 2181, "client")),
    stateful("kafka", ["10.42.2.10", "10.42.2.11", "10.42.2.12"], 9092, 9093, governing="kafka-hl"),
    service("kafka-hl", "None", {"app": "kafka"}, (9092, 9092)),
    stateful("zk", ["10.42.2.20", "10.42.2.21", "10.42.2.22"], 2181, 2888, 3888, governing="zk"),
    service("zk", "None", {"app": "zk"}, sport(2181, 2181, "client"), sport(2888, 2888, "peer")),
    stateful("etcd", ["10.42.2.30", "10.42.2.31", "10.42.2.32"], 2379, 2380, governing="etcd"),
    service("etcd", "None", {"app": "etcd"}, sport(2379, 2379, "client"), sport(2380, 2380, "peer")),
    node("worker-1", "10.20.0.11"),
)  # fmt: skip

LABELS: list[Row] = [
    ("label and URL", "env", "X=etcd-0=http://<X0>:2380,etcd-1=http://<X1>:2380", "X=etcd-0=http://<x0>:2380,etcd-1=http://<x1>:2380"),
    ("label and URL in YAML", "yaml", "x: etcd-0=http://<X0>:2380,etcd-1=http://<X1>:2380", "x: etcd-0=http://<x0>:2380,etcd-1=http://<x1>:2380"),
    ("label and pair", "yaml", "x: etcd-0=<X0>:2380,etcd-1=<X1>:2380", "x: etcd-0=<x0>:2380,etcd-1=<x1>:2380"),
    ("label and pair, a flag", "sh", "etcd --initial-cluster etcd-0=http://<X0>:2380,etcd-1=http://<X1>:2380", "etcd --initial-cluster etcd-0=http://<x0>:2380,etcd-1=http://<x1>:2380"),
    ("label and pair, blanks", "yaml", 'x: "etcd-0=<X0>:2380, etcd-1=<X1>:2380"', 'x: "etcd-0=<x0>:2380, etcd-1=<x1>:2380"'),
    ("label and pair, semicolons", "yaml", 'x: "etcd-0=<X0>:2380;etcd-1=<X1>:2380"', 'x: "etcd-0=<x0>:2380;etcd-1=<x1>:2380"'),
    ("label and redis URL", "py", "X = 'kafka-0=tcp://<K0>:9092,kafka-1=tcp://<K1>:9092'", "X = 'kafka-0=tcp://<k0>:9092,kafka-1=tcp://<k1>:9092'"),
    ("label and URL without a port", "yaml", "x: kafka-0=kafka://<K0>,kafka-1=kafka://<K1>", "x: kafka-0=kafka://<k0>,kafka-1=kafka://<k1>"),
    ("label by number", "yaml", 'x: "0=<K0>:9092,1=<K1>:9092"', 'x: "0=<k0>:9092,1=<k1>:9092"'),
    ("label by at", "yaml", "x: 1@<K0>:9093,2@<K1>:9093", "x: 1@<k0>:9093,2@<k1>:9093"),
    ("a machine's name before at", "yaml", "x: kafka-0@<K0>:9093,kafka-1@<K1>:9093", "x: kafka-0@<k0>:9093,kafka-1@<k1>:9093"),
    ("a data centre's list", "yaml", "x: dc1:<K0>,<K1>;dc2:<K2>", "x: dc1:<k0>,<k1>;dc2:<k2>"),
    ("a data centre's list, quoted", "py", "X = 'dc1:<K0>,<K1>;dc2:<K2>'", "X = 'dc1:<k0>,<k1>;dc2:<k2>'"),
    ("data centres with ports", "yaml", "x: dc1:<K0>:9092,<K1>:9092;dc2:<K2>:9092", "x: dc1:<k0>:9092,<k1>:9092;dc2:<k2>:9092"),
    ("one data centre", "yaml", "x: east:<K0>,<K1>", "x: east:<k0>,<k1>"),
    ("data centres, one each", "yaml", "x: east:<K0>;west:<K1>", "x: east:<k0>;west:<k1>"),
    ("data centre named as a machine", "yaml", "x: kafka-0:<K1>,<K2>", "x: kafka-0:<k1>,<k2>"),
    ("a label is a machine's name", "yaml", "x: etcd-1=1,etcd-2=2", None),
    ("a label is a machine's name, in text", "conf", "weights etcd-1=1 etcd-2=2", None),
    ("a label before a path", "yaml", "x: etcd-0=/var/lib/a,etcd-1=/var/lib/b", None),
    ("a label before a flag", "sh", "run --set etcd-0=on --set etcd-1=off", None),
    ("a machine's name before at", "yaml", "x: admin etcd-0@example", None),
    ("an address as a label", "yaml", "x: <K0>=three,<K1>=four", None),
    ("an image's tag beside a list", "yaml", "x: app:10.42.2.10", None),
    ("an image's tag in a list of images", "yaml", "x: app:10.42.2.10 web:10.42.2.11", None),
    ("a version behind a name", "yaml", "x: kafka-client:10.42.2.10", None),
    ("two versions", "yaml", "x: from app:10.42.2.10 to app:10.42.2.11", None),
    ("a domain name as a label", "yaml", "x: a.b.kafka-0=1", None),
]  # fmt: skip

LISTS: list[Row] = [
    ("comma list", "yaml", "x: <K0>:9092,<K1>:9092", "x: <k0>:9092,<k1>:9092"),
    ("comma list, blanks", "yaml", "x: <K0>:9092, <K1>:9092", "x: <k0>:9092, <k1>:9092"),
    ("semicolon list", "yaml", "x: <K0>:9092;<K1>:9092", "x: <k0>:9092;<k1>:9092"),
    ("blank list", "yaml", "x: <K0>:9092 <K1>:9092", "x: <k0>:9092 <k1>:9092"),
    ("bar list", "yaml", "x: <K0>:9092|<K1>:9092", "x: <k0>:9092|<k1>:9092"),
    ("list of strings", "yaml", "x: ['<K0>:9092', '<K1>:9092']", "x: ['<k0>:9092', '<k1>:9092']"),
    ("list of items", "yaml", "x:\n  - <K0>:9092\n  - <K1>:9092", "x:\n  - <k0>:9092\n  - <k1>:9092"),
    ("list and its port", "yaml", "c:\n  contactPoints: [<K0>, <K1>]\n  port: 9092", "c:\n  contactPoints: [<k0>, <k1>]\n  port: 9092"),
    ("block list and its port", "yaml", "c:\n  hosts:\n    - <K0>\n    - <K1>\n  port: 9092", "c:\n  hosts:\n    - <k0>\n    - <k1>\n  port: 9092"),
    ("port before the list", "yaml", "c:\n  port: 9200\n  hosts: [<E0>]", "c:\n  port: 9201\n  hosts: [<e>]"),
    ("one host in a list", "yaml", "c:\n  hosts:\n  - <R>\n  port: 6379", "c:\n  hosts:\n  - <r>\n  port: 6380"),
    ("hosts in one scalar", "yaml", "c:\n  hosts: <K0>,<K1>\n  port: 9092", "c:\n  hosts: <k0>,<k1>\n  port: 9092"),
    ("hosts in one scalar, the port maps", "yaml", "c:\n  hosts: <R>\n  port: 6379", "c:\n  hosts: <r>\n  port: 6380"),
    ("two hosts in one scalar, the port maps alike", "yaml", "c:\n  hosts: <R>,<R>\n  port: 6379", "c:\n  hosts: <r>,<r>\n  port: 6380"),
    ("two hosts in one scalar whose ports differ", "yaml", "c:\n  hosts: <R>,<W>\n  port: 6379", None),
    ("hosts and one port in the environment", "env", "ES_HOSTS=<E0>\nES_PORT=9200", "ES_HOSTS=<e>\nES_PORT=9201"),
    ("several hosts and one port in the environment", "env", "KAFKA_HOSTS=<K0>,<K1>\nKAFKA_PORT=9092", "KAFKA_HOSTS=<k0>,<k1>\nKAFKA_PORT=9092"),
    ("several hosts and one port in env items", "yaml", "env:\n- name: KAFKA_HOSTS\n  value: <K0>,<K1>\n- name: KAFKA_PORT\n  value: '9092'", "env:\n- name: KAFKA_HOSTS\n  value: <k0>,<k1>\n- name: KAFKA_PORT\n  value: '9092'"),
    ("TOML list and port", "toml", '[c]\nhosts = ["<R>"]\nport = 6379', '[c]\nhosts = ["<r>"]\nport = 6380'),
    ("TOML list over lines", "toml", '[c]\nhosts = [\n  "<K0>:9092",\n  "<K1>:9092",\n]', '[c]\nhosts = [\n  "<k0>:9092",\n  "<k1>:9092",\n]'),
    ("TOML list of URLs and a comment", "toml", 'urls = [ "http://<E0>:9200" ] # one', 'urls = [ "http://<e>:9201" ] # one'),
    ("JSON list and port", "json", '{"hosts": ["<R>"], "port": 6379}', '{"hosts": ["<r>"], "port": 6380}'),
    ("JSON list of objects", "json", '[{"host": "<R>", "port": 6379}, {"host": "<D>", "port": 5432}]', '[{"host": "<r>", "port": 6380}, {"host": "<d>", "port": 5432}]'),
    ("Python list and port", "py", "c = Cluster(contact_points=['<R>'], port=6379)", "c = Cluster(contact_points=['<r>'], port=6380)"),
    ("Python tuple and port", "py", "c = Cluster(contact_points=('<R>',), port=6379)", "c = Cluster(contact_points=('<r>',), port=6380)"),
    ("Python list and port, others between", "py", "c = Cluster(contact_points=['<R>'], timeout=1, port=6379)", "c = Cluster(contact_points=['<r>'], timeout=1, port=6380)"),
    ("Python list first, then the port", "py", "c = MongoClient(['<R>'], 6379)", "c = MongoClient(['<r>'], 6380)"),
    ("Python list first, port by keyword", "py", "c = MongoClient(['<R>'], port=6379)", "c = MongoClient(['<r>'], port=6380)"),
    ("Python several first, then the port", "py", "c = MongoClient(['<K0>', '<K1>'], 9092)", "c = MongoClient(['<k0>', '<k1>'], 9092)"),
    ("Python list of pairs as strings", "py", "N = ['<K0>:9092', '<K1>:9092']", "N = ['<k0>:9092', '<k1>:9092']"),
    ("Python list of tuples", "py", "S = [('<R>', 6379), ('<W>', 8080)]", "S = [('<r>', 6380), ('<w>', 80)]"),
    ("Python list of lists", "py", "S = [['<R>', 6379], ['<W>', 8080]]", "S = [['<r>', 6380], ['<w>', 80]]"),
    ("Python hosts split", "py", "H = '<K0>,<K1>'.split(',')", "H = '<k0>,<k1>'.split(',')"),
    ("Python port as a string", "py", "c = connect('<R>', '6379')", "c = connect('<r>', '6380')"),
    ("one port for several hosts, of which one is unknown", "yaml", "c:\n  hosts: [<R>, 10.42.9.9]\n  port: 6379", None),
    ("one port for hosts whose new ports differ", "yaml", "c:\n  hosts: [<R>, <W>]\n  port: 6379", None),
    ("a list without a port", "yaml", "c:\n  hosts: [<R>, <W>]", None),
    ("a list beside another's port", "yaml", "c:\n  hosts: [<R>]\n  metrics_port: 6379", None),
    ("a list beside two ports", "yaml", "c:\n  hosts: [<R>]\n  a_port: 6379\n  b_port: 6379", None),
    ("a list and the port of another mapping", "yaml", "c:\n  hosts: [<R>]\nd:\n  port: 6379", None),
    ("a port behind another list", "py", "c = f(['<R>'], [6379])", None),
    ("a number that is no port", "py", "c = MongoClient(['<R>'], 0)", None),
    ("a set-typed list of an object", "yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec:\n  externalIPs: [<E0>, <E1>]", None),
    ("a list of an object that would hold one name twice", "yaml", "apiVersion: example.io/v1\nkind: Thing\nmetadata: {name: x}\nspec:\n  targets:\n  - <E0>:9200\n  - <E1>:9200", None),
    ("a list of an object, each its own name", "yaml", "apiVersion: example.io/v1\nkind: Thing\nmetadata: {name: x}\nspec:\n  targets:\n  - <K0>:9092\n  - <K1>:9092", "apiVersion: example.io/v1\nkind: Thing\nmetadata: {name: x}\nspec:\n  targets:\n  - <k0>:9092\n  - <k1>:9092"),
    ("a list of an object, of different Services", "yaml", "apiVersion: example.io/v1\nkind: Thing\nmetadata: {name: x}\nspec:\n  targets:\n  - <E0>:9200\n  - <D>:5432", "apiVersion: example.io/v1\nkind: Thing\nmetadata: {name: x}\nspec:\n  targets:\n  - es.shop.svc.cluster.local:9201\n  - db.shop.svc.cluster.local:5432"),
]  # fmt: skip

NEIGHBOURS: list[Row] = [
    ("host and port", "yaml", "db:\n  host: <R>\n  port: 6379", "db:\n  host: <r>\n  port: 6380"),
    ("port as a string", "yaml", "db:\n  host: <R>\n  port: '6379'", "db:\n  host: <r>\n  port: '6380'"),
    ("PGHOST and PGPORT", "env", "PGHOST=<R>\nPGPORT=6379", "PGHOST=<r>\nPGPORT=6380"),
    ("PGHOST and PGPORT in YAML", "yaml", "PGHOST: <R>\nPGPORT: 6379", "PGHOST: <r>\nPGPORT: 6380"),
    ("PGHOST and PGPORT in env items", "yaml", "env:\n- {name: PGHOST, value: <R>}\n- {name: PGPORT, value: '6379'}", "env:\n- {name: PGHOST, value: <r>}\n- {name: PGPORT, value: '6380'}"),
    ("DBHOST and DBPORT", "env", "DBHOST=<R>\nDBPORT=6379", "DBHOST=<r>\nDBPORT=6380"),
    ("REDISHOST and REDISPORT", "env", "REDISHOST=<R>\nREDISPORT=6379\nWEBPORT=8080", "REDISHOST=<r>\nREDISPORT=6380\nWEBPORT=8080"),
    ("MYSQLHOST, dotenv with export", "env", "export MYSQLHOST=<R>\nexport MYSQLPORT=6379", "export MYSQLHOST=<r>\nexport MYSQLPORT=6380"),
    ("dbhost in lower case", "yaml", "dbhost: <R>\ndbport: 6379", "dbhost: <r>\ndbport: 6380"),
    ("PGHOSTADDR", "env", "PGHOST=<R>\nPGPORT=6379\nPGUSER=x", "PGHOST=<r>\nPGPORT=6380\nPGUSER=x"),
    ("PGHOST in Python", "py", "PGHOST = '<R>'\nPGPORT = 6379", "PGHOST = '<r>'\nPGPORT = 6380"),
    ("env items HOST and PORT", "yaml", "env:\n- name: DB_HOST\n  value: <R>\n- name: DB_PORT\n  value: '6379'", "env:\n- name: DB_HOST\n  value: <r>\n- name: DB_PORT\n  value: '6380'"),
    ("env items with others between", "yaml", "env:\n- name: DB_HOST\n  value: <R>\n- name: DB_USER\n  value: x\n- name: DB_PORT\n  value: '6379'", "env:\n- name: DB_HOST\n  value: <r>\n- name: DB_USER\n  value: x\n- name: DB_PORT\n  value: '6380'"),
    ("properties with blanks", "properties", "spring.redis.host = <R>\nspring.redis.port = 6379", "spring.redis.host = <r>\nspring.redis.port = 6380"),
    ("properties", "properties", "redis.host=<R>\nredis.port=6379", "redis.host=<r>\nredis.port=6380"),
    ("properties, the port first", "properties", "redis.port=6379\nredis.host=<R>", "redis.port=6380\nredis.host=<r>"),
    ("relaxed binding", "yaml", "spring:\n  redis-host: <R>\n  redisPort: 6379", "spring:\n  redis-host: <r>\n  redisPort: 6380"),
    ("INI section", "ini", "[redis]\nhost = <R>\nport = 6379", "[redis]\nhost = <r>\nport = 6380"),
    ("TOML table", "toml", '[redis]\nhost = "<R>"\nport = 6379', '[redis]\nhost = "<r>"\nport = 6380'),
    ("TOML inline table", "toml", 'redis = { host = "<R>", port = 6379 }', 'redis = { host = "<r>", port = 6380 }'),
    ("HCL block", "tf", "locals {\n  host = \"x\"\n}", None),
    ("HCL block, Nomad", "conf", 'redis {\n  host = "<R>"\n  port = 6379\n}', 'redis {\n  host = "<r>"\n  port = 6380\n}'),
    ("HCL block on one line", "conf", 'redis { host = "<R>", port = 6379 }', 'redis { host = "<r>", port = 6380 }'),
    ("JSON siblings", "json", '{"db": {"host": "<R>", "port": 6379}}', '{"db": {"host": "<r>", "port": 6380}}'),
    ("JSON, the port as a string", "json", '{"db": {"host": "<R>", "port": "6379"}}', '{"db": {"host": "<r>", "port": "6380"}}'),
    ("XML is read only on request", "xml", '<redis host="<R>" port="6379"/>', None),
    ("fluentd block", "conf", "<match **>\n  @type forward\n  <server>\n    name one\n    host <A>\n    port 24224\n    weight 60\n  </server>\n</match>", "<match **>\n  @type forward\n  <server>\n    name one\n    host <a>\n    port 24225\n    weight 60\n  </server>\n</match>"),
    ("fluent-bit output", "conf", "[OUTPUT]\n    Name    es\n    Match   kube.*\n    Host    <E0>\n    Port    9200", "[OUTPUT]\n    Name    es\n    Match   kube.*\n    Host    <e>\n    Port    9201"),
    ("fluent-bit, the port first", "conf", "[OUTPUT]\n    Name    forward\n    Port    24224\n    Host    <A>", "[OUTPUT]\n    Name    forward\n    Port    24225\n    Host    <a>"),
    ("two fluent-bit outputs", "conf", "[OUTPUT]\n    Host    <A>\n    Port    24224\n[OUTPUT]\n    Host    <E0>\n    Port    9200", "[OUTPUT]\n    Host    <a>\n    Port    24225\n[OUTPUT]\n    Host    <e>\n    Port    9201"),
    ("logstash output on one line", "conf", 'output { tcp { host => "<A>" port => 24224 } }', 'output { tcp { host => "<a>" port => 24225 } }'),
    ("logstash, the port first", "conf", 'output { tcp { port => 24224 host => "<A>" } }', 'output { tcp { port => 24225 host => "<a>" } }'),
    ("logstash, others between", "conf", 'output { tcp { host => "<A>" codec => json port => 24224 } }', 'output { tcp { host => "<a>" codec => json port => 24225 } }'),
    ("logstash over lines", "conf", 'output {\n  tcp {\n    host => "<A>"\n    port => 24224\n  }\n}', 'output {\n  tcp {\n    host => "<a>"\n    port => 24225\n  }\n}'),
    ("two logstash outputs on one line", "conf", 'output { tcp { host => "<A>" port => 24224 } redis { host => "<R>" port => 6379 } }', 'output { tcp { host => "<a>" port => 24225 } redis { host => "<r>" port => 6380 } }'),
    ("logstash hosts", "conf", 'output { elasticsearch { hosts => ["<E0>:9200"] index => "x" } }', 'output { elasticsearch { hosts => ["<e>:9201"] index => "x" } }'),
    ("beats in JSON flow", "yaml", 'output.elasticsearch.hosts: ["<E0>:9200"]', 'output.elasticsearch.hosts: ["<e>:9201"]'),
    ("beats kibana", "yaml", 'setup.kibana:\n  host: "<E0>:9200"', 'setup.kibana:\n  host: "<e>:9201"'),
    ("vector sink", "toml", '[sinks.es]\ntype = "elasticsearch"\nendpoints = ["http://<E0>:9200"]', '[sinks.es]\ntype = "elasticsearch"\nendpoints = ["http://<e>:9201"]'),
    ("dict entries in Python", "py", "D = {'host': '<R>', 'port': 6379}", "D = {'host': '<r>', 'port': 6380}"),
    ("getenv defaults without a separator", "py", "import os\nH = os.environ.get('PGHOST', '<R>')\nP = os.environ.get('PGPORT', '6379')", "import os\nH = os.environ.get('PGHOST', '<r>')\nP = os.environ.get('PGPORT', '6380')"),
    ("a host and the web's port", "yaml", "REDISHOST: <R>\nWEBPORT: 6379", None),
    ("PGHOST beside MYSQLPORT", "env", "PGHOST=<R>\nMYSQLPORT=6379", None),
    ("a host beside a transport", "yaml", "redis_host: <R>\ntransport: 6379", None),
    ("a word that ends in port", "env", "REDISHOST=<R>\nREDISSUPPORT=6379", None),
    ("a word that ends in host", "yaml", "ghost: <R>\ngport: 6379", None),
    ("localhost is no host of l", "yaml", "localhost: <R>\nlocalport: 1", None),
    ("a port of another section", "ini", "[a]\nhost = <R>\n[b]\nport = 6379", None),
    ("a port of another block", "conf", 'a {\n  host = "<R>"\n}\nb {\n  port = 6379\n}', None),
    ("a port in a block of its own on one line", "conf", 'output { tcp { host => "<R>" } udp { port => 6379 } }', None),
    ("a port of 0", "yaml", "host: <R>\nport: 0", None),
    ("a port that fits nothing", "yaml", "host: <R>\nport: 7777", None),
    ("a port with a zero before it", "env", "R_HOST=<R>\nR_PORT=06379", None),
    ("no port, the Service maps", "yaml", "redis: {host: <R>}", None),
    ("no port, the Service does not map", "yaml", "db: {host: <D>}", "db: {host: <d>}"),
    ("no port, a pod of one of several names", "yaml", "broker: {host: <K0>}", "broker: {host: <k0>}"),
]  # fmt: skip

COMMANDS: list[Row] = [
    ("flags apart", "sh", "redis-cli -h <R> -p 6379 ping", "redis-cli -h <r> -p 6380 ping"),
    ("flags apart, the port first", "sh", "redis-cli -p 6379 -h <R> ping", "redis-cli -p 6380 -h <r> ping"),
    ("flags glued", "sh", "mysql -h<R> -P6379 -u x", "mysql -h<r> -P6380 -u x"),
    ("long flags", "sh", "psql --host=<R> --port=6379", "psql --host=<r> --port=6380"),
    ("long flags apart", "sh", "app --redis-host <R> --redis-port 6379", "app --redis-host <r> --redis-port 6380"),
    ("a flag with the port", "yaml", "args: [--redis=<R>:6379]", "args: [--redis=<r>:6380]"),
    ("flags as items", "yaml", "args: ['-h', <R>, '-p', '6379']", "args: ['-h', <r>, '-p', '6380']"),
    ("flags as items in a block", "yaml", "args:\n- --redis-host\n- <R>\n- --redis-port\n- '6379'", "args:\n- --redis-host\n- <r>\n- --redis-port\n- '6380'"),
    ("flags as items with signs", "yaml", "args:\n- --redis-host=<R>\n- --redis-port=6379", "args:\n- --redis-host=<r>\n- --redis-port=6380"),
    ("nc", "sh", "until nc -z <R> 6379; do sleep 1; done", "until nc -z <r> 6380; do sleep 1; done"),
    ("nc with a timeout", "sh", "nc -w 5 -z <R> 6379", "nc -w 5 -z <r> 6380"),
    ("nc as items", "yaml", 'command: ["nc", "-z", "<R>", "6379"]', 'command: ["nc", "-z", "<r>", "6380"]'),
    ("nc as items, the port a number", "yaml", "command: [nc, -z, <R>, 6379]", "command: [nc, -z, <r>, 6380]"),
    ("nc as items without a flag", "yaml", "command: [nc, <R>, '6379']", "command: [nc, <r>, '6380']"),
    ("nc as items with a timeout", "yaml", "command: [nc, -w, '5', <R>, '6379']", "command: [nc, -w, '5', <r>, '6380']"),
    ("nc as items in a block", "yaml", "command:\n- nc\n- -zv\n- <R>\n- '6379'", "command:\n- nc\n- -zv\n- <r>\n- '6380'"),
    ("nc in Python", "py", "import subprocess\nsubprocess.run(['nc', '-z', '<R>', '6379'])", "import subprocess\nsubprocess.run(['nc', '-z', '<r>', '6380'])"),
    ("telnet", "sh", "telnet <R> 6379", "telnet <r> 6380"),
    ("telnet as items", "json", '{"command": ["telnet", "<R>", "6379"]}', '{"command": ["telnet", "<r>", "6380"]}'),
    ("dev tcp", "sh", "echo > /dev/tcp/<R>/6379", "echo > /dev/tcp/<r>/6380"),
    ("wait-for-it", "sh", "./wait-for-it.sh <R>:6379 -t 30", "./wait-for-it.sh <r>:6380 -t 30"),
    ("replicaof", "conf", "replicaof <R> 6379", "replicaof <r> 6380"),
    ("replicaof of a server", "sh", "redis-server --replicaof <R> 6379", "redis-server --replicaof <r> 6380"),
    ("slaveof of a server", "sh", "redis-server --port 7000 --slaveof <R> 6379", "redis-server --port 7000 --slaveof <r> 6380"),
    ("replicaof as a client asks it", "sh", "redis-cli -p 7000 replicaof <R> 6379", "redis-cli -p 7000 replicaof <r> 6380"),
    ("replicaof as items", "yaml", "command: [redis-server, --replicaof, <R>, '6379']", "command: [redis-server, --replicaof, <r>, '6380']"),
    ("replicaof quoted", "sh", 'redis-server --replicaof "<R>" 6379', 'redis-server --replicaof "<r>" 6380'),
    ("replicaof, both quoted", "yaml", "command: redis-server --replicaof '<R> 6379'", "command: redis-server --replicaof '<r> 6380'"),
    ("cluster meet", "sh", "redis-cli -h x cluster meet <R> 6379", "redis-cli -h x cluster meet <r> 6380"),
    ("a shell line in YAML", "yaml", "command: [sh, -c, 'nc -z <R> 6379 && psql -h <D> -p 5432']", "command: [sh, -c, 'nc -z <r> 6380 && psql -h <d> -p 5432']"),
    ("a pipe", "sh", "nc -z <R> 6379 || curl http://<W>:8080/", "nc -z <r> 6380 || curl http://<w>:80/"),
    ("a default in a shell", "sh", "HOST=${HOST:-<R>:6379}", "HOST=${HOST:-<r>:6380}"),
    ("defaults of host and port", "sh", "REDIS_HOST=${REDIS_HOST:-<R>}\nREDIS_PORT=${REDIS_PORT:-6379}", "REDIS_HOST=${REDIS_HOST:-<r>}\nREDIS_PORT=${REDIS_PORT:-6380}"),
    ("a default of Spring", "yaml", "addr: ${NACOS:<R>:6379}", "addr: ${NACOS:<r>:6380}"),
    ("a word and a count behind a host", "sh", "ping -c 3 <R> 6379", None),
    ("a number behind a host in text", "conf", "retries <R> 6379", None),
    ("a range of ports", "sh", "nc -z <R> 6379-6390", None),
    ("a port that is open", "sh", "nc -z <R> $PORT", None),
    ("a port of another command", "sh", "nc -z <R> && app -p 6379", None),
    ("a number of another kind", "yaml", "args: [--weight, '5', <R>]", None),
    ("two flags for ports", "sh", "app --redis-host <R> --a-port 6379 --b-port 6379", None),
]  # fmt: skip

SPECIAL: list[Row] = [
    ("two ports of a peer", "yaml", "s: <Z0>:2888:3888,<Z1>:2888:3888", "s: <z0>:2888:3888,<z1>:2888:3888"),
    ("peers in a properties file", "properties", "server.1=<Z0>:2888:3888\nserver.2=<Z1>:2888:3888", "server.1=<z0>:2888:3888\nserver.2=<z1>:2888:3888"),
    ("a peer with its client port", "properties", "server.1=<Z0>:2888:3888;2181", "server.1=<z0>:2888:3888;2181"),
    ("a peer with its role", "properties", "server.1=<Z0>:2888:3888:participant", "server.1=<z0>:2888:3888:participant"),
    ("chroot", "yaml", "z: <Z0>:2181,<Z1>:2181/kafka", "z: <z0>:2181,<z1>:2181/kafka"),
    ("chroot of one", "yaml", "z: <S>:2181/kafka", "z: <s>:2181/kafka"),
    ("two ports of which the first moves", "yaml", "s: <S>:2888:3888", "s: <s>:12888:3888"),
    ("two ports of which the second would have to move", "yaml", "s: <S>:3888:2888", None),
    ("two ports that stay", "yaml", "s: <S>:2181:3888", "s: <s>:2181:3888"),
    ("a stateful server with a health check's own port", "cfg", "backend b\n  server a <K0>:9092 maxconn 9 check port 9093\n  server b <K1>:9092 check port 9093 backup", "backend b\n  server a <k0>:9092 maxconn 9 check port 9093\n  server b <k1>:9092 check port 9093 backup"),
    ("a server whose check's port stays", "cfg", "backend b\n  server a <S>:2888 check port 3888", "backend b\n  server a <s>:12888 check port 3888"),
    ("a server whose check's port would have to move", "cfg", "backend b\n  server a <S>:3888 check port 2888", None),
    ("a server whose check's port the Service lacks", "cfg", "backend b\n  server a <W>:8080 check port 9000", None),
    ("a server with a check", "cfg", "backend b\n  server a <W>:8080 check", "backend b\n  server a <w>:80 check"),
    ("mongodb hosts", "py", "U = 'mongodb://<K0>:9092,<K1>:9092/db?replicaSet=rs0'", "U = 'mongodb://<k0>:9092,<k1>:9092/db?replicaSet=rs0'"),
    ("mongodb hosts and user", "yaml", "u: mongodb://u:p@<K0>:9092,<K1>:9092/db", "u: mongodb://u:p@<k0>:9092,<k1>:9092/db"),
    ("jdbc", "yaml", "u: jdbc:postgresql://<D>:5432/x?a=b", "u: jdbc:postgresql://<d>:5432/x?a=b"),
    ("jdbc list", "yaml", "u: jdbc:postgresql://<D>:5432,<D>:5432/x", "u: jdbc:postgresql://<d>:5432,<d>:5432/x"),
    ("jdbc replication", "yaml", "u: jdbc:mysql:replication://<R>:6379,<R>:6379/x", "u: jdbc:mysql:replication://<r>:6380,<r>:6380/x"),
    ("jdbc loadbalance", "yaml", "u: jdbc:mysql:loadbalance://<R>:6379/x", "u: jdbc:mysql:loadbalance://<r>:6380/x"),
    ("jdbc oracle thin", "yaml", "u: jdbc:oracle:thin:@<R>:6379:ORCL", "u: jdbc:oracle:thin:@<r>:6380:ORCL"),
    ("jdbc oracle service", "yaml", "u: jdbc:oracle:thin:@//<R>:6379/ORCL", "u: jdbc:oracle:thin:@//<r>:6380/ORCL"),
    ("oracle description", "yaml", "u: (DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=<R>)(PORT=6379))(CONNECT_DATA=(SID=x)))", "u: (DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=<r>)(PORT=6380))(CONNECT_DATA=(SID=x)))"),
    ("oracle description, two addresses", "yaml", "u: (ADDRESS=(HOST=<R>)(PORT=6379))(ADDRESS=(HOST=<D>)(PORT=5432))", "u: (ADDRESS=(HOST=<r>)(PORT=6380))(ADDRESS=(HOST=<d>)(PORT=5432))"),
    ("oracle description with blanks", "ora", "X = (DESCRIPTION = (ADDRESS = (PROTOCOL = TCP)(HOST = <R>)(PORT = 6379)))", None),
    ("sql server", "yaml", "u: Server=<R>,6379;Database=x", "u: Server=<r>,6380;Database=x"),
    ("sql server, tcp", "yaml", "u: Server=tcp:<R>,6379;Database=x", "u: Server=tcp:<r>,6380;Database=x"),
    ("sql server, data source", "yaml", "u: Data Source=<R>,6379;Initial Catalog=x", "u: Data Source=<r>,6380;Initial Catalog=x"),
    ("npgsql", "yaml", "u: Host=<R>;Port=6379;Database=x", "u: Host=<r>;Port=6380;Database=x"),
    ("libpq", "yaml", "u: host=<R> port=6379 dbname=x", "u: host=<r> port=6380 dbname=x"),
    ("libpq lists", "yaml", "u: host=<K0>,<K1> port=9092,9092 dbname=x", "u: host=<k0>,<k1> port=9092,9092 dbname=x"),
    ("libpq, one port for two", "yaml", "u: host=<K0>,<K1> port=9092", "u: host=<k0>,<k1> port=9092"),
    ("Go's tcp", "yaml", "u: u:p@tcp(<R>:6379)/x", "u: u:p@tcp(<r>:6380)/x"),
    ("gRPC ipv4", "py", "T = 'ipv4:<W>:8080'", "T = 'dns:///<w>:80'"),
    ("gRPC dns", "py", "T = 'dns:///<W>:8080'", "T = 'dns:///<w>:80'"),
    ("gRPC ipv6", "py", "T = 'ipv6:[<W6>]:8080'", "T = 'dns:///<w>:80'"),
    ("gRPC list", "py", "T = 'ipv4:<K0>:9092,<K1>:9092'", None),
    ("nested scheme", "yaml", "u: postgresql+asyncpg://<D>/x", "u: postgresql+asyncpg://<d>/x"),
    ("tcp scheme", "yaml", "u: tcp://<R>:6379", "u: tcp://<r>:6380"),
    ("IPv6 pair", "yaml", 'u: "[<W6>]:8080"', 'u: "<w>:80"'),
    ("IPv6 URL", "yaml", "u: http://[<W6>]:8080/x", "u: http://<w>:80/x"),
    ("IPv6 DSN", "yaml", "u: host=<W6> port=8080", "u: host=<w> port=80"),
    ("IPv6 siblings", "yaml", "a:\n  host: '<W6>'\n  port: 8080", "a:\n  host: '<w>'\n  port: 80"),
    ("IPv6 list", "yaml", 'u: "[<W6>]:8080,[<W6>]:8080"', 'u: "<w>:80,<w>:80"'),
    ("IPv6 with a label", "yaml", 'u: "a=http://[<W6>]:8080,b=http://[<W6>]:8080"', 'u: "a=http://<w>:80,b=http://<w>:80"'),
    ("IPv6 flag", "sh", "curl --host [<W6>]:8080", "curl --host <w>:80"),
    ("nc and IPv6", "sh", "nc -z <W6> 8080", "nc -z <w> 80"),
    ("pod record", "yaml", "u: http://<WD>.shop.pod.cluster.local:8080", "u: http://<w>:80"),
    ("pod record of a Service", "yaml", "u: <WD>.web.shop.svc.cluster.local:8080", "u: <w>:80"),
    ("pod record in another namespace", "yaml", "u: http://<WD>.other.pod.cluster.local:8080", None),
    ("a pod's name", "yaml", "u: http://kafka-0:9092", "u: http://<k0>:9092"),
    ("a node's name without a nodePort", "yaml", "u: http://worker-1:9092", None),
    ("URL without a port, the Service maps", "yaml", "u: http://<W>/x", None),
    ("URL of the cluster IP", "yaml", "u: http://<C>/x", "u: http://<w>/x"),
    ("the scheme decides: http", "yaml", "u: http://<T>:8333/x", "u: http://<t>:80/x"),
    ("the scheme decides: https", "yaml", "u: https://<T>:8333/x", "u: https://<t>:443/x"),
    ("nothing decides between two ports", "yaml", "u: <T>:8333", None),
    ("two eureka URLs", "yaml", "u: http://u:p@<W>:8080/eureka/,http://<W>:8080/eureka/", "u: http://u:p@<w>:80/eureka/,http://<w>:80/eureka/"),
    ("a loopback in a list", "yaml", "u: 127.0.0.1:9092", None),
    ("a CIDR", "yaml", "u: <W>/32", None),
    ("a version", "yaml", "version: <W>", None),
    ("a netmask", "yaml", "u: 255.255.255.0", None),
    ("a range", "yaml", "u: <K0>-<K2>", None),
    ("a comment", "yaml", "u: x # <W>:8080", None),
    ("a comment in text", "conf", "# <W>:8080", None),
    ("a marked line", "yaml", "u: http://<W>:8080 # refactor: ignore", None),
    ("a bad port", "yaml", "u: <W>:80a", None),
    ("a port out of range", "yaml", "u: <W>:99999", None),
    ("a port that nothing declares", "yaml", "u: <W>:7777", None),
    ("user info with the address in it", "yaml", "u: http://<W>@example.com/", None),
    ("a name in text that is no host", "conf", "comment about kafka-0 here", None),
    ("a key that is a machine's name", "yaml", "kafka-0: 1", None),
    ("a name alone under a key that says no host", "yaml", "pod: kafka-0", None),
]  # fmt: skip

STAYS: list[Row] = [
    ("the host's last octet is open", "py", "U = f'http://10.42.1.{n}:8080'", None),
    ("a port that is open and maps", "py", "U = f'http://<W>:{port}'", None),
    ("a host and a port behind a name that is no port", "py", "c = connect('<R>', weight=6379)", None),
    ("a list and a number of another call", "py", "c = f(['<R>'])\nd = g(6379)", None),
    ("two lists before a number", "py", "c = f(['<R>'], ['x'], g(6379))", None),
    ("a string beside a host, no port", "py", "c = connect('<R>', 'x')", None),
    ("a port out of range as a string", "py", "c = connect('<R>', '70000')", None),
    ("a tuple whose number fits nothing", "py", "S = ('<R>', 7777)", None),
    ("two items that are no pair", "yaml", "x: [<R>, abc, '6379']", None),
    ("three hosts of three Services and one port", "yaml", "c:\n  hosts: [<R>, <W>, <E0>]\n  port: 6379", None),
    ("one port for a host and a name", "yaml", "c:\n  hosts: [<R>, redis.example.com]\n  port: 6379", None),
    ("one port for a host and a public address", "yaml", "c:\n  hosts: [<R>, 8.8.8.8]\n  port: 6379", None),
    ("one port for a host and a public address in one scalar", "yaml", "c:\n  hosts: <R>,8.8.8.8\n  port: 6379", None),
    ("hosts in one scalar without a port", "yaml", "hosts: <R>,<W>", None),
    ("hosts in one scalar, a CIDR among them", "yaml", "c:\n  hosts: <R>/32,<W>/32\n  port: 6379", None),
    ("hosts in one scalar, two ports beside them", "yaml", "c:\n  hosts: <R>\n  a_port: 6379\n  b_port: 6380", None),
    ("a word behind the host that is no port", "sh", "nc -z <R> redis", None),
    ("a port before the host", "sh", "nc -l 6379 <R>", None),
    ("a host in prose", "conf", "see <R> for 6379", None),
    ("a slave that is no word of its own", "conf", "xreplicaof <R> 6379", None),
    ("meet that is no cluster's", "conf", "meet <R> 6379", None),
    ("a server line without a check", "cfg", "backend b\n  server a <W>:9000 port 8080", None),
    ("a data centre's list of CIDRs", "yaml", "x: dc1:<K0>/32,<K1>/32", None),
    ("an image with a version and a digest", "yaml", "x: app:10.42.2.10@sha256:00", None),
    ("a label whose value is a version", "yaml", "x: app=1.2.3.4,etcd-0=1.2.3.5", None),
    ("a label and no address", "env", "WEIGHTS=kafka-0=1;kafka-1=2", None),
    ("a key of a dict that is an address", "py", "W = {'<R>': 1}", None),
    ("an address of the documentation", "yaml", "x: 192.0.2.1:6379", None),
    ("an unspecified address", "yaml", "x: 0.0.0.0:6379", None),
    ("an address that nothing owns", "yaml", "x: 10.42.200.1:6379", None),
    ("bare host under a key of a protocol that maps", "yaml", "REDIS_HOST: <R>", None),
    ("bare host of a pod with two ports that map", "yaml", "AGG_HOST: <A>", None),
    ("IPv6 loopback", "yaml", "x: '[::1]:8080'", None),
    ("IPv6 that maps, without a port", "yaml", "x: '<W6>'", None),
    ("a MAC", "yaml", "x: 00:11:22:33:44:55", None),
    ("a clock", "yaml", "x: 10:42:01", None),
]  # fmt: skip

FORMS = [*LABELS, *LISTS, *NEIGHBOURS, *COMMANDS, *SPECIAL, *STAYS]


def filled(text: str) -> str:
    for name, value in HERE.items():
        text = text.replace(f"<{name}>", value)
    return text + "\n"


def planned(
    root: Path, files: Mapping[str, str], inventory: Inventory, settings: Settings
) -> dict[str, str]:
    """Return the files of a repository as its plan would leave them."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    plan = make_plan(PlanJob(root, [root], settings, Environments(settings, {"": inventory})))
    after = dict(files)
    for change in plan.changes:
        after[change.path] = splice(files[change.path], [(*e.span, e.new) for e in change.edits])
    return after


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """All rows, planned at once: a file and a directory each."""
    files = {f"{n}/app.{row[1]}": filled(row[2]) for n, row in enumerate(FORMS)}
    return planned(tmp_path_factory.mktemp("forms"), files, CLUSTER, Settings(namespace="shop"))


@pytest.mark.parametrize("number", range(len(FORMS)), ids=[f"{row[0]}-{row[1]}" for row in FORMS])
def test_form(after: dict[str, str], number: int) -> None:
    _, suffix, before, expected = FORMS[number]

    assert after[f"{number}/app.{suffix}"] == filled(before if expected is None else expected)


def test_a_third_of_the_forms_stays_as_it_is() -> None:
    assert len(FORMS) >= 240
    assert sum(row[3] is None for row in FORMS) >= len(FORMS) * 0.35
