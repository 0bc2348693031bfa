"""What a file keeps beside its content and mode when it is edited, and when that is undone."""

from __future__ import annotations

import errno
import os
import stat
import struct
from pathlib import Path

import pytest

import refactor.files.metadata
from refactor.apply.run import apply
from refactor.apply.undo import undo
from refactor.errors import RefactorError
from refactor.files.metadata import marks_of
from tests.plans import plan_of, tree

ACL, DEFAULT = "system.posix_acl_access", "system.posix_acl_default"
SWAPS = {"a.yaml": [("10.0.4.17", "orders")]}
USER_OBJ, USER, GROUP_OBJ, MASK, OTHER, NOBODY = 0x01, 0x02, 0x04, 0x10, 0x20, 65534


def acl(rights: int) -> bytes:
    """Return what lets one more user do something, as Linux keeps it (posix_acl_xattr.h)."""
    everybody = 0xFFFFFFFF
    entries = [(USER_OBJ, 6, everybody), (USER, rights, NOBODY), (GROUP_OBJ, 4, everybody)]
    entries += [(MASK, rights | 4, everybody), (OTHER, 0, everybody)]
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


def give(path: Path, name: str, value: bytes) -> None:
    """Give an attribute; skip where the file system keeps none of that kind."""
    if not hasattr(os, "setxattr"):
        pytest.skip("no extended attributes here")
    try:
        os.setxattr(path, name, value)
    except OSError as error:
        pytest.skip(f"{name}: {error.strerror}")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "a.yaml").write_text("host: 10.0.4.17\n")
    return tmp_path


CARRIED = {
    "none": {},
    "the users' own": {"user.a": b"1", "user.empty": b""},
    "an access control list": {ACL: acl(4)},
    "both": {ACL: acl(7), "user.a": b"\xff\0"},
}


@pytest.mark.parametrize("default", [None, acl(6)], ids=["", "another list in the directory"])
@pytest.mark.parametrize("given", CARRIED.values(), ids=CARRIED)
def test_attributes_stay(root: Path, given: dict[str, bytes], default: bytes | None) -> None:
    """A directory's default list is for files that are new to those who look."""
    for name, value in given.items():
        give(root / "a.yaml", name, value)
    if default:
        give(root, DEFAULT, default)
    before = tree(root)["a.yaml"]

    apply(plan_of(root, SWAPS), root)
    applied = tree(root)["a.yaml"]
    undo(root)

    assert before[2] == given
    assert (applied[0], applied[2]) == (before[0], before[2])
    assert tree(root)["a.yaml"] == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives these")
def test_what_is_the_systems_does_not_stay(root: Path) -> None:
    """A capability is of the content that it was given for."""
    give(root / "a.yaml", "trusted.a", b"1")
    give(root / "a.yaml", "security.capability", b"\x01\0\0\x02\x01" + bytes(15))

    apply(plan_of(root, SWAPS), root)

    left = {"trusted.a", "security.capability"} & {*os.listxattr(root / "a.yaml")}
    assert left == set()
    assert stat.S_IMODE((root / "a.yaml").stat().st_mode) == 0o644


def test_an_attribute_that_cannot_be_kept_is_an_apply_that_is_not_done(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(root / "a.yaml", "user.a", b"1")
    before, plan = tree(root), plan_of(root, SWAPS)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(refactor.files.metadata.os, "setxattr", full)
    with pytest.raises(RefactorError, match="No space left on device; every file is as it was"):
        apply(plan, root)

    assert tree(root) == before


@pytest.mark.parametrize("error", [errno.ENOTSUP, errno.EPERM])
def test_where_there_are_no_attributes(
    root: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    def none(*_: object, **__: object) -> list[str]:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(refactor.files.metadata.os, "listxattr", none, raising=False)
    apply(plan_of(root, SWAPS), root)

    assert (root / "a.yaml").read_text() == "host: orders\n"


def test_nothing_has_no_marks(root: Path) -> None:
    assert marks_of(root / "none") is None
