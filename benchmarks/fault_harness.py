"""`python -m benchmarks.fault_harness`: break apply and undo at every point there is.

After each attempt, and the recovery that the next command begins with, the tree has to be wholly
as before or wholly as after. Prints how many points were tried, and how many trees were torn: the
table of docs/safety.md. Linux; as root it mounts a small tmpfs to be filled.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from refactor.apply.run import apply
from refactor.apply.transaction import recover
from refactor.errors import RefactorError
from refactor.files.rooted import DISK
from tests.faults import (
    ERRORS,
    MOMENTS,
    OPERATIONS,
    Calls,
    Case,
    Fault,
    appended,
    dies,
    fails,
    kill,
    leads_astray,
    meddles,
    power_cuts,
    recovering,
    replaced,
    tells,
    undone_after,
)
from tests.plans import plan_of, tree

NOBODY = 65534
OLD = "host: 10.0.4.17\n"
SWAP = [("10.0.4.17", "orders")]

Outcomes = Iterator[str]
"""What came of each attempt: "" where the tree is whole."""


def forked(run: Callable[[], object]) -> int:
    """Run something in a process of its own; return how that ended."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 3
    try:
        run()
        code = 0
    except RefactorError:
        code = 1
    finally:
        os._exit(code)


def killed(case: Case, fault: Fault) -> None:
    """Run an operation in a process that kills itself by SIGKILL."""

    def run() -> None:
        with Calls(fault._replace(end=kill)):
            case.run(case.root, DISK)

    # A write that takes all is no place to die within; then the operation just ends.
    assert forked(run) in (-signal.SIGKILL, 0)


def errors(case: Case) -> Outcomes:
    for at in range(case.points):
        for error in ERRORS:
            yield fails(case, Fault(at, error))


def lasting_errors(case: Case) -> Outcomes:
    for at in range(case.points):
        for error in ERRORS:
            yield fails(case, Fault(at, error, lasting=True))


def short_writes(case: Case) -> Outcomes:
    for at in range(case.points):
        if case.log[at] == "write":
            yield fails(case, Fault(at, short=True))


def kills(case: Case) -> Outcomes:
    for at in range(case.points):
        for moment in MOMENTS if case.log[at] == "write" else ("before", "after"):
            yield dies(case, Fault(at, moment=moment), killed)


def kills_of_the_recovery(case: Case) -> Outcomes:
    """Kill the operation, then the recovery of it at each of its calls, then recover again."""
    for at in range(0, case.points, 7):
        case.again()
        killed(case, Fault(at))
        with Calls() as calls:
            recover(case.root)
        for then in range(0, len(calls.log), 3):
            case.again()
            killed(case, Fault(at))
            recovering(case, Fault(then))
            recover(case.root)
            yield "" if case.is_whole() and case.is_settled() else "torn"


def told_after_kills(case: Case) -> Outcomes:
    """Kill the operation at each of its calls: what the recovery says, and an undo, must be so."""
    for at in range(case.points):
        yield tells(case, Fault(at), killed)
        yield undone_after(case, Fault(at), killed)


def other_writers(case: Case) -> Outcomes:
    """Somebody else appends to a file, or replaces it, at each call: that must not be lost."""
    for at in range(case.points):
        for write in (appended, replaced):
            yield meddles(case, at, write)


def swapped_directories(case: Case) -> Outcomes:
    outside = case.root.parent / "outside"
    for name in ("charts", "x", "x/y", ".refactor", ".refactor/undo"):
        for at in range(case.points):
            yield leads_astray(case, at, name, outside)


def full_disk(case: Case) -> Outcomes:
    """Apply on a file system with room for less and less; clear it, and recover."""
    with tempfile.TemporaryDirectory() as made:
        place = Path(made).resolve()
        mount = ["mount", "-t", "tmpfs", "-o", "size=256k,mode=755", "none", str(place)]
        if os.geteuid() or subprocess.run(mount, stderr=subprocess.DEVNULL).returncode:
            return
        try:
            held, padding = case.root, place / "padding"
            for pages in range(32):
                case.again()
                subprocess.run(["rm", "-rf", place / "repo", padding], check=True)
                subprocess.run(["cp", "-a", held, place / "repo"], check=True)
                room = os.statvfs(place).f_bavail * os.statvfs(place).f_frsize
                padding.write_bytes(b"x" * (room - 4096 * pages))
                try:
                    case.run(place / "repo", DISK)
                except RefactorError:
                    padding.unlink()
                    recover(place / "repo")
                yield "" if tree(place / "repo") in (case.before, case.after) else "torn"
        finally:
            subprocess.run(["umount", str(place)], check=True)


def lost_permissions(case: Case) -> Outcomes:
    """Take a directory's permissions away at each call, from a user who is not root; give them back."""
    if os.geteuid():
        return
    state = Path(os.environ["XDG_STATE_HOME"])
    _give(state, NOBODY)
    try:
        for name in ("charts", "."):
            for at in range(case.points):
                case.again()
                _give(case.root, NOBODY)
                for above in (case.root.parent, case.root.parent.parent):
                    above.chmod(0o755)
                directory = case.root / name

                def run(at: int = at, directory: Path = directory) -> None:
                    with Calls(Fault(at, hook=lambda: directory.chmod(0o555))):
                        case.run(case.root, DISK)

                assert forked(lambda run=run: _as_nobody(run)) in (0, 1)
                directory.chmod(0o755)
                assert forked(lambda: _as_nobody(lambda: recover(case.root))) == 0
                yield "" if case.is_whole() else "torn"
    finally:
        _give(state, os.geteuid())


