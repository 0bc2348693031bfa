"""Both engines render the same, say the same where they cannot, and touch nothing of the user's."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from refactor.helm import cage, package
from refactor.helm.changes import compare
from refactor.helm.engine import Engine, NoEngine, Rendered, manifests
from refactor.helm.find import find_engine
from refactor.helm.messages import one_line
from refactor.helm.noise import noise
from refactor.helm.renders import Renders
from tests.helm_bench import ROOT, case, charts_of, engine_or_skip, rendering, write

RENDERING = ["plain", "fullname", "tpl-one", "tpl-list", "ini", "umbrella", "by-path", "by-name"]
RENDERING += ["by-older", "orphan", "schema", "random", "conditions", "built"]

REFUSED = {
    "required": "execution error at (required/templates/configmap.yaml:6:11): "
    "set host to where orders live",
    "common": "library charts are not installable",
    "orphan-needed": 'no template "nowhere.name" associated with template "gotpl"',
    "broken": "YAML parse error on broken/templates/configmap.yaml: ",
}  # fmt: skip


def laid(engine: Engine, chart: Path) -> Path:
    """Copy a chart to where an engine may read it."""
    return Path(shutil.copytree(chart, engine.folder / chart.name))


@pytest.mark.parametrize("chart", RENDERING)
def test_both_engines_render_the_same(chart: str) -> None:
    with rendering(engine="package") as one, rendering(engine="binary") as two:
        first, again = one.render(case(chart)), one.render(case(chart), anew=True)
        second = two.render(case(chart))

    varying = noise(first.objects, again.objects)
    changes = compare(varying.settled(first.objects), varying.settled(second.objects))
    assert first.objects
    assert [str(c) for c in changes if not varying.covers(c)] == []


@pytest.mark.parametrize("engine", ["package", "binary"])
@pytest.mark.parametrize(("chart", "message"), REFUSED.items(), ids=REFUSED)
def test_a_chart_that_does_not_render_is_a_value_with_helms_words(
    chart: str, message: str, engine: str
) -> None:
    with rendering(engine=engine) as renders:
        rendered = renders.render(case(chart))

    assert rendered.objects == ()
    assert message in rendered.error
    assert "/tmp" not in rendered.error
    assert "\n" not in rendered.error


@pytest.mark.parametrize("engine", ["package", "binary"])
def test_a_schema_is_asked(engine: str) -> None:
    with rendering(engine=engine) as renders:
        rendered = renders.render(case("schema", "schema/values-wrong.yaml"))

    assert "values don't meet the specifications of the schema" in rendered.error
    assert "/port" in rendered.error


@pytest.mark.parametrize("engine", ["package", "binary"])
def test_values_are_laid_over_each_other_in_order(engine: str, tmp_path: Path) -> None:
    """Maps merge, lists do not, null takes away (Helm, "Values Files"); YAML is Helm's own, 1.1."""
    write(
        tmp_path,
        {
            "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 0.1.0\n",
            "c/values.yaml": "a: {u: 1, v: 2, w: 3}\nl: [1, 2]\nk: 12345678\n",
            "c/values-a.yaml": "a: {v: 20, w: null}\nl: [3]\n",
            "c/values-b.yaml": "a: {v: 200}\nm: 12345678\no: 0o17\np: yes\n",
            "c/templates/a.yaml": "kind: X\nmetadata: {name: x}\nv: {{ .Values | toJson | quote }}\n",
        },
    )
    with rendering(tmp_path, engine) as renders:
        rendered = renders.render(case("c", "c/values-a.yaml", "c/values-b.yaml"))

    assert rendered.error == ""
    assert rendered.objects[0].content["v"] == (
        '{"a":{"u":1,"v":200},"k":12345678,"l":[3],"m":12345678,"o":15,"p":true}'
    )


@pytest.mark.parametrize("engine", ["package", "binary"])
def test_hooks_and_tests_and_enabled_subcharts_are_rendered(engine: str) -> None:
    with rendering(engine=engine) as renders:
        found = {str(item.identity) for item in renders.render(case("umbrella")).objects}

    assert found == {
        "ConfigMap store/top",
        "ConfigMap store/shop-kid",
        "Service store/shop-kid",
        "Job store/shop-kid-hook",
    }


def test_an_absent_dependency_is_refused_in_helms_words_by_an_engine_itself() -> None:
    for name in ("package", "binary"):
        with closing(engine_or_skip(name)) as engine:
            chart = laid(engine, ROOT / "orphan")
            rendered = engine.render(chart, (), release="r", namespace="n")

        assert "found in Chart.yaml, but missing in charts/ directory: nowhere" in rendered.error


def test_a_worker_that_ends_is_started_again(tmp_path: Path) -> None:
    """A chart that asks for any memory ends the worker, not the tool."""
    chart = {"c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 0.1.0\n"}
    write(tmp_path, {**chart, "c/templates/a.yaml": '{{ repeat 8000000000 "a" }}\n'})
    with closing(engine_or_skip("package")) as engine:
        greedy, modest = laid(engine, tmp_path / "c"), laid(engine, ROOT / "plain")
        rendered = engine.render(greedy, (), release="r", namespace="n")
        plain = engine.render(modest, (), release="r", namespace="n")

    assert rendered == Rendered(error="ended: it took too much memory", ended=True)
    assert plain.error == ""


def test_what_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = "{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}\n"
    chart = {"c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 0.1.0\n"}
    write(tmp_path, {**chart, "c/templates/a.yaml": slow})
    for name in ("package", "binary"):
        with closing(engine_or_skip(name)) as engine:
            monkeypatch.setattr(cage, "SECONDS", 1)
            rendered = engine.render(laid(engine, tmp_path / "c"), (), release="r", namespace="n")
            monkeypatch.undo()

        assert rendered == Rendered(error="took more than 1 seconds", ended=True)


