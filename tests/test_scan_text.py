"""The text scanner's values: each spelling of an assignment gives its key and its own text."""

from __future__ import annotations

import re

import pytest

from refactor.model import Literal
from refactor.scan.text import scanner as text

IP = re.compile(r"\d+\.\d+\.\d+\.\d+")


def read(source: str) -> tuple[Literal, ...]:
    return text.scan(source, lambda value: bool(IP.search(value))).literals


def pairs(source: str) -> list[tuple[str, str]]:
    return [(literal.key, literal.view.text) for literal in read(source)]


# id, line, key: the value is the address
BARE = [
    ("dotenv", "HOST=10.0.0.1", "HOST"),
    ("dotenv, double quotes", 'HOST="10.0.0.1"', "HOST"),
    ("dotenv, single quotes", "HOST='10.0.0.1'", "HOST"),
    ("export", "export HOST=10.0.0.1", "HOST"),
    ("declare", 'declare -x HOST="10.0.0.1"', "HOST"),
    ("default of a shell", "HOST=${HOST:-10.0.0.1}", "HOST"),
    ("default of a shell, quoted", 'HOST="${HOST-10.0.0.1}"', "HOST"),
    ("cmd", "set DB_HOST=10.0.0.1", "DB_HOST"),
    ("csh", "setenv DB_HOST 10.0.0.1", "DB_HOST"),
    ("PowerShell", '$env:DB_HOST = "10.0.0.1"', "DB_HOST"),
    ("statement of a shell", "HOST=10.0.0.1;", "HOST"),
    ("properties", "redis.host=10.0.0.1", "redis.host"),
    ("properties, colon", "redis.host: 10.0.0.1", "redis.host"),
    ("INI", "host = 10.0.0.1", "host"),
    ("tabs", "\thost\t=\t10.0.0.1\t", "host"),
    ("key that is no ASCII", "größe=10.0.0.1", "größe"),
    ("TOML", 'redis-host = "10.0.0.1"', "redis-host"),
    ("JSON", '"host": "10.0.0.1",', "host"),
    ("JSON, no blanks", '"host":"10.0.0.1",', "host"),
    ("Makefile", "HOST ?= 10.0.0.1", "HOST"),
    ("Go, Makefile", 'host := "10.0.0.1"', "host"),
    ("raw string of Go", "host := `10.0.0.1`", "host"),
    ("Ruby, PHP", "'host' => '10.0.0.1',", "host"),
    ("PHP", "$host = '10.0.0.1';", "host"),
    ("Ruby", '@host = "10.0.0.1"', "host"),
    ("index", "config['host'] = '10.0.0.1';", "host"),
    ("index of a module's attribute", 'os.environ["HOST"] = "10.0.0.1"', "HOST"),
    ("attribute", 'this.host = "10.0.0.1";', "this.host"),
    ("const", 'const HOST = "10.0.0.1";', "HOST"),
    ("Java", 'private static final String HOST = "10.0.0.1";', "HOST"),
    ("generic type", 'Map<String, String> hosts = "10.0.0.1";', "hosts"),
    ("TypeScript", 'let host: string = "10.0.0.1";', "host"),
    ("Go, typed", 'var host string = "10.0.0.1"', "host"),
    ("C", '#define HOST "10.0.0.1"', "HOST"),
    ("Dockerfile, ENV", "ENV HOST=10.0.0.1", "HOST"),
    ("Dockerfile, older ENV", "ENV HOST 10.0.0.1", "HOST"),
    ("Dockerfile, ARG", "ARG HOST=10.0.0.1", "HOST"),
    ("Dockerfile, LABEL", 'LABEL host="10.0.0.1"', "host"),
    ("systemd", "Environment=HOST=10.0.0.1", "HOST"),
    ("systemd, quoted", 'Environment="HOST=10.0.0.1"', "HOST"),
    ("Java's flag", "-Dredis.host=10.0.0.1", "redis.host"),
    ("flag on its own line", "--redis-host=10.0.0.1", "--redis-host"),
    ("item of a list", "- HOST=10.0.0.1", "HOST"),
    ("quoted item of a list", '- "HOST=10.0.0.1"', "HOST"),
    ("nginx's variable", "set $up 10.0.0.1;", "up"),
    ("resolv.conf", "nameserver 10.0.0.1", "nameserver"),
    ("word and value", "HostName 10.0.0.1", "HostName"),
    ("attribute of XML", '<add key="Host" value="10.0.0.1"/>', "value"),
    ("flow mapping", "- {name: X, value: 10.0.0.1}", "value"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "key"), [row[1:] for row in BARE], ids=[row[0] for row in BARE])
