"""Writes that cannot leave their root, and no write that goes round them."""

from __future__ import annotations

import ast
import errno
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from refactor.errors import RefactorError
from refactor.files import renames
from refactor.files.names import beneath, file_name, is_chart_name, stays_inside
from refactor.files.rooted import DISK, Disk, aside_of, mend
from refactor.files.whole import output, write, write_output
from tests.plans import tree

TOP = Path(__file__).parent.parent

PACKAGE = Path(__file__).parent.parent / "refactor"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path.resolve() / "root"
    (made / "inner").mkdir(parents=True)
    (made / "file").write_text("kept")
    (made / "out").symlink_to("..")
    return made


class TestNames:
    @pytest.mark.parametrize(
        "name", ["redis", "a", "my.chart", "Chart_1-x", "x" * 250, ".hidden", "..."]
    )
    def test_of_charts(self, name: str) -> None:
        assert is_chart_name(name)

    @pytest.mark.parametrize(
        "name",
        [
            "",
            ".",
            "..",
            "../x",
            "a/b",
            "/tmp/x",
            "a\\b",
            "..\\x",
            "a\0b",
            "x" * 251,
            "a b",
            "é",
            "a\n",
        ],
    )
    def test_of_no_charts(self, name: str) -> None:
        assert not is_chart_name(name)

    @pytest.mark.parametrize("path", ["a", "a/b", "a\\b", "...", "a/..b", "é/x", ".git"])
    def test_paths_that_stay(self, path: str) -> None:
        assert stays_inside(path)

    @pytest.mark.parametrize(
        "path", ["", ".", "..", "/a", "a//b", "a/", "a/../b", "./a", "a\0", "\ud800", "../a"]
    )
    def test_paths_that_do_not(self, path: str) -> None:
        assert not stays_inside(path)

    @pytest.mark.parametrize(
        ("folder", "path", "expected"),
        [
            ("a/b", "../c", "a/c"),
            ("a/b", "../..", "."),
            ("", "x/./y", "x/y"),
            ("a", "../../c", None),
            ("", "..", None),
            ("a", "/etc", None),
            ("a", "x\0", None),
        ],
    )
    def test_where_a_path_leads(self, folder: str, path: str, expected: str | None) -> None:
        assert beneath(folder, path) == expected

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("shop/orders", "shop-orders"),
            ("../../x", "-..-x"),
            ("a\0b", "a-b"),
            ("..", "-"),
            ("x" * 999, "x" * 200),
        ],
    )
    def test_of_files_called_after_others(self, name: str, expected: str) -> None:
        assert file_name(name) == expected


OPERATIONS: dict[str, Callable[[Disk, Path], object]] = {
    "create": lambda disk, path: disk.create(path, b"x"),
    "mkdir": lambda disk, path: disk.mkdir(path),
    "mkdirs": lambda disk, path: disk.mkdirs(path / "deeper"),
    "lay": lambda disk, path: disk.lay(path, {"x": b"x"}),
    "lock": lambda disk, path: os.close(disk.lock_file(path)),
    "rename": lambda disk, path: disk.rename(_inside(disk), path),
    "move": lambda disk, path: disk.move(_inside(disk), path),
}


def _inside(disk: Disk) -> Path:
    return Path(disk._root) / "file"


@pytest.mark.parametrize("what", OPERATIONS)
@pytest.mark.parametrize(
    "path",
    [
        "../evil",
        "inner/../../evil",
        "out/evil",
        "inner/../out/evil",
        "/evil-of-refactor",
        "../root-beside/evil",
        "a\0b",
        "\ud800",
        "inner/../file",
    ],
    ids=repr,
)
def test_no_write_leaves_its_root(root: Path, what: str, path: str) -> None:
    before = tree(root.parent)
    with DISK.below(root) as disk, pytest.raises(OSError):
        OPERATIONS[what](disk, root / path)

    assert tree(root.parent) == before
    assert not os.path.lexists("/evil-of-refactor")


