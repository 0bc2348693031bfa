"""Repositories whose names and journals lead elsewhere: each was a hole once, or is next to one."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from refactor.apply.journal import Journal, JournalStep, encode
from refactor.apply.run import apply, check
from refactor.apply.state import State, locked
from refactor.apply.transaction import recover, waiting
from refactor.apply.undo import undo
from refactor.campaign.branches import place_of
from refactor.campaign.forge.pulls import page
from refactor.campaign.repositories import _listed
from refactor.campaign.rows import RepositoryRow
from refactor.campaign.spec import Group
from refactor.campaign.values import Repository
from refactor.errors import RefactorError
from refactor.files import ours
from refactor.files.rooted import DISK
from refactor.helm.cases import Case
from refactor.helm.charts import find_charts, read_chart
from refactor.helm.engine import Rendered
from refactor.helm.prepare import prepare
from refactor.helm.renders import Renders
from refactor.helm.tree import Tree
from refactor.model import NewFile, Plan
from refactor.plan import file as plan_file
from refactor.settings.load import load as load_settings
from tests import faults
from tests.faults import OLD, OPERATIONS, SWAP
from tests.plans import Death, Faulty, plan_of, sha, tree
from tests.shop import ITEMS

TOP = Path(__file__).parent.parent
CLUSTER = msgspec.json.encode({"apiVersion": "v1", "kind": "List", "items": ITEMS})
POD = """apiVersion: v1
kind: Pod
metadata: {name: x}
spec: {containers: [{name: x, image: x, env: [{name: H, value: 'http://10.42.1.11:8080'}]}]}
"""


def refactor(*words: object, at: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "refactor", *map(str, words)],
        cwd=at,
        env={**os.environ, "PYTHONPATH": str(TOP)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path.resolve() / "repo"
    made.mkdir()
    (made / "a.yaml").write_text(OLD)
    return made


# --- names of charts ---


def chart(at: Path, name: str, more: str = "") -> None:
    (at / "templates").mkdir(parents=True)
    (at / "Chart.yaml").write_text(
        f"apiVersion: v2\nname: {json.dumps(name)}\nversion: 1.0.0\n{more}"
    )
    (at / "templates/pod.yaml").write_text(POD)


def depends(name: str, repository: str = "", alias: str = "") -> str:
    one = {"name": name, "version": "1.0.0", "repository": repository, "alias": alias}
    return "dependencies:\n- " + json.dumps({k: v for k, v in one.items() if v}) + "\n"


def by_file(root: Path, target: str) -> None:
    chart(root / "app", "app", depends(target, "file://../evil"))
    chart(root / "evil", "evil")


def by_own_name(root: Path, target: str) -> None:
    chart(root / "app", "app", depends(target))
    chart(root / "evil", target)


def by_requirements(root: Path, target: str) -> None:
    chart(root / "app", "app")
    (root / "app/requirements.yaml").write_text(depends(target, "file://../evil"))
    chart(root / "evil", "evil")


def by_alias(root: Path, target: str) -> None:
    chart(root / "app", "app", depends("evil", "file://../evil", target))
    chart(root / "evil", "evil")


def of_a_subchart(root: Path, target: str) -> None:
    chart(root / "app", "app")
    chart(root / "app/charts/sub", "sub", depends(target, "file://../../../evil"))
    chart(root / "evil", "evil")


WAYS = [by_file, by_own_name, by_requirements, by_alias, of_a_subchart]
TARGETS = [
    "../" * 12 + "{}",
    "{}",
    "../../../x{}",
    "x/../../../..{}",
    "..\\..\\x",
    "a\0b",
    "..",
    ".",
    "x" * 400,
    "x/y",
]


@pytest.mark.parametrize("target", TARGETS, ids=lambda t: repr(t)[:20])
@pytest.mark.parametrize("way", WAYS)
def test_a_chart_names_no_path(
    root: Path, tmp_path: Path, way: Callable[[Path, str], None], target: str
) -> None:
    """Variants (a) and (b), and their siblings: nothing of a copy is outside of it."""
    way(root, target.format(tmp_path / "pwned"))
    tree_of = Tree(root)
    files = [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()]
    charts = find_charts(files, tree_of.read)
    for one in charts:
        for path in prepare(tree_of, one, charts).files:
            assert ".." not in path.split("/") and not path.startswith("/") and "\0" not in path

    bad = [one for one in charts if one.problem]
    assert bad and all("Helm does not accept its name" in one.problem for one in bad)


@pytest.mark.parametrize("name", ["redis", "my.chart-2_x"])
def test_a_dependency_with_a_name_is_still_taken(root: Path, name: str) -> None:
    by_file(root, name)
    tree_of = Tree(root)
    charts = find_charts(["app/Chart.yaml", "evil/Chart.yaml"], tree_of.read)
    app = next(one for one in charts if one.path == "app")

    assert f"charts/{name}/templates/pod.yaml" in prepare(tree_of, app, charts).files
    assert not app.problem


class NeverAsked:
    """An engine that a copy which cannot be laid does not get as far as."""

    name = version = "none"
    folder = Path(tempfile.gettempdir())

    def render(
        self, chart: Path, values: Sequence[Path], *, release: str, namespace: str
    ) -> Rendered:
        raise AssertionError

    def close(self) -> None:
        pass


def test_the_second_lock_holds_by_itself(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were names not validated, the copy could still not be laid outside of its directory."""
    monkeypatch.setattr("refactor.helm.charts.is_chart_name", lambda name: True)
    by_file(root, "../" * 12 + str(tmp_path / "pwned").lstrip("/"))
    tree_of = Tree(root)
    charts = find_charts(["app/Chart.yaml", "evil/Chart.yaml"], tree_of.read)
    assert any(".." in path for path in prepare(tree_of, charts[0], charts).files)
    with Renders(root, charts, NeverAsked()) as renders:
        rendered = renders.render(Case("app", "x", "default"))

    assert "cannot be laid" in rendered.error
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("way", [by_file, by_own_name])
def test_a_plan_of_a_hostile_chart_overwrites_no_file(
    root: Path, tmp_path: Path, way: Callable[[Path, str], None]
) -> None:
    """Variant (d): an existing file of the user, by the command itself."""
    home = tmp_path.resolve() / "home"
    (home / "templates").mkdir(parents=True)
    (home / "templates/pod.yaml").write_text("precious")
    way(root, "../" * 12 + str(home).lstrip("/"))
    (root / "cluster.json").write_bytes(CLUSTER)
    ran = refactor("plan", ".", "-i", "cluster.json", at=root)

    assert ran.returncode in (0, 1), ran.stderr
    assert "Traceback" not in ran.stderr
    assert tree(home)["templates/pod.yaml"][1] == b"precious"
    assert sorted(os.listdir(home)) == ["templates"]


