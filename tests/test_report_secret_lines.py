"""What stands in a Secret is shown nowhere, whatever it is called; all else is shown as it is."""

from __future__ import annotations

import pytest

from refactor.report.hunks import hunks
from refactor.report.secret_lines import hidden
from tests.test_report_hunks import edits_of

MASKED = {
    "stringData": (
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  a: x\n\n  'b c': \"y z\" # why\ntype: Opaque",
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  a: ***\n\n  'b c': ***\ntype: Opaque",
    ),
    "data before kind": ("data:\n  a: eA==\nkind: Secret", "data:\n  a: ***\nkind: Secret"),
    "a block": (
        "kind: Secret\nstringData:\n  conf: |-\n    a=x\n\n    b\n  c: z\n",
        "kind: Secret\nstringData:\n  conf: |-\n    ***\n\n    ***\n  c: ***\n",
    ),
    "in a line": ("kind: Secret\nstringData: {a: x}", "kind: Secret\nstringData: ***"),
    "in a list": (
        "items:\n- kind: Secret\n  data:\n    a: eA==\n  type: Opaque",
        "items:\n- kind: Secret\n  data:\n    a: ***\n  type: Opaque",
    ),
    "JSON": (
        '{\n  "kind": "Secret",\n  "data": {\n    "a": "eA=="\n  }\n}',
        '{\n  "kind": "Secret",\n  "data": {\n    "a": ***\n  }\n}',
    ),
    "a generator": (
        "secretGenerator:\n  - name: s\n    literals:\n      - a=x\nresources: [b]",
        "secretGenerator:\n  - name: ***\n    literals:\n      ***\nresources: [b]",
    ),
    "the second document": (
        "kind: ConfigMap\ndata:\n  a: x\n---\nkind: Secret\ndata:\n  a: x",
        "kind: ConfigMap\ndata:\n  a: x\n---\nkind: Secret\ndata:\n  a: ***",
    ),
}  # fmt: skip
AS_IT_IS = {
    "a ConfigMap": "kind: ConfigMap\ndata:\n  a: x",
    "another kind": "kind: SecretStore\ndata:\n  a: x",
    "a reference": "kind: Deployment\nspec:\n  secretRef: {kind: Secret, name: s}\ndata:\n  a: x",
    "a Secret's other fields": "kind: Secret\nmetadata:\n  name: s\n  labels: {a: x}\ntype: Opaque",
    "no YAML": "def f():\n    return 'kind: Secret'\n",
    "nothing": "",
}


@pytest.mark.parametrize(("text", "expected"), MASKED.values(), ids=list(MASKED))
def test_values_of_a_secret_are_masked(text: str, expected: str) -> None:
    assert "\n".join(hidden(text.split("\n"))) == expected
    assert hidden(expected.split("\n")) == expected.split("\n")


@pytest.mark.parametrize("text", AS_IT_IS.values(), ids=list(AS_IT_IS))
def test_all_else_is_as_it_is(text: str) -> None:
    assert "\n".join(hidden(text.split("\n"))) == text


def shown(text: str, old: str, new: str) -> list[str]:
    return [s + side.text for h in hunks(text, edits_of(text, (old, new))) for s, side in h.unified()]  # fmt: skip


def test_what_changes_in_a_secret_is_shown() -> None:
    text = "kind: Secret\nstringData:\n  a: x\n  url: http://u:p@10.0.0.1/\n  b: y\n"
    assert shown(text, "10.0.0.1", "db") == [
        " stringData:",
        "   a: ***",
        "-  url: http://u:***@10.0.0.1/",
        "+  url: http://u:***@db/",
        "   b: ***",
    ]


def test_a_name_above_what_is_shown_masks_its_value() -> None:
    text = "env:\n  - name: A_PASSWORD\n    value: x\n  - name: B\n    value: 10.0.0.1\n"
    assert shown(text, "10.0.0.1", "db")[0] == "     value: ***"
