"""A base that was rewritten, and a base that its owner had the forge merge into our branch."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaign.farm import commit, git
from tests.campaign.scene import OLD, Scene

BRANCH = "refactor/services"
REF = f"refs/heads/{BRANCH}"


def branch_holds(scene: Scene, path: str) -> bool:
    listed = git("log", "--format=", "--name-only", f"main..{BRANCH}", at=scene.remote())
    return path in listed.split()


@pytest.fixture
def purged(scene: Scene) -> Scene:
    """A pull request was open when the commit before it was taken out of the base."""
    scene.add("shop/web")
    first = git("rev-parse", "main", at=scene.remote())
    commit(scene.remote(), {"secret.txt": b"password=hunter2"})
    scene.write()
    assert scene.do() == {"shop/web": "open"}
    git("update-ref", "refs/heads/main", first, at=scene.remote())
    commit(scene.remote(), {"README": b"new"})
    return scene


@pytest.mark.parametrize("lost", [False, True], ids=["cache", "no-cache"])
def test_a_rewritten_base_has_the_branch_made_again(purged: Scene, lost: bool) -> None:
    if lost:
        (purged.root / "cache").rename(purged.root / "gone")

    assert purged.do() == {"shop/web": "open"}

    assert git("merge-base", "main", BRANCH, at=purged.remote()) == git(
        "rev-parse", "main", at=purged.remote()
    )
    assert not branch_holds(purged, "secret.txt")
    assert [p["state"] for p in purged.forge.pulls()] == ["open"]


def test_a_rewritten_root_too(scene: Scene) -> None:
    scene.add("shop/web")
    scene.write()
    scene.do()
    tree = git("rev-parse", "main^{tree}", at=scene.remote())
    git("update-ref", "refs/heads/main", git("commit-tree", "-m", "Anew", tree, at=scene.remote()), at=scene.remote())  # fmt: skip

    scene.do()

    assert git("merge-base", "main", BRANCH, at=scene.remote())


def test_what_others_pushed_on_a_rewritten_base_is_kept_and_told(purged: Scene) -> None:
    commit(purged.remote(), {"NOTES": b"mine"}, branch=BRANCH, who="ann <ann@x>")

    assert purged.do() == {"shop/web": "modified by others"}, purged.row().why

    assert "NOTES" in git("ls-tree", "--name-only", BRANCH, at=purged.remote())
    assert "its base no longer has" in purged.row().reason


@pytest.mark.parametrize("commits", [1, 5])
def test_a_base_that_moved_on_leaves_the_branch_where_it_is(scene: Scene, commits: int) -> None:
    scene.add("shop/web")
    scene.write()
    scene.do()
    before = git("rev-parse", BRANCH, at=scene.remote())
    for number in range(commits):
        commit(scene.remote(), {"README": b"%d" % number})

    assert scene.do() == {"shop/web": "open"}
    assert git("rev-parse", BRANCH, at=scene.remote()) == before
    assert scene.row().follows == git("rev-parse", "main", at=scene.remote())


def merge_base_into_branch(remote: Path, files: dict[str, bytes] | None = None) -> str:
    """Press "Update branch", with changes to what git would merge."""
    tree = git("merge-tree", "--write-tree", BRANCH, "main", at=remote)
    made = git("commit-tree", "-m", "Merge main", "-p", BRANCH, "-p", "main", tree, at=remote)
    git("update-ref", REF, made, at=remote)
    if files:
        commit(remote, files, branch=BRANCH, who="ann <ann@x>")
        amended = git("rev-parse", f"{BRANCH}^{{tree}}", at=remote)
        made = git("commit-tree", "-m", "Merge main", "-p", f"{BRANCH}~2", "-p", "main", amended, at=remote)  # fmt: skip
        git("update-ref", REF, made, at=remote)
    return made


@pytest.mark.parametrize("times", [1, 3])
def test_a_base_merged_into_it_by_the_forge_keeps_it_ours(scene: Scene, times: int) -> None:
    scene.add("shop/web")
    scene.write()
    scene.do()
    for number in range(times):
        commit(scene.remote(), {"README": b"%d" % number})
        made = merge_base_into_branch(scene.remote())

    assert scene.do() == {"shop/web": "open"}
    assert git("rev-parse", BRANCH, at=scene.remote()) == made
    assert scene.row().head == made


def test_one_that_is_ours_still_is_brought_up_to_date(scene: Scene) -> None:
    scene.add("shop/web")
    scene.write()
    scene.do()
    commit(scene.remote(), {"README": b"1"})
    made = merge_base_into_branch(scene.remote())
    commit(scene.remote(), {"config/more.yaml": OLD})

    assert scene.do() == {"shop/web": "open"}
    assert git("rev-parse", BRANCH, at=scene.remote()) != made
    assert "more.yaml" in git("diff", "--name-only", "main", BRANCH, at=scene.remote())


@pytest.mark.parametrize(
    "files", [{"NOTES": b"mine"}, {"README": b"resolved by hand"}], ids=["more", "other"]
)
def test_a_merge_that_git_would_not_make_is_somebodys_work(
    scene: Scene, files: dict[str, bytes]
) -> None:
    scene.add("shop/web")
    scene.write()
    scene.do()
    commit(scene.remote(), {"README": b"1"})
    made = merge_base_into_branch(scene.remote(), files)

    assert scene.do() == {"shop/web": "modified by others"}
    assert git("rev-parse", BRANCH, at=scene.remote()) == made


def test_a_merge_of_another_branch_is_somebodys_work(scene: Scene) -> None:
    scene.add("shop/web")
    scene.write()
    scene.do()
    remote = scene.remote()
    git("update-ref", "refs/heads/side", "main", at=remote)
    commit(remote, {"SIDE": b"1"}, branch="side")
    tree = git("merge-tree", "--write-tree", BRANCH, "side", at=remote)
    made = git("commit-tree", "-m", "Merge side", "-p", BRANCH, "-p", "side", tree, at=remote)
    git("update-ref", REF, made, at=remote)

    assert scene.do() == {"shop/web": "modified by others"}, scene.row().why
    assert git("rev-parse", BRANCH, at=remote) == made