def test_a_charts_directory_that_is_a_link_leads_nowhere(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    chart(outside / "sub", "sub")
    chart(root / "app", "app", depends("sub", "file://charts/sub"))
    (root / "app/charts").symlink_to(outside)
    tree_of = Tree(root)
    charts = (read_chart("app", tree_of.read),)
    files = prepare(tree_of, charts[0], charts).files

    assert sorted(files) == ["Chart.yaml", "templates/pod.yaml"]
    assert b"sub" not in files["Chart.yaml"]


# --- plans and settings ---

BAD_PATHS = [
    "../x", "/etc/x", "a/../../x", ".git/config", ".GIT/hooks/x", ".Git. /x", ".git::$DATA/x",
    "a/.git\u200c/x", "git~1/x", ".refactor/committed.json", "out/x", "a\0b", "", ".", "a//b",
]  # fmt: skip


@pytest.mark.parametrize("path", BAD_PATHS, ids=repr)
def test_a_plan_writes_to_no_such_path(root: Path, path: str) -> None:
    (root / "out").symlink_to("..")
    before = tree(root.parent)
    with pytest.raises(RefactorError):
        apply(Plan(files=(NewFile(path, "x"),)), root)

    assert tree(root.parent) == before


@pytest.mark.parametrize("path", ["a\\b.yaml", "..x/y", "a/...", "gitx/a", "x" * 200])
def test_a_plan_writes_to_paths_that_only_look_odd(root: Path, path: str) -> None:
    apply(Plan(files=(NewFile(path, "x"),)), root)

    assert (root / path).read_text() == "x"


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../b", "", "a\0b"], ids=repr)
def test_a_saved_plan_with_such_a_path_is_not_even_read(tmp_path: Path, path: str) -> None:
    file = tmp_path / "plan.json"
    plan = {"format_version": 1, "tool_version": "1", "files": [{"path": path, "content": "x"}]}
    file.write_text(json.dumps(plan))
    with pytest.raises(RefactorError, match="not a path within the repository"):
        plan_file.load(file)


@pytest.mark.parametrize(
    "setting",
    ["services-dir: ../x", "services-dir: /tmp", "services-dir: out/x", "inventories: [../c.json]"],
)
def test_settings_that_lead_out_are_refused(root: Path, setting: str) -> None:
    (root / "out").symlink_to("..")
    (root / ".refactor.yaml").write_text(setting + "\n")
    with pytest.raises(RefactorError, match="leads out of the repository"):
        load_settings(root)


@pytest.mark.parametrize("path", ["x" * 256, "é" * 128, "/".join(["x" * 253] * 16)], ids=len)
def test_a_path_that_is_too_long_changes_nothing(root: Path, path: str) -> None:
    with pytest.raises(RefactorError, match=r"not a path within|longer than a path"):
        apply(plan_of(root, {"a.yaml": SWAP}, {path: "x"}), root)

    assert os.listdir(root) == ["a.yaml"]
    assert (root / "a.yaml").read_text() == OLD


def test_the_other_name_of_an_edited_file_keeps_its_content(root: Path, tmp_path: Path) -> None:
    os.link(root / "a.yaml", tmp_path / "other")
    apply(plan_of(root, {"a.yaml": SWAP}), root)

    assert (tmp_path / "other").read_text() == OLD
    undo(root)
    assert (root / "a.yaml").read_text() == OLD


class Listing:
    """A forge that lists one repository."""

    def __init__(self, name: str) -> None:
        self.name = name

    def repositories(self, group: object) -> list[Repository]:
        return [Repository(self.name, "https://forge.example/x")]

    def fork(self, name: str) -> str:
        return self.name

    def may_push(self, name: str) -> bool:
        return False

    def clone_url(self, name: str) -> str:
        return f"https://forge.example/{name}.git"

    @property
    def session(self) -> Any:
        """A run whose forge forks what it may not push to."""
        steady = SimpleNamespace(forge=self, ask=lambda asked: asked(self))
        campaign = SimpleNamespace(forge=SimpleNamespace(fork="needed"))
        states = SimpleNamespace(note=lambda *_, **__: None)
        return SimpleNamespace(forge=steady, campaign=campaign, states=states)


ROW = RepositoryRow("shop/web", "https://forge.example/shop/web.git", True, "planned", "", 0.0)
NO_NAMES = [
    "../x",
    "/x",
    "a/../b",
    "a\0b",
    "",
    "a//b",
    "a/b\x1b[31m",
    "a/b\n",
    "a/b c",
    "a/\u202eb",
]


@pytest.mark.parametrize("name", NO_NAMES, ids=repr)
def test_a_forge_names_no_path(name: str) -> None:
    with pytest.raises(RefactorError, match="returned an invalid repository name"):
        _listed(Listing(name), Group("o"))  # type: ignore[arg-type]
    with pytest.raises(RefactorError, match="returned an invalid repository name"):
        place_of(Listing(name).session, ROW)


@pytest.mark.parametrize("name", ["shop/orders", "group/sub/project.js", "o/..."])
def test_a_forge_names_repositories(name: str) -> None:
    assert _listed(Listing(name), Group("o"))[0].name == name  # type: ignore[arg-type]
    assert place_of(Listing(name).session, ROW).fork == name


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "https://h/a b", "https://h/>x<b", "https://h/\x1b[2J", "", None, 7, "/relative"],
)  # fmt: skip
def test_a_forge_gives_no_address_but_of_a_page(url: object) -> None:
    assert page(url) == ""


