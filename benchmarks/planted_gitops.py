"""Public GitOps repositories with addresses in place of their Service names: do the names come back?

    python -m benchmarks.planted_gitops REPOSITORIES… [--show]

Each directory is a checked-out repository. A reference is `name.namespace.svc…` anywhere in its
files, or `name:port` where a manifest of the same directory makes that Service. For every Service
that is referred to, a cluster gets the Service, with the ports that are dialled (each leads to
another container port), and a pod; a repository's own manifest of it says its selector and ports.
Where a port is written the pod's address and port are planted, else the Service's cluster IP. Then
the repository is planned like a user's, and each place is held against what its author wrote: the
same Service and port, by a name that its namespace knows. What else differs is wrong, too.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from refactor.model import Plan
from refactor.plan import PlanJob, make_plan
from refactor.repository.environments import Environments
from refactor.settings.types import Settings
from refactor.text.source import Source, splice
from refactor.yaml.plain import down, maps, objects, text
from tests.clusters import cluster, deployed, service, sport

ASSUMED = "assumed"
_LABEL = r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
_FULL = re.compile(
    rf"(?<![\w.{{}}$@-])(?P<name>{_LABEL})\.(?P<space>{_LABEL})\.svc(?:\.cluster\.local)?\.?(?::(?P<port>\d{{2,5}})(?!\d))?(?![\w.-]|:\d)"
)
_READ = frozenset(
    ["yaml", "yml", "json", "env", "properties", "toml", "conf", "cfg", "ini", "py", "sh"]
)
_LARGEST = 500_000
_MOST = 400
"""References of one repository."""


class Site(NamedTuple):
    """A place where a Service is named, and what is put there."""

    file: str
    start: int
    end: int
    name: str
    space: str
    port: int | None
    address: str = ""

    @property
    def forms(self) -> set[str]:
        """What may stand there afterwards: the Service by any of its names."""
        inner = f"{self.name}.{self.space}"
        names = {self.name, inner, f"{inner}.svc", f"{inner}.svc.cluster.local"}
        return names if self.port is None else {f"{name}:{self.port}" for name in names}


Made = dict[tuple[str, str], dict[str, Any]]
"""The Services that a repository's own manifests make: their specs, by namespace and name."""


