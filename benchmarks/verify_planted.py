"""Plants broken Service names into real repositories, and counts what `refactor verify` tells.

    python -m benchmarks.verify_planted DIRECTORY...        each a checkout of one repository

Every name that holds as the repository has it is broken in known ways, one at a time in a copy of
its file; what is told beyond it, and what is told of the repository as it is, are false alarms. The
seconds are a processor's, of `refactor verify` and of the `refactor plan` that would bring the
repository to the names that it has: whole processes, the least of three runs.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from refactor.inventory import Inventory
from refactor.model import Finding
from refactor.plan.job import PlanJob
from refactor.repository.environments import Environments
from refactor.settings.types import Settings
from refactor.text.source import Source
from refactor.verify.model import Verification, Verified
from refactor.verify.run import verify

_TIMES = 3
_MOST_EACH = 40
"""Names of one repository that are broken."""


class Break(NamedTuple):
    """One way to break a name."""

    name: str
    host: Callable[[Verified], str | None]
    port: Callable[[Verified], int | None]
    verdicts: frozenset[str]


def _keep(one: Verified) -> str:
    return one.finding.host


def _slip(one: Verified) -> str | None:
    """Swap two letters in the Service's name."""
    first, dot, rest = one.finding.host.partition(".")
    if one.service is None or first != one.service.name or len(first) < 4:
        return None
    at = next((i for i in range(1, len(first) - 1) if first[i] != first[i + 1]), 0)
    return f"{first[:at]}{first[at + 1]}{first[at]}{first[at + 2 :]}{dot}{rest}" if at else None


def _space(one: Verified) -> str | None:
    """Leave a letter of the namespace out."""
    labels = one.finding.host.split(".")
    if (
        one.service is None
        or len(labels) < 2
        or len(labels[1]) < 5
        or labels[0] != one.service.name
    ):
        return None
    if labels[1] == "default":
        return None
    return ".".join([labels[0], labels[1][:2] + labels[1][3:], *labels[2:]])


def _domain(one: Verified) -> str | None:
    host = one.finding.host
    return host[:-2] if host.endswith(".svc.cluster.local") else None


def _same_port(one: Verified) -> int | None:
    return one.finding.port


def _other_port(one: Verified) -> int | None:
    return 65000 if one.finding.port_span and one.finding.port_from == "written" else None


BREAKS = (
    Break("a slip in the Service", _slip, _same_port, frozenset({"no-such-service"})),
    Break("a slip in the namespace", _space, _same_port, frozenset({"wrong-namespace"})),
    Break("a slip in the domain", _domain, _same_port, frozenset({"wrong-cluster-domain"})),
    Break("another port", _keep, _other_port, frozenset({"no-such-port"})),
)