@pytest.mark.parametrize("url", ["https://h:8443/o/r/pull/1", "http://[2001:db8::1]/o/r/-/merge_requests/2?a=b#c"])  # fmt: skip
def test_a_forge_gives_the_address_of_a_page(url: str) -> None:
    assert page(url) == url


# --- journals ---


def victim(root: Path) -> Journal:
    """A journal as a repository may bring it: sound, and about a file whose content it knows."""
    (root / "victim").write_text("x")
    return Journal(1, (JournalStep("victim", sha(b"x"), "", "0.new"),))


def bring(root: Path, journal: Journal, name: str = "committed.json") -> None:
    file = root / ".refactor" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    (root / ".refactor/undo/1").mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(msgspec.to_builtins(journal)))


@pytest.mark.parametrize("name", ["committed.json", "preparing.json"])
def test_a_journal_that_came_with_the_repository_is_told_and_not_obeyed(
    root: Path, name: str
) -> None:
    bring(root, victim(root), name)
    before = tree(root)
    for command in (["apply"], ["undo"], ["apply", "--yes"]):
        ran = refactor(*command, ".", at=root)
        assert ran.returncode == 2
        assert ran.stderr.count("\n") == 1
        assert "you have not made here, and is not obeyed" in ran.stderr
    assert tree(root) == before


