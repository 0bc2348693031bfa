"""The names of a chart's Services, and the expressions that give them."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.helm.follow import ServiceName, service_names
from refactor.helm.service_lines import name_texts
from refactor.text.actions import rebased
from tests.helm_bench import case, rendering, write

FULLNAME = '{{ include "fullname.fullname" . }}'
SERVICES = {
    "fullname": [
        ("each.yaml", "store", "shop-red", "", True, True),
        ("each.yaml", "store", "shop-blue", "", True, True),
        ("services.yaml", "store", "shop-fullname-orders", f"{FULLNAME}-orders", True, True),
        ("services.yaml", "store", "shop-fullname-admin", f"{FULLNAME}-admin", True, True),
        ("services.yaml", "elsewhere", "fixed", "", False, False),
    ],
    "plain": [("service.yaml", "store", "web", "", False, True)],
    "umbrella": [("service.yaml", "store", "shop-kid", '{{ include "kid.fullname" . }}', True, True)],
    "ini": [],
}  # fmt: skip


@pytest.mark.parametrize("engine", ["package", "binary"])
@pytest.mark.parametrize(("chart", "expected"), SERVICES.items(), ids=SERVICES)
def test_services_and_the_expressions_that_name_them(
    chart: str, expected: list[tuple[str, str, str, str, bool, bool]], engine: str
) -> None:
    with rendering(engine=engine) as renders:
        found = service_names(renders, case(chart))

    assert found.error == ""
    assert expected == [
        (
            s.source.rpartition("/")[2],
            s.namespace,
            s.name,
            s.expression,
            s.follows_release,
            s.follows_namespace,
        )
        for s in found.services
    ]


@pytest.mark.parametrize(("chart", "expected"), [("plain", 2), ("fullname", 2), ("umbrella", 2)])
def test_two_renders_serve_for_all_services(chart: str, expected: int) -> None:
    with rendering() as renders:
        assert service_names(renders, case(chart)).renders == expected


def test_a_subcharts_service_is_also_named_from_the_top() -> None:
    with rendering() as renders:
        (found,) = service_names(renders, case("umbrella")).services

    assert rebased(found.expression, "$") == '{{ include "kid.fullname" $ }}'
    assert found.from_top == '{{ include "kid.fullname" $.Subcharts.kid }}'


def test_an_expression_holds_where_it_is_put() -> None:
    """In another template of the chart, inside `range`, under a third release."""
    with rendering() as renders:
        names = service_names(renders, case("fullname")).services
        name = next(s for s in names if s.name.endswith("orders")).from_top
        template = f"kind: X\nmetadata: {{name: x}}\nhosts:\n{{{{ range list 1 }}}}\n- {name}.{{{{ $.Release.Namespace }}}}\n{{{{ end }}}}\n"
        third = case("fullname", release="third", namespace="lab")
        found = renders.render(third, {"fullname/templates/x.yaml": template.encode()}).objects

    assert [item.content["hosts"] for item in found if item.identity.kind == "X"] == [
        ["third-fullname-orders.lab"]
    ]


def test_an_expression_that_breaks_the_render_does_not_lose_the_others(tmp_path: Path) -> None:
    """`.svc` is of a `range`: at the root it is nothing, and asking it for a field fails."""
    write(
        tmp_path,
        {
            "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 0.1.0\n",
            "c/templates/a.yaml": '{{- range list (dict "svc" (dict "name" "a")) }}\nkind: Service\nmetadata:\n  name: {{ .svc.name }}-{{ $.Release.Name }}\n---\n{{- end }}\n',
            "c/templates/b.yaml": "kind: Service\nmetadata:\n  name: {{ .Release.Name | quote }}\n",
        },
    )
    with rendering(tmp_path) as renders:
        found = service_names(renders, case("c"))

    assert [(s.name, s.expression) for s in found.services] == [
        ("a-shop", ""),
        ("shop", "{{ .Release.Name }}"),
    ]
    assert found.renders == 5


def test_a_name_that_is_the_same_by_chance_is_not_believed(tmp_path: Path) -> None:
    """The helper leaves the chart's name out where the release's contains it (Helm's own idiom)."""
    write(
        tmp_path,
        {
            "c/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 0.1.0\n",
            "c/templates/a.yaml": 'kind: Service\nmetadata:\n  name: {{ if contains "shop" .Release.Name }}{{ .Release.Name }}{{ else }}{{ .Release.Name }}-shop{{ end }}\n---\nkind: Service\nmetadata:\n{{- if true }}\n  name: shop\n{{- end }}\n',
        },
    )
    with rendering(tmp_path) as renders:
        found = service_names(renders, case("c")).services

    assert found[0].name == "shop"
    assert found[0].expression.startswith('{{ if contains "shop" .Release.Name }}')
    assert found[1] == ServiceName(
        "shop/templates/a.yaml", "store", "shop", follows_namespace=True, other="shop"
    )


def test_a_chart_that_does_not_render_says_so() -> None:
    with rendering() as renders:
        found = service_names(renders, case("required"))

    assert "set host to where orders live" in found.error
    assert found.services == ()


NAMES = {
    "an expression": ('  name: {{ include "a" . }}', ['{{ include "a" . }}']),
    "with text around it": ("  name: x-{{ .Release.Name }}-y", ["x-{{ .Release.Name }}-y"]),
    "quoted, commented": ("  name: \"{{ .Release.Name }}\"  # the name", ["{{ .Release.Name }}"]),
    "a comment's sign in an action": ('  name: {{ printf "a #%s" .x }}', ['{{ printf "a #%s" .x }}']),
    "quoted by a function": ("  name: {{ .Release.Name | quote }}", ["{{ .Release.Name }}"]),
    "trimming white space": ("  name: {{- .a -}}", ["{{ .a }}"]),
    "a negative number": ("  name: {{-1}}", ["{{-1}}"]),
    "not a label": ("  labels:\n    name: b\n  name: {{ .a }}", ["{{ .a }}"]),
    "after an action": ("  {{- include \"labels\" . }}\n  name: {{ .a }}", ["{{ .a }}"]),
    "a literal": ("  name: web", ["web"]),
    "none": ("  labels: {}", []),
    "in flow style": ("  {name: web}", []),
}  # fmt: skip


@pytest.mark.parametrize(("metadata", "expected"), NAMES.values(), ids=NAMES)
def test_what_stands_after_name(metadata: str, expected: list[str]) -> None:
    template = f"apiVersion: v1\nkind: Service\nmetadata:\n{metadata}\nspec:\n  name: no\n"

    assert list(name_texts(template)) == expected


OTHERS = {
    "another kind": "kind: Deployment\nmetadata:\n  name: a\n",
    "a kind that begins alike": "kind: ServiceMonitor\nmetadata:\n  name: a\n",
    "a reference to a Service": "spec:\n  target:\n    kind: Service\n    name: a\n",
    "another document's": "kind: Service\n---\nmetadata:\n  name: a\n",
    "nothing": "",
}


@pytest.mark.parametrize("template", OTHERS.values(), ids=OTHERS)
def test_what_is_no_services_name(template: str) -> None:
    assert name_texts(template) == ()


def test_a_variable_is_what_it_is_first_given() -> None:
    template = (
        '{{- $full := include "a" . -}}\n{{- $dict := dict "ctx" . }}\n'
        "kind: Service\nmetadata:\n  name: {{ $full }}-x\n---\n"
        'kind: Service\nmetadata:\n  name: {{ include "b" $dict }}\n---\n'
        "{{- range $n := .Values.all }}\nkind: Service\nmetadata:\n  name: {{ $n }}\n{{ end }}"
    )

    assert name_texts(template) == ('{{ include "a" . }}-x', '{{ include "b" (dict "ctx" .) }}')


REBASED = {
    "a context": ('{{ include "a" . }}', '{{ include "a" $ }}'),
    "fields": ("{{ .Release.Name }}-{{ .Values.x }}", "{{ $.Release.Name }}-{{ $.Values.x }}"),
    "in parentheses": ("{{ (dict .a (list .)) }}", "{{ (dict $.a (list $)) }}"),
    "a field of a field": ("{{ (.a).b.c }}", "{{ ($.a).b.c }}"),
    "piped": ("{{ . | toJson }}", "{{ $ | toJson }}"),
    "the root already": ("{{ $.Release.Name }}", "{{ $.Release.Name }}"),
    "a string stays": ('{{ printf "%s . .x" .y }}', '{{ printf "%s . .x" $.y }}'),
    "a number stays": ("{{ add 1.5 .n }}", "{{ add 1.5 $.n }}"),
    "text outside stays": ("a.b {{ .c }} . .d", "a.b {{ $.c }} . .d"),
    "a variable stays": ("{{ $x.y }}", "{{ $x.y }}"),
}


@pytest.mark.parametrize(("text", "expected"), REBASED.values(), ids=REBASED)
def test_rebasing(text: str, expected: str) -> None:
    assert rebased(text, "$") == expected
