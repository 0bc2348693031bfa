"""`python -m benchmarks.linear`: long runs near every regular expression, and how work grows.

Each token is repeated, with an address before and behind it, and read by every reader in growing
sizes. Twice the text may take twice the time, and some more: the exponent printed is the logarithm
of the ratio of the last two sizes. Above 1.5 is a failure.

    python -m benchmarks.linear --findings

plans files that hold many findings, 1,000 and 10,000 of them: a plan's work grows with the edits,
and an exponent above 1.2 is a failure.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from refactor import addresses
from refactor.files.globs import Patterns
from refactor.scan.file import scan_source
from refactor.secret.mask import mask
from refactor.text.source import Source

TOKENS = [
    "1",
    "1.",
    "10.0.0.1",
    "10.0.0.1,",
    "10.0.0.1:80,",
    "10.0.0.1:",
    "10.0.0.1-",
    "0",
    "999.",
    "a",
    "a.",
    "a-",
    "a.b-",
    "ab:",
    ":",
    "::",
    "::1",
    "ff:",
    "ffff:",
    "[",
    "[::",
    "]",
    ".",
    "..",
    "/",
    "//",
    "http://",
    "http://a:",
    "https://a@",
    "a@",
    "@",
    ",",
    ",",
    ";",
    "&",
    "=",
    "a=",
    "a=b&",
    "password=",
    "token:",
    "key:x",
    "--a=",
    "-h",
    "-u",
    "{",
    "{{",
    "}}",
    "{{x}}",
    "{{-",
    "{%",
    "$",
    "${",
    "${a:-",
    "$(",
    "(",
    ")",
    "tcp(",
    "ipv4:",
    "%",
    "%s",
    "%d",
    "{0}",
    "'",
    '"',
    "'",
    "\\'",
    "\\",
    "\\\\",
    "\\x41",
    "\\u0041",
    "\\N{",
    "#",
    "##",
    "-",
    "--",
    "---",
    "+",
    "*",
    "**",
    "&",
    "&a",
    "*a",
    "!",
    "!!",
    "!!str",
    "|",
    ">",
    "|-",
    "?",
    "?a",
    "<",
    "<<",
    "<<:",
    "[a",
    "{a:",
    ",a",
    "f'",
    "f'{",
    "r'",
    "b'",
    "'''",
    '"""',
    "''",
    "'+'",
    "\\\n\n",
    "\n",
    "\n\n",
    "\r",
    "\r\n",
    "\t",
    "\x0b",
    "\x0c",
    "e",
    "E",
    "x",
    "0x",
    "_",
    "é",
    "😀",
    "�",
    "￼",
    "\x00",
    "~",
    "^",
    "jdbc:",
    "jdbc:mysql://",
    "redis://",
    ":////",
    "bearer~",
    "authorization:",
    "name:",
    "value:",
    "-~name:~a\n~~value:~b\n",
    "a:\n",
    "a:~b\n",
    "-~",
    "-~a\n",
    "~~",
    "~",
    "if~x:\n",
    "elif~x:\n",
    "case~x:\n",
    "lambda:",
    "not~",
    "x.y",
    "x(",
    "x[",
    "a+",
    "a,b",
    "define~",
    "{{if~x}}",
    "{{end}}",
    '{{default~"a"~.x}}',
    "/*",
    "{{/*",
    "|",
    "~|~quote",
    "$x:=",
    "a.yaml:~|\n",
    "[a]",
    "key~=~v\n",
    "host=a~port=1~",
    "a:1~",
    "*/",
    "#}",
]
LONGEST = 0.4
"""Seconds of processor time that one reading may take before sizes stop growing."""
SMALLEST = 0.02
"""Seconds below which a ratio says nothing."""
LIMIT = 1.5


def readers() -> dict[str, Callable[[str], object]]:
    """Return what reads a text, by name."""

    def scanner(kind: str, name: str) -> Callable[[str], object]:
        return lambda text: scan_source(Source(name, text.encode("utf-8", "surrogateescape")), kind)

    return {
        "addresses": addresses.find,
        "yaml": scanner("yaml", "a.yaml"),
        "template": scanner("template", "templates/a.yaml"),
        "python": scanner("python", "a.py"),
        "python string": lambda text: scanner("python", "a.py")(f"x = {text!r}\n"),
        "text": scanner("text", "a.conf"),
        "mask": mask,
        # No path is longer than PATH_MAX, so this is to stay the same.
        "patterns": lambda text: Patterns([text[:4000], "*a*b*c", "**/a/**/b"]).covers(text[:4000]),
    }