def test_a_record_that_came_with_the_repository_is_not_undone(root: Path) -> None:
    (root / "victim").write_text("x")
    bring(root, Journal(1, (JournalStep("victim", "", sha(b"x"), "0.new"),)), "undo/1/record.json")
    with pytest.raises(RefactorError, match="not obeyed"):
        undo(root)

    assert (root / "victim").exists()


def test_our_own_journal_is_obeyed(root: Path) -> None:
    journal = victim(root)
    bring(root, journal)
    (root / ".refactor/committed.json").write_bytes(encode(journal, root))

    assert recover(root)
    assert not (root / "victim").exists()


@pytest.mark.parametrize("mark", ["", "0" * 64, "\u00e9", "x"])
def test_a_made_up_mark_is_none(root: Path, mark: str) -> None:
    assert ours.mark_of(b"x", root)
    assert not ours.is_ours(b"x", mark, root)


def test_a_journal_of_another_tree_is_none_of_this(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    mark = ours.mark_of(b"x", root)

    assert ours.is_ours(b"x", mark, root)
    assert not ours.is_ours(b"y", mark, root)
    assert not ours.is_ours(b"x", mark, other)


class TestKeys:
    """Where the key of journals lies, and which are believed."""

    @pytest.fixture
    def home(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        home = tmp_path.resolve() / "home"
        home.mkdir()
        monkeypatch.delenv("XDG_STATE_HOME", raising=False)
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path.resolve() / "tmp"))
        (tmp_path / "tmp").mkdir()
        return home

    def test_it_is_its_users_alone(self, home: Path, root: Path) -> None:
        ours.mark_of(b"x", root)
        key = home / ".local/state/refactor/journal.key"

        assert key.stat().st_mode & 0o777 == 0o600
        assert key.parent.stat().st_mode & 0o777 == 0o700
        assert os.listdir(key.parent) == ["journal.key"]

    @pytest.mark.parametrize("mode", [0o644, 0o640, 0o660])
    def test_one_that_others_may_read_is_not_believed(
        self, home: Path, root: Path, mode: int
    ) -> None:
        """Which is how git would check it out."""
        mark = ours.mark_of(b"x", root)
        (home / ".local/state/refactor/journal.key").chmod(mode)

        assert not ours.is_ours(b"x", mark, root)

    def test_a_link_is_not_believed(self, home: Path, root: Path) -> None:
        mark = ours.mark_of(b"x", root)
        key = home / ".local/state/refactor/journal.key"
        key.rename(home / "key")
        key.symlink_to(home / "key")

        assert not ours.is_ours(b"x", mark, root)

    def test_a_home_within_the_tree_brings_no_key(self, home: Path) -> None:
        """Some CI runs with the checkout as its home."""
        key = home / ".local/state/refactor/journal.key"
        key.parent.mkdir(parents=True)
        key.write_bytes(b"k" * 32)
        key.chmod(0o600)
        mark = ours._mark(b"x", home, b"k" * 32)

        assert not ours.is_ours(b"x", mark, home)
        assert ours.is_ours(b"x", ours.mark_of(b"x", home), home)

    def test_a_home_that_cannot_be_written_is_done_without(self, home: Path, root: Path) -> None:
        (home / ".local").write_text("no directory")
        mark = ours.mark_of(b"x", root)

        assert ours.is_ours(b"x", mark, root)

    def test_where_there_is_nowhere_to_keep_it_nothing_is_written(
        self, home: Path, root: Path, tmp_path: Path
    ) -> None:
        (home / ".local").write_text("no directory")
        (tmp_path / "tmp").rmdir()
        (tmp_path / "tmp").write_text("no directory")
        with pytest.raises(RefactorError, match="set XDG_STATE_HOME"):
            apply(plan_of(root, {"a.yaml": SWAP}), root)

        assert (root / "a.yaml").read_text() == OLD

    def test_it_is_made_once(self, home: Path, root: Path) -> None:
        assert ours.mark_of(b"x", root) == ours.mark_of(b"x", root)


