"""Trees to scan: made ones of any size, and public packages of a registry.

    python -m benchmarks.trees DIRECTORY FILES [SHARE]

Made files are what platform repositories hold: values, manifests, templates, Python, dotenv, shell,
and other languages. A clean file has numbers, versions, URLs and names, and no address.
"""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

_KINDS = {
    "values.yaml": "{name}:\n  image: shop/{name}:{n}.{m}.0\n  replicas: {m}\n  url: https://{name}.example.com/v{m}\n",
    "deploy.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\n  namespace: shop\n"
    "spec:\n  replicas: {m}\n  # release {n}.{m}\n",
    "app.py": 'def {name}(count: int = {n}) -> str:\n    """Return {name} of version {n}.{m}."""\n'
    '    return f"http://{name}:{{count}}/items"\n',
    "run.sh": "#!/bin/sh\nset -eu\nexport {upper}_URL=http://{name}:{n}\ncurl -fsS \"${upper}_URL\"\n",
    ".env": "{upper}_HOST={name}\n{upper}_PORT={n}\n",
    "main.go": "package main\n\n// {name} listens on {n}.\nconst {name} = \"{name}:{n}\"\n",
    "config.json": '{{"{name}": {{"host": "{name}", "port": {n}, "version": "{n}.{m}"}}}}\n',
}  # fmt: skip
_FILES = 7
"""Of a directory, on average, as in repositories of Go, of Kubernetes' charts and of Python."""

_ADDRESS = "{name}_URL: http://10.42.{m}.{n}:8080\n"
_WORDS = [
    "orders",
    "billing",
    "search",
    "stock",
    "mail",
    "users",
    "cart",
    "gateway",
    "ledger",
    "media",
    "audit",
    "export",
]


def make(root: Path, files: int, share: float = 0.0, seed: int = 1, size: int = 10_000) -> None:
    """Write a tree.

    Args:
        root: where.
        files: how many.
        share: how many of them, from 0 to 1, hold an address.
        seed: of what is random.
        size: bytes of a file, on average.
    """
    chance = random.Random(seed)
    for number in range(files):
        kind = chance.choice(list(_KINDS))
        service = number // _FILES
        directory = root / f"team-{service % 40}" / f"service-{service}"
        directory.mkdir(parents=True, exist_ok=True)
        text = _text(chance, kind, int(size * chance.uniform(0.2, 1.8)))
        if chance.random() < share:
            text += _line(chance, "# " * (kind[-3:] in (".py", ".go")) + _ADDRESS)
        (directory / f"{number}-{kind}").write_text(text)


def _text(chance: random.Random, kind: str, size: int) -> str:
    parts, held = [], 0
    while held < size:
        parts.append(_line(chance, _KINDS[kind]))
        held += len(parts[-1])
    return "".join(parts)


def _line(chance: random.Random, template: str) -> str:
    name = f"{chance.choice(_WORDS)}_{chance.choice(_WORDS)}"
    return template.format(
        name=name, upper=name.upper(), n=chance.randint(1, 250), m=chance.randint(0, 90)
    )


def downloaded(root: Path, packages: list[str]) -> None:
    """Unpack public packages of PyPI into a directory, as they are."""
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-compile"]
    subprocess.run([*command, "--target", str(root), *packages], check=True)


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else 0.0)
