"""The ways into pipelines, as far as they go without their hosts."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from refactor.report.markdown import LIMIT
from tests.repositories import commit, git
from tests.shop import write_cluster

HERE = Path(__file__).parent.parent
VALUES = "ordersUrl: http://10.42.1.11:8080/api\n"


class Ran(NamedTuple):
    code: int
    out: str


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """Return a directory for the PATH, with the command as an installation puts it there."""
    found = tmp_path / "bin"
    found.mkdir()
    command = found / "refactor"
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{HERE}" exec "{sys.executable}" -m refactor "$@"\n')
    command.chmod(0o755)
    return found


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    root = tmp_path / "repo"
    root.mkdir()
    git(root, "init", "-q")
    (root / "values.yaml").write_text(VALUES)
    commit(root)
    git(root, "switch", "-q", "-c", "work")
    return root


@pytest.fixture
def run(repo: Path, tools: Path, tmp_path: Path):
    def run(*command: object, **variables: object) -> Ran:
        own = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "REFACTOR_"))}
        path = f"{tools}:{Path(sys.executable).parent}:{own['PATH']}"
        given = {name: str(value) for name, value in variables.items()}
        ran = subprocess.run(
            [str(part) for part in command],
            cwd=repo,
            env=own | {"PATH": path, "PRE_COMMIT_HOME": str(tmp_path / "store")} | given,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return Ran(ran.returncode, ran.stdout)

    return run


def read(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text())


class TestPreCommit:
    def test_the_manifest_is_valid(self, run) -> None:
        assert run("pre-commit", "validate-manifest", HERE / ".pre-commit-hooks.yaml") == (0, "")

    @pytest.fixture
    def hook(self, repo: Path, run) -> None:
        """Install the hook as it stands in the manifest, but for the environment it makes."""
        [hook] = read(".pre-commit-hooks.yaml")
        hook["language"] = "system"
        config = {"repos": [{"repo": "local", "hooks": [hook]}]}
        (repo / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
        git(repo, "add", "-A")
        assert run("pre-commit", "install").code == 0

    def test_a_commit_with_a_new_address_is_refused(self, repo: Path, run, hook: None) -> None:
        (repo / "my values.yaml").write_text("url: http://10.0.0.1:80\n")
        git(repo, "add", "-A")
        ran = run("git", "-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-m", "x")

        assert ran.code == 1
        assert "hard-coded addresses" in ran.out
        assert "my values.yaml:1:13: 10.0.0.1:80 is hard-coded\n" in ran.out
        assert "values.yaml:1:19" not in ran.out  # it is not part of the commit

    def test_a_commit_without_one_passes(self, repo: Path, run, hook: None) -> None:
        (repo / "README.md").write_text("http://10.0.0.1:80\n")
        (repo / "pixel.png").write_bytes(b"\x89PNG\0 10.0.0.1")
        (repo / "new.yaml").write_text("url: http://10.0.0.1:80  # refactor: ignore[a box]\n")
        git(repo, "add", "-A")
        ran = run("git", "-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-m", "x")

        assert ran.code == 0, ran.out

    def test_all_files_against_a_baseline(self, repo: Path, run, hook: None) -> None:
        assert run("pre-commit", "run", "--all-files").code == 1
        assert run("refactor", "check", "--write-baseline").code == 0
        git(repo, "add", "-A")
        assert run("pre-commit", "run", "--all-files").code == 0


ACTION = read("action.yml")


class TestAction:
    def test_it_fits_the_schema(self, run) -> None:
        ran = run("check-jsonschema", "--builtin-schema", "vendor.github-actions", HERE / "action.yml")  # fmt: skip

        assert ran.code == 0, ran.out

    @pytest.mark.parametrize("step", ACTION["runs"]["steps"], ids=lambda s: s.get("name", "python"))
    def test_no_input_is_text_of_a_script(self, step: dict[str, Any]) -> None:
        assert "${{" not in step.get("run", "")

    def test_the_repository_is_not_on_the_path_of_its_install(self, tmp_path: Path) -> None:
        """The first step's working directory is the repository."""
        [step] = [s for s in ACTION["runs"]["steps"] if s.get("name") == "Install"]
        repo = tmp_path / "repo"
        repo.mkdir()
        for name in ("venv", "ensurepip", "subprocess", "shutil"):
            (repo / f"{name}.py").write_text("open('sprung', 'w')\n")
        asked = step["run"].splitlines()[0] + " --without-pip"
        env = {"REFACTOR_PYTHON": sys.executable, "RUNNER_TEMP": str(tmp_path)}
        subprocess.run(["bash", "-ec", asked], cwd=repo, env=env, check=True)

        assert (tmp_path / "kube-refactor/bin/python").exists()
        assert not (repo / "sprung").exists()

    @pytest.fixture
    def action(self, run, tools: Path, tmp_path: Path):
        """Run a step's script as a runner does, with inputs in place of their expressions."""
        files = {n: tmp_path / n for n in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}

        def action(name: str, **inputs: object) -> tuple[Ran, dict[str, str]]:
            for file in files.values():
                file.write_text("")
            [step] = [s for s in ACTION["runs"]["steps"] if s.get("name") == name]
            defaults = {n: i["default"] for n, i in ACTION["inputs"].items()}
            known = defaults | {n.replace("_", "-"): str(v) for n, v in inputs.items()}
            values = {f"${{{{ inputs.{n} }}}}": v for n, v in known.items()}
            values["${{ runner.temp }}/kube-refactor/bin/refactor"] = str(tools / "refactor")
            env = {n: values.get(v, str(tmp_path / "kube-refactor.md")) for n, v in step.get("env", {}).items()}  # fmt: skip
            ran = run(
                *("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]),
                **env | files,
                RUNNER_TEMP=tmp_path,
                GITHUB_ACTION_PATH=HERE,
                GITHUB_REPOSITORY="them/theirs",
            )
            lines = files["GITHUB_OUTPUT"].read_text().splitlines()
            return ran, dict(line.split("=", 1) for line in lines)

        return action

    def test_new_addresses(self, action, tmp_path: Path) -> None:
        ran, outputs = action("Check")

        assert ran.code == 0
        assert "::error file=values.yaml,line=1,col=19,title=hard-coded-url::" in ran.out
        assert outputs["found"] == "true"
        assert json.loads(Path(outputs["sarif"]).read_text())["version"] == "2.1.0"
        assert "10.42.1.11:8080" in Path(outputs["markdown"]).read_text()
        assert (tmp_path / "GITHUB_STEP_SUMMARY").read_text().startswith("## refactor")

    def test_nothing_new(self, action, repo: Path) -> None:
        (repo / "values.yaml").write_text("a: 1\n")
        ran, outputs = action("Check")

        assert (ran.code, outputs["found"]) == (0, "false")

    def test_inputs_get_there(self, action, repo: Path, tmp_path: Path) -> None:
        cluster = write_cluster(tmp_path / "my cluster.json")
        for name in ("a b.yaml", "c.yaml", "d.yaml"):
            (repo / name).write_text("url: http://10.42.1.11:8080\n")
        (repo / "conf.yaml").write_text("ignore: [c.yaml]\nnamespace: shop\n")
        inputs = {"paths": "a b.yaml\nc.yaml\n", "inventory": cluster, "config": "conf.yaml"}
        ran, _ = action("Check", **inputs, diff_base="main")

        assert ran.out.count("::error") == 1
        assert "file=a b.yaml" in ran.out
        assert "write orders:80" in ran.out

    def test_a_plan_as_the_report(self, action, repo: Path, tmp_path: Path) -> None:
        cluster = write_cluster(tmp_path / "cluster.json")
        ran, outputs = action("Check", inventory=cluster, report="plan")

        assert (ran.code, outputs["found"]) == (0, "true")
        assert "+ordersUrl: http://orders.shop.svc" in Path(outputs["markdown"]).read_text()

    @pytest.mark.parametrize(
        "inputs",
        [{"diff_base": "nosuch"}, {"paths": "nosuch"}, {"config": "nosuch"}, {"report": "x"}],
        ids=str,
    )
    def test_an_error_fails_the_step(self, action, inputs: dict[str, str]) -> None:
        ran, outputs = action("Check", **inputs)

        assert (ran.code, outputs) == (2, {})

    @pytest.mark.parametrize(
        "text", ["$(touch sprung)", "`touch sprung`", "; touch sprung #", "--baseline=x", '"; touch sprung; "'],
    )  # fmt: skip
    def test_an_input_is_never_a_command(self, action, repo: Path, text: str) -> None:
        for name in ("paths", "inventory", "config", "diff_base", "report"):
            assert action("Check", **{name: text})[0].code == 2
        assert not (repo / "sprung").exists()

    @pytest.mark.parametrize("found", ["", "17\n23\n"], ids=["the first", "another"])
    def test_the_comment(self, action, run, tools: Path, tmp_path: Path, found: str) -> None:
        fake = tools / "gh"
        fake.write_text(
            f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\n'
            f'case "$*" in *--jq*) printf "{found}" ;; *) cat {tmp_path}/kube-refactor-comment.md >> {tmp_path}/sent ;; esac\n'
        )
        fake.chmod(0o755)
        report = "## refactor\n" + "ä" * (LIMIT - 12)
        (tmp_path / "kube-refactor.md").write_text(report)
        ran, _ = action("Comment")

        assert ran.code == 0, ran.out
        _, call = (tmp_path / "calls").read_text().splitlines()
        want = "PATCH repos/them/theirs/issues/comments/17" if found else "POST repos/them/theirs/issues/"  # fmt: skip
        assert call.startswith(f"api --method {want}")
        sent = (tmp_path / "sent").read_text()
        assert sent == f"<!-- kube-refactor -->\n{report}"
        assert len(sent) < 65_536

    def test_the_verdict(self, action) -> None:
        assert action("Verdict")[0].code == 1


TEMPLATE = (HERE / "ci/gitlab.yml").read_text()


class TestGitLab:
    @pytest.fixture
    def job(self) -> dict[str, Any]:
        """Return the job as GitLab has it once the inputs are in."""
        spec, job = TEMPLATE.split("\n---\n")
        for name, said in yaml.safe_load(spec)["spec"]["inputs"].items():
            plain = said.get("type") == "boolean"
            value = json.dumps(said["default"]) if plain else f'"{said.get("default", "")}"'
            job = job.replace(f"$[[ inputs.{name} ]]", value)
        assert "$[[" not in job
        loaded: dict[str, Any] = yaml.safe_load(job)
        return loaded

    def test_it_fits_the_schema(self, job: dict[str, Any], run, tmp_path: Path) -> None:
        (tmp_path / ".gitlab-ci.yml").write_text(yaml.safe_dump(job))
        ran = run("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", tmp_path / ".gitlab-ci.yml")  # fmt: skip

        assert ran.code == 0, ran.out

    @pytest.fixture
    def script(self, job: dict[str, Any], run):
        def script(**variables: object) -> Ran:
            own = job["refactor-check"]
            text = "\n".join(own["script"])
            return run("sh", "-euc", text, **own["variables"] | {"REFACTOR_SOURCE": ""} | variables)

        return script

    def test_new_addresses(self, script, repo: Path) -> None:
        ran = script()

        assert ran.code == 1
        assert "values.yaml:1:19: 10.42.1.11:8080 is hard-coded" in ran.out
        [entry] = json.loads((repo / "gl-code-quality-report.json").read_text())
        assert entry["location"] == {"path": "values.yaml", "lines": {"begin": 1}}

    def test_variables_get_there(self, script, repo: Path, tmp_path: Path) -> None:
        cluster = write_cluster(tmp_path / "my cluster.json")
        (repo / "a.yaml").write_text("url: http://10.42.1.11:8080\n")
        (repo / "b.yaml").write_text("url: http://10.42.1.11:8080\n")
        given = {"REFACTOR_PATHS": "a.yaml values.yaml", "REFACTOR_DIFF_BASE": "main"}
        ran = script(REFACTOR_INVENTORY=cluster, **given)

        assert ran.out.count("help: write orders.shop") == 1

    def test_the_source_is_required_and_no_bare_name(self, script) -> None:
        inputs = yaml.safe_load(TEMPLATE.split("\n---\n")[0])["spec"]["inputs"]
        assert [name for name, said in inputs.items() if "default" not in said] == ["source"]
        for name in ("kube-refactor", "kube-refactor[helm]", "refactor==1"):
            ran = script(REFACTOR_SOURCE=name)
            assert ran.code == 2
            assert "must be a URL or a path" in ran.out

    def test_nothing_new(self, script, repo: Path) -> None:
        assert script(REFACTOR_DIFF_BASE="main").code == 0

    def test_an_error_fails_the_job(self, script) -> None:
        assert script(REFACTOR_DIFF_BASE="nosuch").code == 2
        assert script(REFACTOR_PATHS="$(touch sprung)").code == 2


class TestKrew:
    def test_a_manifest_names_what_is_there(self, run, tmp_path: Path) -> None:
        archive, other = tmp_path / "a.tar.gz", tmp_path / "b.tar.gz"
        for file in (archive, other):
            assert run(HERE / "ci/krew", "archive", file).code == 0
        assert archive.read_bytes() == other.read_bytes()
        url = "https://example.com/kubectl-refactor.tar.gz"
        ran = run(HERE / "ci/krew", "manifest", "v1.2.3", "https://example.com", url, archive)
        manifest = yaml.safe_load(ran.out)
        assert manifest["apiVersion"] == "krew.googlecontainertools.github.com/v1alpha2"
        assert manifest["metadata"]["name"] == "refactor"
        [platform] = manifest["spec"]["platforms"]
        assert platform["uri"] == url
        assert platform["sha256"] == hashlib.sha256(archive.read_bytes()).hexdigest()
        with tarfile.open(archive) as files:
            assert platform["bin"] in files.getnames()
            assert files.getmember(platform["bin"]).mode & 0o111

    def test_the_launcher_says_what_is_missing(self, run, tools: Path, tmp_path: Path) -> None:
        assert run(HERE / "ci/krew", "archive", tmp_path / "a.tar.gz").code == 0
        shutil.unpack_archive(tmp_path / "a.tar.gz", tmp_path / "plugin")
        shutil.copy(tools / "refactor", tools / "kube-refactor")
        launcher = tmp_path / "plugin" / "kubectl-refactor"
        assert "version" in run(launcher, "--version").out
        ran = run("env", "PATH=/usr/bin:/bin", launcher, "--version")
        assert ran.code == 2
        assert "is not installed" in ran.out

    @pytest.mark.parametrize("version", ["1.2.3", "v1.2", "latest"])
    def test_a_version_that_krew_refuses(self, run, tmp_path: Path, version: str) -> None:
        (tmp_path / "a").write_text("")
        assert run(HERE / "ci/krew", "manifest", version, "https://h", "https://u", tmp_path / "a").code == 2  # fmt: skip


LINTED = [
    "ci/arguments.sh",
    "ci/github-check.sh",
    "ci/github-comment.sh",
    ".ci/run",
    ".ci/site",
    ".ci/package",
    "ci/krew",
]


@pytest.mark.skipif(not shutil.which("shellcheck", path=str(Path(sys.executable).parent)), reason="no binary for this platform")  # fmt: skip
def test_scripts_pass_shellcheck(run) -> None:
    assert run("shellcheck", "-x", *(HERE / name for name in LINTED)) == (0, "")


@pytest.mark.skipif(not shutil.which("hadolint", path=str(Path(sys.executable).parent)), reason="no binary for this platform")  # fmt: skip
def test_the_image_passes_hadolint(run) -> None:
    assert run("hadolint", HERE / "Dockerfile") == (0, "")


def test_the_image_does_not_run_as_root_and_copies_what_is_there() -> None:
    lines = (HERE / "Dockerfile").read_text().splitlines()
    copied = [name for line in lines if line.startswith("COPY") for name in line.split()[1:-1]]

    assert [line for line in lines if line.startswith("USER")] == ["USER 10001:10001"]
    assert [name for name in copied if not (HERE / name).exists()] == []