def test_nothing_is_written_without_a_root(tmp_path: Path) -> None:
    with pytest.raises(PermissionError, match="leads out"):
        DISK.create(tmp_path / "x", b"x")


@pytest.mark.parametrize("names", [["../evil"], ["a/../../evil"], ["/evil"], ["a/../b"]])
def test_a_copy_is_laid_within_its_directory(root: Path, names: list[str]) -> None:
    with DISK.below(root) as disk, pytest.raises(PermissionError):
        disk.lay(root / "copy", dict.fromkeys(names, b"evil"))

    assert sorted(os.listdir(root.parent)) == ["root"]
    assert sorted(os.listdir(root)) == ["copy", "file", "inner", "out"]


def test_a_root_that_is_swapped_for_a_link_is_still_the_root(root: Path) -> None:
    other = root.parent / "other"
    other.mkdir()
    with DISK.below(root) as disk:
        root.rename(root.with_name("moved"))
        root.symlink_to("other")
        disk.create(root / "new", b"x")

    assert os.listdir(other) == []
    assert (root.parent / "moved/new").read_bytes() == b"x"


def test_a_root_behind_a_link_is_refused(root: Path) -> None:
    link = root.parent / "link"
    link.symlink_to("root")
    with pytest.raises(NotADirectoryError), DISK.below(link):
        pass


