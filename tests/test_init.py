"""`refactor init`: settings from what lies there, that load, and that make the plan they should."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from refactor.cli import cli
from refactor.cli.arguments import Arguments
from refactor.cli.job import job_of
from refactor.errors import RefactorError
from refactor.files.globs import Patterns
from refactor.init.detect import look
from refactor.init.propose import propose
from refactor.init.text import text_of
from refactor.model import Plan
from refactor.plan import make_plan
from refactor.settings.check import checked
from refactor.settings.described import described
from refactor.settings.load import load
from refactor.settings.types import Environment, MappingSetting, Settings
from refactor.settings.yaml import read_yaml
from tests.shop import write_cluster
from tests.test_settings import EVERYTHING

SHOP = Path(__file__).parent.parent / "samples" / "shop"
CHART = "apiVersion: v2\nname: web\nversion: 1.0.0\n"


def run(root: Path, *args: str) -> Result:
    return CliRunner().invoke(cli, ["init", *args, str(root)])


def manifest(namespace: str) -> str:
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  namespace: {namespace}\n"


def proposed(root: Path, files: dict[str, str]) -> Settings:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return propose(look(root)).settings


KUSTOMIZED = "kind: Kustomization\nnamespace: {}\n"
SEEN: dict[str, tuple[dict[str, str], Settings]] = {
    "nothing": ({"README.md": "x\n"}, Settings()),
    "one namespace": ({"a.yaml": manifest("shop"), "b.yaml": manifest("shop")}, Settings(namespace="shop")),
    "the commonest namespace is not everybody's": ({"a.yaml": manifest("shop"), "b.yaml": manifest("shop"), "c.yaml": manifest("b")}, Settings()),
    "an overlay with the third file name": ({"overlays/eu/Kustomization": KUSTOMIZED.format("shop-eu")}, Settings(environments=(Environment("eu", ("overlays/eu/**",), namespace="shop-eu"),))),
    "a namespace in braces": ({"a.yaml": "kind: X\nmetadata: {name: x, namespace: shop}\n"}, Settings(namespace="shop")),
    "two namespaces alike decide nothing": ({"a.yaml": manifest("a"), "b.yaml": manifest("b")}, Settings()),
    "a namespace that is no manifest's own": ({"a.yaml": "kind: Role\nmetadata:\n  name: x\nsubjects:\n- namespace: other\n"}, Settings()),
    "a label that is called so": ({"a.yaml": "kind: X\nmetadata:\n  labels:\n    namespace: other\n  # namespace: y\n\n  namespace: 'shop' # here\n"}, Settings(namespace="shop")),
    "a namespace of a template is Helm's": ({"c/Chart.yaml": CHART, "c/templates/a.yaml": manifest("shop")}, Settings()),
    "a chart with one overlay": ({"web/Chart.yaml": CHART, "web/values-prod.yaml": "a: 1\n"}, Settings(environments=(Environment("prod", ("web/**",), values=("web/values-prod.yaml",)),))),
    "a chart with several": (
        {"web/Chart.yaml": CHART, "web/values-prod.yaml": "a: 1\n", "web/values-dev.yaml": "a: 1\n"},
        Settings(environments=(Environment("dev", ("web/values-dev.yaml",), values=("web/values-dev.yaml",)), Environment("prod", ("web/values-prod.yaml",), values=("web/values-prod.yaml",)))),
    ),
    "a chart at the root": ({"Chart.yaml": CHART, "values.prod.yaml": "a: 1\n"}, Settings(environments=(Environment("prod", ("**",), values=("values.prod.yaml",)),))),
    "an overlay that is no environment's": ({"web/Chart.yaml": CHART, "web/values-minimal.yaml": "a: 1\n"}, Settings()),
    "values without a chart": ({"values-prod.yaml": "a: 1\n"}, Settings()),
    "Kustomize's overlays": (
        {"k/overlays/eu/kustomization.yaml": KUSTOMIZED.format("shop-eu"), "k/overlays/us/kustomization.yaml": "kind: Kustomization\n", "k/base/kustomization.yaml": "kind: Kustomization\n"},
        Settings(environments=(Environment("eu", ("k/overlays/eu/**",), namespace="shop-eu"), Environment("us", ("k/overlays/us/**",)))),
    ),
    "two applications' overlays": (
        {f"{app}/overlays/prod/kustomization.yaml": KUSTOMIZED.format(app) for app in "ab"},
        Settings(environments=(Environment("prod", ("a/overlays/prod/**", "b/overlays/prod/**")),)),
    ),
    "a directory called as people call stages": ({"deploy/prod/a.yaml": "a: 1\n", "deploy/test/a.yaml": "a: 1\n"}, Settings(environments=(Environment("prod", ("deploy/prod/**",)),))),
    "what overlays share is no environment": ({"overlays/base/a.yaml": "a: 1\n", "overlays/common/a.yaml": "a: 1\n"}, Settings()),
    "a stage's values for the charts": ({"web/Chart.yaml": CHART, "envs/prod/values.yaml": "a: 1\n"}, Settings(environments=(Environment("prod", ("envs/prod/**",), values=("envs/prod/values.yaml",)),))),
    "recordings": ({"tests/cassettes/a.yaml": "a: 1\n", "recordings/b.json": "{}"}, Settings(ignore=("recordings/**", "tests/cassettes/**"))),
    "an overlay's namespace that is none": ({"overlays/eu/kustomization.yaml": "kind: Kustomization\nnamespace: a b\n", "x.yaml": manifest("Shop")}, Settings(environments=(Environment("eu", ("overlays/eu/**",)),))),
    "a directory whose name is a glob": ({"re[c]*/recordings/b.json": "{}"}, Settings(ignore=("re\\[c]\\*/recordings/**",))),
}  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), SEEN.values(), ids=SEEN)
def test_what_is_seen(tmp_path: Path, files: dict[str, str], expected: Settings) -> None:
    assert proposed(tmp_path, files) == expected


class TestInventories:
    def test_what_loads_as_one(self, tmp_path: Path) -> None:
        write_cluster(tmp_path / "cluster.json")
        (tmp_path / "broken.json").write_text('{"items": [')
        (tmp_path / "other.json").write_text('{"items": [{"id": 1}]}')
        (tmp_path / "list.yaml").write_text("kind: List\nitems: []\n")

        assert look(tmp_path).inventories == ("cluster.json",)

    def test_one_that_git_ignores(self, tmp_path: Path) -> None:
        write_cluster(tmp_path / "cluster.json")
        (tmp_path / ".gitignore").write_text("*.json\n")

        assert look(tmp_path).inventories == ("cluster.json",)

    def test_one_for_each_environment(self, tmp_path: Path) -> None:
        for name in ("cluster-prod.json", "cluster-dev.json", "spare.json"):
            write_cluster(tmp_path / name)
        files = {f"deploy/{stage}/a.yaml": "a: 1\n" for stage in ("dev", "prod")}
        settings = proposed(tmp_path, files)

        assert settings.inventories == ("spare.json",)
        assert [e.inventories for e in settings.environments] == [
            ("cluster-dev.json",),
            ("cluster-prod.json",),
        ]

    def test_the_only_one_is_everybodys(self, tmp_path: Path) -> None:
        write_cluster(tmp_path / "prod.json")
        settings = proposed(tmp_path, {"deploy/prod/a.yaml": "a: 1\n"})

        assert settings.inventories == ("prod.json",)
        assert settings.environments[0].inventories == ()


def test_pipelines_and_tests_are_told(tmp_path: Path) -> None:
    files = {".github/workflows/x.yaml": "a: 1\n", "tests/test_a.py": "", "test_b.py": ""}
    proposed(tmp_path, files)
    ran = run(tmp_path)

    assert "tests: 2 Python test files, skipped" in ran.output
    assert "GitHub Actions runs here" in ran.output
    assert ran.output.endswith("next: refactor inventory -o cluster.json\n")


class TestWriting:
    def test_once(self, tmp_path: Path) -> None:
        (tmp_path / "a.yaml").write_text(manifest("shop"))

        assert run(tmp_path).exit_code == 0
        first = (tmp_path / ".refactor.yaml").read_text()
        assert load(tmp_path) == Settings(namespace="shop")
        assert isinstance(run(tmp_path).exception, RefactorError)
        assert (tmp_path / ".refactor.yaml").read_text() == first

    def test_again_by_force(self, tmp_path: Path) -> None:
        (tmp_path / ".refactor.yaml").write_text("nonsense: [\n")

        assert run(tmp_path, "--force").exit_code == 0
        assert load(tmp_path) == Settings()

    def test_through_no_link(self, tmp_path: Path) -> None:
        root = tmp_path / "repo"
        root.mkdir()
        (tmp_path / "theirs").write_text("x\n")
        (root / ".refactor.yaml").symlink_to(tmp_path / "theirs")

        assert isinstance(run(root).exception, RefactorError)
        assert run(root, "--force").exit_code == 0
        assert (tmp_path / "theirs").read_text() == "x\n"

    def test_not_beside_other_settings(self, tmp_path: Path) -> None:
        (tmp_path / "pyproject.toml").write_text('[tool.refactor]\nnamespace = "x"\n')

        assert isinstance(run(tmp_path, "--force").exception, RefactorError)
        assert not (tmp_path / ".refactor.yaml").exists()

    def test_to_standard_output_nothing_is_written(self, tmp_path: Path) -> None:
        (tmp_path / ".refactor.yaml").write_text("namespace: mine\n")
        ran = run(tmp_path, "--print")

        assert "# namespace: " in ran.stdout
        assert (tmp_path / ".refactor.yaml").read_text() == "namespace: mine\n"


def plan_of(root: Path) -> Plan:
    return make_plan(job_of(Arguments((root,), (), "", None, {})))


def test_the_shop_without_its_settings_comes_near_them(tmp_path: Path) -> None:
    root = tmp_path / "shop"
    shutil.copytree(SHOP, root)
    (root / ".refactor.yaml").unlink()
    assert run(root).exit_code == 0
    # With several namespaces in sight none is everybody's: names of shop are written in full.
    own, found = ({(o.finding.file, o.finding.line, o.finding.host): o.new.replace(".shop.svc.cluster.local", "") for o in plan_of(r).outcomes} for r in (SHOP, root))  # fmt: skip
    differ = Counter(place[0] for place in own if own[place] != found.get(place))

    # What nobody can see: where orders ran before, and in which namespace each part runs.
    assert found.keys() == own.keys()
    assert differ == {
        "charts/storefront/values-prod.yaml": 1,
        "services/checkout/settings.py": 1,
    }


def read_back(text: str, root: Path) -> Settings:
    return checked(read_yaml(".refactor.yaml", text), root)


@pytest.mark.parametrize("settings", [Settings(), EVERYTHING], ids=["defaults", "everything"])
def test_the_text_is_read_back_as_it_was_meant(tmp_path: Path, settings: Settings) -> None:
    assert read_back(text_of(settings, {"names": "a remark"}), tmp_path) == settings


def test_what_is_commented_out_is_the_default(tmp_path: Path) -> None:
    lines = text_of(Settings(), {}).splitlines()
    names = {one.name for one in described(Settings)}
    settings = [line[2:] for line in lines if line[2:].partition(":")[0] in names]

    assert len(settings) == len(names)
    assert read_back("\n".join(settings), tmp_path) == Settings()


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0\n"), min_size=1, max_size=12)
PATHS = WORDS.filter(lambda text: not text.startswith("/") and ".." not in text)


@how(deadline=None)
@given(WORDS, PATHS)
def test_any_name_is_read_back(name: str, path: str) -> None:
    environment = Environment(name, ("/x",), (path,), values=(path,))
    settings = Settings(inventories=(path,), environments=(environment,))

    assert read_back(text_of(settings, {}), Path("/nowhere")) == settings


def test_every_setting_is_described() -> None:
    for struct in (Settings, Environment, MappingSetting):
        for one in described(struct):
            assert one.text, one.name
            assert one.default is None or "Default" in one.text, one.name


@how(deadline=None)
@given(WORDS.filter(lambda name: name.isprintable() and "/" not in name))
def test_a_glob_fits_its_path_alone(name: str) -> None:
    from refactor.init.propose import _glob

    assert Patterns([_glob(name)]).covers(name)
    assert Patterns([_glob(name, "/**")]).covers(f"{name}/b/c")
    assert Patterns([_glob(f"a/{name}")]).covers(f"a/{name}")
    assert not Patterns([_glob(name)]).covers(f"x{name}/{name}")


def test_a_snapshot_counts_as_an_inventory(tmp_path: Path) -> None:
    snapshot = json.loads((SHOP / "cluster.json").read_text())
    (tmp_path / "one-line.json").write_text(json.dumps(snapshot))

    assert look(tmp_path).inventories == ("one-line.json",)