def _give(path: Path, user: int) -> None:
    subprocess.run(["chown", "-R", str(user), path], check=True)


def _as_nobody(run: Callable[[], object]) -> None:
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    run()


def two_at_once(home: Path, rounds: int) -> Outcomes:
    """Two applies of different plans begin at once: one is done, and one is refused."""
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(dir=home) as made:
            root = Path(made).resolve()
            names = [f"{number}.yaml" for number in range(20)]
            for name in names:
                (root / name).write_text(OLD)
            plans = [
                plan_of(root, {key: [("10.0.4.17", new)] for key in names})
                for new in ("one", "two")
            ]
            start = time.monotonic() + 0.005

            def run(number: int, start: float = start) -> None:
                while time.monotonic() < start:
                    pass
                apply(plans[number], root)  # noqa: B023 - it ends within the round

            children = []
            for number in range(2):
                if not (child := os.fork()):
                    code = 3
                    try:
                        run(number)
                        code = 0
                    except RefactorError:
                        code = 1
                    finally:
                        os._exit(code)
                children.append(child)
            codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
            texts = {(root / name).read_text() for name in names}
            done = [
                f"host: {new}\n"
                for new, code in zip(("one", "two"), codes, strict=True)
                if not code
            ]
            yield "" if len(done) == 1 and texts == set(done) else f"{codes}"


def random_kills(home: Path, rounds: int) -> Outcomes:
    """Kill the command itself at a random time, then let the next command recover."""
    root = home / "random"
    names = [f"{number % 20}/{number}.yaml" for number in range(300)]
    chosen = random.Random(0)
    plan = home / "plan.json"
    command = [sys.executable, "-m", "refactor", "apply", "--plan", plan, "--yes", root]
    texts = (OLD, "host: orders\n")
    times = []
    for number in range(rounds + 3):
        subprocess.run(["rm", "-rf", root], check=True)
        for name in names:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(OLD)
        made = msgspec.structs.replace(plan_of(root, dict.fromkeys(names, SWAP)), tool_version="1")
        plan.write_bytes(msgspec.json.encode(made))
        began = time.monotonic()
        process = subprocess.Popen([*map(str, command)], stdout=subprocess.DEVNULL)
        while not (root / ".refactor").exists() and process.poll() is None:
            time.sleep(0.001)
        if number < 3:
            begun = time.monotonic() - began
            process.wait()
            times.append(time.monotonic() - began - begun)
            continue
        time.sleep(chosen.uniform(0, 1.1 * max(times)))
        process.kill()
        process.wait()
        recover(root)
        held = {(root / name).read_text() for name in names}
        left = [path for path in root.rglob(".refactor-*") if path.suffix == ".tmp"]
        yield "" if len(held) == 1 and held <= set(texts) and not left else "torn"


EACH = {
    "a call fails (ENOSPC, EIO, EACCES)": errors,
    "a call fails, and all that need room after it": lasting_errors,
    "a write takes half": short_writes,
    "SIGKILL before, after or within a call": kills,
    "SIGKILL, and the recovery dies too": kills_of_the_recovery,
    "SIGKILL: what the next command, or an undo, says": told_after_kills,
    "somebody else writes to a file": other_writers,
    "power cut: what is not synced is lost": power_cuts,
    "a directory is swapped for a link": swapped_directories,
    "a disk that is full (tmpfs)": full_disk,
    "permissions are taken away": lost_permissions,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=200, help="of what is left to chance")
    parser.add_argument("--only", default="", help="rows whose name holds this")
    asked = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    print("| what goes wrong | in | points tried | trees torn |\n| --- | --- | --: | --: |")
    total: Counter[bool] = Counter()
    with tempfile.TemporaryDirectory(dir=memory) as made:
        home = Path(made).resolve()
        os.environ["XDG_STATE_HOME"] = str(home / "state")  # journals are marked by a key there
        cases = {
            name: Case(home / str(n), *how) for n, (name, how) in enumerate(OPERATIONS.items())
        }
        rows: list[tuple[str, str, Callable[[], Outcomes]]] = [
            (what, name, lambda try_all=try_all, case=case: try_all(case))
            for what, try_all in EACH.items()
            for name, case in cases.items()
        ]
        rows += [
            ("two applies at once", "apply", lambda: two_at_once(home, asked.rounds)),
            ("SIGKILL at a random time", "the command", lambda: random_kills(home, asked.rounds)),
        ]
        for what, name, attempts in rows:
            if asked.only in what:
                came = Counter(attempts())
                torn = sum(count for told, count in came.items() if told)
                total += Counter({True: torn, False: came[""]})
                print(f"| {what} | {name} | {sum(came.values()):,} | {torn} |", flush=True)
                for told in filter(None, came):
                    print(f"  {told}: {came[told]}", file=sys.stderr)
    print(f"| **all** | | **{sum(total.values()):,}** | **{total[True]}** |")
    sys.exit(bool(total[True]))


if __name__ == "__main__":
    main()