# --- truth after a death ---


@pytest.fixture
def undone(tmp_path: Path) -> faults.Case:
    return faults.Case(tmp_path.resolve(), *OPERATIONS["undo"])


def steps_of(case: faults.Case) -> int:
    case.again()
    disk = Faulty()
    case.run(case.root, disk)
    return len(disk.log)


def test_after_a_killed_undo_the_next_one_takes_the_edits_back(undone: faults.Case) -> None:
    """It said "took back 0 files", and the edits stood."""
    for at in range(0, steps_of(undone), 2):
        undone.again()
        with pytest.raises(Death):
            undo(undone.root, files=Faulty(at, "dies after"))
        begun = State(undone.root, DISK).under_way()
        try:
            told = undo(undone.root)
        except RefactorError as error:  # It had done all but the last sweeping.
            assert "nothing has been applied" in str(error)
        else:
            assert told.files == ("a.yaml", "charts/b.yaml", "x/y/z.yaml")
            assert bool(told.recovered) == begun
        assert tree(undone.root) == undone.after
        assert undone.is_settled()


def test_after_a_killed_undo_an_apply_says_what_became_of_it(undone: faults.Case) -> None:
    undone.again()
    renames = [at for at, name in enumerate(undone.log) if name == "exchange"]
    faults.here(undone, faults.Fault(renames[0]))
    ran = refactor("apply", undone.root, "--yes", at=undone.root)

    assert "the undo before this one was cut short and has been finished" in ran.stderr
    assert tree(undone.root) == undone.after


def test_after_a_killed_undo_the_command_tells_the_truth(undone: faults.Case) -> None:
    undone.again()
    faults.here(undone, faults.Fault([*undone.log].index("exchange")))
    ran = refactor("undo", undone.root, at=undone.root)

    assert ran.stderr == "the undo before this one was cut short and has been finished\n"
    assert ran.stdout == "took back 3 files\n"


READERS = [["scan"], ["plan"], ["check"], ["explain", "10.0.4.17"]]


@pytest.mark.parametrize("command", READERS, ids=" ".join)
def test_who_reads_says_that_a_torn_apply_waits(tmp_path: Path, command: list[str]) -> None:
    case = faults.Case(tmp_path.resolve(), *OPERATIONS["apply"])
    case.again()
    faults.here(case, faults.Fault([*case.log].index("exchange") + 1))
    torn = tree(case.root)
    ran = refactor(*command, at=case.root)

    lines = [line for line in ran.stderr.splitlines() if "cut short" in line]
    assert len(lines) == 1 and "`refactor undo`" in lines[0]
    assert tree(case.root) == torn


@pytest.mark.parametrize("command", READERS, ids=" ".join)
def test_who_reads_a_whole_tree_says_nothing_of_it(root: Path, command: list[str]) -> None:
    apply(plan_of(root, {"a.yaml": SWAP}), root)

    assert "cut short" not in refactor(*command, at=root).stderr
    assert waiting(root) == ""


def test_git_does_not_see_what_a_torn_apply_leaves(tmp_path: Path) -> None:
    case = faults.Case(tmp_path.resolve(), *OPERATIONS["apply"])
    for at in range(0, case.points, 5):
        case.again()
        subprocess.run(["git", "init", "-q", case.root], check=True)
        faults.here(case, faults.Fault(at))
        listed = ["git", "-C", case.root, "ls-files", "--others", "--exclude-standard"]
        seen = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split()

        assert {*seen} <= {"a.yaml", "charts/b.yaml", "x/y/z.yaml"}


# --- what others write at the same moment ---


