"""What it costs to start: against `python -c "import click"`.

python -m benchmarks.startup
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator

from benchmarks.paired import ratio, timed


def table(rounds: int = 15) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    tool = [sys.executable, "-m", "refactor"]
    with tempfile.TemporaryDirectory() as empty:
        timings = timed(
            {
                'python -c "import click"': [sys.executable, "-c", "import click"],
                "refactor --version": [*tool, "--version"],
                "refactor --help": [*tool, "--help"],
                "refactor scan (an empty directory)": [*tool, "scan", empty],
            },
            rounds,
        )
    peer = next(iter(timings.values()))
    yield "| command | processor s | of click's | wall s | of click's |"
    yield "| --- | --: | --: | --: | --: |"
    for name, one in timings.items():
        yield (
            f"| `{name}` | {one.processor:.3f} | {ratio(one.processor, peer.processor)}"
            f" | {one.wall:.3f} | {ratio(one.wall, peer.wall)} |"
        )


if __name__ == "__main__":
    print("\n".join(table()))
