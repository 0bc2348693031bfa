"""`python -m fuzz TARGET [libFuzzer's options]`: fuzz one target until it fails or time is up.

The corpus that grows, and inputs that fail, stay in build/fuzz/TARGET. It begins with the texts of
the tests' tables, the samples and tests/fuzz_corpus. `nice -n 19 python -m fuzz yaml
-max_total_time=3600` is what docs/safety.md was made with.
"""

from __future__ import annotations

import importlib
import pkgutil
import resource
import sys
import time
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["refactor"]):
    import refactor

    # What is imported within functions, too: only what is imported here is instrumented.
    for module in pkgutil.walk_packages(refactor.__path__, "refactor."):
        if not module.name.startswith(
            ("refactor.cli", "refactor.inventory.live", "refactor.__main__")
        ):
            importlib.import_module(module.name)

from fuzz.corpus import load
from fuzz.targets import MAX_LENGTH, TARGETS, seeds

SLOW = 5.0
"""Seconds of processor time that no input of `MAX_LENGTH` bytes may take, instrumented."""
BUILD = Path("build/fuzz")


def main() -> None:
    name, options = sys.argv[1], sys.argv[2:]
    target = TARGETS[name]
    corpus, begun = BUILD / name / "corpus", BUILD / name / "seeds"
    for directory in (corpus, begun):
        directory.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate([*seeds(target), *load(name)]):
        (begun / str(number)).write_bytes(seed)

    def one(data: bytes) -> None:
        began = time.process_time()
        target.check(data)
        if time.process_time() - began > SLOW:
            raise TimeoutError(f"{time.process_time() - began:.1f} s for {len(data)} bytes")

    fixed = [
        f"-max_len={MAX_LENGTH}",
        f"-dict={Path(__file__).with_name('words.dict')}",
        f"-artifact_prefix={BUILD / name}/",
        "-rss_limit_mb=2048",
        "-timeout=120",  # on the wall, where the lowest priority may wait long
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *fixed, *options, str(corpus), str(begun)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
