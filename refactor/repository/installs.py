"""Where a repository says that its charts and manifests are deployed, and with which values.

Sources: the API references of Argo CD (Application, ApplicationSet) and Flux (HelmRelease,
Kustomization), and those of helmfile.yaml, fleet.yaml and skaffold.yaml.
"""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from refactor.repository.model import ANYWHERE, Install
from refactor.yaml.kustomize import Kustomization
from refactor.yaml.plain import contents, down, maps, objects, text, texts

Read = Callable[[str], "bytes | None"]
Where = Mapping[str, Any]

_HELMFILE = re.compile(
    r"(?:^|/)helmfile(?:[\w.-]*)\.ya?ml(?:\.gotmpl)?$|(?:^|/)helmfile\.d/[^/]+\.ya?ml(?:\.gotmpl)?$"
)
_FLEET = re.compile(r"(?:^|/)fleet\.ya?ml$")
_SKAFFOLD = re.compile(r"(?:^|/)skaffold[\w.-]*\.ya?ml$")
_SAYS = re.compile(rb"argoproj\.io/|helm\.toolkit\.fluxcd\.io/|kustomize\.toolkit\.fluxcd\.io/")
_ACTION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_PARAMETER = re.compile(r"\{\{-?\s*\.?([\w.\-\[\]]+)\s*-?\}\}")
_MOST_ELEMENTS = 256
"""Applications that one ApplicationSet is taken to make."""


class Files(NamedTuple):
    """What installs are read from: all paths, sorted, and what gives a file's bytes."""

    paths: frozenset[str]
    read: Read


def installs(files: Files, kustomizations: Iterable[Kustomization] = ()) -> tuple[Install, ...]:
    """Return every deployment that the repository speaks of."""
    found: list[Install] = []
    for path in sorted(files.paths):
        if _HELMFILE.search(path):
            found += _helmfile(path, files)
        elif _FLEET.search(path):
            found += _fleet(path, files)
        elif _SKAFFOLD.search(path):
            found += _skaffold(path, files)
        elif path.endswith((".yaml", ".yml", ".json")):
            data = files.read(path)
            if data and _SAYS.search(data):
                for content in objects(data):
                    found += _of_object(path, content, files)
    for one in kustomizations:
        found += _inflated(one, files)
    return tuple(found)


def _inflated(one: Kustomization, files: Files) -> Iterator[Install]:
    for chart in one.charts:
        folder = chart.path if f"{chart.path}/Chart.yaml" in files.paths else ""
        space = chart.namespace or one.namespace
        yield Install(
            one.file, chart.place, folder, chart.release, space, chart.values,
            kind="helmCharts", inline=True,
        )  # fmt: skip


def _of_object(path: str, content: Where, files: Files) -> Iterator[Install]:
    group, kind = text(content, "apiVersion").partition("/")[0], content.get("kind")
    if group == "argoproj.io" and kind == "Application":
        yield from _application(path, content, ("spec",), files, {})
    elif group == "argoproj.io" and kind == "ApplicationSet":
        template = down(content, "spec", "template")
        for parameters in _generated(content, files):
            yield from _application(path, template, ("spec", "template", "spec"), files, parameters)
    elif group == "helm.toolkit.fluxcd.io" and kind == "HelmRelease":
        yield _release(path, content, files)
    elif group == "kustomize.toolkit.fluxcd.io" and kind == "Kustomization":
        spec = down(content, "spec")
        if space := _stated(text(spec, "targetNamespace")):
            folder = _inside("", text(spec, "path"))
            name = text(down(content, "metadata"), "name")
            yield Install(
                path, (), folder or ".", name, space, kind="Flux Kustomization", outranks=True
            )


