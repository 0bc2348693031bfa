"""Files that hold addresses: scanning them, against the bare parsers on the same texts.

    python -m benchmarks.parsing [LINES...]

Each text has an address in one line of ten. Processor time of this one process, the parsers warm.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator

from refactor.addresses.known import NOTHING
from refactor.scan.file import scan_source
from refactor.text.source import Source

_ROUNDS = 5
_PYTHON = """
def fetch_{n}(session: Session, count: int = {n}) -> dict[str, int]:
    \"\"\"Return what {n} holds.\"\"\"
    found = {{}}
    for index in range(count):
        reply = session.get("http://{host}:8080/items", params={{"page": index}}, timeout=30)
        found |= {{item["name"]: int(item["count"]) for item in reply.json()["items"]}}
    if not found:
        raise LookupError(f"nothing in {{count}} pages of {n}")
    return found
"""
_YAML = """service-{n}:
  image:
    repository: shop/service-{n}
    tag: "{n}.1"
  url: http://{host}:8080/items
  replicas: 3
  env:
    - name: LEVEL
      value: info
  resources: {{limits: {{cpu: 500m, memory: 128Mi}}}}
"""


def _text(block: str, lines: int) -> str:
    count = lines // block.count("\n")
    return "".join(block.format(n=n, host=f"10.42.{n % 250}.{n % 199 + 1}") for n in range(count))


def _libcst(text: str) -> None:
    import libcst

    libcst.parse_module(text)


def _ruamel(text: str) -> None:
    from ruamel.yaml import YAML

    list(YAML(typ="safe", pure=False).compose_all(text))


def _seconds(work: Callable[[], object]) -> float:
    took = []
    for _ in range(_ROUNDS):
        started = time.process_time()
        work()
        took.append(time.process_time() - started)
    return statistics.median(took)


def table(sizes: list[int]) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    yield "| lines | language | bare parser s | scan s | ratio | findings |"
    yield "| --: | --- | --: | --: | --: | --: |"
    kinds = {"python": ("a.py", _PYTHON, _libcst), "yaml": ("a.yaml", _YAML, _ruamel)}
    for lines in sizes:
        for kind, (name, block, parser) in kinds.items():
            text = _text(block, lines)
            data = text.encode()
            found = scan_source(Source(name, data), kind, NOTHING).findings
            bare = _seconds(lambda parser=parser, text=text: parser(text))
            whole = _seconds(
                lambda name=name, data=data, kind=kind: scan_source(
                    Source(name, data), kind, NOTHING
                )
            )
            yield (
                f"| {lines:,} | {kind} | {bare:.3f} | {whole:.3f} | {whole / bare:.2f}"
                f" | {len(found):,} |"
            )


if __name__ == "__main__":
    for line in table([int(word) for word in sys.argv[1:]] or [1_000, 4_000, 16_000]):
        print(line, flush=True)
