"""Names that follow the release: the expression with which a chart names its own Services.

Found by reading the Service's template, and believed only after Helm has rendered it, in a probe
beside the chart's templates, to the Service's very name under two releases in two namespaces.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from msgspec.structs import replace

from refactor.helm.cases import Case
from refactor.helm.objects import Object
from refactor.helm.prepare import template_text
from refactor.helm.renders import Rendering, Renders
from refactor.helm.service_lines import name_texts, rebased

ANOTHER = "another-release"
"""The release under which a chart is rendered to see what follows the release."""

_PROBE = "refactor-probe-5d1c"
_KINDS = frozenset({("", "Service"), ("apps", "StatefulSet")})
_MOST_ALONE = 40
"""Expressions that are tried one by one, where all at once do not render."""


class ServiceName(NamedTuple):
    """How one Service of a chart is named.

    Attributes:
        source: its template, as Helm names it (`shop/charts/redis/templates/service.yaml`).
        namespace, name: as rendered for the case.
        expression: as its template writes it, for its own chart's root context `.`:
            `{{ include "shop.fullname" . }}-orders`; "" where it is literal, or nothing that holds
            elsewhere gives it.
        rooted: the same by `$`, for use inside `range` and `with`.
        from_top: the same by `$` of the chart that is installed; differs for a subchart's Service.
        follows_release: another release, or namespace, has another name.
        follows_namespace: it is in the release's namespace, whichever that is.
        kind: "Service", or "StatefulSet", whose pods are called by its name.
        other: its name as release `ANOTHER`; "" where that has none.
        selector: of a Service.
    """

    source: str
    namespace: str
    name: str
    expression: str = ""
    rooted: str = ""
    from_top: str = ""
    follows_release: bool = False
    follows_namespace: bool = False
    kind: str = "Service"
    other: str = ""
    selector: Mapping[str, str] = {}


class Followed(NamedTuple):
    """How the Services of a chart are named.

    Attributes:
        services: in order of source and place.
        stateful: the StatefulSets, likewise.
        renders: how many renders it took.
        error: why it could not be asked, in Helm's words; "" where it could.
    """

    services: tuple[ServiceName, ...] = ()
    stateful: tuple[ServiceName, ...] = ()
    renders: int = 0
    error: str = ""


def service_names(
    renders: Renders, case: Case, changes: Mapping[str, bytes] | None = None
) -> Followed:
    """Return how a chart's Services are named: four renders where nothing is in the way.

    Args:
        renders: of the repository.
        case: which chart, and how it is installed.
        changes: new bytes of files, by path relative to the root.
    """
    asked, changes = renders.count, changes or {}
    cases = (case, _other(case))
    plain = [renders.render(one, changes) for one in cases]
    error = plain[0].error or plain[1].error
    if error:
        return Followed(renders=renders.count - asked, error=error)
    files = renders.prepared(case, changes).files
    pairs = _pairs(plain[0], plain[1])
    texts = {
        source: [t for t in name_texts(template_text(files, source)) if "{{" in t]
        for source in dict.fromkeys(source for source, _, _ in pairs)
    }
    probes = {
        (source, text): rebased(text, base_of(source)) for source in texts for text in texts[source]
    }
    given = rendered_texts(renders, cases, sorted(set(probes.values())), changes)
    found = []
    for source, one, two in pairs:
        names = (one.identity.name, two.identity.name if two else None)
        fitting = (text for text in texts[source] if given.get(probes[source, text]) == names)
        found.append(_service(cases, source, one, two, next(fitting, "")))
    services = tuple(one for one in found if one.kind == "Service")
    stateful = tuple(one for one in found if one.kind != "Service")
    return Followed(services, stateful, renders.count - asked)


def _service(
    cases: Sequence[Case], source: str, one: Object, two: Object | None, text: str
) -> ServiceName:
    return ServiceName(
        source,
        one.identity.namespace,
        one.identity.name,
        text,
        rebased(text, "$"),
        rebased(text, base_of(source)),
        follows_release=two is not None and one.identity.name != two.identity.name,
        follows_namespace=two is not None
        and (one.identity.namespace, two.identity.namespace) == tuple(c.namespace for c in cases),
        kind=one.identity.kind,
        other=two.identity.name if two else "",
        selector=_selector(one),
    )


def _selector(item: Object) -> Mapping[str, str]:
    spec = item.content.get("spec")
    selector = spec.get("selector") if isinstance(spec, dict) else None
    return selector if isinstance(selector, dict) else {}


def _other(case: Case) -> Case:
    """Return the same chart as another release in another namespace."""
    release, namespace = ANOTHER, "another-namespace"
    if case.release == release:
        release = "yet-another-release"
    if case.namespace == namespace:
        namespace = "yet-another-namespace"
    return replace(case, release=release, namespace=namespace)


def _pairs(one: Rendering, two: Rendering) -> list[tuple[str, Object, Object | None]]:
    """Pair the Services of two renders by their templates and their order in them."""

    def by_source(rendering: Rendering) -> dict[tuple[str, str], list[Object]]:
        found: dict[tuple[str, str], list[Object]] = {}
        for item in rendering.objects:
            if (item.identity.group, item.identity.kind) in _KINDS:
                found.setdefault((item.source, item.identity.kind), []).append(item)
        return found

    others = by_source(two)
    return [
        (key[0], first, second)
        for key, objects in sorted(by_source(one).items())
        for first, second in zip_longest(objects, others.get(key, [])[: len(objects)])
    ]


def base_of(source: str) -> str:
    """Return what a subchart's root context is called from the top chart: `$.Subcharts.redis`."""
    base, parts = "$", source.split("/")
    for place, name in zip(parts[1::2], parts[2::2], strict=False):
        if place != "charts":
            break
        plain = name.replace("_", "").isalnum()
        base = (
            f"{base}.Subcharts.{name}" if plain else f"(index {base}.Subcharts {json.dumps(name)})"
        )
    return base