def _application(
    path: str, content: Where, place: tuple[str, ...], files: Files, given: Mapping[str, str]
) -> Iterator[Install]:
    spec = down(content, "spec")
    said = text(down(spec, "destination"), "namespace")
    space = _stated(_filled(said, given))
    name = _filled(text(down(content, "metadata"), "name"), given)
    several = [(("sources", str(i)), one) for i, one in enumerate(maps(spec.get("sources")))]
    for where, source in [*several, (("source",), down(spec, "source"))]:
        if not source:
            continue
        helm = down(source, "helm")
        folder = _inside("", _filled(text(source, "path"), given))
        listed = [_filled(one, given) for one in texts(helm.get("valueFiles"))]
        values = tuple(v for one in listed for v in _argo_values(one, folder, files))
        own = text(helm, "namespace") or text(down(source, "kustomize"), "namespace")
        kind = "Application" if len(place) == 1 else "ApplicationSet"
        yield Install(
            path, (*place, *where), folder, text(helm, "releaseName") or name,
            _stated(own) or space, values, kind=kind,
            outranks=bool(text(down(source, "kustomize"), "namespace")), inline=bool(helm),
        )  # fmt: skip


def _argo_values(named: str, folder: str, files: Files) -> list[str]:
    """Return the files that Argo CD takes for a name: `$ref/…`, `/…`, or beside the chart."""
    if named.startswith("$"):
        named = f"/{named.partition('/')[2]}"
    base = "" if named.startswith("/") else folder
    return _matching(_inside(base, named.lstrip("/")), files)


def _generated(content: Where, files: Files) -> list[dict[str, str]]:
    """Return the parameters that an ApplicationSet's generators give; an empty set for unknown."""
    found: list[dict[str, str]] = []
    for generator in maps(down(content, "spec").get("generators")):
        elements = maps(down(generator, "list").get("elements"))
        found += [_flat(one) for one in elements]
        for wanted in maps(down(generator, "git").get("directories")):
            pattern = _inside("", text(wanted, "path"))
            if not wanted.get("exclude"):
                found += [_directory(one) for one in _folders(pattern, files)]
    return (found or [{}])[:_MOST_ELEMENTS]


