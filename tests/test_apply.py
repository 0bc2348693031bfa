"""Applying a plan: what is written, and everything that is refused before a byte is."""

from __future__ import annotations

import os
import stat
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refactor.apply.run import apply, check
from refactor.apply.undo import undo
from refactor.errors import RefactorError
from refactor.model import Edit, FileChange, NewFile, Plan
from refactor.text.source import Source
from refactor.text.view import Span
from tests.plans import change_of, plan_of, sha, tree

OLD = "host: 10.0.4.17\nport: 8080\n"
SWAPS = [("10.0.4.17", "orders"), ("8080", "80")]
NEW = "host: orders\nport: 80\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "repo"
    (made / "charts/shop").mkdir(parents=True)
    (made / "a.yaml").write_text(OLD)
    (made / "charts/shop/values.yaml").write_text(OLD)
    return made


def refused(plan: Plan, root: Path, *, allow_dirty: bool = False) -> str:
    """Return why a plan is refused, having seen that nothing was touched."""
    before = tree(root)
    with pytest.raises(RefactorError) as caught:
        apply(plan, root, allow_dirty=allow_dirty)

    assert tree(root) == before
    assert not os.path.lexists(root / ".refactor")
    return str(caught.value)


class TestWritten:
    def test_changes_and_new_files(self, root: Path) -> None:
        files = {"charts/shop/templates/orders.yaml": "kind: Service\n", "b.yaml": "ü\r\n"}
        plan = plan_of(root, {"a.yaml": SWAPS, "charts/shop/values.yaml": SWAPS[:1]}, files)

        applied = apply(plan, root)

        assert (root / "a.yaml").read_text() == NEW
        assert (root / "charts/shop/values.yaml").read_text() == "host: orders\nport: 8080\n"
        assert (root / "charts/shop/templates/orders.yaml").read_bytes() == b"kind: Service\n"
        assert (root / "b.yaml").read_bytes() == "ü\r\n".encode()
        assert applied.changed == ("a.yaml", "charts/shop/values.yaml")
        assert applied.created == ("charts/shop/templates/orders.yaml", "b.yaml")
        assert (applied.removed, applied.unchanged, applied.recovered) == ((), (), "")
        assert applied.files == tuple(sorted(applied.changed + applied.created))

    def test_nothing_else(self, root: Path) -> None:
        before = tree(root)

        apply(plan_of(root, {"a.yaml": SWAPS}), root)

        assert {p: v for p, v in tree(root).items() if p != "a.yaml"} == {
            p: v for p, v in before.items() if p != "a.yaml"
        }

    def test_the_state_is_out_of_sight(self, root: Path) -> None:
        subprocess.run(["git", "init", "-q", str(root)], check=True)
        apply(plan_of(root, {"a.yaml": SWAPS}), root)
        listing = ["git", "-C", str(root), "ls-files", "-co", "--exclude-standard"]
        seen = subprocess.run(listing, check=True, capture_output=True, text=True).stdout

        assert ".refactor" not in seen
        assert stat.S_IMODE((root / ".refactor").stat().st_mode) == 0o700

    def test_an_empty_plan_writes_nothing_at_all(self, root: Path) -> None:
        assert apply(Plan(), root).files == ()
        assert not (root / ".refactor").exists()

    def test_a_new_file_that_is_there_already(self, root: Path) -> None:
        (root / "b.yaml").write_text("b\n")

        applied = apply(plan_of(root, {}, {"b.yaml": "b\n"}), root)

        assert (applied.files, applied.unchanged) == ((), ("b.yaml",))

    @pytest.mark.parametrize("mode", [0o600, 0o644, 0o640, 0o755, 0o777])
    def test_the_mode_stays(self, root: Path, mode: int) -> None:
        (root / "a.yaml").chmod(mode)

        apply(plan_of(root, {"a.yaml": SWAPS}), root)

        assert stat.S_IMODE((root / "a.yaml").stat().st_mode) == mode

    def test_a_new_file_has_the_mode_of_any(self, root: Path) -> None:
        before = os.umask(0o027)
        try:
            apply(plan_of(root, {}, {"b.yaml": "b\n"}), root)
        finally:
            os.umask(before)

        assert stat.S_IMODE((root / "b.yaml").stat().st_mode) == 0o640

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
    def test_the_owner_stays(self, root: Path) -> None:
        os.chown(root / "a.yaml", 1234, 4321)

        apply(plan_of(root, {"a.yaml": SWAPS}), root)

        assert ((root / "a.yaml").stat().st_uid, (root / "a.yaml").stat().st_gid) == (1234, 4321)

    def test_a_link_stays_and_its_file_is_edited(self, root: Path) -> None:
        (root / "link.yaml").symlink_to("charts/shop/values.yaml")

        applied = apply(plan_of(root, {"link.yaml": SWAPS}), root)

        assert (root / "link.yaml").is_symlink()
        assert (root / "charts/shop/values.yaml").read_text() == NEW
        assert applied.changed == ("charts/shop/values.yaml",)

    def test_a_new_file_under_a_linked_directory(self, root: Path) -> None:
        (root / "link").symlink_to("charts")

        applied = apply(plan_of(root, {}, {"link/x/b.yaml": "b\n"}), root)

        assert (root / "charts/x/b.yaml").read_text() == "b\n"
        assert applied.created == ("charts/x/b.yaml",)

    def test_a_hard_link_parts(self, root: Path) -> None:
        (root / "twin.yaml").hardlink_to(root / "a.yaml")

        apply(plan_of(root, {"a.yaml": SWAPS}), root)

        assert (root / "twin.yaml").read_text() == OLD

    @pytest.mark.parametrize(
        "name", [b"a\nb.yaml", b"\xff\xfe.yaml", b"-a b", b"x" * 255], ids=repr
    )
    def test_names(self, root: Path, name: bytes) -> None:
        file = root / os.fsdecode(name)
        file.write_text(OLD)

        apply(plan_of(root, {file.name: SWAPS}), root)

        assert file.read_text() == NEW

        undo(root)

        assert file.read_text() == OLD

    def test_a_root_that_is_a_link(self, root: Path, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to(root)

        apply(plan_of(root, {"a.yaml": SWAPS}), tmp_path / "link")

        assert (root / "a.yaml").read_text() == NEW


class TestStale:
    @pytest.mark.parametrize(
        "content", [b"", OLD.encode() + b" ", OLD.replace("8080", "8081").encode()]
    )
    def test_a_file_that_has_changed(self, root: Path, content: bytes) -> None:
        plan = plan_of(root, {"charts/shop/values.yaml": SWAPS, "a.yaml": SWAPS}, {"b.yaml": "b"})
        (root / "a.yaml").write_bytes(content)

        said = refused(plan, root)

        assert said == "a.yaml: the plan is stale: this file has changed since; make the plan again"

    def test_twice(self, root: Path) -> None:
        plan = plan_of(root, {"a.yaml": SWAPS})
        apply(plan, root)

        with pytest.raises(RefactorError, match="this file already reads as planned"):
            apply(plan, root)

    def test_a_file_that_is_gone(self, root: Path) -> None:
        plan = plan_of(root, {"charts/shop/values.yaml": SWAPS, "a.yaml": SWAPS})
        (root / "a.yaml").unlink()

        assert (
            refused(plan, root) == "a.yaml: the plan is of another repository, or this file is gone"
        )

    def test_a_new_file_that_is_there_and_differs(self, root: Path) -> None:
        plan = plan_of(root, {"a.yaml": SWAPS}, {"b.yaml": "b\n"})
        (root / "b.yaml").write_text("c\n")

        assert refused(plan, root).startswith("b.yaml: the plan adds this file, and there is one")

    @pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("nowhere")])
    def test_a_new_file_where_something_else_is(
        self, root: Path, make: Callable[[Path], object]
    ) -> None:
        make(root / "b.yaml")

        assert refused(plan_of(root, {}, {"b.yaml": "b\n"}), root).startswith("b.yaml: ")

    @pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
    def test_a_file_that_is_none_any_more(self, root: Path, make: Callable[[Path], object]) -> None:
        plan = plan_of(root, {"a.yaml": SWAPS})
        (root / "a.yaml").unlink()
        make(root / "a.yaml")

        assert refused(plan, root).startswith("a.yaml: cannot be edited: it is not a regular file")

    def test_a_new_file_below_a_file(self, root: Path) -> None:
        assert "a.yaml is not a directory" in refused(
            plan_of(root, {}, {"a.yaml/b.yaml": ""}), root
        )


