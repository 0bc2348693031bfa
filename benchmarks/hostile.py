"""`python -m benchmarks.hostile`: input that means harm, as large as it gets.

Runs every row of tests/hostile.py in its large size through the real command and prints processor
time and memory: the table of docs/safety.md.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.hostile import HOSTILE, faults


@contextmanager
def _directory() -> Iterator[Path]:
    """Give a new directory; what is in it may nest too deep for Python to remove it."""
    made = Path(tempfile.mkdtemp()).resolve()
    try:
        yield made
    finally:
        subprocess.run(["rm", "-rf", made], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="rows whose name holds this")
    parser.add_argument("--timeout", type=float, default=600, help="seconds for a row")
    asked = parser.parse_args()
    bad = 0
    print(
        "| input | size | exit | processor, s | memory, MB | |\n| --- | --: | --: | --: | --: | --- |"
    )
    for name, hostile in HOSTILE.items():
        if asked.only not in name or hostile.sizes == (1, 1):
            continue
        with _directory() as made:
            row = f"| {name} | {hostile.sizes[1]:,}"
            try:
                ran, wrong = faults(hostile, made, hostile.sizes[1], timeout=asked.timeout)
            except TimeoutError as error:
                print(f"{row} | | | | {error} |", flush=True)
                bad += 1
                continue
            told = "; ".join(wrong)[:200].replace("\n", " ") or "as it should"
            print(f"{row} | {ran.code} | {ran.seconds:.1f} | {ran.peak:,} | {told} |", flush=True)
            bad += bool(wrong)
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
