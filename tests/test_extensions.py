"""Extensions: the packages that the pages show are installed by pip, and do what the pages say."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.campaign.farm import CLUSTER, bare
from tests.extensions.review_server import TOKEN, serving
from tests.shop import write_cluster

HERE = Path(__file__).parent
EXAMPLES = HERE / "extensions"
PAGES = HERE.parent / "docs" / "how-to"
TFVARS = """\
# orders_url = "http://10.42.1.11:8080"
orders = {
  url  = "http://10.42.1.11:8080/v1"   # a comment: http://10.42.1.11:8080
  host = "10.42.1.11"
  port = 8080
}
label = "${var.x}10.42.1.11"
listen_address = "10.42.1.11"
"""
DONE = """\
# orders_url = "http://10.42.1.11:8080"
orders = {
  url  = "http://orders:80/v1"   # a comment: http://10.42.1.11:8080
  host = "orders"
  port = 80
}
label = "${var.x}10.42.1.11"
listen_address = "10.42.1.11"
"""
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def pip(target: Path, *packages: Path) -> Path:
    """Install packages into a directory of their own, from copies: a build writes beside them."""
    copies = [target.with_name(f"{target.name}-{package.name}") for package in packages]
    for package, copy in zip(packages, copies, strict=True):
        copy.mkdir()
        for file in package.iterdir():
            if file.is_file():
                (copy / file.name).write_bytes(file.read_bytes())
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation"]
    command += [
        "--no-index",
        "--disable-pip-version-check",
        "--target",
        str(target),
        *map(str, copies),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return target


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    packages = sorted(path.parent for path in EXAMPLES.glob("*/pyproject.toml"))
    return pip(tmp_path_factory.mktemp("site") / "all", *packages)


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Iterator[Run]:
    def ran(*words: str | Path, at: Path = tmp_path, path: Path | None = installed, **env: str):
        places = [HERE.parent, *([path] if path else [])]
        return subprocess.run(
            [sys.executable, "-m", "refactor", *map(str, words)], cwd=at,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, places)), "HOME": str(tmp_path), **env},
            capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    yield ran


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    root.mkdir()
    (root / "web.tfvars").write_text(TFVARS)
    write_cluster(tmp_path / "cluster.json")
    return root


def test_a_scanner_makes_its_files_editable(run: Run, repository: Path) -> None:
    words = ("apply", "-i", "../cluster.json", "-n", "shop", "--yes")

    without = run(*words, at=repository, path=None)
    assert (repository / "web.tfvars").read_text() == TFVARS, without.stdout

    ran = run(*words, at=repository)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert (repository / "web.tfvars").read_text() == DONE
    again = run("plan", "-i", "../cluster.json", "-n", "shop", at=repository)
    assert again.returncode == 0, again.stdout


def test_a_format_is_written_and_offered(run: Run, repository: Path) -> None:
    ran = run("plan", "-i", "../cluster.json", "-n", "shop", "--format", "csv", at=repository)

    assert ran.stdout.splitlines()[:2] == [
        "file,line,address,becomes,reason,why",
        "web.tfvars,3,10.42.1.11:8080,orders:80,,",
    ]
    assert "|csv]" in run("plan", "--help").stdout.replace("\n", "").replace(" ", "")
    assert run("check", "--format", "csv", at=repository).stdout.startswith("file,line,address")
    refused = run("plan", "--format", "csv", at=repository, path=None)
    assert (refused.returncode, "'csv' is not one of" in refused.stderr) == (2, True)


def test_a_forge_gets_the_pull_requests_of_a_campaign(run: Run, tmp_path: Path) -> None:
    bare(tmp_path / "shop/web.git", {"config/values.yaml": b"url: http://10.42.1.11:8080/api\n"})
    bare(tmp_path / "shop/idle.git", {"README": b"nothing\n"})
    with serving(tmp_path) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        (tmp_path / "services.yaml").write_text(
            f"name: services\nrepositories: {{groups: [{{name: shop}}]}}\n"
            f"forge: {{kind: review, url: '{url}', token: REVIEW}}\nlimits: {{pause: 0, workers: 1}}\n"
            f"homes: [{{inventories: [{CLUSTER}], namespace: shop}}]\n"
        )
        words = ("services.yaml", "--cache", "cache")
        ran = run("campaign", "run", *words, REVIEW=TOKEN)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert [(one["head"], one["state"]) for one in server.reviews] == [
            ("refactor/services", "open")
        ]
        closed = run("campaign", "close", *words, REVIEW=TOKEN)
        assert closed.returncode == 0, closed.stdout + closed.stderr
        assert [one["state"] for one in server.reviews] == ["closed"]
        assert run("campaign", "run", *words, path=None, REVIEW=TOKEN).returncode == 2


@pytest.mark.parametrize(
    ("group", "entry", "words", "told"),
    [
        pytest.param("refactor.scanners", 'odd = "no_such_module"', ("scan",), "extension odd (no_such_module) cannot be imported", id="missing"),
        pytest.param("refactor.scanners", 'odd = "json"', ("scan",), "extension odd needs SUFFIXES", id="no-scanner"),
        pytest.param("refactor.scanners", 'yaml = "json"', ("scan",), "extension yaml needs SUFFIXES, a tuple, and a name of its own", id="built-in"),
        pytest.param("refactor.reports", 'odd = "no_such_module"', ("plan", "--format", "odd"), "cannot be imported", id="report"),
        pytest.param("refactor.forges", 'odd = "json:dumps"', ("campaign", "run", "../c.yaml"), "extension odd is not a ForgeKind", id="forge"),
    ],
)  # fmt: skip
def test_a_broken_extension_is_one_line(
    run: Run, repository: Path, tmp_path: Path, group: str, entry: str, words, told: str
) -> None:
    metadata = tmp_path / "site" / "odd-1.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: odd\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text(f"[{group}]\n{entry.replace(chr(34), '')}\n")
    (tmp_path / "c.yaml").write_text(
        "name: c\nrepositories: {list: [a/b]}\nforge: {kind: odd, token: T}\n"
    )

    ran = run(*words, at=repository, path=metadata.parent)

    assert (ran.returncode, ran.stderr.count("\n"), told in ran.stderr) == (2, 1, True), ran.stderr


def test_the_repository_adds_nothing(run: Run, repository: Path) -> None:
    """A repository that is looked through is a stranger's; no entry point of it is one of ours."""
    metadata = repository / "odd-1.dist-info"
    metadata.mkdir()
    (metadata / "entry_points.txt").write_text("[refactor.scanners]\nodd = evil\n")
    (repository / "evil.py").write_text("raise SystemExit(7)\n")

    ran = run("scan", at=repository)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize(
    ("page", "file"),
    [
        ("extend-scanner.md", "tfvars_scanner/refactor_tfvars.py"),
        ("extend-report.md", "csv_report/refactor_csv.py"),
        ("extend-forge.md", "review_forge/refactor_review.py"),
    ],
)
def test_an_example_is_on_its_page_and_short(page: str, file: str) -> None:
    text = (PAGES / page).read_text("utf-8")

    assert f"<!-- generated: tests/extensions/{file} -->" in text
    assert len((EXAMPLES / file).read_text().splitlines()) <= 100
