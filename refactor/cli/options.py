"""The options that several commands share, and the job they ask for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import click

_F = TypeVar("_F", bound=Callable[..., Any])

_FORMS = ("short", "qualified", "fqdn")
_IN_CHARTS = ("template", "literal")
_PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
_OPTIONS = (
    click.option(
        "-i",
        "--inventory",
        "inventories",
        multiple=True,
        metavar="FILE|-",
        help="kubectl's output as JSON or YAML, or a directory of manifests; - reads standard"
        " input. Repeatable; replaces the settings' own.",
    ),
    click.option(
        "-n",
        "--namespace",
        default="",
        metavar="NAME",
        help="Namespace of the programs that dial, where their manifest does not say.",
    ),
    click.option("--cluster-domain", default="", metavar="DOMAIN", help="Default: cluster.local."),
    click.option(
        "--names",
        type=click.Choice(["auto", *_FORMS, *_IN_CHARTS]),
        multiple=True,
        help="auto: short in the consumer's own namespace, else the full name. template, literal:"
        " how charts call Services of their own release. Repeatable.",
    ),
    click.option(
        "--python",
        "python_style",
        type=click.Choice(["literal", "env"]),
        default=None,
        help="env: move Python literals to the environment.",
    ),
    click.option(
        "--public/--no-public",
        default=None,
        help="Report public addresses outside the inventory.",
    ),
    click.option(
        "--ingress/--no-ingress",
        default=None,
        help="Resolve ingress hosts to their backend Service.",
    ),
    click.option(
        "--daemonsets/--no-daemonsets",
        default=None,
        help="Rewrite addresses of DaemonSet pods.",
    ),
    click.option(
        "--wrap-tpl",
        is_flag=True,
        default=None,
        help="Change templates to pass values through tpl, so that names follow the release.",
    ),
    click.option(
        "--assume-services",
        is_flag=True,
        default=None,
        help="Count on Services that this repository cannot make.",
    ),
    click.option(
        "--services-dir",
        default="",
        metavar="DIR",
        help="Where manifests go of Services whose workload is not in this repository.",
    ),
    click.option("--tests/--no-tests", default=None, help="Look at Python test files too."),
    click.option(
        "--include",
        multiple=True,
        metavar="GLOB",
        help="Source files of other languages that may be edited.",
    ),
    click.option(
        "-c",
        "--config",
        type=click.Path(path_type=Path, dir_okay=False),
        default=None,
        help="Settings file. Default: .refactor.yaml or pyproject.toml at the root.",
    ),
)


class Asked(NamedTuple):
    """What a command line asks for, before any file is read."""

    paths: tuple[Path, ...]
    inventories: tuple[str, ...]
    namespace: str
    config: Path | None
    overrides: dict[str, Any]


def shared(function: _F) -> _F:
    """Add the shared options to a command; it receives them as one `asked`."""

    def wrapped(**given: Any) -> Any:
        asked = Asked(
            paths=given.pop("paths"),
            inventories=given.pop("inventories"),
            namespace=given.pop("namespace"),
            config=given.pop("config"),
            overrides=_overrides(given),
        )
        return function(asked=asked, **given)

    wrapped.__doc__ = function.__doc__
    wrapped.__name__ = function.__name__
    command: Any = _PATHS(wrapped)
    for option in reversed(_OPTIONS):
        command = option(command)
    if hasattr(function, "__click_params__"):
        command.__click_params__ = function.__click_params__ + command.__click_params__
    typed: _F = command
    return typed


def job_of(asked: Asked, *, unproven: bool = False) -> Any:
    """Return the `plan.Job` that a command line asks for.

    Raises:
        RefactorError: a path, the settings or an inventory cannot be read.
    """
    from refactor.environments import Homes
    from refactor.plan import Job

    root = root_of(asked.paths)
    settings = _settings(root, asked)
    inventories = load_inventories(asked, root, settings)
    homes = Homes(settings, inventories, asked.namespace)
    digests = {name: sha for i in inventories.values() for name, sha in i.digests.items()}
    return Job(root, asked.paths or (root,), settings, homes, unproven, digests)


def root_of(paths: Sequence[Path]) -> Path:
    """Return the root of the repository that the paths, or the working directory, belong to."""
    from refactor.errors import RefactorError
    from refactor.walk import find_root

    for path in paths:
        if not path.exists():
            message = "does not exist"
            raise RefactorError(message, where=str(path))
    return find_root(paths[0] if paths else Path.cwd())


def load_inventories(asked: Asked, root: Path, settings: Any) -> Mapping[str, Any]:
    """Return an inventory per environment; each set of files is read once."""
    from refactor import inventory
    from refactor.environments import inventory_files

    mappings = [inventory.Mapping(m.address, m.service, m.port, m.pod) for m in settings.mappings]
    loaded: dict[tuple[str, ...], Any] = {}
    result = {}
    for name, files in inventory_files(settings).items():
        paths = asked.inventories or tuple(str(root / file) for file in files)
        if paths not in loaded:
            stdin = sys.stdin.buffer.read
            loaded[paths] = inventory.load(paths, mappings=mappings, stdin=stdin)
        result[name] = loaded[paths]
    return result


def _settings(root: Path, asked: Asked) -> Any:
    import msgspec

    from refactor import settings

    return msgspec.structs.replace(settings.load(root, asked.config), **asked.overrides)


def _overrides(given: dict[str, Any]) -> dict[str, Any]:
    """Take the options that stand for settings out of what was given."""
    names = {"cluster_domain": "cluster_domain", "python_style": "python"}
    names |= {name: name for name in ("public", "ingress", "daemonsets", "tests", "include")}
    names |= {name: name for name in ("assume_services", "services_dir", "wrap_tpl")}
    taken = {setting: given.pop(option) for option, setting in names.items()}
    for word in given.pop("names"):
        taken["chart_names" if word in _IN_CHARTS else "names"] = word
    return {name: value for name, value in taken.items() if value not in (None, "", ())}
