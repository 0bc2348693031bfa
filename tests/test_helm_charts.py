"""Which charts there are, how they are installed, and what is handed to Helm."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest

from refactor.helm.cases import Case, cases_of, release_name, trials_of
from refactor.helm.charts import Chart, Dependency, find_charts, owner, read_chart, renderers
from refactor.helm.prepare import prepare, template_text
from refactor.helm.tree import Tree
from refactor.helm.versions import fits
from refactor.settings.types import Environment
from tests.helm_bench import ROOT, case, charts_of, rendering, write


def archive(files: dict[str, str]) -> bytes:
    """Return a packed chart."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as target:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            target.addfile(member, io.BytesIO(text.encode()))
    return packed.getvalue()


CHARTS = {chart.path: chart for chart in charts_of()}


def test_a_chart_is_a_directory_with_a_chart_yaml() -> None:
    chart = CHARTS["umbrella"]

    assert chart.name == "umbrella"
    assert chart.dependencies == (
        Dependency("kid", "0.x"),
        Dependency("kid", "0.x", alias="second"),
    )
    assert CHARTS["umbrella/charts/kid"].name == "kid"
    assert CHARTS["common"].library
    assert not chart.library


def test_overlays_and_trials_stand_beside_the_values() -> None:
    names = [
        "values.yaml",
        "values-prod.yaml",
        "values.eu.yml",
        "values/test.yaml",
        "ci/a-values.yaml",
    ]
    others = ["Values-x.yaml", "values/deep/er.yaml", "templates/values-x.yaml", "ci/other.yaml"]
    files = [f"c/{name}" for name in ("Chart.yaml", *names, *others)]
    (chart,) = find_charts(files, lambda path: b"name: c")

    assert chart.overlays == ("c/values-prod.yaml", "c/values.eu.yml", "c/values/test.yaml")
    assert chart.trials == ("c/ci/a-values.yaml",)


def test_a_chart_may_be_the_root() -> None:
    (chart,) = find_charts(
        ["Chart.yaml", "values-a.yaml", "x/values-b.yaml"], lambda path: b"name: c"
    )

    assert (chart.path, chart.overlays) == ("", ("values-a.yaml",))
    assert chart.holds("x/y")
    assert chart.file("values.yaml") == "values.yaml"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"a: [", "expected the node content, but found '<stream end>'"),
        (b"- a", "holds no mapping"),
        (b"", "holds no mapping"),
        (None, "no such file"),
    ],
    ids=["no YAML", "a list", "empty", "gone"],
)
def test_what_cannot_be_read_is_a_chart_with_a_problem(data: bytes | None, problem: str) -> None:
    assert read_chart("x/web", lambda path: data) == Chart("x/web", "web", problem=problem)


def test_requirements_of_older_charts_are_dependencies() -> None:
    files = {
        "c/Chart.yaml": b"name: c\nversion: 1",
        "c/requirements.yaml": b"dependencies: [{name: d}, 5, {version: 1}]",
    }
    chart = read_chart("c", files.get)

    assert (chart.version, chart.dependencies) == ("1", (Dependency("d"),))


RENDERERS = {
    "a chart's own file": ("plain/values.yaml", ["plain"]),
    "a subchart's, by its parent": ("umbrella/charts/kid/values.yaml", ["umbrella"]),
    "a library's, by who depends on it": ("common/templates/_helpers.tpl", ["by-name", "by-older", "by-path"]),
    "no chart's": ("README.md", []),
    "a name that only begins alike": ("plainer/values.yaml", []),
}  # fmt: skip


@pytest.mark.parametrize(("path", "expected"), RENDERERS.values(), ids=RENDERERS)
def test_which_charts_show_what_a_file_does(path: str, expected: list[str]) -> None:
    assert [chart.path for chart in renderers(CHARTS.values(), path)] == expected


def test_the_innermost_chart_owns_a_file() -> None:
    inner = owner(CHARTS.values(), "umbrella/charts/kid/templates/service.yaml")

    assert inner == CHARTS["umbrella/charts/kid"]


def test_without_settings_a_chart_is_installed_plainly_and_with_each_overlay() -> None:
    assert cases_of(CHARTS["plain"], CHARTS.values(), namespace="shop") == (
        Case("plain", "plain", "shop"),
        Case("plain", "plain", "shop", ("plain/values-prod.yaml",)),
    )


def test_environments_say_how_a_chart_is_installed() -> None:
    """Values in another chart's directory are not this chart's; in none's, they are."""
    values = ("all.yaml", "plain/values-prod.yaml", "ini/values.yaml")
    environments = (
        Environment("prod", release="web", namespace="live", values=values),
        Environment("test"),
    )

    assert cases_of(CHARTS["plain"], CHARTS.values(), environments) == (
        Case("plain", "web", "live", ("all.yaml", "plain/values-prod.yaml"), "prod"),
        Case("plain", "plain", "default", (), "test"),
    )


