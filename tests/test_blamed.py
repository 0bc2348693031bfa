"""docs/semantics.md, section 6: what one edit of a chart cannot prove, the others need not wait for."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.settings.types import Environment
from tests.test_readers import POD, planned

CHART = "apiVersion: v2\nname: c\nversion: 1.0.0\n"
HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n"
FINE = "  {0}: {{{{ .Values.{0} | quote }}}}\n"
ASKED = '  {{{{- if eq .Values.{0} "http://POD:8080" }}}}\n  asked-{0}: "yes"\n  {{{{- end }}}}\n'.replace(
    "POD", POD
)
HASHED = "  hash-{0}: {{{{ .Values.{0} | sha256sum }}}}\n"

ROWS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    # what the template does with each value: what becomes of its address
    "all are fine": ({"a": FINE, "b": FINE}, {"a": "web:80", "b": "web:80"}),
    "one is compared": ({"a": FINE, "b": FINE + ASKED}, {"a": "web:80", "b": "unproven"}),
    "one is hashed": ({"a": HASHED, "b": FINE, "c": FINE}, {"a": "unproven", "b": "web:80", "c": "web:80"}),
    "two fail": ({"a": HASHED, "b": FINE, "c": ASKED}, {"a": "unproven", "b": "web:80", "c": "unproven"}),
    "all fail": ({"a": ASKED, "b": ASKED}, {"a": "unproven", "b": "unproven"}),
}  # fmt: skip


@pytest.mark.parametrize(("uses", "expected"), ROWS.values(), ids=ROWS)
def test_rows(uses: dict[str, str], expected: dict[str, str], tmp_path: Path) -> None:
    files = {
        "Chart.yaml": CHART,
        "values.yaml": "".join(f"{name}: http://{POD}:8080\n" for name in uses),
        "templates/c.yaml": HEAD + "".join(use.format(name) for name, use in uses.items()),
    }

    found = [new for new in planned(tmp_path, files) if new != "compared"]

    assert dict(zip(uses, found[-len(uses) :], strict=True)) == expected


BROKEN = '{{ if .Values.broken }}{{ fail "not so" }}{{ end }}\n'
INSTALLED: dict[str, tuple[dict[str, str], list[str]]] = {
    # what is in the values of the chart and of two environments: what becomes of each address
    "both render": ({"values.yaml": "a: URL\n", "one.yaml": "x: 1\n", "two.yaml": "x: 2\n"}, ["web:80"]),
    "one does not render": ({"values.yaml": "a: URL\n", "one.yaml": "x: 1\n", "two.yaml": "broken: true\n"}, ["web:80"]),
    "the first does not render": ({"values.yaml": "a: URL\n", "one.yaml": "broken: true\n", "two.yaml": "x: 1\n"}, ["web:80"]),
    "an address that only the broken one gets": ({"values.yaml": "a: URL\n", "one.yaml": "x: 1\n", "two.yaml": "broken: true\na: URL\n"}, ["unproven", "web:80"]),
    "none renders": ({"values.yaml": "a: URL\n", "one.yaml": "broken: true\n", "two.yaml": "broken: true\n"}, ["unproven"]),
}  # fmt: skip


@pytest.mark.parametrize(("values", "expected"), INSTALLED.values(), ids=INSTALLED)
def test_an_installation_that_did_not_render_before(
    values: dict[str, str], expected: list[str], tmp_path: Path
) -> None:
    files = {name: text.replace("URL", f"http://{POD}:8080") for name, text in values.items()}
    files |= {"Chart.yaml": CHART, "templates/c.yaml": BROKEN + HEAD + FINE.format("a")}
    environments = tuple(
        Environment(name=name, files=(), values=(f"{name}.yaml",)) for name in ("one", "two")
    )

    found = planned(tmp_path, files, environments=environments)

    assert sorted(found) == expected