def test_bare_value(line: str, key: str) -> None:
    [literal] = read(line)

    assert (literal.key, literal.path, literal.kind) == (key, (key,), "text")
    assert literal.view.text == "10.0.0.1"
    assert [line[at : at + length] for _, at, length in literal.view.pieces] == ["10.0.0.1"]
    assert "line" not in literal.tags


# id, source, what it gives as (key, text)
VALUES = [
    ("URL", "URL=http://u:p@10.0.0.1:80/x?y=1#z", [("URL", "http://u:p@10.0.0.1:80/x?y=1#z")]),
    ("list", "servers=10.0.0.1:80,10.0.0.2:80", [("servers", "10.0.0.1:80,10.0.0.2:80")]),
    ("blanks in it", "msg = ask 10.0.0.1 first", [("msg", "ask 10.0.0.1 first")]),
    ("DSN", "DSN=host=10.0.0.1 port=5432", [("DSN", "host=10.0.0.1 port=5432")]),
    ("opaque URL", "sink: tcp:10.0.0.1:80", [("sink", "tcp:10.0.0.1:80")]),
    ("key inside a value", "a: b: 10.0.0.1", [("a", "b: 10.0.0.1")]),
    ("default with a URL", "U=${U:-http://10.0.0.1/}", [("U", "http://10.0.0.1/")]),
    ("several of ENV", "ENV HOST=10.0.0.1 PORT=5432", [("HOST", "10.0.0.1"), ("PORT", "5432")]),
    ("several of export", 'export A="10.0.0.1" B=80', [("A", "10.0.0.1"), ("B", "80")]),
    ("before a command", "HOST=10.0.0.1 PORT=80 ./x", [("HOST", "10.0.0.1"), ("PORT", "80")]),
    (
        "docker run",
        'docker run -e HOST=10.0.0.1 -e "PORT=80" img',
        [("HOST", "10.0.0.1"), ("PORT", "80")],
    ),
    (
        "java",
        "java -Dredis.host=10.0.0.1 -Dredis.port=80 -jar x",
        [("redis.host", "10.0.0.1"), ("redis.port", "80")],
    ),
    ("JSON in one line", '{"host": "10.0.0.1", "port": 80}', [("host", "10.0.0.1"), ("port", "80")]),
    ("TOML's inline table", 'r = { host = "10.0.0.1", port = 80 }', [("host", "10.0.0.1"), ("port", "80")]),
    ("call", "r = R(host='10.0.0.1', port=80)", [("host", "10.0.0.1"), ("port", "80")]),
    ("list of strings", 'h = ["10.0.0.1", "10.0.0.2"]', [("h", '["10.0.0.1", "10.0.0.2"]')]),
    ("concatenation", 'u = "http://" + "10.0.0.1"', [("u", '"http://" + "10.0.0.1"')]),
    ("command substitution", "x=$(curl http://10.0.0.1)", [("x", "$(curl http://10.0.0.1)")]),
    ("nginx", "proxy_pass http://10.0.0.1:80;", [("proxy_pass", "http://10.0.0.1:80")]),
    ("nginx, more words", "resolver 10.0.0.1 valid=10s;", [("resolver", "10.0.0.1 valid=10s")]),
    ("nginx, a server", "server 10.0.0.1:80 weight=5;", [("server", "10.0.0.1:80 weight=5")]),
    ("nginx, a block in one line", "location / { proxy_pass http://10.0.0.1; }", [("proxy_pass", "http://10.0.0.1")]),
    ("bound", "bind 10.0.0.1 10.0.0.2", [("bind", "10.0.0.1 10.0.0.2")]),
    ("FROM", "FROM 10.0.0.1:5000/a:1", [("FROM", "10.0.0.1:5000/a:1")]),
    ("systemd's command", "ExecStart=/x --host=10.0.0.1 --port=80", [("ExecStart", "/x --host=10.0.0.1 --port=80")]),
    ("flags are one line", "--host=10.0.0.1 --port=80", [("", "--host=10.0.0.1 --port=80")]),
    ("command line", "psql -h 10.0.0.1 -p 5432", [("", "psql -h 10.0.0.1 -p 5432")]),
    ("quotes before the address", 'curl -H "Host: x" http://10.0.0.1', [("", 'curl -H "Host: x" http://10.0.0.1')]),
    ("two commands", "a 10.0.0.1; b 10.0.0.2", [("", "a 10.0.0.1; b 10.0.0.2")]),
    ("cron", "* * * * * curl http://10.0.0.1", [("", "* * * * * curl http://10.0.0.1")]),
    ("negated command", "! nc -z 10.0.0.1 80", [("", "! nc -z 10.0.0.1 80")]),
    ("URL alone", "  tcp://10.0.0.1:80  ", [("", "tcp://10.0.0.1:80")]),
    ("address as a key", '"10.0.0.1": "x"', [("", '"10.0.0.1": "x"')]),
    ("address before `=`", "10.0.0.1=x", [("", "10.0.0.1=x")]),
    ("escapes", r'a = "x\n10.0.0.1\t\"q\" \\ \u0041\x41"', [("a", 'x\n10.0.0.1\t"q" \\ AA')]),
    ("escaped slashes", r'"u": "http:\/\/10.0.0.1\/"', [("u", "http://10.0.0.1/")]),
    ("no escapes in single quotes", r"a = 'x\n10.0.0.1'", [("a", r"x\n10.0.0.1")]),
    ("unknown escapes stay", r'a = "\d 10.0.0.1"', [("a", r"\d 10.0.0.1")]),
    ("properties' escapes", r"u=http\://10.0.0.1\:80/", [("u", "http://10.0.0.1:80/")]),
    ("quote never closed", "a='10.0.0.1", [("a", "'10.0.0.1")]),
    ("string with a prefix", 'u = $"http://10.0.0.1:{p}"', [("u", "http://10.0.0.1:{p}")]),
    ("apostrophe", "it's at 10.0.0.1", [("", "it's at 10.0.0.1")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "expected"), [row[1:] for row in VALUES], ids=[row[0] for row in VALUES]
)
def test_values(source: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(source) == expected


# id, source: nothing at all
NOTHING = [
    ("no address", "HOST=db\nPORT=5432"),
    ("hash (row 73)", "# 10.0.0.1"),
    ("hash, indented", "a = b\n\t#10.0.0.1"),
    ("hash behind a value", "a=b # 10.0.0.1"),
    ("hash behind a value, no blank", "a=b #10.0.0.1"),
    ("semicolon", "; 10.0.0.1"),
    ("semicolon behind a pair of INI", "a = b ; was 10.0.0.1"),
    ("slashes", "// 10.0.0.1"),
    ("slashes behind a statement", 'x("a"); // 10.0.0.1'),
    ("slashes right behind it", "x();// 10.0.0.1"),
    ("properties' exclamation mark", "! was 10.0.0.1"),
    ("REM", "REM 10.0.0.1"),
    ("@rem", "@rem 10.0.0.1"),
    ("double colon", ":: 10.0.0.1"),
    ("Visual Basic", "' was 10.0.0.1"),
    ("C", "/* 10.0.0.1 */"),
    ("C, in a line", "a = 5; /* 10.0.0.1 */ b();"),
    ("C, over lines", "a\n/*\n * 10.0.0.1\n */\nb"),
    ("C, behind a statement, over lines", "a(); /* x\n 10.0.0.1 */"),
    ("XML", "<a/>\n<!-- 10.0.0.1\n 10.0.0.2 -->"),
    ("Jinja", "{# 10.0.0.1 #}"),
    ("commented pair", "#HOST=10.0.0.1"),
    ("comment that looks as if it went on", "# a \\\n# 10.0.0.1"),
    ("shebang", "#!/usr/bin/10.0.0.1"),
    ("empty", ""),
    ("line ends", "\r\n\r\n"),
]  # fmt: skip


@pytest.mark.parametrize("source", [row[1] for row in NOTHING], ids=[row[0] for row in NOTHING])
def test_nothing(source: str) -> None:
    assert read(source) == ()


# id, line: what looks like a comment and is none
NO_COMMENT = [
    ("URL", "http://10.0.0.1"),
    ("hash in a URL", "http://10.0.0.1/#x"),
    ("hash in double quotes", 'a = "x # 10.0.0.1"'),
    ("hash in single quotes", "a = 'x # 10.0.0.1'"),
    ("hash between a word and a quote", "it's x 'a # 10.0.0.1'"),
    ("colour", "b: #fff url(10.0.0.1)"),
    ("length of a list", "x=${#a} 10.0.0.1"),
    ("parameter without its head", "a=${x#y} 10.0.0.1"),
    ("slashes in quotes", 'a = "x // 10.0.0.1"'),
    ("share", "mount -t cifs //10.0.0.1/share /mnt"),
    ("semicolon of a shell", "A=b ; ping 10.0.0.1"),
    ("semicolon between entries", 'a = @{ b = x ; c = "10.0.0.1" }'),
    ("semicolon in quotes", 'a = "x ; 10.0.0.1"'),
    ("path with a star", "path: /*\nb: 10.0.0.1\nc: */5"),
    ("glob", "rm /tmp/* 10.0.0.1 */x"),
    ("comment of C that never ends", "a /* 10.0.0.1"),
    ("comment of XML that never ends", "<!-- 10.0.0.1"),
    ("attribute of Rust", '#[arg(default_value = "10.0.0.1")]'),
    ("exec of Make", "\t@curl 10.0.0.1"),
]  # fmt: skip


@pytest.mark.parametrize(
    "source", [row[1] for row in NO_COMMENT], ids=[row[0] for row in NO_COMMENT]
)
def test_no_comment(source: str) -> None:
    [literal] = read(source)

    assert IP.findall(literal.view.text) == ["10.0.0.1"]


# id, source, its numbers as (key, text, kind): a host stands beside each
PORTS = [
    ("bare", "PORT=80", [("PORT", "80", "number")]),
    ("quoted", 'PORT="80"', [("PORT", "80", "text")]),
    ("default", "PORT=${PORT:-80}", [("PORT", "80", "number")]),
    ("TOML", "port = 65535", [("port", "65535", "number")]),
    ("JSON", '"port": 80,', [("port", "80", "number")]),
    ("statement", "const PORT = 80;", [("PORT", "80", "number")]),
    ("word and value", "port 6379", [("port", "6379", "number")]),
    ("directive", "port 6379;", [("port", "6379", "number")]),
    ("six digits", "port = 100000", []),
    ("a part of a name", "v=x80", []),
    ("decimal", "port = 80.5", []),
    ("size", "memory=80m", []),
    ("unnamed", "80", []),
    ("item", "- 80", []),
    ("commented", "# port=80", []),
    ("time", "at=10:30", []),
]


@pytest.mark.parametrize(
    ("line", "expected"), [row[1:] for row in PORTS], ids=[row[0] for row in PORTS]
)
def test_ports(line: str, expected: list[tuple[str, str, str]]) -> None:
    found = [(one.key, one.view.text, one.kind) for one in read(f"h=10.0.0.1\n{line}\n")]

    assert found == [("h", "10.0.0.1", "text"), *expected]


# id, line, tags
TAGS = [
    ("named", "a=10.0.0.1", set()),
    ("line", "ping 10.0.0.1 now", {"line"}),
    ("item", "- 10.0.0.1", {"item"}),
    ("quoted item", '"10.0.0.1",', {"item"}),
    ("test of a shell", 'if [ "$H" = "10.0.0.1" ]; then', {"compare"}),
    ("test of bash", "[[ $H == 10.0.0.1 ]]", {"line", "compare"}),
    ("comparison", 'if (h == "10.0.0.1") {', {"line", "compare"}),
    ("inequality", "if h != '10.0.0.1':", {"line", "compare"}),
    ("hosts file", "10.0.0.1 db db.example", {"line", "hosts-entry"}),
    ("hosts file, IPv4 in IPv6", "::ffff:10.0.0.1\tdb", {"line", "hosts-entry"}),
    ("address alone", "10.0.0.1", {"line"}),
    ("address and a port", "10.0.0.1 80", {"line"}),
    ("behind a test", '[ -n "$X" ] && H=10.0.0.1', {"line"}),
    ("padding of base64", "a=eA== 10.0.0.1", set()),
]


@pytest.mark.parametrize(("line", "tags"), [row[1:] for row in TAGS], ids=[row[0] for row in TAGS])
def test_tags(line: str, tags: set[str]) -> None:
    [literal] = read(line)

    assert literal.tags == tags