@pytest.fixture(params=["renameat2", "links", "neither"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Stand for systems that have renameat2(2), that have links, and that have neither."""

    def lacking(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSYS, "none here")

    if request.param != "renameat2":
        monkeypatch.setattr(renames, "_call", lambda: None)
    if request.param == "neither":
        monkeypatch.setattr(os, "link", lacking)
    return str(request.param)


def test_two_files_change_places(root: Path, system: str) -> None:
    (root / "inner/new").write_text("new")
    with DISK.below(root) as disk:
        disk.exchange(root / "inner/new", root / "file")

    assert (root / "file").read_text() == "new"
    if system != "neither":
        assert (root / "inner/new").read_text() == "kept"
    assert len(os.listdir(root / "inner")) == (system != "neither")


def test_nothing_is_replaced_by_a_move(root: Path, system: str) -> None:
    (root / "new").write_text("new")
    with DISK.below(root) as disk:
        with pytest.raises(OSError):
            disk.move(root / "new", root / "file")
        if system != "neither":
            disk.move(root / "new", root / "inner/new")

    assert (root / "file").read_text() == "kept"
    assert (root / "new").exists() == (system == "neither")


@pytest.mark.parametrize("was_renamed", [False, True])
def test_an_exchange_that_was_cut_short_is_mended(root: Path, was_renamed: bool) -> None:
    waiting = root / "new"
    waiting.write_text("new")
    os.link(root / "file", root / aside_of("new"))
    if was_renamed:
        waiting.rename(root / "file")
    with DISK.below(root) as disk:
        mend(disk, waiting)

    held = [(root / name).read_text() for name in ("file", "new")]
    assert held == (["new", "kept"] if was_renamed else ["kept", "new"])
    assert not (root / aside_of("new")).exists()


class TestOutputs:
    def test_what_stood_there_stands_when_the_disk_is_full(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(descriptor: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(DISK.__class__, "settle", lambda self, descriptor: full(descriptor))
        with pytest.raises(OSError, match="No space"):
            write_output(root / "file", b"half")

        assert (root / "file").read_text() == "kept"
        assert sorted(os.listdir(root)) == ["file", "inner", "out"]

    def test_a_file_keeps_its_mode(self, root: Path) -> None:
        (root / "file").chmod(0o640)
        write_output(root / "file", b"new")

        assert (root / "file").stat().st_mode & 0o777 == 0o640
        assert (root / "file").read_bytes() == b"new"

    def test_a_link_that_a_user_names_is_followed(self, root: Path) -> None:
        (root / "link").symlink_to("file")
        write_output(root / "link", b"new")

        assert (root / "link").is_symlink() and (root / "file").read_bytes() == b"new"

    def test_a_link_in_the_place_of_a_file_of_ours_is_replaced(self, root: Path) -> None:
        (root / "link").symlink_to("file")
        write(root / "link", b"new")

        assert not (root / "link").is_symlink() and (root / "file").read_text() == "kept"

    def test_a_link_does_not_lead_out_of_the_working_directory(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(root)
        with pytest.raises(RefactorError, match="leads out of the working directory"):
            write_output(Path("out/new"), b"x")

        assert not (root.parent / "new").exists()

    def test_a_pipe_is_written_to(self, root: Path) -> None:
        os.mkfifo(root / "pipe")
        got: list[bytes] = []
        reader = threading.Thread(target=lambda: got.append((root / "pipe").read_bytes()))
        reader.start()
        write_output(root / "pipe", b"data")
        reader.join(10)

        assert got == [b"data"]

    def test_a_device_is_written_to(self) -> None:
        write_output(Path("/dev/null"), b"data")

        assert not Path("/dev/null").is_file()

    def test_our_own_standard_output_goes_on(self, capfd: pytest.CaptureFixture[str]) -> None:
        os.write(1, b"first\n")
        write_output(Path("/dev/stdout"), b"then\n")

        assert capfd.readouterr().out == "first\nthen\n"

    def test_nothing_shows_of_what_is_cut_short(self, root: Path) -> None:
        with pytest.raises(KeyboardInterrupt), output(root / "file") as file:
            file.write(b"half")
            raise KeyboardInterrupt

        assert (root / "file").read_text() == "kept"
        assert sorted(os.listdir(root)) == ["file", "inner", "out"]

    @pytest.mark.parametrize("stands", [True, False])
    def test_a_kill_leaves_no_draft(self, root: Path, *, stands: bool) -> None:
        probe = DISK.__class__()
        with probe.below(root) as files:
            nameless = files.open_nameless(root)
        if not nameless:
            pytest.skip("this file system knows no files without a name")
        os.close(nameless)
        target = root / ("file" if stands else "new")
        code = "import os, sys; from pathlib import Path; from refactor.files.whole import output\n"
        code += "with output(Path(sys.argv[1])) as file:\n"
        code += "    file.write(b'half'); file.flush(); os.kill(os.getpid(), 9)"
        ran = subprocess.run(
            [sys.executable, "-P", "-c", code, target],
            check=False,
            env={**os.environ, "PYTHONPATH": str(TOP)},
        )

        assert ran.returncode == -9
        assert sorted(os.listdir(root)) == ["file", "inner", "out"]
        assert (root / "file").read_text() == "kept"

    def test_a_file_system_without_nameless_files_is_written_by_a_draft(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("refactor.files.rooted._NAMELESS", 0)
        write_output(root / "file", b"new")

        assert (root / "file").read_bytes() == b"new"
        assert sorted(os.listdir(root)) == ["file", "inner", "out"]


_PATHS = {"mkdir", "rmdir", "unlink", "touch", "symlink_to", "hardlink_to", "chmod", "lchmod"}
_OS = {
    "mkdir", "makedirs", "rmdir", "removedirs", "unlink", "remove", "rename", "renames", "replace",
    "link", "symlink", "mkfifo", "mknod", "truncate", "ftruncate", "chmod", "fchmod", "chown",
    "fchown", "lchown", "utime", "setxattr", "removexattr", "write", "pwrite", "sendfile",
}  # fmt: skip
_MODULES = {"shutil", "tempfile", "sqlite3", "tarfile", "zipfile", "dbm", "shelve"}
_HARMLESS = {"shutil.which", "tempfile.TemporaryFile", "tempfile.gettempdir"}
"""Of those modules; a temporary file has no name."""

ALLOWED = {
    "files/": "the one module, and what sets attributes, or writes into pipes, for it",
    "helm/worker.py": "answers by a copy of its own standard output",
    "helm/runner.py": "answers by a copy of its own standard output, reads and writes its pipes",
    "helm/process.py": "a new directory of the system's temporary ones is all that the cage reads",
    "helm/cage.py": "tries the cage in a new directory of the system's temporary ones",
    "helm/trial.py": "tries to write, in the cage, what has to be refused",
    "helm/schemas.py": "packs a dependency anew in memory, for the copy that `files` writes",
    "helm/renders.py": "a new directory of the system's temporary ones is the root of copies",
    "cli/streams.py": "points a standard stream that is closed or broken at /dev/null",
    "campaign/state.py": "SQLite opens its file by itself; the campaign's file is the user's own",
    "campaign/history.py": "git writes a clone in a new directory beside the clone",
    "campaign/commit.py": "git writes an index in a new directory of the system's temporary ones",
    "campaign/work.py": "git writes a tree in a new directory beside the clone",
    "inventory/cache.py": "tells an index of the user's cache that it was used",
}
"""Files that may write by themselves, and why."""


def _writes(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and (found := _write_of(node)):
            yield f"{found}:{node.lineno}"


def _write_of(call: ast.Call) -> str:
    """Return what a call writes by, "" where it writes nothing, or by `files`."""
    name = ast.unparse(call.func)
    owner, _, last = name.rpartition(".")
    told = [*call.args, *(word.value for word in call.keywords if word.arg == "mode")]
    modes = [set(a.value) for a in told if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    opens = any(mode <= set("rwxabt+") and mode & set("wxa+") for mode in modes)
    if last in ("open", "fdopen") and opens:
        return name
    if name == "os.open":
        flags = ast.unparse(call.args[1]) if len(call.args) > 1 else ""
        return name if any(f in flags for f in ("O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC")) else ""
    if owner == "os" and last in _OS:
        return name
    if owner.split(".")[0] in _MODULES and name not in _HARMLESS:
        return name
    if last in ("write_text", "write_bytes"):
        return name
    by_files = owner.endswith(("files", "held", "disk"))
    if last in _PATHS and not by_files and owner not in ("os", ""):
        return name
    is_path = last in ("rename", "replace") and len(call.args) == 1 and not call.keywords
    return name if is_path and not by_files else ""


FILES = sorted(str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("name", FILES)
def test_every_write_goes_by_the_one_module(name: str) -> None:
    found = list(_writes(PACKAGE / name))

    assert not found or any(name.startswith(one) for one in ALLOWED), found


@pytest.mark.parametrize("name", [one for one in ALLOWED if one != "files/"])
def test_no_exception_is_made_for_nothing(name: str) -> None:
    assert list(_writes(PACKAGE / name))


@pytest.mark.parametrize(
    "line",
    [
        "open(p, 'w')", "p.open('x+b')", "os.fdopen(d, 'wb')", "p.write_text(t)", "p.write_bytes(b)",
        "os.open(p, os.O_WRONLY)", "p.mkdir()", "p.unlink(missing_ok=True)", "p.rename(q)",
        "p.replace(q)", "shutil.rmtree(p)", "tempfile.mkdtemp()", "os.replace(a, b)", "p.touch()",
        "sqlite3.connect(p)", "io.open(p, mode='a')", "p.symlink_to(q)",
    ],
)  # fmt: skip
def test_a_write_is_seen(line: str) -> None:
    call = ast.parse(line, mode="eval").body
    assert isinstance(call, ast.Call) and _write_of(call)


@pytest.mark.parametrize(
    "line",
    [
        "open(p)", "p.open('rb')", "text.replace('a', 'b')", "structs.replace(x, y=1)",
        "files.unlink(p)", "state.files.rename(a, b)", "os.open(p, os.O_RDONLY)", "held.mkdir(p)",
        "shutil.which('git')", "sys.stdout.write(t)",
    ],
)  # fmt: skip
def test_no_write_is_seen_where_there_is_none(line: str) -> None:
    call = ast.parse(line, mode="eval").body
    assert isinstance(call, ast.Call) and not _write_of(call)
