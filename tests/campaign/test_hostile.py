"""Repositories that mean harm: nothing of theirs runs, nothing leaks, and the state says why."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.campaign.farm import File, Files, bare, branches, git
from tests.campaign.scene import NEW, OLD, Scene

BRANCH = "refactor/services"
WHERE = "config/values.yaml"
SECRET = "canary-91b2d7"


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A campaign of a user whose own git settings would run a lot."""
    made = Scene(tmp_path / "here")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "values.yaml").write_text(
        f"password: {SECRET}\nurl: http://10.42.1.11:8080/{SECRET}\n"
    )
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in (
        "post-checkout",
        "post-index-change",
        "pre-commit",
        "commit-msg",
        "post-commit",
        "pre-push",
    ):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/pwned-{name}\n")
        (hooks / name).chmod(0o755)
    touch = f"touch {tmp_path}/pwned"
    config = tmp_path / "gitconfig"
    config.write_text(
        f"[core]\n hooksPath = {hooks}\n fsmonitor = {touch}-fsmonitor\n"
        f'[filter "evil"]\n smudge = {touch}-smudge\n clean = {touch}-clean\n process = {touch}-process\n required = true\n'
        f'[filter "lfs"]\n smudge = {touch}-lfs\n process = {touch}-lfs\n required = true\n'
        f'[diff "evil"]\n textconv = {touch}-textconv\n command = {touch}-diff\n[merge "evil"]\n driver = {touch}-merge\n'
        "[submodule]\n recurse = true\n[fetch]\n recurseSubmodules = true\n[protocol]\n allow = always\n"
    )  # fmt: skip
    monkeypatch.setenv("T", "token")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setattr("refactor.campaign.start.connect", lambda spec, _: made.forge)
    return made


def unharmed(scene: Scene) -> None:
    """Nothing ran, and what stands outside of the repository is nowhere else."""
    root = scene.root.parent
    assert sorted(p.name for p in root.iterdir() if p.name.startswith("pwned")) == []
    assert not list(scene.root.rglob("pwned*"))
    found = [
        path
        for path in scene.root.rglob("*")
        if path.is_file() and SECRET.encode() in path.read_bytes()
    ]
    assert found == []
    assert SECRET not in str(scene.events)


def hostile(url: str) -> Files:
    return {
        ".gitmodules": f'[submodule "x"]\n path = sub\n url = {url}\n update = !touch pwned\n[submodule "y"]\n path = ../../y\n url = {url}\n'.encode(),
        "sub": File(b"1" * 40, "160000"),
        WHERE: OLD,
    }


GOES_ON: Mapping[str, Files] = {
    "hooks": {WHERE: OLD, **{f"{top}/{name}": File(b"#!/bin/sh\ntouch pwned\n", "100755") for top in ("hooks", ".githooks", ".husky") for name in ("pre-commit", "post-checkout")}},
    "submodule-command": hostile("ext::sh -c 'touch% pwned'"),
    "submodule-option": hostile("--upload-pack=touch pwned"),
    "submodule-file": hostile("file:///etc"),
    "filter": {WHERE: OLD, ".gitattributes": b"* filter=evil diff=evil merge=evil text eol=crlf ident\n*.yaml filter=lfs working-tree-encoding=UTF-16\n"},
    "odd-paths": {WHERE: OLD, "a\nb/$(touch pwned).yaml": OLD, "-x/--upload-pack=touch pwned.yaml": OLD, '"q"/`touch pwned`.yaml': b"x: 1\n"},
    "large": {WHERE: OLD, "blob.yaml": b"a: 10.42.1.11:8080\n" + b"#" * 6_000_000},
}  # fmt: skip


@pytest.mark.parametrize("name", GOES_ON)
def test_what_can_be_done_is_done(scene: Scene, name: str) -> None:
    remote = scene.add("shop/web", GOES_ON[name])  # type: ignore[arg-type]
    before = git("ls-tree", "-r", "-z", "main", at=remote).split("\0")
    scene.write()

    assert scene.do() == {"shop/web": "open"}

    after = git("ls-tree", "-r", "-z", BRANCH, at=remote).split("\0")
    assert git("show", f"{BRANCH}:{WHERE}", at=remote) == NEW.decode().strip()
    changed = {line.partition("\t")[2] for line in {*before} ^ {*after}}
    assert all(path == WHERE or "upload-pack" in path or "$(touch" in path for path in changed)
    unharmed(scene)


def links(target: str) -> Files:
    return {
        WHERE: File(target.encode(), "120000"),
        "CODEOWNERS": File(target.encode(), "120000"),
        "up": File(b"../../../outside", "120000"),
        "a.txt": b"1",
    }


@pytest.mark.parametrize(
    "target",
    [
        "../../../../outside/values.yaml",
        "{outside}/values.yaml",
        "/etc/passwd",
        "values.yaml",
        "/dev/zero",
    ],
    ids=["up", "absolute", "etc", "itself", "device"],
)
def test_a_link_out_of_the_tree_is_not_followed(scene: Scene, target: str) -> None:
    scene.add("shop/web", links(target.format(outside=scene.root.parent / "outside")))  # type: ignore[arg-type]
    scene.write("pull-request: {reviewers: [CODEOWNERS]}\n")

    assert scene.do() == {"shop/web": "nothing to do"}
    unharmed(scene)


