"""A report through the user's pager, where it is longer than the terminal."""

from __future__ import annotations

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
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=environment) as pager:
        try:
            for text in itertools.chain(first, [following], texts):
                pager.stdin.write(text.encode("utf-8", "backslashreplace"))  # type: ignore[union-attr]
        except BrokenPipeError:
            pass  # the reader has seen enough
        finally:
            try:
                pager.stdin.close()  # type: ignore[union-attr]
            except BrokenPipeError:
                pass
