"""Where a repository says that its charts and manifests are deployed, and with which values.

Sources: the API references of Argo CD (Application, ApplicationSet) and Flux (HelmRelease,
Kustomization), and those of helmfile.yaml, fleet.yaml and skaffold.yaml.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from refactor.errors import RefactorError
from refactor.helm.inline import Form, Inline, templated
from refactor.repository.argo import application
from refactor.repository.files import Files, chart_at, inside, matching, stated, values_of
from refactor.repository.generators import NOTHING, generated
from refactor.repository.model import ANYWHERE, Install
from refactor.repository.values_from import Given, ValuesFrom
from refactor.yaml.kustomize import Kustomization
from refactor.yaml.plain import down, maps, objects, text, texts

Where = Mapping[str, Any]

_MOST_SAID = 200_000
"""Deployments of one repository and the values files of each, counted together."""

_HELMFILE = re.compile(
    r"(?:^|/)helmfile(?:[\w.-]*)\.ya?ml(?:\.gotmpl)?$|(?:^|/)helmfile\.d/[^/]+\.ya?ml(?:\.gotmpl)?$"
)
_FLEET = re.compile(r"(?:^|/)fleet\.ya?ml$")
_SKAFFOLD = re.compile(r"(?:^|/)skaffold[\w.-]*\.ya?ml$")
_OF_SKAFFOLD: tuple[tuple[str, Form], ...] = (("overrides", "map"), ("setValues", "pairs"))
_SAYS = re.compile(rb"argoproj\.io/|helm\.toolkit\.fluxcd\.io/|kustomize\.toolkit\.fluxcd\.io/")


def installs(files: Files, kustomizations: Iterable[Kustomization] = ()) -> tuple[Install, ...]:
    """Return every deployment that the repository speaks of.

    Raises:
        RefactorError: it speaks of so many that readers would be missing.
    """
    found, weight = [], 0
    for one in _said(files, kustomizations):
        found.append(one)
        weight += 1 + len(one.values) + len(one.spoken)
        if weight > _MOST_SAID:
            message = f"the repository describes more than {_MOST_SAID:,} deployments"
            remedy = "leave the file out with `exclude` in the settings"
            raise RefactorError(message, where=one.file, remedy=remedy)
    return tuple(found)


def _said(files: Files, kustomizations: Iterable[Kustomization]) -> Iterator[Install]:
    kustomizations = tuple(kustomizations)
    given = ValuesFrom(files, kustomizations)
    for path in sorted(files.paths):
        if _HELMFILE.search(path):
            yield from _helmfile(path, files)
        elif _FLEET.search(path):
            yield from _fleet(path, files)
        elif _SKAFFOLD.search(path):
            yield from _skaffold(path, files)
        elif path.endswith((".yaml", ".yml", ".json")):
            data = files.read(path)
            if data and _SAYS.search(data):
                for number, content in enumerate(objects(data)):
                    yield from _of_object((path, number), content, files, given)
    for one in kustomizations:
        yield from _inflated(one, files)


def _inflated(one: Kustomization, files: Files) -> Iterator[Install]:
    for chart in one.charts:
        folder = chart.path if f"{chart.path}/Chart.yaml" in files.paths else ""
        space = chart.namespace or one.namespace
        yield Install(
            one.file, chart.place, folder, chart.release, space, chart.values,
            kind="helmCharts", given=(Inline(one.file, 0, "", (*chart.place, "valuesInline")),),
        )  # fmt: skip


def _of_object(
    where: tuple[str, int], content: Where, files: Files, given: ValuesFrom
) -> Iterator[Install]:
    path, name = where[0], text(down(content, "metadata"), "name")
    group, kind = text(content, "apiVersion").partition("/")[0], content.get("kind")
    if group == "argoproj.io" and kind == "Application":
        yield from application(where, content, ("spec",), files, NOTHING, name)
    elif group == "argoproj.io" and kind == "ApplicationSet":
        template = down(content, "spec", "template")
        for parameters in generated(where, content, files):
            place = ("spec", "template", "spec")
            yield from application(where, template, place, files, parameters, name)
    elif group == "helm.toolkit.fluxcd.io" and kind == "HelmRelease":
        yield from _release(where, content, files, given)
    elif group == "kustomize.toolkit.fluxcd.io" and kind == "Kustomization":
        spec = down(content, "spec")
        if space := stated(text(spec, "targetNamespace")):
            folder = inside("", text(spec, "path"))
            yield Install(
                path, (), folder or ".", name, space, kind="Flux Kustomization", outranks=True
            )


def _release(
    where: tuple[str, int], content: Where, files: Files, given: ValuesFrom
) -> Iterator[Install]:
    path, number = where
    spec, meta = down(content, "spec"), down(content, "metadata")
    chart = text(down(spec, "chart", "spec"), "chart")
    folder = inside("", chart)
    here = f"{folder}/Chart.yaml" in files.paths
    maps_of = tuple((text(one, "kind"), text(one, "name")) for one in maps(spec.get("valuesFrom")))
    listed = texts(down(spec, "chart", "spec").get("valuesFiles"))
    values = tuple(p for one in listed if (p := inside("", one)) in files.paths)
    own = (Inline(path, number, text(meta, "name"), ("spec", "values")),)
    for more in given.of(spec) if here else (Given(),):
        yield Install(
            path, ("spec", "values"), folder if here else "",
            text(spec, "releaseName") or text(meta, "name"),
            stated(text(spec, "targetNamespace")), (*values, *more.files), maps_of, "HelmRelease",
            given=(*more.inline, *(own if spec.get("values") else ())),
            stands=text(meta, "namespace"),
        )  # fmt: skip


def _helmfile(path: str, files: Files) -> Iterator[Install]:
    folder, parts = posixpath.dirname(path), templated(files.read(path))
    spoken = tuple(dict.fromkeys((path, *_environments(path, parts, files))))
    for index, content in enumerate(parts):
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
                path, ("releases", str(number)), chart_at(folder, text(release, "chart"), files),
                text(release, "name"), stated(text(release, "namespace") or everywhere),
                values_of((inside(folder, one) for one in listed), files),
                kind="helmfile", spoken=spoken,
                given=tuple(_of_helmfile((path, index), ("releases", str(number)), release)),
            )  # fmt: skip
        for one in maps(content.get("helmfiles")):
            handed = values_of((inside(folder, v) for v in texts(one.get("values"))), files)
            yield Install(path, namespace=ANYWHERE, kind="helmfile", spoken=(path, *handed))


def _environments(path: str, parts: Iterable[Where], files: Files) -> Iterator[str]:
    """Yield the files whose values every template of a helmfile is given."""
    folder = posixpath.dirname(path)
    for content in parts:
        for base in texts(content.get("bases")):
            for other in matching(inside(folder, base), files):
                yield other
                if other != path:
                    yield from _environments(other, templated(files.read(other)), files)
        for one in down(content, "environments").values():
            for field in ("values", "secrets"):
                listed = texts(one.get(field)) if isinstance(one, dict) else ()
                yield from values_of((inside(folder, named) for named in listed), files)


def _of_helmfile(
    where: tuple[str, int], place: tuple[str, ...], release: Where
) -> Iterator[Inline]:
    """Yield the values that stand in a helmfile; the file is a template itself."""
    listed = release.get("values")
    for number, one in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(one, dict):
            yield Inline(*where, "", (*place, "values", str(number)), evaluated=True)
    if isinstance(release.get("set"), list):
        yield Inline(*where, "", (*place, "set"), "pairs", evaluated=True)


def _fleet(path: str, files: Files) -> Iterator[Install]:
    folder = posixpath.dirname(path)
    for index, content in enumerate(objects(files.read(path))):
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
            chart = chart_at(folder, text(helm, "chart") or text(whole, "chart") or ".", files)
            built = text(down(part, "kustomize"), "dir") or text(down(content, "kustomize"), "dir")
            # A target's values are laid over those of the whole.
            laid = [((), whole)] + [(place, helm)] * bool(place)
            listed = [one for _, given in laid for one in texts(given.get("valuesFiles"))]
            yield Install(
                path, place, chart or inside(folder, built or ".") or ".",
                text(helm, "releaseName") or text(whole, "releaseName"), stated(space),
                values_of((inside(folder, one) for one in listed), files),
                kind="Fleet", outranks=bool(text(part, "namespace")),
                given=tuple(
                    Inline(path, index, "", (*at, "helm", "values"))
                    for at, given in laid
                    if given.get("values")
                ),
            )  # fmt: skip


def _skaffold(path: str, files: Files) -> Iterator[Install]:
    folder = posixpath.dirname(path)
    for index, content in enumerate(objects(files.read(path))):
        for place, part in _profiles(content):
            for taken, space in _manifests(part, folder, files):
                yield Install(path, place, taken, "", stated(space), kind="Skaffold")
            for where in (("deploy", "helm"), ("manifests", "helm")):
                for number, release in enumerate(maps(down(part, *where).get("releases"))):
                    listed = texts(release.get("valuesFiles"))
                    at = (*place, *where, "releases", str(number))
                    yield Install(
                        path, at,
                        chart_at(folder, text(release, "chartPath"), files), text(release, "name"),
                        stated(text(release, "namespace")),
                        values_of((inside(folder, one) for one in listed), files),
                        kind="Skaffold",
                        given=tuple(
                            Inline(path, index, "", (*at, key), form)
                            for key, form in _OF_SKAFFOLD
                            if release.get(key)
                        ),
                    )  # fmt: skip


def _manifests(part: Where, folder: str, files: Files) -> Iterator[tuple[str, str]]:
    """Yield the manifests and kustomizations of a configuration, each with its namespace."""
    deploy, made = down(part, "deploy"), down(part, "manifests")
    kubectl, built = down(deploy, "kubectl"), down(deploy, "kustomize")
    space = text(kubectl, "defaultNamespace") or text(built, "defaultNamespace")
    space = space or _flagged(down(kubectl, "flags")) or _flagged(down(built, "flags"))
    raw = [*texts(made.get("rawYaml")), *texts(kubectl.get("manifests"))]
    for path in values_of((inside(folder, one) for one in raw), files) if space else ():
        yield path, space
    paths = [*texts(down(made, "kustomize").get("paths")), *texts(built.get("paths"))]
    for one in paths if space else ():
        yield inside(folder, one), space


def _flagged(flags: Where) -> str:
    """Return the namespace that the flags of a command name; "" for none."""
    said = " ".join(one for field in ("global", "apply") for one in texts(flags.get(field)))
    found = re.search(r"(?:^|\s)(?:--namespace|-n)[= ](?P<space>[\w{}. -]+?)(?:\s|$)", said)
    return found["space"] if found else ""


def _profiles(content: Any) -> Iterator[tuple[tuple[str, ...], Where]]:
    if isinstance(content, dict):
        yield (), content
        for number, profile in enumerate(maps(content.get("profiles"))):
            yield ("profiles", str(number)), profile
