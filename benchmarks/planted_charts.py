"""Real charts with addresses in place of their own Service references: does the name come back?

    python -m benchmarks.planted_charts CHARTS… [--most N]

Each chart below CHARTS is rendered, a cluster is made of what it renders to, and wherever one of
its templates names one of its own Services, a pod's address (or the Service's cluster IP, where no
port is written) is put; one more goes into a list of extra variables in its values, if it has one.
Then the chart is planned and applied like a user's. The chart as its authors wrote it says what is
right: its render, under two releases in two namespaces, is what the migrated one has to give, but
for the long form of a name.
"""

from __future__ import annotations

import json
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from refactor import inventory
from refactor.apply.run import apply
from refactor.helm.cases import Case
from refactor.helm.changes import compare
from refactor.helm.charts import Chart, find_charts
from refactor.helm.engine import NoEngine
from refactor.helm.find import find_engine
from refactor.helm.noise import noise
from refactor.helm.renders import Renders
from refactor.helm.tree import Tree
from refactor.plan import PlanJob, make_plan
from refactor.repository.environments import Environments
from refactor.settings.types import Settings
from tests.rendered_cluster import as_json, cluster_of

RELEASE, NAMESPACE = "one", "here"
_PORT = r"(?::(?P<port>\{\{[^{}]*\}\}|\d+))?"
_DOMAIN = r"(?P<domain>\.\{\{-? *(?:\.|\$\.)?Release\.Namespace *-?\}\}(?:\.svc[\w.]*(?:\{\{[^{}]*\}\})?)?)?"
_SPOKEN = re.compile(
    r"(?<![\w-])\{\{-? *(?:include|template) \"[^\"]+\" [^{}|]*(?:\| *trim *)?\}\}(?:-[\w-]+)?"
    + _DOMAIN
    + _PORT
    + r"(?=[/\"'\s,]|$)",
    re.MULTILINE,
)
MOST_SITES = 40
_EXTRA = re.compile(r"^( *)(extraEnvVars|extraEnv|extraEnvs|envs?): *\[ *\] *$", re.MULTILINE)


class Site(NamedTuple):
    """A place where a template names a Service of its own chart."""

    file: str
    start: int
    end: int
    text: str
    address: str
    filled: str = ""


def charts_under(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("Chart.yaml")):
        if (
            "charts" not in file.parent.relative_to(folder).parts[1:-1]
            or file.parent.parent.name != "charts"
        ):
            yield file.parent


def copy_with_needs(chart: Path, into: Path) -> None:
    """Copy a chart, and the sibling charts that it declares."""
    if (into / chart.name).exists():
        return
    shutil.copytree(chart, into / chart.name, symlinks=False, ignore_dangling_symlinks=True)
    (found,) = find_charts(
        ["Chart.yaml"],
        lambda path: (chart / path).read_bytes() if (chart / path).is_file() else None,
    )
    for need in found.dependencies:
        sibling = chart.parent / need.name
        if (sibling / "Chart.yaml").is_file():
            copy_with_needs(sibling, into)


def objects(
    root: Path, chart: Chart, charts: Any, engine: Any, release: str, namespace: str, values: Any
) -> Any:
    with Renders(root, charts, engine) as renders:
        case = Case(chart.path, release, namespace, values)
        first = renders.render(case)
        second = renders.render(case, anew=True)
        known = noise(first.objects, second.objects)
        return first.error, known, known.settled(first.objects)


def sites(renders: Renders, case: Case, cluster: dict[str, Any]) -> list[Site]:
    """Find where templates name Services of their own chart, and the address that stands for it."""
    found: list[Site] = []
    base = renders.render(case)
    chart = renders.chart(case)
    named = {o.identity.name for o in base.objects if o.identity.kind == "Service"}
    for path in renders.tree.below(chart.file("templates"))[0]:
        text = renders.tree.source(path).text
        for match in _SPOKEN.finditer(text) if path.endswith((".yaml", ".yml", ".tpl")) else ():
            if "/tests/" in path or re.search(
                r"[nN]ame: *[\"']?$", text[: match.start()].rpartition("\n")[2]
            ):
                continue  # what names the object itself, or refers to one
            site = _site(renders, case, base, path, match, named, cluster)
            if site:
                found.append(site)
            if len(found) >= MOST_SITES:
                return found
    return found


