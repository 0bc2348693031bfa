"""Git, run on repositories that mean harm: nothing of theirs runs, nothing leaks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from refactor.campaign.clone import LARGE, EmptyError, bare_of, check_out, entries, fetch, refs
from refactor.campaign.commit import Branch, Maker, is_branch, make, patch, push
from refactor.campaign.git import Access, Git, GitError, access
from refactor.campaign.history import Where, story
from refactor.campaign.spec import Commit, Signing
from refactor.campaign.values import ChangedFile
from tests.campaign.farm import File, bare, branches, commit, git

MAKER = Maker("shop", Commit(name="bot", email="bot@shop.example"))


def test_the_remotes_own_branch_is_found(tmp_path: Path) -> None:
    remote = bare(tmp_path / "a.git", {"a": b"1"}, "trunk")
    commit(remote, {"a": b"2"}, "other")

    assert refs(Git(), str(remote)).base == "trunk"
    assert refs(Git(), str(remote), "other").sha == git("rev-parse", "other", at=remote)


@pytest.mark.parametrize(
    ("branch", "base", "told", "empty"),
    [
        ("", "", "is empty: it has no branch", True),
        ("", "gone", "is empty: it has no branch", True),
        ("other", "gone", "has no branch gone", False),
        ("other", "", "its HEAD names no branch; set `base`", False),
    ],
)
def test_a_remote_without_the_base_says_so(
    tmp_path: Path, branch: str, base: str, told: str, empty: bool
) -> None:
    remote = tmp_path / "a.git"
    git("init", "-q", "--bare", "--initial-branch=main", str(remote), at=tmp_path)
    if branch:
        commit(remote, {"a": b"1"}, branch)

    with pytest.raises(GitError, match=told) as raised:
        refs(Git(), str(remote), base)
    assert isinstance(raised.value, EmptyError) is empty


SAID = {
    "fatal: unable to access 'https://h/a/': Could not resolve host: h": True,
    "fatal: unable to access 'https://h/a/': The requested URL returned error: 503": True,
    "fatal: unable to access 'https://h/a/': The requested URL returned error: 429": True,
    "fatal: unable to access 'https://h/a/': The requested URL returned error: 403": False,
    "fatal: unable to access 'https://h/a/': SSL certificate problem: unable to get issuer": False,
    "fatal: Authentication failed for 'https://h/a/'": False,
    "fatal: repository 'https://h/a/' not found": False,
    "fatal: protocol error: bad pack header\nfatal: early EOF": True,
}


@pytest.mark.parametrize("said", SAID)
def test_what_may_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    fake = tmp_path / "git"
    fake.write_text(f'#!/bin/sh\necho "{said}" >&2\nexit 128\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    with pytest.raises(GitError) as raised:
        Git()("ls-remote", "--", "https://h/a")

    assert (raised.value.transient, raised.value.broken) == (SAID[said], False)


REFUSED = [
    (
        "remote: \nremote: error: GH006: Protected branch update failed\nremote: error: more\n"
        "To h\n ! [remote rejected] x -> x (protected branch hook declined)\nerror: failed to push",
        "remote: error: GH006: Protected branch update failed (protected branch hook declined)",
    ),
    ("remote: \n ! [remote rejected] x -> x (no permission)\nerror: failed to push some refs to h",
     "error: failed to push some refs to h (no permission)"),
    (" ! [rejected] x -> x (stale info)", "(stale info)"),
    ("fatal: unable to access h (timed out)", "fatal: unable to access h (timed out)"),
    ("remote:\n", "exit code 1"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "told"), REFUSED)
def test_a_refused_push_is_told_in_the_servers_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, told: str
) -> None:
    (tmp_path / "said").write_text(said)
    fake = tmp_path / "git"
    fake.write_text(f"#!/bin/sh\ncat {tmp_path}/said >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    with pytest.raises(GitError) as raised:
        Git()("push", "--", "https://h/a")

    assert str(raised.value) == f"git push: {told}"


ODD = ["$(touch${IFS}pwned)", "`touch pwned`", "a;touch pwned;", "--upload-pack=touch pwned", "-x", "ünï/ço\"de'", "@{-1}x", "refs/heads/main"]  # fmt: skip


@pytest.mark.parametrize("name", [n for n in ODD if " " not in n and "@{" not in n])
def test_a_base_with_an_odd_name_is_only_a_name(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    remote = bare(tmp_path / "a.git", {"a": b"1"})
    git("update-ref", f"refs/heads/{name}", "main", at=remote)
    git("symbolic-ref", "HEAD", f"refs/heads/{name}", at=remote)
    at = refs(Git(), str(remote))

    sha = fetch(Git(), bare_of(tmp_path, str(remote)), str(remote), at.base, at.sha)

    assert (at.base, sha) == (name, at.sha)
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize(("name", "good"), [("refactor/shop", True), ("a.b", True), ("-x", False), ("a..b", False), ("a b", False), ("", False), ("a/", False), ("x.lock", False), ("a//b", False)])  # fmt: skip
def test_names_of_branches(name: str, good: bool) -> None:
    assert is_branch(Git(), name) is good


def checked_out(tmp_path: Path, remote: Path, limit: int = 10**9) -> tuple[Path, tuple[bytes, ...]]:
    at, clone, tree = (
        refs(Git(), str(remote)),
        bare_of(tmp_path / "cache", str(remote)),
        tmp_path / "tree",
    )
    tree.mkdir()
    (tmp_path / "cache").mkdir(exist_ok=True)
    sha = fetch(Git(), clone, str(remote), at.base, at.sha)
    return tree, check_out(Git(), clone, sha, tree, limit).large


def test_filters_attributes_and_line_ends_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "gitconfig"
    config.write_text(
        f'[filter "evil"]\n smudge = touch {tmp_path}/pwned\n required = true\n[core]\n autocrlf = true\n'
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    files = {
        ".gitattributes": b"* filter=evil text=auto eol=crlf ident\n*.utf16 working-tree-encoding=UTF-16\n",
        "a.txt": b"$Id$\nline\n",
        "b.utf16": b"x\n",
    }
    tree, _ = checked_out(tmp_path, bare(tmp_path / "a.git", files))

    assert {p.name: p.read_bytes() for p in tree.iterdir()} == files
    assert not (tmp_path / "pwned").exists()


def test_hooks_of_the_users_template_do_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = tmp_path / "template" / "hooks"
    hooks.mkdir(parents=True)
    for name in (
        "post-checkout",
        "reference-transaction",
        "pre-push",
        "post-index-change",
        "fsmonitor-watchman",
    ):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/pwned\n")
        (hooks / name).chmod(0o755)
    config = tmp_path / "gitconfig"
    config.write_text(
        f"[init]\n templateDir = {tmp_path}/template\n[core]\n hooksPath = {hooks}\n fsmonitor = {hooks}/fsmonitor-watchman\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))

    checked_out(tmp_path, bare(tmp_path / "a.git", {"a": b"1"}))

    assert not (tmp_path / "pwned").exists()


def test_a_submodule_stays_empty_and_its_address_is_not_asked(tmp_path: Path) -> None:
    modules = f'[submodule "x"]\n path = x\n url = ext::sh -c "touch {tmp_path}/pwned"\n update = !touch {tmp_path}/pwned\n'
    files = {".gitmodules": modules.encode(), "x": File(b"1" * 40, "160000"), "a": b"1"}
    tree, _ = checked_out(tmp_path, bare(tmp_path / "a.git", files))

    assert sorted(p.name for p in tree.iterdir()) == [".gitmodules", "a"]
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize(
    "path", [".git/config", ".git/hooks/post-checkout", "sub/.GIT/config", "../out"]
)
def test_a_path_into_gits_own_files_is_refused(tmp_path: Path, path: str) -> None:
    remote = bare(tmp_path / "a.git", {"a": b"1"})
    blob = git(
        "hash-object", "-w", "--stdin", at=remote, data=b"[core]\n fsmonitor = touch pwned\n"
    )
    tree = blob
    for name in reversed(path.split("/")):
        kind, mode = ("blob", "100644") if tree == blob else ("tree", "040000")
        tree = git("mktree", at=remote, data=f"{mode} {kind} {tree}\t{name}\n".encode())
    git("update-ref", "refs/heads/main", git("commit-tree", tree, "-m", "x", at=remote), at=remote)

    with pytest.raises(GitError):
        checked_out(tmp_path, remote)

    assert not (tmp_path / "out").exists()


def test_a_large_file_is_not_fetched(tmp_path: Path) -> None:
    large = os.urandom(LARGE + 1)
    tree, left = checked_out(
        tmp_path, bare(tmp_path / "a.git", {"a": b"1", "big/b.bin": large, "c": b"x" * LARGE})
    )

    assert left == (b"big/b.bin",)
    assert sorted(p.name for p in tree.iterdir()) == ["a", "c"]
    assert sum(p.stat().st_size for p in (tmp_path / "cache").rglob("*") if p.is_file()) < LARGE


def test_a_large_file_of_a_server_without_filters_is_not_written(tmp_path: Path) -> None:
    remote = bare(tmp_path / "a.git", {"a": b"1", "zeros": b"\0" * (LARGE + 1)})
    git("config", "uploadpack.allowFilter", "false", at=remote)

    tree, left = checked_out(tmp_path, remote)

    assert left == (b"zeros",)
    assert [p.name for p in tree.iterdir()] == ["a"]


def test_too_many_bytes_are_refused_before_they_are_written(tmp_path: Path) -> None:
    remote = bare(tmp_path / "a.git", {f"{n}": b"\0" * 4_000_000 + b"%d" % n for n in range(3)})

    with pytest.raises(GitError, match="holds 12 MB of files, the limit is 10"):
        checked_out(tmp_path, remote, 10_000_000)

    assert list((tmp_path / "tree").iterdir()) == []


def tree_bomb(at: Path, levels: int, width: int) -> None:
    """Make a commit whose trees are each several times in the one above."""
    git("init", "-q", "--bare", "--initial-branch=main", str(at), at=at.parent)
    entry = "100644 blob " + git("hash-object", "-w", "--stdin", at=at, data=b"x")
    for _ in range(levels):
        lines = "".join(f"{entry}\tf{number}\n" for number in range(width))
        entry = "040000 tree " + git("mktree", at=at, data=lines.encode())
    made = git("commit-tree", entry.rpartition(" ")[2], "-m", "x", at=at)
    git("update-ref", "refs/heads/main", made, at=at)


_BOMBED = """
import resource, sys
from pathlib import Path
from tests.campaign.test_git import checked_out
resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000,) * 2)
try:
    checked_out(Path(sys.argv[1]), Path(sys.argv[2]))