class Meddling(Faulty):
    """A disk on which somebody else writes to a file just before it changes places."""

    def __init__(self, file: Path, meddle: Callable[[Path], None]) -> None:
        super().__init__()
        self.file, self.meddle = file, meddle

    def exchange(self, one: Path, other: Path) -> None:
        self._now(other)
        super().exchange(one, other)

    def move(self, old: Path, new: Path) -> None:
        self._now(old if old.name == self.file.name else new)
        super().move(old, new)

    def _now(self, path: Path) -> None:
        if path == self.file and ("meddled", "") not in self.log:
            self.log.append(("meddled", ""))
            self.meddle(path)


def _append(path: Path) -> None:
    with path.open("a") as file:
        file.write("mine\n")


def _replace(path: Path) -> None:
    path.with_name("mine").write_text("mine\n")
    path.with_name("mine").replace(path)


@pytest.mark.parametrize("meddle", [_append, _replace])
@pytest.mark.parametrize("name", ["a.yaml", "b.yaml"])
def test_a_write_between_the_check_and_the_exchange_is_put_back(
    root: Path, meddle: Callable[[Path], None], name: str
) -> None:
    (root / "b.yaml").write_text(OLD)
    plan = plan_of(root, {"a.yaml": SWAP, "b.yaml": SWAP}, {"new": "x"})
    with pytest.raises(RefactorError, match=rf"{name}: was modified by someone else"):
        apply(plan, root, files=Meddling(root / name, meddle))

    assert (root / name).read_text().endswith("mine\n")
    other = "b.yaml" if name == "a.yaml" else "a.yaml"
    assert (root / other).read_text() == OLD
    assert not (root / "new").exists()
    assert sorted(os.listdir(root)) == [".refactor", "a.yaml", "b.yaml"]


def test_a_file_that_somebody_makes_where_a_new_one_goes_is_kept(root: Path) -> None:
    plan = plan_of(root, {"a.yaml": SWAP}, {"new": "x"})
    with pytest.raises(RefactorError, match="new: was modified by someone else"):
        apply(plan, root, files=Meddling(root / "new", lambda path: _append(path)))

    assert (root / "new").read_text() == "mine\n"
    assert (root / "a.yaml").read_text() == OLD


def test_a_write_while_an_undo_removes_the_file_is_put_back(root: Path) -> None:
    apply(plan_of(root, {"a.yaml": SWAP}, {"new": "x"}), root)
    with pytest.raises(RefactorError, match="new: was modified by someone else"):
        undo(root, files=Meddling(root / "new", _append))

    assert (root / "new").read_text() == "xmine\n"
    assert (root / "a.yaml").read_text() == "host: orders\n"


def test_a_death_between_exchange_and_comparison_loses_nothing(root: Path) -> None:
    class Dying(Meddling):
        def exchange(self, one: Path, other: Path) -> None:
            super().exchange(one, other)
            raise Death

    (root / "b.yaml").write_text(OLD)
    plan = plan_of(root, {"a.yaml": SWAP, "b.yaml": SWAP})
    with pytest.raises(Death):
        apply(plan, root, files=_hard(Dying(root / "a.yaml", _append)))
    told = recover(root)

    assert told == (
        "the apply before this one was cut short and has been taken back; "
        "left because it was modified since: a.yaml"
    )
    assert (root / "a.yaml").read_text() == OLD + "mine\n"
    assert (root / "b.yaml").read_text() == OLD


def _hard(disk: Faulty) -> Faulty:
    """Make every operation after the first death die too, as it would be."""
    disk.at, disk.how = 10**9, "dies after"
    real = disk._before

    def before(operation: str, path: Path) -> None:
        if ("meddled", "") in disk.log and operation != "exchange":
            raise Death
        real(operation, path)

    disk._before = before  # type: ignore[method-assign]
    return disk


def test_a_file_system_of_its_own_below_the_root(root: Path) -> None:
    """What waits in `.refactor` cannot be renamed there: it waits beside the file instead."""

    class Mounted(Faulty):
        def exchange(self, one: Path, other: Path) -> None:
            if one.parent != other.parent:
                raise OSError(errno.EXDEV, "Invalid cross-device link", str(other))
            super().exchange(one, other)

    apply(plan_of(root, {"a.yaml": SWAP}), root, files=Mounted())

    assert (root / "a.yaml").read_text() == "host: orders\n"
    assert sorted(os.listdir(root)) == [".refactor", "a.yaml"]
    undo(root)
    assert (root / "a.yaml").read_text() == OLD


