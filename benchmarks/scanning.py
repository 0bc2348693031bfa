"""`refactor scan` of clean trees beside its peers, in the same rounds.

    python -m benchmarks.scanning [FILES...]

ripgrep and grep look for the same pattern; semgrep runs one regex rule of it, detect-secrets its own
IP detector. Peers that are not on the PATH are left out and said to be.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from benchmarks.paired import Timing, ratio, timed
from benchmarks.trees import downloaded, make

PATTERN = (
    r"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]|::[0-9A-Fa-f]{1,4}[:.]|[0-9A-Fa-f]::[0-9A-Fa-f%\]]|\[::"
    r"|:[0-9A-Fa-f]{1,4}::|[0-9A-Fa-f]:[0-9A-Fa-f]{1,4}(:[0-9A-Fa-f]{1,4}){6}"
    r"|[0-9A-Fa-f]-[0-9A-Fa-f-]{1,40}\.[A-Za-z0-9-]{1,63}\.([Pp][Oo][Dd]|[A-Za-z0-9-]{1,63}\.[Ss][Vv][Cc])"
)
_RULE = """rules:
  - id: address
    languages: [generic]
    severity: WARNING
    message: address
    pattern-regex: '{pattern}'
"""
_SLOW = {"semgrep": 15_000, "detect-secrets": 1_500}
"""Files up to which the slow peers run, once: they take minutes for more."""


def commands(tree: Path, rule: Path, files: int) -> dict[str, list[str]]:
    """Return what is run, by name; peers that are not installed are left out."""
    found = {
        "refactor scan": [sys.executable, "-m", "refactor", "scan", str(tree)],
        "ripgrep": ["rg", "-c", PATTERN, str(tree)],
        "grep -rE": ["grep", "-rcE", PATTERN, str(tree)],
    }
    if files <= _SLOW["semgrep"]:
        rule.write_text(_RULE.format(pattern=PATTERN))
        found["semgrep"] = ["semgrep", "scan", "--metrics=off", "--disable-version-check", "-q",
                            "--no-git-ignore", "--config", str(rule), str(tree)]  # fmt: skip
    if files <= _SLOW["detect-secrets"]:
        found["detect-secrets"] = ["detect-secrets", "-C", str(tree), "scan", "--all-files",
                                   *_only("IPPublicDetector"), "."]  # fmt: skip
    return {name: command for name, command in found.items() if shutil.which(command[0])}


def _only(detector: str) -> list[str]:
    """Return the options that leave detect-secrets one of its detectors."""
    if not shutil.which("detect-secrets"):
        return []
    command = ["detect-secrets", "scan", "--list-all-plugins"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return [word for name in listed if name != detector for word in ("--disable-plugin", name)]


def rows(sizes: list[int], rounds: int = 5) -> Iterator[tuple[int, float, dict[str, Timing]]]:
    """Yield files, megabytes and timings for each size."""
    for files in sizes:
        with tempfile.TemporaryDirectory() as directory:
            tree = Path(directory, "tree")
            make(tree, files)
            size = sum(p.stat().st_size for p in tree.rglob("*") if p.is_file()) / 1e6
            asked = commands(tree, Path(directory, "rule.yaml"), files)
            yield files, size, _timed(asked, rounds)


def _timed(asked: dict[str, list[str]], rounds: int) -> dict[str, Timing]:
    """Run the quick ones in turns, and each slow one but once that counts."""
    slow = {name: command for name, command in asked.items() if name in _SLOW}
    quick = {name: command for name, command in asked.items() if name not in slow}
    return timed(quick, rounds) | (timed(slow, 1, warm=False) if slow else {})


def table(sizes: list[int]) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    yield "| files | MB | program | wall s | of ripgrep's | processor s | of ripgrep's | MB of memory |"
    yield "| --: | --: | --- | --: | --: | --: | --: | --: |"
    for files, size, timings in rows(sizes):
        yield from _lines(files, size, timings)


def real(packages: list[str], rounds: int = 5) -> Iterator[str]:
    """Yield the same for public packages as they are, which hold addresses here and there."""
    yield from islice(table([]), 2)
    with tempfile.TemporaryDirectory() as directory:
        tree = Path(directory, "tree")
        downloaded(tree, packages)
        sizes = [p.stat().st_size for p in tree.rglob("*") if p.is_file()]
        asked = commands(tree, Path(directory, "rule.yaml"), len(sizes))
        yield from _lines(len(sizes), sum(sizes) / 1e6, _timed(asked, rounds))


def _lines(files: int, size: float, timings: dict[str, Timing]) -> Iterator[str]:
    peer = timings["ripgrep"]
    for name, one in timings.items():
        cells = (f"{one.wall:.2f}", ratio(one.wall, peer.wall), f"{one.processor:.2f}")
        more = (ratio(one.processor, peer.processor), f"{one.megabytes:.0f}")
        yield f"| {files:,} | {size:.0f} | {name} | {' | '.join((*cells, *more))} |"


if __name__ == "__main__":
    for line in table([int(word) for word in sys.argv[1:]] or [1_000, 10_000, 30_000]):
        print(line, flush=True)