def _site(
    renders: Renders,
    case: Case,
    base: Any,
    path: str,
    match: re.Match[str],
    named: set[str],
    cluster: dict[str, Any],
) -> Site | None:
    """Believe a place only where it shows in the render as this Service, with this port."""
    text = renders.tree.source(path).text
    tried = text[: match.start()] + "ZZPLANTZZ" + text[match.end() :]
    rendering = renders.render(case, {path: tried.encode()})
    if rendering.error:
        return None
    changes = compare(base.objects, rendering.objects)
    if any(c.before is None or c.after is None for c in changes):
        return None  # an object's own name
    changes = tuple(c for c in changes if "ZZPLANTZZ" in str(c.after))
    for change in changes:
        before, after = str(change.before), str(change.after)
        head, _, tail = after.partition("ZZPLANTZZ")
        if (
            after.count("ZZPLANTZZ") != 1
            or not before.startswith(head)
            or not before.endswith(tail)
        ):
            return None
        said = before[len(head) : len(before) - len(tail)]
        host, _, port = said.partition(":")
        service = host.split(".")[0]
        if service not in named or (port and not port.isdigit()):
            return None
        address = _address(cluster, service, int(port) if port else None)
        return Site(path, match.start(), match.end(), match[0], address) if address else None
    return None


def _address(cluster: dict[str, Any], service: str, port: int | None) -> str:
    """Return a pod's address and container port for a Service's port; else the cluster IP."""
    for item in cluster["items"]:
        if item["kind"] != "Service" or item["metadata"]["name"] != service:
            continue
        spec = item["spec"]
        ip = spec.get("clusterIP", "")
        if port is None or ip == "None":
            return ip if ip not in ("", "None") and port is None else ""
        target = next(
            (p.get("targetPort", p["port"]) for p in spec.get("ports") or [] if p["port"] == port),
            None,
        )
        for pod in cluster["items"]:
            labels = pod["metadata"].get("labels") or {}
            selector = spec.get("selector") or {}
            if pod["kind"] != "Pod" or not selector or not selector.items() <= labels.items():
                continue
            for container in pod["spec"].get("containers") or []:
                for declared in container.get("ports") or []:
                    if target in (declared.get("name"), declared["containerPort"]):
                        return f"{pod['status']['podIP']}:{declared['containerPort']}"
        return f"{ip}:{port}" if ip else ""
    return ""


def extras(renders: Renders, case: Case, cluster: dict[str, Any]) -> list[Site]:
    """Find the empty lists of extra variables that a chart's values offer, and fill them."""
    path = renders.chart(case).file("values.yaml")
    text = renders.tree.source(path).text
    pods = [p for p in cluster["items"] if p["kind"] == "Pod"]
    services = [
        s
        for s in cluster["items"]
        if s["kind"] == "Service" and s["spec"].get("clusterIP", "None") != "None"
    ]
    found = []
    for index, match in enumerate(_EXTRA.finditer(text)):
        if not services or not pods:
            break
        service = services[index % len(services)]
        address = _address(
            cluster, service["metadata"]["name"], service["spec"]["ports"][0]["port"]
        )
        pad = match[1]
        filled = (
            f"{pad}{match[2]}:\n{pad}  - name: PLANTED_{index}\n{pad}    value: http://{address}/x"
        )
        changed = text[: match.start()] + filled + text[match.end() :]
        rendering = renders.render(case, {path: changed.encode()})
        if not rendering.error and any(address in m.text for m in rendering.manifests):
            found.append(
                Site(path, match.start(), match.end(), service["metadata"]["name"], address, filled)
            )
    return found


def plant(root: Path, found: list[Site], chart: Chart, cluster: dict[str, Any]) -> int:
    by_file: dict[str, list[Site]] = {}
    for site in found:
        by_file.setdefault(site.file, []).append(site)
    for file, held in by_file.items():
        text = (root / file).read_bytes().decode()
        for site in sorted(held, key=lambda s: -s.start):
            text = text[: site.start] + (site.filled or site.address) + text[site.end :]
        (root / file).write_bytes(text.encode())
    return len(found)