def test_a_chart_that_needs_values_is_tried_with_its_makers() -> None:
    with rendering() as renders:
        plain = case("required")
        (trial,) = trials_of(CHARTS["required"], plain)

        assert renders.render(plain).error
        assert renders.render(trial).objects[0].content["data"] == {"host": "10.0.7.1"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("shop", "shop"),
        ("My_Chart.v2", "my-chart-v2"),
        ("x" * 60, "x" * 53),
        ("_", "release"),
        ("", "release"),
    ],
)
def test_release_names(text: str, expected: str) -> None:
    assert release_name(text) == expected


FITS = {
    ("18.2.1", "18.x.x"): True,
    ("18.2.1", "^18.0.0"): True,
    ("18.2.1", "~18.9"): True,
    ("18.2.1", "v18"): True,
    ("18.2.1", "*"): True,
    ("18.2.1", ""): True,
    ("18.2.1", ">=16 <19"): True,
    ("18.2.1", ">=16.0.0, <19.0.0"): True,
    ("18.2.1", "16 - 20"): True,
    ("18.2.1", "1.x || 18.x"): True,
    ("18.2.1", "!=18.0.0"): True,
    ("no version", "1.x"): True,
    ("18.2.1", "17.x.x"): False,
    ("18.2.1", "^1.8.2"): False,
    ("18.2.1", ">=19"): False,
    ("18.2.1", "<=17.9.9"): False,
    ("18.2.1", "1.x || 2.x"): False,
    ("0.1.0", "1.x"): False,
}


@pytest.mark.parametrize(("pair", "expected"), FITS.items(), ids=[" fits ".join(p) for p in FITS])
def test_versions_fit_by_the_major_number(pair: tuple[str, str], expected: bool) -> None:
    assert fits(*pair) is expected


DEPENDENCIES = {
    "vendored: nothing to say": ("umbrella", []),
    "by its path, whatever its version": (
        "by-path",
        ["by-path: dependency common is taken from common, which is 2.4.0 where 9.x is asked for"],
    ),
    "by its name": ("by-name", ["by-name: dependency common is taken from common"]),
    "by its name, though another was asked for": (
        "by-older",
        ["by-older: dependency common is taken from common, which is 2.4.0 where 1.x.x is asked for"],
    ),
    "nowhere: left out": ("orphan", ["orphan: dependency nowhere 3.x.x is not vendored and is left out"]),
}  # fmt: skip


@pytest.mark.parametrize("engine", ["package", "binary"])
@pytest.mark.parametrize(("chart", "notes"), DEPENDENCIES.values(), ids=DEPENDENCIES)
def test_dependencies_are_put_in_place_or_left_out(
    chart: str, notes: list[str], engine: str
) -> None:
    with rendering(engine=engine) as renders:
        rendered = renders.render(case(chart))

    assert (rendered.error, list(rendered.notes)) == ("", notes)


def test_a_sibling_that_fits_comes_before_one_that_does_not(tmp_path: Path) -> None:
    chart = "apiVersion: v2\nname: {}\nversion: {}\n"
    write(
        tmp_path,
        {
            "a/lib/Chart.yaml": chart.format("lib", "3.0.0"),
            "b/lib/Chart.yaml": chart.format("lib", "2.0.0"),
            "c/lib/charts/lib/Chart.yaml": chart.format("lib", "2.1.0"),
            "web/Chart.yaml": chart.format("web", 1) + "dependencies: [{name: lib, version: 2.x}]",
        },
    )
    charts = charts_of(tmp_path)
    prepared = prepare(Tree(tmp_path), charts[-1], charts)

    assert prepared.notes == ("web: dependency lib is taken from b/lib",)


def test_a_ring_of_dependencies_ends(tmp_path: Path) -> None:
    chart = (
        "apiVersion: v2\nname: {0}\nversion: 1.0.0\ndependencies: [{{name: {1}, version: 1.x}}]\n"
    )
    write(
        tmp_path, {"a/Chart.yaml": chart.format("a", "b"), "b/Chart.yaml": chart.format("b", "a")}
    )
    charts = charts_of(tmp_path)
    prepared = prepare(Tree(tmp_path), charts[0], charts)

    assert sorted(prepared.files) == ["Chart.yaml", "charts/b/Chart.yaml"]
    assert prepared.notes == (
        "a: dependency b is taken from b",
        "b: dependency a 1.x is not vendored and is left out",
    )


def test_a_packaged_dependency_is_vendored_and_a_lock_is_dropped(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "c/Chart.yaml": "name: c\ndependencies: [{name: kid, version: 1.x}, {name: kid-two, version: 1.x}]\n",
            "c/Chart.lock": "x",
        },
    )
    packed = archive({"kid/Chart.yaml": "name: kid\nversion: 1.2.3\n"})
    (tmp_path / "c/charts").mkdir()
    (tmp_path / "c/charts/kid-1.2.3.tgz").write_bytes(packed)
    (chart,) = charts_of(tmp_path)
    prepared = prepare(Tree(tmp_path), chart, (chart,))

    assert sorted(prepared.files) == ["Chart.yaml", "charts/kid-1.2.3.tgz"]
    assert prepared.notes == ("c: dependency kid-two 1.x is not vendored and is left out",)
    assert json.loads(prepared.files["Chart.yaml"]) == {
        "name": "c",
        "dependencies": [{"name": "kid", "version": "1.x"}],
    }


