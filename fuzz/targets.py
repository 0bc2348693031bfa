"""The targets by name: what is checked, and what the fuzzer begins with."""

from __future__ import annotations

import ast
import json
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from fuzz.readers import (
    TREE,
    check_address,
    check_inventory,
    check_journal,
    check_patterns,
    check_plan,
    check_settings,
    repository,
)
from fuzz.sources import alone, check_source, cluster, job
from refactor.apply.journal import Write, digest, encode, journal_of
from refactor.model import (
    Check,
    NewFile,
    NewService,
    Note,
    ObjectChange,
    Plan,
    ServiceRef,
    WorkloadRef,
)
from refactor.plan.driver import expected
from refactor.scan.file import scan_source
from refactor.scan.tree import ScannedFile
from refactor.text.source import Source
from tests.plans import plan_of
from tests.shop import FILES, ITEMS

TOP = Path(__file__).parent.parent
MAX_LENGTH = 4096
"""Bytes of an input."""


class Target(NamedTuple):
    """One thing to fuzz.

    Attributes:
        check: raises where some bytes break what is promised.
        seeds: what the fuzzer begins with.
    """

    check: Callable[[bytes], None]
    seeds: Callable[[], Iterator[bytes]]


def _tables(*names: str) -> Iterator[bytes]:
    """Yield every text that stands in some test modules: their tables are of all forms."""
    for path in sorted(path for name in names for path in (TOP / "tests").glob(name)):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value.encode("utf-8", "surrogatepass")


def _samples(*suffixes: str) -> Iterator[bytes]:
    for path in sorted((TOP / "samples").rglob("*")):
        if path.is_file() and path.name.endswith(suffixes):
            yield path.read_bytes()


def _yaml() -> Iterator[bytes]:
    yield from _tables("test_scan_yaml*.py", "test_embedded*.py", "forms.py")
    yield from _samples(".yaml", ".json")
    yield from (text.encode() for name, text in FILES.items() if name.endswith(".yaml"))


def _template() -> Iterator[bytes]:
    yield from _tables("test_scan_template*.py")
    yield from _samples(".tpl", "deployment.yaml", "configmap.yaml", "NOTES.txt")


def _python() -> Iterator[bytes]:
    yield from _tables("test_scan_python*.py", "test_python_env.py", "forms.py")
    yield from _samples(".py")
    yield FILES["app/settings.py"].encode()


def _text() -> Iterator[bytes]:
    yield from _tables("test_scan_text*.py", "test_kept.py", "forms.py")
    yield from _samples(".sh", "Dockerfile")


def _inventory() -> Iterator[bytes]:
    yield from (msgspec.json.encode(item) for item in ITEMS)
    yield msgspec.json.encode({"kind": "List", "apiVersion": "v1", "items": ITEMS[:4]})
    yield from _tables("test_inventory*.py")
    yield from _samples("service.yaml", "orders.yaml")


def _plans() -> Iterator[bytes]:
    swap = [("10.0.4.17", "orders")]
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        for name, data in TREE.items():
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_bytes(data)
        for plan in (plan_of(root, dict.fromkeys(TREE, swap)), plan_of(root, {}, {"x/y": "z\n"})):
            yield msgspec.json.encode(msgspec.structs.replace(plan, tool_version="1"))
    for path in sorted((TOP / "tests" / "golden").glob("*.json")):
        yield path.read_bytes()
    yield msgspec.json.encode(_whole_plan())
    evil = ("../outside", "/etc/passwd", "link/outside", ".git/config", "a\n\x1b[31m.yaml")
    for path in evil:
        yield json.dumps(
            {"format_version": 1, "tool_version": "1", "files": [{"path": path, "content": "x"}]}
        ).encode()


def _whole_plan() -> Plan:
    """Return a plan that has a little of everything."""
    source = Source(
        "a.yaml", b"url: http://u:p@10.0.0.1:80/\nhost: 10.9.9.9\nclusterIP: 10.0.0.2\n"
    )
    findings = scan_source(source, "yaml", cluster()).findings
    file = ScannedFile(source, "yaml", findings)
    rows, edited = alone(job(), file)
    assert edited
    workload, service = WorkloadRef("Deployment", "n", "w"), ServiceRef("n", "s")
    return Plan(
        tool_version="1",
        outcomes=expected(job(), [file]),
        changes=(edited.change,),
        files=(NewFile("new.yaml", "kind: Service\n", "a Service", ("f",)),),
        services=(NewService(service, workload, "new.yaml", "kind: Service\n", (80,)),),
        objects=(ObjectChange("a.yaml", "ConfigMap n/c", "data.url", "a", "b"),),
        checks=(*rows[0].checks, Check("render", "c", "failed", "differs")),
        notes=(Note("a.yaml", "unparsable", "does not parse", 3),),
        passed_over={"huge": 1},
        files_read=2,
        inventory={"cluster.json": "0" * 64},
    )


def _journals() -> Iterator[bytes]:
    root = repository()
    old, new = digest(TREE["a.yaml"]), digest(b"x")
    for path in ("a.yaml", "charts/b.yaml", "link/outside", "../outside", "x/y"):
        write = Write(path, old, new, 0o644, b"x")
        yield encode(journal_of(1, [write, write._replace(after="")], ["x"], 0), root)
        yield encode(journal_of(1, [write._replace(before="")], [path], 1), root)


TARGETS = {
    "yaml": Target(partial(check_source, "yaml"), _yaml),
    "template": Target(partial(check_source, "template"), _template),
    "python": Target(partial(check_source, "python"), _python),
    "text": Target(partial(check_source, "text"), _text),
    "address": Target(check_address, lambda: _tables("test_addresses*.py", "forms.py")),
    "inventory": Target(check_inventory, _inventory),
    "plan": Target(check_plan, _plans),
    "settings": Target(check_settings, lambda: _tables("test_settings.py", "test_gate.py")),
    "patterns": Target(check_patterns, lambda: _tables("test_gitignore.py", "test_walk.py")),
    "journal": Target(check_journal, _journals),
}


def seeds(target: Target) -> list[bytes]:
    """Return what a target begins with, each once, short enough for the fuzzer."""
    return list(dict.fromkeys(seed for seed in target.seeds() if 0 < len(seed) <= MAX_LENGTH))
