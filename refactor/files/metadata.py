"""What a file keeps, beside its mode, when its content is replaced: owner, attributes, ACL."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

_ACL = "system.posix_acl_access"
"""Linux keeps a file's access control list as an attribute; absent for a mode alone."""
_HAS_ATTRIBUTES = hasattr(os, "listxattr")


class FileMetadata(NamedTuple):
    """Of one file."""

    user: int
    group: int
    attributes: Mapping[str, bytes] = {}


def marks_of(path: Path) -> FileMetadata | None:
    """Return the marks of a file, no link followed; None where nothing stands.

    Raises:
        OSError: they cannot be read.
    """
    try:
        status = path.lstat()
        names = _names(path)
        held = {name: os.getxattr(path, name, follow_symlinks=False) for name in names}
    except FileNotFoundError:
        return None
    return FileMetadata(status.st_uid, status.st_gid, held)


def put(descriptor: int, marks: FileMetadata) -> None:
    """Give a new file these marks, and none that its directory has given it.

    Raises:
        OSError: one of them is not to be had.
    """
    os.fchown(descriptor, marks.user, marks.group)
    for name in _names(descriptor):
        if name not in marks.attributes:
            os.removexattr(descriptor, name)
    for name, value in marks.attributes.items():
        os.setxattr(descriptor, name, value)


def _names(file: Path | int) -> list[str]:
    if not _HAS_ATTRIBUTES:
        return []
    try:
        names = os.listxattr(file, follow_symlinks=isinstance(file, int))
    except OSError as error:
        if error.errno in (errno.ENOTSUP, errno.EPERM):
            return []
        raise
    return [name for name in names if name.startswith("user.") or name == _ACL]
