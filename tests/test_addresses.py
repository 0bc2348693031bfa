"""The forms of docs/semantics.md, section 1, and the string-level rows of the catalogue.

Each address is shown as `host port scheme form bar`: the host's and the port's own letters (`-` for
none, `?` for a port only known at run time), and "live" where nothing bars it.
"""

from __future__ import annotations

import pytest

from refactor.addresses import find, wanted
from refactor.model import Address
from refactor.text.view import HOLE


def show(text: str, address: Address) -> str:
    """One line on an address; its spans must hold what it says."""
    host = address.host_span.of(text)
    assert host in (address.host, f"[{address.host}]")
    port = address.port_span.of(text) if address.port_span else "?" if address.open_port else "-"
    assert address.port == (int(port) if port.isdigit() else None)
    prefix = address.prefix_span.of(text) if address.prefix_span else ""
    shown = (host, port, address.scheme or "-", address.form, address.bar or "live", prefix)
    return " ".join(part for part in shown if part)


def shown(text: str, names: frozenset[str] = frozenset()) -> list[str]:
    return [show(text, address) for address in find(text, names=names)]


FORMS: dict[str, tuple[str, list[str]]] = {
    # catalogue rows 1 to 15, 50: what is found
    "1 IPv4": ("10.244.1.17", ["10.244.1.17 - - bare live"]),
    "1 IPv4, blanks around": (" 10.244.1.17\n", ["10.244.1.17 - - bare live"]),
    "2 host:port": ("10.244.1.17:8080", ["10.244.1.17 8080 - pair live"]),
    "3 URL": ("http://10.244.1.17:8080/api", ["10.244.1.17 8080 http url live"]),
    "4 URL, port implied": ("http://10.244.1.17", ["10.244.1.17 - http url live"]),
    "4 URL, port implied, slash": ("https://10.244.1.17/", ["10.244.1.17 - https url live"]),
    "5 user info": ("postgres://app:s3cr3t@10.244.2.9:5432/db", ["10.244.2.9 5432 postgres url live"]),
    "6 nested scheme": ("jdbc:postgresql://10.244.2.9:5432/app", ["10.244.2.9 5432 postgresql url live"]),
    "7 digit in the scheme": ("http2://10.244.1.17:8080", ["10.244.1.17 8080 http2 url live"]),
    "8 multi-host URL": (
        "mongodb://10.244.0.5:27017,10.244.0.6:27017/db?replicaSet=rs0",
        ["10.244.0.5 27017 mongodb url live", "10.244.0.6 27017 mongodb url live"],
    ),
    "9 list": ("10.244.0.5:9092,10.244.0.6:9092", ["10.244.0.5 9092 - pair live", "10.244.0.6 9092 - pair live"]),
    "10 DSN": ("host=10.244.2.9 port=5432 dbname=x", ["10.244.2.9 5432 - dsn live"]),
    "11 flag": ("--upstream=10.244.1.17:8080", ["10.244.1.17 8080 - flag live"]),
    "12 nginx": ("proxy_pass http://10.244.1.17:8080;", ["10.244.1.17 8080 http url live"]),
    "14 a path that is a number": ("http://10.244.1.17/24", ["10.244.1.17 - http url live"]),
    "15 URL without scheme": ("10.244.1.17/healthz", ["10.244.1.17 - - url live"]),
    "23 shared range (RFC 6598)": ("100.64.3.9", ["100.64.3.9 - - bare live"]),
    "25 the API's clusterIP": ("10.96.0.1", ["10.96.0.1 - - bare live"]),
    "37 pod record": ("10-244-1-17.default.pod.cluster.local", ["10-244-1-17.default.pod.cluster.local - - bare live"]),
    "38 pod record of a Service": (
        "http://10-244-1-17.web.default.svc.cluster.local:80/",
        ["10-244-1-17.web.default.svc.cluster.local 80 http url live"],
    ),
    "42 IPv6": ("fd00:10:244::17", ["fd00:10:244::17 - - bare live"]),
    "43 IPv6 in brackets": ("[fd00:10:244::17]:8080", ["[fd00:10:244::17] 8080 - pair live"]),
    "43 IPv6 in a URL": ("http://[fd00::17]:8080/", ["[fd00::17] 8080 http url live"]),
    "45 mapped IPv4": ("::ffff:10.244.1.17", ["::ffff:10.244.1.17 - - bare live"]),
    "50 node and nodePort": ("http://192.168.10.21:30080", ["192.168.10.21 30080 http url live"]),
    # SEMANTICS section 1, the other forms
    "IPv6 in brackets alone": ("[fd00::17]", ["[fd00::17] - - bare live"]),
    "IPv6, all groups": ("fd00:10:244:0:0:0:0:17", ["fd00:10:244:0:0:0:0:17 - - bare live"]),
    "IPv6, upper case": ("FD00:10:244::17", ["FD00:10:244::17 - - bare live"]),
    "IPv6 list": ("[fd00::1]:80,[fd00::2]:80", ["[fd00::1] 80 - pair live", "[fd00::2] 80 - pair live"]),
    "IPv6 list without ports": (
        "fd00:10::1,fd00:10::2",
        ["fd00:10::1 - - embedded live", "fd00:10::2 - - embedded live"],
    ),
    "IPv6 ends a sentence": ("see fd00:10::1.", ["fd00:10::1 - - embedded live"]),
    "IPv6 before a colon": ("fd00:10::1: refused", ["fd00:10::1 - - embedded live"]),
    "user info with @ and port": ("amqp://u:p%40:1@10.0.4.17:5672/v", ["10.0.4.17 5672 amqp url live"]),
    "user info with a raw @": ("amqp://u:p@w@10.0.4.17:5672/v", ["10.0.4.17 5672 amqp url live"]),
    "user info that looks like an address": ("redis://u:10.0.0.9@10.0.4.17/0", ["10.0.4.17 - redis url live"]),
    "user name that looks like an address": ("redis://10.0.0.9:80@10.0.4.17/0", ["10.0.4.17 - redis url live"]),
    "user info per host": (
        "amqp://u:p@10.0.4.1:5672,u:p@10.0.4.2:5672",
        ["10.0.4.1 5672 amqp url live", "10.0.4.2 5672 amqp url live"],
    ),
    "user info, then several hosts": (
        "mongodb://u:p@10.0.4.1:1,10.0.4.2:2/db",
        ["10.0.4.1 1 mongodb url live", "10.0.4.2 2 mongodb url live"],
    ),
    "a name first in a multi-host URL": ("mongodb://a:1,10.0.4.2:2/db", ["10.0.4.2 2 mongodb url live"]),
    "list of URLs": (
        "http://10.0.4.1:2379,http://10.0.4.2:2379",
        ["10.0.4.1 2379 http url live", "10.0.4.2 2379 http url live"],
    ),
    "list of URLs, some IPv6": (
        "nats://10.0.4.1,nats://[fd00::2]:4222",
        ["10.0.4.1 - nats url live", "[fd00::2] 4222 nats url live"],
    ),
    "Kafka listeners": (
        "PLAINTEXT://10.0.4.1:9092,SSL://10.0.4.1:9093",
        ["10.0.4.1 9092 plaintext url live", "10.0.4.1 9093 ssl url live"],
    ),
    "list, chroot": (
        "10.0.4.1:2181,10.0.4.2:2181/chroot",
        ["10.0.4.1 2181 - pair live", "10.0.4.2 2181 - pair live"],
    ),
    "list by blanks": ("10.0.4.1:80 10.0.4.2:80", ["10.0.4.1 80 - pair live", "10.0.4.2 80 - pair live"]),
    "list by semicolons": ("10.0.4.1:80;10.0.4.2:80", ["10.0.4.1 80 - pair live", "10.0.4.2 80 - pair live"]),
    "list by comma and blank": ("10.0.4.1:80, 10.0.4.2:80", ["10.0.4.1 80 - pair live", "10.0.4.2 80 - pair live"]),
    "list without ports": ("10.0.4.1,10.0.4.2", ["10.0.4.1 - - embedded live", "10.0.4.2 - - embedded live"]),
    "list, one name": ("kafka-0:9092,10.0.4.2:9092", ["10.0.4.2 9092 - pair live"]),
    "list of quoted items": (
        "['10.0.4.1:80', '10.0.4.2:80']",
        ["10.0.4.1 80 - embedded live", "10.0.4.2 80 - embedded live"],
    ),
    "nested scheme with a driver": ("postgresql+asyncpg://10.0.4.17/db", ["10.0.4.17 - postgresql+asyncpg url live"]),
    "a driver with an underscore": ("oracle+cx_oracle://10.0.4.17/db", ["10.0.4.17 - oracle+cx_oracle url live"]),
    "a scheme in capitals": ("HTTP://10.0.4.17", ["10.0.4.17 - http url live"]),
    "tcp": ("tcp://10.0.4.17:6379", ["10.0.4.17 6379 tcp url live"]),
    "jdbc with a mode": ("jdbc:mysql:replication://10.0.4.1:3306,10.0.4.2:3306/d", ["10.0.4.1 3306 mysql url live", "10.0.4.2 3306 mysql url live"]),
    "jdbc Oracle": ("jdbc:oracle:thin:@10.0.4.17:1521:XE", ["10.0.4.17 1521 oracle url live"]),
    "jdbc Oracle service": ("jdbc:oracle:thin:u/p@//10.0.4.17:1521/svc", ["10.0.4.17 1521 oracle url live"]),
    "jdbc SQL Server": ("jdbc:sqlserver://10.0.4.17:1433;databaseName=x;user=a@b", ["10.0.4.17 1433 sqlserver url live"]),
    "gRPC dns": ("dns:///10.0.4.17:50051", ["10.0.4.17 50051 dns url live"]),
    "gRPC passthrough": ("passthrough:///10.0.4.17:50051", ["10.0.4.17 50051 passthrough url live"]),
    "gRPC dns, opaque": ("dns:10.0.4.17:50051", ["10.0.4.17 50051 dns url live"]),
    "gRPC ipv4": ("ipv4:10.0.4.17:50051", ["10.0.4.17 50051 - url live ipv4:"]),
    "gRPC ipv4 with slashes": ("ipv4:///10.0.4.17:50051", ["10.0.4.17 50051 - url live ipv4:///"]),
    "gRPC ipv4, several": (
        "ipv4:10.0.4.1:50051,10.0.4.2:50051",
        ["10.0.4.1 50051 - url grpc-list ipv4:", "10.0.4.2 50051 - url grpc-list ipv4:"],
    ),
    "gRPC ipv6": ("ipv6:[fd00::17]:50051", ["[fd00::17] 50051 - url live ipv6:"]),
    "gRPC ipv6, bare": ("ipv6:fd00:10::17", ["fd00:10::17 - - url live ipv6:"]),
    "SIP": ("sip:bob@10.0.4.17:5060", ["10.0.4.17 5060 sip url live"]),
    "STUN": ("stun:10.0.4.17:3478", ["10.0.4.17 3478 stun url live"]),
    "URL that begins with slashes": ("//10.0.4.17:80/x", ["10.0.4.17 80 - url live"]),
    "URL in a query": (
        "http://10.0.0.1/?next=http://10.0.0.2:80/",
        ["10.0.0.1 - http url live", "10.0.0.2 80 http url live"],
    ),
    "address in a path": (
        "http://10.0.0.1/proxy/10.0.0.2:80/",
        ["10.0.0.1 - http url live", "10.0.0.2 80 - embedded live"],
    ),
    "e-mail in a path": (
        "http://10.0.0.1/x?to=me@10.0.0.2",
        ["10.0.0.1 - http url live", "10.0.0.2 - - embedded live"],
    ),
    "scheme at run time": (f"{HOLE}://10.0.4.17:80", ["10.0.4.17 80 - url live"]),
    "half a scheme at run time": (f"http{HOLE}://10.0.4.17", ["10.0.4.17 - - url live"]),
    "another half of it": (f"{HOLE}s://10.0.4.17", ["10.0.4.17 - - url live"]),
    "user info at run time": (f"http://{HOLE}:{HOLE}@10.0.4.17:80", ["10.0.4.17 80 http url live"]),
    "path at run time": (f"http://10.0.4.17:80/{HOLE}", ["10.0.4.17 80 http url live"]),
    "path at run time, no port": (f"http://10.0.4.17/{HOLE}", ["10.0.4.17 - http url live"]),
    "URL with an empty port": ("http://10.0.4.17:/x", ["10.0.4.17 - http url bad-port"]),
    "Go DSN": ("user:pw@tcp(10.0.0.1:3306)/db", ["10.0.0.1 3306 - dsn live"]),
    "Go DSN, password like an address": ("user:10.0.0.9@tcp(10.0.0.1:3306)/db", ["10.0.0.1 3306 - dsn live"]),
    "Go DSN, IPv6": ("user:pw@tcp([fd00::1]:3306)/db", ["[fd00::1] 3306 - dsn live"]),
    "URL with Go's form": ("mysql://u:p@tcp(10.0.0.1:3306)/db", ["10.0.0.1 3306 mysql url live"]),
    "more colons": ("10.0.0.1:2888:3888::1", ["10.0.0.1 2888 - pair live"]),
    "more colons behind a name": ("server.1=10.0.0.1:2888:3888", ["10.0.0.1 2888 - embedded live"]),
    "UNC path": ("\\\\10.0.0.1\\share", ["10.0.0.1 - - embedded live"]),
    "e-mail": ("user@10.0.0.1", ["10.0.0.1 - - embedded live"]),
    "scp": ("user@10.0.0.1:/path", ["10.0.0.1 - - embedded live"]),
    "voter of a quorum": ("1@10.0.0.1:9093,2@10.0.0.2:9093", ["10.0.0.1 9093 - embedded live", "10.0.0.2 9093 - embedded live"]),
    "bash": ("echo > /dev/tcp/10.0.0.1/6379", ["10.0.0.1 6379 - embedded live"]),
    "shell line": (
        "curl -s http://10.0.0.1:80/x && nc 10.0.0.2 6379",
        ["10.0.0.1 80 http url live", "10.0.0.2 6379 - embedded live"],
    ),
    "nc with flags": ("nc -z -w 5 10.0.0.1 6379; echo", ["10.0.0.1 6379 - embedded live"]),
    "nc, port at run time": ("nc -z 10.0.0.1 $PORT", ["10.0.0.1 ? - flag live"]),
    "telnet": ("(telnet 10.0.0.1 6379)", ["10.0.0.1 6379 - embedded live"]),
    "Redis, replica of": ("replicaof 10.0.0.1 6379", ["10.0.0.1 6379 - embedded live"]),
    "a number behind a host is no port": ("ping 10.0.0.1 5", ["10.0.0.1 - - embedded live"]),
    "nor is a time behind one": ("nc -z 10.0.0.1 5s", ["10.0.0.1 - - flag live"]),
    "nor what stands behind another's nc": ("sync 10.0.0.1 80", ["10.0.0.1 - - embedded live"]),
    "shell default": ("${HOST:-10.0.0.1}", ["10.0.0.1 - - embedded live"]),
    "shell default, then a port": ("http://${HOST:-10.0.0.1}:8080/", ["10.0.0.1 8080 http url live"]),
    "shell default, whole address": ("${ADDR:-10.0.0.1:80}", ["10.0.0.1 80 - embedded live"]),
    "shell default, whole URL": ("${URL:-http://10.0.0.1:80}", ["10.0.0.1 80 http url live"]),
    "shell default, port too": ("${HOST:-10.0.0.1}:${PORT:-80}", ["10.0.0.1 ? - embedded live"]),
    "default by a colon": ("jdbc:mysql://${H:10.0.0.1}:3306/x", ["10.0.0.1 3306 mysql url live"]),
    "properties": ("redis.host=10.0.0.1", ["10.0.0.1 - - embedded live"]),
    "JSON": ('{"addr":"10.0.0.1","url":"http://10.0.0.2:80"}', ["10.0.0.1 - - embedded live", "10.0.0.2 80 http url live"]),
    "JSON in JSON": ('{\\"addr\\":\\"10.0.0.1:80\\"}', ["10.0.0.1 80 - embedded live"]),
    "nginx upstream": ("upstream x { server 10.0.0.1:80 weight=5; }", ["10.0.0.1 80 - embedded live"]),
    "sentence": ("Ask 10.0.0.1, or (10.0.0.2).", ["10.0.0.1 - - embedded live", "10.0.0.2 - - embedded live"]),
    "colon, blank": ("10.0.0.1: refused", ["10.0.0.1 - - embedded live"]),
    "prefix of transport": ("tcp:10.0.0.1:80", ["10.0.0.1 80 - embedded live"]),
    "several lines": ("a 10.0.0.1:80\nb 10.0.0.2:81\n", ["10.0.0.1 80 - embedded live", "10.0.0.2 81 - embedded live"]),
    "items of a YAML list": ("- 10.0.0.1\n- 10.0.0.2\n", ["10.0.0.1 - - embedded live", "10.0.0.2 - - embedded live"]),
    "pod record, shortened": ("10-0-4-17.shop.pod:80", ["10-0-4-17.shop.pod 80 - pair live"]),
    "pod record, root dot": ("10-0-4-17.a.pod.c.local.:80", ["10-0-4-17.a.pod.c.local. 80 - pair live"]),
    "pod record, capitals": ("ping 10-0-4-17.Shop.POD", ["10-0-4-17.Shop.POD - - embedded live"]),
    "pod record ends a sentence": ("See 10-0-4-17.shop.pod.", ["10-0-4-17.shop.pod - - embedded live"]),
    "pod record, IPv6": ("fd00-10--17.shop.pod", ["fd00-10--17.shop.pod - - bare live"]),
    # ports only known at run time
    "port: hole": (f"http://10.0.0.1:{HOLE}/x", ["10.0.0.1 ? http url live"]),
    "port: braces": ("10.0.0.1:{port}", ["10.0.0.1 ? - pair live"]),
    "port: percent": ("http://10.0.0.1:%d/x", ["10.0.0.1 ? http url live"]),
    "port: variable": ("10.0.0.1:$PORT", ["10.0.0.1 ? - pair live"]),
    "port: its last digits are a variable": ("http://10.0.0.1:80$N/", ["10.0.0.1 ? http url live"]),
    "port, then nginx' rest of the request": ("http://10.0.0.1:5000$request_uri", ["10.0.0.1 5000 http url live"]),
    "port, then Caddy's rest of the request": ("http://10.0.0.1:5000{uri}", ["10.0.0.1 5000 http url live"]),
    "port: variable in braces": ("10.0.0.1:${PORT}", ["10.0.0.1 ? - pair live"]),
    "port: half of it": (f"10.0.0.1:80{HOLE}", ["10.0.0.1 ? - pair live"]),
    "port: to be appended": ("http://10.0.0.1:", ["10.0.0.1 ? http url live"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FORMS.values(), ids=FORMS)
def test_forms(text: str, expected: list[str]) -> None:
    assert shown(text) == expected
    assert wanted(text)
