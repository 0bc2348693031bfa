"""The process that runs Helm's binary; run as a file by `binary`, never imported.

It enters the cage, reads a question a line from standard input and writes an answer a line, both
JSON. Each run is a child, which may start no other process.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[2]))

from refactor.helm import cage

_MOST = 64 << 20
"""Bytes that one run may write; the largest real charts give five million."""
_CHUNK = 1 << 20


def main() -> None:
    """Answer until the questions end."""
    folder, program = Path(sys.argv[1]), Path(sys.argv[2])
    answers = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
    script, runs = cage.program(program)
    cage.enter([folder, Path(os.devnull), *cage.python()], runs, starts=True)
    answers.write(b"{}\n")
    answers.flush()
    for line in sys.stdin.buffer:
        answer = _run([str(program), *json.loads(line)["arguments"]], null, script)
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


def _run(command: list[str], null: int, script: bool) -> dict[str, Any]:
    """Run a command; what it wrote, and its exit code, or why it was ended."""
    (output, output_end), (errors, errors_end) = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        _become(command, null, output_end, errors_end, script)
    os.close(output_end)
    os.close(errors_end)
    said, fits = _read(output, errors)
    if not fits:
        os.kill(child, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.close(output)
    os.close(errors)
    if not fits:
        return {"error": f"gave more than {_MOST} bytes", "ended": True}
    if code == -signal.SIGXCPU:
        return {"error": f"took more than {cage.SECONDS} seconds", "ended": True}
    if code < 0 or b"\nfatal error: " in b"\n" + said[errors][:1000]:
        return {"error": "ended: it took too much memory", "ended": True}
    texts = (said[one].decode("utf-8", "replace") for one in (output, errors))
    return dict(zip(("output", "errors"), texts, strict=True), code=code)


def _become(command: list[str], null: int, output: int, errors: int, script: bool) -> None:
    """Turn this child into the command; it never returns."""
    try:
        for given, standard in ((null, 0), (output, 1), (errors, 2)):
            os.dup2(given, standard)
        cage.end_with_parent()
        cage.allow_seconds()
        if not script:
            cage.settle()
        os.execve(command[0], command, dict(os.environ))  # noqa: S606 - no shell is wanted
    except OSError as error:
        os.write(2, f"cannot be started: {error.strerror}".encode())
    finally:
        os._exit(127)


def _read(*pipes: int) -> tuple[dict[int, bytearray], bool]:
    """Read pipes to their ends, or until it is too much; say whether it fits."""
    said = {pipe: bytearray() for pipe in pipes}
    waiting = select.poll()
    for pipe in pipes:
        waiting.register(pipe, select.POLLIN)
    left = set(pipes)
    while left:
        for pipe, _ in waiting.poll():
            chunk = os.read(pipe, _CHUNK)
            said[pipe] += chunk
            if len(said[pipe]) > _MOST:
                return said, False
            if not chunk:
                waiting.unregister(pipe)
                left.remove(pipe)
    return said, True


if __name__ == "__main__":
    main()
