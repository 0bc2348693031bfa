"""SEMANTICS.md section 5: what one edit of a chart cannot prove, the others need not wait for."""

from __future__ import annotations

from pathlib import Path

import pytest

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