def _flat(element: Where, prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in element.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{prefix}{key}.") if prefix.count(".") < 9 else {}
        else:
            found[f"{prefix}{key}"] = str(value)
    return found


def _folders(pattern: str, files: Files) -> list[str]:
    depth = pattern.count("/") + 1
    folders = {
        "/".join(path.split("/")[:depth]) for path in files.paths if path.count("/") >= depth
    }
    return sorted(folder for folder in folders if fnmatch.fnmatchcase(folder, pattern))


def _directory(folder: str) -> dict[str, str]:
    parts = folder.split("/")
    names = {f"path[{i}]": part for i, part in enumerate(parts)}
    names |= {f"path.segments[{i}]": part for i, part in enumerate(parts)}
    return names | {"path": folder, "path.path": folder, "path.basename": parts[-1]}


def _filled(said: str, given: Mapping[str, str]) -> str:
    return _PARAMETER.sub(lambda found: given.get(found[1], found[0]), said)


def _release(path: str, content: Where, files: Files) -> Install:
    spec, meta = down(content, "spec"), down(content, "metadata")
    chart = text(down(spec, "chart", "spec"), "chart")
    folder = _inside("", chart)
    here = f"{folder}/Chart.yaml" in files.paths
    maps_of = tuple((text(one, "kind"), text(one, "name")) for one in maps(spec.get("valuesFrom")))
    listed = texts(down(spec, "chart", "spec").get("valuesFiles"))
    return Install(
        path, ("spec", "values"), folder if here else "",
        text(spec, "releaseName") or text(meta, "name"),
        _stated(text(spec, "targetNamespace")),
        tuple(p for one in listed if (p := _inside("", one)) in files.paths),
        maps_of, "HelmRelease", inline=True,
    )  # fmt: skip


def _helmfile(path: str, files: Files) -> Iterator[Install]:
    folder = posixpath.dirname(path)
    for content in _templated(files.read(path)):
        if not isinstance(content, dict):
            continue
        everywhere = text(content, "namespace") or text(down(content, "helmDefaults"), "namespace")
        for number, release in (
            enumerate(content.get("releases") or ())
            if isinstance(content.get("releases"), list)
            else ()
        ):
            if not isinstance(release, dict):
                continue
            listed = [*texts(release.get("values")), *texts(release.get("secrets"))]
            yield Install(
                path, ("releases", str(number)), _chart(folder, text(release, "chart"), files),
                text(release, "name"), _stated(text(release, "namespace") or everywhere),
                tuple(v for one in listed for v in _matching(_inside(folder, one), files)),
                kind="helmfile", inline=True,
            )  # fmt: skip


def _items(content: Where, key: str) -> list[Where]:
    """Return a list's items by their place; what is no mapping is an empty one."""
    found = content.get(key)
    return (
        [one if isinstance(one, dict) else {} for one in found] if isinstance(found, list) else []
    )


def _fleet(path: str, files: Files) -> Iterator[Install]:
    folder = posixpath.dirname(path)
    for content in contents(files.read(path)):
        if not isinstance(content, dict):
            continue
        parts: list[tuple[tuple[str, ...], Where]] = [((), content)]
        parts += [
            (("targetCustomizations", str(i)), one)
            for i, one in enumerate(maps(content.get("targetCustomizations")))
        ]
        said = text(content, "namespace") or text(content, "defaultNamespace")
        whole = down(content, "helm")
        for place, part in parts:
            helm = down(part, "helm")
            space = text(part, "namespace") or text(part, "defaultNamespace") or said
            chart = _chart(folder, text(helm, "chart") or text(whole, "chart") or ".", files)
            listed = texts(helm.get("valuesFiles"))
            yield Install(
                path, place, chart or folder or ".",
                text(helm, "releaseName") or text(whole, "releaseName"), _stated(space),
                tuple(v for one in listed for v in _matching(_inside(folder, one), files)),
                kind="Fleet", outranks=bool(text(part, "namespace")), inline=True,
            )  # fmt: skip


def _skaffold(path: str, files: Files) -> Iterator[Install]:
    folder = posixpath.dirname(path)
    for content in contents(files.read(path)):
        for place, part in _profiles(content):
            for where in (("deploy", "helm"), ("manifests", "helm")):
                for number, release in enumerate(maps(down(part, *where).get("releases"))):
                    listed = texts(release.get("valuesFiles"))
                    yield Install(
                        path, (*place, *where, "releases", str(number)),
                        _chart(folder, text(release, "chartPath"), files), text(release, "name"),
                        _stated(text(release, "namespace")),
                        tuple(v for one in listed for v in _matching(_inside(folder, one), files)),
                        kind="Skaffold", inline=True,
                    )  # fmt: skip


def _profiles(content: Any) -> Iterator[tuple[tuple[str, ...], Where]]:
    if isinstance(content, dict):
        yield (), content
        for number, profile in enumerate(maps(content.get("profiles"))):
            yield ("profiles", str(number)), profile


def _templated(data: bytes | None) -> list[Any]:
    """Return the documents of a file that Go's templates may run through."""
    if data and b"{{" not in data:
        return contents(data)
    raw = (data or b"").decode("utf-8-sig", "replace")
    lines = ("" if re.fullmatch(r"\s*\{\{.*\}\}\s*", line) else line for line in raw.split("\n"))
    plain = _ACTION.sub("__action__", "\n".join(lines))
    return contents(plain.encode())


def _stated(said: str) -> str:
    """Return a namespace as it is said; `ANYWHERE` where only a template knows it."""
    return ANYWHERE if "{{" in said or "__action__" in said or "$" in said else said


def _chart(folder: str, named: str, files: Files) -> str:
    """Return the directory of a chart in this repository; "" where it is none."""
    place = _inside(folder, named)
    prefix = "" if place == "." else f"{place}/"
    return place if place and f"{prefix}Chart.yaml" in files.paths else ""


def _inside(folder: str, path: str) -> str:
    """Return a path from the root, "." for the root itself; "" where it is none inside."""
    if not path or "://" in path:
        return ""
    found = posixpath.normpath(posixpath.join(folder, path.lstrip("/") if not folder else path))
    return "" if found.startswith(("..", "/")) else found


def _matching(path: str, files: Files) -> list[str]:
    """Return the files that a path names, whose templated parts may be anything."""
    pattern = _ACTION.sub("*", path).replace("__action__", "*")
    if "*" not in pattern:
        return [pattern] if pattern in files.paths else []
    return sorted(fnmatch.filter(files.paths, pattern))
