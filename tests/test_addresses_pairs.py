"""docs/semantics.md, section 1: a port apart from its host in one text, and names of the inventory.

Addresses are shown as in `test_addresses`. A wrong port is worse than none.
"""

from __future__ import annotations

import pytest

from refactor.addresses import find, wanted
from refactor.text.view import HOLE
from tests.test_addresses import shown

PAIRED: dict[str, tuple[str, list[str]]] = {
    # key=value DSNs
    "libpq": ("host=10.0.4.17 port=5432 dbname=x", ["10.0.4.17 5432 - dsn live"]),
    "libpq, port first": ("port=5432 host=10.0.4.17", ["10.0.4.17 5432 - dsn live"]),
    "libpq, quoted": ("host='10.0.4.17' port='5432'", ["10.0.4.17 5432 - dsn live"]),
    "libpq, hostaddr": ("host=db hostaddr=10.0.4.17 port=5432", ["10.0.4.17 5432 - dsn live"]),
    "libpq, host and hostaddr": (
        "host=10.0.4.17 hostaddr=10.0.4.17 port=5432",
        ["10.0.4.17 5432 - dsn live", "10.0.4.17 5432 - dsn live"],
    ),
    "libpq, one port for several hosts": (
        "host=10.0.4.1,10.0.4.2 port=5432",
        ["10.0.4.1 5432 - dsn live", "10.0.4.2 5432 - dsn live"],
    ),
    "libpq, a port for each host": (
        "host=10.0.4.1,10.0.4.2 port=5432,5433",
        ["10.0.4.1 5432 - dsn live", "10.0.4.2 5433 - dsn live"],
    ),
    "libpq, fewer ports than hosts": (
        "host=10.0.4.1,10.0.4.2,10.0.4.3 port=1,2",
        ["10.0.4.1 - - dsn live", "10.0.4.2 - - dsn live", "10.0.4.3 - - dsn live"],
    ),
    "libpq, IPv6": ("host=fd00:10::17 port=5432", ["fd00:10::17 5432 - dsn live"]),
    "libpq in a URL's query": ("postgresql:///db?host=10.0.4.17&port=5432", ["10.0.4.17 5432 - dsn live"]),
    "libpq, no port": ("host=10.0.4.17 dbname=x", ["10.0.4.17 - - dsn live"]),
    "libpq, port at run time": (f"host=10.0.4.17 port={HOLE}", ["10.0.4.17 - - dsn live"]),
    "ADO, port behind a comma": ("Server=10.0.4.17,1433;Database=x", ["10.0.4.17 1433 - dsn live"]),
    "ADO, comma and blank": ("Server = 10.0.4.17, 1433; Database=x", ["10.0.4.17 1433 - dsn live"]),
    "ADO, transport": ("Data Source=tcp:10.0.4.17,1433", ["10.0.4.17 1433 - dsn live"]),
    "ADO, instance": ("Server=10.0.4.17\\SQL,1433;", ["10.0.4.17 1433 - dsn live"]),
    "ADO, port of its own": ("Host=10.0.4.17;Port=5432;Database=x", ["10.0.4.17 5432 - dsn live"]),
    "ADO, port behind a colon": ("Server=10.0.4.17:3306;Uid=x", ["10.0.4.17 3306 - dsn live"]),
    "ADO, IPv6": ("Server=[fd00::17],1433", ["[fd00::17] 1433 - dsn live"]),
    "JDBC properties": ("jdbc:sqlserver://;serverName=10.0.4.17;portNumber=1433", ["10.0.4.17 1433 - dsn live"]),
    "Oracle": ("(HOST=10.0.4.17)(PORT=1521)", ["10.0.4.17 1521 - dsn live"]),
    "Oracle, blanks": (
        "(DESCRIPTION = (ADDRESS = (PROTOCOL = TCP)(HOST = 10.0.4.17)(PORT = 1521)))",
        ["10.0.4.17 1521 - dsn live"],
    ),
    "Oracle, several": (
        "jdbc:oracle:thin:@(ADDRESS=(HOST=10.0.4.1)(PORT=1521))(ADDRESS=(HOST=10.0.4.2)(PORT=1522))",
        ["10.0.4.1 1521 - dsn live", "10.0.4.2 1522 - dsn live"],
    ),
    "two DSNs, one port": (
        "host=10.0.4.1 dbname=x host=10.0.4.2 port=5432",
        ["10.0.4.1 - - dsn live", "10.0.4.2 5432 - dsn live"],
    ),
    "two DSNs, port first": (
        "port=1 host=10.0.4.1 port=2 host=10.0.4.2",
        ["10.0.4.1 1 - dsn live", "10.0.4.2 2 - dsn live"],
    ),
    "a port on either side": ("port=1 host=10.0.4.1 port=2", ["10.0.4.1 - - dsn live"]),
    "another program's port": ("host=10.0.4.1 proxy_port=3128", ["10.0.4.1 - - dsn live"]),
    "port on another line": ("host=10.0.4.1\nport=80", ["10.0.4.1 - - dsn live"]),
    "port out of range": ("host=10.0.4.1 port=99999", ["10.0.4.1 - - dsn bad-port"]),
    "its own port wins": ("host=10.0.4.1:81 port=80", ["10.0.4.1 81 - dsn live"]),
    "an open port is its own": (f"host=10.0.4.1:{HOLE} port=80", ["10.0.4.1 ? - dsn live"]),
    "loopback in a DSN": ("host=127.0.0.1 port=80", ["127.0.0.1 80 - dsn loopback"]),
    "dotted key is no DSN": ("db.host=10.0.4.1 db.port=80", ["10.0.4.1 - - embedded live"]),
    "comparison is no DSN": ("host==10.0.4.1", ["10.0.4.1 - - embedded version"]),
    "URL in a DSN": ("host=http://10.0.4.1:80", ["10.0.4.1 80 http url live"]),
    # argument lists
    "short flags": ("psql -h 10.0.4.17 -p 5432", ["10.0.4.17 5432 - flag live"]),
    "short flags, port first": ("redis-cli -p 6379 -h 10.0.4.17 ping", ["10.0.4.17 6379 - flag live"]),
    "short flags, glued": ("mysql -h10.0.4.17 -P3306 -ppw", ["10.0.4.17 3306 - flag live"]),
    "short flag, glued, first": ("-h10.0.4.17", ["10.0.4.17 - - flag live"]),
    "long flags": ("--db-host 10.0.0.1 --db-port 5432", ["10.0.0.1 5432 - flag live"]),
    "long flags with =": ("--db-host=10.0.0.1 --db-port=5432", ["10.0.0.1 5432 - flag live"]),
    "long flags, quoted": ('--db-host="10.0.0.1" --db-port="5432"', ["10.0.0.1 5432 - flag live"]),
    "Java properties": ("java -Ddb.host=10.0.0.1 -Ddb.port=5432", ["10.0.0.1 5432 - flag live"]),
    "flag without the word host": ("--redis 10.0.0.1 --redis-port 6379", ["10.0.0.1 6379 - flag live"]),
    "flag with host:port": ("--redis=10.0.4.17:6379", ["10.0.4.17 6379 - flag live"]),
    "flag with host:port, open": ("--redis=10.0.4.17:$PORT", ["10.0.4.17 ? - flag live"]),
    "flag with a list": (
        "--brokers 10.0.0.1:9092,10.0.0.2:9092",
        ["10.0.0.1 9092 - flag live", "10.0.0.2 9092 - flag live"],
    ),
    "flag with user info": ("--target me@10.0.0.1:22", ["10.0.0.1 22 - flag live"]),
    "flag with a URL": ("--url=http://u:p@10.0.0.1:80/x", ["10.0.0.1 80 http url live"]),
    "flag with IPv6": ("--host fd00:10::1 --port 80", ["fd00:10::1 80 - flag live"]),
    "flag with a pod record": ("--host 10-0-0-1.a.pod --port 80", ["10-0-0-1.a.pod 80 - flag live"]),
    "flag with a shell default": ("--host=${H:-10.0.0.1} --port=80", ["10.0.0.1 80 - flag live"]),
    "items of a list": ('["db", "--db-host", "10.0.0.1", "--db-port", "5432"]', ["10.0.0.1 5432 - flag live"]),
    "items of a list, tight": ('["-h","10.0.0.1","-p","5432"]', ["10.0.0.1 5432 - flag live"]),
    "code in prose": ("(`--db-host 10.0.0.1 --db-port 80`)", ["10.0.0.1 80 - flag live"]),
    "continued line": ("x --host 10.0.0.1 \\\n  --port 80", ["10.0.0.1 80 - flag live"]),
    "two hosts, each with its port": (
        "--db-host 10.0.0.1 --mq-host 10.0.0.2 --mq-port 5672 --db-port 5432",
        ["10.0.0.1 5432 - flag live", "10.0.0.2 5672 - flag live"],
    ),
    "the only port beside a plain host": ("-h 10.0.0.1 --db-port 5432", ["10.0.0.1 5432 - flag live"]),
    "two commands": (
        "psql -h 10.0.0.1 -p 1 && psql -h 10.0.0.2 -p 2",
        ["10.0.0.1 1 - flag live", "10.0.0.2 2 - flag live"],
    ),
    "port of another command": ("psql -h 10.0.0.1; app -p 80", ["10.0.0.1 - - flag live"]),
    "port of another line": ("psql -h 10.0.0.1\napp -p 80", ["10.0.0.1 - - flag live"]),
    "the program's own port": ("--db-host 10.0.0.1 --port 80", ["10.0.0.1 - - flag live"]),
    "a port of another name": (
        "--db-host 10.0.0.1 --web-port 80 --mq-port 5672",
        ["10.0.0.1 - - flag live"],
    ),
    "only port, two plain hosts": (
        "-h 10.0.0.1 --host 10.0.0.2 --x-port 80",
        ["10.0.0.1 - - flag live", "10.0.0.2 - - flag live"],
    ),
    "a mapping of ports": ("-h 10.0.0.1 -p 80:8080", ["10.0.0.1 - - flag live"]),
    "a directory": ("-h 10.0.0.1 -p /data", ["10.0.0.1 - - flag live"]),
    "a flag without a value": ("--host --port 80 10.0.0.1", ["10.0.0.1 - - embedded live"]),
    "flag's port out of range": ("-h 10.0.0.1 -p 0", ["10.0.0.1 - - flag bad-port"]),
}  # fmt: skip