except Exception as error:
    # Not ru_maxrss, which begins with what the process that forked this one had.
    most = next(line for line in open("/proc/self/status") if line.startswith("VmHWM:"))
    print(f"{type(error).__name__}: {error}", most.split()[1])
"""


@pytest.mark.parametrize(
    ("levels", "width", "told"),
    [(9, 10, "more than 250,000 files"), (150, 1, "more than 100 directories deep")],
)
def test_a_tree_bomb_is_left_at_the_limits(
    tmp_path: Path, levels: int, width: int, told: str
) -> None:
    tree_bomb(tmp_path / "a.git", levels, width)
    words = [sys.executable, "-c", _BOMBED, str(tmp_path), str(tmp_path / "a.git")]
    ran = subprocess.run(words, capture_output=True, text=True, timeout=120, check=True)
    said, _, kilobytes = ran.stdout.rpartition(" ")

    assert said.startswith("GitError: holds ")
    assert told in said
    assert int(kilobytes) < 300_000


def test_many_files_that_are_not_too_many_are_listed(tmp_path: Path) -> None:
    tree_bomb(tmp_path / "a.git", 4, 10)

    found = entries(Git(), tmp_path / "a.git", "main")

    assert len(found) == 10_000


def test_a_list_that_ends_early_is_a_failure(tmp_path: Path) -> None:
    tree_bomb(tmp_path / "a.git", 3, 2)
    inner = git("rev-parse", "main:f1/f1", at=tmp_path / "a.git")
    (tmp_path / "a.git/objects" / inner[:2] / inner[2:]).unlink()

    with pytest.raises(GitError, match="git ls-tree: ") as raised:
        entries(Git(), tmp_path / "a.git", "main")
    assert raised.value.broken


def test_the_repository_around_the_working_directory_is_not_obeyed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote, around = bare(tmp_path / "a.git", {"a": b"1"}), tmp_path / "around"
    git("init", "-q", str(around), at=tmp_path)
    git("config", "core.sshCommand", f"touch {tmp_path}/pwned #", at=around)
    git("config", "url.ssh://evil/.insteadOf", f"{remote}", at=around)
    git("config", "credential.helper", f"!touch {tmp_path}/pwned #", at=around)
    monkeypatch.chdir(around)
    monkeypatch.delenv("GIT_SSH_COMMAND", raising=False)

    assert refs(Git(), str(remote)).base == "main"
    Git()("credential", "fill", data=b"protocol=https\nhost=h.invalid\n\n", none=(128,))
    assert is_branch(Git(), "main")
    assert not (tmp_path / "pwned").exists()


def test_what_an_interrupted_git_left_is_cleared(tmp_path: Path) -> None:
    remote = bare(tmp_path / "a.git", {"a": b"1"})
    clone = bare_of(tmp_path, str(remote))
    (clone / "refs").mkdir(parents=True)
    (clone / "HEAD").write_text("nonsense")
    at = refs(Git(), str(remote))

    assert fetch(Git(), clone, str(remote), at.base, at.sha) == at.sha


def test_a_command_that_takes_too_long_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_SSH_COMMAND", "sleep 30 #")

    with pytest.raises(GitError, match=r"git ls-remote takes more than 0.2 seconds") as raised:
        refs(Git(seconds=0.2), "ssh://localhost/a")

    assert raised.value.transient


def made(
    tmp_path: Path, maker: Maker = MAKER, message: str = "Say why\n"
) -> tuple[Path, Path, str]:
    remote = bare(tmp_path / "a.git", {"a": b"1", "run": File(b"#!", "100755")})
    clone = bare_of(tmp_path, str(remote))
    at = refs(Git(), str(remote))
    fetch(Git(), clone, str(remote), at.base, at.sha)
    files = [ChangedFile(b"a", b"100644", b"2"), ChangedFile("new/ü\n".encode(), b"100644", b"3")]
    return remote, clone, make(Git(), clone, at.sha, files, message, maker)


def test_a_commit_changes_its_files_and_nothing_else(tmp_path: Path) -> None:
    remote, clone, sha = made(tmp_path)

    push(Git(), clone, str(remote), Branch("refactor/shop", sha), "")

    assert (
        git("diff", "--name-status", "-z", "main", "refactor/shop", at=remote)
        == "M\0a\0A\0new/ü\n\0"
    )
    assert git("log", "-1", "--format=%an <%ae> %cn %B", "refactor/shop", at=remote).startswith(
        "bot <bot@shop.example> bot Say why\n\nRefactor-Campaign: shop\nRefactor-Tree: "
    )


def is_ours(clone: Path, remote: Path, branch: Branch, maker: Maker) -> bool:
    return story(Git(), clone, Where(str(remote), branch, str(remote), "main"), maker).ours


def test_sign_off(tmp_path: Path) -> None:
    _remote, clone, sha = made(
        tmp_path, Maker("shop", Commit(name="bot", email="bot@shop.example", sign_off=True))
    )

    assert (
        git("log", "-1", "--format=%(trailers:key=Signed-off-by)", sha, at=clone)
        == "Signed-off-by: bot <bot@shop.example>"
    )


def test_a_signed_commit_is_verified_by_git(tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    maker = Maker(
        "shop", Commit(name="bot", email="bot@shop.example", signing=Signing("ssh", str(key)))
    )
    remote, clone, sha = made(tmp_path, maker)
    signers = tmp_path / "signers"
    signers.write_text(f"bot@shop.example {key.with_suffix('.pub').read_text()}")

    git("-c", f"gpg.ssh.allowedSignersFile={signers}", "verify-commit", sha, at=clone)
    push(Git(), clone, str(remote), Branch("x", sha), "")

    assert is_ours(clone, remote, Branch("x", sha), maker)


def test_a_key_that_is_not_there_is_a_reason(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="git commit-tree: "):
        made(tmp_path, Maker("shop", Commit(signing=Signing("ssh", str(tmp_path / "gone")))))


@pytest.mark.parametrize(
    ("change", "ours"),
    [
        pytest.param("nothing", True, id="untouched"),
        pytest.param("on-top", False, id="a-commit-on-top"),
        pytest.param("amended", False, id="amended-by-somebody"),
        pytest.param("amended-as-us", False, id="other-files-under-our-name"),
        pytest.param("other-campaign", False, id="another-campaign"),
        pytest.param("replaced", False, id="a-branch-of-their-own"),
    ],
)
def test_whose_a_branch_is(tmp_path: Path, change: str, ours: bool) -> None:
    remote, clone, sha = made(tmp_path)
    push(Git(), clone, str(remote), Branch("b", sha), "")
    maker = MAKER
    if change == "on-top":
        commit(remote, {"x": b"1"}, "b")
    elif change in ("amended", "amended-as-us"):
        env = (
            {}
            if change == "amended"
            else {"GIT_COMMITTER_NAME": "bot", "GIT_COMMITTER_EMAIL": "bot@shop.example"}
        )
        message = git("log", "-1", "--format=%B", "b", at=remote)
        tree = f"{sha}^{{tree}}" if change == "amended" else "main^{tree}"
        ran = subprocess.run(["git", "commit-tree", tree, "-p", "main", "-m", message], cwd=remote, env={**os.environ, "GIT_AUTHOR_NAME": "x", "GIT_AUTHOR_EMAIL": "x", "GIT_COMMITTER_NAME": "x", "GIT_COMMITTER_EMAIL": "x", **env}, capture_output=True, text=True, check=True)  # fmt: skip
        git("update-ref", "refs/heads/b", ran.stdout.strip(), at=remote)
    elif change == "other-campaign":
        maker = Maker("other", MAKER.commit)
    elif change == "replaced":
        git("update-ref", "refs/heads/b", "main", at=remote)
    head = git("rev-parse", "b", at=remote)

    assert is_ours(clone, remote, Branch("b", head), maker) is ours


@pytest.mark.parametrize("expected", ["", "0" * 39 + "1"], ids=["must-not-exist", "elsewhere"])
def test_a_branch_that_has_moved_is_not_overwritten(tmp_path: Path, expected: str) -> None:
    remote, clone, sha = made(tmp_path)
    theirs = commit(remote, {"x": b"1"}, "b")

    with pytest.raises(GitError) as raised:
        push(Git(), clone, str(remote), Branch("b", sha), expected)

    assert raised.value.transient
    assert git("rev-parse", "b", at=remote) == theirs


def test_a_patch_is_what_git_am_takes(tmp_path: Path) -> None:
    remote, clone, sha = made(tmp_path, message="Say why\n\nBecause.\n")
    work = tmp_path / "work"
    git("clone", "-q", str(remote), str(work), at=tmp_path)

    git("am", "-q", at=work, data=patch(Git(), clone, sha))

    assert git("rev-parse", "HEAD^{tree}", at=work) == git("rev-parse", f"{sha}^{{tree}}", at=clone)
    assert branches(remote) == ["main"]


CANARY = "canary-7c1f3a9e"


def test_the_password_is_in_the_environment_and_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TOKEN", CANARY)
    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text(
        '#!/bin/sh\nenv > "$(dirname "$0")/env"\necho "$0 $@" > "$(dirname "$0")/argv"\necho "fatal: https://bot:$REFACTOR_GIT_PASSWORD@h refused $REFACTOR_GIT_PASSWORD" >&2\nexit 128\n'
    )
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(fake.parent), prepend=os.pathsep)
    monkeypatch.setenv("GIT_TRACE", "1")
    monkeypatch.setenv("GIT_CURL_VERBOSE", "1")

    with pytest.raises(GitError) as raised:
        Git(access("https://git.example/", "bot", "GIT_TOKEN"))(
            "ls-remote", "https://git.example/a/b"
        )

    env = (fake.parent / "env").read_text()
    assert CANARY not in str(raised.value)
    assert CANARY not in (fake.parent / "argv").read_text()
    assert "GIT_TRACE" not in env
    assert [line.partition("=")[0] for line in env.splitlines() if CANARY in line] == [
        "REFACTOR_GIT_PASSWORD"
    ]


@pytest.mark.parametrize(
    ("host", "answered"),
    [("https://git.example", True), ("https://evil.example", False), ("http://git.example", False), ("https://git.example:8443", False)],
)  # fmt: skip
def test_the_password_is_for_one_server(
    host: str, answered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TOKEN", CANARY)
    run = Git(access("https://git.example/shop", "bot", "GIT_TOKEN"))
    scheme, _, name = host.partition("://")

    said = run(
        "credential", "fill", data=f"protocol={scheme}\nhost={name}\n\n".encode(), none=(128,)
    )

    assert (f"username=bot\npassword={CANARY}".encode() in said) is answered


def test_no_access_without_http() -> None:
    assert access("git@git.example:a/b", "bot", "TOKEN") == Access()