# --- locks, full disks ---


@pytest.mark.parametrize("error", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_is_not_another_apply(
    root: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    def none(descriptor: int, how: int) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(fcntl, "flock", none)
    with pytest.raises(RefactorError, match="does not support locks") as raised:
        apply(plan_of(root, {"a.yaml": SWAP}), root)

    assert "another apply" not in str(raised.value)
    assert (root / "a.yaml").read_text() == OLD


def test_a_lock_that_is_held_is_another_apply(root: Path) -> None:
    with locked(root, DISK), pytest.raises(RefactorError, match="another apply or undo"):
        apply(plan_of(root, {"a.yaml": SWAP}), root)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("words", [["--out", "it"], ["--format", "json", "--output", "it"]])
def test_a_report_that_finds_no_room_leaves_the_earlier_one(root: Path, words: list[str]) -> None:
    (root / "it").write_text("earlier")
    code = "import sys; from refactor.files.rooted import Disk\n"
    code += "def full(self, descriptor): raise OSError(28, 'No space left on device')\n"
    code += "Disk.settle = full\nfrom refactor.cli import main; main(sys.argv[1:])"
    (root / "cluster.json").write_bytes(CLUSTER)
    ran = subprocess.run(
        [sys.executable, "-c", code, "plan", ".", "-i", "cluster.json", *words],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(TOP)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 2
    assert "No space left on device" in ran.stderr and ran.stderr.count("\n") == 1
    assert (root / "it").read_text() == "earlier"
    assert not list(root.glob(".refactor-*"))


def test_check_refuses_what_apply_would(root: Path) -> None:
    with pytest.raises(RefactorError):
        check(Plan(files=(NewFile("../x", "x"),)), root)


def test_no_code_of_a_repository_is_run(root: Path) -> None:
    """Python is parsed, YAML has no constructors: neither leaves the file that it would make."""
    made = root / "ran"
    (root / "a.py").write_text(f"open({str(made)!r}, 'w')\nU = 'http://10.42.1.11:8080'\n")
    (root / "conftest.py").write_text(f"open({str(made)!r}, 'w')\n")
    (root / "a.yaml").write_text(
        f"u: http://10.42.1.11:8080\nx: !!python/object/apply:os.mknod ['{made}']\n"
    )
    ran = subprocess.run(
        [sys.executable, "-P", "-m", "refactor", "scan", str(root)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert "a.py" in ran.stdout and "a.yaml" in ran.stdout
    assert not made.exists()


@pytest.mark.parametrize(
    ("name", "edited"), [("{}", True), ("{}\n  y: z", False), ("{}/..", False), ("{} x", False)]
)
def test_no_name_that_a_cluster_cannot_have_is_written(
    root: Path, tmp_path: Path, name: str, edited: bool
) -> None:
    items = json.loads(CLUSTER)["items"]
    for item in items:
        if item["kind"] == "Service":
            item["metadata"]["name"] = name.format(item["metadata"]["name"])
    (root / "pod.yaml").write_text(POD)
    made = tmp_path / "made-up.json"
    made.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
    command = [sys.executable, "-P", "-m", "refactor", "plan", str(root), "-i", str(made)]
    ran = subprocess.run(
        [*command, "--format", "patch"], capture_output=True, text=True, check=False
    )

    assert ran.returncode in (0, 1)
    assert ("+" in ran.stdout) is edited
    assert "y: z" not in ran.stdout


@pytest.mark.parametrize(
    ("port", "edited"),
    [(1, True), (65535, True), (0, False), (-1, False), (65536, False), (10**12, False)],
)
def test_no_port_that_a_cluster_cannot_have_is_written(
    root: Path, tmp_path: Path, port: int, edited: bool
) -> None:
    items = json.loads(CLUSTER)["items"]
    for item in items:
        for one in item["spec"].get("ports", ()) if item["kind"] == "Service" else ():
            one["port"] = port
    (root / "pod.yaml").write_text(POD)
    made = tmp_path / "made-up.json"
    made.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
    ran = refactor("plan", root, "-i", made, "--format", "patch", at=tmp_path)

    assert ran.returncode in (0, 1, 2)
    assert (f":{port}'" in ran.stdout) is edited