def run(folder: Path, engine: Any) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        copy_with_needs(folder, root / "charts")
        files = [p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()]
        charts = find_charts(files, Tree(root).read)
        chart = next(c for c in charts if c.path == f"charts/{folder.name}")
        if chart.library:
            return {"skipped": "a library"}
        values: tuple[str, ...] = ()
        with Renders(root, charts, engine) as renders:
            case = Case(chart.path, RELEASE, NAMESPACE)
            first = renders.render(case)
            for trial in chart.trials if first.error else ():
                if not renders.render(Case(chart.path, RELEASE, NAMESPACE, (trial,))).error:
                    values, case = (trial,), Case(chart.path, RELEASE, NAMESPACE, (trial,))
                    break
            first = renders.render(case)
            if first.error:
                return {"skipped": first.error.splitlines()[0][:90]}
            cluster = cluster_of(first.objects)
            found = [*sites(renders, case, cluster), *extras(renders, case, cluster)]
        places = ((RELEASE, NAMESPACE), ("two", "there"))
        original = [objects(root, chart, charts, engine, r, n, values) for r, n in places]
        if not found:
            return {"skipped": "names none of its Services plainly"}
        plant(root, found, chart, cluster)
        (root / ".git").mkdir()
        (root / "cluster.json").write_text(as_json(cluster))
        known = inventory.load([str(root / "cluster.json")], mappings=(), stdin=lambda: b"")
        settings = Settings(namespace=NAMESPACE)
        started = time.perf_counter()
        plan = make_plan(
            PlanJob(root, (root / "charts",), settings, Environments(settings, {"": known}))
        )
        took = time.perf_counter() - started
        planted = {(s.file, s.address.split(":")[0]) for s in found}
        outcomes = [o for o in plan.outcomes if (o.finding.file, o.finding.host) in planted]
        apply(plan, root, allow_dirty=True)
        wrong = []
        left = {o.finding.host for o in outcomes if not o.edited}
        for (release, namespace), (_, known_noise, old) in zip(places, original, strict=True):
            error, _, new = objects(root, chart, charts, engine, release, namespace, values)
            if error:
                wrong.append(error)
                continue
            literal = any(o.edited and "{{" not in o.new for o in outcomes)
            for change in compare(old, new):
                if (
                    known_noise.covers(change)
                    or _same(change, namespace)
                    or "checksum" in change.path
                ):
                    continue
                if "[PLANTED_" in change.path or (_holds_planted(change.after)):
                    wrong += _astray(change, release, namespace, found, new)
                    continue
                if any(host in str(change.after) for host in left):
                    continue  # still an address: left, and listed so
                if literal and release != RELEASE and f".{NAMESPACE}.svc" in str(change.after):
                    continue  # a literal is of one release, and says so
                if literal and release != RELEASE and RELEASE in str(change.after):
                    continue
                wrong.append(str(change))
        return {
            "planted": len(found),
            "back": sum(o.edited and "{{" in o.new for o in outcomes),
            "literal": sum(o.edited and "{{" not in o.new for o in outcomes),
            "left": Counter(f"{o.reason}: {o.why}"[:150] for o in outcomes if not o.edited),
            "unseen": len(found) - len(outcomes),
            "wrong": wrong,
            "seconds": took,
            "checks": Counter(f"{c.name} {c.state}" for c in plan.checks),
        }


def _holds_planted(value: Any) -> bool:
    return "PLANTED_" in str(value)


def _astray(
    change: Any, release: str, namespace: str, found: list[Site], objects: Any
) -> list[str]:
    """What is wrong with a planted variable: it has to name a Service that is there."""
    services = {o.identity.name for o in objects if o.identity.kind == "Service"}
    wrong = []
    for host in re.findall(r"http://([^/:'\"]+)(?::\d+)?/x", str(change.after)):
        if re.fullmatch(r"[\d.]+", host):
            continue  # still an address, and listed as left
        own = host.split(".")[0] in services and (namespace in host.split(".") or "." not in host)
        if not own and f".{NAMESPACE}.svc" not in host and release == RELEASE:
            wrong.append(f"{change.path}: {host} is no Service of {release}")
    return wrong


def _same(change: Any, namespace: str) -> bool:
    """Whether two texts are the same but for the long form of a name in its own namespace."""
    forms = re.compile(rf"\.{re.escape(namespace)}(?:\.svc(?:\.cluster\.local)?)?\.?(?![\w-])")
    ports = re.compile(r"(?<=[\w}]):(?:80|443)(?!\d)")

    def plain(value: Any) -> str:
        return ports.sub("", forms.sub("", str(value)))

    return plain(change.before) == plain(change.after)


def main(args: list[str]) -> int:
    most = int(args[args.index("--most") + 1]) if "--most" in args else 1000
    folders = [Path(a) for a in args if Path(a).is_dir()]
    engine = find_engine()
    if isinstance(engine, NoEngine):
        print(engine.reason)
        return 2
    total: Counter[str] = Counter()
    seconds = []
    for chart in [c for folder in folders for c in charts_under(folder)][:most]:
        try:
            told = run(chart, engine)
        except Exception as error:
            told = {"skipped": f"CRASH {type(error).__name__}: {error}"[:200]}
        if "skipped" in told:
            total["skipped"] += 1
            print(f"{chart.name:40} - {told['skipped']}")
            continue
        seconds.append(told["seconds"])
        for key in ("planted", "back", "literal", "unseen"):
            total[key] += told[key]
        total["left"] += sum(told["left"].values())
        total["wrong"] += len(told["wrong"])
        total["charts"] += 1
        numbers = " ".join(f"{key} {told[key]}" for key in ("planted", "back", "literal", "unseen"))
        print(
            f"{chart.name:40} {numbers} left {sum(told['left'].values())} wrong {len(told['wrong'])} {told['seconds']:.2f} s"
        )
        for why, count in told["left"].items():
            print(f"    left {count}: {why}")
        for problem in told["wrong"][:5]:
            print(f"    WRONG {problem[:300]}")
        sys.stdout.flush()
    engine.close()
    print(json.dumps(total), f"median {statistics.median(seconds or [0]):.2f} s a chart")
    return int(total["wrong"] > 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