OUTSIDE = [
    "../secret", "../../etc/passwd", "charts/../../secret", "charts/../a.yaml", "./a.yaml", "/etc/passwd",
    "", ".", "..", "a.yaml/", "charts//shop/values.yaml", "a\0b", "out/secret", "secret-link", "loop/x",
    ".git/config", ".GIT/config", "sub/.git/hooks/pre-commit", ".hg/hgrc", ".refactor/committed.json",
    "into-git", "git/hooks/x",
]  # fmt: skip


class TestHostile:
    @pytest.mark.parametrize("path", OUTSIDE, ids=repr)
    @pytest.mark.parametrize("kind", ["change", "new file"])
    def test_paths_that_lead_elsewhere(
        self, root: Path, tmp_path: Path, path: str, kind: str
    ) -> None:
        (tmp_path / "secret").write_text(OLD)
        (root / ".git/hooks").mkdir(parents=True)
        (root / ".git/config").write_text(OLD)
        links = {"out": "..", "secret-link": "../secret", "loop": "loop", "into-git": ".git/config",
                 "git": ".git"}  # fmt: skip
        for name, target in links.items():
            (root / name).symlink_to(target)
        change = FileChange(path, sha(OLD.encode()), sha(NEW.encode()), ())
        plan = Plan(changes=(change,)) if kind == "change" else Plan(files=(NewFile(path, "x"),))

        refused(plan, root, allow_dirty=True)

        assert (tmp_path / "secret").read_text() == OLD
        assert (root / ".git/config").read_text() == OLD

    @pytest.mark.parametrize(
        "path",
        [".github/workflows/a.yaml", ".gitignore", "git/a", "a/.gitlab.yaml", "..a", "a..b/c"],
    )
    def test_paths_that_only_look_like_it(self, root: Path, path: str) -> None:
        apply(plan_of(root, {}, {path: "x"}), root)

        assert (root / path).read_text() == "x"

    @pytest.mark.parametrize(
        ("span", "old", "new"),
        [
            (Span(6, 15), "10.0.4.18", "orders"),
            (Span(7, 16), "10.0.4.17", "orders"),
            (Span(15, 6), "10.0.4.17", "orders"),
            (Span(6 - len(OLD), 15 - len(OLD)), "10.0.4.17", "orders"),
            (Span(9999, 9999), "x", "orders"),
            (Span(6, 15), "10.0.4.17", "bills"),
            (Span(6, 15), "10.0.4.17", "\ud800"),
        ],
        ids=str,
    )
    def test_edits_that_do_not_fit(self, root: Path, span: Span, old: str, new: str) -> None:
        good = change_of(root, "a.yaml", [("10.0.4.17", "orders")])
        bad = Edit("a.yaml", span, old, new, "finding")
        plan = Plan(changes=(msgspec.structs.replace(good, edits=(bad,)),))

        assert "the plan is damaged" in refused(plan, root)

    def test_edits_that_overlap(self, root: Path) -> None:
        change = change_of(root, "a.yaml", [("10.0.4.17", "orders")])
        twice = msgspec.structs.replace(change, edits=change.edits * 2)

        assert refused(Plan(changes=(twice,)), root).startswith("a.yaml: the plan is damaged")

    def test_an_edit_that_the_encoding_cannot_hold(self, root: Path) -> None:
        (root / "a.py").write_bytes(b"# coding: latin-1\nH = '10.0.4.17'  # \xe9\n")
        data = (root / "a.py").read_bytes()
        edit = Edit("a.py", Span(23, 32), "10.0.4.17", "\u4e00", "finding")
        plan = Plan(changes=(FileChange("a.py", sha(data), "0" * 64, (edit,)),))

        assert refused(plan, root).startswith("a.py: the plan is damaged: ")

    def test_content_that_is_no_text(self, root: Path) -> None:
        assert "content is not text" in refused(plan_of(root, {}, {"b.yaml": "\ud800"}), root)

    @pytest.mark.parametrize("link", ["a.yaml", "link.yaml"])
    def test_one_file_twice(self, root: Path, link: str) -> None:
        (root / "link.yaml").symlink_to("a.yaml")
        twice = (change_of(root, "a.yaml", SWAPS), change_of(root, link, SWAPS))

        assert refused(Plan(changes=twice), root).endswith(
            "the plan is damaged: it names this file twice"
        )

    def test_state_that_is_a_link(self, root: Path, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").mkdir()
        (root / ".refactor").symlink_to(tmp_path / "elsewhere")

        with pytest.raises(RefactorError, match="is a link"):
            apply(plan_of(root, {"a.yaml": SWAPS}), root)

        assert (root / "a.yaml").read_text() == OLD
        assert list((tmp_path / "elsewhere").iterdir()) == []


class TestReadOnly:
    """Modes count for root, too, whom the kernel would let through."""

    @pytest.mark.parametrize("path", ["a.yaml", "charts/shop/values.yaml", "charts/shop", "."])
    def test_a_file_or_its_directory(self, root: Path, path: str) -> None:
        plan = plan_of(root, {"a.yaml": SWAPS, "charts/shop/values.yaml": SWAPS})
        mode = (root / path).stat().st_mode
        (root / path).chmod(mode & ~0o222)
        try:
            assert "is read-only; make it writable" in refused(plan, root)
        finally:
            (root / path).chmod(mode)

    def test_the_directory_of_a_new_file(self, root: Path) -> None:
        (root / "charts").chmod(0o555)
        try:
            plan = plan_of(root, {"a.yaml": SWAPS}, {"charts/new/b.yaml": "b"})
            assert refused(plan, root).startswith("charts: is read-only")
        finally:
            (root / "charts").chmod(0o755)

    def test_a_read_only_file_that_the_plan_leaves_alone(self, root: Path) -> None:
        (root / "charts/shop/values.yaml").chmod(0o444)

        assert apply(plan_of(root, {"a.yaml": SWAPS}), root).changed == ("a.yaml",)


class TestDirty:
    @pytest.fixture
    def repo(self, root: Path) -> Path:
        for name in "cdefg":
            (root / f"{name}.yaml").write_text("x\n")
        for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "a"]):
            names = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
            subprocess.run(["git", "-C", str(root), *names, *command], check=True)
        return root

    def test_clean(self, repo: Path) -> None:
        (repo / "untracked.yaml").write_text("x\n")

        assert apply(plan_of(repo, {"a.yaml": SWAPS}), repo).changed == ("a.yaml",)

    def test_a_file_the_plan_does_not_touch(self, repo: Path) -> None:
        (repo / "c.yaml").write_text("y\n")

        said = refused(plan_of(repo, {"a.yaml": SWAPS}), repo)

        assert said.endswith(
            "uncommitted changes: c.yaml; commit or stash them, or pass --allow-dirty"
        )

    def test_three_files_are_named(self, repo: Path) -> None:
        for name in "cdefg":
            (repo / f"{name}.yaml").write_text("y\n")

        said = refused(plan_of(repo, {"a.yaml": SWAPS}), repo)

        assert "uncommitted changes: c.yaml, d.yaml, e.yaml and 2 more;" in said

    def test_allowed(self, repo: Path) -> None:
        (repo / "c.yaml").write_text("y\n")

        assert apply(plan_of(repo, {"a.yaml": SWAPS}), repo, allow_dirty=True).changed == (
            "a.yaml",
        )

    def test_applying_makes_it_so(self, repo: Path) -> None:
        apply(plan_of(repo, {"a.yaml": SWAPS}), repo)

        with pytest.raises(RefactorError, match=r"uncommitted changes: a\.yaml;"):
            apply(plan_of(repo, {"charts/shop/values.yaml": SWAPS}), repo)