def texts(root: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(root.rglob("*")):
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _LARGEST:
            continue
        if path.suffix.lstrip(".") in _READ and not {".git", "node_modules"} & {*path.parts}:
            try:
                yield path.relative_to(root).as_posix(), path.read_bytes().decode()
            except UnicodeDecodeError:
                continue


def made_by(files: Mapping[str, str]) -> tuple[Made, Mapping[str, set[str]]]:
    """Return the Services of raw manifests, and the names of those in each directory."""
    found: Made = {}
    beside: defaultdict[str, set[str]] = defaultdict(set)
    for path, content in files.items():
        if "/templates/" in f"/{path}" or not re.search(r"(?m)^kind:\s*Service\s*$", content):
            continue
        for one in objects(content.encode()):
            if one.get("kind") == "Service" and one.get("apiVersion") == "v1":
                meta = down(one, "metadata")
                name, space = text(meta, "name"), text(meta, "namespace") or ASSUMED
                if name and down(one, "spec").get("type") != "ExternalName":
                    found.setdefault((space, name), dict(down(one, "spec")))
                    beside[path.rpartition("/")[0]].add(name)
    return found, beside


def sites(files: Mapping[str, str], beside: Mapping[str, set[str]], made: Made) -> list[Site]:
    found = []
    for path, content in files.items():
        for match in _FULL.finditer(content):
            port = int(match["port"]) if match["port"] else None
            found.append(Site(path, *match.span(), match["name"], match["space"], port))
        for name in sorted(beside.get(path.rpartition("/")[0], ())):
            short = re.compile(
                rf"(?<=://){re.escape(name)}:(?P<port>\d{{2,5}})(?=[/\"'\s,]|$)", re.MULTILINE
            )
            if (ASSUMED, name) in made:
                spans = ((m.span(), int(m["port"])) for m in short.finditer(content))
                found += (Site(path, *span, name, ASSUMED, port) for span, port in spans)
    return found[:_MOST]


def planted(found: list[Site], made: Made) -> tuple[list[Any], list[Site]]:
    """Return a cluster with all the Services, and the places with their addresses."""
    ports: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for site in found:
        ports[site.space, site.name] |= {site.port} if site.port else set()
    items: list[Any] = []
    placed: list[Site] = []
    for number, ((space, name), dialled) in enumerate(sorted(ports.items()), 1):
        spec = made.get((space, name), {})
        selector = {k: str(v) for k, v in down(spec, "selector").items()} or {"planted": name}
        told = {
            p["port"]: p.get("targetPort", p["port"])
            for p in maps(spec.get("ports"))
            if "port" in p
        }
        headless = spec.get("clusterIP") == "None"
        targets = {
            p: told.get(p, p if headless else 20_000 + p % 10_000)
            for p in (dialled or told or {80})
        }
        numbers = {p: t if isinstance(t, int) else 20_000 + p % 10_000 for p, t in targets.items()}
        declared = [
            {"containerPort": numbers[p], "protocol": "TCP", **({"name": t} if isinstance(t, str) else {})}
            for p, t in targets.items()
        ]  # fmt: skip
        pod_ip, own_ip = (f"{net}.{number // 250}.{number % 250 + 1}" for net in ("10.77", "10.43"))
        listed = [sport(p, t, f"p{p}") for p, t in targets.items()]
        items += deployed(name, pod_ip, *declared, ns=space, labels=selector)
        items.append(service(name, "None" if headless else own_ip, selector, *listed, ns=space))
        for site in found:
            if (site.space, site.name) == (space, name) and not (headless and site.port is None):
                address = own_ip if site.port is None else f"{pod_ip}:{numbers[site.port]}"
                placed.append(site._replace(address=address))
    return items, sorted(placed)


def after(plan: Plan, root: Path, path: str) -> str:
    source = Source(path, (root / path).read_bytes())
    edits = [e for change in plan.changes if change.path == path for e in change.edits]
    return splice(source.text, [(*edit.span, edit.new) for edit in edits])


def run(folder: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as made:
        root = Path(made, "repository")
        shutil.copytree(folder, root, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        subprocess.run(["git", "init", "-q", str(root)], check=True)
        files = dict(texts(root))
        services, beside = made_by(files)
        items, placed = planted(sites(files, beside, services), services)
        before: dict[str, str] = {}
        for path in {site.file for site in placed}:
            held = [site for site in placed if site.file == path]
            before[path] = splice(files[path], [(s.start, s.end, s.address) for s in held])
            (root / path).write_bytes(before[path].encode())
        settings = Settings(namespace=ASSUMED)
        homes = Environments(settings, {"": cluster(*items)}, ASSUMED)
        started = time.process_time()
        plan = make_plan(PlanJob(root, [root], settings, homes))
        told = judged(plan, root, files, placed)
        return told | {
            "seconds": time.process_time() - started,
            "services": len({s[3:5] for s in placed}),
        }


def judged(plan: Plan, root: Path, files: Mapping[str, str], placed: list[Site]) -> dict[str, Any]:
    """Hold what the plan leaves against what the authors wrote, place by place."""
    found: Counter[str] = Counter()
    left: Counter[str] = Counter()
    wrong: list[str] = []
    why = {
        (o.finding.file, o.finding.line, o.finding.host): f"{o.reason}: {o.why}"[:110]
        for o in plan.outcomes
        if not o.edited
    }
    for path in sorted({site.file for site in placed}):
        new, old, at, to = after(plan, root, path), files[path], 0, 0
        for site in (s for s in placed if s.file == path):
            between = old[at : site.start]
            if new[to : to + len(between)] != between:
                wrong.append(f"{path}: before {site.name}.{site.space}: more changed than the name")
                break
            to += len(between)
            line = old.count("\n", 0, site.start) + 1
            rest = new[to:]
            names = sorted((f for f in site.forms if rest.startswith(f)), key=len, reverse=True)
            if names:
                found["short" if names[0].split(":")[0] == site.name else "full"] += 1
                if names[0].split(":")[0] == site.name and not at_home(old, path, site, root):
                    wrong.append(f"{path}:{line}: {names[0]} is short, of {site.space}")
                to += len(names[0])
            elif rest.startswith(site.address):
                found["left"] += 1
                left[
                    why.get(
                        (path, line, site.address.split(":")[0]), "not seen: a comment or prose"
                    )
                ] += 1
                to += len(site.address)
            else:
                wrong.append(
                    f"{path}:{line}: {rest[:60]!r} for {site.name}.{site.space}:{site.port}"
                )
                break
            at = site.end
        else:
            if new[to:] != old[at:]:
                wrong.append(f"{path}: after the last name: more changed")
    return {
        "planted": len(placed),
        **found,
        "left_why": left,
        "wrong": wrong,
        "new": len(plan.files),
    }


def at_home(content: str, path: str, site: Site, root: Path) -> bool:
    """Say whether anything near a place says its Service's namespace: the object, or what deploys it."""
    if site.space == ASSUMED:
        return not re.search(r"(?m)^namespace:", _kustomization(root / path))
    begin = content.rfind("\n---", 0, site.start)
    end = content.find("\n---", site.start)
    said = re.compile(
        rf"(?m)\b(?:namespace|targetNamespace):\s*[\"']?{re.escape(site.space)}[\"']?\s*$"
    )
    if said.search(content[max(begin, 0) : end if end >= 0 else None]):
        return True
    folder = (root / path).parent
    for _ in range(5):
        near = (
            one
            for one in folder.glob("*")
            if one.suffix in (".yaml", ".yml") or one.name == "Kustomization"
        )
        if any(said.search(one.read_text(errors="replace")) for one in near if one.is_file()):
            return True
        if folder == root:
            return False
        folder = folder.parent
    return False


def _kustomization(path: Path) -> str:
    return "".join(
        one.read_text(errors="replace")
        for name in ("kustomization.yaml", "kustomization.yml", "Kustomization")
        if (one := path.parent / name).is_file()
    )


def main(args: list[str]) -> int:
    total: Counter[str] = Counter()
    why: Counter[str] = Counter()
    for folder in (Path(arg) for arg in args if not arg.startswith("-")):
        try:
            told = run(folder)
        except Exception as error:
            print(f"{folder.name:45} CRASH {type(error).__name__}: {error}"[:200], flush=True)
            total["crashes"] += 1
            continue
        numbers = {
            key: told.get(key, 0) for key in ("services", "planted", "short", "full", "left")
        }
        total.update({**numbers, "wrong": len(told["wrong"]), "repositories": 1})
        why.update(told["left_why"])
        print(
            f"{folder.name:45} {json.dumps(numbers)} wrong {len(told['wrong'])} {told['seconds']:.1f} s",
            flush=True,
        )
        if "--show" in args:
            for reason, count in told["left_why"].most_common(12):
                print(f"    left {count}: {reason}")
        for problem in told["wrong"][:20]:
            print(f"    WRONG {problem}", flush=True)
    print(json.dumps(total))
    for reason, count in why.most_common(25):
        print(f"    left {count}: {reason}")
    return int(total["wrong"] + total["crashes"] > 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