def cost(read: Callable[[str], object], text: str) -> float:
    """Return the least processor time of some readings."""
    least = math.inf
    for _ in range(3):
        began = time.process_time()
        read(text)
        least = min(least, time.process_time() - began)
        if least > LONGEST:
            break
    return least


def exponent(read: Callable[[str], object], token: str) -> tuple[float, int, float]:
    """Return how work grows, at what size that was seen, and the seconds it took there."""
    before, size = 0.0, 4096
    while True:
        run = token * (size // len(token))
        now = cost(read, f"h: 10.0.0.1 {run} 10.0.0.2\n")
        if before > SMALLEST or size >= 1 << 19:
            grown = math.log2(now / before) if before > SMALLEST else 1.0
            if grown <= LIMIT or now > LONGEST:
                return grown, size, now
        before, size = now, size * 2


FINDINGS: dict[str, tuple[str, Callable[[int], str]]] = {
    "YAML": ("a.yaml", lambda n: "".join(f"u{i}: {_URL}{i}\n" for i in range(n))),
    "YAML, a proxy": ("a.yaml", lambda n: f"http_proxy: p\nurls:\n{_items(n)}"),
    "YAML, many documents": ("a.yaml", lambda n: "".join(f"---\nu: {_URL}{i}\n" for i in range(n))),
    "YAML, one scalar": ("a.yaml", lambda n: f"u: {_listed(n)}\n"),
    "JSON": ("a.json", lambda n: json.dumps({f"u{i}": f"{_URL}{i}" for i in range(n)}, indent=1)),
    "Python": ("a.py", lambda n: "".join(f'U{i} = "{_URL}{i}"\n' for i in range(n))),
    "Python, one list": ("a.py", lambda n: f"U = {[f'{_URL}{i}' for i in range(n)]}\n"),
    "dotenv": (".env", lambda n: "".join(f"U{i}={_URL}{i}\n" for i in range(n))),
    "one line": ("a.conf", lambda n: f"u = {_listed(n)}\n"),
}
_URL = "http://10.42.1.11:8080/"
SIZES = (1_000, 10_000)
STEEPEST = 1.2


def _items(count: int) -> str:
    return "".join(f"- {_URL}{i}\n" for i in range(count))


def _listed(count: int) -> str:
    return ",".join(["10.42.1.11:8080"] * count)


def planned(name: str, text: str) -> float:
    """Return the processor time of a plan of one file."""
    from refactor.api import Settings, load_inventory, plan
    from tests.shop import write_cluster

    with tempfile.TemporaryDirectory() as made:
        root, cluster = Path(made, "repository"), write_cluster(Path(made, "cluster.json"))
        root.mkdir()
        (root / name).write_text(text)
        known = load_inventory(cluster)
        began = time.process_time()
        found = plan(root, known, settings=Settings(namespace="shop"))
        took = time.process_time() - began
    assert all(outcome.edited for outcome in found.outcomes), "an address was not edited"
    return took


def findings(only: str) -> bool:
    """Plan each shape in its sizes, print how the time grows, and say whether it grows too fast."""
    worst = 0.0
    print("| findings in one file | edits | seconds | exponent |\n| --- | --: | --: | --: |")
    for shape, (name, text) in FINDINGS.items():
        if only in shape:
            times = [planned(name, text(size)) for size in SIZES]
            grown = math.log(times[-1] / times[0]) / math.log(SIZES[-1] / SIZES[0])
            worst = max(worst, grown)
            print(f"| {shape} | {SIZES[-1]:,} | {times[-1]:.2f} | {grown:.2f} |", flush=True)
    return worst > STEEPEST


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="readers, or shapes, whose name holds this")
    parser.add_argument("--findings", action="store_true", help="plan files of many findings")
    asked = parser.parse_args()
    if asked.findings:
        sys.exit(findings(asked.only))
    worst = 0.0
    print("| reader | tokens | worst exponent | of the token | at | seconds |")
    print("| --- | --: | --: | --- | --: | --: |")
    tokens = [token.replace("~", " ") for token in dict.fromkeys(TOKENS) if token]
    for name, read in readers().items():
        if asked.only not in name:
            continue
        found = []
        for token in tokens:
            found.append((*exponent(read, token), token))
            if found[-1][0] > LIMIT:
                print(f"  {name}: {found[-1]}", file=sys.stderr, flush=True)
        grown, size, seconds, token = max(found)
        worst = max(worst, grown)
        shown = token.encode("unicode_escape").decode()
        print(
            f"| {name} | {len(tokens)} | {grown:.2f} | `{shown}` | {size:,} | {seconds:.2f} |",
            flush=True,
        )
    sys.exit(worst > LIMIT)


if __name__ == "__main__":
    main()
