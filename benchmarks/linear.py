"""`python -m benchmarks.linear`: long runs near every regular expression, and how work grows.

Each token is repeated, with an address before and behind it, and read by every reader in growing
sizes. Twice the text may take twice the time, and some more: the exponent printed is the logarithm
of the ratio of the last two sizes. Above 1.5 is a failure.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable

from refactor import addresses
from refactor.gitignore import Patterns
from refactor.mask import mask
from refactor.scan import scan_source
from refactor.source import Source

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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="readers whose name holds this")
    asked = parser.parse_args()
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