def test_a_fork_starts_a_worker_of_its_own() -> None:
    """Go's runtime does not survive a fork, and two processes on one pipe mix their answers."""
    code = """if 1:
        import os, shutil, sys
        from pathlib import Path
        from refactor.helm.find import find_engine
        engine = find_engine("package")
        chart = Path(shutil.copytree(sys.argv[1], engine.folder / "c"))
        ask = lambda: engine.render(chart, (), release="r", namespace="n").error
        assert ask() == ""
        child = os.fork()
        if child == 0:
            failed = ask()
            engine.close()
            os._exit(1 if failed else 0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert ask() == ""
        engine.close()
    """
    engine_or_skip("package").close()

    ran = subprocess.run(
        [sys.executable, "-c", code, str(ROOT / "plain")],
        cwd=ROOT.parent.parent,
        capture_output=True,
        text=True,
    )

    assert (ran.returncode, ran.stderr) == (0, "")


def test_the_binary_gets_none_of_the_users_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in for helm that writes its environment down instead of rendering."""
    helm = tmp_path / "bin" / "helm"
    helm.parent.mkdir()
    helm.write_text(
        '#!/bin/sh\nif [ "$1" = version ]; then echo v3.17.0+g301108e; exit; fi\n'
        "printf -- '---\\n# Source: c/templates/a.yaml\\nkind: X\\n'\n"
        "env | sed 's/=/: \"/; s/$/\"/' | grep '^[A-Z_]*: '\n"
        'if read -r line; then echo "stdin: open"; else echo "stdin: closed"; fi\n'
    )
    helm.chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", f"{helm.parent}:{os.environ['PATH']}")
    for name in ("HELM_PLUGINS", "HTTPS_PROXY", "KUBECONFIG", "GITHUB_TOKEN", "HOME", "LANG"):
        monkeypatch.setenv(name, "mine")
    with closing(engine_or_skip("binary")) as engine:
        rendered = engine.render(tmp_path, (), release="r", namespace="n")

    assert engine.name == "helm v3.17.0"
    assert "mine" not in rendered.manifests[0].text
    assert "stdin: closed" in rendered.manifests[0].text


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        ("echo 'Client: v2.17.0+gbf0'", "is neither Helm 3 nor Helm 4: it says 'Client: v2.17"),
        ("echo broken >&2; exit 3", "is neither Helm 3 nor Helm 4: it says 'Error: broken"),
        (
            'exec "$HOME/.asdf/bin/asdf" exec helm "$@"',
            "put the directory of helm itself on the PATH",
        ),
    ],
    ids=["Helm 2", "no Helm at all", "a shim of a version manager"],
)
def test_what_is_no_helm_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str, reason: str
) -> None:
    helm = tmp_path / "helm"
    helm.write_text(f"#!/bin/sh\n{says}\n")
    helm.chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    found = find_engine("binary")

    assert isinstance(found, NoEngine)
    assert reason in found.reason


def test_without_an_engine_the_reasons_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(package, "find_spec", lambda name: None)

    assert find_engine() == NoEngine(
        "the package helm-python-sdk is not installed (extra [helm]); no helm on the PATH"
    )


def test_nothing_is_written_but_to_the_temporary_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def state(root: Path) -> dict[str, int]:
        return {str(p): p.stat().st_mtime_ns for p in sorted(root.rglob("*"))}

    home, temporary = tmp_path / "home", tmp_path / "tmp"
    home.mkdir()
    temporary.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr("tempfile.tempdir", None)
    before = state(ROOT)
    for name in ("package", "binary"):
        with closing(engine_or_skip(name)) as engine, Renders(ROOT, charts_of(), engine) as renders:
            renders.render(case("umbrella"))
            renders.render(case("by-name"), {"by-name/values.yaml": b"host: 10.1.1.1\n"})
    monkeypatch.undo()

    assert state(ROOT) == before
    assert list(home.rglob("*")) == []
    assert list(temporary.rglob("*")) == []


MESSAGES = {
    "a prefix and advice": (
        "Error: boom\n\nUse --debug flag to render out invalid YAML\n",
        "boom",
    ),
    "the copy's path": (
        "Error: open /tmp/x/copy/values.yaml: bad; see /tmp/x/copy",
        "open values.yaml: bad; see the chart",
    ),
    "a long trace keeps its ends": ("a\nb\nc\nd\ne\nf\n", "a b … e f"),
    "a message of any length keeps its ends": ("a" * 9000 + "b", "a" * 250 + " … " + "a" * 246 + "b"),
    "Go's own death": ("fatal error: runtime: out of memory\n\nstack", "fatal error: runtime: out of memory"),
    "nothing": ("", "Helm gives no reason"),
}  # fmt: skip


@pytest.mark.parametrize(("message", "expected"), MESSAGES.values(), ids=MESSAGES)
def test_messages(message: str, expected: str) -> None:
    assert one_line(message, Path("/tmp/x/copy")) == expected


def test_notes_partials_and_empty_files_are_no_manifests() -> None:
    texts = {
        "c/templates/NOTES.txt": "hello",
        "c/templates/_helpers.tpl": "x",
        "c/templates/empty.yaml": " \n",
        "c/templates/a.yaml": "a: 1\n\n",
    }

    assert [(m.source, m.text) for m in manifests(texts)] == [("c/templates/a.yaml", "a: 1\n")]
