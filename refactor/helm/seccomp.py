"""Linux's seccomp: from here on, this process and what it starts are refused some system calls.

https://docs.kernel.org/userspace-api/seccomp_filter.html; no privilege is needed.
"""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Iterable, Iterator
from typing import NamedTuple

# By name: the number on x86-64, then on AArch64 (-1: it has none); from the kernel's
# arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
_NETWORK = {
    "socket": (41, 198), "connect": (42, 203), "accept": (43, 202), "sendto": (44, 206),
    "sendmsg": (46, 211), "bind": (49, 200), "listen": (50, 201), "socketpair": (53, 199),
    "accept4": (288, 242), "sendmmsg": (307, 269),
}  # fmt: skip
_WRITES = {
    "truncate": (76, 45), "rename": (82, -1), "mkdir": (83, -1), "rmdir": (84, -1),
    "creat": (85, -1), "link": (86, -1), "unlink": (87, -1), "symlink": (88, -1), "chmod": (90, -1),
    "fchmod": (91, 52), "chown": (92, -1), "fchown": (93, 55), "lchown": (94, -1),
    "utime": (132, -1), "mknod": (133, -1),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "removexattr": (197, 14),
    "lremovexattr": (198, 15), "fremovexattr": (199, 16), "utimes": (235, -1), "mkdirat": (258, 34),
    "mknodat": (259, 33), "fchownat": (260, 54), "futimesat": (261, -1), "unlinkat": (263, 35),
    "renameat": (264, 38), "linkat": (265, 37), "symlinkat": (266, 36), "fchmodat": (268, 53),
    "utimensat": (280, 88), "renameat2": (316, 276), "fchmodat2": (452, 452),
}  # fmt: skip
# Other processes, the kernel itself, memory that no limit counts, and ways round a filter.
_SYSTEM = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kcmp": (312, 272), "pidfd_send_signal": (424, 424), "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "unshare": (272, 97), "setns": (308, 268), "open_tree": (428, 428),
    "move_mount": (429, 429), "fsopen": (430, 430), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442), "bpf": (321, 280), "perf_event_open": (298, 241),
    "userfaultfd": (323, 282), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "keyctl": (250, 219), "add_key": (248, 217),
    "request_key": (249, 218), "init_module": (175, 105), "delete_module": (176, 106),
    "finit_module": (313, 273), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "sethostname": (170, 161),
    "setdomainname": (171, 162), "quotactl": (179, 60), "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262), "shmget": (29, 194), "msgget": (68, 186), "semget": (64, 190),
    "mq_open": (240, 180), "personality": (135, 92), "syslog": (103, 116),
}  # fmt: skip
_FORKS = {"fork": (57, -1), "vfork": (58, -1)}
_EXEC = {"execve": (59, 221), "execveat": (322, 281)}
_OPEN, _OPENAT, _CLONE = (2, -1), (257, 56), (56, 220)
_UNTOLD = {"openat2": (437, 437), "clone3": (435, 435)}
"""Their flags lie in memory, where no filter sees them; without them the older ones serve."""
_NEWEST = 462
"""The last call that this table was read beside; a later one is answered as by an older kernel."""

_CLONE_THREAD = 0x10000
_TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_LOAD, _EQUAL, _ABOVE, _ANY_BIT, _RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_SET_FILTER, _NO_NEW_PRIVS = 22, 38


class _Step(NamedTuple):
    code: int
    operand: int
    if_so: int = 0
    if_not: int = 0


class _Filter(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("jt", ctypes.c_uint8),
        ("jf", ctypes.c_uint8),
        ("k", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("steps", ctypes.POINTER(_Filter)))


def refuse(*, world: bool = True, forks: bool = True, execs: bool = True) -> bool:
    """Refuse system calls for ever; say whether the filter holds."""
    column, architecture = _MACHINES.get(_machine(), (0, 0))
    if not architecture:
        return False
    tables = [_NETWORK, _WRITES, _SYSTEM] * world + [_FORKS] * forks + [_EXEC] * execs
    refused = [
        number for table in tables for numbers in table.values() if (number := numbers[column]) >= 0
    ]
    steps = [*_start(architecture), *_refusals(refused, errno.EACCES)]
    steps += _refusals((numbers[column] for numbers in _UNTOLD.values()), errno.ENOSYS)
    if world:
        for numbers, argument in ((_OPEN, 1), (_OPENAT, 2)):
            steps += _where(numbers[column], argument, _TO_WRITE, refuse_if_set=True)
    if forks:
        steps += _where(_CLONE[column], 0, _CLONE_THREAD, refuse_if_set=False)
    return _install([*steps, _Step(_RETURN, _ALLOW)])


def _machine() -> str:
    return os.uname().machine if hasattr(os, "uname") and os.uname().sysname == "Linux" else ""


def _start(architecture: int) -> Iterator[_Step]:
    """Another architecture has other numbers: a call by them ends the process."""
    yield _Step(_LOAD, _ARCHITECTURE)
    yield _Step(_EQUAL, architecture, 1, 0)
    yield _Step(_RETURN, _KILL)
    yield _Step(_LOAD, _NUMBER)
    yield _Step(_ABOVE, _NEWEST, 0, 1)
    yield _Step(_RETURN, _ERRNO | errno.ENOSYS)


def _refusals(numbers: Iterable[int], error: int) -> Iterator[_Step]:
    for number in numbers:
        yield _Step(_EQUAL, number, 0, 1)
        yield _Step(_RETURN, _ERRNO | error)


def _where(number: int, argument: int, bits: int, *, refuse_if_set: bool) -> Iterator[_Step]:
    """Refuse a call by its flags."""
    if number < 0:
        return
    yield _Step(_EQUAL, number, 0, 4)
    yield _Step(_LOAD, _ARGUMENTS + 8 * argument)
    yield _Step(_ANY_BIT, bits, *((0, 1) if refuse_if_set else (1, 0)))
    yield _Step(_RETURN, _ERRNO | errno.EACCES)
    yield _Step(_RETURN, _ALLOW)


def _install(steps: list[_Step]) -> bool:
    library = ctypes.CDLL(None, use_errno=True)
    filters = (_Filter * len(steps))(
        *(_Filter(s.code, s.if_so, s.if_not, s.operand) for s in steps)
    )
    program = _Program(len(steps), filters)
    if library.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return bool(library.prctl(_SET_FILTER, 2, ctypes.byref(program), 0, 0) == 0)