KNOWN = frozenset({"worker-3", "web-0", "lb-1.eu.elb.example.com", "ip-10-0-3-17.ec2.internal"})
NAMED: dict[str, tuple[str, list[str]]] = {
    "51 node name in a URL": ("http://worker-3:30080", ["worker-3 30080 http url live"]),
    "39 node host name": ("ip-10-0-3-17.ec2.internal:80", ["ip-10-0-3-17.ec2.internal 80 - pair live"]),
    "URL without a port": ("http://worker-3/x", ["worker-3 - http url live"]),
    "URL with user info": ("amqp://u:p@web-0:5672", ["web-0 5672 amqp url live"]),
    "URL of several hosts": ("mongodb://a:1,web-0:2/x", ["web-0 2 mongodb url live"]),
    "any letters' case": ("http://Worker-3:80", ["Worker-3 80 http url live"]),
    "host:port": ("worker-3:30080", ["worker-3 30080 - pair live"]),
    "host:port, open": (f"worker-3:{HOLE}", ["worker-3 ? - pair live"]),
    "host:port in a list": ("10.0.0.1:80,web-0:80", ["10.0.0.1 80 - pair live", "web-0 80 - pair live"]),
    "host:port in a text": ("ask (web-0:80)", ["web-0 80 - embedded live"]),
    "host:port behind @": ("1@web-0:9093", ["web-0 9093 - embedded live"]),
    "alone": ("worker-3", ["worker-3 - - bare live"]),
    "alone, blanks around": (" worker-3 ", ["worker-3 - - bare live"]),
    "DSN": ("host=web-0 port=5432", ["web-0 5432 - dsn live"]),
    "Go DSN": ("u:p@tcp(web-0:3306)/db", ["web-0 3306 - dsn live"]),
    "flag that says host": ("--db-host web-0 --db-port 5432", ["web-0 5432 - flag live"]),
    "flag with host:port": ("--redis web-0:6379", ["web-0 6379 - flag live"]),
    "shell default": ("http://${H:-web-0}:80/", ["web-0 80 http url live"]),
    "dotted, alone": ("lb-1.eu.elb.example.com", ["lb-1.eu.elb.example.com - - bare live"]),
    "dotted, in a text": ("to lb-1.eu.elb.example.com now", ["lb-1.eu.elb.example.com - - embedded live"]),
    "dotted, ends a sentence": ("to lb-1.eu.elb.example.com.", ["lb-1.eu.elb.example.com - - embedded live"]),
    "dotted, root dot": ("http://lb-1.eu.elb.example.com.:80", ["lb-1.eu.elb.example.com. 80 http url live"]),
    "dotted, root dot, alone": ("lb-1.eu.elb.example.com.", ["lb-1.eu.elb.example.com. - - bare live"]),
    # none
    "a word": ("the web-0 pod", []),
    "part of a name": ("http://worker-3.example.com:80 my-worker-3:80 worker-30:80", []),
    "part of a dotted name": ("x.lb-1.eu.elb.example.com lb-1.eu.elb.example.com.au", []),
    "with a hole": (f"http://web-0{HOLE}:80 {HOLE}web-0:80 web-0.{HOLE}:80", []),
    "a path": ("http://example.com/web-0", []),
    "an image": ("registry/web-0:80", []),
    "a tag": ("web-0:1.2.3 web-0:latest web-0:99999", []),
    "flag that says no host": ("--pod web-0", []),
    "a key": ("web-0: 80", []),
    "a target of make": ("web-0:", []),
    "a URL whose port is to come": ("http://web-0:", ["web-0 ? http url live"]),
    "user": ("http://web-0@example.com web-0@example.com", []),
    "password": ("http://u:web-0@example.com", []),
    "unknown": ("http://worker-4:80", []),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PAIRED.values(), ids=PAIRED)
def test_ports_apart(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(("text", "expected"), NAMED.values(), ids=NAMED)
def test_names_of_the_inventory(text: str, expected: list[str]) -> None:
    assert shown(text, KNOWN) == expected
    assert wanted(text, KNOWN) or not expected
    assert [a for a in find(text) if a.host.lower() in KNOWN] == []


def test_a_name_may_be_looked_up_in_any_container() -> None:
    class Wild:
        def __contains__(self, name: object) -> bool:
            return str(name).startswith("worker-")

    assert [address.host for address in find("http://worker-7:80", names=Wild())] == ["worker-7"]