def test_the_description_of_a_chart_that_lacks_nothing_stays_as_it_is() -> None:
    prepared = prepare(Tree(ROOT), CHARTS["umbrella"], CHARTS.values())

    assert prepared.files["Chart.yaml"] == (ROOT / "umbrella/Chart.yaml").read_bytes()


def test_a_subcharts_template_is_found_by_its_alias() -> None:
    files = prepare(Tree(ROOT), CHARTS["umbrella"], CHARTS.values()).files
    expected = (ROOT / "umbrella/charts/kid/templates/service.yaml").read_text()

    assert template_text(files, "umbrella/charts/kid/templates/service.yaml") == expected
    assert template_text(files, "umbrella/charts/second/templates/service.yaml") == expected
    assert template_text(files, "umbrella/charts/third/templates/service.yaml") == ""
    assert template_text(files, "umbrella/templates/none.yaml") == ""


def test_links_out_of_the_repository_are_not_followed(tmp_path: Path) -> None:
    """Links inside it are, as Helm does; rings of them end."""
    write(
        tmp_path, {"secret/key.txt": "x", "repo/shared/a.tpl": "x", "repo/c/Chart.yaml": "name: c"}
    )
    chart = tmp_path / "repo/c"
    (chart / "out").symlink_to(tmp_path / "secret")
    (chart / "key.txt").symlink_to(tmp_path / "secret/key.txt")
    (chart / "templates").symlink_to("../shared")
    (chart / "ring").symlink_to("../c")
    (chart / "broken").symlink_to("nowhere")
    (chart / "loop").symlink_to("loop")
    tree = Tree(tmp_path / "repo")
    files, notes = tree.below("c")

    assert files == ["c/Chart.yaml", "c/templates/a.tpl"]
    assert notes == [
        "c/out leads out of the repository and is not followed",
        "c/loop leads out of the repository and is not followed",
        "c/key.txt leads out of the repository and is not followed",
    ]
    assert tree.read("c/key.txt") is None
    assert tree.read("../secret/key.txt") is None
    assert tree.read("c/templates/a.tpl") == b"x"


def test_a_tree_shows_files_as_they_will_be(tmp_path: Path) -> None:
    write(tmp_path, {"c/a.yaml": "old", "c/b.yaml": "same"})
    tree = Tree(tmp_path)
    after = tree.changed({"c/a.yaml": b"new", "c/new.yaml": b"made"})

    assert after.below("c")[0] == ["c/a.yaml", "c/b.yaml", "c/new.yaml"]
    assert (after.read("c/a.yaml"), after.source("c/new.yaml").text) == (b"new", "made")
    assert (tree.read("c/a.yaml"), tree.below("c")[0]) == (b"old", ["c/a.yaml", "c/b.yaml"])


def test_what_helm_ignores_is_ignored() -> None:
    """`plain/templates/old.yaml.orig` is no template, and `.helmignore` says so."""
    with rendering() as renders:
        assert renders.render(case("plain")).error == ""
        broken = renders.render(case("plain"), {"plain/.helmignore": b""})

    assert "old.yaml.orig" in broken.error


def test_each_input_is_rendered_once() -> None:
    with rendering() as renders:
        renders.render(case("plain"))
        renders.render(
            case("plain"), {"plain/values.yaml": (ROOT / "plain/values.yaml").read_bytes()}
        )
        assert renders.count == 1
        renders.render(case("plain"), anew=True)
        renders.render(case("plain", release="other"))
        renders.render(case("plain", "plain/values-prod.yaml"))
        renders.render(case("plain"), {"plain/values.yaml": b"orders: {}\n"})

    assert renders.count == 5


def test_a_values_file_that_is_not_there_is_said() -> None:
    with rendering() as renders:
        assert (
            renders.render(case("plain", "plain/none.yaml")).error
            == "no values file plain/none.yaml"
        )


def test_a_copy_has_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts that need each other many times over are not copied without end."""
    monkeypatch.setattr("refactor.helm.prepare._MOST_FILES", 50)
    names = [f"c{n}" for n in range(9)]
    needs = ", ".join(f"{{name: {name}}}" for name in names)
    write(tmp_path, {f"{n}/Chart.yaml": f"name: {n}\ndependencies: [{needs}]\n" for n in names})
    charts = charts_of(tmp_path)
    prepared = prepare(Tree(tmp_path), charts[0], charts)

    assert len(prepared.files) == 50
    assert any("too large to be copied whole" in note for note in prepared.notes)