def main() -> None:
    """Print a row for each repository, and the sums."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("roots", nargs="+", type=Path)
    parser.add_argument("--breaks", type=int, default=_MOST_EACH, help="of one repository")
    options = parser.parse_args()
    total: Counter[str] = Counter()
    print(
        "repository                                    names alarms planted told others  verify/plan"
    )
    for root in options.roots:
        row = _of(root, options.breaks)
        total.update({key: row[key] for key in ("names", "alarms", "planted", "told", "others")})
        print(
            f"{root.name[:44]:44} {row['names']:6} {row['alarms']:6} {row['planted']:7} {row['told']:4}"
            f" {row['others']:6}  {row['seconds'] / 100:.2f}/{row['plan'] / 100:.2f} s",
            flush=True,
        )
    print(dict(total))


def _of(root: Path, most: int) -> Counter[str]:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "repository"
        shutil.copytree(root, copy, symlinks=True)
        before = _verified(copy)
        spent = _spent("verify", copy, "--repository-only")
        row = Counter(
            names=len(before.names), alarms=len(before.broken), seconds=round(100 * spent)
        )
        row["plan"] = round(100 * _planned(root, Path(folder) / "addressed", before))
        for one in before.broken:
            print("  alarm:", _place(one))
        known = {_place(one) for one in before.broken}
        for held in _in_rounds(_planted(before), most):
            row.update(_broken(copy, held, known))
    return row


def _planned(root: Path, copy: Path, before: Verification) -> float:
    """Return the seconds of a plan that brings the repository to its names; 0 where it has none.

    In a copy each name that holds is an address, which an inventory says is its Service's.
    """
    shutil.copytree(root, copy, symlinks=True)
    held = [one for one in before.names if one.verdict == "ok" and one.service]
    services = {str(one.service): number for number, one in enumerate(held, 1)}
    ports: dict[str, set[int]] = {}
    for one in held:
        ports.setdefault(str(one.service), set()).add(one.finding.port or 80)
    for path in {one.finding.file for one in held}:
        source = Source(path, (copy / path).read_bytes())
        text = source.text
        here = [one for one in held if one.finding.file == path]
        edits = {(*one.finding.host_span, _address(services[str(one.service)])) for one in here}
        for start, end, new in sorted(edits, reverse=True):
            text = text[:start] + new + text[end:]
        (copy / path).write_bytes(source.encode(text))
    items = [_service(name, number, sorted(ports[name])) for name, number in services.items()]
    listed = {"apiVersion": "v1", "kind": "List", "items": items}
    inventory = copy.with_name("inventory.json")
    inventory.write_text(json.dumps(listed))
    return _spent("plan", copy, "-i", str(inventory)) if items else 0


def _spent(command: str, root: Path, *words: str) -> float:
    """Return the seconds of a processor that a command takes, with all its processes."""
    argv = [sys.executable, "-m", "refactor", command, str(root), *words]
    spent = []
    for _ in range(_TIMES):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(argv, stdout=subprocess.DEVNULL, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(sum(after[:2]) - sum(before[:2]))
    return min(spent)


def _address(number: int) -> str:
    return f"10.96.{number // 250}.{number % 250 + 1}"


def _service(name: str, number: int, ports: list[int]) -> dict[str, object]:
    space, _, own = name.rpartition("/")
    offered = [{"name": f"p{port}", "port": port} for port in ports]
    return {
        "kind": "Service",
        "metadata": {"name": own, "namespace": space or "default"},
        "spec": {"clusterIP": _address(number), "selector": {"app": own}, "ports": offered},
    }


def _planted(before: Verification) -> list[tuple[Verified, Break]]:
    found = [
        (one, way)
        for one in before.names
        if one.verdict == "ok"
        for way in BREAKS
        if (host := way.host(one))
        and (host != one.finding.host or way.port(one) != one.finding.port)
        if host != one.finding.host or way.port(one) is not None
    ]
    random.Random(7).shuffle(found)
    return found


def _in_rounds(
    planted: list[tuple[Verified, Break]], most: int
) -> Iterator[list[tuple[Verified, Break]]]:
    """Yield breaks that can be made together: one for each name."""
    left = planted[:most]
    while left:
        marks: set[str] = set()
        now = [one for one in left if not (one[0].finding.fingerprint in marks or marks.add(one[0].finding.fingerprint))]  # type: ignore[func-returns-value]  # fmt: skip
        yield now
        left = [one for one in left if one not in now]


def _broken(copy: Path, held: list[tuple[Verified, Break]], known: set[str]) -> Counter[str]:
    """Break some names, verify, and put the files back."""
    kept = {one.finding.file: (copy / one.finding.file).read_bytes() for one, _ in held}
    expected: dict[tuple[str, int, str], Break] = {}
    for path, data in kept.items():
        here = [(one, way) for one, way in held if one.finding.file == path]
        (copy / path).write_bytes(_edited(path, data, here))
        for one, way in here:
            expected[path, one.finding.line, str(way.host(one))] = way
    after = _verified(copy)
    for path, data in kept.items():
        (copy / path).write_bytes(data)
    told = {(one.finding.file, one.finding.line, one.finding.host): one for one in after.broken}
    hits = [
        key for key, way in expected.items() if key in told and told[key].verdict in way.verdicts
    ]
    for key, way in expected.items():
        if key not in hits:
            print("  missed:", *key, way.name, told[key].verdict if key in told else "")
    others = [one for key, one in told.items() if key not in expected and _place(one) not in known]
    for one in others:
        print("  other:", _place(one), one.why)
    return Counter(planted=len(expected), told=len(hits), others=len(others))


def _edited(path: str, data: bytes, held: list[tuple[Verified, Break]]) -> bytes:
    source = Source(path, data)
    edits = []
    for one, way in held:
        finding, host, port = one.finding, way.host(one), way.port(one)
        edits.append((*finding.host_span, str(host)))
        if port != finding.port and finding.port_span:
            edits.append((*finding.port_span, str(port)))
    text = source.text
    for start, end, new in sorted(set(edits), reverse=True):
        text = text[:start] + new + text[end:]
    return source.encode(text)


def _job(root: Path) -> PlanJob:
    settings = Settings()
    return PlanJob(root, [root], settings, Environments(settings, {"": Inventory()}))


def _verified(root: Path) -> Verification:
    return verify(_job(root), repository_only=True)


def _place(one: Verified) -> str:
    finding: Finding = one.finding
    return f"{finding.file}:{finding.line} {finding.host}:{finding.port} {one.verdict}"


if __name__ == "__main__":
    main()
