"""Whether the package that runs is the one that pip installed."""

from __future__ import annotations

from collections.abc import Iterator

from refactor import DISTRIBUTION, __version__

_RIVAL = "refactor"
"""PyPI's distribution of this name installs a package and a script of the same names."""


def notices() -> Iterator[str]:
    """Yield what is wrong with the installation, a line each."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        rival = version(_RIVAL)
    except PackageNotFoundError:
        rival = ""
    if rival:
        yield (
            f"the distribution {_RIVAL} {rival} is installed too, and has the same package and"
            f" command; run: pip uninstall {_RIVAL}, then install {DISTRIBUTION} again from"
            " where you had it"
        )
    try:
        installed = version(DISTRIBUTION)
    except PackageNotFoundError:
        return  # run from its sources
    if installed != __version__:
        yield (
            f"pip installed version {installed}, and version {__version__} runs;"
            f" install {DISTRIBUTION} again from where you had it"
        )
