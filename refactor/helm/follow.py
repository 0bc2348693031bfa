"""Names that follow the release: the expression with which a chart names its own Services.

Found by reading the Service's template, and believed only after Helm has rendered it, in a probe
beside the chart's templates, to the Service's very name under two releases in two namespaces.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from msgspec.structs import replace

from refactor.helm.cases import Case
from refactor.helm.objects import Object
from refactor.helm.prepare import template_text
from refactor.helm.renders import Rendering, Renders
from refactor.helm.service_lines import name_texts, port_texts
from refactor.text.actions import rebased
from refactor.yaml.plain import down, maps

ANOTHER = "another-release"
"""The release under which a chart is rendered to see what follows the release."""

_PROBE = "refactor-probe-5d1c"
_KINDS = frozenset({("", "Service"), ("apps", "StatefulSet")})
_MOST_TEXTS = 200
"""Expressions of one chart that are asked; where all at once do not render, they are halved."""


class ServiceName(NamedTuple):
    """How one Service of a chart is named.

    Attributes:
        source: its template, as Helm names it (`shop/charts/redis/templates/service.yaml`).
        namespace, name: as rendered for the case.
        expression: as its template writes it, for its own chart's root context `.`:
            `{{ include "shop.fullname" . }}-orders`; "" where it is literal, or nothing that holds
            elsewhere gives it.
        from_top: the same by `$` of the chart that is installed; differs for a subchart's Service.
        follows_release: another release, or namespace, has another name.
        follows_namespace: it is in the release's namespace, whichever that is.
        kind: "Service", or "StatefulSet", whose pods are called by its name.
        other: its name as release `ANOTHER`; "" where that has none.
        selector: of a Service.
        other_selector: the same as release `ANOTHER`.
        ports: the expressions of its ports by `$` of the chart that is installed, by number.
    """

    source: str
    namespace: str
    name: str
    expression: str = ""
    from_top: str = ""
    follows_release: bool = False
    follows_namespace: bool = False
    kind: str = "Service"
    other: str = ""
    selector: Mapping[str, str] = {}
    other_selector: Mapping[str, str] = {}
    ports: Mapping[int, str] = {}


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
    """Return how a chart's Services are named: one more render where nothing is in the way.

    Args:
        changes: new bytes of files, by path relative to the root.
    """
    asked, changes = renders.count, changes or {}
    here, other = renders.render(case, changes), another(case)
    if here.error:
        return Followed(renders=renders.count - asked, error=here.error)
    files = renders.prepared(case, changes).files
    texts = {one.source: _Texts.of(template_text(files, one.source)) for one in _services(here)}
    probes = {text for source in texts for text in texts[source].from_top(base_of(source))}
    given = rendered_texts(renders, [other], sorted(probes), changes)
    there = renders.render(other, changes)
    if there.error:
        return Followed(renders=renders.count - asked, error=there.error)
    cases = (case, other)
    found = [
        _service(
            cases, source, pair, texts[source], {text: said[0] for text, said in given.items()}
        )
        for source, *pair in _pairs(here, there)
    ]
    services = tuple(one for one in found if one.kind == "Service")
    stateful = tuple(one for one in found if one.kind != "Service")
    return Followed(services, stateful, renders.count - asked)


class _Texts(NamedTuple):
    """The expressions in a template that may name its Services, and number their ports."""

    names: tuple[str, ...]
    ports: tuple[str, ...]

    @staticmethod
    def of(template: str) -> _Texts:
        names = tuple(text for text in name_texts(template) if "{{" in text)
        return _Texts(names, port_texts(template))

    def from_top(self, base: str) -> tuple[str, ...]:
        return tuple(rebased(text, base) for text in (*self.names, *self.ports))


def _service(
    cases: Sequence[Case],
    source: str,
    pair: Sequence[Object | None],
    texts: _Texts,
    given: Mapping[str, str],
) -> ServiceName:
    one, two = pair
    assert one is not None  # noqa: S101 - pairs begin with what is there
    base, name = base_of(source), two.identity.name if two else None
    text = next((text for text in texts.names if given.get(rebased(text, base)) == name), "")
    text = text if name else ""
    ports = {} if two is None else _ports(one, two, base, texts.ports, given)
    return ServiceName(
        source,
        one.identity.namespace,
        one.identity.name,
        text,
        rebased(text, base),
        follows_release=two is not None and one.identity.name != two.identity.name,
        follows_namespace=two is not None
        and (one.identity.namespace, two.identity.namespace) == tuple(c.namespace for c in cases),
        kind=one.identity.kind,
        other=two.identity.name if two else "",
        selector=_selector(one),
        other_selector=_selector(two) if two else {},
        ports=ports,
    )


def _ports(
    one: Object, two: Object, base: str, texts: Sequence[str], given: Mapping[str, str]
) -> dict[int, str]:
    """Return the expression of each port that has one, by what the port is in the first render."""
    found: dict[int, str] = {}
    for mine, theirs in zip(port_numbers(one), port_numbers(two), strict=False):
        told = (rebased(text, base) for text in texts)
        if text := next((text for text in told if given.get(text) == str(theirs)), ""):
            found[mine] = text
    return found


def port_numbers(service: Object) -> tuple[int, ...]:
    """Return the ports of a rendered Service, in its order."""
    listed = maps(down(service.content, "spec").get("ports"))
    return tuple(port["port"] for port in listed if isinstance(port.get("port"), int))


def _services(rendering: Rendering) -> Iterator[Object]:
    return (one for one in rendering.objects if (one.identity.group, one.identity.kind) in _KINDS)


def _selector(item: Object) -> Mapping[str, str]:
    spec = item.content.get("spec")
    selector = spec.get("selector") if isinstance(spec, dict) else None
    return selector if isinstance(selector, dict) else {}


def another(case: Case) -> Case:
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
        for item in _services(rendering):
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
        changes: new bytes of files, by path relative to the root.
    """
    given = [_given(renders, case, texts[:_MOST_TEXTS], changes or {}) for case in cases]
    told = (text for text in texts if all(text in one for one in given))
    return {text: tuple(one[text] for one in given) for text in told}


def _given(
    renders: Renders, case: Case, texts: Sequence[str], changes: Mapping[str, bytes]
) -> Mapping[str, str]:
    """Return what texts render to; one that needs what only its own template has is left out."""
    if not texts:
        return {}
    lines = [f"kind: {_PROBE}", "data:"]
    for index, text in enumerate(texts):
        lines += [f'  "{index}": |-', f"    {text}"]
    probe = "\n".join(lines).encode()
    _, own = renders.beside(case, f"{_PROBE}.yaml", probe, changes)
    if own:
        data = own[0].content.get("data") or {}
        return {text: str(data.get(str(index))) for index, text in enumerate(texts)}
    if len(texts) == 1 or renders.render(case, changes).error:
        return {}
    middle = len(texts) // 2
    halves = (_given(renders, case, half, changes) for half in (texts[:middle], texts[middle:]))
    return {text: said for half in halves for text, said in half.items()}
