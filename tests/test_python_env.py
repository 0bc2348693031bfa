"""docs/semantics.md, section 4: `--python env` moves a literal to the environment and adds the import."""

from __future__ import annotations

import pytest

from refactor.model import Edit, Finding, Outcome, ServiceRef, Target
from refactor.plan.proof.syntax import differs
from refactor.plan.python_env import to_environment
from refactor.text.source import splice
from refactor.text.view import Span

OLD = "10.0.0.1"


def run(text: str, port: str = "8080") -> tuple[str, tuple[Edit, ...]]:
    edits, outcomes, at = [], [], 0
    while (at := text.find(OLD, at)) >= 0:
        mark = f"{at:016x}"
        written = text.startswith(f"{OLD}:{port}", at)
        edits.append(Edit("f.py", Span(at, at + len(OLD)), OLD, "orders", mark))
        at += len(OLD)
        if written:
            edits.append(Edit("f.py", Span(at + 1, at + 1 + len(port)), port, "80", mark, "port"))
        found = Finding(
            "f.py", 1, 1, OLD, edits[-1].span, OLD, mark, port_from="written" if written else "none"
        )
        target = Target(ServiceRef("shop", "orders"), 80)
        outcomes.append(Outcome(found, target, edited=True))
    new = to_environment(text, edits, outcomes)
    assert all(edit.span.of(text) == edit.old for edit in new)
    return splice(text, [(*edit.span, edit.new) for edit in new]), new


MOVED = {
    "url": ("import os\nU = 'http://10.0.0.1:8080/x'\n",
            "import os\nU = os.environ.get(\"ORDERS_URL\", 'http://orders:80/x')\n"),
    "bare host": ("import os\nH = \"10.0.0.1\"\n", 'import os\nH = os.environ.get("ORDERS_HOST", "orders")\n'),
    "host:port": ("import os\nH = '10.0.0.1:8080'\n", "import os\nH = os.environ.get(\"ORDERS_ADDR\", 'orders:80')\n"),
    "import added": ("H = '10.0.0.1'\n", "import os\nH = os.environ.get(\"ORDERS_HOST\", 'orders')\n"),
    "import after docstring and __future__": (
        '"""Doc."""\nfrom __future__ import annotations\n\nimport sys\nH = "10.0.0.1"\n',
        '"""Doc."""\nfrom __future__ import annotations\n\nimport os\nimport sys\nH = os.environ.get("ORDERS_HOST", "orders")\n'),
    "import above the first use": (
        'H = "10.0.0.1"\nimport os\n', 'import os\nH = os.environ.get("ORDERS_HOST", "orders")\nimport os\n'),
    "import above the first use, and below it another": (
        'H = "10.0.0.1"\n\nimport sys\n', 'import os\nH = os.environ.get("ORDERS_HOST", "orders")\n\nimport sys\n'),
    "import above a decorator": (
        '@f("10.0.0.1")\ndef g(): pass\nimport sys\n', 'import os\n@f(os.environ.get("ORDERS_HOST", "orders"))\ndef g(): pass\nimport sys\n'),
    "import above the whole statement": (
        'x = [\n    "10.0.0.1",\n]\n', 'import os\nx = [\n    os.environ.get("ORDERS_HOST", "orders"),\n]\n'),
    "imported by a part of it": (
        'import os.path\nH = "10.0.0.1"\n', 'import os.path\nH = os.environ.get("ORDERS_HOST", "orders")\n'),
    "imported within a function": (
        'def f():\n    import os\nH = "10.0.0.1"\n', 'def f():\n    import os\nimport os\nH = os.environ.get("ORDERS_HOST", "orders")\n'),
    "quotes make no other default": (
        "import os\nA = 'http://10.0.0.1/a'\nB = \"http://10.0.0.1/a\"\n",
        "import os\nA = os.environ.get(\"ORDERS_URL\", 'http://orders/a')\nB = os.environ.get(\"ORDERS_URL\", \"http://orders/a\")\n"),
    "CRLF": ("H = '10.0.0.1'\r\n", "import os\r\nH = os.environ.get(\"ORDERS_HOST\", 'orders')\r\n"),
    "one variable, one default": (
        "import os\nA = 'http://10.0.0.1/a'\nB = 'http://10.0.0.1/b'\nC = 'http://10.0.0.1/a'\n",
        "import os\nA = os.environ.get(\"ORDERS_URL\", 'http://orders/a')\n"
        "B = os.environ.get(\"ORDERS_URL_2\", 'http://orders/b')\nC = os.environ.get(\"ORDERS_URL\", 'http://orders/a')\n"),
    "non-ASCII before it": ("import os\né = 'é', '10.0.0.1'\n", "import os\né = 'é', os.environ.get(\"ORDERS_HOST\", 'orders')\n"),
    "keyword": ("import os\nf(host='10.0.0.1', port=1)\n", "import os\nf(host=os.environ.get(\"ORDERS_HOST\", 'orders'), port=1)\n"),
}  # fmt: skip
IN_PLACE = {
    "f-string": "U = f'http://10.0.0.1/{x}'\n",
    "bytes": "U = b'10.0.0.1'\n",
    "already a default": "import os\nU = os.environ.get('X', '10.0.0.1')\n",
    "getenv": "from os import getenv\nU = getenv('X', '10.0.0.1')\n",
    "beside the docstring": '"""Doc."""; U = "10.0.0.1"\n',
    "dict key": "D = {'10.0.0.1': 1}\n",
    "os means something else": "os = 1\nU = '10.0.0.1'\n",
    "match pattern": "match x:\n    case '10.0.0.1':\n        pass\n",
    "triple-quoted over lines": "U = '''\n10.0.0.1\n'''\n",
    "does not parse": "print 'x', '10.0.0.1'\n",
}


@pytest.mark.parametrize(("text", "expected"), MOVED.values(), ids=MOVED)
def test_moved(text: str, expected: str) -> None:
    after, edits = run(text)

    assert after == expected
    assert differs("python", text, after, edits) == ""


@pytest.mark.parametrize("text", IN_PLACE.values(), ids=IN_PLACE)
def test_edited_in_place(text: str) -> None:
    assert run(text)[0] == text.replace(OLD, "orders")


def test_the_proof_catches_an_expression_that_is_another() -> None:
    text = "import os\nH = '10.0.0.1'\nK = 1\n"
    after, edits = run(text)

    assert differs("python", text, after.replace("K = 1", "K = 2"), edits)
    assert differs("python", text, after.replace("'orders'", "'other'"), edits)
    assert differs("python", text, "import os\n" + after, edits)
