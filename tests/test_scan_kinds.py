"""Which scanner reads which file."""

from __future__ import annotations

import pytest

from refactor import scan as scanners
from refactor.model import Scanned

KINDS = [
    ("values.yaml", "yaml"),
    ("deploy/web.yml", "yaml"),
    ("Deploy/WEB.YAML", "yaml"),
    ("config.json", "yaml"),
    ("docker-compose.yaml", "yaml"),
    ("chart/crds/x.yaml", "yaml"),
    ("chart/templates/web.yaml", "template"),
    ("templates/web.yaml", "template"),
    ("chart/templates/sub/_helpers.tpl", "template"),
    ("chart/templates/NOTES.txt", "template"),
    ("chart/templates/dashboard.json", "template"),
    ("nginx.conf.tpl", "template"),
    ("values.yaml.gotmpl", "template"),
    ("mytemplates/web.yaml", "yaml"),
    ("chart/templates/app.py", "python"),
    ("app.py", "python"),
    ("app.pyw", "python"),
    (".env", "text"),
    (".env.production", "text"),
    ("prod.env", "text"),
    ("env", "text"),
    ("application.properties", "text"),
    ("settings.ini", "text"),
    ("setup.cfg", "text"),
    ("pyproject.toml", "text"),
    ("nginx.conf", "text"),
    ("my.cnf", "text"),
    ("run.sh", "text"),
    ("run.bash", "text"),
    ("Dockerfile", "text"),
    ("Dockerfile.dev", "text"),
    ("web.Dockerfile", "text"),
    ("Containerfile", "text"),
    ("Makefile", "text"),
    ("hosts.j2", "text"),
    ("main.go", "source"),
    ("Main.java", "source"),
    ("app.tsx", "source"),
    ("main.tf", "source"),
    ("Jenkinsfile", "source"),
    ("Vagrantfile", "source"),
    ("env.ts", "source"),
    ("pom.xml", "source"),
    ("README.md", None),
    ("docs/index.rst", None),
    ("chart/NOTES.txt", None),
    ("requirements.txt", None),
    (".env.md", None),
    ("stubs.pyi", None),
    ("notebook.ipynb", "notebook"),
    ("web.yaml~", None),
    ("#web.yaml#", None),
    ("yaml", None),
    ("environment", None),
    ("photo.png", None),
    ("LICENSE", None),
    ("", None),
]


@pytest.mark.parametrize(("path", "kind"), KINDS, ids=[path or "empty" for path, _ in KINDS])
def test_kind_by_name(path: str, kind: str | None) -> None:
    assert scanners.kind_of(path, "") == kind
    assert scanners.kind_of(f"a/b/{path}", "") == kind


SHEBANGS = [
    ("entrypoint", "#!/bin/sh\n", "text"),
    ("entrypoint", "#!/usr/bin/env bash\nset -e", "text"),
    ("entrypoint", "#!/usr/bin/env -S bash -e\n", "text"),
    ("tool", "#!/usr/bin/python3.11 -u\n", "python"),
    ("tool", "#!/usr/bin/env python\n", "python"),
    ("tool", "#!/usr/bin/env node\n", "source"),
    ("run.prod", "#!/bin/bash\n", "text"),
    ("app.py", "#!/bin/sh\n", "python"),
    ("README.md", "#!/bin/sh\n", None),
    ("tool", "#!/opt/shiny\n", None),
    ("tool", " #!/bin/sh\n", None),
    ("tool", "# python\n", None),
    ("tool", "#!\n/bin/sh\n", None),
]


@pytest.mark.parametrize(("path", "head", "kind"), SHEBANGS)
def test_kind_by_shebang(path: str, head: str, kind: str | None) -> None:
    assert scanners.kind_of(path, head) == kind


@pytest.mark.parametrize("kind", ["yaml", "template", "python", "text", "source"])
def test_every_kind_has_a_scanner(kind: str) -> None:
    assert scanners.scan(kind, "", lambda _: True) == Scanned(())


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("yaml", "a: '10.0.0.1'"),
        ("template", "a: {{ .x | default '10.0.0.1' }}\nb: '10.0.0.1'"),
        ("python", "a = '10.0.0.1'"),
        ("text", "a=10.0.0.1"),
        ("source", 'const a = "10.0.0.1"'),
    ],
)
def test_every_scanner_finds_an_address(kind: str, text: str) -> None:
    scanned = scanners.scan(kind, text, lambda value: "10.0.0.1" in value)

    assert any("10.0.0.1" in literal.view.text for literal in scanned.literals)
    assert scanned.unparsable == ""
