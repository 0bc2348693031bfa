"""A report through the user's pager, where it is longer than the terminal."""

from __future__ import annotations

import contextlib
import itertools
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence


def page(texts: Iterable[str], command: Sequence[str], height: int) -> None:
    """Print texts, through a pager where they are longer than the terminal is high.

    The pager is the user's own (REFACTOR_PAGER, PAGER, else less), never one of the repository.
    """
    texts = iter(texts)
    first = list(itertools.islice(texts, max(height - 1, 1)))
    following = next(texts, None)
    if following is None:
        sys.stdout.writelines(first)
        return
    environment = {"LESS": "FRX", "LV": "-c", **os.environ}
    sys.stdout.flush()
    told = itertools.chain(first, [following], texts)
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=environment) as pager:
        assert pager.stdin is not None  # noqa: S101 - a pipe was asked for
        with contextlib.suppress(BrokenPipeError):  # the reader has seen enough
            pager.stdin.writelines(text.encode("utf-8", "backslashreplace") for text in told)
        with contextlib.suppress(BrokenPipeError):
            pager.stdin.close()