def test_a_check_writes_nothing(root: Path) -> None:
    before = tree(root)

    checked = check(plan_of(root, {"a.yaml": SWAPS}, {"x/y/b.yaml": "b"}), root)

    assert [write.path for write in checked.writes] == ["a.yaml", "x/y/b.yaml"]
    assert checked.made == ("x", "x/y")
    assert tree(root) == before
    assert not (root / ".refactor").exists()


ENCODED = st.tuples(
    st.text(st.characters(codec="latin-1", exclude_characters="\0"), max_size=40),
    st.sampled_from(["10.0.4.17\n", "10.0.4.17\r\n", "10.0.4.17", "10.0.4.17\r"]),
    st.text(st.characters(codec="latin-1", exclude_characters="\0"), max_size=40),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"]),
    st.sampled_from([0o600, 0o644, 0o755, 0o666]),
)
FILES = st.dictionaries(
    st.sampled_from(["a.yaml", "b.py", "x/a.yaml", "x/y/c.toml", "x/é.yaml"]), ENCODED, max_size=5
)
NEW_FILES = st.dictionaries(
    st.sampled_from(["n.yaml", "x/n.yaml", "z/n.yaml", "z/z/n.yaml"]), st.text(max_size=20).filter(
        lambda text: text.isprintable()), max_size=4
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    files=FILES,
    new=NEW_FILES,
    name=st.sampled_from(["orders", "o", "orders.shop.svc.cluster.local"]),
)
def test_undo_takes_back_every_byte_and_mode(
    files: dict[str, tuple[str, str, str, str, int]], new: dict[str, str], name: str
) -> None:
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        for path, (before, address, after, encoding, mode) in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes((before + address + after).encode(encoding))
            (root / path).chmod(mode)
        held = [p for p in files if "10.0.4.17" in Source(p, (root / p).read_bytes()).text]
        before_all = tree(root)
        plan = plan_of(root, {path: [("10.0.4.17", name)] for path in held}, new)

        applied = apply(plan, root)

        assert set(applied.files) == {*held, *new}
        for change in plan.changes:
            assert sha((root / change.path).read_bytes()) == change.after
        if applied.files:
            undo(root)
        assert tree(root) == before_all
