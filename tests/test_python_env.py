"""docs/semantics.md, section 4: `--python env` moves a literal to the environment and adds the import."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from refactor.model import Edit, Finding, Outcome, ServiceRef, Target
from refactor.plan.proof.syntax import differs
from refactor.plan.python_env import to_environment
from refactor.text.source import splice
from refactor.text.view import Span

OLD = "10.0.0.1"


def run(text: str, port: str = "8080", service: str = "orders") -> tuple[str, tuple[Edit, ...]]:
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
        target = Target(ServiceRef("shop", service), 80)
        outcomes.append(Outcome(found, target, edited=True))
    new = to_environment(text, edits, outcomes)
    assert all(edit.span.of(text) == edit.old for edit in new)
    return splice(text, [(*edit.span, edit.new) for edit in new]), new


MOVED = {
    "url": ("import os\nU = 'http://10.0.0.1:8080/x'\n",
            "import os\nU = os.environ.get(\"ORDERS_URL\", 'http://orders:80/x')\n"),
    "bare host": ("import os\nH = \"10.0.0.1\"\n", 'import os\nH = os.environ.get("ORDERS_HOST", "orders")\n'),
    "host:port": ("import os\nH = '10.0.0.1:8080'\n", "import os\nH = os.environ.get(\"ORDERS_ADDR\", 'orders:80')\n"),
    "import added": ("H = '10.0.0.1'\n", "import os\n\nH = os.environ.get(\"ORDERS_HOST\", 'orders')\n"),
    "import after docstring and __future__": (
        '"""Doc."""\nfrom __future__ import annotations\n\nimport sys\nH = "10.0.0.1"\n',
        '"""Doc."""\nfrom __future__ import annotations\n\nimport os\nimport sys\nH = os.environ.get("ORDERS_HOST", "orders")\n'),
    "import above the first use": (
        'H = "10.0.0.1"\nimport os\n', 'import os\n\nH = os.environ.get("ORDERS_HOST", "orders")\nimport os\n'),
    "import above the first use, and below it another": (
        'H = "10.0.0.1"\n\nimport sys\n', 'import os\n\nH = os.environ.get("ORDERS_HOST", "orders")\n\nimport sys\n'),
    "import above a decorator": (
        '@f("10.0.0.1")\ndef g(): pass\nimport sys\n', 'import os\n\n\n@f(os.environ.get("ORDERS_HOST", "orders"))\ndef g(): pass\nimport sys\n'),
    "import above the whole statement": (
        'x = [\n    "10.0.0.1",\n]\n', 'import os\n\nx = [\n    os.environ.get("ORDERS_HOST", "orders"),\n]\n'),
    "imported by a part of it": (
        'import os.path\nH = "10.0.0.1"\n', 'import os.path\nH = os.environ.get("ORDERS_HOST", "orders")\n'),
    "imported within a function": (
        'def f():\n    import os\nH = "10.0.0.1"\n', 'import os\n\n\ndef f():\n    import os\nH = os.environ.get("ORDERS_HOST", "orders")\n'),
    "quotes make no other default": (
        "import os\nA = 'http://10.0.0.1/a'\nB = \"http://10.0.0.1/a\"\n",
        "import os\nA = os.environ.get(\"ORDERS_URL\", 'http://orders/a')\nB = os.environ.get(\"ORDERS_URL\", \"http://orders/a\")\n"),
    "CRLF": ("H = '10.0.0.1'\r\n", "import os\r\n\r\nH = os.environ.get(\"ORDERS_HOST\", 'orders')\r\n"),
    "one variable, one default": (
        "import os\nA = 'http://10.0.0.1/a'\nB = 'http://10.0.0.1/b'\nC = 'http://10.0.0.1/a'\n",
        "import os\nA = os.environ.get(\"ORDERS_URL\", 'http://orders/a')\n"
        "B = os.environ.get(\"ORDERS_URL_2\", 'http://orders/b')\nC = os.environ.get(\"ORDERS_URL\", 'http://orders/a')\n"),
    "non-ASCII before it": ("import os\né = 'é', '10.0.0.1'\n", "import os\né = 'é', os.environ.get(\"ORDERS_HOST\", 'orders')\n"),
    "among imports": (
        'import json\nimport sys\n\nimport requests\n\nH = "10.0.0.1"\n',
        'import json\nimport os\nimport sys\n\nimport requests\n\nH = os.environ.get("ORDERS_HOST", "orders")\n'),
    "after the last of the standard library": (
        'import json\nfrom typing import Any\n\nimport requests\n\nH = "10.0.0.1"\n',
        'import json\nimport os\nfrom typing import Any\n\nimport requests\n\nH = os.environ.get("ORDERS_HOST", "orders")\n'),
    "before what is not of the standard library": (
        'import requests\n\nH = "10.0.0.1"\n',
        'import os\n\nimport requests\n\nH = os.environ.get("ORDERS_HOST", "orders")\n'),
    "another variable of that name": (
        'import os\n\nD = os.environ["ORDERS_HOST"] == "x"\nH = "10.0.0.1"\n',
        'import os\n\nD = os.environ["ORDERS_HOST"] == "x"\nH = os.environ.get("ORDERS_HOST_2", "orders")\n'),
    "a long line": (
        'import os\n\nORDERS_OF_ALL_CUSTOMERS_THAT_ARE_NOT_SHIPPED_YET = "http://10.0.0.1:8080/v1/orders"\n',
        'import os\n\nORDERS_OF_ALL_CUSTOMERS_THAT_ARE_NOT_SHIPPED_YET = os.environ.get(\n    "ORDERS_URL", "http://orders:80/v1/orders"\n)\n'),
    "a long item": (
        'import os\n\nf(\n    orders_of_all_customers_that_are_not_shipped_yet="http://10.0.0.1:8080/v1/orders",\n)\n',
        'import os\n\nf(\n    orders_of_all_customers_that_are_not_shipped_yet=os.environ.get(\n        "ORDERS_URL", "http://orders:80/v1/orders"\n    ),\n)\n'),
    "a line that fits again": (
        "import os\n\nH = \"10.0.0.1\"\nnot_shipped = client.get_all_customers(\n    f\"http://10.0.0.1:8080/{x}\", xxxxxxxxxxxxxxxxxxxxx\n)\n",
        "import os\n\nH = os.environ.get(\"ORDERS_HOST\", \"orders\")\nnot_shipped = client.get_all_customers(f\"http://orders:80/{x}\", xxxxxxxxxxxxxxxxxxxxx)\n"),
    "parentheses that hold a line's break": (
        "import os\n\nH = \"10.0.0.1\"\ncyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy = (\n    f\"http://10.0.0.1:8080/{x}\"\n)\n",
        "import os\n\nH = os.environ.get(\"ORDERS_HOST\", \"orders\")\ncyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy = f\"http://orders:80/{x}\"\n"),
    "a line with a comma at its end stays": (
        "import os\n\nH = \"10.0.0.1\"\ncustomers_not_shipped = client.get_all_customers(\n    f\"http://10.0.0.1:8080/{x}\", all_customers, not_sh,\n)\n",
        "import os\n\nH = os.environ.get(\"ORDERS_HOST\", \"orders\")\ncustomers_not_shipped = client.get_all_customers(\n    f\"http://orders:80/{x}\", all_customers, not_sh,\n)\n"),
    "a line that fitted before stays": (
        "import os\n\nH = \"10.0.0.1\"\nf(\n    f\"http://10.0.0.1:8080/{x}\", 1\n)\n",
        "import os\n\nH = os.environ.get(\"ORDERS_HOST\", \"orders\")\nf(\n    f\"http://orders:80/{x}\", 1\n)\n"),
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
    "os is deleted": "import os\nU = '10.0.0.1'\ndel os\n",
    "os is an exception": "try:\n    f()\nexcept E as os:\n    pass\nU = '10.0.0.1'\n",
    "os of another module": "from x import os\nU = '10.0.0.1'\n",
    "os is imported by the function, later": "def f():\n    U = '10.0.0.1'\n    import os\n",
    "os is captured": "match x:\n    case [*os]:\n        pass\nU = '10.0.0.1'\n",
    "getenv, by keyword": "from os import getenv\nU = getenv('X', default='10.0.0.1')\n",
    "decouple": "U = config('X', default='10.0.0.1')\n",
    "environs": "U = env.str('X', '10.0.0.1')\n",
    "click's variable": "@click.option('--x', envvar='X', default='10.0.0.1')\ndef f(x): pass\n",
    "pydantic settings": "class S(BaseSettings):\n    host: str = '10.0.0.1'\n",
    "triple-quoted over lines": "U = '''\n10.0.0.1\n'''\n",
    "no room on its line": "import os\ncustomers_not_shipped = client.get('10.0.0.1', all_customers, not_shipped)\n",
    "does not parse": "print 'x', '10.0.0.1'\n",
}


@pytest.mark.parametrize(("text", "expected"), MOVED.values(), ids=MOVED)
def test_moved(text: str, expected: str) -> None:
    after, edits = run(text)

    assert after == expected
    assert differs("python", text, after, edits) == ""


@pytest.mark.parametrize("text", [text for text, _ in MOVED.values()], ids=MOVED)
def test_linters_find_nothing_new(text: str) -> None:
    after, _ = run(text)

    assert findings(after) <= findings(text)


def findings(text: str) -> Counter[str]:
    ruff = Path(sys.executable).parent / "ruff"
    options = ["--isolated", "--select", "E4,E7,F,I", "--output-format", "concise", "-"]
    told = subprocess.run(
        [ruff, "check", *options], input=text, capture_output=True, text=True, check=False
    )
    return Counter(re.findall(r"\b[EFI]\d+\b", told.stdout))


@pytest.mark.parametrize("service", ["orders", "orders-service", "orders-port"])
def test_kubernetes_own_variables_are_not_read(service: str) -> None:
    after, _ = run("import os\nH = '10.0.0.1'\n", service=service)
    (name,) = re.findall(r'get\("(\w+)"', after)

    assert not re.fullmatch(r".*_SERVICE_(HOST|PORT.*)|.*_PORT(_\d.*)?", name)
    loaded: dict[str, object] = {}
    exec(after, loaded)
    assert loaded["H"] == "orders"


@pytest.mark.parametrize("text", IN_PLACE.values(), ids=IN_PLACE)
def test_edited_in_place(text: str) -> None:
    assert run(text)[0] == text.replace(OLD, "orders")


def test_the_proof_catches_an_expression_that_is_another() -> None:
    text = "import os\nH = '10.0.0.1'\nK = 1\n"
    after, edits = run(text)

    assert differs("python", text, after.replace("K = 1", "K = 2"), edits)
    assert differs("python", text, after.replace("'orders'", "'other'"), edits)
    assert differs("python", text, "import os\n" + after, edits)


RUN = {
    "constant": ('H = "10.0.0.1"\n', "orders"),
    "url": ('H = "http://10.0.0.1:8080/x"\n', "http://orders:80/x"),
    "default of a parameter": ('def f(h="10.0.0.1"):\n    return h\n\n\nH = f()\n', "orders"),
    "keyword of a decorator": ('def d(**given):\n    return lambda f: given["h"]\n\n\n@d(h="10.0.0.1")\ndef H(): ...\n', "orders"),
    "field of a dataclass": ('from dataclasses import dataclass\n\n\n@dataclass\nclass C:\n    h: str = "10.0.0.1"\n\n\nH = C().h\n', "orders"),
    "after __future__": ('"""Doc."""\n\nfrom __future__ import annotations\n\nH: str | None = "10.0.0.1"\n', "orders"),
    "walrus": ('if h := "10.0.0.1":\n    H = h\n', "orders"),
    "match": ('match 1:\n    case 1:\n        H = "10.0.0.1"\n', "orders"),
    "function that imports os later": ('def f():\n    h = "10.0.0.1"\n    import os\n    return h, os\n\n\nG = "10.0.0.1"\nH = f()[0]\n', "orders"),
    "lambda": ('H = (lambda: "10.0.0.1")()\n', "orders"),
    "comprehension": ('H = next(h for h in ["10.0.0.1"])\n', "orders"),
    "nested f-string": ('x = "10.0.0.1"\nH = f"http://{x}/"\n', "http://orders/"),
    "class that reads it": ('class A:\n    h = "10.0.0.1"\n    url = "http://%s/" % h\n\n\nH = A.url\n', "http://orders/"),
    "try": ('try:\n    H = D["x"]\nexcept NameError:\n    H = "10.0.0.1"\n', "orders"),
}  # fmt: skip
NEWER = {
    "type alias": 'type X = int\nH = "10.0.0.1"\n',
    "type parameter": 'def f[T](x: T) -> T: ...\nH = "10.0.0.1"\n',
    "quotes within quotes": 'd = {"a": 1}\nx = f"{d["a"]}"\nH = "10.0.0.1"\n',
    "default of a type parameter": 'class A[T = int]: ...\nH = "10.0.0.1"\n',
}


@pytest.mark.parametrize(("text", "expected"), RUN.values(), ids=RUN)
def test_edited_modules_run(tmp_path: Path, text: str, expected: str) -> None:
    module = tmp_path / "module.py"
    module.write_text(run(text)[0])

    assert "os.environ.get" in module.read_text()
    assert runpy.run_path(str(module))["H"] == expected


@pytest.mark.parametrize("text", NEWER.values(), ids=NEWER)
def test_syntax_newer_than_the_interpreter_is_moved_or_edited_in_place(text: str) -> None:
    moved = f"import os\n\n{text}".replace('"10.0.0.1"', 'os.environ.get("ORDERS_HOST", "orders")')
    wanted = moved if parses(text) else text.replace("10.0.0.1", "orders")

    assert run(text)[0].replace("\n\n\n", "\n\n") == wanted


def parses(text: str) -> bool:
    try:
        compile(text, "module", "exec")
    except SyntaxError:
        return False
    return True


PORTS = {
    "constant": ("HOST = '10.0.0.1'\nPORT = 8080\n", "PORT = int(os.environ.get(\"ORDERS_PORT_NUMBER\", \"80\"))"),
    "keyword": ("f(\n    host='10.0.0.1',\n    port=8080,\n)\n", "port=int(os.environ.get(\"ORDERS_PORT_NUMBER\", \"80\"))"),
    "the host is the environment's already": ("HOST = os.getenv('H', '10.0.0.1')\nPORT = 8080\n", "PORT = 80"),
    "no room on its line": ("f(host='10.0.0.1', port=8080)\n", "port=80"),
    "of the settings": ("class S(BaseSettings):\n    host = '10.0.0.1'\n    port = 8080\n", "port = 80"),
    "two hosts have it": ("A_HOST = '10.0.0.1'\nB_HOST = '10.0.0.1'\nPORT = 8080\n", "PORT = 80"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PORTS.values(), ids=PORTS)
def test_ports_move_with_their_hosts(text: str, expected: str) -> None:
    text = f"import os\n\n{text}"
    span = Span(text.index("8080"), text.index("8080") + 4)
    edits, outcomes = [], []
    for number, found in enumerate(re.finditer(re.escape(OLD), text)):
        mark = f"{number:016x}"
        edits.append(Edit("f.py", Span(*found.span()), OLD, "orders", mark))
        finding = Finding(
            "f.py",
            1,
            1,
            OLD,
            edits[-1].span,
            OLD,
            mark,
            port=8080,
            port_from="sibling",
            port_span=span,
        )
        outcomes.append(Outcome(finding, Target(ServiceRef("shop", "orders"), 80), edited=True))
    edits.append(Edit("f.py", span, "8080", "80", "0" * 16, "port"))
    new = to_environment(text, sorted(edits, key=lambda edit: edit.span), outcomes)
    after = splice(text, [(*edit.span, edit.new) for edit in new])

    assert expected in after
    assert differs("python", text, after, new) == ""