REFUSED = [
    pytest.param({".refactor.yaml": File(b"../../../outside/values.yaml", "120000"), WHERE: OLD}, ".refactor.yaml: leads out of the repository", id="settings-link"),
    pytest.param({".refactor.yaml": b"inventories: [../../../outside/values.yaml]\n", WHERE: OLD}, ".refactor.yaml:1: `../../../outside/values.yaml` leads out of the repository", id="inventory-outside"),
    pytest.param({".refactor.yaml": b"a: !!python/object/apply:os.system ['touch pwned']\n", WHERE: OLD}, ".refactor.yaml:1: settings have no tags; leave out tag:yaml.org,2002:python/object/apply:os.system", id="settings-tag"),
    pytest.param({f"{n}.bin": b"%d" % n + b"\0" * 4_900_000 for n in range(3)}, "holds 14 MB of files, the limit is 10", id="too-much"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "reason"), REFUSED)
def test_what_cannot_be_done_has_its_reason(scene: Scene, files: Files, reason: str) -> None:
    scene.add("shop/web", files)  # type: ignore[arg-type]
    scene.write(limits="per-hour: 0, megabytes: 10")

    assert scene.do() == {"shop/web": "failed"}
    assert scene.row().failure == reason
    assert branches(scene.remote()) == ["main"]
    unharmed(scene)


@pytest.mark.parametrize(
    "path", [".git/config", ".GIT/hooks/post-checkout", "sub/.git/config", "../out"]
)
def test_a_path_into_gits_own_files_is_refused(scene: Scene, path: str) -> None:
    remote = scene.add("shop/web", {WHERE: OLD})
    tree = git(
        "hash-object", "-w", "--stdin", at=remote, data=b"[core]\n fsmonitor = touch pwned\n"
    )
    for depth, name in enumerate(reversed(path.split("/"))):
        line = f"{'040000 tree' if depth else '100644 blob'} {tree}\t{name}\n"
        tree = git("mktree", at=remote, data=line.encode())
    git("update-ref", "refs/heads/main", git("commit-tree", tree, "-m", "x", at=remote), at=remote)
    scene.write()

    assert scene.do() == {"shop/web": "failed"}
    assert scene.row().failure == f"holds a path that git does not check out: {path}"
    unharmed(scene)


@pytest.mark.parametrize(
    "branch",
    [
        "$(touch${IFS}pwned)",
        "a;touch${IFS}pwned",
        "--upload-pack=x",
        "ünï/ço\"de'",
        "{{campaign}}",
        "refs/heads/main",
    ],
)
def test_a_base_with_an_odd_name_is_only_a_name(scene: Scene, branch: str) -> None:
    remote = scene.add("shop/web")
    git("update-ref", f"refs/heads/{branch}", "main", at=remote)
    git("symbolic-ref", "HEAD", f"refs/heads/{branch}", at=remote)
    git("update-ref", "-d", "refs/heads/main", at=remote)
    scene.write("pull-request: {title: 'Into {{ base }}'}\n")

    assert scene.do() == {"shop/web": "open"}
    assert (scene.forge.pulls()[0]["base"], scene.forge.pulls()[0]["title"]) == (
        branch,
        f"Into {branch}",
    )
    unharmed(scene)


ZEROS = "77e9132b46cb9535f286f18974872f40049d1a89"
"""The id of a blob of 2 GiB of zeros."""


def put_zeros(remote: Path) -> None:
    """Write it as a loose object, by compressing one of its megabytes and repeating that."""
    head, block = b"blob 2147483648\0", b"\0" * (1 << 20)
    deflate = zlib.compressobj(1, zlib.DEFLATED, -15)
    parts = [
        deflate.compress(data) + deflate.flush(zlib.Z_FULL_FLUSH) for data in (head, block, block)
    ]
    assert parts[1] == parts[2]
    # Adler-32 (RFC 1950): a zero adds nothing to the first sum, and the first sum to the second.
    low, high = zlib.adler32(head) & 0xFFFF, zlib.adler32(head) >> 16
    total = ((high + (2 << 30) * low) % 65521) << 16 | low
    path = remote / "objects" / ZEROS[:2] / ZEROS[2:]
    path.parent.mkdir()
    path.write_bytes(
        b"\x78\x01" + parts[0] + parts[1] * 2048 + deflate.flush() + total.to_bytes(4, "big")
    )


def test_two_gigabytes_are_neither_fetched_nor_written(scene: Scene) -> None:
    remote = scene.add("shop/web")
    put_zeros(remote)
    listed = git("ls-tree", "main", at=remote)
    tree = git("mktree", at=remote, data=f"{listed}\n100644 blob {ZEROS}\thuge.yaml\n".encode())
    git("update-ref", "refs/heads/main", git("commit-tree", tree, "-m", "x", at=remote), at=remote)
    scene.write()

    assert scene.do() == {"shop/web": "open"}

    assert (
        sum(p.stat().st_blocks * 512 for p in (scene.root / "cache").rglob("*") if p.is_file())
        < 1_000_000
    )
    assert f"100644 blob {ZEROS}\thuge.yaml" in git("ls-tree", BRANCH, at=remote)
    assert "too large to be looked into: huge.yaml" in str(scene.note())


def test_a_server_that_sends_more_than_was_asked_is_no_way_around_the_limit(scene: Scene) -> None:
    remote = bare(scene.root / "shop" / "web.git", {WHERE: OLD, "zeros.yaml": b"\0" * 6_000_000})
    git("config", "uploadpack.allowFilter", "false", at=remote)
    scene.write()

    assert scene.do() == {"shop/web": "open"}
    assert "zeros.yaml" in str(scene.note())