def rendered_texts(
    renders: Renders,
    cases: Sequence[Case],
    texts: Sequence[str],
    changes: Mapping[str, bytes] | None = None,
) -> dict[str, tuple[str, ...]]:
    """Return what template texts give at the root of the chart that is installed.

    Args:
        renders: of the repository.
        cases: of one chart.
        texts: by `$` of that chart; one that does not render is left out.
        changes: new bytes of files, by path relative to the root.

    Returns:
        By text, what it gives in each case.
    """
    changes = changes or {}
    if not texts:
        return {}
    rendered = [_probe(renders, case, texts, changes) for case in cases]
    if None not in rendered:
        return {text: tuple((r or {}).get(text, "") for r in rendered) for text in texts}
    if len(texts) == 1:
        return {}
    # One that needs what only its own template has may keep all from rendering.
    alone = [text for text in texts[:_MOST_ALONE] if _probe(renders, cases[0], [text], changes)]
    return rendered_texts(renders, cases, alone, changes) if len(alone) < len(texts) else {}


def _probe(
    renders: Renders, case: Case, texts: Sequence[str], changes: Mapping[str, bytes]
) -> Mapping[str, str] | None:
    """Return what texts render to; None where they do not render."""
    lines = [f"kind: {_PROBE}", "data:"]
    for index, text in enumerate(texts):
        lines += [f'  "{index}": |-', f"    {text}"]
    probe = "\n".join(lines).encode()
    file = renders.chart(case).file(f"templates/{_PROBE}.yaml")
    rendering = renders.render(case, {**changes, file: probe})
    for item in rendering.objects:
        if item.identity.kind == _PROBE:
            data = item.content.get("data") or {}
            return {text: str(data.get(str(index))) for index, text in enumerate(texts)}
    return None
